//! Errors of the engine, as facts. Does not know what the user can do about them.

use std::path::PathBuf;

use crate::platform::cancel::Cancelled;

#[derive(Debug, strum::IntoStaticStr, thiserror::Error)]
pub enum EngineError {
    #[error("cannot read {path}: {source}")]
    Read { path: PathBuf, source: std::io::Error },
    #[error("{path} is not a usable model file: {why}")]
    Model { path: PathBuf, why: String },
    #[error("unsupported {what} in {path}; supported: {supported}")]
    Unsupported { path: PathBuf, what: String, supported: &'static str },
    #[error("the tensor {name} is missing from {path}; the file is incomplete or for another architecture")]
    MissingTensor { path: PathBuf, name: String },
    #[error("the tokenizer in {path} is not usable: {why}")]
    Tokenizer { path: PathBuf, why: String },
    #[error("the text cannot be tokenized: {0}")]
    Encode(String),
    #[error("the model's chat template failed: {0}")]
    Template(String),
    #[error("{path} is not a usable adapter: {why}")]
    Adapter { path: PathBuf, why: String },
    #[error("the adapters cannot be blended: {0}")]
    Blend(String),
    #[error("the prompt has {tokens} tokens, but the model reads at most {limit}")]
    PromptTooLong { tokens: usize, limit: usize },
    #[error("{0}")]
    Cancelled(#[from] Cancelled),
    /// Shapes that do not fit, a tensor of another type or on another device, or too little memory: any function with tensors may
    /// fail with it.
    #[error("computation failed: {0}")]
    Compute(#[from] candle_core::Error),
}

pub type Result<T> = std::result::Result<T, EngineError>;
