//! Style as numbers: the space it is measured in, a person's profile, and what makes a measurement doubtful. Knows texts and numbers;
//! neither where texts come from nor what a model is.
//!
//! | folder | job |
//! |---|---|
//! | `space` | texts to vectors, and named axes |
//! | `profile` | a person's scores with what stands behind them |
//! | `caution` | what makes texts a poor basis for measuring a style |

pub mod caution;
mod error;
mod profile;
pub mod space;

pub use caution::{Caution, cautions, foreign_languages};
pub use error::StyleError;
pub use profile::{AxisScore, ContrastWord, Driver, MIN_WORDS, Profile, SPREAD, profile};
pub(crate) use space::denoised_norm;
pub use space::similarity;
pub use space::{
    AXIS_STRETCH, Axis, Counts, Embedding, EmbeddingBlock, Estimate, Evidence, MIN_AUC, Measured, Sample, StyleSpace,
    StyleVector, TextEncoder, comparative,
};
