//! What can go wrong while the style space is learned.

use std::path::PathBuf;

use xpert::library::LibraryError;
use xpert::style::StyleError;

/// An error of learning; every message says what to do.
#[derive(Debug, thiserror::Error)]
pub enum LearningError {
    #[error(
        "no reference can be computed: {0}. Give JSON-lines files with \"author\" and \"text\", one file per kind of text"
    )]
    Reference(String),
    #[error("the axes cannot be learned: {0}")]
    Axes(String),
    #[error(transparent)]
    Style(#[from] StyleError),
    #[error(transparent)]
    Library(#[from] LibraryError),
    #[error("{path}: {reason}", path = path.display())]
    File { path: PathBuf, reason: String },
}

impl LearningError {
    pub(super) fn reference(reason: &str) -> Self {
        Self::Reference(reason.to_owned())
    }
}
