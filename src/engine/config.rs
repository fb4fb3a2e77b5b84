//! The shape of a model, and how its family differs from a plain Llama block. Knows no tensor and no file;
//! [`super::describe`] reads those.

use std::path::Path;

use super::error::{EngineError, Result};

/// Dimensions and constants of a decoder.
#[derive(Clone, Debug, PartialEq)]
pub struct Config {
    /// Width of the residual stream.
    pub hidden: usize,
    pub layers: usize,
    pub heads: usize,
    /// Heads of keys and values; each serves `heads / kv_heads` query heads.
    pub kv_heads: usize,
    pub head_dim: usize,
    /// Width of the feed-forward part.
    pub feed_forward: usize,
    pub vocabulary: usize,
    /// Context length: the longest sequence the model supports, in tokens.
    pub context: usize,
    pub rope_theta: f64,
    pub norm_epsilon: f64,
    pub family: Family,
}

/// The supported families. Their names are those in GGUF files; `config.json` has the same ones, except `gemma3_text`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, strum::EnumString, strum::IntoStaticStr)]
#[strum(serialize_all = "lowercase")]
pub enum Architecture {
    /// Llama and SmolLM2.
    #[default]
    Llama,
    /// Qwen2 and Qwen2.5.
    Qwen2,
    Qwen3,
    Gemma3,
}

/// The activation of the feed-forward gate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Activation {
    /// x sigmoid(x).
    #[default]
    Silu,
    /// x Phi(x), in the tanh approximation (Hendrycks and Gimpel, 2016).
    Gelu,
}

/// How a family differs from a plain Llama block, which is the default.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Family {
    pub architecture: Architecture,
    pub activation: Activation,
    /// Queries, keys and values have a bias.
    pub bias: bool,
    /// Each head of the queries and keys is normalised before the rotation (QK norm).
    pub head_norm: bool,
    /// The outputs of attention and feed-forward are normalised before they are added to the residual stream.
    pub branch_norm: bool,
    /// Embeddings are multiplied by the square root of their width.
    pub scaled_embedding: bool,
    /// Attention scores are divided by the square root of this; by that of the head's width if absent.
    pub score_width: Option<f64>,
    pub sliding: Option<SlidingWindow>,
    /// RoPE scaling: the divisor of each frequency, for contexts longer than the model was first trained on; empty
    /// without scaling.
    pub frequency_divisors: Vec<f64>,
}

/// Sliding-window attention: some blocks see only the most recent tokens.
#[derive(Clone, Debug, PartialEq)]
pub struct SlidingWindow {
    /// Number of tokens such a block sees, the current one included.
    pub window: usize,
    /// Whether each block is one of them.
    pub local: Vec<bool>,
    /// The base of their RoPE frequencies.
    pub rope_theta: f64,
}

impl Config {
    /// Query heads served by one head of keys and values.
    pub fn group(&self) -> usize {
        self.heads / self.kv_heads
    }

    /// Whether a block sees only the most recent tokens.
    pub fn is_local(&self, layer: usize) -> bool {
        self.family.sliding.as_ref().is_some_and(|sliding| sliding.local[layer])
    }

    /// Number of tokens a block sees, the current one included.
    pub fn window(&self, layer: usize) -> usize {
        self.family.sliding.as_ref().filter(|sliding| sliding.local[layer]).map_or(usize::MAX, |sliding| sliding.window)
    }

    /// The factor of attention scores before the softmax.
    pub fn score_factor(&self) -> f64 {
        1.0 / self.family.score_width.unwrap_or(self.head_dim as f64).sqrt()
    }

    /// The factor of embeddings.
    pub fn embedding_factor(&self) -> f32 {
        if self.family.scaled_embedding { (self.hidden as f32).sqrt() } else { 1.0 }
    }

    /// RoPE frequencies of global blocks, or of `local` ones (Su et al., *RoFormer*, 2021).
    pub fn frequencies(&self, local: bool) -> Vec<f64> {
        let theta = match &self.family.sliding {
            Some(sliding) if local => sliding.rope_theta,
            _ => self.rope_theta,
        };
        let divisor = |i: usize| if local { None } else { self.family.frequency_divisors.get(i) };
        let frequency = |i: usize| theta.powf(-(2.0 * i as f64) / self.head_dim as f64);
        (0..self.head_dim / 2).map(|i| frequency(i) / divisor(i).copied().unwrap_or(1.0)).collect()
    }

    /// The same config if its numbers are consistent; `path` is named in the error.
    ///
    /// # Errors
    /// When they are not.
    pub fn validated(self, path: &Path) -> Result<Self> {
        let counts = [
            self.hidden,
            self.layers,
            self.heads,
            self.kv_heads,
            self.head_dim,
            self.feed_forward,
            self.vocabulary,
            self.context,
        ];
        let divisors = self.family.frequency_divisors.len();
        let why = if counts.contains(&0) {
            "one of its dimensions is zero"
        } else if !self.heads.is_multiple_of(self.kv_heads) {
            "the number of attention heads is not a multiple of the number of key-value heads"
        } else if !self.head_dim.is_multiple_of(2) {
            "its head dimension is odd, which RoPE does not allow"
        } else if divisors != 0 && divisors != self.head_dim / 2 {
            "its RoPE scaling is for another head dimension"
        } else if self.family.sliding.as_ref().is_some_and(|s| s.window == 0 || s.local.len() != self.layers) {
            "its sliding window is zero, or not defined for every layer"
        } else {
            return Ok(self);
        };
        Err(EngineError::Model { path: path.into(), why: why.into() })
    }
}
