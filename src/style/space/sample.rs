//! How certain a measurement is: the same texts drawn many times with replacement (Efron, *Bootstrap methods*, 1979).
//! Knows counts and differences, not what they are used for.

use rand::prelude::*;
use rand::rngs::StdRng;

use super::counts::{Counts, Slot};
use super::embedding::TextEncoder;
use super::style_space::{Measured, StyleSpace};
use super::vector::{Estimate, StyleVector};
use crate::style::error::StyleError;

/// Draws behind each interval.
const DRAWS: usize = 200;
/// Draws behind a noise alone. With two dozen, the error of the noise itself costs four points of accuracy where models are
/// hardly in their style.
const NOISE_DRAWS: usize = 100;
/// The noise of a single text as a share of its difference's squared length: without it nothing would be
/// doubted of one text. Too much is claimed for one or two texts all the same (docs/benchmarks.md).
const NOISE_OF_ONE_TEXT: f64 = 0.3;
/// Texts are dealt into at most this many blocks, which bounds the cost.
const BLOCKS: usize = 200;
/// Words that are embedded at most: more take time and change little.
const MAX_EMBEDDED_WORDS: usize = 10_000;
/// The same texts always give the same intervals.
const SEED: u64 = 0x5eed;

/// Texts counted once, ready to be drawn from.
pub struct Sample<'s> {
    space: &'s StyleSpace,
    blocks: Vec<Counts>,
}

impl<'s> Sample<'s> {
    pub fn of<T: AsRef<str>>(space: &'s StyleSpace, texts: &[T]) -> Self {
        let counter = &space.reference.counter;
        let count = texts.len().clamp(1, BLOCKS);
        let block = |block: usize| {
            let dealt: Vec<&str> = texts.iter().skip(block).step_by(count).map(AsRef::as_ref).collect();
            counter.pool(&dealt)
        };
        Self { space, blocks: (0..count).map(block).collect() }
    }

    /// The same, and as many of them as [`MAX_EMBEDDED_WORDS`] allow, spread evenly, are embedded by `encoder` besides.
    pub fn with_embeddings(
        space: &'s StyleSpace,
        texts: &[&str],
        encoder: &dyn TextEncoder,
    ) -> Result<Self, StyleError> {
        let mut sample = Self::of(space, texts);
        let words = sample.whole().words();
        let step = words.div_ceil(MAX_EMBEDDED_WORDS).max(1);
        let (places, embedded): (Vec<usize>, Vec<&str>) = texts.iter().copied().enumerate().step_by(step).unzip();
        let blocks = sample.blocks.len();
        let features = space.reference.features().slots();
        for (place, embedding) in places.into_iter().zip(space.embed(&embedded, encoder)?) {
            let block = &mut sample.blocks[place % blocks].0;
            block.resize(space.reference.slots(), 0.0);
            block[features..].iter_mut().zip(embedding.into_slots()).for_each(|(sum, value)| *sum += value);
        }
        Ok(sample)
    }

    /// Texts that were counted one by one before.
    pub fn counted(space: &'s StyleSpace, texts: impl IntoIterator<Item = Counts>) -> Self {
        Self { space, blocks: texts.into_iter().collect() }
    }

    /// All of it together.
    pub fn whole(&self) -> Measured {
        let mut sum = Counts::zero(self.space.reference.slots());
        for block in &self.blocks {
            sum.add(block, 1.0);
        }
        Measured { space: self.space.version().to_owned(), counts: sum }
    }

    /// The differences from `base` of [`DRAWS`] draws.
    ///
    /// # Errors
    /// [`StyleError::Version`] where `base` was measured in another space.
    pub fn differences(&self, base: &Measured) -> Result<Vec<StyleVector>, StyleError> {
        self.drawn(base, DRAWS)
    }

    /// The difference from `base` with its noise.
    ///
    /// # Errors
    /// [`StyleError::Version`] where `base` was measured in another space.
    pub fn estimate(&self, base: &Measured) -> Result<Estimate, StyleError> {
        let difference = self.space.difference(&self.whole(), base)?;
        let drawn = self.drawn(base, NOISE_DRAWS)?;
        Ok(Estimate { noise: self.noise(&difference, &drawn), difference })
    }

    /// The variance of drawn differences, but at least what this number of texts has: drawing from a few cannot show all of it, and
    /// drawing from one shows nothing.
    pub(crate) fn noise(&self, difference: &StyleVector, drawn: &[StyleVector]) -> f64 {
        let texts: f64 = self.blocks.iter().map(|block| block.get(Slot::WrittenTexts)).sum();
        let least = NOISE_OF_ONE_TEXT * self.space.inner(difference, difference) / texts.max(1.0);
        variance(self.space, drawn).max(least)
    }

    fn drawn(&self, base: &Measured, draws: usize) -> Result<Vec<StyleVector>, StyleError> {
        self.space.check(base)?;
        let mut random = StdRng::seed_from_u64(SEED);
        let draw = |_| {
            let mut sum = Counts::zero(self.space.reference.slots());
            for _ in 0..self.blocks.len() {
                sum.add(&self.blocks[random.random_range(0..self.blocks.len())], 1.0);
            }
            self.space.difference_of(&sum, &base.counts)
        };
        Ok((0..draws).map(draw).collect())
    }
}

/// The variance of drawn differences: the sum over the metric's coordinates, unbiased.
fn variance(space: &StyleSpace, drawn: &[StyleVector]) -> f64 {
    let Some(first) = drawn.first() else { return 0.0 };
    let mut mean = StyleVector::new(vec![0.0; first.width()]);
    for difference in drawn {
        mean = mean.add_scaled(difference, 1.0 / drawn.len() as f32);
    }
    let square = |difference: &StyleVector| {
        let off = difference.sub(&mean);
        space.inner(&off, &off)
    };
    drawn.iter().map(square).sum::<f64>() / (drawn.len() - 1).max(1) as f64
}
