//! The whole model over its blocks: loss, and gradients of the adapter. Knows no optimizer and no schedule.

use serde::{Deserialize, Serialize};

use super::arena::Arena;
use super::gradients::AdapterGradients;
use super::kernels::{cross_entropy, rms_norm, rms_norm_backward, scale};
use super::layer::{Layer, Saved, Span, Turned};
use super::panels::{self, Values};
use super::product::Into;
use crate::engine::adapter::{Adapter, LayerPairs};
use crate::engine::config::Config;
use crate::engine::error::Result;
use crate::engine::network::{Sequence, scored};
use crate::engine::rows::{Positions, Rotary};
use crate::engine::weights::Weights;
use crate::platform::cancel::{Cancel, Cancelled};

/// What is kept of the forward pass for the backward pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Keep {
    /// Everything that the backward pass needs: fastest.
    All,
    /// Only each block's input; the rest is computed again (Chen et al., *Training Deep Nets with Sublinear Memory
    /// Cost*, 2016): a third more work for a tenth of the memory.
    Inputs,
}

/// Which part of the model learns, and how much is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scope {
    /// Blocks before this one are frozen: their adapter matrices stay as they are and get no gradient.
    pub first_layer: usize,
    pub keep: Keep,
    /// Rows of logits formed at a time. One row is the size of the vocabulary, so they are the largest buffer of a step; few
    /// rows make the products slow (docs/benchmarks.md).
    pub head_rows: usize,
}

impl Default for Scope {
    fn default() -> Self {
        Self { first_layer: 0, keep: Keep::All, head_rows: 128 }
    }
}

/// The input of block `first_layer` for each sequence of a batch, (tokens, hidden) each: it never changes while the
/// blocks before it are frozen.
pub type Prefix<'a> = &'a [&'a [f32]];

/// A base model with, or without, an adapter, on the processor.
pub struct Pass<'a> {
    config: &'a Config,
    weights: &'a Weights,
    rotary: &'a Rotary,
    layers: Vec<Layer<'a>>,
    norm: Values<'a>,
    cancel: Option<&'a Cancel>,
}

impl<'a> Pass<'a> {
    /// # Errors
    /// When a tensor is not f32 on the CPU.
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

    /// The same, ending with [`EngineError::Cancelled`] soon after a stop is asked for, and waiting while it is paused:
    /// both are looked at between blocks.
    #[must_use]
    pub fn heeding(self, cancel: &'a Cancel) -> Self {
        Self { cancel: Some(cancel), ..self }
    }

    /// Total cross-entropy in nats over all scored tokens of `batch`. `head_rows` and `prefix` are as in
    /// [`Self::accumulate`].
    ///
    /// # Errors
    /// When a sequence exceeds the model's context, or the work is cancelled.
    pub fn loss(&self, arena: &mut Arena, batch: &[Sequence], scope: Scope, prefix: Option<Prefix<'_>>) -> Result<f64> {
        let x = self.begin(arena, batch, scope.first_layer, prefix)?;
        let x = self.through(arena, batch, x, scope.first_layer..self.layers.len())?;
        let (loss, d_x) = self.head(arena, batch, &x, 1.0, scope.head_rows, false)?;
        arena.give(d_x);
        arena.give(x);
        Ok(loss)
    }

    /// The input of block `layer` for all rows of `batch`, (tokens, hidden).
    ///
    /// # Errors
    /// When a sequence exceeds the model's context, or the work is cancelled.
    pub fn before(&self, arena: &mut Arena, batch: &[Sequence], layer: usize) -> Result<Vec<f32>> {
        let x = self.embed(arena, batch)?;
        self.through(arena, batch, x, 0..layer)
    }

