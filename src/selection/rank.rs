//! Which model fits: a score for each, the reasons in numbers and in words, and an honest choice, which may be "none".
//! Knows differences and cards, not texts.

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use serde::Serialize;

use super::card::{Card, Signature};
use crate::style::{Axis, Estimate, StyleSpace, StyleVector, similarity, true_length};

/// Below this score the closest model is not close: starting from it would be no better than from scratch.
/// A cautious choice, not a measured one.
pub const CLOSE_ENOUGH: f64 = 0.10;

/// A choice that fewer than this share of resamples agree with is called uncertain.
const CERTAIN: f64 = 0.75;

/// So many cards, best first, are compared on every draw of the user's texts.
const RIVALS: usize = 12;
/// The same texts always give the same shares.
const SEED: u64 = 0x5eed;

/// What is known of the user.
#[derive(Clone, Debug)]
pub struct UserStyle<'a> {
    /// Difference of the user's writing from the base model's.
    pub estimate: &'a Estimate,
    /// The same for resampled texts: how sure everything is.
    pub drawn: &'a [StyleVector],
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
    /// Share of resamples of the user's texts in which this model is the best.
    pub support: f64,
    pub axes: Vec<AxisPair>,
    pub reason: String,
    pub adapter_bytes: u64,
}

/// User and model on one axis: coefficients of their differences from the base, positive towards the high pole.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AxisPair {
    pub name: String,
    pub low: String,
    pub high: String,
    pub user: f64,
    pub model: f64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ChoiceKind {
    /// Start from a model of the library.
    Library,
    /// No model is close enough: start from scratch.
    Scratch,
    /// There is too little text to say.
    TooLittleText,
}

/// What selection comes to.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Choice {
    pub kind: ChoiceKind,
    pub id: Option<String>,
    pub reason: String,
}

/// The ranking, best first, and the choice.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Selection {
    pub candidates: Vec<Candidate>,
    pub choice: Choice,
}

/// Ranks the cards for the user. With too little text there are no candidates, only what is missing.
#[must_use]
pub fn rank(space: &StyleSpace, user: &UserStyle<'_>, cards: &[Card]) -> Selection {
    if user.missing_words > 0 {
        let reason =
            format!("too little text to tell: about {} more words of your writing are needed", user.missing_words);
        return Selection {
            candidates: Vec::new(),
            choice: Choice { kind: ChoiceKind::TooLittleText, id: None, reason },
        };
    }
    let signatures = cards.iter().map(|card| &card.signature);
    let mut best: Vec<(f64, &Card)> = scores(space, user.estimate, signatures).into_iter().zip(cards).collect();
    best.sort_by(|a, b| b.0.total_cmp(&a.0));
    let support = support(space, user.drawn, &best);
    let candidates: Vec<Candidate> = best
        .iter()
        .zip(support)
        .map(|((score, card), support)| {
            let axes = pairs(space, &user.estimate.difference, card);
            Candidate {
                id: card.id.clone(),
                name: card.name.clone(),
                score: *score,
                support,
                reason: reason(&axes),
                axes,
                adapter_bytes: card.adapter_bytes,
            }
        })
        .collect();
    let choice = choose(&candidates);
    Selection { candidates, choice }
}

/// The [similarity](StyleSpace::similarity) of each model to the user: two inner products a model.
#[must_use]
pub fn scores<'a>(space: &StyleSpace, user: &Estimate, models: impl IntoIterator<Item = &'a Signature>) -> Vec<f64> {
    let dual = space.dual(&user.difference);
    let length = space.true_length(user);
    let score = |model: &Signature| {
        let on_axes: f64 = model.axes.iter().map(|axis| axis.value * axis.value).sum();
        similarity(dual.dot(&model.difference), length, true_length(model.difference.norm(), on_axes, model.noise))
    };
    models.into_iter().map(score).collect()
}

fn pairs(space: &StyleSpace, user: &StyleVector, card: &Card) -> Vec<AxisPair> {
    let models = card.signature.axes.iter().map(|axis| axis.value);
    let pair = |((axis, user), model): ((&Axis, f64), f64)| AxisPair {
        name: axis.id.clone(),
        low: axis.low.clone(),
        high: axis.high.clone(),
        user,
        model,
    };
    space.axes().iter().zip(space.coefficients(user)).zip(models).map(pair).collect()
}

