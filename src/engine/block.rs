//! One transformer block on any device: its forward pass, and the explicit backward pass for the LoRA gradients.
//! Knows neither the loss nor the optimizer.
//!
//! No autograd graph is built: candle's fused operations have no derivative and would silently detach it, and its
//! matrix product would compute a gradient for every frozen weight. What the backward pass needs is kept in
//! [`Saved`], what is cheap is recomputed.
//!
//! Shapes: n rows, d hidden, H heads of width w, K key heads each shared by G = H / K, T rows of a sequence, S rows
//! seen.

use candle_core::{D, Tensor};
use candle_nn::kv_cache::KvCache;
use candle_nn::ops::{rms_norm, sigmoid, softmax_last_dim};
use candle_nn::rotary_emb::rope_thd;

use super::adapter::{LayerPairs, LoraPair};
use super::config::{Activation, Config};
use super::error::Result;
use super::projection::Projection;
use super::rows::Rows;
use super::weights::LayerWeights;

/// A block with its adapter pairs.
pub struct Block<'a> {
    pub config: &'a Config,
    pub weights: &'a LayerWeights,
    pub pairs: Option<&'a LayerPairs>,
    /// alpha / rank of the adapter.
    pub scale: f64,
    /// Whether it sees only the most recent tokens.
    pub local: bool,
}

/// The tanh approximation of GELU as x s(z) with the logistic s and z = 2 sqrt(2 / pi) (x + 0.044715 x^3).
pub const GELU_SCALE: f64 = 1.595_769_121_605_730_8;
pub const GELU_CUBIC: f64 = 0.044_715;

/// What the backward pass needs from the forward pass.
pub struct Saved {
    /// Input, (n, d).
    x: Tensor,
    /// Normalised input, (n, d).
    attention_in: Tensor,
    /// Queries and keys before QK norm, (n, H w) and (n, K w), in families that have it.
    raw: Option<[Tensor; 2]>,
    sequences: Vec<SavedAttention>,
    /// Output of attention before the output projection, (n, H w).
    attention_out: Tensor,
    /// Outputs of attention and feed-forward before branch norm, (n, d) each, in families that have it.
    branches: Option<[Tensor; 2]>,
    /// Residual stream after attention, (n, d).
    middle: Tensor,
    /// Normalised `middle`, (n, d).
    feed_forward_in: Tensor,
    /// (n, feed_forward).
    gate: Tensor,
    up: Tensor,
}

struct SavedAttention {
    /// Rotated queries (K, G T, w), rotated keys (K, S, w), values (K, S, w), probabilities (K, G T, S).
    q: Tensor,
    k: Tensor,
    v: Tensor,
    probabilities: Tensor,
}

