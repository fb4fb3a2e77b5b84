//! The whole model: loss, and gradients of the adapter. Knows no optimizer and no schedule.

use serde::{Deserialize, Serialize};

use super::arena::Arena;
use super::gradients::AdapterGradients;
use super::kernels::{cross_entropy, rms_norm, rms_norm_backward, scale};
use super::layer::{Layer, Rotation, Saved, Span};
use super::panels::{self, Values};
use super::product::Accumulate;
use crate::engine::adapter::Adapter;
use crate::engine::config::Config;
use crate::engine::error::Result;
use crate::engine::network::{Sequence, scored};
use crate::engine::rows::{Positions, Rotary};
use crate::engine::weights::Weights;
use crate::platform::cancel::Cancel;

/// Which activations are kept for the backward pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Keep {
    /// All that the backward pass needs: fastest.
    All,
    /// Only each block's input; the rest is recomputed (gradient checkpointing; Chen et al., *Training Deep Nets with
    /// Sublinear Memory Cost*, 2016): a third more computation for a tenth of the memory.
    Inputs,
}

/// Which blocks learn, and how much memory the pass uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scope {
    /// The first block that learns. The adapter matrices of earlier blocks are frozen and get no gradient.
    pub first_layer: usize,
    pub keep: Keep,
    /// Rows of logits computed at a time. One row has the size of the vocabulary, so they are the largest buffer of a
    /// step; few rows make the products slow (docs/benchmarks.md).
    pub head_rows: usize,
}

impl Default for Scope {
    fn default() -> Self {
        Self { first_layer: 0, keep: Keep::All, head_rows: 128 }
    }
}

/// The input of block `first_layer` for each sequence of a batch, (tokens, hidden) each. It is constant, since
/// earlier blocks are frozen.
pub type Prefix<'a> = &'a [&'a [f32]];

/// A base model with an optional adapter, on the CPU.
pub struct Pass<'a> {
    config: &'a Config,
    weights: &'a Weights,
    rotary: &'a Rotary,
    layers: Vec<Layer<'a>>,
    norm: Values<'a>,
    cancel: Option<&'a Cancel>,
}

impl<'a> Pass<'a> {
    pub fn new(
        config: &'a Config,
        weights: &'a Weights,
        rotary: &'a Rotary,
        adapter: Option<&'a Adapter>,
    ) -> Result<Self> {
        let pairs = |layer: usize| adapter.map(|adapter| (&adapter.layers[layer], adapter.rank, adapter.scale()));
        let layers = weights.layers.iter().enumerate().map(|(i, weights)| Layer::new(config, i, weights, pairs(i)));
        let layers = layers.collect::<Result<_>>()?;
        Ok(Self { config, weights, rotary, layers, norm: Values::of(&weights.norm)?, cancel: None })
    }

    /// The same pass, which checks `cancel` between blocks: it waits while paused and ends with
    /// [`EngineError::Cancelled`] when cancelled.
    #[must_use]
    pub fn with_cancel(self, cancel: &'a Cancel) -> Self {
        Self { cancel: Some(cancel), ..self }
    }

    /// Total cross-entropy in nats over all scored tokens of `batch`. `head_rows` and `prefix` are as in
    /// [`Self::accumulate`].
    ///
    /// # Errors
    /// When a sequence exceeds the model's context, or the pass is cancelled.
    pub fn loss(&self, arena: &mut Arena, batch: &[Sequence], scope: Scope, prefix: Option<Prefix<'_>>) -> Result<f64> {
        let x = self.input(arena, batch, scope.first_layer, prefix)?;
        let x = self.run_layers(arena, batch, x, scope.first_layer..self.layers.len())?;
        let (loss, d_x) = self.head(arena, batch, &x, 1.0, scope.head_rows, false)?;
        arena.give(d_x);
        arena.give(x);
        Ok(loss)
    }

