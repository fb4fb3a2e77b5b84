//! Training adapters: data, schedule, optimizer, checkpoints. Does not know whose texts they are, how a start was
//! chosen, or who watches: it reports events and looks at a stop signal.
//!
//! | file | job |
//! |---|---|
//! | `examples` | texts to (request, reply) pairs, split for good into trained-on and held out |
//! | `plan` | every number of a run, with its default |
//! | `batches` | which sequences a step sees |
//! | `optimizer` | AdamW with moments that can be saved, learning-rate schedule, clipping |
//! | `trainer` | the loop |
//! | `checkpoint` | the whole state of a run in one file |

pub mod batches;
pub mod checkpoint;
mod error;
pub mod examples;
pub mod optimizer;
pub mod plan;
pub mod trainer;

pub use checkpoint::Checkpoint;
pub use error::TrainingError;
pub use examples::{Example, Split};
pub use plan::Plan;
pub use trainer::{Ending, Event, Outcome, Trainer};
