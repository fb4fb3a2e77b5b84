//! One block over plain slices: forward, and the explicit backward pass, with every buffer from an arena. The same
//! mathematics as `engine::block`, which runs on any device and is its twin in the tests. Knows neither loss nor optimizer.

use super::arena::Arena;
use super::attention::Attention;
use super::kernels::{add, rms_norm, rms_norm_backward, rotate, swiglu, swiglu_backward};
use super::panels::{self, Values};
use super::product::{Into, View, product};
use crate::engine::adapter::LayerPairs;
use crate::engine::config::Config;
use crate::engine::error::Result;
use crate::engine::projection::Projection;
use crate::engine::weights::LayerWeights;

/// Rows of one pass: where each sequence lies, and the rotation of every row.
pub struct Span<'a> {
    pub segments: &'a [(usize, usize)],
    pub rows: usize,
    /// (rows, head_dim / 2).
    pub cos: &'a [f32],
    pub sin: &'a [f32],
}

/// The values of a pair, borrowed.
struct Pair<'a> {
    a: Values<'a>,
    b: Values<'a>,
}

/// The gradients of a layer's pairs, sums over all rows so far.
pub type Gradients = [Option<PairGradients>; 7];

pub struct PairGradients {
    pub a: Vec<f32>,
    pub b: Vec<f32>,
}

/// A block with the adapter's pairs for it.
pub struct Layer<'a> {
    config: &'a Config,
    weights: &'a LayerWeights,
    pairs: [Option<Pair<'a>>; 7],
    attention_norm: Values<'a>,
    feed_forward_norm: Values<'a>,
    rank: usize,
    scale: f32,
}

/// What the backward pass needs of a forward pass.
pub struct Saved {
    x: Vec<f32>,
    q: Vec<f32>,
    k: Vec<f32>,
    v: Vec<f32>,
    attention_out: Vec<f32>,
    middle: Vec<f32>,
    gate: Vec<f32>,
    up: Vec<f32>,
}

impl<'a> Layer<'a> {
    /// `adapter`: the layer's pairs with the adapter's rank and its factor alpha / rank.
    ///
    /// # Errors
    /// When a tensor is not f32 on the CPU.
    pub fn new(
        config: &'a Config,
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
        Ok(Self { config, weights, pairs, attention_norm, feed_forward_norm, rank, scale })
    }

    /// `x` (n, hidden) to the block's output (n, hidden).
    ///
    /// # Errors
    /// When a weight cannot be read.
    pub fn forward(&self, arena: &mut Arena, x: Vec<f32>, span: &Span<'_>) -> Result<(Vec<f32>, Saved)> {
        let normed = self.norm(arena, &x, &self.attention_norm);
        let mut q = self.linear(arena, Projection::Query, &normed, span.rows)?;
        let mut k = self.linear(arena, Projection::Key, &normed, span.rows)?;
        let v = self.linear(arena, Projection::Value, &normed, span.rows)?;
        arena.give(normed);
        self.rotate(&mut q, self.config.heads, span, 1.0);
        self.rotate(&mut k, self.config.kv_heads, span, 1.0);
        let mut attention_out = arena.take(q.len());
        for &segment in span.segments {
            let to = &mut attention_out[self.range(segment, self.config.heads)];
            self.attention(&q, &k, &v, segment).forward(arena, to);
        }
        let mut middle = self.linear(arena, Projection::Output, &attention_out, span.rows)?;
        add(&mut middle, &x);

        let normed = self.norm(arena, &middle, &self.feed_forward_norm);
        let gate = self.linear(arena, Projection::Gate, &normed, span.rows)?;
        let up = self.linear(arena, Projection::Up, &normed, span.rows)?;
        arena.give(normed);
        let mut product = arena.take(gate.len());
        swiglu(&mut product, &gate, &up);
        let mut out = self.linear(arena, Projection::Down, &product, span.rows)?;
        arena.give(product);
        add(&mut out, &middle);
        Ok((out, Saved { x, q, k, v, attention_out, middle, gate, up }))
    }

