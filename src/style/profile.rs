//! A person's style as against a model's: a score on every axis with its interval, and what stands behind it.

use serde::Serialize;

use super::StyleError;
use super::axes::Axis;
use super::counts::Counts;
use super::explain::{Explainer, contrast_words};
use super::resample::{Estimate, Sample};
use super::space::{Measured, StyleSpace};
use super::vector::StyleVector;

/// Below this many words no score is given: its interval would span half the population.
pub const ENOUGH_WORDS: usize = 300;

/// The share of draws that an interval covers.
const COVERED: f64 = 0.9;

/// The percentiles of the reference population that show its spread.
pub const SPREAD: [usize; 5] = [5, 25, 50, 75, 95];

/// What the profile says of one person.
#[derive(Clone, Debug, Serialize)]
pub struct Profile {
    /// Version of the style space.
    pub space: String,
    pub texts: usize,
    pub words: usize,
    /// How many more words are needed before scores are given; 0 where they are.
    pub missing_words: usize,
    /// One score an axis, in the axes' order; empty while words are missing.
    pub axes: Vec<AxisScore>,
    /// Share (0 to 1) of the difference from the model that no axis accounts for.
    pub unexplained: Option<f64>,
    /// Mean cosine of resampled differences to the whole one: near 1 for steady writing, low for too little or mixed text.
    pub steadiness: Option<f64>,
    pub contrast_words: Vec<ContrastWord>,
    /// The difference itself with its noise: for selection. Not shown, since it means nothing to a reader.
    #[serde(skip)]
    pub estimate: Estimate,
}

/// A score on one axis.
#[derive(Clone, Debug, Serialize)]
pub struct AxisScore {
    #[serde(flatten)]
    pub axis: Axis,
    /// Coefficient of the difference from the model; positive towards the high pole.
    pub coefficient: f64,
    /// 90 % bootstrap interval of the coefficient.
    pub interval: [f64; 2],
    /// Where the person stands among the reference population, 0 (low pole) to 100 (high pole), and the interval of that.
    pub user_percentile: f64,
    pub user_interval: [f64; 2],
    /// Where the model's own writing stands.
    pub base_percentile: f64,
    /// Where [`SPREAD`] of the reference population lie on the scale of the coefficient, on which the model stands at 0.
    #[serde(skip)]
    pub population: [f64; 5],
    /// The measured features that move the person to their side, strongest first.
    pub drivers: Vec<Driver>,
    /// The person's own sentences that are most typical of their side.
    pub quotes: Vec<String>,
    /// All of it in words.
    pub sentence: String,
}

/// A measured feature behind a score, in natural units.
#[derive(Clone, Debug, Serialize)]
pub struct Driver {
    pub feature: String,
    /// What the numbers are, e.g. "words per sentence".
    pub unit: String,
    pub user: f64,
    pub base: f64,
    /// What it adds to the axis' coefficient.
    pub contribution: f64,
}

/// A common word used much more, or much less, than the model uses it.
#[derive(Clone, Debug, Serialize)]
pub struct ContrastWord {
    pub word: String,
    /// Log-odds ratio in standard errors; positive where the person uses it more.
    pub z: f64,
    /// Uses per 1000 words.
    pub user: f64,
    pub base: f64,
}

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
        missing_words: ENOUGH_WORDS.saturating_sub(words),
        axes: Vec::new(),
        unexplained: None,
        steadiness: None,
        contrast_words: Vec::new(),
        estimate: Estimate { difference: space.difference(&whole, base)?, noise: 0.0 },
    };
    if profile.missing_words > 0 {
        return Ok(profile);
    }
    let drawn = sample.differences(base)?;
    let difference = &profile.estimate.difference;
    profile.steadiness = Some(drawn.iter().map(|d| d.cosine(difference)).sum::<f64>() / drawn.len() as f64);
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
        score.sentence = super::explain::sentence(&score);
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
