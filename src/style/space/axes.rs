//! Named bipolar axes: directions in the whitened space, and where the reference population stands on them. Knows no texts.

use nalgebra::{DMatrix, DVector};
use serde::{Deserialize, Serialize};

use super::vector::StyleVector;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Axis {
    /// `low-high`, e.g. `casual-formal`.
    pub id: String,
    /// The adjective of the negative pole.
    pub low: String,
    /// The adjective of the positive pole.
    pub high: String,
    /// How well it separates texts that it was not learned from; none in a space that was not measured yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence: Option<Evidence>,
}

/// A measurement of an axis on foreign texts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// Area under the curve: the probability that a text of the one kind is further towards the high pole than one of the
    /// other; 0.5 is chance.
    pub auc: f64,
    /// Which kinds of text, in words.
    pub between: String,
}

impl std::fmt::Display for Evidence {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { auc, between } = self;
        write!(f, "AUC {auc:.2} (0.50 is chance, 1.00 is perfect) at telling apart {between}.")
    }
}

/// Participles, which have no degrees.
const IRREGULAR: &[(&str, &str)] = &[("narrating", "more narrative"), ("reporting", "more report-like")];

/// The comparative of an axis' pole: "warmer", "more formal".
///
/// Adjectives of one syllable and those in -le take an ending, as in English grammar; syllables are counted as groups of vowels.
pub fn comparative(pole: &str) -> String {
    if let Some((_, irregular)) = IRREGULAR.iter().find(|(known, _)| *known == pole) {
        return (*irregular).to_owned();
    }
    let stem = pole.strip_suffix('e').unwrap_or(pole);
    let vowels: Vec<bool> = stem.chars().map(|letter| "aeiouy".contains(letter)).collect();
    let groups = (0..vowels.len()).filter(|&at| vowels[at] && (at == 0 || !vowels[at - 1])).count();
    if groups == 1 && pole.chars().all(char::is_alphabetic) {
        return format!("{stem}er");
    }
    format!("more {pole}")
}

/// The least area under the curve, on texts it was not learned from, that makes a quality an axis of the shipped space.
pub const MIN_AUC: f64 = 0.60;

/// The axes of a space with everything that is needed to read a place on them.
#[derive(Clone, Debug)]
pub struct Axes {
    pub description: AxesDescription,
    /// Orthonormal rows `[axes, features]` in whitened space.
    pub directions: DMatrix<f64>,
    /// Raw standardised difference of the poles, `[axes, features]`: which way each feature points on an axis.
    pub loadings: DMatrix<f64>,
    /// `[axes, QUANTILES]`: the coefficient at each percentile of the reference population.
    pub quantiles: DMatrix<f64>,
}

/// The part of the axes that is text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AxesDescription {
    pub schema: String,
    /// The version of the reference they live in.
    pub reference: String,
    /// SHA-256 over the texts they were learned from, in order.
    pub learned_from: String,
    pub prompts: usize,
    pub axes: Vec<Axis>,
}

/// Percentiles kept: 0, 1, ..., 100.
pub const QUANTILES: usize = 101;

impl Axes {
    /// A digest of the directions, as they are written.
    pub(crate) fn digest(&self) -> String {
        use sha2::{Digest, Sha256};
        let mut hash = Sha256::new();
        for value in self.directions.iter() {
            hash.update((*value as f32).to_le_bytes());
        }
        hex::encode(&hash.finalize()[..3])
    }

    pub fn coefficients(&self, vector: &StyleVector) -> Vec<f64> {
        let features = &vector.as_slice()[..self.directions.ncols()];
        let place = DVector::from_iterator(features.len(), features.iter().map(|&value| f64::from(value)));
        (&self.directions * place).iter().copied().collect()
    }

    /// The percentile (0 to 100) of a coefficient within the reference population of one axis.
    pub fn percentile(&self, axis: usize, coefficient: f64) -> f64 {
        let row = self.quantiles.row(axis);
        let below = row.iter().filter(|&&value| value <= coefficient).count();
        if below == 0 {
            return 0.0;
        }
        if below == QUANTILES {
            return 100.0;
        }
        let (left, right) = (row[below - 1], row[below]);
        let between = if right > left { (coefficient - left) / (right - left) } else { 0.0 };
        (below - 1) as f64 + between
    }
}
