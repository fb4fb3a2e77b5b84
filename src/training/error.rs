//! What can go wrong in training, said so that a person knows what to do.

use std::path::PathBuf;

use super::budget::Refusal;
use crate::engine::EngineError;

#[derive(Debug, strum::IntoStaticStr, thiserror::Error)]
pub enum TrainingError {
    #[error("training needs at least {needed} texts and there are {found}: import more of your writing")]
    TooFewTexts { found: usize, needed: usize },
    #[error(
        "training diverged again and again, the last time after step {step} with a learning rate of {learning_rate:.1e}. \
         The best adapter so far is in the checkpoint; train again with a lower --learning-rate"
    )]
    Diverged { step: usize, learning_rate: f64 },
    #[error("training does not fit in {allowed_mb} MiB: the most frugal way here is {nearest}, which needs {needs_mb} MiB, \
             {base_mb} of which the program and the model take before anything is trained. Allow at least \
             --memory {needs_mb}, or close other programs",
            allowed_mb = .0.allowed_mb, nearest = .0.nearest, needs_mb = .0.needs_mb, base_mb = .0.base_mb)]
    TooLittleMemory(Refusal),
    #[error("there is no checkpoint to resume in {0}: start a training without --resume")]
    NoCheckpoint(PathBuf),
    #[error("the checkpoint {path} cannot be used: {why}. Start again without --resume")]
    BadCheckpoint { path: PathBuf, why: String },
    #[error("cannot write {path}: {source}. Training stopped; the last whole checkpoint is kept")]
    Write { path: PathBuf, source: std::io::Error },
    #[error("cannot start worker threads: {0}")]
    Threads(std::io::Error),
    #[error(transparent)]
    Engine(#[from] EngineError),
}

impl From<candle_core::Error> for TrainingError {
    fn from(error: candle_core::Error) -> Self {
        Self::Engine(error.into())
    }
}
