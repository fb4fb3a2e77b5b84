//! What can be wrong with the data of a suite.

use std::path::PathBuf;

use xpert::engine::EngineError;
use xpert::making::MakingError;
use xpert::selection::SelectionError;
use xpert::style::StyleError;

/// An error of an evaluation; every message says what was expected.
#[derive(Debug, thiserror::Error)]
pub enum EvaluationError {
    #[error("{path}: {reason}", path = path.display())]
    Data { path: PathBuf, reason: String },
    #[error(transparent)]
    Style(#[from] StyleError),
    #[error(transparent)]
    Selection(#[from] SelectionError),
    #[error(transparent)]
    Making(#[from] MakingError),
    #[error(transparent)]
    Engine(#[from] EngineError),
}
