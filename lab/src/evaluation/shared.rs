//! What suites share: texts counted once, users who look for their model, and areas under curves.

use rand::prelude::*;
use rand::rngs::StdRng;
use xpert::selection::{Signature, probabilities, scores};
use xpert::style::{Counts, Estimate, Measured, Sample, StyleError, StyleSpace, TextEncoder};

use super::report::{Row, Value};
use crate::learning::count_with;

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

/// How often users found their model, and how often they were told that they had.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Tally {
    users: usize,
    right: usize,
    asked: usize,
    claimed: f64,
}

impl Tally {
    pub(super) fn accuracy(&self) -> f64 {
        self.right as f64 / self.users.max(1) as f64
    }

    /// The mean probability that was claimed for the model found.
    pub(super) fn claimed(&self) -> f64 {
        self.claimed / self.asked.max(1) as f64
    }
}

/// A probability takes hundreds of times as long as a score, so one user in this many is asked for it.
const ASKED_ONE_IN: usize = 40;

impl Models<'_> {
    /// Draws [`USERS`] users, each with `pooled` of `texts`, who look for the model `own`.
    pub(super) fn draw(
        &self,
        own: usize,
        texts: &[&Counts],
        pooled: usize,
        random: &mut StdRng,
        tally: &mut Tally,
    ) -> Result<(), StyleError> {
        for _ in 0..USERS {
            let drawn = texts.choose_multiple(random, pooled).map(|counts| (*counts).clone());
            self.look(own, drawn, tally)?;
        }
        Ok(())
    }

    /// One user with these texts. Their noise is the same for every model, so scores omit it.
    pub(super) fn look(
        &self,
        own: usize,
        texts: impl IntoIterator<Item = Counts>,
        tally: &mut Tally,
    ) -> Result<(), StyleError> {
        let sample = Sample::counted(self.space, texts);
        let user = Estimate { difference: self.space.difference(&sample.whole(), self.base)?, noise: 0.0 };
        let scores = scores(self.space, &user, self.signatures);
        let best = scores.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1)).map(|(best, _)| best);
        tally.right += usize::from(best == Some(own));
        if tally.users.is_multiple_of(ASKED_ONE_IN) {
            let user = sample.estimate(self.base)?;
            let models: Vec<&Signature> = self.signatures.iter().collect();
            tally.claimed += probabilities(self.space, &user, &models).into_iter().fold(0.0, f64::max);
            tally.asked += 1;
        }
        tally.users += 1;
        Ok(())
    }
}

/// A row of a table of accuracies.
pub(super) fn accuracy(similarity: f64, texts: usize, tally: &Tally) -> Row {
    Row(vec![
        ("similarity", Value::Number(similarity, 1)),
        ("texts", Value::Count(texts)),
        ("accuracy", Value::Number(tally.accuracy(), 3)),
        ("claimed", Value::Number(tally.claimed(), 3)),
    ])
}

/// A style space, and the text encoder of its embeddings, if it has any.
#[derive(Clone, Copy)]
pub struct Instrument<'a> {
    pub space: &'a StyleSpace,
    pub encoder: Option<&'a dyn TextEncoder>,
}

impl Instrument<'_> {
    pub(super) fn count<T: AsRef<str>>(self, texts: &[T]) -> Result<Counted, StyleError> {
        let Some(encoder) = self.encoder else { return Ok(Counted::of(self.space, texts)) };
        Ok(Counted(count_with(self.space, &texts.iter().map(AsRef::as_ref).collect::<Vec<_>>(), encoder)?))
    }
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