    /// The input of block `layer` for all rows of `batch`, (tokens, hidden).
    ///
    /// # Errors
    /// When a sequence exceeds the model's context, or the pass is cancelled.
    pub fn input_of(&self, arena: &mut Arena, batch: &[Sequence], layer: usize) -> Result<Vec<f32>> {
        let x = self.embed(arena, batch)?;
        self.run_layers(arena, batch, x, 0..layer)
    }

    /// Runs `x` through some of the blocks, keeping no activations.
    fn run_layers(
        &self,
        arena: &mut Arena,
        batch: &[Sequence],
        mut x: Vec<f32>,
        layers: std::ops::Range<usize>,
    ) -> Result<Vec<f32>> {
        self.with_span(batch, |span| {
            for layer in &self.layers[layers] {
                self.proceed()?;
                let (out, saved) = layer.forward(arena, x, span)?;
                x = out;
                let input = Layer::release(arena, saved);
                arena.give(input);
            }
            Ok(x)
        })
    }

    /// The input of block `first_layer`: `prefix` if given, else computed.
    fn input(
        &self,
        arena: &mut Arena,
        batch: &[Sequence],
        first_layer: usize,
        prefix: Option<Prefix<'_>>,
    ) -> Result<Vec<f32>> {
        let Some(parts) = prefix else { return self.input_of(arena, batch, first_layer) };
        arena.fit(rows(batch));
        let mut x = arena.take_rows(rows(batch), self.config.hidden);
        let mut rest = x.as_mut_slice();
        for part in parts {
            let (to, after) = rest.split_at_mut(part.len());
            to.copy_from_slice(part);
            rest = after;
        }
        Ok(x)
    }

    /// Zero gradients for the blocks from `first_layer` on.
    pub fn zero_gradients(&self, first_layer: usize) -> AdapterGradients {
        let layers = self.layers.iter().enumerate();
        let layers = layers.map(|(i, layer)| if i < first_layer { Default::default() } else { layer.zero_gradients() });
        AdapterGradients::new(layers.collect(), self.layers[0].rank())
    }

    /// Total cross-entropy in nats over all scored tokens of `batch`. Adds the gradients of `factor` times it with
    /// respect to the adapter's matrices in the blocks of `scope` to `sums`, which [`Self::zero_gradients`] creates.
    ///
    /// # Errors
    /// When a sequence exceeds the model's context, or the pass is cancelled; `sums` is then undefined.
    pub fn accumulate(
        &self,
        arena: &mut Arena,
        batch: &[Sequence],
        factor: f64,
        scope: Scope,
        prefix: Option<Prefix<'_>>,
        sums: &mut AdapterGradients,
    ) -> Result<f64> {
        let mut x = self.input(arena, batch, scope.first_layer, prefix)?;
        self.with_span(batch, |span| {
            let learning = &self.layers[scope.first_layer..];
            let mut kept = Vec::with_capacity(learning.len());
            for layer in learning {
                self.proceed()?;
                let (out, saved) = layer.forward(arena, x, span)?;
                x = out;
                kept.push(match scope.keep {
                    Keep::All => Kept::All(Box::new(saved)),
                    Keep::Inputs => Kept::Input(Layer::release(arena, saved)),
                });
            }
            let (loss, mut d_x) = self.head(arena, batch, &x, factor as f32, scope.head_rows, true)?;
            arena.give(std::mem::take(&mut x));
            let sums = &mut sums.layers[scope.first_layer..];
            for ((layer, kept), sums) in learning.iter().zip(kept).zip(sums).rev() {
                self.proceed()?;
                let saved = match kept {
                    Kept::All(saved) => *saved,
                    Kept::Input(input) => {
                        let (out, saved) = layer.forward(arena, input, span)?;
                        arena.give(out);
                        saved
                    }
                };
                d_x = layer.backward(arena, saved, span, d_x, sums)?;
            }
            arena.give(d_x);
            Ok(loss)
        })
    }

    fn proceed(&self) -> Result<()> {
        self.cancel.map_or(Ok(()), |cancel| Ok(cancel.proceed()?))
    }

