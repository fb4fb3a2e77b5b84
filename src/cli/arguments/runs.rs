//! What `runs` may be followed by.

use std::path::PathBuf;

use clap::Subcommand;

#[derive(Debug, Subcommand)]
pub enum RunsCommand {
    /// List the runs: the one in use, which has a star, then the last one first
    List,
    /// Show all that is known of one run
    Show {
        /// Its number, as `xpert runs list` shows it
        number: u32,
    },
    /// Give a run another name, of at most 60 characters
    Rename {
        /// Its number, as `xpert runs list` shows it
        number: u32,
        /// The new name; an empty one ("") takes the name away
        name: String,
    },
    /// Put a run in use; the one that was is kept
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
        /// The number of one
        one: u32,
        /// The number of the other
        other: u32,
    },
    /// Copy a run into a folder for other programs: the adapter in PEFT's layout, and how it came to be
    Export {
        /// Its number, as `xpert runs list` shows it
        number: u32,
        /// A folder that is empty or not there yet
        #[arg(value_name = "FOLDER")]
        folder: PathBuf,
    },
}
