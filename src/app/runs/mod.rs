//! The user's runs: the trained models, one of them in use. They can be listed, named, put in use, compared, exported and deleted.
//! Loads no model.
//!
//! | file | job |
//! |---|---|
//! | `record`, `curve` | how a run came to be, and how its losses went |
//! | `places` | where they are stored, and how they are moved so that none is lost; the lock for that |
//! | `run` | one run, and all of them |
//! | `change` | changes to them |
//! | `export` | what the files of one hold, and a copy in a folder of the user's |

mod change;
mod curve;
mod export;
mod places;
mod record;
mod run;

pub(super) use change::keep;
pub use change::{Comparison, LONGEST_NAME, compare, delete, put_in_use, rename};
pub use curve::Curve;
pub(super) use export::at_one_moment;
pub use export::{Exported, export, export_into};
pub(super) use places::{lock, run_folder};
pub use record::Record;
pub(super) use run::from_scratch;
pub use run::{Run, Runs, in_use, list, numbers, record, show};
