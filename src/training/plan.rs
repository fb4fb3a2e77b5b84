//! Every number of a training run and its default. Knows neither model nor data.

use serde::{Deserialize, Serialize};

use super::budget::Prediction;
use super::preset::Method;
use crate::engine::{AdapterShape, threads};

/// How a run goes. Saved with its checkpoint, so that a resumed run is the same run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    pub shape: AdapterShape,
    /// Which blocks learn, with how much memory and how many workers.
    pub method: Method,
    /// What the run was expected to take, where that was asked.
    pub prediction: Option<Prediction>,
    /// Optimizer steps in all.
    pub steps: usize,
    /// Stop after this many minutes of work, whatever step that is.
    pub minutes: Option<f64>,
    /// The highest learning rate, reached after the warm-up.
    pub learning_rate: f64,
    /// Steps over which the rate rises from zero.
    pub warm_up: usize,
    /// A step takes sequences until it has this many tokens.
    pub tokens_per_step: usize,
    /// Longer sequences are cut, and counted.
    pub longest_sequence: usize,
    /// Steps between looks at the held-out texts.
    pub validate_every: usize,
    /// Steps between checkpoints.
    pub checkpoint_every: usize,
    /// Stop early after this many validations without a better loss; never where absent.
    pub patience: Option<usize>,
    /// Gradients longer than this (Euclidean norm over all matrices) are shortened to it.
    pub clip_norm: f64,
    pub seed: u64,
}

/// Used from scratch and from a trained start alike: half of it was worse from a start where it was measured
/// (docs/benchmarks.md).
const LEARNING_RATE: f64 = 1e-3;

/// Passes over the texts that a default run makes, within these numbers of steps.
pub const PASSES: usize = 3;
pub const FEWEST_STEPS: usize = 20;
pub const MOST_STEPS: usize = 200;

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
            longest_sequence: 512,
            validate_every: 10,
            checkpoint_every: 5,
            patience: Some(4),
            clip_norm: 1.0,
            seed: 1,
        }
    }
}

impl Plan {
    /// The number of steps for `tokens` of training text where the user named none: about [`PASSES`] passes.
    #[must_use]
    pub fn default_steps(tokens: usize, tokens_per_step: usize) -> usize {
        (PASSES * tokens).div_ceil(tokens_per_step.max(1)).clamp(FEWEST_STEPS, MOST_STEPS)
    }

    /// The learning rate of step `step` (from 1): linear warm-up, then half a cosine down to a tenth.
    #[must_use]
    pub fn rate(&self, step: usize) -> f64 {
        const FLOOR: f64 = 0.1;
        // A short run would otherwise spend most of itself warming up.
        let warm_up = self.warm_up.min(self.steps / 4).max(1);
        if step <= warm_up {
            return self.learning_rate * step as f64 / warm_up as f64;
        }
        let left = (self.steps - warm_up).max(1) as f64;
        let progress = ((step - warm_up) as f64 / left).min(1.0);
        let cosine = 0.5 * (1.0 + (std::f64::consts::PI * progress).cos());
        self.learning_rate * (FLOOR + (1.0 - FLOOR) * cosine)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rate_rises_to_its_height_and_falls_to_a_tenth() {
        let plan = Plan { steps: 100, warm_up: 5, learning_rate: 1e-3, ..Plan::default() };
        assert!((plan.rate(1) - 2e-4).abs() < 1e-12);
        assert!((plan.rate(5) - 1e-3).abs() < 1e-12);
        assert!((plan.rate(100) - 1e-4).abs() < 1e-12);
        let falling: Vec<f64> = (5..=100).map(|step| plan.rate(step)).collect();
        assert!(falling.windows(2).all(|pair| pair[1] < pair[0]));
    }

    #[test]
    fn a_run_of_four_steps_warms_up_for_one() {
        let plan = Plan { steps: 4, ..Plan::default() };
        assert!((plan.rate(1) - plan.learning_rate).abs() < 1e-12);
    }

    #[test]
    fn default_steps_follow_the_amount_of_text_within_limits() {
        assert_eq!(Plan::default_steps(100, 768), FEWEST_STEPS);
        assert_eq!(Plan::default_steps(12_800, 768), 50);
        assert_eq!(Plan::default_steps(10_000_000, 768), MOST_STEPS);
    }
}
