//! What can go wrong with a library, said so that a person knows what to do.

use crate::engine::EngineError;
use crate::style::StyleError;

#[derive(Debug, strum::IntoStaticStr, thiserror::Error)]
pub enum SelectionError {
    #[error("the library has no model {id:?}: it has {known}")]
    Unknown { id: String, known: String },
    #[error("the card {file} of the library is malformed: {why}")]
    Card { file: String, why: String },
    #[error("the library has no {0}: it was not built; see docs/library.md")]
    Missing(String),
    #[error("the adapter of {id} is damaged: its SHA-256 is {found}, its card says {expected}")]
    Damaged { id: String, expected: String, found: String },
    #[error(transparent)]
    Style(#[from] StyleError),
    #[error(transparent)]
    Engine(#[from] EngineError),
}
