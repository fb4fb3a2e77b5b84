//! Why a model was put first, in one paragraph of plain words. Every number in it is a field here or of the candidates, written with
//! the same decimals; the templates hold none of their own.

use serde::Serialize;

use super::card::Signature;
use super::choice::{Choice, ChoiceKind, percent};
use super::rank::{AxisPair, Candidate, model_length};
use crate::style::{AXIS_STRETCH, Estimate, StyleSpace};

/// How many axes are named for a model.
const NAMED: usize = 2;
/// A model that stands further out than the user by more than this, in what a writer varies between paragraphs, is said to.
const A_STEP: f64 = 1.5;
/// What adds less to a score than this is not worth a word.
const WORTH_NAMING: f64 = 0.005;

/// The first of a ranking against the second.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Explanation {
    /// The first model.
    pub of: String,
    /// The second, if there is one.
    pub runner_up: Option<RunnerUp>,
    /// All of it in words.
    pub paragraph: String,
}

/// By how much the second model is behind, why, and what would change that.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RunnerUp {
    pub id: String,
    /// The difference of the scores.
    pub margin: f64,
    /// The axis that makes most of it, and what it adds to the score of the first and of the second.
    pub axis: String,
    pub first_gains: f64,
    pub second_gains: f64,
    /// The axis that makes up most of that for the second again, if one does.
    pub regained: Option<Regained>,
    /// The smallest step on one axis that would put the second first.
    pub change: Option<Change>,
}

/// What an axis adds to the score of the first model, and to that of the second, for which it adds more.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Regained {
    pub axis: String,
    pub first_gains: f64,
    pub second_gains: f64,
}

/// Where the user would have to stand for another model to come first, everything else being equal.
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
    foremost: &[&Signature],
    choice: &Choice,
) -> Option<Explanation> {
    let first = candidates.first()?;
    let runner_up = candidates.get(1).map(|second| RunnerUp {
        change: change(space, user, (first, foremost[0]), (second, foremost[1])),
        ..runner_up(first, second)
    });
    let paragraph = paragraph(first, runner_up.as_ref(), candidates, choice.kind);
    Some(Explanation { of: first.id.clone(), runner_up, paragraph })
}

fn runner_up(first: &Candidate, second: &Candidate) -> RunnerUp {
    let pairs = || first.axes.iter().zip(&second.axes);
    let ahead = |(a, b): &(&AxisPair, &AxisPair)| a.contribution - b.contribution;
    let most = pairs().max_by(|a, b| ahead(a).total_cmp(&ahead(b)));
    let least = pairs().min_by(|a, b| ahead(a).total_cmp(&ahead(b))).filter(|pair| ahead(pair) <= -WORTH_NAMING);
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

/// Scores are products with the user's difference over its length, which is the same for both. So a step along an axis moves their
/// difference in proportion.
fn change(
    space: &StyleSpace,
    user: &Estimate,
    (first, of_first): (&Candidate, &Signature),
    (second, of_second): (&Candidate, &Signature),
) -> Option<Change> {
    let (one, two) = (model_length(of_first), model_length(of_second));
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
    let alone = match kind {
        ChoiceKind::Blend => "How sure this is can be said of single models only. Of these, ",
        _ => "",
    };
    let sure = match candidates.len() {
        1 => String::new(),
        2 => format!(", and with a probability of {} the other is no closer", percent(first.probability)),
        count => format!(
            ", and with a probability of {} none of the other {} is closer",
            percent(first.probability),
            count - 1
        ),
    };
    let mut said = vec![format!(
        "{alone}{} comes first: its score is {:.2} (1 would be your very style, 0 that of the base, the model before it learned \
         anybody's style){sure}.",
        first.name, first.score,
    )];
    said.push(first.reason.clone());
    if let Some(runner) = runner_up {
        let second = &candidates[1];
        said.push(format!(
            "Next is {}, {:.2} lower ({:.2}, {}).",
            second.name,
            runner.margin,
            second.score,
            percent(second.probability)
        ));
        said.extend(apart_from(runner));
        if let Some(change) = &runner.change {
            said.push(format!(
                "{} would come first if your texts were more {} ({:+.1} instead of {:+.1} on {}).",
                second.name, change.pole, change.needed, change.user, change.axis
            ));
        }
    }
    said.join(" ")
}

/// Where the first gains most over the second, and where that gains most of it back.
fn apart_from(runner: &RunnerUp) -> Option<String> {
    let RunnerUp { axis, first_gains, second_gains, regained, .. } = runner;
    if first_gains - second_gains < WORTH_NAMING {
        return None;
    }
    let back = regained.as_ref().map_or_else(String::new, |Regained { axis, first_gains, second_gains }| {
        format!("; {axis} makes up for some of that ({second_gains:+.2} to the second, {first_gains:+.2} to the first)")
    });
    Some(format!(
        "What sets them apart most is {axis}: it adds {first_gains:+.2} to the score of the first and {second_gains:+.2} to that of \
         the second{back}."
    ))
}

/// Where user and model move the same way from the base, and where they part most.
pub(super) fn reason(candidate: &Candidate) -> String {
    let said: Vec<String> = together(candidate).into_iter().chain(apart(candidate)).collect();
    if said.is_empty() { "It shares nothing with you that has a name.".to_owned() } else { said.join(" ") }
}

/// The axes on which user and model move the same way from the base, those first that count most.
fn together(candidate: &Candidate) -> Option<String> {
    let mut shared: Vec<&AxisPair> = candidate.axes.iter().filter(|axis| axis.contribution >= WORTH_NAMING).collect();
    shared.sort_by(|a, b| b.contribution.total_cmp(&a.contribution));
    let named: Vec<String> = shared
        .iter()
        .take(NAMED)
        .map(|axis| {
            let pole = axis.pole(axis.user);
            let further = if goes_further(axis) { ", further than you" } else { "" };
            format!(
                "more {pole} (you {:+.1}, it {:+.1}{further}; adds {:+.2})",
                axis.user, axis.model, axis.contribution
            )
        })
        .collect();
    let rest = if candidate.rest.abs() >= WORTH_NAMING {
        format!("; likeness that no axis names adds {:+.2}", candidate.rest)
    } else {
        String::new()
    };
    (!named.is_empty()).then(|| format!("Like you it is {} than the base{rest}.", named.join(" and ")))
}

/// Whether the model goes the user's way, but clearly past them.
fn goes_further(axis: &AxisPair) -> bool {
    axis.user * axis.model > 0.0 && axis.model.abs() - axis.user.abs() > A_STEP
}

/// The axis that costs most.
fn apart(candidate: &Candidate) -> Option<String> {
    let axis = candidate.axes.iter().min_by(|a, b| a.contribution.total_cmp(&b.contribution))?;
    (axis.contribution <= -WORTH_NAMING).then(|| {
        format!(
            "Unlike you it is more {} than the base, where you are more {} (you {:+.1}, it {:+.1}; costs {:.2}).",
            axis.pole(axis.model),
            axis.pole(axis.user),
            axis.user,
            axis.model,
            -axis.contribution
        )
    })
}
