//! Import: look at files first, then keep their texts in one transaction.

use std::path::PathBuf;

use super::context::Context;
use super::error::AppError;
use crate::cancel::Cancel;
use crate::import::{ImportOptions, Scan, ScanProgress, scan};
use crate::store::Added;

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
