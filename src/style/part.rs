//! A part of the space beside the features that are counted: what a reader (the base model, say) sees in a text. Knows how readings
//! are pooled and whitened, not what reads.

use nalgebra::{DMatrix, DVector};

use super::StyleError;

/// Something that sees style in a text without counting words.
pub trait Reader: Sync {
    /// Names the way of reading and what reads, for instance the model and the layer: readings of different ones are never compared.
    fn name(&self) -> String;
    /// Numbers in a reading.
    fn width(&self) -> usize;
    /// For each text what is read of it. Sums over units pool by addition.
    ///
    /// # Errors
    /// When something cannot be read.
    fn read(&self, texts: &[&str]) -> Result<Vec<Reading>, StyleError>;
}

/// What a reader sees in a text.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// Tokens, say.
    pub units: f64,
    /// Sums over the units, one for each number of a reading.
    pub sums: Vec<f64>,
}

/// The fixed statistics that readings are measured against.
#[derive(Clone, Debug)]
pub struct Part {
    /// The [name](Reader::name) of the reader whose readings these are of.
    pub reader: String,
    /// The units, then the sums, of an average word of reference text.
    pub typical: Vec<f64>,
    /// Within-author standard deviation of every number.
    pub scale: Vec<f64>,
    /// Symmetric `[width, width]`: the inverse square root of the shrunk within-author correlation. The reference's own mean is not
    /// kept: it falls out of every difference.
    pub whitening: DMatrix<f64>,
}

impl Part {
    /// Whose readings it is for.
    #[must_use]
    pub fn reader(&self) -> &str {
        &self.reader
    }

    /// Numbers that it adds to a vector.
    #[must_use]
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

impl Reading {
    pub(crate) fn into_slots(self) -> impl Iterator<Item = f64> {
        std::iter::once(self.units).chain(self.sums)
    }
}

/// The mean of pooled slots: the sums over the units.
#[must_use]
pub fn mean(slots: &[f64]) -> Vec<f64> {
    let units = if slots[0] > 0.0 { slots[0] } else { 1.0 };
    slots[1..].iter().map(|sum| sum / units).collect()
}
