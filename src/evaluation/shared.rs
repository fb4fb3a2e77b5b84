//! What suites share: texts counted once, and areas under curves.

use crate::style::{Counts, Measured, Sample, StyleSpace};

/// Texts counted one by one.
pub(super) struct Counted(pub Vec<Counts>);

impl Counted {
    pub(super) fn of<T: AsRef<str>>(space: &StyleSpace, texts: &[T]) -> Self {
        Self(texts.iter().map(|text| space.measure(&[text.as_ref()]).counts).collect())
    }

    pub(super) fn pooled(&self, space: &StyleSpace) -> Measured {
        pool(space, &self.0)
    }
}

pub(super) fn pool(space: &StyleSpace, counts: &[Counts]) -> Measured {
    Sample::counted(space, counts.iter().cloned()).whole()
}

/// The probability that a value of `high` is greater than one of `low`, ties counting half (Mann and Whitney, 1947).
pub(super) fn area_under_curve(low: &[f64], high: &[f64]) -> f64 {
    let mut all: Vec<(f64, bool)> =
        low.iter().map(|value| (*value, false)).chain(high.iter().map(|value| (*value, true))).collect();
    all.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut ranks = 0.0;
    let mut start = 0;
    while start < all.len() {
        let tied = all[start..].iter().take_while(|(value, _)| *value == all[start].0).count();
        let rank = start as f64 + (tied as f64 + 1.0) / 2.0;
        ranks += rank * all[start..start + tied].iter().filter(|(_, high)| *high).count() as f64;
        start += tied;
    }
    let (low, high) = (low.len() as f64, high.len() as f64);
    (ranks - high * (high + 1.0) / 2.0) / (low * high)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_area_counts_pairs_in_order() {
        assert_eq!(area_under_curve(&[1.0, 2.0], &[3.0, 4.0]), 1.0);
        assert_eq!(area_under_curve(&[3.0, 4.0], &[1.0, 2.0]), 0.0);
        assert_eq!(area_under_curve(&[1.0, 3.0], &[2.0, 4.0]), 0.75);
        assert_eq!(area_under_curve(&[1.0, 1.0], &[1.0, 1.0]), 0.5);
    }
}
