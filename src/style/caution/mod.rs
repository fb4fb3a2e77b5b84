//! What makes texts unreliable for measuring a style: another language, text that is not prose, garbled words, repeats, multiple
//! authors. Knows the style space and texts; not where they come from.
//!
//! | file | job |
//! |---|---|
//! | `noise`, `typing`, `language`, `repetition` | lines that are not prose, garbled words, languages, repeated texts |
//! | `clusters`, `authors` | two groups of points; two groups of texts |
//! | `kinds`, `sentences` | the cautions, and what they say |
//! | `detect` | texts to cautions |

mod authors;
mod clusters;
mod detect;
mod kinds;
mod language;
mod noise;
mod repetition;
mod sentences;
mod typing;

pub use detect::{FOREIGN_SHARE, GARBLED_SHARE, NOISE_SHARE, REPEATED_SHARE, cautions, foreign_languages};
pub use kinds::Caution;
pub use noise::NoiseKind;
