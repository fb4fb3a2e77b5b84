//! The style space: features, reference, axes, profiles. Knows texts and numbers, not where they come from.

pub mod axes;
pub mod build;
pub mod counter;
pub mod counts;
mod error;
pub mod features;
pub mod reference;
mod space;
pub mod tokens;
pub mod vector;

pub use error::StyleError;
pub use axes::{Axis, Parallel};
pub use space::{Measured, StyleSpace};
pub use vector::StyleVector;
