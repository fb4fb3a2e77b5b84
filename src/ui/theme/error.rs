//! Why a theme cannot be used.

use std::io;
use std::path::PathBuf;

/// Why a theme cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ThemeError {
    #[error("{0}")]
    Unknown(String),
    #[error("the theme {path} cannot be read ({source}): make it readable, or choose another theme")]
    Unreadable { path: PathBuf, source: io::Error },
    #[error("{file}, line {line}: {what}")]
    Malformed { file: String, line: usize, what: String },
}