impl Block<'_> {
    /// `x` (n, d) to the block's output (n, d). `caches` belong to the sequences that `rows` continue; empty for
    /// whole sequences.
    pub fn forward(&self, x: &Tensor, rows: &Rows, caches: &mut [&mut KvCache]) -> Result<(Tensor, Saved)> {
        let attention_in = self.norm(x, &self.weights.attention_norm)?;
        let q = self.linear(Projection::Query, &attention_in)?;
        let k = self.linear(Projection::Key, &attention_in)?;
        let raw = self.weights.extras.head_norms.as_ref().map(|_| [q.clone(), k.clone()]);
        let q = self.rotated_heads(&q, self.config.heads, 0, rows)?;
        let k = self.rotated_heads(&k, self.config.kv_heads, 1, rows)?;
        let v = self.linear(Projection::Value, &attention_in)?;
        let v = v.reshape((v.dim(0)?, self.config.kv_heads, self.config.head_dim))?;

        let mut outputs = Vec::with_capacity(rows.positions.segments.len());
        let mut sequences = Vec::with_capacity(rows.positions.segments.len());
        for (at, &(start, length)) in rows.positions.segments.iter().enumerate() {
            let part =
                |t: &Tensor| -> Result<Tensor> { Ok(t.narrow(0, start, length)?.transpose(0, 1)?.contiguous()?) };
            let (q, mut k, mut v) = (part(&q)?, part(&k)?, part(&v)?);
            if let Some(cache) = caches.get_mut(at) {
                (k, v) = cache.append(&k, &v)?;
            }
            let (output, saved) = self.attend(&q, k, v, rows.mask(at, self.local))?;
            outputs.push(output);
            sequences.push(saved);
        }
        let attention_out = if outputs.len() == 1 { outputs.remove(0) } else { Tensor::cat(&outputs, 0)? };
        let attention_branch = self.linear(Projection::Output, &attention_out)?;
        let middle = (x + self.branch_normed(&attention_branch, 0)?)?;

        let feed_forward_in = self.norm(&middle, &self.weights.feed_forward_norm)?;
        let gate = self.linear(Projection::Gate, &feed_forward_in)?;
        let up = self.linear(Projection::Up, &feed_forward_in)?;
        let feed_forward_branch = self.linear(Projection::Down, &(self.activated(&gate)?.0 * &up)?)?;
        let out = (&middle + self.branch_normed(&feed_forward_branch, 1)?)?;
        let branches = self.weights.extras.branch_norms.as_ref().map(|_| [attention_branch, feed_forward_branch]);
        let x = x.clone();
        let saved =
            Saved { x, attention_in, raw, sequences, attention_out, branches, middle, feed_forward_in, gate, up };
        Ok((out, saved))
    }

    /// From the gradient with respect to the block's output, (n, d): those with respect to its input, (n, d), and to
    /// the pairs.
    pub fn backward(&self, saved: &Saved, rows: &Rows, d_out: &Tensor) -> Result<(Tensor, LayerPairs)> {
        let mut gradients = LayerPairs::default();

        // Feed-forward: out = middle + down(activation(gate) * up).
        let (activated, slope) = self.activated(&saved.gate)?;
        let d_branch = self.branch_normed_backward(saved, 1, d_out)?;
        let d_product =
            self.linear_backward(Projection::Down, &(&activated * &saved.up)?, &d_branch, &mut gradients)?;
        let d_up = (&d_product * &activated)?;
        let d_gate = ((d_product * &saved.up)? * slope)?;
        let d_in = (self.linear_backward(Projection::Gate, &saved.feed_forward_in, &d_gate, &mut gradients)?
            + self.linear_backward(Projection::Up, &saved.feed_forward_in, &d_up, &mut gradients)?)?;
        let d_middle = (d_out + self.norm_backward(&saved.middle, &self.weights.feed_forward_norm, &d_in)?)?;

        // Attention: middle = x + output(attend(query, key, value)).
        let d_branch = self.branch_normed_backward(saved, 0, &d_middle)?;
        let d_attention = self.linear_backward(Projection::Output, &saved.attention_out, &d_branch, &mut gradients)?;
        let (mut d_q, mut d_k, mut d_v) = (Vec::new(), Vec::new(), Vec::new());
        for (&(start, length), sequence) in rows.positions.segments.iter().zip(&saved.sequences) {
            let (q, k, v) = self.attend_backward(sequence, &d_attention.narrow(0, start, length)?)?;
            d_q.push(q);
            d_k.push(k);
            d_v.push(v);
        }
        let d_q = self.unrotated_heads(&Tensor::cat(&d_q, 0)?, saved, 0, rows)?;
        let d_k = self.unrotated_heads(&Tensor::cat(&d_k, 0)?, saved, 1, rows)?;
        let d_v = Tensor::cat(&d_v, 0)?.flatten_from(1)?;
        let d_in = (self.linear_backward(Projection::Query, &saved.attention_in, &d_q, &mut gradients)?
            + self.linear_backward(Projection::Key, &saved.attention_in, &d_k, &mut gradients)?)?;
        let d_in = (d_in + self.linear_backward(Projection::Value, &saved.attention_in, &d_v, &mut gradients)?)?;
        let d_x = (d_middle + self.norm_backward(&saved.x, &self.weights.attention_norm, &d_in)?)?;
        Ok((d_x, gradients))
    }

    fn pair(&self, projection: Projection) -> Option<&LoraPair> {
        self.pairs.and_then(|pairs| pairs[projection as usize].as_ref())
    }

    fn norm(&self, x: &Tensor, gain: &Tensor) -> Result<Tensor> {
        Ok(rms_norm(x, gain, self.config.norm_epsilon as f32)?)
    }

    fn norm_backward(&self, x: &Tensor, gain: &Tensor, d_y: &Tensor) -> Result<Tensor> {
        norm_backward(x, gain, d_y, self.config.norm_epsilon)
    }

    /// The activated gate, and the activation's derivative. Both activations are x s(z(x)) with the logistic s, so
    /// the derivative is s + x s (1 - s) z'.
    fn activated(&self, gate: &Tensor) -> Result<(Tensor, Tensor)> {
        let (z, slope) = match self.config.family.activation {
            Activation::Silu => (gate.clone(), None),
            Activation::Gelu => {
                let square = gate.sqr()?;
                let z = (gate * square.affine(GELU_CUBIC, 1.0)?)?;
                ((z * GELU_SCALE)?, Some((square.affine(3.0 * GELU_CUBIC, 1.0)? * GELU_SCALE)?))
            }
        };
        let s = sigmoid(&z)?;
        let activated = (gate * &s)?;
        let mut curve = (&activated * s.affine(-1.0, 1.0)?)?;
        if let Some(slope) = slope {
            curve = (curve * slope)?;
        }
        Ok((activated, (s + curve)?))
    }

    /// The output of attention (0) or feed-forward (1), with branch norm in families that have it.
    fn branch_normed(&self, branch: &Tensor, which: usize) -> Result<Tensor> {
        match &self.weights.extras.branch_norms {
            Some(gains) => self.norm(branch, &gains[which]),
            None => Ok(branch.clone()),
        }
    }

    fn branch_normed_backward(&self, saved: &Saved, which: usize, d: &Tensor) -> Result<Tensor> {
        match (&self.weights.extras.branch_norms, &saved.branches) {
            (Some(gains), Some(branches)) => self.norm_backward(&branches[which], &gains[which], d),
            _ => Ok(d.clone()),
        }
    }

    /// `y = x W^T + bias + s x A^T B^T`.
    fn linear(&self, projection: Projection, x: &Tensor) -> Result<Tensor> {
        let mut y = self.weights.matrix(projection).forward(x)?;
        let bias = self.weights.extras.bias.as_ref().and_then(|bias| bias.get(projection as usize));
        if let Some(bias) = bias {
            y = y.broadcast_add(bias)?;
        }
        match self.pair(projection) {
            Some(pair) => Ok((y + (x.matmul(&pair.a.t()?)? * self.scale)?.matmul(&pair.b.t()?)?)?),
            None => Ok(y),
        }
    }

    /// With g = s dY B: `dX = dY W + g A`, `dA = g^T X`, `dB = s dY^T (X A^T)`. The frozen W gets no gradient.
    fn linear_backward(
        &self,
        projection: Projection,
        x: &Tensor,
        d_y: &Tensor,
        gradients: &mut LayerPairs,
    ) -> Result<Tensor> {
        let d_x = self.weights.matrix(projection).backward(d_y)?;
        let Some(pair) = self.pair(projection) else { return Ok(d_x) };
        let g = (d_y.matmul(&pair.b)? * self.scale)?;
        let low = (x.matmul(&pair.a.t()?)? * self.scale)?;
        gradients[projection as usize] = Some(LoraPair { a: g.t()?.matmul(x)?, b: d_y.t()?.matmul(&low)? });
        Ok((d_x + g.matmul(&pair.a)?)?)
    }

    /// Queries (0) or keys (1), (n, heads w), with QK norm in families that have it, rotated: (n, heads, w).
    fn rotated_heads(&self, x: &Tensor, heads: usize, which: usize, rows: &Rows) -> Result<Tensor> {
        let (n, w) = (x.dim(0)?, self.config.head_dim);
        let mut x = x.clone();
        if let Some(gains) = &self.weights.extras.head_norms {
            x = self.norm(&x.reshape((n * heads, w))?, &gains[which])?;
        }
        let rotation = rows.positions.rotation(self.local);
        Ok(rope_thd(&x.reshape((1, n, heads, w))?, &rotation.cos, &rotation.sin)?.squeeze(0)?)
    }

    /// The gradient through [`Self::rotated_heads`]: (n, heads, w) to (n, heads w). The transpose of a rotation is
    /// the rotation by the opposite angle.
    fn unrotated_heads(&self, d: &Tensor, saved: &Saved, which: usize, rows: &Rows) -> Result<Tensor> {
        let rotation = rows.positions.rotation(self.local);
        let d = rope_thd(&d.unsqueeze(0)?, &rotation.cos, &rotation.sin.neg()?)?.squeeze(0)?;
        match (&self.weights.extras.head_norms, &saved.raw) {
            (Some(gains), Some(raw)) => {
                let (n, heads, w) = d.dims3()?;
                let raw = raw[which].reshape((n * heads, w))?;
                Ok(self.norm_backward(&raw, &gains[which], &d.reshape((n * heads, w))?)?.reshape((n, heads * w))?)
            }
            _ => Ok(d.flatten_from(1)?),
        }
    }

    /// Causal attention of one sequence: `q` (H, T, w), `k` and `v` (K, S, w), output (T, H w).
    fn attend(&self, q: &Tensor, k: Tensor, v: Tensor, mask: Option<&Tensor>) -> Result<(Tensor, SavedAttention)> {
        let (heads, length, width) = q.dims3()?;
        let (kv_heads, seen, _) = k.dims3()?;
        // Query heads that share a key head are stacked as rows, so keys are not repeated.
        let q = q.reshape((kv_heads, self.config.group() * length, width))?;
        let mut scores = (q.matmul(&k.t()?)? * self.config.score_factor())?;
        if let Some(mask) = mask {
            scores = scores.reshape((heads, length, seen))?.broadcast_add(mask)?.reshape((
                kv_heads,
                self.config.group() * length,
                seen,
            ))?;
        }
        let probabilities = softmax_last_dim(&scores)?;
        let output = probabilities
            .matmul(&v)?
            .reshape((heads, length, width))?
            .transpose(0, 1)?
            .reshape((length, heads * width))?;
        Ok((output, SavedAttention { q, k, v, probabilities }))
    }

    /// From `d_out` (T, H w): gradients of rotated queries (T, H, w), rotated keys (T, K, w) and values (T, K, w).
    fn attend_backward(&self, saved: &SavedAttention, d_out: &Tensor) -> Result<(Tensor, Tensor, Tensor)> {
        let (kv_heads, grouped, width) = saved.q.dims3()?;
        let (heads, length) = (self.config.heads, d_out.dim(0)?);
        let d_out = d_out
            .reshape((length, heads, width))?
            .transpose(0, 1)?
            .contiguous()?
            .reshape((kv_heads, grouped, width))?;
        let p = &saved.probabilities;
        let d_v = p.t()?.matmul(&d_out)?;
        let d_p = d_out.matmul(&saved.v.t()?)?;
        let inner = (&d_p * p)?.sum_keepdim(D::Minus1)?;
        let d_scores = ((d_p.broadcast_sub(&inner)? * p)? * self.config.score_factor())?;
        let d_q = d_scores.matmul(&saved.k)?.reshape((heads, length, width))?.transpose(0, 1)?.contiguous()?;
        let d_k = d_scores.t()?.matmul(&saved.q)?;
        Ok((d_q, d_k.transpose(0, 1)?.contiguous()?, d_v.transpose(0, 1)?.contiguous()?))
    }
}

/// The gradient through RMS norm, for `y = x r g` with `r = (mean(x^2) + e)^(-1/2)`:
/// `dx = r (dy g) - x r^3 / d sum(dy g x)`. All of shape (n, d), `gain` (d).
pub fn norm_backward(x: &Tensor, gain: &Tensor, d_y: &Tensor, epsilon: f64) -> Result<Tensor> {
    let width = x.dim(D::Minus1)? as f64;
    let weighted = d_y.broadcast_mul(gain)?;
    let r = (x.sqr()?.mean_keepdim(D::Minus1)? + epsilon)?.sqrt()?.recip()?;
    let inner = (&weighted * x)?.sum_keepdim(D::Minus1)?;
    let pull = ((r.powf(3.0)? * inner)? / width)?;
    Ok((weighted.broadcast_mul(&r)? - x.broadcast_mul(&pull)?)?)
}
