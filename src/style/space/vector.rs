//! A point, or a difference of two points, in the whitened style space, and how far it may be off. Does not know what coordinates mean.

use serde::{Deserialize, Serialize};

/// Whitened coordinates; the unit is the spread one writer shows from one window of words to the next.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct StyleVector(Vec<f32>);

impl StyleVector {
    pub fn new(coordinates: Vec<f32>) -> Self {
        Self(coordinates)
    }

    pub fn as_slice(&self) -> &[f32] {
        &self.0
    }

    /// Number of coordinates.
    pub fn width(&self) -> usize {
        self.0.len()
    }

    /// The inner product; coordinates beyond the shorter vector count as zero.
    pub fn dot(&self, other: &Self) -> f64 {
        self.0.iter().zip(&other.0).map(|(&a, &b)| f64::from(a) * f64::from(b)).sum()
    }

    pub fn norm(&self) -> f64 {
        self.dot(self).sqrt()
    }

    /// The cosine of the angle to `other`; zero where either is zero.
    pub fn cosine(&self, other: &Self) -> f64 {
        let lengths = self.norm() * other.norm();
        if lengths > 0.0 { (self.dot(other) / lengths).clamp(-1.0, 1.0) } else { 0.0 }
    }

    /// `self - other`, both of one space.
    pub fn sub(&self, other: &Self) -> Self {
        Self(self.0.iter().zip(&other.0).map(|(a, b)| a - b).collect())
    }

    /// `self + factor * other`, both of one space.
    pub fn add_scaled(&self, other: &Self, factor: f32) -> Self {
        Self(self.0.iter().zip(&other.0).map(|(a, b)| a + factor * b).collect())
    }
}

/// A difference of style, and how far it may be off.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Estimate {
    pub difference: StyleVector,
    /// The expected squared length of its error, in the metric of similarity.
    pub noise: f64,
}
