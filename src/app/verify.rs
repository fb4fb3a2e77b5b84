//! Verifies a selection by computing how well the top models of a ranking predict the user's texts, which
//! decides how good a start point is.

use std::time::Instant;

use candle_core::Device;
use serde::Serialize;

use super::context::Context;
use super::error::AppError;
use super::select::Selected;
use super::train::examples;
use super::{base, log};
use crate::engine::Precision;
use crate::engine::threads::Workers;
use crate::library::Library;
use crate::platform::cancel::Cancel;
use crate::training::examples::Encoded;
use crate::training::{Plan, Split, mean_loss};

/// Held-out loss of the base and of the first models, and whether it agrees with the ranking.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Verification {
    /// The user's texts that were read, and their tokens.
    pub texts: usize,
    pub tokens: usize,
    /// Nats a token.
    pub base_loss: f64,
    /// In the order of the ranking.
    pub models: Vec<Verified>,
    /// The model with the lowest loss.
    pub lowest: String,
    /// Whether that is the first of the ranking.
    pub agrees: bool,
    /// Pairs of models that both put in the same order, of all pairs.
    pub pairs_agreeing: usize,
    pub pairs: usize,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Verified {
    pub id: String,
    pub score: f64,
    /// Nats a token.
    pub held_out_loss: f64,
}

/// Computes the losses of the first `count` models on the texts that training would hold out.
///
/// # Errors
/// When there is no base model, too little text, or computation fails; [`AppError::Cancelled`].
pub fn verify(
    context: &Context,
    selected: &Selected,
    count: usize,
    cancel: &Cancel,
    report: &mut dyn FnMut(&str),
) -> Result<Option<Verification>, AppError> {
    let started = Instant::now();
    if selected.candidates.is_empty() {
        return Ok(None);
    }
    let split = Split::of(examples(&context.store()?.texts()?))?;
    report("loading the base model");
    let (model, base_id) = base::load(context, Precision::Stored)?;
    let data = Encoded::new(&model, &split, Plan::default().max_sequence_length)?;
    let workers = Workers::new(context.threads).map_err(AppError::file(std::path::Path::new("threads")))?;
    let library = Library::shipped()?;
    let loss = |id: Option<&str>| -> Result<f64, AppError> {
        cancel.check()?;
        let adapter = id.map(|id| library.adapter(id, &model.config, &Device::Cpu)).transpose()?;
        Ok(mean_loss(&model, adapter.as_ref(), &data.held_out, &workers)?)
    };
    report("measuring the held-out loss of the base model");
    let base_loss = loss(None)?;
    let mut models = Vec::new();
    for candidate in selected.candidates.iter().take(count) {
        AppError::check_base(&candidate.id, &library.card(&candidate.id)?.base, &base_id)?;
        report(&format!("measuring the held-out loss of {}", candidate.id));
        models.push(Verified {
            id: candidate.id.clone(),
            score: candidate.score,
            held_out_loss: loss(Some(&candidate.id))?,
        });
    }
    log::event!(INFO, "selection verified", models = models.len(), seconds = started.elapsed());
    Ok(summary(&data, base_loss, models))
}

fn summary(data: &Encoded, base_loss: f64, models: Vec<Verified>) -> Option<Verification> {
    let lowest = models.iter().min_by(|a, b| a.held_out_loss.total_cmp(&b.held_out_loss))?.id.clone();
    let pairs = models.iter().enumerate().flat_map(|(at, one)| models[at + 1..].iter().map(move |other| (one, other)));
    let agreeing = pairs.clone().filter(|(one, other)| one.held_out_loss <= other.held_out_loss).count();
    Some(Verification {
        texts: data.held_out.len(),
        tokens: data.held_out.iter().map(|sequence| sequence.ids.len()).sum(),
        base_loss,
        agrees: lowest == models[0].id,
        lowest,
        pairs_agreeing: agreeing,
        pairs: pairs.count(),
        models,
    })
}
