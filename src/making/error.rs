//! What can go wrong while a model is made.

use std::path::PathBuf;

use crate::engine::EngineError;
use crate::training::TrainingError;

#[derive(Debug, thiserror::Error)]
pub enum MakingError {
    #[error(transparent)]
    Training(#[from] TrainingError),
    #[error(transparent)]
    Engine(#[from] EngineError),
    #[error("stopped; run the same command again to go on")]
    Cancelled,
    #[error("{path}: {source}", path = path.display())]
    File { path: PathBuf, source: std::io::Error },
    #[error("{path}: {why}", path = path.display())]
    Malformed { path: PathBuf, why: String },
}
