//! A person's profile. Knows the style space, but not whose texts these are.
//!
//! | file | job |
//! |---|---|
//! | `score` | what a profile says |
//! | `explain` | why a score is what it is |
//! | `measure` | texts to a profile |

mod explain;
mod measure;
mod score;

pub use measure::{MIN_WORDS, profile};
pub use score::{AxisScore, ContrastWord, Driver, Profile, SPREAD};
