//! How sure a ranking is: the probability of each model to be the closest, and what it would take to be surer. Knows scores and their
//! errors, not whose they are.

use nalgebra::DMatrix;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

use super::card::Signature;
use super::rank::{model_length, scores};
use crate::style::{Estimate, StyleSpace};

/// The errors of a user's difference lie in this share of all directions, as evenly as if they were all; a whole would make everyone
/// too sure. Those of a model's, which has answered prompts of every kind, lie evenly in all. So probabilities of the reference's
/// writers come true who have written some hundred words; docs/benchmarks.md has how far those of other texts do.
const NOISY_DIRECTIONS: f64 = 0.25;
/// Draws behind the probabilities: their own error is then a hundredth at most.
const DRAWS: usize = 2500;
/// The same texts always give the same probabilities.
const SEED: u64 = 0x5eed;

/// A choice that is less probable than this is called uncertain.
pub(super) const CERTAIN: f64 = 0.75;
/// Standard errors between two models where one is closer with the probability [`CERTAIN`].
const CERTAIN_ERRORS: f64 = 0.674_49;

/// Nobody brings more than so many times the text: then it is said that text would hardly decide.
const MOST_TEXT: f64 = 50.0;

/// What is not known of the scores of some models.
pub(super) struct Doubt {
    scores: Vec<f64>,
    /// Covariance of the scores that comes from the user's texts, which all models share.
    user: DMatrix<f64>,
    /// Variance of each score that comes from what the model has written.
    models: Vec<f64>,
}

impl Doubt {
    /// The errors of both sides are taken to be normal, independent, and even over [`NOISY_DIRECTIONS`] or the whole of the space.
    pub(super) fn of(space: &StyleSpace, user: &Estimate, models: &[&Signature]) -> Self {
        let length = space.denoised_norm(user);
        let all = user.difference.len() as f64;
        // What an error of the user's would move each score by is the model's own direction.
        let lengths: Vec<f64> = models.iter().map(|model| model_length(model) * length).collect();
        let covariance = |(i, j): (usize, usize)| {
            let along = space.inner(&models[i].difference, &models[j].difference);
            along / (lengths[i] * lengths[j]) * user.noise / (NOISY_DIRECTIONS * all)
        };
        let measured = space.inner(&user.difference, &user.difference);
        let of_model = |(model, length): (&&Signature, &f64)| model.noise / all * measured / (length * length);
        Self {
            scores: scores(space, user, models.iter().copied()),
            user: DMatrix::from_fn(models.len(), models.len(), |i, j| finite(covariance((i, j)))),
            models: models.iter().zip(&lengths).map(|pair| finite(of_model(pair))).collect(),
        }
    }

    /// For each model the probability that it is the closest of them.
    pub(super) fn probabilities(&self) -> Vec<f64> {
        let count = self.scores.len();
        let mut random = StdRng::seed_from_u64(SEED);
        // A little more on the diagonal: models alike make the matrix singular.
        let jitter = 1e-12 + 1e-9 * self.user.trace();
        let root = (&self.user + DMatrix::identity(count, count) * jitter).cholesky().map(|factor| factor.l());
        let root = root.unwrap_or_else(|| DMatrix::zeros(count, count));
        let mut wins = vec![0_usize; count];
        for _ in 0..DRAWS {
            let shared = &root * nalgebra::DVector::from_fn(count, |_, _| normal(&mut random));
            let moved =
                (0..count).map(|at| self.scores[at] + shared[at] + self.models[at].sqrt() * normal(&mut random));
            if let Some((winner, _)) = moved.enumerate().max_by(|a, b| a.1.total_cmp(&b.1)) {
                wins[winner] += 1;
            }
        }
        wins.into_iter().map(|won| won as f64 / DRAWS as f64).collect()
    }

    /// How many times as much of the user's text would tell two models apart with the probability [`CERTAIN`], were the scores to
    /// stay as they are; none where no amount would, since the models themselves are not known well enough. An estimate.
    pub(super) fn text_needed(&self, one: usize, other: usize) -> Option<f64> {
        let gap = (self.scores[one] - self.scores[other]).abs() / CERTAIN_ERRORS;
        let of_user = self.user[(one, one)] + self.user[(other, other)] - 2.0 * self.user[(one, other)];
        let left = gap * gap - self.models[one] - self.models[other];
        (left > 0.0).then(|| (of_user / left).max(1.0)).filter(|factor| *factor <= MOST_TEXT)
    }
}

/// A model that does not differ from the base at all has no direction to be sure of.
fn finite(value: f64) -> f64 {
    if value.is_finite() { value } else { 0.0 }
}

/// A draw from the standard normal distribution (Box and Muller, 1958).
fn normal(random: &mut StdRng) -> f64 {
    let (radius, angle): (f64, f64) = (1.0 - random.random::<f64>(), random.random());
    (-2.0 * radius.ln()).sqrt() * (std::f64::consts::TAU * angle).cos()
}
