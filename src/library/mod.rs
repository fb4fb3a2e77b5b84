//! The library of personalized models: what ships, and building it for a base model. Knows the engine, training, style and cards;
//! neither the user's texts nor where models are kept.
//!
//! | file | job |
//! |---|---|
//! | `shipped` | the models that ship with the program |
//! | `corpus` | the texts they are trained on |
//! | `adapter` | texts to an adapter, from a checkpoint where there is one |
//! | `probes` | probe prompts to answers |
//! | `build` | all models, their answers and cards |
//! | `error` | what can go wrong |

mod adapter;
mod build;
mod corpus;
mod error;
mod probes;
mod shipped;

pub use adapter::{AdapterBuilder, TrainingFacts, adapter_folder, example};
pub use build::LibraryBuilder;
pub use corpus::{Answer, Corpus, Use, read_lines};
pub use error::LibraryError;
pub use shipped::{Library, Manifest, ManifestEntry};
