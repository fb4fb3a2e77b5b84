//! The model: tokenizer, weights, forward and backward passes, generation. Knows nothing of users, styles or screens.
//!
//! | file | job |
//! |---|---|
//! | `config`, `projection` | the shape of a model, its family's ways, and the names of its parts in every format |
//! | `matrix`, `weights` | frozen weights, dense or quantized |
//! | `describe`, `gguf`, `safetensors` | shape and weights out of files |
//! | `adapter` | LoRA matrices and PEFT files |
//! | `rows`, `block`, `network` | the passes on any device: forward, backward, loss |
//! | `fused/` | the training pass on a processor, fast and lean |
//! | `tokenizer`, `chat`, `model` | text in, ids out; everything of one model together |
//! | `generate` | drawing tokens |

pub mod adapter;
pub mod block;
pub mod chat;
pub mod config;
pub mod describe;
mod error;
pub mod fused;
pub mod generate;
pub mod gguf;
pub mod matrix;
pub mod model;
pub mod network;
pub mod projection;
pub mod rows;
pub mod safetensors;
pub mod threads;
pub mod tokenizer;
pub mod weights;

pub use adapter::{Adapter, AdapterShape};
pub use error::EngineError;
pub use generate::{Drawing, Generated, Stop, generate};
pub use model::{Model, ModelPath};
pub use network::Sequence;
pub use weights::Precision;
