//! What `runs` may be followed by.

use std::path::PathBuf;

use clap::Subcommand;

#[derive(Debug, Subcommand)]
pub enum RunsCommand {
    /// List the runs: the one in use, marked with a star, then the latest first
    List,
    /// Show everything known about one run
    Show {
        /// Its number, as `xpert runs list` shows it
        number: u32,
    },
    /// Give a run another name, of at most 60 characters
    Rename {
        /// Its number, as `xpert runs list` shows it
        number: u32,
        /// The new name; an empty one ("") removes the name
        name: String,
    },
    /// Put a run in use; the previous one is kept
    Use {
        /// Its number, as `xpert runs list` shows it
        number: u32,
    },
    /// Delete a run for good; not the one in use while there are others
    Delete {
        /// Its number, as `xpert runs list` shows it
        number: u32,
    },
    /// Show two runs side by side
    Compare {
        /// The number of the first
        one: u32,
        /// The number of the second
        other: u32,
    },
    /// Copy a run into a folder for other programs: the adapter in PEFT's layout, and how it came to be
    Export {
        /// Its number, as `xpert runs list` shows it
        number: u32,
        /// An empty or new folder
        #[arg(value_name = "FOLDER")]
        folder: PathBuf,
    },
}
