//! The laboratory of XPerT: what measures and learns the things that the program ships. Knows the program; the program does not know it.
//!
//! | folder | job |
//! |---|---|
//! | `evaluation` | how well the style space and selection do on texts with known answers |
//! | `learning` | the style space, learned from other people's texts and the parallel corpus |
//! | `studies` | the measurements behind limits and defaults, and pictures of the screens |
//! | `documents` | documents written from the program's definitions |
//!
//! `arguments` and `eval` are its command line.

pub mod arguments;
pub mod documents;
mod error;
pub mod eval;
pub mod evaluation;
pub mod learning;
pub mod studies;

pub use error::LabError;
