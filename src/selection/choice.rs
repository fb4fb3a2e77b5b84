//! The choice that a ranking comes to, honestly: a clear match, two that cannot be told apart, a blend, none, or no measurement at
//! all. Says it in words with the numbers it rests on.

use serde::Serialize;

use super::blend::{Blend, BlendPart, blend};
use super::card::Card;
use super::doubt::{CERTAIN, Doubt};
use super::rank::{Candidate, UserStyle};
use crate::style::{Caution, StyleSpace};

/// Below this score the closest model is not close. Of fifteen real writers whose texts were predicted with every model of the library,
/// none of the five with a lower score had a better start than the base itself, and eight of the ten above it had
/// (docs/benchmarks.md); no score lay between 0.44 and 0.58.
const CLOSE_ENOUGH: f64 = 0.50;

/// Weights that sum to this leave nothing of the base worth a word.
const ALL_BUT_WHOLE: f64 = 0.95;
/// On an axis a blend is nearer by this much, in steps from the base, where that is worth a word; and so many axes are named.
const A_STEP: f64 = 0.5;
const NAMED: usize = 2;

/// Where more of the words (or characters) than this cannot be measured, what is left is not the person's style.
const MOST: f64 = 0.5;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, strum::IntoStaticStr)]
#[serde(rename_all = "snake_case")]
pub enum ChoiceKind {
    /// Start from a model of the library that is surely the closest.
    Library,
    /// Two models cannot be told apart with these texts; the one that is closer by a little is named.
    Tie,
    /// A mixture of models comes closer than any of them.
    Blend,
    /// No model is close enough: start from scratch.
    Scratch,
    /// There is too little text to say.
    TooLittleText,
    /// Most of the text is nothing whose style could be measured.
    Unmeasurable,
}

/// What selection comes to.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Choice {
    pub kind: ChoiceKind,
    /// The model to start from; of a blend its heaviest part.
    pub id: Option<String>,
    pub blend: Option<Blend>,
    pub tie: Option<Tie>,
    /// Words that are missing before anything can be said.
    pub missing_words: usize,
    /// All of it in one or two sentences.
    pub reason: String,
}

/// Two models that cannot be told apart, and what would tell them.
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
    /// About so many more words of the user's would decide; none where the models are too much alike for any number of words.
    /// An estimate: the error falls with the root of the text.
    pub more_words: Option<usize>,
}

impl Choice {
    /// The models to start from, each with its weight; none where training starts from scratch.
    #[must_use]
    pub fn parts(&self) -> Vec<BlendPart> {
        let whole = || self.id.iter().map(|id| BlendPart { id: id.clone(), weight: 1.0 }).collect();
        self.blend.as_ref().map_or_else(whole, |blend| blend.parts.clone())
    }

    fn plain(kind: ChoiceKind, id: Option<String>, reason: String) -> Self {
        Self { kind, id, blend: None, tie: None, missing_words: 0, reason }
    }

    pub(super) fn too_little(missing_words: usize) -> Self {
        let reason = format!("too little text to tell: about {missing_words} more words of your writing are needed");
        Self { missing_words, ..Self::plain(ChoiceKind::TooLittleText, None, reason) }
    }

    /// The refusal that cautions about the texts call for, if they do: most of it is in another language, no prose, or garbled.
    #[must_use]
    pub fn refused(cautions: &[Caution]) -> Option<Self> {
        let share = |caution: &Caution| match caution {
            Caution::OtherLanguage { share_of_words, .. } | Caution::Garbled { share_of_words, .. } => *share_of_words,
            Caution::Noisy { share, .. } => *share,
            Caution::Repetitive { .. } | Caution::SeveralHands { .. } => 0.0,
        };
        let other: f64 =
            cautions.iter().filter(|caution| matches!(caution, Caution::OtherLanguage { .. })).map(share).sum();
        let hopeless =
            cautions.iter().find(|caution| share(caution) > MOST || (other > MOST && share(caution) > 0.0))?;
        let reason = format!("most of the text cannot be measured, so no model is chosen. {hopeless}");
        // Whoever shows a reason ends it.
        let reason = reason.trim_end_matches('.').to_owned();
        Some(Self::plain(ChoiceKind::Unmeasurable, None, reason))
    }
}

