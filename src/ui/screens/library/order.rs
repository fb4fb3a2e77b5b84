//! Which models are shown, and in what order. Knows what is typed and what to sort by, not how it looks.

use super::state::Library;
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
    /// Its heading.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Score => "score",
            Self::Probability => "prob.",
            Self::Name => "model",
            Self::Size => "size",
        }
    }

    fn next(self) -> Self {
        match self {
            Self::Score => Self::Probability,
            Self::Probability => Self::Name,
            Self::Name => Self::Size,
            Self::Size => Self::Score,
        }
    }

    /// Whether the largest comes first unless the user reverses it.
    fn falls(self) -> bool {
        matches!(self, Self::Score | Self::Probability)
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

    /// Whether the largest comes first.
    pub(super) fn falls(self) -> bool {
        self.by.falls() != self.reversed
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

impl Library {
    /// The places among the candidates of those that are shown, in their order.
    #[must_use]
    pub fn rows(&self) -> Vec<usize> {
        let candidates = self.candidates();
        let mut rows: Vec<usize> = (0..candidates.len()).collect();
        if !self.filter.value().is_empty() {
            let mut finder = Finder::new(self.filter.value());
            rows.retain(|&at| finds(&mut finder, &candidates[at]));
        }
        self.order.sort(candidates, &mut rows);
        rows
    }

    /// Whether any model is shown. Asked for every key, so it stops at the first.
    pub(super) fn shows_any(&self) -> bool {
        let mut finder = Finder::new(self.filter.value());
        self.candidates().iter().any(|candidate| finds(&mut finder, candidate))
    }

    /// Which of the `rows` is highlighted.
    pub(super) fn row(&self, rows: &[usize]) -> usize {
        rows.iter().position(|&at| at == self.cursor).unwrap_or(0)
    }
}

fn finds(finder: &mut Finder, candidate: &CandidateView) -> bool {
    finder.score(&format!("{} {}", candidate.name, candidate.id)).is_some()
}
