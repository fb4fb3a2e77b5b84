//! A copy of a run for other programs: the adapter in PEFT's layout, and how it came to be.

use std::fs;
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::contents::{FILES, at_one_moment};
use super::run::Run;
use crate::app::context::Context;
use crate::app::error::AppError;
use crate::platform::paths::{restrict, write_atomically};

/// What was written.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Exported {
    pub run: Run,
    pub folder: PathBuf,
    pub files: Vec<PathBuf>,
    pub bytes: u64,
}

/// Copies a run into `folder`, which is made where it is not there yet. Nothing is overwritten.
///
/// # Errors
/// When there is no such run, the folder holds something, or cannot be written to; nothing is then left in it.
pub fn export(context: &Context, number: u32, folder: &Path) -> Result<Exported, AppError> {
    let (run, contents) = at_one_moment(context, number)?;
    let is_new = !folder.exists();
    if !is_new && !is_empty_folder(folder)? {
        return Err(AppError::NotEmpty(folder.into()));
    }
    fs::create_dir_all(folder).map_err(AppError::file(folder))?;
    let copied = if is_new { restrict(folder, 0o700).map_err(AppError::file(folder)) } else { Ok(()) };
    let copied = copied.and_then(|()| write(folder, &contents));
    if copied.is_err() {
        // What is half there would be in the way of trying again. What went wrong first is what counts.
        for file in FILES {
            drop(fs::remove_file(folder.join(file)));
        }
        if is_new {
            drop(fs::remove_dir(folder));
        }
    }
    copied?;
    let bytes = contents.iter().map(|file| file.len() as u64).sum();
    Ok(Exported { run, folder: folder.into(), files: FILES.map(|file| folder.join(file)).into(), bytes })
}

/// The same into a new folder beside what is there in `place`, with a name of its own: the export that was written.
///
/// # Errors
/// As [`export`].
pub fn export_into(context: &Context, number: u32, place: &Path) -> Result<Exported, AppError> {
    let name = format!("xpert-run-{number}");
    let numbered = (2..).map(|again| format!("{name}-{again}"));
    let names = std::iter::once(name.clone()).chain(numbered);
    let folder = names.map(|name| place.join(name)).find(|folder| !folder.exists());
    export(context, number, &folder.unwrap_or_else(|| place.join(name)))
}

fn is_empty_folder(folder: &Path) -> Result<bool, AppError> {
    if !folder.is_dir() {
        return Ok(false);
    }
    Ok(fs::read_dir(folder).map_err(AppError::file(folder))?.next().is_none())
}

fn write(folder: &Path, contents: &[Vec<u8>]) -> Result<(), AppError> {
    FILES.iter().zip(contents).try_for_each(|(name, contents)| {
        let file = folder.join(name);
        write_atomically(&file, contents).map_err(AppError::file(&file))
    })
}
