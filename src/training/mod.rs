//! Training adapters: data, schedule, optimizer, checkpoints. Does not know whose texts they are, how a start was
//! chosen, or who watches: it reports events and looks at a stop signal.
//!
//! | file | job |
//! |---|---|
//! | `examples` | texts to (request, reply) pairs, split for good into trained-on and held out |
//! | `duplicates` | texts that are nearly the same |
//! | `plan` | every number of a run, with its default |
//! | `preset` | the ways to train: what learns, and how much is kept |
//! | `calibrate` | how fast this machine is |
//! | `budget` | which way fits the machine and the user's limits, and what it will take |
//! | `prepare` | all of that together: from limits to a plan ready to start |
//! | `batches` | which sequences a step sees |
//! | `prefix` | what frozen blocks make of each text, kept |
//! | `team` | workers that take a batch through the model |
//! | `optimizer` | AdamW with moments that can be saved, clipping |
//! | `governor` | rests when the machine is hot or its battery low |
//! | `trainer` | the loop |
//! | `event`, `pace` | what it reports; how long is left |
//! | `checkpoint` | the whole state of a run in one file |

pub mod batches;
pub mod budget;
pub mod calibrate;
pub mod checkpoint;
pub mod duplicates;
mod error;
mod event;
pub mod examples;
mod governor;
pub mod optimizer;
mod pace;
pub mod plan;
pub mod prefix;
pub mod prepare;
pub mod preset;
mod sample;
pub mod team;
pub mod trainer;

/// What a run is called that starts from no trained model.
pub const SCRATCH: &str = "scratch";

pub use budget::{Allowed, Choice, Prediction};
pub use checkpoint::Checkpoint;
pub use error::TrainingError;
pub use event::{Ending, Event, Outcome};
pub use examples::{Example, Split};
pub use plan::Plan;
pub use preset::{Method, Preset};
pub use team::mean_loss;
pub use trainer::Trainer;
