//! Errors of training, as facts. Does not know what the user can do about them.

use std::path::PathBuf;

use crate::engine::EngineError;
use crate::platform::cancel::Cancelled;

#[derive(Debug, strum::IntoStaticStr, thiserror::Error)]
pub enum TrainingError {
    #[error("training needs at least {needed} different texts, but found only {found}")]
    TooFewTexts { found: usize, needed: usize },
    #[error(
        "training diverged repeatedly, most recently after step {step} with a learning rate of {learning_rate:.1e}; the \
         best adapter so far is in the checkpoint"
    )]
    Diverged { step: usize, learning_rate: f64 },
    /// `needs_mb` is what `method`, the one with the smallest requirement, takes; `base_mb` of it is in use before
    /// training.
    #[error(
        "training does not fit into {allowed_mb} MiB of memory: it needs at least {needs_mb} MiB, with {method}; \
         the program and the base model take {base_mb} MiB of that"
    )]
    TooLittleMemory { allowed_mb: u64, needs_mb: u64, base_mb: u64, method: String },
    #[error("there is no checkpoint to resume in {0}")]
    NoCheckpoint(PathBuf),
    #[error("the checkpoint {path} is not usable: {why}")]
    BadCheckpoint { path: PathBuf, why: String },
    #[error("cannot write {path}: {source}; the last complete checkpoint is kept")]
    Write { path: PathBuf, source: std::io::Error },
    #[error("cannot start worker threads: {0}")]
    Threads(std::io::Error),
    #[error("{0}")]
    Cancelled(#[from] Cancelled),
    #[error(transparent)]
    Engine(EngineError),
}

impl From<EngineError> for TrainingError {
    fn from(error: EngineError) -> Self {
        match error {
            EngineError::Cancelled(stop) => Self::Cancelled(stop),
            other => Self::Engine(other),
        }
    }
}

impl From<candle_core::Error> for TrainingError {
    fn from(error: candle_core::Error) -> Self {
        Self::Engine(EngineError::Compute(error))
    }
}
