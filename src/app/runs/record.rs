//! How a model of the user's was trained: a small file beside the adapter, written when a training run ends.

use std::fs;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::app::error::AppError;
use crate::platform::paths::write_atomically;
use crate::training::{Ending, Prediction, Preset};

/// The file's name.
pub const FILE: &str = "training.json";

/// How the user's adapter came to be; kept beside it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Record {
    pub started_from: String,
    pub base: String,
    pub ending: Ending,
    pub steps: usize,
    pub best_step: usize,
    /// Held-out loss of the start and of what is kept, in nats per token.
    pub held_out_before: f64,
    pub held_out_after: f64,
    pub seconds: f64,
    pub tokens: usize,
    pub parameters: usize,
    pub peak_rss_mb: u64,
    /// How it was trained, and what that was expected to take.
    #[serde(default)]
    pub preset: Option<Preset>,
    #[serde(default)]
    pub prediction: Option<Prediction>,
    /// When the run ended, in Unix seconds.
    #[serde(default)]
    pub finished: Option<i64>,
    /// What the user calls it.
    #[serde(default)]
    pub name: Option<String>,
    /// Which of the user's runs it is; see [`super`].
    #[serde(default)]
    pub number: Option<u32>,
    /// Fingerprint of the texts that it learned from and was judged by: only losses on the same texts can be compared.
    #[serde(default)]
    pub texts: Option<String>,
    /// When the run began, in milliseconds of Unix time; the same for all that it left on the way.
    #[serde(default)]
    pub begun: Option<i64>,
}

impl Record {
    /// The record in a model's folder, if there is one.
    ///
    /// # Errors
    /// When it cannot be read or is malformed.
    pub fn read(folder: &Path) -> Result<Option<Self>, AppError> {
        let path = folder.join(FILE);
        let bytes = AppError::if_there(&path, fs::read(&path))?;
        bytes.map(|bytes| serde_json::from_slice(&bytes)).transpose().map_err(AppError::malformed(&path))
    }

    /// # Errors
    /// When the folder cannot be written to; an earlier record is then untouched.
    pub fn write(&self, folder: &Path) -> Result<(), AppError> {
        let path = folder.join(FILE);
        let json = serde_json::to_vec_pretty(self).map_err(AppError::malformed(&path))?;
        write_atomically(&path, &json).map_err(AppError::file(&path))
    }

    /// Whether the user stopped the run, so that it can be resumed.
    pub fn is_stopped(&self) -> bool {
        self.ending == Ending::Stopped
    }
}
