//! One block over plain slices: forward and the explicit backward pass, with all buffers from an arena. The same
//! mathematics as `engine::block`, which runs on any device and is the reference in tests. Knows neither loss nor
//! optimizer.

use candle_core::Tensor;

use super::arena::Arena;
use super::attention::Attention;
use super::kernels::{add, add_to_rows, gated, gated_backward, rms_norm, rms_norm_backward, rotate};
use super::panels::{self, Values};
use super::product::{Accumulate, View, product};
use crate::engine::adapter::LayerPairs;
use crate::engine::config::Config;
use crate::engine::error::Result;
use crate::engine::projection::Projection;
use crate::engine::weights::LayerWeights;

/// The rows of one pass: where each sequence is, and the rotation of every row.
pub struct Span<'a> {
    pub segments: &'a [(usize, usize)],
    pub rows: usize,
    /// For global and for local blocks.
    pub rotations: [Rotation<'a>; 2],
}

/// Cosines and sines, (rows, head_dim / 2) each.
pub struct Rotation<'a> {
    pub cos: Values<'a>,
    pub sin: Values<'a>,
}

struct Pair<'a> {
    a: Values<'a>,
    b: Values<'a>,
}

pub type Gradients = [Option<PairGradients>; 7];

pub struct PairGradients {
    pub a: Vec<f32>,
    pub b: Vec<f32>,
}

