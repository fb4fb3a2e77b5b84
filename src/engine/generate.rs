//! Generation: tokens drawn one by one and handed on as text as soon as it is whole. Knows no place where conversations are kept,
//! and no screen.

use std::time::{Duration, Instant};

use candle_core::Tensor;
use candle_transformers::generation::{LogitsProcessor, Sampling};
use serde::{Deserialize, Serialize};

use super::adapter::Adapter;
use super::chat::Message;
use super::error::{EngineError, Result};
use super::model::Model;
use super::network::{Caches, Network};
use super::stream::TextStream;
use crate::platform::cancel::Cancel;

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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, strum::IntoStaticStr)]
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
    /// The oldest messages that were left out because the model's context has no room for them.
    pub left_out: usize,
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

/// Answers the last of `messages`, a conversation of one turn or of many. Of a conversation that is longer than the model's context
/// the oldest turns are left out. Each whole piece of text goes to `emit` as soon as it is known; the pieces joined are the text.
///
/// # Errors
/// When the last message alone fills the model's context, or computation fails.
pub fn generate(
    model: &Model,
    adapter: Option<&Adapter>,
    messages: &[Message],
    drawing: &Drawing,
    cancel: &Cancel,
    emit: &mut dyn FnMut(&str),
) -> Result<Generated> {
    let network = model.network(adapter);
    let mut reply = Reply::begin(model, &network, messages, drawing)?;
    while !reply.is_over() {
        if cancel.is_requested() {
            reply.stop = Some(Stop::Cancelled);
            break;
        }
        let logits = match reply.waiting {
            Some(id) => network.next_logits(&[id], &mut reply.caches)?,
            None => reply.first.take().expect("a reply that has drawn nothing has its first logits"),
        };
        if let Some(piece) = reply.draw(logits)? {
            emit(&piece);
        }
    }
    let (generated, rest) = reply.end()?;
    if let Some(rest) = rest {
        emit(&rest);
    }
    Ok(generated)
}

/// A reply on its way.
struct Reply<'a> {
    model: &'a Model,
    drawing: &'a Drawing,
    sampler: LogitsProcessor,
    stream: TextStream<'a>,
    caches: Caches,
    /// Tokens that may be drawn.
    room: usize,
    /// After the prompt, until something is drawn.
    first: Option<Tensor>,
    /// The last token drawn, which the network has not read yet.
    waiting: Option<u32>,
    stop: Option<Stop>,
    left_out: usize,
    prefill: Duration,
    began: Instant,
}

impl<'a> Reply<'a> {
    /// Reads the conversation.
    fn begin(model: &'a Model, network: &Network<'_>, messages: &[Message], drawing: &'a Drawing) -> Result<Self> {
        let limit = model.config.context;
        // Earlier turns give way to the reply; but whoever lets it be as long as the context still wants it to know them.
        let reply = drawing.max_tokens.min(limit / 2);
        let (prompt, left_out) = model.recent_prompt_ids(messages, limit - reply)?;
        if prompt.len() >= limit {
            return Err(EngineError::PromptTooLong { tokens: prompt.len(), limit: limit - 1 });
        }
        let room = drawing.max_tokens.min(limit - prompt.len());
        let mut caches = network.caches(prompt.len() + room);
        let started = Instant::now();
        let first = Some(network.next_logits(&prompt, &mut caches)?);
        Ok(Self {
            model,
            drawing,
            sampler: LogitsProcessor::from_sampling(drawing.seed, sampling(drawing)),
            stream: TextStream::new(&model.tokenizer),
            caches,
            room,
            first,
            waiting: None,
            stop: (room == 0).then_some(Stop::Length),
            left_out,
            prefill: started.elapsed(),
            began: Instant::now(),
        })
    }

    fn is_over(&self) -> bool {
        self.stop.is_some()
    }

    /// Draws a token from `logits`, shape (vocabulary): the piece of text that it makes whole, if it does.
    fn draw(&mut self, mut logits: Tensor) -> Result<Option<String>> {
        let recent = &self.stream.ids()[self.stream.ids().len().saturating_sub(REPEAT_WINDOW)..];
        if !recent.is_empty() && self.drawing.repeat_penalty != 1.0 {
            logits = candle_transformers::utils::apply_repeat_penalty(&logits, self.drawing.repeat_penalty, recent)?;
        }
        let id = self.sampler.sample(&logits)?;
        if self.model.tokenizer.is_end(id) {
            self.stop = Some(Stop::End);
            return Ok(None);
        }
        self.waiting = Some(id);
        let piece = self.stream.push(id)?;
        if self.stream.ids().len() == self.room {
            self.stop = Some(Stop::Length);
        }
        Ok(piece)
    }

    /// What came of it, and the text that was held back.
    fn end(mut self) -> Result<(Generated, Option<String>)> {
        let decode = self.began.elapsed();
        let rest = self.stream.finish()?;
        let generated = Generated {
            tokens: self.stream.ids().len(),
            text: self.stream.into_text(),
            stop: self.stop.unwrap_or(Stop::Cancelled),
            left_out: self.left_out,
            prefill: self.prefill,
            decode,
        };
        Ok((generated, rest))
    }
}

/// Answers several requests, each with its own drawing, side by side: the weights are read once for a token of each, which is
/// about twice as fast as one after the other with dense weights. Times are those of the whole batch.
///
/// # Errors
/// When a request fills the model's context, or computation fails.
pub fn generate_many(
    model: &Model,
    adapter: Option<&Adapter>,
    requests: &[(&str, Drawing)],
    cancel: &Cancel,
) -> Result<Vec<Generated>> {
    let network = model.network(adapter);
    let mut replies = requests
        .iter()
        .map(|(request, drawing)| Reply::begin(model, &network, &[Message::user(*request)], drawing))
        .collect::<Result<Vec<_>>>()?;
    for reply in &mut replies {
        if let Some(first) = reply.first.take().filter(|_| !reply.is_over()) {
            reply.draw(first)?;
        }
    }
    while !cancel.is_requested() {
        let mut going: Vec<&mut Reply<'_>> = replies.iter_mut().filter(|reply| !reply.is_over()).collect();
        if going.is_empty() {
            break;
        }
        let ids: Vec<u32> = going.iter().map(|reply| reply.waiting.expect("it has drawn a token")).collect();
        let mut caches: Vec<&mut Caches> = going.iter_mut().map(|reply| &mut reply.caches).collect();
        let logits = network.next_logits_of_each(&ids, &mut caches)?;
        for (at, reply) in going.into_iter().enumerate() {
            reply.draw(logits.get(at)?)?;
        }
    }
    replies.into_iter().map(|reply| Ok(reply.end()?.0)).collect()
}

fn sampling(drawing: &Drawing) -> Sampling {
    if drawing.temperature <= 0.0 {
        Sampling::ArgMax
    } else {
        Sampling::TopP { p: drawing.top_p, temperature: drawing.temperature }
    }
}
