//! The model: tokenizer, weights, forward and backward passes, generation. Knows nothing of users, styles or screens.
//!
//! | file | job |
//! |---|---|
//! | `config`, `projection` | a model's shape, its family's differences, and the names of its parts in every format |
//! | `matrix`, `weights` | frozen weights, dense or quantized |
//! | `describe`, `gguf`, `safetensors` | shape and weights from files |
//! | `adapter` | LoRA matrices and PEFT files |
//! | `merge`, `singular` | several adapters merged into one |
//! | `rows`, `block`, `network` | the passes on any device: forward, backward, loss |
//! | `fused/` | the training pass on the CPU, fast and in little memory |
//! | `tokenizer/` | text to ids and back |
//! | `chat`, `jinja` | the model's chat template |
//! | `folder` | tokenizer and chat template of a model in Hugging Face layout |
//! | `model` | everything of one model together |
//! | `generate`, `stream` | sampling tokens, and decoding them as they come |
//! | `threads` | distributing work among cores |

pub mod adapter;
pub mod block;
pub mod chat;
pub mod config;
pub mod describe;
mod error;
mod folder;
pub mod fused;
pub mod generate;
pub mod gguf;
mod jinja;
pub mod matrix;
pub mod merge;
pub mod model;
pub mod network;
pub mod projection;
pub mod rows;
pub mod safetensors;
mod singular;
pub mod stream;
pub mod threads;
pub mod tokenizer;
pub mod weights;

pub use adapter::{Adapter, AdapterShape};
pub use chat::{Message, Role};
pub use error::EngineError;
pub use generate::{Generated, SamplingParams, StopReason, generate, generate_many};
pub use model::{Model, ModelPath};
pub use network::Sequence;
pub use weights::Precision;
