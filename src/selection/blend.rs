//! Which blend of models is closer to the user than any single one. Knows differences and cards, not how adapters are added.

use serde::Serialize;

use super::card::{Card, CardAxis, Signature};
use super::mixing::Mixing;
use super::score::{Fit, UserStyle, fit};
use crate::style::{Estimate, StyleSpace, StyleVector};

/// A blend is proposed if its predicted similarity exceeds the best single model's by this much. Several parts seem to gain a
/// little for anyone. With the shipped cards, 3 to 80 texts of one of their own styles gain less, and texts half of one style
/// and half of another gain more (`tests/integration/selection.rs`).
const MIN_BLEND_GAIN: f64 = 0.08;

/// How many of the closest single models are tried as parts.
const MAX_CANDIDATES: usize = 5;

/// A weighted sum of library models and how it is predicted to fit the user. The prediction assumes that the effects of adapters
/// on style add up as their differences do; only measuring what the blend writes can confirm it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Blend {
    /// One to three, heaviest first.
    pub parts: Vec<BlendPart>,
    /// Predicted [similarity](StyleSpace::similarity) to the user, -1 to 1.
    pub similarity: f64,
    /// The closest single model, and its similarity.
    pub best_single: String,
    pub single_similarity: f64,
    pub gain: f64,
    /// The predicted difference on each axis: the weighted sum of the parts' coefficients.
    pub axes: Vec<CardAxis>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct BlendPart {
    pub id: String,
    /// The factor of its adapter's update, above 0. Weights need not sum to 1: a model may differ less from the base, or more,
    /// than the user.
    pub weight: f64,
}

/// Parts as text, which a start point is read from as well: `warm`, or `warm:0.70+formal:0.40`.
pub fn blend_notation(parts: &[BlendPart]) -> String {
    match parts {
        [only] if only.weight == 1.0 => only.id.clone(),
        parts => parts.iter().map(|part| format!("{}:{:.2}", part.id, part.weight)).collect::<Vec<_>>().join("+"),
    }
}

impl Blend {
    /// Whether there are several parts and they gain [`MIN_BLEND_GAIN`] or more.
    pub fn is_worth_proposing(&self) -> bool {
        self.parts.len() > 1 && self.gain >= MIN_BLEND_GAIN
    }
}

/// The blend of at most three cards, among the [`MAX_CANDIDATES`] closest, whose difference from the base is closest to the
/// user's: non-negative least squares (Lawson and Hanson, *Solving Least Squares Problems*, 1974) in the metric of
/// [`StyleSpace::inner`]. Of all such blends it also has the highest cosine there, apart from noise. Parts with less than a
/// tenth of the weight are then dropped and the others fitted again.
///
/// None if no card has a positive inner product with the user's difference, or that is zero. One part if more gain nothing.
pub fn blend(space: &StyleSpace, user: &Estimate, cards: &[&Card]) -> Option<Blend> {
    let signatures: Vec<&Signature> = cards.iter().map(|card| &card.signature).collect();
    let Mixed { weights, best, single_similarity } = mixed(space, user, &signatures)?;
    let mixture = mixture(space, &weights.iter().map(|&(at, weight)| (signatures[at], weight)).collect::<Vec<_>>());
    let similarity = space.similarity(user, &mixture.estimate());
    let parts = weights.iter().map(|&(at, weight)| BlendPart { id: cards[at].id.clone(), weight }).collect();
    Some(Blend {
        parts,
        similarity,
        best_single: cards[best].id.clone(),
        single_similarity,
        gain: similarity - single_similarity,
        axes: mixture.axes,
    })
}

/// How a blend with these weights is predicted to fit the user, and what each axis contributes.
pub fn predict_blend(space: &StyleSpace, user: &UserStyle<'_>, parts: &[(&Signature, f64)]) -> Fit {
    let mixture = mixture(space, parts);
    fit(space, user, space.similarity(user.estimate, &mixture.estimate()), &mixture)
}

/// The predicted signature of a blend: differences add up by weight, and the errors of the parts are independent.
fn mixture(space: &StyleSpace, parts: &[(&Signature, f64)]) -> Signature {
    let width = parts.iter().map(|(model, _)| model.difference.width()).max().unwrap_or(0);
    let mut mixture = Estimate { difference: StyleVector::new(vec![0.0; width]), noise: 0.0 };
    for &(model, weight) in parts {
        mixture.difference = mixture.difference.add_scaled(&model.difference, weight as f32);
        mixture.noise += weight * weight * model.noise;
    }
    Signature::new(space, mixture)
}

/// The parts of the best blend as indices into `models` with weights, heaviest first; none as for [`blend`].
pub fn blend_weights(space: &StyleSpace, user: &Estimate, models: &[Signature]) -> Option<Vec<(usize, f64)>> {
    mixed(space, user, &models.iter().collect::<Vec<_>>()).map(|mixed| mixed.weights)
}

/// The parts of a blend as indices into the models, heaviest first, and the closest single model.
struct Mixed {
    weights: Vec<(usize, f64)>,
    best: usize,
    single_similarity: f64,
}

fn mixed(space: &StyleSpace, user: &Estimate, models: &[&Signature]) -> Option<Mixed> {
    let mut scored: Vec<(f64, usize)> = (0..models.len())
        .filter(|&at| has_norm(space, &models[at].difference))
        .map(|at| (space.similarity(user, &models[at].estimate()), at))
        .collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0));
    scored.truncate(MAX_CANDIDATES);
    let (single_similarity, best) = *scored.first()?;
    let differences: Vec<&StyleVector> = scored.iter().map(|(_, at)| &models[*at].difference).collect();
    let weights = Mixing::new(space, &user.difference, &differences).weights()?;
    let mut weights: Vec<(usize, f64)> = weights.into_iter().map(|(at, weight)| (scored[at].1, weight)).collect();
    weights.sort_by(|a, b| b.1.total_cmp(&a.1));
    Some(Mixed { weights, best, single_similarity })
}

fn has_norm(space: &StyleSpace, difference: &StyleVector) -> bool {
    let square = space.inner(difference, difference);
    square > 0.0 && square.is_finite()
}
