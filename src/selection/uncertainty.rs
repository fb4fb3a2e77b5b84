//! How certain a ranking is: the probability that each model is the closest, and how much more text would decide between
//! two. Knows scores and their errors, not which models they belong to.

use nalgebra::DMatrix;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

use super::card::Signature;
use super::score::scores;
use crate::style::{Estimate, StyleSpace};

/// The errors of a user's difference are spread evenly over this share of all directions; 1 would make every ranking too
/// certain. The errors of a model's difference, which comes from answers to prompts of every kind, are spread over all.
/// With this value the probabilities are calibrated for the reference's writers with a few hundred words each;
/// docs/benchmarks.md says how well they are calibrated for other texts.
const NOISY_SHARE: f64 = 0.25;
/// Monte Carlo draws behind the probabilities; their standard error is then at most 0.01.
const DRAWS: usize = 2500;
/// The same texts always give the same probabilities.
const SEED: u64 = 0x5eed;

/// A choice with a lower probability is a tie.
pub(super) const MIN_CERTAINTY: f64 = 0.75;
/// The quantile of the standard normal distribution at [`MIN_CERTAINTY`].
const CERTAINTY_QUANTILE: f64 = 0.674_49;

/// The largest multiple of the user's text that is asked for; beyond it, more text counts as no help.
const MAX_TEXT_FACTOR: f64 = 50.0;

/// The scores of some models and the covariance of their errors.
pub(super) struct ScoreUncertainty {
    scores: Vec<f64>,
    /// Covariance of the scores due to the user's texts, which all scores share; shape (models, models).
    user: DMatrix<f64>,
    /// Variance of each score due to the model's own texts.
    models: Vec<f64>,
}

impl ScoreUncertainty {
    /// The errors of user and models are taken to be normal and independent, with equal variance in each direction of
    /// [`NOISY_SHARE`] of the space (user) or all of it (models).
    pub(super) fn new(space: &StyleSpace, user: &Estimate, models: &[&Signature]) -> Self {
        let norm = space.denoised_norm(user);
        let all = user.difference.width() as f64;
        // The gradient of a score with respect to the user's difference is the model's direction over both norms.
        let norms: Vec<f64> = models.iter().map(|model| model.denoised_norm() * norm).collect();
        let covariance = |(i, j): (usize, usize)| {
            let along = space.inner(&models[i].difference, &models[j].difference);
            along / (norms[i] * norms[j]) * user.noise / (NOISY_SHARE * all)
        };
        let measured = space.inner(&user.difference, &user.difference);
        let of_model = |(model, norms): (&&Signature, &f64)| model.noise / all * measured / (norms * norms);
        Self {
            scores: scores(space, user, models.iter().copied()),
            user: DMatrix::from_fn(models.len(), models.len(), |i, j| finite(covariance((i, j)))),
            models: models.iter().zip(&norms).map(|pair| finite(of_model(pair))).collect(),
        }
    }

    /// For each model the probability that it is the closest of them.
    pub(super) fn probabilities(&self) -> Vec<f64> {
        let count = self.scores.len();
        let mut random = StdRng::seed_from_u64(SEED);
        // Jitter on the diagonal: equal models make the matrix singular.
        let jitter = 1e-12 + 1e-9 * self.user.trace();
        let root = (&self.user + DMatrix::identity(count, count) * jitter).cholesky().map(|factor| factor.l());
        let root = root.unwrap_or_else(|| DMatrix::zeros(count, count));
        let mut wins = vec![0_usize; count];
        for _ in 0..DRAWS {
            let shared = &root * nalgebra::DVector::from_fn(count, |_, _| normal(&mut random));
            let drawn =
                (0..count).map(|at| self.scores[at] + shared[at] + self.models[at].sqrt() * normal(&mut random));
            if let Some((winner, _)) = drawn.enumerate().max_by(|a, b| a.1.total_cmp(&b.1)) {
                wins[winner] += 1;
            }
        }
        wins.into_iter().map(|won| won as f64 / DRAWS as f64).collect()
    }

    /// Estimates how many times the user's text would separate two models with probability [`MIN_CERTAINTY`] if the scores
    /// stayed the same; none where no amount would, because the models' own errors are too large.
    pub(super) fn text_needed(&self, one: usize, other: usize) -> Option<f64> {
        let gap = (self.scores[one] - self.scores[other]).abs() / CERTAINTY_QUANTILE;
        let of_user = self.user[(one, one)] + self.user[(other, other)] - 2.0 * self.user[(one, other)];
        let left = gap * gap - self.models[one] - self.models[other];
        (left > 0.0).then(|| (of_user / left).max(1.0)).filter(|factor| *factor <= MAX_TEXT_FACTOR)
    }
}

/// A model that does not differ from the base has norm 0 and therefore no finite error.
fn finite(value: f64) -> f64 {
    if value.is_finite() { value } else { 0.0 }
}

/// A draw from the standard normal distribution (Box and Muller, 1958).
fn normal(random: &mut StdRng) -> f64 {
    let (radius, angle): (f64, f64) = (1.0 - random.random::<f64>(), random.random());
    (-2.0 * radius.ln()).sqrt() * (std::f64::consts::TAU * angle).cos()
}
