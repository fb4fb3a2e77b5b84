//! Import: look at files first, then keep their texts in one transaction, and take the last of these back.

use std::path::PathBuf;

use super::context::Context;
use super::error::AppError;
use crate::cancel::Cancel;
use crate::import::{ImportOptions, Scan, ScanProgress, scan};
use crate::store::{Added, Import};

/// Reads files and folders without keeping anything: what a preview shows.
///
/// # Errors
/// When a path cannot be read at all, or the field mapping does not fit.
pub fn preview(
    paths: &[PathBuf],
    options: &ImportOptions,
    cancel: &Cancel,
    progress: &mut dyn FnMut(&ScanProgress),
) -> Result<Scan, AppError> {
    Ok(scan(paths, options, cancel, progress)?)
}

/// Keeps what a preview found. Texts that are there already are left alone.
///
/// # Errors
/// When the database cannot be written; nothing is kept then.
pub fn keep(context: &Context, found: &Scan, cancel: &Cancel) -> Result<Added, AppError> {
    Ok(context.store()?.add(&found.documents, cancel)?)
}

/// Removes the texts that the last import added, and says what they were. One that added none does not count. Models that were
/// trained on the texts stay as they are.
///
/// # Errors
/// When there is nothing to undo, or the database cannot be written.
pub fn undo_last(context: &Context) -> Result<Import, AppError> {
    let mut store = context.store()?;
    match store.last_import()? {
        Some(last) => Ok(store.undo_import(last.id)?),
        None => Err(match store.summary()?.texts {
            0 => AppError::NoTexts,
            texts => AppError::NoImports { texts },
        }),
    }
}
