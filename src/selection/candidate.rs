//! A library model scored for the user: its score, its probability, and in words what it shares with the user. Knows no
//! other candidate.

use serde::Serialize;

use super::card::Card;
use super::score::{AxisPair, Fit, UserStyle, fit};
use crate::style::{StyleSpace, comparative};

/// How many axes are named for a model.
const NAMED_AXES: usize = 2;
/// "More so than you" is said of a model whose coefficient exceeds the user's by this much, in standard deviations of a
/// writer's paragraphs.
const MIN_EXCESS: f64 = 1.5;
/// Contributions below this are not mentioned.
pub(super) const MIN_CONTRIBUTION: f64 = 0.005;

/// A library model scored for the user, with the reason in words.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Candidate {
    pub id: String,
    pub name: String,
    /// Similarity of the two differences from the base, -1 to 1.
    pub score: f64,
    /// The probability that this model is the closest of the library, 0 to 1.
    pub probability: f64,
    pub axes: Vec<AxisPair>,
    /// The residual: `score` less the axes' contributions.
    pub rest: f64,
    pub adapter_bytes: u64,
    /// In which directions user and model both differ from the base, and where they disagree, in words.
    pub reason: String,
}

impl Candidate {
    pub(super) fn new(space: &StyleSpace, user: &UserStyle<'_>, card: &Card, score: f64, probability: f64) -> Self {
        let Fit { score, axes, rest } = fit(space, user, score, &card.signature);
        Self {
            id: card.id.clone(),
            name: card.name.clone(),
            score,
            probability,
            reason: reason(&axes, rest),
            axes,
            rest,
            adapter_bytes: card.adapter_bytes,
        }
    }
}

/// A probability in a sentence, rounded so that nothing is called certain.
pub fn percent(probability: f64) -> String {
    short_percent(probability).replace('>', "over ").replace('<', "under ")
}

/// A probability in a table.
pub fn short_percent(probability: f64) -> String {
    match probability {
        high if high >= 0.995 => ">99 %".to_owned(),
        low if low < 0.005 => "<1 %".to_owned(),
        between => format!("{:.0} %", between * 100.0),
    }
}

fn reason(axes: &[AxisPair], rest: f64) -> String {
    let sentences: Vec<String> = shared(axes, rest).into_iter().chain(opposed(axes)).collect();
    if sentences.is_empty() { "It does not resemble you on any named axis.".to_owned() } else { sentences.join(" ") }
}

/// The axes on which user and model differ from the base in the same direction, highest contribution first.
fn shared(axes: &[AxisPair], rest: f64) -> Option<String> {
    let mut shared: Vec<&AxisPair> = axes.iter().filter(|axis| axis.contribution >= MIN_CONTRIBUTION).collect();
    shared.sort_by(|a, b| b.contribution.total_cmp(&a.contribution));
    let name = |axis: &&AxisPair| {
        let AxisPair { user, model, contribution, .. } = axis;
        let excess = if exceeds(axis) { ", more so than you" } else { "" };
        format!("{} (you {user:+.1}, it {model:+.1}{excess}; adds {contribution:+.2})", comparative(axis.pole(*user)))
    };
    let named: Vec<String> = shared.iter().take(NAMED_AXES).map(name).collect();
    let rest = match rest {
        rest if rest.abs() >= MIN_CONTRIBUTION => format!("; similarity outside the named axes adds {rest:+.2}"),
        _ => String::new(),
    };
    (!named.is_empty()).then(|| format!("Like you, it is {} than the base model{rest}.", named.join(" and ")))
}

/// Whether the model's coefficient has the sign of the user's and clearly exceeds it.
fn exceeds(axis: &AxisPair) -> bool {
    axis.user * axis.model > 0.0 && axis.model.abs() - axis.user.abs() > MIN_EXCESS
}

/// The axis that lowers the score most.
fn opposed(axes: &[AxisPair]) -> Option<String> {
    let axis = axes.iter().min_by(|a, b| a.contribution.total_cmp(&b.contribution))?;
    let AxisPair { user, model, contribution, .. } = axis;
    (*contribution <= -MIN_CONTRIBUTION).then(|| {
        format!(
            "Unlike you, it is {} than the base model; you are {} (you {user:+.1}, it {model:+.1}; costs {:.2}).",
            comparative(axis.pole(*model)),
            comparative(axis.pole(*user)),
            -contribution
        )
    })
}
