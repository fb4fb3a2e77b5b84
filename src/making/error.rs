//! What can go wrong while a model is made.

use std::path::PathBuf;

use crate::engine::EngineError;
use crate::platform::cancel::Cancelled;
use crate::training::TrainingError;

#[derive(Debug, thiserror::Error)]
pub enum MakingError {
    #[error(transparent)]
    Training(#[from] TrainingError),
    #[error(transparent)]
    Engine(#[from] EngineError),
    #[error("{0}")]
    Cancelled(#[from] Cancelled),
    #[error("{path}: {source}", path = path.display())]
    File { path: PathBuf, source: std::io::Error },
    #[error("{path}: {why}", path = path.display())]
    Malformed { path: PathBuf, why: String },
}
