//! The user's runs: the models that trainings left, one of them in use. Listed, named, put in use, compared, exported, deleted.
//! Loads no model.
//!
//! | file | job |
//! |---|---|
//! | `record`, `curve` | how a run came to be, and how its losses went |
//! | `lock` | held while a training is running, or runs change places |
//! | `places` | where they lie, and how they change places so that none is lost |
//! | `run` | one run, and all of them |
//! | `change` | what becomes of them |
//! | `contents` | what the files of one hold |
//! | `export` | a copy in a folder of the user's |

mod change;
mod contents;
mod curve;
mod export;
mod lock;
mod places;
mod record;
mod run;

pub(super) use change::keep;
pub use change::{Comparison, LONGEST_NAME, compare, delete, put_in_use, rename};
pub(super) use contents::at_one_moment;
pub use curve::Curve;
pub use export::{Exported, export, export_into};
pub(super) use lock::{lock, run_folder};
pub use record::Record;
pub(super) use run::from_scratch;
pub use run::{Run, Runs, in_use, list, numbers, record, show};