/// For each card, best first, the share of draws in which it is the best; only the foremost can be. Each draw is one of the user's
/// texts, and of what is not known of the models: their scores move by their [`uncertainty`].
fn support(space: &StyleSpace, drawn: &[StyleVector], best: &[(f64, &Card)]) -> Vec<f64> {
    let mut random = StdRng::seed_from_u64(SEED);
    let mut wins = vec![0usize; best.len()];
    let foremost = || best.iter().take(RIVALS).map(|(_, card)| &card.signature);
    let uncertain: Vec<f64> = foremost().map(|model| uncertainty(space, model)).collect();
    for difference in drawn {
        let estimate = Estimate { difference: difference.clone(), noise: 0.0 };
        let scores = scores(space, &estimate, foremost()).into_iter().zip(&uncertain);
        let moved = scores.map(|(score, uncertain)| score + uncertain * normal(&mut random));
        if let Some((winner, _)) = moved.enumerate().max_by(|a, b| a.1.total_cmp(&b.1)) {
            wins[winner] += 1;
        }
    }
    wins.iter().map(|&won| won as f64 / drawn.len().max(1) as f64).collect()
}

/// The standard error of a score from what is not known of the model: its noise, taken to be spread over all coordinates alike,
/// so that this much of it lies in the user's direction.
fn uncertainty(space: &StyleSpace, model: &Signature) -> f64 {
    let estimate = Estimate { difference: model.difference.clone(), noise: model.noise };
    let length = space.true_length(&estimate);
    if length > 0.0 { (model.noise / model.difference.len() as f64).sqrt() / length } else { 0.0 }
}

/// A draw from the standard normal distribution (Box and Muller, 1958).
fn normal(random: &mut StdRng) -> f64 {
    let (radius, angle): (f64, f64) = (1.0 - random.random::<f64>(), random.random());
    (-2.0 * radius.ln()).sqrt() * (std::f64::consts::TAU * angle).cos()
}

/// The axes on which user and model move the same way from the base, and the one on which they part most, in words.
fn reason(axes: &[AxisPair]) -> String {
    let mut together: Vec<&AxisPair> = axes.iter().filter(|pair| pair.user * pair.model > 0.0).collect();
    together.sort_by(|a, b| (b.user * b.model).total_cmp(&(a.user * a.model)));
    let mut apart: Vec<&AxisPair> = axes.iter().filter(|pair| pair.user * pair.model < 0.0).collect();
    apart.sort_by(|a, b| (a.user * a.model).total_cmp(&(b.user * b.model)));
    let pole = |pair: &AxisPair, value: f64| if value > 0.0 { pair.high.clone() } else { pair.low.clone() };
    let mut parts = Vec::new();
    if !together.is_empty() {
        let poles: Vec<String> = together
            .iter()
            .take(2)
            .map(|pair| format!("more {} (you {:+.1}, it {:+.1})", pole(pair, pair.user), pair.user, pair.model))
            .collect();
        parts.push(format!("like you {} than the base", poles.join(" and ")));
    }
    if let Some(pair) = apart.first() {
        parts.push(format!(
            "but {} where you are {} (you {:+.1}, it {:+.1})",
            pole(pair, pair.model),
            pole(pair, pair.user),
            pair.user,
            pair.model
        ));
    }
    parts.join(", ")
}

fn choose(candidates: &[Candidate]) -> Choice {
    let Some(best) = candidates.first() else {
        return Choice { kind: ChoiceKind::Scratch, id: None, reason: "the library is empty".into() };
    };
    if best.score < CLOSE_ENOUGH {
        let reason = format!(
            "no model is close to your style (the best, {}, scores {:.2}; {CLOSE_ENOUGH:.2} is needed), so training starts from scratch",
            best.id, best.score
        );
        return Choice { kind: ChoiceKind::Scratch, id: None, reason };
    }
    let certainty = if best.support < CERTAIN {
        let rival = candidates.iter().skip(1).max_by(|a, b| a.support.total_cmp(&b.support));
        let rival = rival.map(|rival| format!("; {} is about as good", rival.id)).unwrap_or_default();
        format!("a close call: best in {:.0} % of resamples of your texts{rival}", best.support * 100.0)
    } else {
        format!("best in {:.0} % of resamples of your texts", best.support * 100.0)
    };
    let reason = format!("{} fits best (score {:.2}, {certainty}): {}", best.id, best.score, best.reason);
    Choice { kind: ChoiceKind::Library, id: Some(best.id.clone()), reason }
}
