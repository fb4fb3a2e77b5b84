//! The use cases that the command line and the screens both call. Knows nothing of terminals: every long job reports
//! through a closure and checks a cancel signal.
//!
//! | file | job |
//! |---|---|
//! | `context`, `settings` | where things are, which base model, how many threads |
//! | `base` | find, download and load the base model |
//! | `import` | preview files, then save their texts; undo that |
//! | `profile`, `select` | the user's style, also by source and over time, and the library model that fits it |
//! | `basis` | user and library in numbers, for blends that the user composes |
//! | `verify` | the choice checked by the loss of the user's texts |
//! | `present` | results as data with finished sentences |
//! | `forecast` | what training from each start point would take, before it begins |
//! | `train`, `write` | adapt the chosen start, and write with it |
//! | `conversation` | what was asked and answered, and what each voice reads next |
//! | `answers` | several voices answer one prompt |
//! | `history`, `transcript` | the conversations that are kept, and one as a file |
//! | `runs` | the trained models: which one is in use, and changes to the others |
//! | `status` | what there is to work with |
//! | `build` | rebuild the library for a base model (for developers) |
//! | `demo` | the whole process with a fictional person's texts |
//! | `bench` | how fast this machine is |
//! | `doctor` | whether everything is in order |
//! | `log` | what each of these writes into the log |

pub mod answers;
pub mod base;
pub mod basis;
pub mod bench;
pub mod build;
pub mod context;
pub mod conversation;
pub mod demo;
pub mod doctor;
mod error;
pub mod forecast;
pub mod history;
pub mod import;
pub mod log;
pub mod present;
pub mod profile;
pub mod runs;
pub mod select;
pub mod settings;
pub mod status;
pub mod train;
pub mod transcript;
pub mod verify;
pub mod write;

pub use context::Context;
pub use error::AppError;
