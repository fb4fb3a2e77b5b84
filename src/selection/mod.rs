//! Which personalized model of a library fits the user, judging by the models' cards. Knows neither models' weights nor how they are
//! trained. Each file knows only those above it:
//!
//! | file | job |
//! |---|---|
//! | `card` | what is known of a model without its weights |
//! | `score` | how similar each model is to the user, and what each axis contributes |
//! | `uncertainty` | how certain the order is |
//! | `mixing` | weights of a blend: non-negative least squares |
//! | `blend` | which models together are closer than one |
//! | `candidate` | a scored model and its reason in words |
//! | `choice` | what training starts from, which may be scratch |
//! | `explanation` | why, in words |
//! | `rank` | all of these for one user |
//! | `assess` | from texts to a ranking |

mod assess;
mod blend;
mod candidate;
mod card;
mod choice;
mod explanation;
mod mixing;
mod rank;
mod score;
mod uncertainty;

pub use assess::{Assessment, Embedded, assess, assess_with};
pub use blend::{Blend, BlendPart, blend, blend_notation, blend_weights, predict_blend};
pub use candidate::{Candidate, percent, short_percent};
pub use card::{BaseCard, Card, CardAxis, Signature};
pub use choice::{Choice, ChoiceKind, Tie};
pub use explanation::{Change, Explanation, Regained, RunnerUp};
pub use rank::{Selection, probabilities, rank};
pub use score::{AxisPair, Fit, UserStyle, scores};
