//! The choice of what training starts from: one model, one of two in a tie, a blend, or scratch, with the reason in words.
//! Knows candidates and their uncertainty, not what explains the ranking.

use serde::Serialize;

use super::blend::{Blend, BlendPart, blend};
use super::candidate::{Candidate, percent};
use super::card::Card;
use super::score::{AxisPair, UserStyle};
use super::uncertainty::{MIN_CERTAINTY, ScoreUncertainty};
use crate::style::{Caution, StyleSpace};

/// The score a model needs to be chosen. The texts of fifteen real writers were predicted with every model of the library: none
/// of the five with a lower score had a better start than the base, and eight of the ten with a higher one had
/// (docs/benchmarks.md). No score lay between 0.44 and 0.58.
const MIN_SCORE: f64 = 0.50;

/// Below this sum of weights the reason mentions the base's share of a blend.
const MIN_WHOLE: f64 = 0.95;
/// By how much a blend must be closer to the user on an axis for the axis to be named, and how many axes are named.
const MIN_AXIS_GAIN: f64 = 0.5;
const NAMED_AXES: usize = 2;

/// The share of words (or characters) that may be unmeasurable: beyond it, the remainder is not the person's style.
const MAX_UNMEASURABLE: f64 = 0.5;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, strum::IntoStaticStr)]
#[serde(rename_all = "snake_case")]
pub enum ChoiceKind {
    /// Start from the model of the library that is the closest with high probability.
    Library,
    /// Two models are too close to call with these texts; start from the one with the higher score.
    Tie,
    Blend,
    /// No model is close enough: start from scratch.
    Scratch,
    TooLittleText,
    Unmeasurable,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Choice {
    pub kind: ChoiceKind,
    /// The model to start from; of a blend its heaviest part.
    pub id: Option<String>,
    pub blend: Option<Blend>,
    pub tie: Option<Tie>,
    /// Words still needed before models can be compared.
    pub missing_words: usize,
    pub reason: String,
}

/// Two models that cannot be told apart, and what would decide between them.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Tie {
    pub one: String,
    pub other: String,
    pub one_probability: f64,
    pub other_probability: f64,
    /// Where they differ most: the axis and the coefficients of both.
    pub axis: String,
    pub one_value: f64,
    pub other_value: f64,
    /// An estimate of how many more of the user's words would decide; none where the models are too similar for any number.
    /// Assumes that the error falls with the square root of the text's length.
    pub more_words: Option<usize>,
}

impl Choice {
    /// The models to start from, each with its weight; none where training starts from scratch.
    pub fn parts(&self) -> Vec<BlendPart> {
        let whole = || self.id.iter().map(|id| BlendPart { id: id.clone(), weight: 1.0 }).collect();
        self.blend.as_ref().map_or_else(whole, |blend| blend.parts.clone())
    }

    fn plain(kind: ChoiceKind, id: Option<String>, reason: String) -> Self {
        Self { kind, id, blend: None, tie: None, missing_words: 0, reason }
    }

    pub(super) fn too_little(missing_words: usize) -> Self {
        let reason = format!("not enough text to choose: about {missing_words} more of your words would be needed");
        Self { missing_words, ..Self::plain(ChoiceKind::TooLittleText, None, reason) }
    }

    /// The refusal to choose, where cautions say that most of the text is in another language, no prose, or garbled.
    pub fn refused(cautions: &[Caution]) -> Option<Self> {
        let share = |caution: &Caution| match caution {
            Caution::OtherLanguage { share_of_words, .. } | Caution::Garbled { share_of_words, .. } => *share_of_words,
            Caution::Noisy { share, .. } => *share,
            Caution::Repetitive { .. } | Caution::MultipleAuthors { .. } => 0.0,
        };
        let other_language: f64 =
            cautions.iter().filter(|caution| matches!(caution, Caution::OtherLanguage { .. })).map(share).sum();
        let decisive = cautions.iter().find(|caution| {
            share(caution) > MAX_UNMEASURABLE || (other_language > MAX_UNMEASURABLE && share(caution) > 0.0)
        })?;
        let reason = format!("most of the text cannot be measured, so no model is chosen. {decisive}");
        // The front ends add the full stop.
        let reason = reason.trim_end_matches('.').to_owned();
        Some(Self::plain(ChoiceKind::Unmeasurable, None, reason))
    }
}

