//! Import: finds files, reads them, saves their texts in one transaction, and undoes the last import.

use std::path::{Path, PathBuf};
use std::time::Instant;

use super::context::Context;
use super::error::AppError;
use super::log;
use crate::import::{Folder, ImportOptions, Scan, ScanProgress, list, scan};
use crate::platform::cancel::Cancel;
use crate::store::{Added, Import};
use crate::style::StyleSpace;

/// What there is to choose from in a folder; in the home folder where none is named.
///
/// # Errors
/// When the folder cannot be read.
pub fn browse(folder: Option<&Path>, hidden: bool, cancel: &Cancel) -> Result<Folder, AppError> {
    let home = || directories::UserDirs::new().map(|user| user.home_dir().to_path_buf());
    // Without a home folder, the folder where the program was started.
    let folder = folder.map(Path::to_path_buf).or_else(home).map_or_else(std::env::current_dir, Ok);
    Ok(list(&folder.map_err(AppError::file(Path::new(".")))?, hidden, cancel)?)
}

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
    let started = Instant::now();
    let found = scan(paths, options, cancel, progress);
    log::scan(&found, started.elapsed());
    Ok(found?)
}

/// The languages but English that texts of a preview are in, each with how many, the commonest first. Only English can be measured.
///
/// # Errors
/// When the shipped style space is damaged.
pub fn foreign_languages(found: &Scan) -> Result<Vec<(&'static str, usize)>, AppError> {
    let texts: Vec<&str> = found.documents.iter().map(|document| document.text.as_str()).collect();
    Ok(crate::style::foreign_languages(StyleSpace::shipped()?, &texts))
}

/// Keeps what a preview found. Texts that are there already are left alone.
///
/// # Errors
/// When the database cannot be written; nothing is kept then.
pub fn keep(context: &Context, found: &Scan, cancel: &Cancel) -> Result<Added, AppError> {
    let started = Instant::now();
    let added = context.store()?.add(&found.documents, cancel)?;
    let (new, old) = (added.added, added.already_there);
    log::event!(INFO, "texts kept", added = new, already_there = old, seconds = started.elapsed());
    Ok(added)
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
