//! What suites share: texts counted once, users who look for their model, and areas under curves.

use rand::prelude::*;
use rand::rngs::StdRng;

use super::report::{Row, Value};
use crate::selection::{Signature, scores};
use crate::style::{Counts, Estimate, Measured, Sample, StyleError, StyleSpace};

/// How many of a user's texts are pooled.
pub(super) const USER_TEXTS: &[usize] = &[1, 2, 5, 10, 20, 50];
/// Users drawn of each style, for each number of texts.
pub(super) const USERS: usize = 40;
/// The shares of a model's texts that are of its style (Wang et al., 2025, section 5).
pub const SIMILARITIES: [f64; 5] = [0.3, 0.5, 0.7, 0.8, 0.9];
/// The file of unstyled texts.
pub(super) const UNSTYLED: &str = "default";

/// Models among which users look for their own, and where differences start.
pub(super) struct Models<'a> {
    pub space: &'a StyleSpace,
    pub signatures: &'a [Signature],
    pub base: &'a Measured,
}

impl Models<'_> {
    /// How many of [`USERS`] users, each with so many of `texts`, find the model `own`. What is not known of a user is the same for
    /// every model, so it is left out.
    pub(super) fn right(
        &self,
        own: usize,
        texts: &[&Counts],
        pooled: usize,
        random: &mut StdRng,
    ) -> Result<usize, StyleError> {
        let mut right = 0;
        for _ in 0..USERS {
            let drawn = texts.choose_multiple(random, pooled).map(|counts| (*counts).clone());
            let user = Sample::counted(self.space, drawn).whole();
            let user = Estimate { difference: self.space.difference(&user, self.base)?, noise: 0.0 };
            let scores = scores(self.space, &user, self.signatures);
            let best = scores.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1)).map(|(best, _)| best);
            right += usize::from(best == Some(own));
        }
        Ok(right)
    }
}

/// A row of a table of accuracies.
pub(super) fn accuracy(similarity: f64, texts: usize, accuracy: f64) -> Row {
    Row(vec![
        ("similarity", Value::Number(similarity, 1)),
        ("texts", Value::Count(texts)),
        ("accuracy", Value::Number(accuracy, 3)),
    ])
}

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
