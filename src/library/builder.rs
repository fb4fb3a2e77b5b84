//! What makes one model of a library: a base model, and the threads it may use. Knows neither the user's texts nor where models are kept.

use crate::engine::Model;
use crate::platform::cancel::Cancel;
use crate::platform::digest::sha256;
use crate::training::Example;

/// Trains adapters of a base model and lets them answer prompts. What is finished is never made twice.
#[derive(Clone, Copy)]
pub struct AdapterBuilder<'a> {
    pub model: &'a Model,
    /// The base model, by catalog id.
    pub base: &'a str,
    pub threads: usize,
    pub cancel: &'a Cancel,
}

impl AdapterBuilder<'_> {
    /// The same for one of several that run side by side.
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
