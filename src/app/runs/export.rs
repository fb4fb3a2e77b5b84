//! The contents of a run's files, always all from the same model even while models are being moved; and a copy of them for other
//! programs: the adapter in PEFT's layout, and how it was trained.

use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

use same_file::Handle;
use serde::Serialize;

use super::record::FILE as RECORD;
use super::run::{Run, show};
use crate::app::context::Context;
use crate::app::error::AppError;
use crate::engine::adapter::{CONFIG_FILE, WEIGHTS_FILE};
use crate::platform::paths::{restrict, write_atomically};

/// Of which a run consists; the contents of one come in this order.
const FILES: [&str; 3] = [CONFIG_FILE, WEIGHTS_FILE, RECORD];

/// A run with its files' contents, all of the same model: a training that ends in between puts another in its place.
pub fn at_one_moment(context: &Context, number: u32) -> Result<(Run, [Vec<u8>; 3]), AppError> {
    let mut run = show(context, number)?;
    loop {
        let files = FILES.map(|name| run.folder.join(name));
        let [config, weights, record] = files.each_ref().map(|file| read(file));
        let opened = config.and_then(|config| Ok([config, weights?, record?]));
        let now = show(context, number)?;
        let is_still =
            |(file, opened): (&PathBuf, &(Handle, _))| Handle::from_path(file).is_ok_and(|now| now == opened.0);
        if now != run || opened.as_ref().is_ok_and(|opened| !files.iter().zip(opened).all(is_still)) {
            run = now;
            continue;
        }
        return Ok((run, opened?.map(|(_, contents)| contents)));
    }
}

/// A file's contents, with which file it is: another by the same name is another file.
fn read(file: &Path) -> Result<(Handle, Vec<u8>), AppError> {
    let mut contents = Vec::new();
    let handle = File::open(file).and_then(|mut opened| {
        opened.read_to_end(&mut contents)?;
        Handle::from_file(opened)
    });
    Ok((handle.map_err(AppError::file(file))?, contents))
}

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

/// The same into a new folder in `place`, under a name that is free: the export that was written.
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
