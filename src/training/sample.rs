//! Sample responses of the model in training: always to the same prompt and with greedy decoding, so that they differ
//! only by the training. Knows no run.

use crate::engine::{Adapter, EngineError, Message, Model, SamplingParams, StopReason, generate};
use crate::platform::cancel::Cancel;

/// About two sentences: enough to show a style, in a second or two.
const MAX_TOKENS: usize = 48;

/// Generates samples.
#[derive(Clone, Debug)]
pub struct Sampler {
    pub prompt: String,
}

impl Sampler {
    /// The response of the base model with this adapter; none if cancelled.
    ///
    /// # Errors
    /// When the prompt exceeds the model's context, or computation fails.
    pub fn generate(
        &self,
        model: &Model,
        adapter: Option<&Adapter>,
        cancel: &Cancel,
    ) -> Result<Option<String>, EngineError> {
        let sampling = SamplingParams { temperature: 0.0, max_tokens: MAX_TOKENS, ..SamplingParams::default() };
        let written = generate(model, adapter, &[Message::user(&self.prompt)], &sampling, cancel, &mut |_| {})?;
        Ok((written.stop != StopReason::Cancelled).then_some(written.text))
    }
}
