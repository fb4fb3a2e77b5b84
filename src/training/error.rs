//! What can go wrong in training, said so that a person knows what to do.

use std::path::PathBuf;

use crate::engine::EngineError;

#[derive(Debug, thiserror::Error)]
pub enum TrainingError {
    #[error("training needs at least {needed} texts and there are {found}: import more of your writing")]
    TooFewTexts { found: usize, needed: usize },
    #[error(
        "training diverged at step {step}: the loss is no longer a number. The last checkpoint is kept; \
         train again with a lower --learning-rate"
    )]
    Diverged { step: usize },
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
