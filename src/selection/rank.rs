//! The ranking of the library for a user, with the choice and its explanation: the steps in their order. Knows no texts.

use serde::Serialize;

use super::candidate::Candidate;
use super::card::{Card, Signature};
use super::choice::{Choice, choose};
use super::explanation::{Explanation, explain};
use super::score::{UserStyle, scores};
use super::uncertainty::ScoreUncertainty;
use crate::style::{Estimate, StyleSpace};

/// How many of the highest scores are compared; the probability of the others is taken to be 0.
const TOP_K: usize = 12;

/// The ranking, best first, the choice, and its reasons.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Selection {
    pub candidates: Vec<Candidate>,
    pub choice: Choice,
    /// None where nothing can be compared.
    pub explanation: Option<Explanation>,
}

/// Ranks the cards for the user. With too little text there are no candidates, only how much is missing.
pub fn rank(space: &StyleSpace, user: &UserStyle<'_>, cards: &[Card]) -> Selection {
    if user.missing_words > 0 {
        return Selection { candidates: Vec::new(), choice: Choice::too_little(user.missing_words), explanation: None };
    }
    let signatures: Vec<&Signature> = cards.iter().map(|card| &card.signature).collect();
    let (order, uncertainty) = by_score(space, user.estimate, &signatures);
    let mut probabilities = uncertainty.probabilities();
    probabilities.resize(order.len(), 0.0);
    let candidate = |(&(at, score), probability)| Candidate::new(space, user, &cards[at], score, probability);
    let candidates: Vec<Candidate> = order.iter().zip(probabilities).map(candidate).collect();
    let top: Vec<&Card> = order.iter().take(TOP_K).map(|&(at, _)| &cards[at]).collect();
    let choice = choose(space, user, &candidates, &top, &uncertainty);
    let explanation = explain(space, user.estimate, &candidates, &top, choice.kind);
    Selection { candidates, choice, explanation }
}

/// For each model the probability that it is the closest of them: that of the top [`TOP_K`], 0 for the others.
pub fn probabilities(space: &StyleSpace, user: &Estimate, models: &[&Signature]) -> Vec<f64> {
    let (order, uncertainty) = by_score(space, user, models);
    let mut all = vec![0.0; models.len()];
    for ((at, _), probability) in order.into_iter().zip(uncertainty.probabilities()) {
        all[at] = probability;
    }
    all
}

/// The models by index with their scores, best first, and the uncertainty of the first [`TOP_K`] scores.
fn by_score(space: &StyleSpace, user: &Estimate, models: &[&Signature]) -> (Vec<(usize, f64)>, ScoreUncertainty) {
    let mut order: Vec<(usize, f64)> = scores(space, user, models.iter().copied()).into_iter().enumerate().collect();
    order.sort_by(|a, b| b.1.total_cmp(&a.1));
    let top: Vec<&Signature> = order.iter().take(TOP_K).map(|&(at, _)| models[at]).collect();
    let uncertainty = ScoreUncertainty::new(space, user, &top);
    (order, uncertainty)
}
