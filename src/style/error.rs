//! What can go wrong in the style space.

use std::fmt::Display;
use std::path::PathBuf;

/// An error of the style space; every message says what to do.
#[derive(Debug, strum::IntoStaticStr, thiserror::Error)]
pub enum StyleError {
    #[error(
        "the style file {name} cannot be used: {reason}. Reinstall XPerT, or rebuild the files with `xpert library reference`"
    )]
    Asset { name: String, reason: String },
    #[error(
        "no reference can be computed: {0}. Give JSON-lines files with \"author\" and \"text\", one file per kind of text"
    )]
    Reference(String),
    #[error("{path}: {reason}", path = path.display())]
    File { path: PathBuf, reason: String },
    #[error(
        "the measurement belongs to style space {found}, this program has {expected}; rebuild the card (`xpert library build`)"
    )]
    Version { found: String, expected: String },
    #[error("the base model cannot read a text: {0}")]
    Reader(String),
    #[error("the axes cannot be learned: {0}")]
    Axes(String),
}

impl StyleError {
    pub(crate) fn asset(name: &str, reason: impl Display) -> Self {
        Self::Asset { name: name.to_owned(), reason: reason.to_string() }
    }

    pub(crate) fn reference(reason: impl Display) -> Self {
        Self::Reference(reason.to_string())
    }
}