pub(super) fn choose(
    space: &StyleSpace,
    user: &UserStyle<'_>,
    candidates: &[Candidate],
    foremost: &[&Card],
    doubt: &Doubt,
) -> Choice {
    let Some(best) = candidates.first() else {
        return Choice::plain(
            ChoiceKind::Scratch,
            None,
            "the library is empty, so training starts from scratch".into(),
        );
    };
    if best.score < CLOSE_ENOUGH {
        let reason = format!(
            "no model is close to your style (the best, {}, scores {:.2}; {CLOSE_ENOUGH:.2} is needed), so training starts from scratch",
            best.id, best.score
        );
        return Choice::plain(ChoiceKind::Scratch, None, reason);
    }
    let mixture = blend(space, user.estimate, foremost).filter(Blend::is_worth_proposing);
    if let Some(mixture) = mixture {
        let reason = say_blend(&mixture, best);
        let id = mixture.parts.first().map(|part| part.id.clone());
        return Choice { blend: Some(mixture), ..Choice::plain(ChoiceKind::Blend, id, reason) };
    }
    let rival = candidates.iter().enumerate().skip(1).max_by(|a, b| a.1.probability.total_cmp(&b.1.probability));
    match rival {
        Some((at, other)) if best.probability < CERTAIN => {
            let factor = doubt.text_needed(0, at);
            let tie = tie(best, other, factor.map(|factor| ((factor - 1.0) * user.words as f64).ceil() as usize));
            let reason = say(&tie);
            Choice { tie: Some(tie), ..Choice::plain(ChoiceKind::Tie, Some(best.id.clone()), reason) }
        }
        _ => {
            let reason = format!(
                "{} fits best (score {:.2}; the closest of {} with a probability of {})",
                best.id,
                best.score,
                models(candidates.len()),
                percent(best.probability)
            );
            Choice::plain(ChoiceKind::Library, Some(best.id.clone()), reason)
        }
    }
}

/// A probability as it is said: nothing is ever certain.
#[must_use]
pub fn percent(probability: f64) -> String {
    short_percent(probability).replace('>', "over ").replace('<', "under ")
}

/// The same for a table.
#[must_use]
pub fn short_percent(probability: f64) -> String {
    match probability {
        high if high >= 0.995 => ">99 %".to_owned(),
        low if low < 0.005 => "<1 %".to_owned(),
        between => format!("{:.0} %", between * 100.0),
    }
}

/// "6 models".
fn models(count: usize) -> String {
    if count == 1 { "1 model".to_owned() } else { format!("{count} models") }
}

fn tie(one: &Candidate, other: &Candidate, more_words: Option<usize>) -> Tie {
    let pairs = one.axes.iter().zip(&other.axes);
    let far = |(a, b): &(&super::AxisPair, &super::AxisPair)| (a.model - b.model).abs();
    let widest = pairs.max_by(|a, b| far(a).total_cmp(&far(b)));
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

fn say_blend(blend: &Blend, best: &Candidate) -> String {
    let parts: Vec<String> = blend.parts.iter().map(|part| format!("{:.2} of {}", part.weight, part.id)).collect();
    let whole: f64 = blend.parts.iter().map(|part| part.weight).sum();
    let rest = if whole < ALL_BUT_WHOLE { ", the rest the base" } else { "" };
    let mut said = format!(
        "a blend fits best and is proposed: {}{rest}. Its estimated score is {:.2}; that of {}, the best single \
         model, is {:.2}",
        parts.join(" and "),
        blend.similarity,
        blend.best_single,
        blend.single_similarity
    );
    let mut nearer: Vec<(f64, String)> = (best.axes.iter().zip(&blend.axes))
        .map(|(axis, blended)| {
            let gain = (axis.user - axis.model).abs() - (axis.user - blended.value).abs();
            let numbers = (axis.user, blended.value, axis.model);
            (
                gain,
                format!("{} (you {:+.1}, it {:+.1}, {} {:+.1})", axis.name, numbers.0, numbers.1, best.id, numbers.2),
            )
        })
        .filter(|(gain, _)| *gain >= A_STEP)
        .collect();
    nearer.sort_by(|a, b| b.0.total_cmp(&a.0));
    let named: Vec<String> = nearer.into_iter().take(NAMED).map(|(_, axis)| axis).collect();
    if !named.is_empty() {
        said += &format!(". The blend is nearer to you on {}", named.join(" and on "));
    }
    said
}

fn say(tie: &Tie) -> String {
    let Tie { one, other, axis, .. } = tie;
    let decides = match tie.more_words {
        Some(words) => format!("about {words} more words of yours would decide (an estimate)"),
        None => "more text alone would hardly decide, so try both".to_owned(),
    };
    format!(
        "{one} and {other} cannot be told apart with these texts ({} and {}); {one} is a little closer. They differ most on \
         {axis} ({one} {:+.1}, {other} {:+.1}): {decides}",
        percent(tie.one_probability),
        percent(tie.other_probability),
        tie.one_value,
        tie.other_value
    )
}
