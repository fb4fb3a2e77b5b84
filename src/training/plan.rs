//! The settings of a training run and their defaults. Knows neither model nor data.

use serde::{Deserialize, Serialize};

use super::budget::Prediction;
use super::preset::Method;
use crate::engine::{AdapterShape, threads};

/// The settings of a run. Saved with its checkpoint, so that a resumed run has the same ones.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    pub shape: AdapterShape,
    /// Which blocks learn, with which memory and how many workers.
    pub method: Method,
    /// What the run is expected to take, if estimated.
    pub prediction: Option<Prediction>,
    /// Total number of optimizer steps.
    pub steps: usize,
    /// Time limit in minutes of training, at whatever step that is.
    pub minutes: Option<f64>,
    /// Peak learning rate, reached after the warm-up.
    pub learning_rate: f64,
    /// Number of warm-up steps, in which the rate rises from zero.
    pub warm_up: usize,
    /// Minimum number of tokens per step; sequences are added until it is reached.
    pub tokens_per_step: usize,
    /// In tokens; longer sequences are truncated, and counted.
    #[serde(rename = "longest_sequence")]
    pub max_sequence_length: usize,
    pub validate_every: usize,
    pub checkpoint_every: usize,
    /// Early stopping after this many validations without a better loss; none: no early stopping.
    pub patience: Option<usize>,
    /// Maximum norm of the gradients (Euclidean, over all matrices).
    pub clip_norm: f64,
    pub seed: u64,
}

/// The same from scratch and from a trained adapter: half of it was worse from an adapter (docs/benchmarks.md).
const LEARNING_RATE: f64 = 1e-3;

/// Epochs of a run by default, within these numbers of steps.
pub const EPOCHS: usize = 3;
pub const MIN_STEPS: usize = 20;
pub const MAX_STEPS: usize = 200;

impl Default for Plan {
    fn default() -> Self {
        Self {
            shape: AdapterShape::default(),
            method: Method::full(threads::available()),
            prediction: None,
            steps: 60,
            minutes: None,
            learning_rate: LEARNING_RATE,
            warm_up: 5,
            tokens_per_step: 768,
            max_sequence_length: 512,
            validate_every: 10,
            checkpoint_every: 5,
            patience: Some(4),
            clip_norm: 1.0,
            seed: 1,
        }
    }
}

impl Plan {
    /// Default number of steps for `tokens` of training text: about [`EPOCHS`] epochs.
    pub fn default_steps(tokens: usize, tokens_per_step: usize) -> usize {
        (EPOCHS * tokens).div_ceil(tokens_per_step.max(1)).clamp(MIN_STEPS, MAX_STEPS)
    }

    /// The learning rate of step `step` (from 1): linear warm-up, then cosine decay to a tenth.
    pub fn learning_rate_at(&self, step: usize) -> f64 {
        const FLOOR: f64 = 0.1;
        // A short run would otherwise consist mostly of warm-up.
        let warm_up = self.warm_up.min(self.steps / 4).max(1);
        if step <= warm_up {
            return self.learning_rate * step as f64 / warm_up as f64;
        }
        let remaining = (self.steps - warm_up).max(1) as f64;
        let progress = ((step - warm_up) as f64 / remaining).min(1.0);
        let cosine = 0.5 * (1.0 + (std::f64::consts::PI * progress).cos());
        self.learning_rate * (FLOOR + (1.0 - FLOOR) * cosine)
    }
}