/// A block with its adapter pairs.
pub struct Layer<'a> {
    config: &'a Config,
    weights: &'a LayerWeights,
    pairs: [Option<Pair<'a>>; 7],
    attention_norm: Values<'a>,
    feed_forward_norm: Values<'a>,
    bias: Option<[Values<'a>; 3]>,
    /// Gains of query and key heads; of the outputs of attention and feed-forward.
    head_norms: Option<[Values<'a>; 2]>,
    branch_norms: Option<[Values<'a>; 2]>,
    local: bool,
    window: usize,
    rank: usize,
    scale: f32,
}

/// What the backward pass needs from the forward pass.
pub struct Saved {
    x: Vec<f32>,
    /// Rotated; with QK norm instead as projected, since its gradient needs them so.
    q: Vec<f32>,
    k: Vec<f32>,
    v: Vec<f32>,
    attention_out: Vec<f32>,
    middle: Vec<f32>,
    gate: Vec<f32>,
    up: Vec<f32>,
    /// Outputs of attention and feed-forward before branch norm; empty without it.
    branches: [Vec<f32>; 2],
}

impl<'a> Layer<'a> {
    /// `adapter`: the layer's pairs with the adapter's rank and its factor alpha / rank.
    pub fn new(
        config: &'a Config,
        layer: usize,
        weights: &'a LayerWeights,
        adapter: Option<(&'a LayerPairs, usize, f64)>,
    ) -> Result<Self> {
        let mut pairs = [const { None }; 7];
        for (place, pair) in pairs.iter_mut().zip(adapter.iter().flat_map(|(pairs, ..)| pairs.iter())) {
            if let Some(pair) = pair {
                *place = Some(Pair { a: Values::of(&pair.a)?, b: Values::of(&pair.b)? });
            }
        }
        let (rank, scale) = adapter.map_or((0, 0.0), |(_, rank, scale)| (rank, scale as f32));
        let (attention_norm, feed_forward_norm) =
            (Values::of(&weights.attention_norm)?, Values::of(&weights.feed_forward_norm)?);
        Ok(Self {
            bias: values(weights.extras.bias.as_ref())?,
            head_norms: values(weights.extras.head_norms.as_ref())?,
            branch_norms: values(weights.extras.branch_norms.as_ref())?,
            local: config.is_local(layer),
            window: config.window(layer),
            config,
            weights,
            pairs,
            attention_norm,
            feed_forward_norm,
            rank,
            scale,
        })
    }

    /// `x` (n, hidden) to the block's output (n, hidden).
    pub fn forward(&self, arena: &mut Arena, x: Vec<f32>, span: &Span<'_>) -> Result<(Vec<f32>, Saved)> {
        let normed = self.norm(arena, &x, &self.attention_norm);
        let mut q = self.linear(arena, Projection::Query, &normed, span.rows)?;
        let mut k = self.linear(arena, Projection::Key, &normed, span.rows)?;
        let v = self.linear(arena, Projection::Value, &normed, span.rows)?;
        arena.give(normed);
        let raw = self.prepare_heads(arena, [&mut q, &mut k], span);
        let mut attention_out = arena.take_like(&q);
        for &segment in span.segments {
            let to = &mut attention_out[self.range(segment, self.config.heads)];
            self.attention(&q, &k, &v, segment).forward(arena, to);
        }
        if let Some([raw_q, raw_k]) = raw {
            arena.give(std::mem::replace(&mut q, raw_q));
            arena.give(std::mem::replace(&mut k, raw_k));
        }
        let branch = self.linear(arena, Projection::Output, &attention_out, span.rows)?;
        let (mut middle, attention_branch) = self.branch_normed(arena, branch, 0);
        add(&mut middle, &x);

        let normed = self.norm(arena, &middle, &self.feed_forward_norm);
        let gate = self.linear(arena, Projection::Gate, &normed, span.rows)?;
        let up = self.linear(arena, Projection::Up, &normed, span.rows)?;
        arena.give(normed);
        let mut product = arena.take_like(&gate);
        gated(&mut product, &gate, &up, self.config.family.activation);
        let branch = self.linear(arena, Projection::Down, &product, span.rows)?;
        arena.give(product);
        let (mut out, feed_forward_branch) = self.branch_normed(arena, branch, 1);
        add(&mut out, &middle);
        let branches = [attention_branch, feed_forward_branch];
        Ok((out, Saved { x, q, k, v, attention_out, middle, gate, up, branches }))
    }

    /// From the gradient with respect to the block's output to that with respect to its input, both (n, hidden). Adds
    /// those of the pairs to `gradients`.
    pub fn backward(
        &self,
        arena: &mut Arena,
        saved: Saved,
        span: &Span<'_>,
        mut d: Vec<f32>,
        gradients: &mut Gradients,
    ) -> Result<Vec<f32>> {
        let Saved { x, mut q, mut k, v, attention_out, middle, mut gate, mut up, branches } = saved;
        let [attention_branch, feed_forward_branch] = branches;
        let activation = self.config.family.activation;

        // Feed-forward: out = middle + down(activation(gate) up).
        let mut product = arena.take_like(&gate);
        gated(&mut product, &gate, &up, activation);
        let mut d_product = arena.take_like(&gate);
        let d_branch = self.branch_normed_backward(arena, &d, feed_forward_branch, 1);
        let d_down = d_branch.as_deref().unwrap_or(&d);
        self.linear_backward(arena, Projection::Down, &product, d_down, &mut d_product, Accumulate::No, gradients)?;
        d_branch.into_iter().for_each(|buffer| arena.give(buffer));
        arena.give(product);
        gated_backward(&d_product, &mut gate, &mut up, activation);
        arena.give(d_product);
        let normed = self.norm(arena, &middle, &self.feed_forward_norm);
        let mut d_in = arena.take_like(&d);
        self.linear_backward(arena, Projection::Gate, &normed, &gate, &mut d_in, Accumulate::No, gradients)?;
        self.linear_backward(arena, Projection::Up, &normed, &up, &mut d_in, Accumulate::Yes, gradients)?;
        self.norm_backward(&mut d, &mut d_in, &middle, &self.feed_forward_norm);
        [normed, gate, up, middle].into_iter().for_each(|buffer| arena.give(buffer));

        // Attention: middle = x + output(attend(query, key, value)).
        let mut d_attention = arena.take_like(&attention_out);
        let d_branch = self.branch_normed_backward(arena, &d, attention_branch, 0);
        let d_out = d_branch.as_deref().unwrap_or(&d);
        let attended = &attention_out;
        self.linear_backward(arena, Projection::Output, attended, d_out, &mut d_attention, Accumulate::No, gradients)?;
        d_branch.into_iter().for_each(|buffer| arena.give(buffer));
        arena.give(attention_out);
        let raw = self.head_norms.is_some().then(|| self.prepare_heads(arena, [&mut q, &mut k], span)).flatten();
        let (mut d_q, mut d_k, mut d_v) = (arena.take_like(&q), arena.take_like(&k), arena.take_like(&v));
        for &segment in span.segments {
            let (queries, keys) = (self.range(segment, self.config.heads), self.range(segment, self.config.kv_heads));
            let d_out = &d_attention[queries.clone()];
            self.attention(&q, &k, &v, segment).backward(
                arena,
                d_out,
                &mut d_q[queries],
                &mut d_k[keys.clone()],
                &mut d_v[keys],
            );
        }
        self.rotate(&mut d_q, self.config.heads, span, -1.0);
        self.rotate(&mut d_k, self.config.kv_heads, span, -1.0);
        if let (Some(raw), Some(gains)) = (raw, &self.head_norms) {
            for ((d, raw), gain) in [&mut d_q, &mut d_k].into_iter().zip(raw).zip(gains) {
                let mut d_raw = arena.take_like(&raw);
                d_raw.fill(0.0);
                self.norm_backward(&mut d_raw, d, &raw, gain);
                arena.give(std::mem::replace(d, d_raw));
                arena.give(raw);
            }
        }
        let normed = self.norm(arena, &x, &self.attention_norm);
        self.linear_backward(arena, Projection::Query, &normed, &d_q, &mut d_in, Accumulate::No, gradients)?;
        self.linear_backward(arena, Projection::Key, &normed, &d_k, &mut d_in, Accumulate::Yes, gradients)?;
        self.linear_backward(arena, Projection::Value, &normed, &d_v, &mut d_in, Accumulate::Yes, gradients)?;
        self.norm_backward(&mut d, &mut d_in, &x, &self.attention_norm);
        [normed, d_in, d_attention, d_q, d_k, d_v, q, k, v, x].into_iter().for_each(|buffer| arena.give(buffer));
        Ok(d)
    }

    /// Returns the buffers of a forward pass to the arena, except its input, which is the result.
    pub fn release(arena: &mut Arena, saved: Saved) -> Vec<f32> {
        let Saved { x, q, k, v, attention_out, middle, gate, up, branches } = saved;
        [q, k, v, attention_out, middle, gate, up].into_iter().chain(branches).for_each(|buffer| arena.give(buffer));
        x
    }

    pub fn rank(&self) -> usize {
        self.rank
    }

    /// Zero gradients for every pair of the layer.
    pub fn zero_gradients(&self) -> Gradients {
        self.pairs.each_ref().map(|pair| {
            pair.as_ref().map(|pair| PairGradients { a: vec![0.0; pair.a.len()], b: vec![0.0; pair.b.len()] })
        })
    }

    fn attention<'b>(&'b self, q: &'b [f32], k: &'b [f32], v: &'b [f32], segment: (usize, usize)) -> Attention<'b> {
        let keys = self.range(segment, self.config.kv_heads);
        Attention {
            config: self.config,
            q: &q[self.range(segment, self.config.heads)],
            k: &k[keys.clone()],
            v: &v[keys],
            window: self.window,
        }
    }

    /// The range of a segment's rows in a buffer with `heads` heads per row.
    fn range(&self, (start, length): (usize, usize), heads: usize) -> std::ops::Range<usize> {
        let width = heads * self.config.head_dim;
        start * width..(start + length) * width
    }

    fn rotate(&self, x: &mut [f32], heads: usize, span: &Span<'_>, sign: f32) {
        let (w, rotation) = (self.config.head_dim, &span.rotations[usize::from(self.local)]);
        rotate(x, heads * w, &rotation.cos, &rotation.sin, w / 2, sign);
    }

    /// Rotates queries and keys, after QK norm in families that have it; then returns them as they were before.
    fn prepare_heads(&self, arena: &mut Arena, [q, k]: [&mut Vec<f32>; 2], span: &Span<'_>) -> Option<[Vec<f32>; 2]> {
        let raw = self.head_norms.as_ref().map(|[query_gain, key_gain]| {
            let (normed_q, normed_k) = (self.norm(arena, q, query_gain), self.norm(arena, k, key_gain));
            [std::mem::replace(q, normed_q), std::mem::replace(k, normed_k)]
        });
        self.rotate(q, self.config.heads, span, 1.0);
        self.rotate(k, self.config.kv_heads, span, 1.0);
        raw
    }

    /// The output of attention (0) or feed-forward (1) after branch norm, and before it. Without branch norm the
    /// second buffer is empty.
    fn branch_normed(&self, arena: &mut Arena, branch: Vec<f32>, which: usize) -> (Vec<f32>, Vec<f32>) {
        match &self.branch_norms {
            Some(gains) => (self.norm(arena, &branch, &gains[which]), branch),
            None => (branch, Vec::new()),
        }
    }

    /// The gradient through branch norm; none in families without it.
    fn branch_normed_backward(&self, arena: &mut Arena, d: &[f32], branch: Vec<f32>, which: usize) -> Option<Vec<f32>> {
        let gains = self.branch_norms.as_ref()?;
        let (mut d_out, mut d_branch) = (arena.take_like(&branch), arena.take_like(&branch));
        d_out.copy_from_slice(d);
        d_branch.fill(0.0);
        self.norm_backward(&mut d_branch, &mut d_out, &branch, &gains[which]);
        arena.give(d_out);
        arena.give(branch);
        Some(d_branch)
    }

    fn norm(&self, arena: &mut Arena, x: &Vec<f32>, gain: &[f32]) -> Vec<f32> {
        let mut to = arena.take_like(x);
        rms_norm(&mut to, x, gain, self.config.norm_epsilon as f32);
        to
    }

    fn norm_backward(&self, d_x: &mut [f32], d_y: &mut [f32], x: &[f32], gain: &[f32]) {
        rms_norm_backward(d_x, d_y, x, gain, self.config.norm_epsilon as f32);
    }

    /// `y = x W^T + bias + s x A^T B^T`.
    fn linear(&self, arena: &mut Arena, projection: Projection, x: &[f32], n: usize) -> Result<Vec<f32>> {
        let (outputs, inputs) = projection.dims(self.config);
        let mut y = arena.take_rows(n, outputs);
        panels::forward(self.weights.matrix(projection), arena, &mut y, x, n)?;
        if let Some(bias) = self.bias.as_ref().and_then(|bias| bias.get(projection as usize)) {
            add_to_rows(&mut y, bias);
        }
        if let Some(pair) = &self.pairs[projection as usize] {
            let low = self.low(arena, pair, x, n, inputs);
            let b = View::new(&pair.b, outputs, self.rank).transposed();
            product(&mut y, outputs, View::new(&low, n, self.rank), b, 1.0, Accumulate::Yes);
            arena.give(low);
        }
        Ok(y)
    }

    /// `s x A^T`, (n, rank).
    fn low(&self, arena: &mut Arena, pair: &Pair<'_>, x: &[f32], n: usize, inputs: usize) -> Vec<f32> {
        let mut low = arena.take_rows(n, self.rank);
        let a = View::new(&pair.a, self.rank, inputs).transposed();
        product(&mut low, self.rank, View::new(x, n, inputs), a, self.scale, Accumulate::No);
        low
    }

    /// With g = s dY B: `dX = dY W + g A`, `dA = g^T X`, `dB = dY^T (s X A^T)`. The frozen W gets no gradient.
    #[allow(clippy::too_many_arguments)]
    fn linear_backward(
        &self,
        arena: &mut Arena,
        projection: Projection,
        x: &[f32],
        d_y: &[f32],
        d_x: &mut [f32],
        accumulate: Accumulate,
        gradients: &mut Gradients,
    ) -> Result<()> {
        let (outputs, inputs) = projection.dims(self.config);
        let (n, rank) = (x.len() / inputs, self.rank);
        panels::backward(self.weights.matrix(projection), arena, d_x, d_y, n, accumulate)?;
        let (Some(pair), Some(sum)) = (&self.pairs[projection as usize], &mut gradients[projection as usize]) else {
            return Ok(());
        };
        let d_y = View::new(d_y, n, outputs);
        let mut g = arena.take_rows(n, rank);
        product(&mut g, rank, d_y, View::new(&pair.b, outputs, rank), self.scale, Accumulate::No);
        let low = self.low(arena, pair, x, n, inputs);
        let by_rank = View::new(&g, n, rank);
        product(d_x, inputs, by_rank, View::new(&pair.a, rank, inputs), 1.0, Accumulate::Yes);
        product(&mut sum.a, inputs, by_rank.transposed(), View::new(x, n, inputs), 1.0, Accumulate::Yes);
        product(&mut sum.b, rank, d_y.transposed(), View::new(&low, n, rank), 1.0, Accumulate::Yes);
        arena.give(g);
        arena.give(low);
        Ok(())
    }
}

/// The borrowed values of each tensor.
fn values<const N: usize>(tensors: Option<&[Tensor; N]>) -> Result<Option<[Values<'_>; N]>> {
    let Some(tensors) = tensors else { return Ok(None) };
    let borrowed = tensors.iter().map(Values::of).collect::<Result<Vec<_>>>()?;
    Ok(borrowed.try_into().ok())
}
