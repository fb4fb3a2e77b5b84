//! What can go wrong in the style space.

use std::fmt::Display;

/// An error of the style space; every message says what to do.
#[derive(Debug, strum::IntoStaticStr, thiserror::Error)]
pub enum StyleError {
    #[error("the style file {name} cannot be used: {reason}")]
    Asset { name: String, reason: String },
    #[error("the measurement belongs to style space {found}, but this program uses {expected}")]
    Version { found: String, expected: String },
    #[error("the base model cannot embed a text: {0}")]
    Encoder(String),
}

impl StyleError {
    pub(crate) fn asset(name: &str, reason: impl Display) -> Self {
        Self::Asset { name: name.to_owned(), reason: reason.to_string() }
    }
}
