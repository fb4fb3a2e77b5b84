//! The style space: features, reference, axes, profiles. Knows texts and numbers, not where they come from.

pub mod axes;
pub mod build;
pub mod counter;
pub mod counts;
mod error;
mod explain;
pub mod features;
mod files;
mod profile;
pub mod reference;
mod space;
pub mod tokens;
pub mod vector;

pub use axes::{Axis, Parallel};
pub use error::StyleError;
pub use files::{answers, build_files, build_space, load, parallel, read_domain, read_styles, write};
pub use profile::{AxisScore, ContrastWord, Driver, ENOUGH_WORDS, Profile, profile, resamples};
pub use space::{Measured, StyleSpace};
pub use vector::StyleVector;
