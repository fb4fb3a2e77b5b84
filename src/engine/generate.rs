//! Generation: samples tokens one by one and emits their text as soon as it is complete. Does not know where
//! conversations are stored or shown.

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

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SamplingParams {
    /// 0 always takes the most likely token; higher values are more varied.
    pub temperature: f64,
    /// Nucleus sampling: only the most likely tokens that together have this probability are candidates.
    pub top_p: f64,
    /// Logits of the last [`REPEAT_WINDOW`] tokens are reduced by this factor; 1 has no effect.
    pub repeat_penalty: f32,
    /// Maximum number of tokens in the response.
    pub max_tokens: usize,
    /// The same seed samples the same tokens.
    pub seed: u64,
}

/// Number of recent tokens that the repeat penalty applies to.
pub const REPEAT_WINDOW: usize = 64;

impl Default for SamplingParams {
    fn default() -> Self {
        Self { temperature: 0.7, top_p: 0.9, repeat_penalty: 1.1, max_tokens: 256, seed: 1 }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, strum::IntoStaticStr)]
#[serde(rename_all = "snake_case")]
pub enum StopReason {
    End,
    /// `max_tokens` were sampled, or the model's context is full.
    Length,
    Cancelled,
}

/// A response, and how long it took.
#[derive(Clone, Debug)]
pub struct Generated {
    pub text: String,
    pub tokens: usize,
    pub stop: StopReason,
    /// Number of oldest messages omitted because they do not fit into the model's context.
    pub omitted: usize,
    /// Time to read the prompt.
    pub prefill: Duration,
    /// Time to sample the tokens.
    pub decode: Duration,
}

impl Generated {
    /// Tokens per second of decoding, without reading the prompt; zero when no token was sampled.
    pub fn tokens_per_second(&self) -> f64 {
        let seconds = self.decode.as_secs_f64();
        if seconds > 0.0 { self.tokens as f64 / seconds } else { 0.0 }
    }
}

/// Responds to the last of `messages`, a conversation of one or more turns. The oldest turns of a conversation that
/// is longer than the model's context are omitted. Each piece of text goes to `emit` as soon as it is complete;
/// joined, they are the response.
///
/// # Errors
/// When the last message alone fills the model's context, or computation fails.
pub fn generate(
    model: &Model,
    adapter: Option<&Adapter>,
    messages: &[Message],
    sampling: &SamplingParams,
    cancel: &Cancel,
    emit: &mut dyn FnMut(&str),
) -> Result<Generated> {
    let network = model.network(adapter);
    let mut response = Response::begin(model, &network, messages, sampling)?;
    while !response.is_finished() {
        if cancel.is_requested() {
            response.stop = Some(StopReason::Cancelled);
            break;
        }
        let logits = match response.pending {
            Some(id) => network.next_logits(&[id], &mut response.caches)?,
            None => response.first.take().expect("a new response has its first logits"),
        };
        if let Some(piece) = response.sample(logits)? {
            emit(&piece);
        }
    }
    let (generated, rest) = response.finish()?;
    if let Some(rest) = rest {
        emit(&rest);
    }
    Ok(generated)
}

struct Response<'a> {
    model: &'a Model,
    sampling: &'a SamplingParams,
    sampler: LogitsProcessor,
    stream: TextStream<'a>,
    caches: Caches,
    /// Number of tokens that may be sampled.
    limit: usize,
    /// The logits after the prompt, until the first token is sampled.
    first: Option<Tensor>,
    /// The last token sampled, which the network has not read yet.
    pending: Option<u32>,
    stop: Option<StopReason>,
    omitted: usize,
    prefill: Duration,
    started: Instant,
}

