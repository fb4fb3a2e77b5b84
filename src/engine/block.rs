//! One transformer block: its forward pass, and the explicit backward pass that gives the LoRA gradients.
//!
//! No autograd graph is built: candle's fused operations have no derivative and would silently cut one, and its
//! matrix product would form a gradient for every frozen weight. What the backward pass needs is kept in [`Saved`];
//! what is cheap is computed again. Knows neither the loss nor the optimizer.
//!
//! Shapes: n rows, d hidden, H heads of width w, K key heads each serving G = H / K, T rows of a sequence, S rows seen.

use candle_core::{D, Tensor};
use candle_nn::kv_cache::KvCache;
use candle_nn::ops::{rms_norm, silu, softmax_last_dim};
use candle_nn::rotary_emb::rope_thd;

use super::adapter::{LayerPairs, LoraPair};
use super::config::Config;
use super::error::Result;
use super::projection::Projection;
use super::rows::Rows;
use super::weights::LayerWeights;

/// A block with the adapter's pairs for it.
pub struct Block<'a> {
    pub config: &'a Config,
    pub weights: &'a LayerWeights,
    pub pairs: Option<&'a LayerPairs>,
    /// alpha / rank of the adapter.
    pub scale: f64,
}

/// What the backward pass needs of a forward pass.
pub struct Saved {
    /// Input, (n, d).
    x: Tensor,
    /// Normalised input, (n, d).
    attention_in: Tensor,
    sequences: Vec<SavedAttention>,
    /// Attention's result before the output map, (n, H w).
    attention_out: Tensor,
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
    /// `x` (n, d) to the block's output (n, d). With a cache, `rows` continue one sequence.
    ///
    /// # Errors
    /// When shapes do not fit or memory runs out.
    pub fn forward(&self, x: &Tensor, rows: &Rows, mut cache: Option<&mut KvCache>) -> Result<(Tensor, Saved)> {
        let attention_in = self.norm(x, &self.weights.attention_norm)?;
        let q = self.rotated_heads(&self.linear(Projection::Query, &attention_in)?, self.config.heads, rows)?;
        let k = self.rotated_heads(&self.linear(Projection::Key, &attention_in)?, self.config.kv_heads, rows)?;
        let v = self.linear(Projection::Value, &attention_in)?;
        let v = v.reshape((v.dim(0)?, self.config.kv_heads, self.config.head_dim))?;

        let mut outputs = Vec::with_capacity(rows.positions.segments.len());
        let mut sequences = Vec::with_capacity(rows.positions.segments.len());
        for &(start, length) in &rows.positions.segments {
            let part =
                |t: &Tensor| -> Result<Tensor> { Ok(t.narrow(0, start, length)?.transpose(0, 1)?.contiguous()?) };
            let (q, mut k, mut v) = (part(&q)?, part(&k)?, part(&v)?);
            if let Some(cache) = cache.as_deref_mut() {
                (k, v) = cache.append(&k, &v)?;
            }
            let (output, saved) = self.attend(&q, k, v, rows.mask(length))?;
            outputs.push(output);
            sequences.push(saved);
        }
        let attention_out = if outputs.len() == 1 { outputs.remove(0) } else { Tensor::cat(&outputs, 0)? };
        let middle = (x + self.linear(Projection::Output, &attention_out)?)?;

        let feed_forward_in = self.norm(&middle, &self.weights.feed_forward_norm)?;
        let gate = self.linear(Projection::Gate, &feed_forward_in)?;
        let up = self.linear(Projection::Up, &feed_forward_in)?;
        let out = (&middle + self.linear(Projection::Down, &(silu(&gate)? * &up)?)?)?;
        let saved = Saved { x: x.clone(), attention_in, sequences, attention_out, middle, feed_forward_in, gate, up };
        Ok((out, saved))
    }

