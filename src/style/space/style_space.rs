//! The style space as the rest of the program sees it: texts in, measurements, differences and coefficients out.

use serde::{Deserialize, Serialize};

use super::axes::{Axes, Axis};
use super::counts::{Counts, Slot};
use super::embedding::{Embedding, EmbeddingBlock, TextEncoder};
use super::reference::Reference;
use super::vector::{Estimate, StyleVector};
use crate::style::error::StyleError;

/// What was counted in some texts. Texts pool by addition, so a measurement of a thousand texts is no larger than of one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Measured {
    /// The [version](StyleSpace::version) of the space whose features these are.
    pub space: String,
    pub counts: Counts,
}

impl Measured {
    pub fn words(&self) -> usize {
        self.counts.get(Slot::WrittenWords) as usize
    }

    pub fn texts(&self) -> usize {
        self.counts.get(Slot::WrittenTexts) as usize
    }
}

/// How much longer the axes' subspace counts in [`StyleSpace::inner`].
pub const AXIS_STRETCH: f64 = 2.0;

/// At least this share of a difference's squared length counts as signal, however noisy it looks.
const MIN_SIGNAL: f64 = 0.1;

/// [`StyleSpace::denoised_norm`] of a difference whose length and sum of squared coefficients are known.
pub(crate) fn denoised_norm(length: f64, on_axes: f64, noise: f64) -> f64 {
    let square = length * length + (AXIS_STRETCH * AXIS_STRETCH - 1.0) * on_axes;
    (square - noise).max(MIN_SIGNAL * square).sqrt()
}

/// The cosine from an inner product and two lengths; zero where either is zero.
#[must_use]
pub fn similarity(inner: f64, length: f64, other: f64) -> f64 {
    let lengths = length * other;
    if lengths > 0.0 { (inner / lengths).clamp(-1.0, 1.0) } else { 0.0 }
}

/// The fixed reference together with the axes learned in it.
#[derive(Clone)]
pub struct StyleSpace {
    pub reference: Reference,
    pub axes: Axes,
    version: String,
}

impl StyleSpace {
    /// The name of the text encoder whose embeddings the space has, if any.
    pub fn encoder(&self) -> Option<&str> {
        self.reference.embedding.as_ref().map(|block| block.encoder.as_str())
    }

    /// # Errors
    /// [`StyleError::Asset`] where the axes belong to another reference.
    pub fn new(reference: Reference, axes: Axes) -> Result<Self, StyleError> {
        if axes.description.reference != reference.description.version {
            return Err(StyleError::asset("axes.json", "it was made for another reference"));
        }
        let version = format!("{}-{}", reference.description.version, axes.digest());
        Ok(Self { reference, axes, version })
    }

    /// Names these very numbers: the reference's version and a digest of the axes.
    pub fn version(&self) -> &str {
        &self.version
    }

    pub fn axes(&self) -> &[Axis] {
        &self.axes.description.axes
    }

    /// Counts the texts, all together. A few megabytes a second and thread.
    pub fn measure<T: AsRef<str>>(&self, texts: &[T]) -> Measured {
        let mut counts = self.reference.counter.pool(texts);
        // Embeddings, where the space has them, are left to the prior.
        counts.0.resize(self.reference.slots(), 0.0);
        Measured { space: self.version().to_owned(), counts }
    }

    /// The space with embeddings: their coordinates follow those of features, and no axis has a share in them.
    pub fn with_embeddings(&self, block: EmbeddingBlock) -> Self {
        let version = format!("{}+{}", self.version, block.encoder);
        Self { reference: self.reference.with_embeddings(block), axes: self.axes.clone(), version }
    }

    /// The embedding of each text, if `encoder` is the one whose statistics the space has.
    ///
    /// # Errors
    /// [`StyleError::Encoder`] where it is another one; errors of the encoder.
    pub fn embed(&self, texts: &[&str], encoder: &dyn TextEncoder) -> Result<Vec<Embedding>, StyleError> {
        if let Some(known) = self.encoder().filter(|known| *known != encoder.name()) {
            let found = encoder.name();
            return Err(StyleError::Encoder(format!(
                "the encoder is {found}, and the space has statistics of {known}"
            )));
        }
        encoder.encode(texts)
    }

    /// The style of `texts` relative to `base`, the base model's own: the mean difference, whitened. Where there are few words
    /// it shrinks towards zero, because the prior of the smoothing is the base itself.
    ///
    /// # Errors
    /// [`StyleError::Version`] for a measurement of another space.
    pub fn difference(&self, texts: &Measured, base: &Measured) -> Result<StyleVector, StyleError> {
        self.check(texts)?;
        self.check(base)?;
        Ok(self.difference_of(&texts.counts, &base.counts))
    }

