//! Which models are shown, and in what order. Knows what is typed and what to sort by, not how it looks.

use crate::app::present::CandidateView;
use crate::ui::fuzzy::Finder;

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
        match self {
            Self::Score => Self::Probability,
            Self::Probability => Self::Name,
            Self::Name => Self::Size,
            Self::Size => Self::Score,
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
    fn sort(self, candidates: &[CandidateView], rows: &mut [usize]) {
        if self.falls() {
            rows.reverse();
        }
        let of = |row: &usize| &candidates[*row];
        // A blend, of which no probability is known, goes before all.
        let probability = |row: &usize| of(row).probability.unwrap_or(f64::INFINITY);
        match self.by {
            Column::Score => rows.sort_by(|a, b| of(a).score.total_cmp(&of(b).score)),
            Column::Probability => rows.sort_by(|a, b| probability(a).total_cmp(&probability(b))),
            Column::Name => rows.sort_by_cached_key(|row| of(row).name.to_lowercase()),
            Column::Size => rows.sort_by_key(|row| of(row).bytes),
        }
        if self.falls() {
            rows.reverse();
        }
    }
}

/// The places of the candidates whose names have these letters, in this order.
pub fn shown(candidates: &[CandidateView], letters: &str, order: Order) -> Vec<usize> {
    let mut rows: Vec<usize> = (0..candidates.len()).collect();
    if !letters.is_empty() {
        let mut finder = Finder::new(letters);
        rows.retain(|&at| finds(&mut finder, &candidates[at]));
    }
    order.sort(candidates, &mut rows);
    rows
}

/// Whether there are any. Asked for every key, so it stops at the first.
pub fn shows_any(candidates: &[CandidateView], letters: &str) -> bool {
    let mut finder = Finder::new(letters);
    candidates.iter().any(|candidate| finds(&mut finder, candidate))
}

fn finds(finder: &mut Finder, candidate: &CandidateView) -> bool {
    finder.score(&format!("{} {}", candidate.name, candidate.id)).is_some()
}
