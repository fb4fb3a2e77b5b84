//! What can go wrong in the engine, said so that a person knows what to do.

use std::path::PathBuf;

#[derive(Debug, strum::IntoStaticStr, thiserror::Error)]
pub enum EngineError {
    #[error("cannot read {path}: {source}")]
    Read { path: PathBuf, source: std::io::Error },
    #[error(
        "{path} is not a usable model file: {why}. Fetch it again with `xpert model pull`, or name another with --model"
    )]
    Model { path: PathBuf, why: String },
    #[error("unsupported {what} in {path}: this version runs {supported}")]
    Unsupported { path: PathBuf, what: String, supported: &'static str },
    #[error("the tensor {name} is missing from {path}: the file is incomplete or of another architecture")]
    MissingTensor { path: PathBuf, name: String },
    #[error("the tokenizer of {path} cannot be built: {why}")]
    Tokenizer { path: PathBuf, why: String },
    #[error("the text cannot be turned into tokens: {0}")]
    Encode(String),
    #[error("the model's chat template failed: {0}")]
    Template(String),
    #[error("{path} is not a usable adapter: {why}")]
    Adapter { path: PathBuf, why: String },
    #[error("the adapters cannot be blended: {0}")]
    Blend(String),
    #[error("the prompt is {tokens} tokens long and the model reads at most {limit}: shorten it")]
    PromptTooLong { tokens: usize, limit: usize },
    #[error("stopped, as you asked")]
    Cancelled,
    #[error("computation failed: {0}")]
    Compute(#[from] candle_core::Error),
}

pub type Result<T> = std::result::Result<T, EngineError>;
