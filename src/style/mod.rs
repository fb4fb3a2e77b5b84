//! The style space: features, reference, axes, profiles. Knows texts and numbers, not where they come from.

pub mod axes;
pub mod build;
pub mod caution;
mod corpus;
pub mod counter;
pub mod counts;
mod error;
mod explain;
pub mod features;
mod files;
mod part;
mod profile;
pub mod reference;
mod resample;
mod space;
pub mod tokens;
pub mod vector;
mod word;

pub use axes::{Axis, Evidence, LEAST_AUC, Parallel};
pub use caution::{Caution, cautions, foreign_languages};
pub use corpus::{Answer, Corpus, Use, read_lines};
pub use counts::Counts;
pub use error::StyleError;
pub use files::{build_files, build_space, load, parallel, read_domain, write, write_part};
pub use part::{Part, Reader, Reading};
pub use profile::{AxisScore, ContrastWord, Driver, ENOUGH_WORDS, Profile, profile};
pub use resample::{Estimate, Sample};
pub use space::{AXIS_STRETCH, Measured, StyleSpace};
pub(crate) use space::{denoised_norm, similarity};
pub use vector::StyleVector;
