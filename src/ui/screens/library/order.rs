//! In what order models are shown. Knows what to sort by, not how it looks.

use std::cmp::Ordering;

use crate::app::present::CandidateView;

/// What can be sorted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Column {
    #[default]
    Score,
    Probability,
    Name,
    Size,
}

impl Column {
    pub fn title(self) -> &'static str {
        ["score", "prob.", "model", "size"][self as usize]
    }

    fn next(self) -> Self {
        [Self::Probability, Self::Name, Self::Size, Self::Score][self as usize]
    }

    /// The smallest first.
    fn compare(self, a: &CandidateView, b: &CandidateView) -> Ordering {
        // A blend, of which no probability is known, is above all.
        let probability = |candidate: &CandidateView| candidate.probability.unwrap_or(f64::INFINITY);
        match self {
            Self::Score => a.score.total_cmp(&b.score),
            Self::Probability => probability(a).total_cmp(&probability(b)),
            Self::Name => a.name.to_lowercase().cmp(&b.name.to_lowercase()),
            Self::Size => a.bytes.cmp(&b.bytes),
        }
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Order {
    pub by: Column,
    reversed: bool,
}

impl Order {
    /// By the next column, in its usual direction.
    pub(super) fn next(self) -> Self {
        Self { by: self.by.next(), reversed: false }
    }

    pub(super) fn reversed(self) -> Self {
        Self { reversed: !self.reversed, ..self }
    }

    /// Whether the largest comes first, as it does by score and probability unless the user reverses it.
    pub(super) fn falls(self) -> bool {
        matches!(self.by, Column::Score | Column::Probability) != self.reversed
    }

    /// What is equal stays in the order of the ranking, in either direction.
    pub(super) fn compare(self, a: &CandidateView, b: &CandidateView) -> Ordering {
        if self.falls() { self.by.compare(b, a) } else { self.by.compare(a, b) }
    }
}
