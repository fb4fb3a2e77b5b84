//! A part of the space beside the features that are counted: what a reader (the base model, say) sees in a text. Knows how readings
//! are pooled and whitened, not what reads.

use nalgebra::{DMatrix, DVector};

use super::StyleError;
use super::build::{Domain, inverse_root, joined, pieces, typical, within_author};
use super::counts::Counts;
use super::space::StyleSpace;

/// Weight of the identity in the within-author correlation; .2 did as well on IRC (docs/benchmarks.md).
const SHRINKAGE: f64 = 0.4;

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
    pub(crate) reader: String,
    /// The units, then the sums, of an average word of reference text.
    pub(crate) typical: Vec<f64>,
    /// Within-author standard deviation of every number.
    pub(crate) scale: Vec<f64>,
    /// Symmetric `[width, width]`: the inverse square root of the shrunk within-author correlation. The reference's own mean is not
    /// kept: it falls out of every difference.
    pub(crate) whitening: DMatrix<f64>,
}

impl Part {
    /// The statistics of windows of some words of each author, every kind of text alike: the covariance around each author's own
    /// mean, shrunk towards the diagonal, inverted to the root as that of features is.
    ///
    /// # Errors
    /// [`StyleError::Reference`] where there is too little text; whatever the reader fails with.
    pub fn learn(
        space: &StyleSpace,
        reader: &dyn Reader,
        domains: &[Domain],
        progress: &mut dyn FnMut(&str),
    ) -> Result<Self, StyleError> {
        let mut windows = Vec::with_capacity(domains.len());
        for domain in domains {
            progress(&format!("reading {}", domain.name));
            let authors = domain.authors.values().map(|texts| author_windows(space, reader, texts));
            windows.push(authors.collect::<Result<Vec<_>, _>>()?);
        }
        Self::of(space, reader, &windows)
    }

    fn of(space: &StyleSpace, reader: &dyn Reader, domains: &[Vec<Vec<Counts>>]) -> Result<Self, StyleError> {
        let (features, width) = (space.reference.features().slots(), reader.width());
        let typical = typical(domains, features + 1 + width);
        let (_, covariance) = within_author(domains, width, |window| mean(&window.0[features..]))?;
        let scale: Vec<f64> = (0..width).map(|at| covariance[(at, at)].max(1e-12).sqrt()).collect();
        let whitening = inverse_root(&covariance, &scale, SHRINKAGE);
        Ok(Self { reader: reader.name(), typical: typical.0[features..].to_vec(), scale, whitening })
    }

    /// Whose readings it is for.
    #[must_use]
    pub fn reader(&self) -> &str {
        &self.reader
    }

    /// Numbers that it adds to a vector.
    pub(crate) fn width(&self) -> usize {
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

/// The mean of pooled slots.
fn mean(slots: &[f64]) -> Vec<f64> {
    let units = if slots[0] > 0.0 { slots[0] } else { 1.0 };
    slots[1..].iter().map(|sum| sum / units).collect()
}

fn author_windows(space: &StyleSpace, reader: &dyn Reader, texts: &[String]) -> Result<Vec<Counts>, StyleError> {
    let size = space.reference.description().window_words as f64;
    let pieces: Vec<String> = texts.iter().flat_map(|text| pieces(text, size)).collect();
    let pieces: Vec<&str> = pieces.iter().map(String::as_str).collect();
    Ok(joined(space.count_with(&pieces, reader)?, size))
}
