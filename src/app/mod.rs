//! The use cases that the command line and the screens both call. Knows nothing of terminals: every long job reports
//! through a closure and looks at a stop signal.
//!
//! | file | job |
//! |---|---|
//! | `context`, `settings` | where things are, which base model, how many threads |
//! | `base` | find, fetch and load the base model |
//! | `import` | preview files, then keep their texts; take that back |
//! | `profile`, `select` | the user's style, also by source and over time, and the library model that fits it |
//! | `basis` | what that rests on, for blends of the user's own making |
//! | `verify` | the choice checked by the loss of the user's texts |
//! | `report` | the explanation as a page for a browser |
//! | `start` | where a training starts: from nothing, a model of the library, or a blend |
//! | `forecast` | what a training from each start would take, before one is begun |
//! | `train`, `write` | adapt the chosen start, and write with it |
//! | `history`, `transcript` | the conversations that are kept, and one as a file |
//! | `runs` | the models that trainings left: which is in use, and what becomes of the others |
//! | `build` | make the library and the style space anew (for developers) |
//! | `demo` | the whole job on an invented person |
//! | `bench` | how fast is this machine at all that? |
//! | `evaluate` | how well does all that do on data with known answers? |
//! | `doctor` | is everything in order? |
//! | `log` | what each of these writes into the log |

pub mod base;
pub mod basis;
pub mod bench;
pub mod build;
pub mod context;
pub mod demo;
pub mod doctor;
mod error;
pub mod evaluate;
pub mod forecast;
pub mod history;
pub mod import;
pub mod log;
pub mod profile;
pub mod report;
pub mod runs;
pub mod select;
pub mod settings;
pub mod start;
pub mod train;
pub mod transcript;
pub mod verify;
pub mod write;

pub use context::Context;
pub use error::AppError;
