//! What can be wrong with the data of a suite.

use std::path::PathBuf;

use xpert::engine::EngineError;
use xpert::library::LibraryError;
use xpert::style::StyleError;

/// An error of an evaluation; every message says what was expected.
#[derive(Debug, thiserror::Error)]
pub enum EvaluationError {
    #[error("{path}: {reason}", path = path.display())]
    Data { path: PathBuf, reason: String },
    #[error(transparent)]
    Style(#[from] StyleError),
    #[error(transparent)]
    Library(#[from] LibraryError),
    #[error(transparent)]
    Engine(#[from] EngineError),
}
