//! What a profile says: scores on axes, the features behind them, words used more or less. Computes nothing.

use serde::Serialize;

use crate::style::space::axes::Axis;
use crate::style::space::vector::Estimate;

/// The percentiles of the reference population that show its spread.
pub const SPREAD: [usize; 5] = [5, 25, 50, 75, 95];

#[derive(Clone, Debug, Serialize)]
pub struct Profile {
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
    #[serde(rename = "steadiness")]
    pub stability: Option<f64>,
    pub contrast_words: Vec<ContrastWord>,
    /// The difference itself with its noise: for selection. Not shown, since it means nothing to a reader.
    #[serde(skip)]
    pub estimate: Estimate,
}

#[derive(Clone, Debug, Serialize)]
pub struct AxisScore {
    #[serde(flatten)]
    pub axis: Axis,
    /// Coefficient of the difference from the model; positive towards the high pole.
    pub coefficient: f64,
    /// 90 % bootstrap interval of the coefficient.
    pub interval: [f64; 2],
    /// Where the person is in the reference population, 0 (low pole) to 100 (high pole), and the interval of that.
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