    /// The coefficient of a difference on each axis, in the order of [`axes`](Self::axes); positive towards the axis' high pole.
    pub fn coefficients(&self, difference: &StyleVector) -> Vec<f64> {
        self.axes.coefficients(difference)
    }

    /// The direction of an axis, of length 1: one step along it adds 1 to its coefficient and nothing to the others'.
    ///
    /// # Panics
    /// When there is no such axis.
    pub fn direction(&self, axis: usize) -> StyleVector {
        let mut direction: Vec<f32> = self.axes.directions.row(axis).iter().map(|&value| value as f32).collect();
        direction.resize(direction.len() + self.reference.embedding.as_ref().map_or(0, EmbeddingBlock::width), 0.0);
        StyleVector::new(direction)
    }

    /// The inner product of two differences in the metric of similarity, where the subspace of the named axes counts
    /// [`AXIS_STRETCH`] times its length. Measured against the whole space and the axes alone in `docs/style.md`.
    pub fn inner(&self, a: &StyleVector, b: &StyleVector) -> f64 {
        let on_axes: f64 = self.coefficients(a).iter().zip(self.coefficients(b)).map(|(a, b)| a * b).sum();
        a.dot(b) + (AXIS_STRETCH * AXIS_STRETCH - 1.0) * on_axes
    }

    /// How alike two differences from the same base are, -1 to 1: the cosine in the metric of [`inner`](Self::inner) that would be
    /// expected without noise. Noise does not move an inner product on average but makes both vectors longer, so their
    /// squared lengths are reduced by it (the correction for attenuation of Spearman, 1904). Otherwise a model that is known
    /// from little text, or is only partly in its style, would lose to a louder one of another style.
    pub fn similarity(&self, a: &Estimate, b: &Estimate) -> f64 {
        similarity(self.inner(&a.difference, &b.difference), self.denoised_norm(a), self.denoised_norm(b))
    }

    /// The vector whose plain inner product with any difference is [`inner`](Self::inner): for comparing one with many.
    pub fn dual(&self, difference: &StyleVector) -> StyleVector {
        let extra = AXIS_STRETCH * AXIS_STRETCH - 1.0;
        let mut dual = difference.clone();
        for (axis, value) in self.coefficients(difference).into_iter().enumerate() {
            dual = dual.add_scaled(&self.direction(axis), (extra * value) as f32);
        }
        dual
    }

    /// The length of a difference without its noise, which can take away at most nine tenths of its square.
    pub fn denoised_norm(&self, estimate: &Estimate) -> f64 {
        let on_axes: f64 = self.coefficients(&estimate.difference).iter().map(|value| value * value).sum();
        denoised_norm(estimate.difference.norm(), on_axes, estimate.noise)
    }

    /// The share (0 to 1) of a difference's squared length that no axis accounts for.
    pub fn unexplained(&self, difference: &StyleVector) -> f64 {
        let whole = difference.dot(difference);
        if whole <= 0.0 {
            return 0.0;
        }
        let explained: f64 = self.coefficients(difference).iter().map(|value| value * value).sum();
        (1.0 - explained / whole).clamp(0.0, 1.0)
    }

    pub(crate) fn check(&self, measured: &Measured) -> Result<(), StyleError> {
        if measured.space == self.version() && measured.counts.0.len() == self.reference.slots() {
            return Ok(());
        }
        Err(StyleError::Version { found: measured.space.clone(), expected: self.version().to_owned() })
    }

    /// The place of texts in the space, relative to the mean of the reference.
    pub fn position_of(&self, counts: &Counts) -> StyleVector {
        self.reference.whiten(&self.reference.smoothed(counts, &self.reference.typical))
    }

    /// The base's sums per word, completed by a little typical text where the base shows nothing of a kind (no text long enough
    /// for a window of words, say).
    pub(crate) fn prior(&self, base: &Counts) -> Counts {
        self.reference.smoothed(base, &self.reference.typical).per_word()
    }

    pub(crate) fn difference_of(&self, texts: &Counts, base: &Counts) -> StyleVector {
        let prior = self.prior(base);
        let user = self.reference.whiten(&self.reference.smoothed(texts, &prior));
        user.sub(&self.reference.whiten(&self.reference.smoothed(base, &prior)))
    }
}