    /// `x` through some of the blocks, of which nothing is kept.
    fn through(
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
                let input = Layer::forget(arena, saved);
                arena.give(input);
            }
            Ok(x)
        })
    }

    fn begin(
        &self,
        arena: &mut Arena,
        batch: &[Sequence],
        first_layer: usize,
        prefix: Option<Prefix<'_>>,
    ) -> Result<Vec<f32>> {
        let Some(parts) = prefix else { return self.before(arena, batch, first_layer) };
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

    /// Gradients of zero for the blocks from `first_layer` on.
    #[must_use]
    pub fn no_gradients(&self, first_layer: usize) -> AdapterGradients {
        let layers = self.layers.iter().enumerate();
        let layers = layers.map(|(i, layer)| if i < first_layer { Default::default() } else { layer.no_gradients() });
        AdapterGradients::new(layers.collect(), self.layers[0].rank())
    }

    /// Total cross-entropy in nats over all scored tokens of `batch`, and the gradient of `factor` times it by the
    /// adapter's matrices in the blocks of `scope`; the other blocks have none.
    ///
    /// # Errors
    /// When a sequence exceeds the model's context, or the work is cancelled.
    pub fn loss_and_gradients(
        &self,
        arena: &mut Arena,
        batch: &[Sequence],
        factor: f64,
        scope: Scope,
        prefix: Option<Prefix<'_>>,
    ) -> Result<(f64, Vec<LayerPairs>)> {
        let mut gradients = self.no_gradients(scope.first_layer);
        let loss = self.accumulate(arena, batch, factor, scope, prefix, &mut gradients)?;
        Ok((loss, gradients.pairs()?))
    }

    /// As [`Self::loss_and_gradients`], adding the gradients to `sums`, which [`Self::no_gradients`] makes.
    ///
    /// # Errors
    /// When a sequence exceeds the model's context, or the work is cancelled; the sums are then of no use.
    pub fn accumulate(
        &self,
        arena: &mut Arena,
        batch: &[Sequence],
        factor: f64,
        scope: Scope,
        prefix: Option<Prefix<'_>>,
        sums: &mut AdapterGradients,
    ) -> Result<f64> {
        let mut x = self.begin(arena, batch, scope.first_layer, prefix)?;
        self.with_span(batch, |span| {
            let learning = &self.layers[scope.first_layer..];
            let mut kept = Vec::with_capacity(learning.len());
            for layer in learning {
                self.proceed()?;
                let (out, saved) = layer.forward(arena, x, span)?;
                x = out;
                kept.push(match scope.keep {
                    Keep::All => Kept::All(Box::new(saved)),
                    Keep::Inputs => Kept::Input(Layer::forget(arena, saved)),
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
        if self.cancel.is_none_or(Cancel::proceed) { Ok(()) } else { Err(Cancelled.into()) }
    }

    fn with_span<R>(&self, batch: &[Sequence], job: impl FnOnce(&Span<'_>) -> Result<R>) -> Result<R> {
        let lengths: Vec<usize> = batch.iter().map(|sequence| sequence.ids.len()).collect();
        let positions = Positions::of(&lengths, self.rotary)?;
        let turned = |local: bool| -> Result<Turned<'_>> {
            let turn = positions.turn(local);
            Ok(Turned { cos: Values::of(&turn.cos)?, sin: Values::of(&turn.sin)? })
        };
        let turns = [turned(false)?, turned(true)?];
        job(&Span { segments: &positions.segments, rows: rows(batch), turns })
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

    /// Cross-entropy at the scored positions only, and, where `learn` asks, its gradient times `factor` by `x` (n, d), in
    /// chunks of rows so that the logits are never whole. For a row h with label y: `d loss / dh = softmax(h W^T) W - W[y]`.
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
            // The largest chunk's buffers serve the smaller ones: buffers of every length would add up.
            let (mut before, mut normed) = (arena.take(n * d, chunk * d), arena.take(n * d, chunk * d));
            for (to, position) in before.chunks_exact_mut(d).zip(positions) {
                to.copy_from_slice(&x[at(position)]);
            }
            rms_norm(&mut normed, &before, &self.norm, epsilon);
            let (length, room) = (n * self.config.vocabulary, chunk * self.config.vocabulary);
            let mut logits = arena.take(length, room);
            panels::forward(&self.weights.head, arena, &mut logits, &normed, n)?;
            total += cross_entropy(&mut logits, self.config.vocabulary, labels, factor);
            if learn {
                let mut d_normed = std::mem::take(&mut normed);
                panels::backward(&self.weights.head, arena, &mut d_normed, &logits, n, Into::Replace)?;
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

/// Rows of a batch, its sequences laid end to end.
fn rows(batch: &[Sequence]) -> usize {
    batch.iter().map(|sequence| sequence.ids.len()).sum()
}

enum Kept {
    All(Box<Saved>),
    Input(Vec<f32>),
}