    /// The gradient of the loss by the block's output, (n, d), to that by its input, (n, d), and to those of the pairs.
    ///
    /// # Errors
    /// When shapes do not fit or memory runs out.
    pub fn backward(&self, saved: &Saved, rows: &Rows, d_out: &Tensor) -> Result<(Tensor, LayerPairs)> {
        let mut gradients = LayerPairs::default();

        // Feed-forward: out = middle + down(silu(gate) * up).
        let sigmoid = candle_nn::ops::sigmoid(&saved.gate)?;
        let activated = (&saved.gate * &sigmoid)?;
        let d_product = self.linear_backward(Projection::Down, &(&activated * &saved.up)?, d_out, &mut gradients)?;
        let d_up = (&d_product * &activated)?;
        // silu'(g) = sigmoid(g) (1 + g (1 - sigmoid(g))) = sigmoid(g) + silu(g) (1 - sigmoid(g))
        let slope = (&sigmoid + (&activated * sigmoid.affine(-1.0, 1.0)?)?)?;
        let d_gate = ((d_product * &saved.up)? * slope)?;
        let d_in = (self.linear_backward(Projection::Gate, &saved.feed_forward_in, &d_gate, &mut gradients)?
            + self.linear_backward(Projection::Up, &saved.feed_forward_in, &d_up, &mut gradients)?)?;
        let d_middle = (d_out + self.norm_backward(&saved.middle, &self.weights.feed_forward_norm, &d_in)?)?;

        // Attention: middle = x + output(attend(query, key, value)).
        let d_attention = self.linear_backward(Projection::Output, &saved.attention_out, &d_middle, &mut gradients)?;
        let (mut d_q, mut d_k, mut d_v) = (Vec::new(), Vec::new(), Vec::new());
        for (&(start, length), sequence) in rows.positions.segments.iter().zip(&saved.sequences) {
            let (q, k, v) = self.attend_backward(sequence, &d_attention.narrow(0, start, length)?)?;
            d_q.push(q);
            d_k.push(k);
            d_v.push(v);
        }
        let d_q = unrotated(&Tensor::cat(&d_q, 0)?, rows)?;
        let d_k = unrotated(&Tensor::cat(&d_k, 0)?, rows)?;
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

    /// `y = x W^T + s x A^T B^T`.
    fn linear(&self, projection: Projection, x: &Tensor) -> Result<Tensor> {
        let y = self.weights.matrix(projection).forward(x)?;
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

    /// (n, heads w) to rotated (n, heads, w).
    fn rotated_heads(&self, x: &Tensor, heads: usize, rows: &Rows) -> Result<Tensor> {
        let n = x.dim(0)?;
        let x = x.reshape((1, n, heads, self.config.head_dim))?;
        Ok(rope_thd(&x, &rows.positions.cos, &rows.positions.sin)?.squeeze(0)?)
    }

    /// Causal attention of one sequence: `q` (H, T, w), `k` and `v` (K, S, w), result (T, H w).
    fn attend(&self, q: &Tensor, k: Tensor, v: Tensor, mask: Option<&Tensor>) -> Result<(Tensor, SavedAttention)> {
        let (heads, length, width) = q.dims3()?;
        let (kv_heads, seen, _) = k.dims3()?;
        // Query heads that share a key head are stacked as rows, so keys are never repeated.
        let q = q.reshape((kv_heads, self.config.group() * length, width))?;
        let mut scores = (q.matmul(&k.t()?)? * self.attention_scale())?;
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

    /// `d_out` (T, H w) to gradients of rotated queries (T, H, w), rotated keys (T, K, w) and values (T, K, w).
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
        let d_scores = ((d_p.broadcast_sub(&inner)? * p)? * self.attention_scale())?;
        let d_q = d_scores.matmul(&saved.k)?.reshape((heads, length, width))?.transpose(0, 1)?.contiguous()?;
        let d_k = d_scores.t()?.matmul(&saved.q)?;
        Ok((d_q, d_k.transpose(0, 1)?.contiguous()?, d_v.transpose(0, 1)?.contiguous()?))
    }

    fn attention_scale(&self) -> f64 {
        1.0 / (self.config.head_dim as f64).sqrt()
    }
}

/// The gradient through root-mean-square normalisation, for `y = x r g` with `r = (mean(x^2) + e)^(-1/2)`:
/// `dx = r (dy g) - x r^3 / d sum(dy g x)`. All of shape (n, d), `gain` (d).
///
/// # Errors
/// When shapes do not fit.
pub fn norm_backward(x: &Tensor, gain: &Tensor, d_y: &Tensor, epsilon: f64) -> Result<Tensor> {
    let width = x.dim(D::Minus1)? as f64;
    let weighted = d_y.broadcast_mul(gain)?;
    let r = (x.sqr()?.mean_keepdim(D::Minus1)? + epsilon)?.sqrt()?.recip()?;
    let inner = (&weighted * x)?.sum_keepdim(D::Minus1)?;
    let pull = ((r.powf(3.0)? * inner)? / width)?;
    Ok((weighted.broadcast_mul(&r)? - x.broadcast_mul(&pull)?)?)
}

/// The transpose of a rotation is the rotation by the opposite angle. (n, heads, w) to (n, heads w).
fn unrotated(d: &Tensor, rows: &Rows) -> Result<Tensor> {
    Ok(rope_thd(&d.unsqueeze(0)?, &rows.positions.cos, &rows.positions.sin.neg()?)?.squeeze(0)?.flatten_from(1)?)
}
