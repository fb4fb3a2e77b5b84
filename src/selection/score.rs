//! How similar each model is to the user, and what every style axis adds to that score. Knows differences, not texts.

use serde::Serialize;

use super::card::Signature;
use crate::style::{AXIS_STRETCH, Axis, Estimate, Profile, StyleSpace, similarity};

/// The user's style, as far as scores need it.
#[derive(Clone, Debug)]
pub struct UserStyle<'a> {
    /// Difference of the user's writing from the base model's.
    pub estimate: &'a Estimate,
    /// 90 % interval of the coefficient on each axis.
    pub intervals: Vec<[f64; 2]>,
    pub words: usize,
    /// Words still needed before models can be compared; 0 where there are enough.
    pub missing_words: usize,
}

impl UserStyle<'_> {
    /// What ranking needs of a profile.
    pub fn of(profile: &Profile) -> UserStyle<'_> {
        UserStyle {
            estimate: &profile.estimate,
            intervals: profile.axes.iter().map(|axis| axis.interval).collect(),
            words: profile.words,
            missing_words: profile.missing_words,
        }
    }
}

/// User and model on one axis: coefficients of their differences from the base, positive towards the high pole.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AxisPair {
    pub name: String,
    pub low: String,
    pub high: String,
    pub user: f64,
    /// 90 % bootstrap interval of the user's.
    pub user_interval: [f64; 2],
    pub model: f64,
    pub contribution: f64,
}

impl AxisPair {
    /// The adjective of the pole on whose side a coefficient lies.
    pub fn pole(&self, value: f64) -> &str {
        if value > 0.0 { &self.high } else { &self.low }
    }
}

/// How similar a model and the user are, and what contributes to that.
#[derive(Clone, Debug, PartialEq)]
pub struct Fit {
    /// Similarity of the two differences from the base, -1 to 1.
    pub score: f64,
    pub axes: Vec<AxisPair>,
    /// The residual: `score` less the axes' contributions.
    pub rest: f64,
}

/// The [similarity](StyleSpace::similarity) of each model to the user: one inner product per model.
pub fn scores<'a>(space: &StyleSpace, user: &Estimate, models: impl IntoIterator<Item = &'a Signature>) -> Vec<f64> {
    let dual = space.dual(&user.difference);
    let norm = space.denoised_norm(user);
    let score = |model: &Signature| similarity(dual.dot(&model.difference), norm, model.denoised_norm());
    models.into_iter().map(score).collect()
}

/// A model's score in terms: what each axis contributes, and the residual that no axis explains.
pub(super) fn fit(space: &StyleSpace, user: &UserStyle<'_>, score: f64, model: &Signature) -> Fit {
    let norms = space.denoised_norm(user.estimate) * model.denoised_norm();
    let share = |product: f64| if norms > 0.0 { AXIS_STRETCH * AXIS_STRETCH * product / norms } else { 0.0 };
    let models = model.axes.iter().map(|axis| axis.value);
    let users = space.coefficients(&user.estimate.difference);
    let axes: Vec<AxisPair> = (space.axes().iter().zip(users))
        .zip(user.intervals.iter().zip(models))
        .map(|((axis, user), (interval, model)): ((&Axis, f64), (&[f64; 2], f64))| AxisPair {
            name: axis.id.clone(),
            low: axis.low.clone(),
            high: axis.high.clone(),
            user,
            user_interval: *interval,
            model,
            contribution: share(user * model),
        })
        .collect();
    Fit { score, rest: score - axes.iter().map(|axis| axis.contribution).sum::<f64>(), axes }
}