    /// Turns the gradient by the block's output into that by its input, both (n, hidden), and adds to those of the pairs.
    ///
    /// # Errors
    /// When a weight cannot be read.
    pub fn backward(
        &self,
        arena: &mut Arena,
        saved: Saved,
        span: &Span<'_>,
        mut d: Vec<f32>,
        gradients: &mut Gradients,
    ) -> Result<Vec<f32>> {
        let Saved { x, q, k, v, attention_out, middle, mut gate, mut up } = saved;

        // Feed-forward: out = middle + down(silu(gate) up).
        let mut product = arena.take(gate.len());
        swiglu(&mut product, &gate, &up);
        let mut d_product = arena.take(gate.len());
        self.linear_backward(arena, Projection::Down, &product, &d, &mut d_product, Into::Replace, gradients)?;
        arena.give(product);
        swiglu_backward(&d_product, &mut gate, &mut up);
        arena.give(d_product);
        let normed = self.norm(arena, &middle, &self.feed_forward_norm);
        let mut d_in = arena.take(d.len());
        self.linear_backward(arena, Projection::Gate, &normed, &gate, &mut d_in, Into::Replace, gradients)?;
        self.linear_backward(arena, Projection::Up, &normed, &up, &mut d_in, Into::Add, gradients)?;
        self.norm_backward(&mut d, &mut d_in, &middle, &self.feed_forward_norm);
        [normed, gate, up, middle].into_iter().for_each(|buffer| arena.give(buffer));

        // Attention: middle = x + output(attend(query, key, value)).
        let mut d_attention = arena.take(attention_out.len());
        self.linear_backward(
            arena,
            Projection::Output,
            &attention_out,
            &d,
            &mut d_attention,
            Into::Replace,
            gradients,
        )?;
        arena.give(attention_out);
        let (mut d_q, mut d_k, mut d_v) = (arena.take(q.len()), arena.take(k.len()), arena.take(v.len()));
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
        let normed = self.norm(arena, &x, &self.attention_norm);
        self.linear_backward(arena, Projection::Query, &normed, &d_q, &mut d_in, Into::Replace, gradients)?;
        self.linear_backward(arena, Projection::Key, &normed, &d_k, &mut d_in, Into::Add, gradients)?;
        self.linear_backward(arena, Projection::Value, &normed, &d_v, &mut d_in, Into::Add, gradients)?;
        self.norm_backward(&mut d, &mut d_in, &x, &self.attention_norm);
        [normed, d_in, d_attention, d_q, d_k, d_v, q, k, v, x].into_iter().for_each(|buffer| arena.give(buffer));
        Ok(d)
    }

    /// Gives what a forward pass kept back to the arena, except its input, which it returns.
    pub fn forget(arena: &mut Arena, saved: Saved) -> Vec<f32> {
        let Saved { x, q, k, v, attention_out, middle, gate, up } = saved;
        [q, k, v, attention_out, middle, gate, up].into_iter().for_each(|buffer| arena.give(buffer));
        x
    }

    pub fn rank(&self) -> usize {
        self.rank
    }

    /// Gradients of zero for every pair of the layer.
    pub fn no_gradients(&self) -> Gradients {
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
            window: usize::MAX,
        }
    }

    /// Where the rows of a segment lie in a buffer of `heads` heads a row.
    fn range(&self, (start, length): (usize, usize), heads: usize) -> std::ops::Range<usize> {
        let width = heads * self.config.head_dim;
        start * width..(start + length) * width
    }

    fn rotate(&self, x: &mut [f32], heads: usize, span: &Span<'_>, sign: f32) {
        let w = self.config.head_dim;
        rotate(x, heads * w, span.cos, span.sin, w / 2, sign);
    }

    fn norm(&self, arena: &mut Arena, x: &[f32], gain: &[f32]) -> Vec<f32> {
        let mut to = arena.take(x.len());
        rms_norm(&mut to, x, gain, self.config.norm_epsilon as f32);
        to
    }

    fn norm_backward(&self, d_x: &mut [f32], d_y: &mut [f32], x: &[f32], gain: &[f32]) {
        rms_norm_backward(d_x, d_y, x, gain, self.config.norm_epsilon as f32);
    }

    /// `y = x W^T + s x A^T B^T`.
    fn linear(&self, arena: &mut Arena, projection: Projection, x: &[f32], n: usize) -> Result<Vec<f32>> {
        let (outputs, inputs) = projection.dims(self.config);
        let mut y = arena.take(n * outputs);
        panels::forward(self.weights.matrix(projection), arena, &mut y, x, n)?;
        if let Some(pair) = &self.pairs[projection as usize] {
            let low = self.low(arena, pair, x, n, inputs);
            let b = View::new(&pair.b, outputs, self.rank).transposed();
            product(&mut y, outputs, View::new(&low, n, self.rank), b, 1.0, Into::Add);
            arena.give(low);
        }
        Ok(y)
    }

    /// `s x A^T`, (n, rank).
    fn low(&self, arena: &mut Arena, pair: &Pair<'_>, x: &[f32], n: usize, inputs: usize) -> Vec<f32> {
        let mut low = arena.take(n * self.rank);
        let a = View::new(&pair.a, self.rank, inputs).transposed();
        product(&mut low, self.rank, View::new(x, n, inputs), a, self.scale, Into::Replace);
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
        into: Into,
        gradients: &mut Gradients,
    ) -> Result<()> {
        let (outputs, inputs) = projection.dims(self.config);
        let (n, rank) = (x.len() / inputs, self.rank);
        panels::backward(self.weights.matrix(projection), arena, d_x, d_y, n, into)?;
        let (Some(pair), Some(sum)) = (&self.pairs[projection as usize], &mut gradients[projection as usize]) else {
            return Ok(());
        };
        let d_y = View::new(d_y, n, outputs);
        let mut g = arena.take(n * rank);
        product(&mut g, rank, d_y, View::new(&pair.b, outputs, rank), self.scale, Into::Replace);
        let low = self.low(arena, pair, x, n, inputs);
        let by_rank = View::new(&g, n, rank);
        product(d_x, inputs, by_rank, View::new(&pair.a, rank, inputs), 1.0, Into::Add);
        product(&mut sum.a, inputs, by_rank.transposed(), View::new(x, n, inputs), 1.0, Into::Add);
        product(&mut sum.b, rank, d_y.transposed(), View::new(&low, n, rank), 1.0, Into::Add);
        arena.give(g);
        arena.give(low);
        Ok(())
    }
}