    fn with_span<R>(&self, batch: &[Sequence], job: impl FnOnce(&Span<'_>) -> Result<R>) -> Result<R> {
        let lengths: Vec<usize> = batch.iter().map(|sequence| sequence.ids.len()).collect();
        let positions = Positions::of(&lengths, self.rotary)?;
        let rotation = |local: bool| -> Result<Rotation<'_>> {
            let rotation = positions.rotation(local);
            Ok(Rotation { cos: Values::of(&rotation.cos)?, sin: Values::of(&rotation.sin)? })
        };
        let rotations = [rotation(false)?, rotation(true)?];
        job(&Span { segments: &positions.segments, rows: rows(batch), rotations })
    }

    fn embed(&self, arena: &mut Arena, batch: &[Sequence]) -> Result<Vec<f32>> {
        let ids: Vec<u32> = batch.iter().flat_map(|sequence| sequence.ids.iter().copied()).collect();
        arena.fit(ids.len());
        let mut x = arena.take_rows(ids.len(), self.config.hidden);
        panels::rows(&self.weights.embedding, &ids, &mut x)?;
        if self.config.embedding_factor() != 1.0 {
            scale(&mut x, self.config.embedding_factor());
        }
        Ok(x)
    }

    /// Cross-entropy at the scored positions only, and, if `learn`, its gradient times `factor` with respect to `x`
    /// (n, d). Logits are computed in chunks of rows. For a row h with label y: `d loss / dh = softmax(h W^T) W -
    /// W[y]`.
    fn head(
        &self,
        arena: &mut Arena,
        batch: &[Sequence],
        x: &Vec<f32>,
        factor: f32,
        chunk: usize,
        learn: bool,
    ) -> Result<(f64, Vec<f32>)> {
        let (d, epsilon) = (self.config.hidden, self.config.norm_epsilon as f32);
        let (positions, labels) = scored(batch);
        let mut total = 0.0;
        let mut gradient = arena.take_like(x);
        gradient.fill(0.0);
        for (positions, labels) in positions.chunks(chunk).zip(labels.chunks(chunk)) {
            self.proceed()?;
            let n = positions.len();
            let at = |position: &u32| *position as usize * d..(*position as usize + 1) * d;
            // All chunks share buffers of the largest one; buffers of every length would add up.
            let (mut before, mut normed) = (arena.take(n * d, chunk * d), arena.take(n * d, chunk * d));
            for (to, position) in before.chunks_exact_mut(d).zip(positions) {
                to.copy_from_slice(&x[at(position)]);
            }
            rms_norm(&mut normed, &before, &self.norm, epsilon);
            let (length, capacity) = (n * self.config.vocabulary, chunk * self.config.vocabulary);
            let mut logits = arena.take(length, capacity);
            panels::forward(&self.weights.head, arena, &mut logits, &normed, n)?;
            total += cross_entropy(&mut logits, self.config.vocabulary, labels, factor);
            if learn {
                let mut d_normed = std::mem::take(&mut normed);
                panels::backward(&self.weights.head, arena, &mut d_normed, &logits, n, Accumulate::No)?;
                let mut d_before = arena.take_like(&before);
                d_before.fill(0.0);
                rms_norm_backward(&mut d_before, &mut d_normed, &before, &self.norm, epsilon);
                for (from, position) in d_before.chunks_exact(d).zip(positions) {
                    gradient[at(position)].copy_from_slice(from);
                }
                arena.give(d_before);
                normed = d_normed;
            }
            [before, normed, logits].into_iter().for_each(|buffer| arena.give(buffer));
        }
        Ok((total, gradient))
    }
}

fn rows(batch: &[Sequence]) -> usize {
    batch.iter().map(|sequence| sequence.ids.len()).sum()
}

/// What is kept of a block for the backward pass.
enum Kept {
    All(Box<Saved>),
    Input(Vec<f32>),
}
