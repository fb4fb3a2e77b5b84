//! The losses of a run over its steps: collected from the training events, and kept in a small file beside the model.

use std::fs;
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

use crate::app::error::AppError;
use crate::platform::paths::write_atomically;
use crate::training::Event;

/// The file's name, beside a finished model and beside the checkpoint of a running training.
const FILE: &str = "curve.json";

/// Losses by step, in nats per token.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Curve {
    /// Of each step's own texts.
    #[serde(default)]
    pub losses: Vec<(usize, f64)>,
    /// Of the held-out texts; step 0 is the start.
    #[serde(default)]
    pub held_out: Vec<(usize, f64)>,
    /// When its run began, in milliseconds of Unix time: what tells a run from others, however often it was stopped.
    #[serde(default)]
    pub begun: Option<i64>,
}

impl Curve {
    /// That of a run which begins now.
    pub fn begin() -> Self {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).ok();
        Self { begun: now.and_then(|now| i64::try_from(now.as_millis()).ok()), ..Self::default() }
    }

    pub fn is_empty(&self) -> bool {
        self.losses.is_empty() && self.held_out.is_empty()
    }

    /// The lowest held-out loss, whose adapter is kept.
    pub fn best(&self) -> Option<(usize, f64)> {
        self.held_out.iter().copied().min_by(|one, other| one.1.total_cmp(&other.1))
    }

    /// Adds what a training reports; events other than losses and starts change nothing.
    pub fn record(&mut self, event: &Event) {
        match event {
            // Steps after the checkpoint that is resumed are taken again.
            Event::Started { done, .. } => {
                self.losses.retain(|point| point.0 <= *done);
                self.held_out.retain(|point| point.0 <= *done);
            }
            Event::Step { step, loss, .. } => put(&mut self.losses, *step, *loss),
            Event::Validation { step, held_out_loss, .. } => put(&mut self.held_out, *step, *held_out_loss),
            _ => {}
        }
    }

    /// The first step after which the held-out loss was not above this.
    pub fn steps_until(&self, held_out_loss: f64) -> Option<usize> {
        self.held_out.iter().find(|point| point.1 <= held_out_loss).map(|point| point.0)
    }

    /// The curve in this folder; an empty one where there is none, as beside models of earlier versions.
    ///
    /// # Errors
    /// When the file cannot be read or is malformed.
    pub fn read(folder: &Path) -> Result<Self, AppError> {
        let path = folder.join(FILE);
        match AppError::if_there(&path, fs::read(&path))? {
            Some(bytes) => serde_json::from_slice(&bytes).map_err(AppError::malformed(&path)),
            None => Ok(Self::default()),
        }
    }

    /// # Errors
    /// When the folder cannot be written to; an earlier curve is then untouched.
    pub fn write(&self, folder: &Path) -> Result<(), AppError> {
        let path = folder.join(FILE);
        let json = serde_json::to_vec(self).map_err(AppError::malformed(&path))?;
        write_atomically(&path, &json).map_err(AppError::file(&path))
    }

    /// Removes the curve in this folder, if there is one.
    ///
    /// # Errors
    /// When it cannot be removed.
    pub fn discard(folder: &Path) -> Result<(), AppError> {
        let path = folder.join(FILE);
        AppError::if_there(&path, fs::remove_file(&path)).map(drop)
    }
}

/// A step that is taken or validated again counts as it went last. JSON has no word for what is not a number.
fn put(points: &mut Vec<(usize, f64)>, step: usize, loss: f64) {
    points.retain(|point| point.0 != step);
    if loss.is_finite() {
        points.push((step, loss));
    }
}
