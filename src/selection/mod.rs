//! The library of personalized models, and which of them fits the user. Does not know how they are trained.
//!
//! | file | job |
//! |---|---|
//! | `card` | what is known of a model before its weights are needed |
//! | `library` | the models that ship with the program |
//! | `rank` | scores, their reasons, and the choice |
//! | `blend` | which models together come closer than one |
//! | `mixing` | how much of each: non-negative least squares |

mod blend;
mod card;
mod error;
mod library;
mod mixing;
mod rank;

pub use blend::{Blend, BlendPart, WORTH_BLENDING, blend};
pub use card::{BaseCard, Card, CardAxis, Manifest, ManifestEntry, Signature};
pub use error::SelectionError;
pub use library::Library;
pub use rank::{AxisPair, CLOSE_ENOUGH, Candidate, Choice, ChoiceKind, Selection, UserStyle, rank, scores};
