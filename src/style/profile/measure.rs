//! Measures a person's style against a model's: a score on every axis, with its interval and the reasons for it.

use super::explain::{Explainer, contrast_words, sentence};
use super::score::{AxisScore, Profile, SPREAD};
use crate::style::error::StyleError;
use crate::style::space::{Counts, Estimate, Measured, Sample, StyleSpace, StyleVector};

/// Below this many words no score is given: its interval would span half the population.
pub const MIN_WORDS: usize = 300;

/// The share of draws that an interval covers.
const COVERED: f64 = 0.9;

/// Measures a person's texts against a model's own writing.
///
/// # Errors
/// [`StyleError::Version`] where `base` was measured in another space.
pub fn profile<T: AsRef<str>>(space: &StyleSpace, texts: &[T], base: &Measured) -> Result<Profile, StyleError> {
    let sample = Sample::of(space, texts);
    let whole = sample.whole();
    let words = whole.words();
    let mut profile = Profile {
        space: space.version().to_owned(),
        texts: whole.texts(),
        words,
        missing_words: MIN_WORDS.saturating_sub(words),
        axes: Vec::new(),
        unexplained: None,
        stability: None,
        contrast_words: Vec::new(),
        estimate: Estimate { difference: space.difference(&whole, base)?, noise: 0.0 },
    };
    if profile.missing_words > 0 {
        return Ok(profile);
    }
    let drawn = sample.differences(base)?;
    let difference = &profile.estimate.difference;
    profile.stability = Some(drawn.iter().map(|d| d.cosine(difference)).sum::<f64>() / drawn.len() as f64);
    profile.unexplained = Some(space.unexplained(difference));
    profile.contrast_words = contrast_words(space, &whole.counts, &base.counts);
    profile.axes = scores(space, texts, &whole.counts, base, difference, &drawn);
    profile.estimate.noise = sample.noise(&profile.estimate.difference, &drawn);
    Ok(profile)
}

fn scores<T: AsRef<str>>(
    space: &StyleSpace,
    texts: &[T],
    user: &Counts,
    base: &Measured,
    difference: &StyleVector,
    drawn: &[StyleVector],
) -> Vec<AxisScore> {
    let explainer = Explainer::new(space, &base.counts);
    let coefficients = space.coefficients(difference);
    let user_place = space.coefficients(&space.position_of(user));
    let base_place = space.coefficients(&space.position_of(&base.counts));
    let resampled: Vec<Vec<f64>> = drawn.iter().map(|difference| space.coefficients(difference)).collect();
    let quotes = explainer.quotes(texts, &coefficients);
    let mut scores = Vec::with_capacity(coefficients.len());
    for (index, (axis, quotes)) in space.axes().iter().zip(quotes).enumerate() {
        let coefficient = coefficients[index];
        let interval = interval(resampled.iter().map(|values| values[index]).collect());
        let percentile = |shift: f64| space.axes.percentile(index, user_place[index] + shift);
        let mut score = AxisScore {
            axis: axis.clone(),
            coefficient,
            interval,
            user_percentile: percentile(0.0),
            user_interval: interval.map(|end| percentile(end - coefficient)),
            base_percentile: space.axes.percentile(index, base_place[index]),
            population: SPREAD.map(|percent| coefficient + space.axes.quantiles[(index, percent)] - user_place[index]),
            drivers: explainer.drivers(index, user, coefficient),
            quotes,
            sentence: String::new(),
        };
        score.sentence = sentence(&score);
        scores.push(score);
    }
    scores
}

fn interval(mut values: Vec<f64>) -> [f64; 2] {
    values.sort_by(f64::total_cmp);
    let tail = (1.0 - COVERED) / 2.0;
    let at = |share: f64| values[(share * (values.len() - 1) as f64).round() as usize];
    [at(tail), at(1.0 - tail)]
}
