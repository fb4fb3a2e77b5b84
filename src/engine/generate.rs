//! Generation: tokens drawn one by one and handed on as text as soon as it is whole. Knows no chat history and no screen.

use std::time::{Duration, Instant};

use candle_transformers::generation::{LogitsProcessor, Sampling};
use serde::{Deserialize, Serialize};

use super::adapter::Adapter;
use super::error::{EngineError, Result};
use super::model::Model;
use super::stream::TextStream;
use crate::cancel::Cancel;

/// How tokens are drawn.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Drawing {
    /// 0 takes the likeliest token always; higher is more varied.
    pub temperature: f64,
    /// Only the likeliest tokens that together have this probability are drawn from.
    pub top_p: f64,
    /// Tokens of the last [`REPEAT_WINDOW`] are made this many times less likely; 1 changes nothing.
    pub repeat_penalty: f32,
    /// At most this many tokens.
    pub max_tokens: usize,
    /// The same seed draws the same tokens.
    pub seed: u64,
}

/// How many tokens back the repeat penalty looks.
pub const REPEAT_WINDOW: usize = 64;

impl Default for Drawing {
    fn default() -> Self {
        Self { temperature: 0.7, top_p: 0.9, repeat_penalty: 1.1, max_tokens: 256, seed: 1 }
    }
}

/// Why a generation stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Stop {
    /// The model ended its reply.
    End,
    /// `max_tokens` were drawn, or the model's context is full.
    Length,
    Cancelled,
}

/// What was generated, and how fast.
#[derive(Clone, Debug)]
pub struct Generated {
    pub text: String,
    pub tokens: usize,
    pub stop: Stop,
    /// Reading the prompt.
    pub prefill: Duration,
    /// Drawing the tokens.
    pub decode: Duration,
}

impl Generated {
    /// Tokens drawn a second, the prompt's reading left out; zero when nothing was drawn.
    #[must_use]
    pub fn tokens_per_second(&self) -> f64 {
        let seconds = self.decode.as_secs_f64();
        if seconds > 0.0 { self.tokens as f64 / seconds } else { 0.0 }
    }
}

/// Answers `request`. Each whole piece of text goes to `emit` as soon as it is known; the pieces joined are the text.
///
/// # Errors
/// When the request fills the model's context, or computation fails.
pub fn generate(
    model: &Model,
    adapter: Option<&Adapter>,
    request: &str,
    drawing: &Drawing,
    cancel: &Cancel,
    emit: &mut dyn FnMut(&str),
) -> Result<Generated> {
    let prompt = model.prompt_ids(request)?;
    let limit = model.config.context;
    if prompt.len() >= limit {
        return Err(EngineError::PromptTooLong { tokens: prompt.len(), limit: limit - 1 });
    }
    let room = drawing.max_tokens.min(limit - prompt.len());
    let network = model.network(adapter);
    let mut caches = network.caches(prompt.len() + room);
    let mut sampler = LogitsProcessor::from_sampling(drawing.seed, sampling(drawing));
    let mut stream = TextStream::new(&model.tokenizer);

    let started = Instant::now();
    let mut logits = network.next_logits(&prompt, &mut caches)?;
    let prefill = started.elapsed();
    let started = Instant::now();
    let mut stop = Stop::Length;
    while stream.ids().len() < room {
        if cancel.is_requested() {
            stop = Stop::Cancelled;
            break;
        }
        let recent = &stream.ids()[stream.ids().len().saturating_sub(REPEAT_WINDOW)..];
        if !recent.is_empty() && drawing.repeat_penalty != 1.0 {
            logits = candle_transformers::utils::apply_repeat_penalty(&logits, drawing.repeat_penalty, recent)?;
        }
        let id = sampler.sample(&logits)?;
        if model.tokenizer.is_end(id) {
            stop = Stop::End;
            break;
        }
        if let Some(piece) = stream.push(id)? {
            emit(&piece);
        }
        if stream.ids().len() < room {
            logits = network.next_logits(&[id], &mut caches)?;
        }
    }
    let decode = started.elapsed();
    if let Some(rest) = stream.finish()? {
        emit(&rest);
    }
    Ok(Generated { tokens: stream.ids().len(), text: stream.into_text(), stop, prefill, decode })
}

fn sampling(drawing: &Drawing) -> Sampling {
    if drawing.temperature <= 0.0 {
        Sampling::ArgMax
    } else {
        Sampling::TopP { p: drawing.top_p, temperature: drawing.temperature }
    }
}
