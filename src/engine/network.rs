//! The decoder on any device: logits for generation, loss and gradients for training. Knows no text.

use candle_core::{Device, Tensor};
use candle_nn::kv_cache::KvCache;
use candle_nn::ops::{rms_norm, softmax_last_dim};

use super::adapter::{Adapter, LayerPairs};
use super::block::{Block, norm_backward};
use super::config::Config;
use super::error::Result;
use super::rows::{Rotary, Rows};
use super::weights::Weights;

/// Rows of logits computed at a time. One row has the size of the vocabulary, so all at once would be by far the
/// largest tensor of a training step; much smaller chunks make the products slow.
const HEAD_CHUNK: usize = 256;

/// A token sequence. The tokens from `reply_start` on are scored, each given all before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sequence {
    pub ids: Vec<u32>,
    pub reply_start: usize,
}

impl Sequence {
    /// Number of scored tokens. The first token of a sequence has no context and is never scored.
    pub fn labels(&self) -> usize {
        self.ids.len().saturating_sub(self.reply_start.max(1))
    }
}

/// The KV caches of a sequence, one for each block.
pub type Caches = Vec<KvCache>;

/// A base model with an optional adapter.
#[derive(Clone, Copy)]
pub struct Network<'a> {
    pub config: &'a Config,
    pub weights: &'a Weights,
    pub rotary: &'a Rotary,
    pub adapter: Option<&'a Adapter>,
}

impl<'a> Network<'a> {
    /// Total cross-entropy in nats over all scored tokens of `batch`, and the gradients of `factor` times it with
    /// respect to every matrix of the adapter. Training on the CPU uses [`Pass`](super::fused::Pass); this path runs
    /// on any device.
    ///
    /// # Errors
    /// When a sequence exceeds the model's context or memory runs out.
    pub fn loss_and_gradients(&self, batch: &[Sequence], factor: f64) -> Result<(f64, Vec<LayerPairs>)> {
        let rows = self.rows(batch)?;
        let mut x = self.embed(batch)?;
        let mut saved = Vec::with_capacity(self.config.layers);
        for layer in 0..self.config.layers {
            let (out, kept) = self.block(layer).forward(&x, &rows, &mut [])?;
            x = out;
            saved.push(kept);
        }
        let (loss, mut d_x) = self.head(batch, &x, factor)?;
        let mut gradients = Vec::with_capacity(self.config.layers);
        while let Some(kept) = saved.pop() {
            let (d_in, pairs) = self.block(saved.len()).backward(&kept, &rows, &d_x)?;
            d_x = d_in;
            gradients.push(pairs);
        }
        gradients.reverse();
        Ok((loss, gradients))
    }

    /// Reads the tokens `ids`, which continue the sequence in `caches`. Returns the logits of the last one, shape
    /// (vocabulary).
    ///
    /// # Errors
    /// When the sequence exceeds the model's context or memory runs out.
    pub fn next_logits(&self, ids: &[u32], caches: &mut Caches) -> Result<Tensor> {
        let x = self.continued(ids, &[ids.len()], &mut [caches])?;
        let last = x.narrow(0, ids.len() - 1, 1)?.contiguous()?;
        Ok(self.weights.head.forward(&self.final_norm(&last)?)?.squeeze(0)?)
    }

    /// Reads one more token of each of several sequences. Returns the logits of each, shape (sequences, vocabulary).
    /// The weights are read once for all of them.
    ///
    /// # Errors
    /// When a sequence exceeds the model's context or memory runs out.
    pub fn next_logits_of_each(&self, ids: &[u32], caches: &mut [&mut Caches]) -> Result<Tensor> {
        let x = self.continued(ids, &vec![1; ids.len()], caches)?;
        self.weights.head.forward(&self.final_norm(&x)?)
    }

    /// Hidden states after the last block, (n, d), of the next tokens of several sequences, `lengths` of each.
    fn continued(&self, ids: &[u32], lengths: &[usize], caches: &mut [&mut Caches]) -> Result<Tensor> {
        let past = |caches: &&mut Caches| caches.first().map_or(0, KvCache::current_seq_len);
        let rows = Rows::continuing(caches.iter().map(past).collect(), lengths, self.config, self.rotary)?;
        let mut x = self.embed_ids(ids)?;
        for layer in 0..self.config.layers {
            let mut of_layer: Vec<&mut KvCache> = caches.iter_mut().map(|caches| &mut caches[layer]).collect();
            x = self.block(layer).forward(&x, &rows, &mut of_layer)?.0;
        }
        Ok(x)
    }

