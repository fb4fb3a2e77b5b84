//! Training of adapters: data, schedule, optimizer, checkpoints. It reports events and can be cancelled. Does not
//! know whose texts they are, how the start point was chosen, or who shows the events.
//!
//! | file | job |
//! |---|---|
//! | `examples` | texts as pairs of prompt and reply, split into training and held-out texts |
//! | `duplicates` | near-duplicate texts |
//! | `plan` | the settings of a run and their defaults |
//! | `preset` | the ways to train: which blocks learn, which activations are kept |
//! | `calibrate` | the speed of this machine |
//! | `budget` | the best method within the limits of memory and time, and what it will take |
//! | `prepare` | from limits to a plan ready to start |
//! | `batches` | the sequences of each step |
//! | `prefix` | cache of the frozen blocks' outputs |
//! | `worker_pool` | workers that run a batch through the model |
//! | `optimizer` | AdamW with moments that can be saved; clipping |
//! | `governor` | throttles when the machine is hot or its battery low |
//! | `trainer` | the loop |
//! | `event`, `pace` | what it reports; the remaining time |
//! | `checkpoint` | the state of a run in one file |

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
pub mod trainer;
pub mod worker_pool;

/// The name of the start point of a run from scratch.
pub const SCRATCH: &str = "scratch";

pub use budget::{Choice, Limits, Prediction};
pub use checkpoint::Checkpoint;
pub use error::TrainingError;
pub use event::{Ending, Event};
pub use examples::{Example, Split};
pub use plan::Plan;
pub use preset::{Method, Preset};
pub use trainer::{Outcome, Trainer};
pub use worker_pool::mean_loss;
