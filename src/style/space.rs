//! The style space as the rest of the program sees it: texts in, measurements, differences and coefficients out.

use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

use super::StyleError;
use super::axes::{Axes, Axis};
use super::counts::{Counts, Slot};
use super::reference::Reference;
use super::vector::StyleVector;

/// What was counted in some texts. Texts pool by addition, so a measurement of a thousand texts is no larger than of one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Measured {
    /// The [`version`](super::reference::Description::version) of the reference whose features these are.
    pub space: String,
    pub counts: Counts,
}

impl Measured {
    #[must_use]
    pub fn words(&self) -> usize {
        self.counts.words() as usize
    }

    #[must_use]
    pub fn texts(&self) -> usize {
        self.counts.get(Slot::Texts) as usize
    }
}

/// How much longer the axes' subspace counts in [`StyleSpace::similarity`].
pub const AXIS_STRETCH: f64 = 2.0;

/// The fixed reference together with the axes learned in it.
#[derive(Clone)]
pub struct StyleSpace {
    pub(crate) reference: Reference,
    pub(crate) axes: Axes,
}

impl StyleSpace {
    /// The space this program ships, read once.
    ///
    /// # Errors
    /// [`StyleError::Asset`] where the files inside the program are damaged, which a rebuild mends.
    pub fn shipped() -> Result<&'static Self, StyleError> {
        static SHIPPED: OnceLock<StyleSpace> = OnceLock::new();
        if let Some(space) = SHIPPED.get() {
            return Ok(space);
        }
        let space = super::files::embedded()?;
        Ok(SHIPPED.get_or_init(|| space))
    }

    /// # Errors
    /// [`StyleError::Asset`] where the axes belong to another reference.
    pub fn new(reference: Reference, axes: Axes) -> Result<Self, StyleError> {
        if axes.reference() != reference.description().version {
            return Err(StyleError::asset("axes.json", "it was made for another reference"));
        }
        Ok(Self { reference, axes })
    }

    #[must_use]
    pub fn version(&self) -> &str {
        &self.reference.description().version
    }

    #[must_use]
    pub fn reference(&self) -> &Reference {
        &self.reference
    }

    #[must_use]
    pub fn axes(&self) -> &[Axis] {
        self.axes.list()
    }

    /// Where the axes come from.
    #[must_use]
    pub fn axes_description(&self) -> &super::axes::AxesDescription {
        self.axes.description()
    }

    /// Counts the texts, all together. A few megabytes a second and thread.
    #[must_use]
    pub fn measure<T: AsRef<str>>(&self, texts: &[T]) -> Measured {
        Measured { space: self.version().to_owned(), counts: self.reference.counter.pool(texts) }
    }

    /// Where the texts stand in the space, as against the mean of the reference.
    ///
    /// # Errors
    /// [`StyleError::Version`] for a measurement of another space.
    pub fn position(&self, measured: &Measured) -> Result<StyleVector, StyleError> {
        self.check(measured)?;
        Ok(self.position_of(&measured.counts))
    }

    /// The style of `texts` as against `base`, the base model's own: the mean difference, whitened. Where there are few words
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
    #[must_use]
    pub fn coefficients(&self, difference: &StyleVector) -> Vec<f64> {
        self.axes.coefficients(difference)
    }

    /// How alike two differences from the same base are: a cosine in which the subspace of the named axes counts
    /// [`AXIS_STRETCH`] times its length. Measured against the whole space and the axes alone in `docs/style.md`.
    #[must_use]
    pub fn similarity(&self, a: &StyleVector, b: &StyleVector) -> f64 {
        self.stretched_cosine(a, b, AXIS_STRETCH)
    }

    /// The inner product whose cosine is [`similarity`](Self::similarity): the plain one and, for the part within the axes'
    /// subspace, [`AXIS_STRETCH`]² - 1 times as much again. Linear in both.
    #[must_use]
    pub fn inner(&self, a: &StyleVector, b: &StyleVector) -> f64 {
        self.stretched_inner(a, b, AXIS_STRETCH)
    }

    /// [`similarity`](Self::similarity) with another stretch of the axes' subspace (1 for the plain cosine).
    #[must_use]
    pub fn stretched_cosine(&self, a: &StyleVector, b: &StyleVector, stretch: f64) -> f64 {
        let inner = |x: &StyleVector, y: &StyleVector| self.stretched_inner(x, y, stretch);
        let lengths = inner(a, a) * inner(b, b);
        if lengths > 0.0 { (inner(a, b) / lengths.sqrt()).clamp(-1.0, 1.0) } else { 0.0 }
    }

    fn stretched_inner(&self, a: &StyleVector, b: &StyleVector, stretch: f64) -> f64 {
        let on_axes: f64 = self.coefficients(a).iter().zip(self.coefficients(b)).map(|(x, y)| x * y).sum();
        a.dot(b) + (stretch * stretch - 1.0) * on_axes
    }

    /// The share (0 to 1) of a difference's squared length that no axis accounts for.
    #[must_use]
    pub fn unexplained(&self, difference: &StyleVector) -> f64 {
        let whole = difference.dot(difference);
        if whole <= 0.0 {
            return 0.0;
        }
        let explained: f64 = self.coefficients(difference).iter().map(|value| value * value).sum();
        (1.0 - explained / whole).clamp(0.0, 1.0)
    }

    pub(crate) fn check(&self, measured: &Measured) -> Result<(), StyleError> {
        if measured.space == self.version() && measured.counts.len() == self.reference.features().slots() {
            return Ok(());
        }
        Err(StyleError::Version { found: measured.space.clone(), expected: self.version().to_owned() })
    }

    pub(crate) fn position_of(&self, counts: &Counts) -> StyleVector {
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
