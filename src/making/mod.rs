//! Making a personalized model for a library: an adapter trained on texts of one style, its answers to probe prompts, and where
//! these stand. Knows neither the user's texts nor where models are kept. What is finished is never made twice.
//!
//! | file | job |
//! |---|---|
//! | `adapt` | texts to an adapter, from a checkpoint where there is one |
//! | `answer` | probe prompts to answers |

mod adapt;
mod answer;
mod error;

use std::path::Path;

pub use adapt::{TrainingFacts, adapt, adapter_folder, facts};
pub use answer::{answer, read_answers};
pub use error::MakingError;

use crate::engine::Model;
use crate::platform::cancel::Cancel;
use crate::platform::digest::sha256;
use crate::training::Example;

/// What all the steps of a making share.
#[derive(Clone, Copy)]
pub struct Making<'a> {
    pub model: &'a Model,
    /// The base model, by catalogue id.
    pub base: &'a str,
    pub threads: usize,
    pub cancel: &'a Cancel,
}

impl Making<'_> {
    /// The same for one of several that go on side by side.
    #[must_use]
    pub fn on_one_thread(self) -> Self {
        Self { threads: 1, ..self }
    }
}

/// An answer to a prompt as something to learn from; the same prompt gives the same key.
#[must_use]
pub fn example(prompt: &str, reply: &str) -> Example {
    Example { key: sha256(prompt.as_bytes()), prompt: Some(prompt.to_owned()), reply: reply.to_owned() }
}

fn io(path: &Path) -> impl FnOnce(std::io::Error) -> MakingError + '_ {
    |source| MakingError::File { path: path.into(), source }
}

fn malformed(path: &Path, why: impl std::fmt::Display) -> MakingError {
    MakingError::Malformed { path: path.into(), why: why.to_string() }
}
