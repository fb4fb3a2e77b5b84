//! Why a model ranks first, in one paragraph. Every number in it is a field here or of the candidates, with the same decimals.
//! Knows the choice, not how it was made.

use serde::Serialize;

use super::candidate::{Candidate, MIN_CONTRIBUTION, percent};
use super::card::Card;
use super::choice::ChoiceKind;
use super::score::AxisPair;
use crate::style::{AXIS_STRETCH, Estimate, StyleSpace, comparative};

/// The first of a ranking compared with the second.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Explanation {
    /// The first model.
    pub of: String,
    pub runner_up: Option<RunnerUp>,
    pub paragraph: String,
}

/// How far the second model is behind, why, and what would change the order.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RunnerUp {
    pub id: String,
    pub margin: f64,
    /// The axis that contributes most to the margin, and its contributions to the first and the second score.
    pub axis: String,
    pub first_gains: f64,
    pub second_gains: f64,
    /// The axis that reduces the margin most, if one does.
    pub regained: Option<Regained>,
    /// The counterfactual: the smallest change on one axis that would put the second first.
    pub change: Option<Change>,
}

/// An axis that contributes more to the second score than to the first.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Regained {
    pub axis: String,
    pub first_gains: f64,
    pub second_gains: f64,
}

/// The coefficient the user would need for the second model to rank first, everything else being equal.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Change {
    pub axis: String,
    /// The adjective of the pole to move towards.
    pub pole: String,
    pub user: f64,
    pub needed: f64,
}

pub(super) fn explain(
    space: &StyleSpace,
    user: &Estimate,
    candidates: &[Candidate],
    top: &[&Card],
    kind: ChoiceKind,
) -> Option<Explanation> {
    let first = candidates.first()?;
    let runner_up = candidates.get(1).map(|second| RunnerUp {
        change: change(space, user, (first, top[0]), (second, top[1])),
        ..runner_up(first, second)
    });
    let paragraph = paragraph(first, runner_up.as_ref(), candidates, kind);
    Some(Explanation { of: first.id.clone(), runner_up, paragraph })
}

fn runner_up(first: &Candidate, second: &Candidate) -> RunnerUp {
    let pairs = || first.axes.iter().zip(&second.axes);
    let ahead = |(a, b): &(&AxisPair, &AxisPair)| a.contribution - b.contribution;
    let most = pairs().max_by(|a, b| ahead(a).total_cmp(&ahead(b)));
    let least = pairs().min_by(|a, b| ahead(a).total_cmp(&ahead(b))).filter(|pair| ahead(pair) <= -MIN_CONTRIBUTION);
    RunnerUp {
        id: second.id.clone(),
        margin: first.score - second.score,
        axis: most.map(|(axis, _)| axis.name.clone()).unwrap_or_default(),
        first_gains: most.map_or(0.0, |(axis, _)| axis.contribution),
        second_gains: most.map_or(0.0, |(_, axis)| axis.contribution),
        regained: least.map(|(first, second)| Regained {
            axis: first.name.clone(),
            first_gains: first.contribution,
            second_gains: second.contribution,
        }),
        change: None,
    }
}

/// A score is an inner product with the user's difference divided by its norm, which both scores share, so the margin is linear
/// in a step along an axis.
fn change(
    space: &StyleSpace,
    user: &Estimate,
    (first, first_card): (&Candidate, &Card),
    (second, second_card): (&Candidate, &Card),
) -> Option<Change> {
    let (one, two) = (first_card.signature.denoised_norm(), second_card.signature.denoised_norm());
    let gap = (first.score - second.score) * space.denoised_norm(user);
    let step = |(a, b): (&AxisPair, &AxisPair)| {
        let slope = AXIS_STRETCH * AXIS_STRETCH * (b.model / two - a.model / one);
        (slope != 0.0).then(|| gap / slope).filter(|step| step.is_finite())
    };
    let steps = first.axes.iter().zip(&second.axes).filter_map(|pair| Some((step(pair)?, pair.0)));
    let (step, axis) = steps.min_by(|a, b| a.0.abs().total_cmp(&b.0.abs()))?;
    let pole = if step > 0.0 { &axis.high } else { &axis.low };
    Some(Change { axis: axis.name.clone(), pole: pole.clone(), user: axis.user, needed: axis.user + step })
}

fn paragraph(first: &Candidate, runner_up: Option<&RunnerUp>, candidates: &[Candidate], kind: ChoiceKind) -> String {
    let scope = match kind {
        ChoiceKind::Blend => "Probabilities exist for single models only. Of these, ",
        _ => "",
    };
    let certainty = match candidates.len() {
        1 => String::new(),
        2 => format!(", and it is {} likely to be closer than the other", percent(first.probability)),
        count => format!(", and it is {} likely to be the closest of these {count}", percent(first.probability)),
    };
    let mut sentences = vec![format!(
        "{scope}{} ranks first: its score is {:.2} (1 would be the same direction from \
         the base model as yours, 0 an unrelated one){certainty}.",
        first.name, first.score,
    )];
    sentences.push(first.reason.clone());
    if let Some(runner) = runner_up {
        let second = &candidates[1];
        sentences.push(format!(
            "{} is second with {:.2} ({}).",
            second.name,
            second.score,
            percent(second.probability)
        ));
        sentences.extend(margin_axes(runner));
        if let Some(change) = &runner.change {
            sentences.push(format!(
                "{} would rank first if your texts were {} ({:+.1} instead of {:+.1} on {}).",
                second.name,
                comparative(&change.pole),
                change.needed,
                change.user,
                change.axis
            ));
        }
    }
    sentences.join(" ")
}

/// The axis that contributes most to the margin, and the one that reduces it most.
fn margin_axes(runner: &RunnerUp) -> Option<String> {
    let RunnerUp { axis, first_gains, second_gains, regained, .. } = runner;
    if first_gains - second_gains < MIN_CONTRIBUTION {
        return None;
    }
    let reduced = regained.as_ref().map_or_else(String::new, |Regained { axis, first_gains, second_gains }| {
        format!("; {axis} favours the second ({second_gains:+.2} against {first_gains:+.2})")
    });
    Some(format!(
        "They differ most on {axis}, which adds {first_gains:+.2} to the score of the first and {second_gains:+.2} to that of the \
         second{reduced}."
    ))
}
