//! The fixed reference: feature list, means, scales and the whitening matrix, and how texts become vectors with them.
//! Knows no axes and no persons, nor how it was computed.

use nalgebra::{DMatrix, DVector};
use serde::{Deserialize, Serialize};

use super::counter::Counter;
use super::counts::Counts;
use super::embedding::EmbeddingBlock;
use super::features::FeatureList;
use super::vector::StyleVector;
use crate::style::error::StyleError;

/// Where the statistics come from, in words a reader can check.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    pub name: String,
    pub authors: usize,
    pub texts: usize,
    pub words: usize,
}

/// Everything of a reference that is text; the matrices lie beside it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Description {
    pub schema: String,
    /// Names this very reference: a digest of its numbers. Cards and profiles of different versions cannot be compared.
    pub version: String,
    pub made_by: String,
    /// A digest of the word groups and named features it was computed with; the program's own must be the same.
    pub definitions: String,
    pub sources: Vec<Source>,
    pub window_words: usize,
    pub shrinkage: f64,
    pub scale_floor: f64,
    pub smoothing_words: f64,
    pub features: FeatureList,
}

/// The fixed statistics everything is measured against.
#[derive(Clone)]
pub struct Reference {
    pub description: Description,
    /// The counts an average reference text shows per word: the prior that keeps short texts sane.
    pub typical: Counts,
    /// Of every transformed feature.
    pub mean: Vec<f64>,
    /// Within-author standard deviation of every transformed feature.
    pub scale: Vec<f64>,
    /// Symmetric `[features, features]`: the inverse square root of the shrunk within-author correlation.
    pub whitening: DMatrix<f64>,
    pub counter: Counter,
    /// The coordinates of embeddings behind the features, in a space that has them.
    pub(crate) embedding: Option<EmbeddingBlock>,
}

impl Reference {
    /// # Errors
    /// [`StyleError::Asset`] where the numbers do not fit the feature list, or were made with other features.
    pub fn new(
        description: Description,
        typical: Counts,
        mean: Vec<f64>,
        scale: Vec<f64>,
        whitening: DMatrix<f64>,
    ) -> Result<Self, StyleError> {
        if description.definitions != super::counter::definitions() {
            return Err(StyleError::asset("reference.json", "it was made with other word groups or features"));
        }
        let features = description.features.count();
        let slots = description.features.slots();
        let sound = mean.len() == features && scale.len() == features && whitening.shape() == (features, features);
        if !sound || typical.0.len() != slots {
            return Err(StyleError::asset(
                "reference.safetensors",
                format!("its shapes do not fit {features} features"),
            ));
        }
        if scale.iter().any(|value| !(value.is_finite() && *value > 0.0)) || mean.iter().any(|value| !value.is_finite())
        {
            return Err(StyleError::asset(
                "reference.safetensors",
                "it holds a scale or mean that is not a usable number",
            ));
        }
        let counter = Counter::new(&description.features)?;
        Ok(Self { description, typical, mean, scale, whitening, counter, embedding: None })
    }

    pub fn features(&self) -> &FeatureList {
        &self.description.features
    }

    /// The same with embeddings.
    pub(crate) fn with_embeddings(&self, embedding: EmbeddingBlock) -> Self {
        let mut typical = self.typical.clone();
        typical.0.truncate(self.features().slots());
        typical.0.extend(&embedding.typical);
        Self { typical, embedding: Some(embedding), ..self.clone() }
    }

    /// Sums that are kept of a text.
    pub(crate) fn slots(&self) -> usize {
        self.features().slots() + self.embedding.as_ref().map_or(0, EmbeddingBlock::slots)
    }

    /// Sums with `words` words of `prior` (per-word sums) mixed in, so that a few words of text cannot look extreme.
    pub fn smoothed(&self, counts: &Counts, prior: &Counts) -> Counts {
        let mut sums = counts.clone();
        // Half a word at the least: every denominator must hold something.
        sums.add(prior, self.description.smoothing_words.max(0.5));
        sums
    }

    /// Whitened coordinates of sums that were smoothed already.
    pub fn whiten(&self, counts: &Counts) -> StyleVector {
        let standard = self.standardised(counts);
        let white = &self.whitening * DVector::from_vec(standard);
        let block =
            self.embedding.iter().flat_map(|block| block.whiten(&counts.0[self.features().slots()..], white.len()));
        StyleVector::new(white.iter().map(|&value| value as f32).chain(block).collect())
    }

    /// Standardised (not yet whitened) feature values.
    pub fn standardised(&self, counts: &Counts) -> Vec<f64> {
        let values = self.features().values(counts);
        values.iter().zip(&self.mean).zip(&self.scale).map(|((value, mean), scale)| (value - mean) / scale).collect()
    }
}
