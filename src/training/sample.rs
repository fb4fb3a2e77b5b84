//! What the model being trained writes on the way: always to the same prompt, always the likeliest words, so that only the training
//! makes a difference. Knows no run.

use crate::engine::{Adapter, Drawing, EngineError, Message, Model, Stop, generate};
use crate::platform::cancel::Cancel;

/// About two sentences: enough to hear a voice, and a second or two of work.
const TOKENS: usize = 48;

/// Writes samples.
#[derive(Clone, Debug)]
pub struct Sampler {
    pub prompt: String,
}

impl Sampler {
    /// What the base with this adapter answers; none where a stop was asked for.
    ///
    /// # Errors
    /// When the prompt is longer than the model reads, or computation fails.
    pub fn draw(
        &self,
        model: &Model,
        adapter: Option<&Adapter>,
        cancel: &Cancel,
    ) -> Result<Option<String>, EngineError> {
        let drawing = Drawing { temperature: 0.0, max_tokens: TOKENS, ..Drawing::default() };
        let written = generate(model, adapter, &[Message::user(&self.prompt)], &drawing, cancel, &mut |_| {})?;
        Ok((written.stop != Stop::Cancelled).then_some(written.text))
    }
}
