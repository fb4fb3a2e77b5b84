//! What can go wrong with the library, and while it is built.

use std::path::{Path, PathBuf};

use crate::engine::EngineError;
use crate::platform::cancel::Cancelled;
use crate::style::StyleError;
use crate::training::TrainingError;

#[derive(Debug, strum::IntoStaticStr, thiserror::Error)]
pub enum LibraryError {
    #[error("the library has no model {id:?}: it has {known}")]
    Unknown { id: String, known: String },
    #[error("the library card {file} is malformed: {why}")]
    Card { file: String, why: String },
    #[error("the library has no {0}: it was not built; see docs/library.md")]
    Missing(String),
    #[error("the adapter of {id} is damaged: its SHA-256 is {found}, but its card says {expected}")]
    Damaged { id: String, expected: String, found: String },
    #[error("there is no corpus for the style \u{201c}{0}\u{201d}")]
    NoStyle(String),
    #[error(transparent)]
    Style(#[from] StyleError),
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

impl LibraryError {
    pub(super) fn file(path: &Path) -> impl FnOnce(std::io::Error) -> Self + '_ {
        |source| Self::File { path: path.into(), source }
    }

    pub(super) fn malformed(path: &Path, why: impl std::fmt::Display) -> Self {
        Self::Malformed { path: path.into(), why: why.to_string() }
    }
}