impl<'a> Response<'a> {
    fn begin(
        model: &'a Model,
        network: &Network<'_>,
        messages: &[Message],
        sampling: &'a SamplingParams,
    ) -> Result<Self> {
        let context = model.config.context;
        // Earlier turns make room for the response, but at most half of the context, however long the response may be.
        let reserved = sampling.max_tokens.min(context / 2);
        let (prompt, omitted) = model.recent_prompt_ids(messages, context - reserved)?;
        if prompt.len() >= context {
            return Err(EngineError::PromptTooLong { tokens: prompt.len(), limit: context - 1 });
        }
        let limit = sampling.max_tokens.min(context - prompt.len());
        let mut caches = network.caches(prompt.len() + limit);
        let started = Instant::now();
        let first = Some(network.next_logits(&prompt, &mut caches)?);
        Ok(Self {
            model,
            sampling,
            sampler: LogitsProcessor::from_sampling(sampling.seed, strategy(sampling)),
            stream: TextStream::new(&model.tokenizer),
            caches,
            limit,
            first,
            pending: None,
            stop: (limit == 0).then_some(StopReason::Length),
            omitted,
            prefill: started.elapsed(),
            started: Instant::now(),
        })
    }

    fn is_finished(&self) -> bool {
        self.stop.is_some()
    }

    /// Samples a token from `logits`, shape (vocabulary). Returns the piece of text that it completes, if any.
    fn sample(&mut self, mut logits: Tensor) -> Result<Option<String>> {
        let recent = &self.stream.ids()[self.stream.ids().len().saturating_sub(REPEAT_WINDOW)..];
        if !recent.is_empty() && self.sampling.repeat_penalty != 1.0 {
            logits = candle_transformers::utils::apply_repeat_penalty(&logits, self.sampling.repeat_penalty, recent)?;
        }
        let id = self.sampler.sample(&logits)?;
        if self.model.tokenizer.is_end(id) {
            self.stop = Some(StopReason::End);
            return Ok(None);
        }
        self.pending = Some(id);
        let piece = self.stream.push(id)?;
        if self.stream.ids().len() == self.limit {
            self.stop = Some(StopReason::Length);
        }
        Ok(piece)
    }

    /// The result, and the text held back so far.
    fn finish(mut self) -> Result<(Generated, Option<String>)> {
        let decode = self.started.elapsed();
        let rest = self.stream.finish()?;
        let generated = Generated {
            tokens: self.stream.ids().len(),
            text: self.stream.into_text(),
            stop: self.stop.unwrap_or(StopReason::Cancelled),
            omitted: self.omitted,
            prefill: self.prefill,
            decode,
        };
        Ok((generated, rest))
    }
}

/// Responds to several prompts at once, each with its own parameters. The weights are read once per token of all
/// responses, which with dense weights is about twice as fast as one response after another. Times are those of the
/// whole batch.
///
/// # Errors
/// When a prompt fills the model's context, or computation fails.
pub fn generate_many(
    model: &Model,
    adapter: Option<&Adapter>,
    prompts: &[(&str, SamplingParams)],
    cancel: &Cancel,
) -> Result<Vec<Generated>> {
    let network = model.network(adapter);
    let mut responses = prompts
        .iter()
        .map(|(prompt, sampling)| Response::begin(model, &network, &[Message::user(*prompt)], sampling))
        .collect::<Result<Vec<_>>>()?;
    for response in &mut responses {
        if let Some(first) = response.first.take().filter(|_| !response.is_finished()) {
            response.sample(first)?;
        }
    }
    while !cancel.is_requested() {
        let mut active: Vec<&mut Response<'_>> = responses.iter_mut().filter(|one| !one.is_finished()).collect();
        if active.is_empty() {
            break;
        }
        let ids: Vec<u32> = active.iter().map(|one| one.pending.expect("it has sampled a token")).collect();
        let mut caches: Vec<&mut Caches> = active.iter_mut().map(|one| &mut one.caches).collect();
        let logits = network.next_logits_of_each(&ids, &mut caches)?;
        for (at, response) in active.into_iter().enumerate() {
            response.sample(logits.get(at)?)?;
        }
    }
    responses.into_iter().map(|response| Ok(response.finish()?.0)).collect()
}

fn strategy(sampling: &SamplingParams) -> Sampling {
    if sampling.temperature <= 0.0 {
        Sampling::ArgMax
    } else {
        Sampling::TopP { p: sampling.top_p, temperature: sampling.temperature }
    }
}