pub(super) fn choose(
    space: &StyleSpace,
    user: &UserStyle<'_>,
    candidates: &[Candidate],
    top: &[&Card],
    uncertainty: &ScoreUncertainty,
) -> Choice {
    let scratch =
        |why: String| Choice::plain(ChoiceKind::Scratch, None, format!("{why}, so training starts from scratch"));
    let Some(best) = candidates.first() else { return scratch("the library is empty".into()) };
    if best.score < MIN_SCORE {
        let (id, score) = (&best.id, best.score);
        return scratch(format!(
            "no model is close to your style (the best, {id}, scores {score:.2}; {MIN_SCORE:.2} is needed)"
        ));
    }
    if let Some(blend) = blend(space, user.estimate, top).filter(Blend::is_worth_proposing) {
        let reason = blend_reason(&blend, best);
        let id = blend.parts.first().map(|part| part.id.clone());
        return Choice { blend: Some(blend), ..Choice::plain(ChoiceKind::Blend, id, reason) };
    }
    let second = candidates.iter().enumerate().skip(1).max_by(|a, b| a.1.probability.total_cmp(&b.1.probability));
    match second {
        Some((at, other)) if best.probability < MIN_CERTAINTY => {
            let factor = uncertainty.text_needed(0, at);
            let tie = tie(best, other, factor.map(|factor| ((factor - 1.0) * user.words as f64).ceil() as usize));
            let reason = tie_reason(&tie);
            Choice { tie: Some(tie), ..Choice::plain(ChoiceKind::Tie, Some(best.id.clone()), reason) }
        }
        _ => {
            let reason = format!(
                "{} fits best (score {:.2}; {} likely to be the closest of {})",
                best.id,
                best.score,
                percent(best.probability),
                models(candidates.len())
            );
            Choice::plain(ChoiceKind::Library, Some(best.id.clone()), reason)
        }
    }
}

/// "6 models".
fn models(count: usize) -> String {
    if count == 1 { "1 model".to_owned() } else { format!("{count} models") }
}

fn tie(one: &Candidate, other: &Candidate, more_words: Option<usize>) -> Tie {
    let pairs = one.axes.iter().zip(&other.axes);
    let gap = |(a, b): &(&AxisPair, &AxisPair)| (a.model - b.model).abs();
    let widest = pairs.max_by(|a, b| gap(a).total_cmp(&gap(b)));
    Tie {
        one: one.id.clone(),
        other: other.id.clone(),
        one_probability: one.probability,
        other_probability: other.probability,
        axis: widest.map(|(axis, _)| axis.name.clone()).unwrap_or_default(),
        one_value: widest.map_or(0.0, |(axis, _)| axis.model),
        other_value: widest.map_or(0.0, |(_, axis)| axis.model),
        more_words,
    }
}

fn blend_reason(blend: &Blend, best: &Candidate) -> String {
    let parts: Vec<String> = blend.parts.iter().map(|part| format!("{:.2} of {}", part.weight, part.id)).collect();
    let whole: f64 = blend.parts.iter().map(|part| part.weight).sum();
    let rest = if whole < MIN_WHOLE { ", and the base model for the rest" } else { "" };
    let mut reason = format!(
        "a blend fits best and is recommended: {}{rest}. Its estimated score is {:.2}; that of {}, the best single \
         model, is {:.2}",
        parts.join(" and "),
        blend.similarity,
        blend.best_single,
        blend.single_similarity
    );
    let mut closer: Vec<(f64, String)> = (best.axes.iter().zip(&blend.axes))
        .map(|(axis, blended)| {
            let gain = (axis.user - axis.model).abs() - (axis.user - blended.value).abs();
            let numbers = format!("you {:+.1}, it {:+.1}, {} {:+.1}", axis.user, blended.value, best.id, axis.model);
            (gain, format!("{} ({numbers})", axis.name))
        })
        .filter(|(gain, _)| *gain >= MIN_AXIS_GAIN)
        .collect();
    closer.sort_by(|a, b| b.0.total_cmp(&a.0));
    let named: Vec<String> = closer.into_iter().take(NAMED_AXES).map(|(_, axis)| axis).collect();
    if !named.is_empty() {
        reason += &format!(". The blend is closer to you on {}", named.join(" and on "));
    }
    reason
}

fn tie_reason(tie: &Tie) -> String {
    let Tie { one, other, axis, .. } = tie;
    let decides = match tie.more_words {
        Some(words) => format!("about {words} more of your words would settle it (an estimate)"),
        None => "more text alone would probably not settle it, so try both".to_owned(),
    };
    // The score orders them; over resampled texts the other one may come first more often.
    let ahead = if tie.one_probability >= tie.other_probability {
        format!("{one} is slightly ahead")
    } else {
        format!("{one} has the higher score, but {other} is the closest more often when your texts are resampled")
    };
    format!(
        "{one} and {other} are too close to call with these texts ({} and {}); {ahead}. They differ most on \
         {axis} ({one} {:+.1}, {other} {:+.1}): {decides}",
        percent(tie.one_probability),
        percent(tie.other_probability),
        tie.one_value,
        tie.other_value
    )
}
