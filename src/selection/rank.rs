//! Which model fits: a score and a probability for each, and what every axis adds to it. Knows differences and cards, not texts.

use serde::Serialize;

use super::card::{Card, Signature};
use super::choice::{Choice, choose};
use super::doubt::Doubt;
use super::explanation::{Explanation, explain, reason};
use crate::style::{AXIS_STRETCH, Axis, Estimate, StyleSpace, denoised_norm, similarity};

/// So many cards, best first, are weighed against each other; the others are too far behind.
const RIVALS: usize = 12;

/// What is known of the user.
#[derive(Clone, Debug)]
pub struct UserStyle<'a> {
    /// Difference of the user's writing from the base model's.
    pub estimate: &'a Estimate,
    /// 90 % interval of the coefficient on each axis.
    pub intervals: Vec<[f64; 2]>,
    pub words: usize,
    /// Words that are missing before anything may be said; 0 where there are enough.
    pub missing_words: usize,
}

/// A model of the library as it fits the user, and why.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Candidate {
    pub id: String,
    pub name: String,
    /// Similarity of the two differences from the base, -1 to 1.
    pub score: f64,
    /// The probability that this model is the closest of the library, 0 to 1.
    pub probability: f64,
    pub axes: Vec<AxisPair>,
    /// What the part of the differences adds to the score that no axis names. With the axes' contributions it makes up the score.
    pub rest: f64,
    pub adapter_bytes: u64,
    /// Where user and model move the same way from the base and where they part, in words.
    pub reason: String,
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
    /// What the axis adds to the score.
    pub contribution: f64,
}

impl AxisPair {
    /// The adjective of the side on which a coefficient lies.
    #[must_use]
    pub fn pole(&self, value: f64) -> &str {
        if value > 0.0 { &self.high } else { &self.low }
    }
}

/// How alike a model and the user are, and what makes that up.
#[derive(Clone, Debug, PartialEq)]
pub struct Fit {
    /// Similarity of the two differences from the base, -1 to 1.
    pub score: f64,
    pub axes: Vec<AxisPair>,
    /// What the part without a name adds. With the axes' contributions it makes up the score.
    pub rest: f64,
}

/// The ranking, best first, the choice, and its reasons.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Selection {
    pub candidates: Vec<Candidate>,
    pub choice: Choice,
    /// None where nothing can be compared.
    pub explanation: Option<Explanation>,
}

/// Ranks the cards for the user. With too little text there are no candidates, only what is missing.
#[must_use]
pub fn rank(space: &StyleSpace, user: &UserStyle<'_>, cards: &[Card]) -> Selection {
    if user.missing_words > 0 {
        return Selection { candidates: Vec::new(), choice: Choice::too_little(user.missing_words), explanation: None };
    }
    let signatures = cards.iter().map(|card| &card.signature);
    let mut best: Vec<(f64, &Card)> = scores(space, user.estimate, signatures).into_iter().zip(cards).collect();
    best.sort_by(|a, b| b.0.total_cmp(&a.0));
    let foremost: Vec<&Signature> = best.iter().take(RIVALS).map(|(_, card)| &card.signature).collect();
    let doubt = Doubt::of(space, user.estimate, &foremost);
    let mut probabilities = doubt.probabilities();
    probabilities.resize(best.len(), 0.0);
    let candidates: Vec<Candidate> =
        best.iter().zip(probabilities).map(|(best, probability)| candidate(space, user, *best, probability)).collect();
    let cards: Vec<&Card> = best.iter().take(RIVALS).map(|(_, card)| *card).collect();
    let choice = choose(space, user, &candidates, &cards, &doubt);
    let explanation = explain(space, user.estimate, &candidates, &foremost, &choice);
    Selection { candidates, choice, explanation }
}

/// The [similarity](StyleSpace::similarity) of each model to the user: two inner products a model.
#[must_use]
pub fn scores<'a>(space: &StyleSpace, user: &Estimate, models: impl IntoIterator<Item = &'a Signature>) -> Vec<f64> {
    let dual = space.dual(&user.difference);
    let length = space.denoised_norm(user);
    let score = |model: &Signature| similarity(dual.dot(&model.difference), length, model_length(model));
    models.into_iter().map(score).collect()
}

/// For each model the probability that it is the closest of them; none for those far behind, see [`rank`].
#[must_use]
pub fn probabilities(space: &StyleSpace, user: &Estimate, models: &[&Signature]) -> Vec<f64> {
    let scores = scores(space, user, models.iter().copied());
    let mut order: Vec<usize> = (0..models.len()).collect();
    order.sort_by(|&a, &b| scores[b].total_cmp(&scores[a]));
    order.truncate(RIVALS);
    let foremost: Vec<&Signature> = order.iter().map(|&at| models[at]).collect();
    let mut all = vec![0.0; models.len()];
    for (at, probability) in order.into_iter().zip(Doubt::of(space, user, &foremost).probabilities()) {
        all[at] = probability;
    }
    all
}

/// The length of a model's difference without its noise.
pub(super) fn model_length(model: &Signature) -> f64 {
    let on_axes: f64 = model.axes.iter().map(|axis| axis.value * axis.value).sum();
    denoised_norm(model.difference.norm(), on_axes, model.noise)
}

/// What every axis, and what has no name, adds to a model's score.
pub(super) fn fit(space: &StyleSpace, user: &UserStyle<'_>, score: f64, model: &Signature) -> Fit {
    let lengths = space.denoised_norm(user.estimate) * model_length(model);
    let share = |product: f64| if lengths > 0.0 { AXIS_STRETCH * AXIS_STRETCH * product / lengths } else { 0.0 };
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

fn candidate(space: &StyleSpace, user: &UserStyle<'_>, (score, card): (f64, &Card), probability: f64) -> Candidate {
    let Fit { score, axes, rest } = fit(space, user, score, &card.signature);
    let mut candidate = Candidate {
        id: card.id.clone(),
        name: card.name.clone(),
        score,
        probability,
        axes,
        rest,
        adapter_bytes: card.adapter_bytes,
        reason: String::new(),
    };
    candidate.reason = reason(&candidate);
    candidate
}
