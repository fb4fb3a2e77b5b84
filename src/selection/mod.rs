//! The cards of personalized models, and which of them fits the user. Knows neither models' weights nor how they are trained.
//!
//! | file | job |
//! |---|---|
//! | `card` | what is known of a model before its weights are needed |
//! | `assess` | from texts to a choice, step by step |
//! | `index` | signatures of very many models, and the closest of them |
//! | `rank` | a score and a probability for each, and what every axis adds |
//! | `doubt` | how sure that is |
//! | `choice` | what it comes to, which may be "none" |
//! | `explanation` | why, in words |
//! | `blend` | which models together come closer than one |
//! | `mixing` | how much of each: non-negative least squares |

mod assess;
mod blend;
mod card;
mod choice;
mod doubt;
mod explanation;
mod index;
mod mixing;
mod rank;

pub use assess::{Assessment, assess, assess_with};
pub use blend::{Blend, BlendPart, blend, blend_of, predicted, written};
pub use card::{BaseCard, Card, CardAxis, Signature};
pub use choice::{Choice, ChoiceKind, Tie, percent, short_percent};
pub use explanation::{Change, Explanation, Regained, RunnerUp};
pub use index::Index;
pub use rank::{AxisPair, Candidate, Fit, Selection, UserStyle, probabilities, rank, scores};