    /// Hidden states of whole sequences after the first `layers` blocks, shape (all tokens, hidden), one sequence
    /// after another.
    ///
    /// # Errors
    /// When a sequence exceeds the model's context or memory runs out.
    pub fn hidden(&self, batch: &[Sequence], layers: usize) -> Result<Tensor> {
        let rows = self.rows(batch)?;
        let mut x = self.embed(batch)?;
        for layer in 0..layers.min(self.config.layers) {
            x = self.block(layer).forward(&x, &rows, &mut [])?.0;
        }
        Ok(x)
    }

    /// Empty KV caches for a sequence of up to `tokens`.
    pub fn caches(&self, tokens: usize) -> Caches {
        (0..self.config.layers).map(|_| KvCache::new(1, tokens)).collect()
    }

    fn device(&self) -> &'a Device {
        self.weights.norm.device()
    }

    fn block(&self, layer: usize) -> Block<'a> {
        Block {
            config: self.config,
            weights: &self.weights.layers[layer],
            pairs: self.adapter.map(|adapter| &adapter.layers[layer]),
            local: self.config.is_local(layer),
            scale: self.adapter.map_or(0.0, Adapter::scale),
        }
    }

    fn rows(&self, batch: &[Sequence]) -> Result<Rows> {
        let lengths: Vec<usize> = batch.iter().map(|sequence| sequence.ids.len()).collect();
        Rows::continuing(vec![0; lengths.len()], &lengths, self.config, self.rotary)
    }

    fn embed(&self, batch: &[Sequence]) -> Result<Tensor> {
        let ids: Vec<u32> = batch.iter().flat_map(|sequence| sequence.ids.iter().copied()).collect();
        self.embed_ids(&ids)
    }

    fn embed_ids(&self, ids: &[u32]) -> Result<Tensor> {
        let x = self.weights.embedding.rows(&Tensor::new(ids, self.device())?)?;
        match self.config.embedding_factor() {
            1.0 => Ok(x),
            factor => Ok((x * f64::from(factor))?),
        }
    }

    fn final_norm(&self, x: &Tensor) -> Result<Tensor> {
        Ok(rms_norm(x, &self.weights.norm, self.config.norm_epsilon as f32)?)
    }

    /// Cross-entropy at the scored positions only, and the gradient of `factor` times it with respect to `x` (n, d). Logits
    /// are computed in chunks of rows. For a row h with label y: `d loss / dh = softmax(h W^T) W - W[y]`.
    fn head(&self, batch: &[Sequence], x: &Tensor, factor: f64) -> Result<(f64, Tensor)> {
        let (positions, labels) = scored(batch);
        let mut total = 0.0;
        let mut gradient = x.zeros_like()?;
        for (positions, labels) in positions.chunks(HEAD_CHUNK).zip(labels.chunks(HEAD_CHUNK)) {
            let positions = Tensor::new(positions, self.device())?;
            let labels = Tensor::new(labels, self.device())?;
            let before = x.index_select(&positions, 0)?;
            let normed = self.final_norm(&before)?;
            let probabilities = softmax_last_dim(&self.weights.head.forward(&normed)?)?;
            let of_labels = probabilities.gather(&labels.unsqueeze(1)?, 1)?;
            // The smallest normal f32 caps a token's loss at 87 nats instead of infinity.
            total -= f64::from(of_labels.clamp(f32::MIN_POSITIVE, 1.0)?.log()?.sum_all()?.to_scalar::<f32>()?);
            let d = (self.weights.head.backward(&probabilities)? - self.weights.head.rows(&labels)?)?;
            let d = norm_backward(&before, &self.weights.norm, &(d * factor)?, self.config.norm_epsilon)?;
            gradient = gradient.index_add(&positions, &d, 0)?;
        }
        Ok((total, gradient))
    }
}

/// Positions of rows whose next token is scored, and those tokens.
pub(super) fn scored(batch: &[Sequence]) -> (Vec<u32>, Vec<u32>) {
    let (mut positions, mut labels) = (Vec::new(), Vec::new());
    let mut start = 0;
    for sequence in batch {
        for next in sequence.reply_start.max(1)..sequence.ids.len() {
            positions.push((start + next - 1) as u32);
            labels.push(sequence.ids[next]);
        }
        start += sequence.ids.len();
    }
    (positions, labels)
}
