//! Documents that are written from the program's own definitions. Knows their layout; what they say comes from the program.

mod commands;
mod keys;

use std::fs;
use std::path::Path;

use xpert::app::Context;

use crate::error::LabError;

pub use commands::commands;
pub use keys::keys;

/// The documents by file name, as they should be.
///
/// # Errors
/// When there is no home folder.
pub fn all() -> Result<[(&'static str, String); 2], LabError> {
    let keymap = xpert::ui::shipped_keys(&Context::new(None, None, None)?);
    Ok([("commands.md", commands()), ("keys.md", keys(&keymap))])
}

/// Writes the documents into a folder.
///
/// # Errors
/// When a file cannot be written.
pub fn write(folder: &Path) -> Result<(), LabError> {
    for (name, text) in all()? {
        let path = folder.join(name);
        fs::write(&path, text).map_err(|source| LabError::File { path, source })?;
    }
    Ok(())
}
