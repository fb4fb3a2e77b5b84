//! Documents that are written from the program's own definitions. Knows their layout; what they say comes from the program.

mod commands;
mod keys;

use std::fs;
use std::path::Path;

use crate::error::LabError;

pub use commands::commands;
pub use keys::keys;

/// The documents by file name, as they should be.
#[must_use]
pub fn all() -> [(&'static str, String); 2] {
    [("commands.md", commands()), ("keys.md", keys())]
}

/// Writes the documents into a folder.
///
/// # Errors
/// When a file cannot be written.
pub fn write(folder: &Path) -> Result<(), LabError> {
    for (name, text) in all() {
        let path = folder.join(name);
        fs::write(&path, text).map_err(|source| LabError::File { path, source })?;
    }
    Ok(())
}
