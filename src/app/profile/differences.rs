//! Whether two measured parts differ by more than chance, axis by axis, and the result in words. Knows numbers, not where texts come
//! from.

use serde::Serialize;

use super::part::{By, Part};
use crate::style::{AxisScore, comparative};

/// From fewer texts an interval is too narrow to be believed: drawing from a few shows too little of what else might have been written.
pub const LEAST_TEXTS: usize = 8;

/// How much longer than they are the intervals are taken to be. As they are, they keep apart on one axis or another for two halves of
/// one writer's texts in 29 to 50 of 100 cases; with this in 0 to 10 (`docs/style.md`).
const STRETCH: f64 = 1.5;

/// The rule in words: what a mark means.
pub const RULE: &str = "the 90 % intervals, each widened by half, do not overlap";

/// How two parts differ on one axis.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Difference {
    /// The axis' id, and its poles.
    pub axis: String,
    pub low: String,
    pub high: String,
    /// The second part's coefficient and percentile less the first's: above zero the second stands nearer to the high pole.
    pub coefficient: f64,
    pub percentile: f64,
    pub verdict: Verdict,
}

/// Whether a difference is more than chance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    Differs,
    WithinChance,
    /// One of the parts has fewer than [`LEAST_TEXTS`].
    TooFewTexts,
}

/// The differences of two measured parts, in the axes' order; none where either is not measured.
///
/// Parts differ where their 90 % bootstrap intervals, each stretched by a half, do not overlap. Those of coefficients, since percentiles
/// end at 0 and 100.
pub fn differences(a: &Part, b: &Part) -> Vec<Difference> {
    let few = a.texts.min(b.texts) < LEAST_TEXTS;
    let pairs = a.axes.iter().zip(&b.axes);
    pairs
        .map(|(one, other)| {
            let (one_wide, other_wide) = (stretched(one), stretched(other));
            let apart = one_wide[1] < other_wide[0] || other_wide[1] < one_wide[0];
            let verdict = match (few, apart) {
                (true, _) => Verdict::TooFewTexts,
                (false, true) => Verdict::Differs,
                (false, false) => Verdict::WithinChance,
            };
            Difference {
                axis: one.axis.id.clone(),
                low: one.axis.low.clone(),
                high: one.axis.high.clone(),
                coefficient: other.coefficient - one.coefficient,
                percentile: other.user_percentile - one.user_percentile,
                verdict,
            }
        })
        .collect()
}

/// The interval of a coefficient, longer on both sides.
fn stretched(score: &AxisScore) -> [f64; 2] {
    score.interval.map(|end| score.coefficient + STRETCH * (end - score.coefficient))
}

/// The places of the axes: those that differ first, the most different before the others; the rest in their order.
pub fn differing_first(differences: &[Difference]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..differences.len()).collect();
    let size = |at: &usize| if differences[*at].differs() { differences[*at].coefficient.abs() } else { 0.0 };
    order.sort_by(|a, b| size(b).total_cmp(&size(a)));
    order
}

impl Difference {
    pub fn differs(&self) -> bool {
        self.verdict == Verdict::Differs
    }

    /// Whether there are too few texts to say.
    pub fn is_unknown(&self) -> bool {
        self.verdict == Verdict::TooFewTexts
    }

    /// What is to be said of it, from the first part's side; of time, from the last span's. `a` and `b` are the parts that it lies between.
    pub fn sentence(&self, by: By, a: &Part, b: &Part) -> String {
        let Self { low, high, .. } = self;
        match self.verdict {
            Verdict::TooFewTexts => format!(
                "It is unknown whether there is a difference on {low}-{high}: at least {LEAST_TEXTS} texts are needed in \
                 each, and there are {} and {}.",
                a.texts, b.texts
            ),
            Verdict::WithinChance => {
                let what = if by == By::Time { "change" } else { "difference" };
                format!("No clear {what} on {low}-{high}: any {what} may be due to chance.")
            }
            Verdict::Differs => match by {
                By::Source => {
                    let pole = if self.coefficient < 0.0 { high } else { low };
                    let places = self.places(a, b, "against", pole);
                    format!("In {} you are {} than in {} ({places}).", a.label, comparative(pole), b.label)
                }
                By::Time => {
                    let pole = if self.coefficient > 0.0 { high } else { low };
                    format!("You have become {}: from {}.", comparative(pole), self.places(a, b, "to", pole))
                }
            },
        }
    }

    fn score<'p>(&self, part: &'p Part) -> Option<&'p AxisScore> {
        part.axes.iter().find(|score| score.axis.id == self.axis)
    }

    /// Where two parts stand, as percentiles; as coefficients where those say nothing, beyond nearly everybody else.
    fn places(&self, one: &Part, other: &Part, between: &str, pole: &str) -> String {
        let (Some(one), Some(other)) = (self.score(one), self.score(other)) else { return String::new() };
        let shown = [one.user_percentile.round(), other.user_percentile.round()];
        if (shown[1] - shown[0]) * (other.coefficient - one.coefficient) <= 0.0 {
            return format!("{:+.2} {between} {:+.2} as coefficients", one.coefficient, other.coefficient);
        }
        let end = if pole == self.high { String::new() } else { format!(", where 0 is {pole}") };
        format!("percentile {:.0} {between} {:.0}{end}", shown[0], shown[1])
    }
}
