//! The block of coordinates beside the counted features: a text's embedding by a text encoder, such as the base model. Knows how
//! embeddings are pooled and whitened, not what computes them.

use nalgebra::{DMatrix, DVector};

use crate::style::error::StyleError;

/// A model that turns a text into a vector.
pub trait TextEncoder: Sync {
    /// Names model and layer: embeddings of different encoders are never compared.
    fn name(&self) -> String;
    /// Coordinates of an embedding.
    fn width(&self) -> usize;
    /// The embedding of each text.
    fn encode(&self, texts: &[&str]) -> Result<Vec<Embedding>, StyleError>;
}

/// A text's embedding as sums, which pool over texts by addition; their mean is the vector.
#[derive(Clone, Debug, PartialEq)]
pub struct Embedding {
    pub tokens: f64,
    /// Sums over the tokens, one for each coordinate.
    pub sums: Vec<f64>,
}

/// The fixed statistics that embeddings are measured against.
#[derive(Clone, Debug)]
pub struct EmbeddingBlock {
    /// The [name](TextEncoder::name) of the encoder.
    pub encoder: String,
    /// The tokens, then the sums, of an average word of reference text.
    pub typical: Vec<f64>,
    /// Within-author standard deviation of every coordinate.
    pub scale: Vec<f64>,
    /// Symmetric `[width, width]`: the inverse square root of the shrunk within-author correlation. The reference's own mean is not
    /// kept: it falls out of every difference.
    pub whitening: DMatrix<f64>,
}

impl EmbeddingBlock {
    /// Coordinates that it adds to a vector.
    pub fn width(&self) -> usize {
        self.whitening.nrows()
    }

    /// Slots that it takes behind those of features.
    pub(crate) fn slots(&self) -> usize {
        self.typical.len()
    }

    /// Whitened coordinates of pooled slots, beside those of `features` features: scaled so that both sides together count alike,
    /// however many coordinates each has.
    pub(crate) fn whiten(&self, slots: &[f64], features: usize) -> Vec<f32> {
        let weight = (features as f64 / self.width() as f64).sqrt();
        let standard = mean(slots).into_iter().zip(&self.scale).map(|(value, scale)| value / scale);
        let white = &self.whitening * DVector::from_iterator(self.width(), standard);
        white.iter().map(|value| (weight * value) as f32).collect()
    }
}

impl Embedding {
    /// The tokens, then the sums.
    pub fn into_slots(self) -> impl Iterator<Item = f64> {
        std::iter::once(self.tokens).chain(self.sums)
    }
}

/// The mean of pooled slots: the sums over the tokens.
pub fn mean(slots: &[f64]) -> Vec<f64> {
    let tokens = if slots[0] > 0.0 { slots[0] } else { 1.0 };
    slots[1..].iter().map(|sum| sum / tokens).collect()
}
