//! The shape of a model, and what its family does differently from a plain Llama block. Knows no tensor and no file; those
//! who read files are in [`super::describe`].

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
    /// The longest sequence the model was made for, in tokens.
    pub context: usize,
    pub rope_theta: f64,
    pub norm_epsilon: f64,
    pub family: Family,
}

/// The families that this engine runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Architecture {
    /// Llama and SmolLM2.
    #[default]
    Llama,
    /// Qwen2 and Qwen2.5.
    Qwen2,
    Qwen3,
    Gemma3,
}

impl Architecture {
    pub const ALL: [Self; 4] = [Self::Llama, Self::Qwen2, Self::Qwen3, Self::Gemma3];

    /// The name in GGUF files; `config.json` says the same, but `gemma3_text`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Llama => "llama",
            Self::Qwen2 => "qwen2",
            Self::Qwen3 => "qwen3",
            Self::Gemma3 => "gemma3",
        }
    }
}

/// What is done to the gate of the feed-forward part before it multiplies.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Activation {
    /// x sigmoid(x).
    #[default]
    Silu,
    /// x Phi(x) in its usual approximation by a hyperbolic tangent (Hendrycks and Gimpel, 2016).
    Gelu,
}

/// Where a family differs from a plain Llama block, which is the default.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Family {
    pub architecture: Architecture,
    pub activation: Activation,
    /// Queries, keys and values have a bias.
    pub bias: bool,
    /// Each head of the queries and keys is normalised before it is rotated.
    pub head_norm: bool,
    /// What attention and the feed-forward part add to the residual stream is normalised first.
    pub branch_norm: bool,
    /// Embeddings are multiplied by the root of their width.
    pub scaled_embedding: bool,
    /// What the scores are divided by the root of; the head's width where absent.
    pub score_width: Option<f64>,
    pub sliding: Option<Sliding>,
    /// What each frequency of the rotation is divided by, so that a model reads further than it was first trained for; none
    /// where empty.
    pub frequency_divisors: Vec<f64>,
}

/// Blocks that see only the last tokens.
#[derive(Clone, Debug, PartialEq)]
pub struct Sliding {
    /// Tokens that such a block sees, the one at hand included.
    pub window: usize,
    /// Which blocks they are.
    pub local: Vec<bool>,
    /// Their base of the rotation's frequencies.
    pub rope_theta: f64,
}

#[cfg(test)]
impl Config {
    /// SmolLM2-135M, for tests of what a real model costs.
    pub(crate) fn smollm2() -> Self {
        Self {
            hidden: 576,
            layers: 30,
            heads: 9,
            kv_heads: 3,
            head_dim: 64,
            feed_forward: 1536,
            vocabulary: 49_152,
            context: 8192,
            rope_theta: 100_000.0,
            norm_epsilon: 1e-5,
            family: Family::default(),
        }
    }
}

impl Config {
    /// Query heads served by one head of keys and values.
    #[must_use]
    pub fn group(&self) -> usize {
        self.heads / self.kv_heads
    }

    /// Whether a block sees only the last tokens.
    #[must_use]
    pub fn is_local(&self, layer: usize) -> bool {
        self.family.sliding.as_ref().is_some_and(|sliding| sliding.local[layer])
    }

    /// How many tokens a block sees, the one at hand included.
    #[must_use]
    pub fn window(&self, layer: usize) -> usize {
        self.family.sliding.as_ref().filter(|sliding| sliding.local[layer]).map_or(usize::MAX, |sliding| sliding.window)
    }

    /// What scores are multiplied by before the softmax.
    #[must_use]
    pub fn score_factor(&self) -> f64 {
        1.0 / self.family.score_width.unwrap_or(self.head_dim as f64).sqrt()
    }

    /// What embeddings are multiplied by.
    #[must_use]
    pub fn embedding_factor(&self) -> f32 {
        if self.family.scaled_embedding { (self.hidden as f32).sqrt() } else { 1.0 }
    }

    /// Frequencies of the rotation, of blocks that see everything or of `local` ones (Su et al., *RoFormer*, 2021).
    #[must_use]
    pub fn frequencies(&self, local: bool) -> Vec<f64> {
        let theta = match &self.family.sliding {
            Some(sliding) if local => sliding.rope_theta,
            _ => self.rope_theta,
        };
        let divisor = |i: usize| if local { None } else { self.family.frequency_divisors.get(i) };
        let frequency = |i: usize| theta.powf(-(2.0 * i as f64) / self.head_dim as f64);
        (0..self.head_dim / 2).map(|i| frequency(i) / divisor(i).copied().unwrap_or(1.0)).collect()
    }

    /// The same, if its numbers make sense together; `path` is named in the error.
    ///
    /// # Errors
    /// When they do not.
    pub fn checked(self, path: &Path) -> Result<Self> {
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
            "its attention heads cannot share its key heads evenly"
        } else if !self.head_dim.is_multiple_of(2) {
            "its head width is odd, so positions cannot be rotated"
        } else if divisors != 0 && divisors != self.head_dim / 2 {
            "its rotation is scaled for heads of another width"
        } else if self.family.sliding.as_ref().is_some_and(|s| s.window == 0 || s.local.len() != self.layers) {
            "its sliding window is zero, or not given for every layer"
        } else {
            return Ok(self);
        };
        Err(EngineError::Model { path: path.into(), why: why.into() })
    }
}
