//! The user's style, measured against the base model's own: of all texts, or of parts of them side by side.
//!
//! | file | job |
//! |---|---|
//! | `whole` | all of the texts |
//! | `part`, `parts` | one part of them, and all parts: by where they come from, or by when they were written |
//! | `sources` | which texts come from one place, as a person sees it |
//! | `spans` | where time is cut |
//! | `differences` | whether two parts differ by more than chance, and the result in words |

mod differences;
mod part;
mod parts;
mod sources;
mod spans;
mod whole;

pub use differences::{Difference, LEAST_TEXTS, RULE, Verdict, differences, differing_first};
pub use part::{By, Part};
pub use parts::{Compared, Parts, by};
pub(super) use whole::measured;
pub use whole::profile;
