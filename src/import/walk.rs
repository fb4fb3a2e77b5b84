//! Turns the named files and folders into a list of files to read. Opens none of them.

use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use ignore::{DirEntry, WalkBuilder};

use super::report::{FileProblem, ImportError, SkipReason};
use crate::platform::cancel::Cancel;

pub(super) struct Found {
    pub path: PathBuf,
    /// Without links, so that each file is read once.
    pub canonical: PathBuf,
    /// Whether the user named this very file, rather than a folder above it.
    pub named: bool,
}

#[derive(Default)]
pub(super) struct Listing {
    pub files: Vec<Found>,
    pub skipped: BTreeMap<SkipReason, usize>,
    pub problems: Vec<FileProblem>,
    seen: HashSet<PathBuf>,
}

impl Listing {
    fn skip(&mut self, reason: SkipReason) {
        *self.skipped.entry(reason).or_default() += 1;
    }

    fn add(&mut self, path: &Path, named: bool) {
        match fs::canonicalize(path).and_then(|canonical| Ok((fs::metadata(&canonical)?, canonical))) {
            // Opening a pipe or a device may block forever.
            Ok((metadata, _)) if !metadata.is_file() => self.skip(SkipReason::NotAFile),
            Ok((_, canonical)) if !self.seen.insert(canonical.clone()) => self.skip(SkipReason::SameFile),
            Ok((_, canonical)) => self.files.push(Found { path: path.to_path_buf(), canonical, named }),
            Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => self.skip(SkipReason::NotAFile),
            Err(cause) if is_too_many_links(&cause) => self.skip(SkipReason::LinkLoop),
            Err(cause) => self.problems.push(unreadable(path, &cause)),
        }
    }
}

/// ELOOP, whose kind the standard library knows but has no stable name for: 40 on Linux, 62 on macOS and the BSDs.
fn is_too_many_links(cause: &std::io::Error) -> bool {
    let number = if cfg!(target_os = "linux") { 40 } else { 62 };
    cause.kind() == std::io::Error::from_raw_os_error(number).kind()
}

pub(super) fn unreadable(path: &Path, cause: &std::io::Error) -> FileProblem {
    FileProblem {
        path: path.to_path_buf(),
        what: format!("it cannot be read ({cause})"),
        advice: "check its permissions, or omit it".into(),
    }
}

/// Lists the files below `paths`, folders in the order of their names, links followed, each file once.
pub(super) fn list(paths: &[PathBuf], cancel: &Cancel) -> Result<Listing, ImportError> {
    if paths.is_empty() {
        return Err(ImportError::NoPaths);
    }
    // A mistyped name is an error before anything is read.
    for path in paths {
        if let Err(cause) = fs::symlink_metadata(path)
            && matches!(cause.kind(), std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory)
        {
            return Err(ImportError::Missing { path: path.clone() });
        }
    }
    let mut listing = Listing::default();
    for path in paths {
        if path.is_dir() {
            walk(path, &mut listing, cancel)?;
        } else {
            listing.add(path, true);
        }
    }
    Ok(listing)
}

fn walk(folder: &Path, listing: &mut Listing, cancel: &Cancel) -> Result<(), ImportError> {
    let hidden = Arc::new(Mutex::new(0_usize));
    let counter = Arc::clone(&hidden);
    let walker = WalkBuilder::new(folder)
        .standard_filters(false)
        .follow_links(true)
        .sort_by_file_name(Ord::cmp)
        .filter_entry(move |entry| {
            let keep = entry.depth() == 0 || !is_hidden(entry);
            if !keep {
                *counter.lock().unwrap_or_else(PoisonError::into_inner) += 1;
            }
            keep
        })
        .build();
    for entry in walker {
        cancel.check()?;
        match entry {
            Ok(entry) if entry.file_type().is_some_and(|kind| kind.is_dir()) => {}
            Ok(entry) => listing.add(entry.path(), false),
            Err(error) => note_error(folder, &error, listing),
        }
    }
    let count = *hidden.lock().unwrap_or_else(PoisonError::into_inner);
    if count > 0 {
        *listing.skipped.entry(SkipReason::Hidden).or_default() += count;
    }
    Ok(())
}

fn is_hidden(entry: &DirEntry) -> bool {
    entry.file_name().as_encoded_bytes().starts_with(b".")
}

fn note_error(folder: &Path, error: &ignore::Error, listing: &mut Listing) {
    match innermost(error) {
        (_, ignore::Error::Loop { .. }) => listing.skip(SkipReason::LinkLoop),
        (path, ignore::Error::Io(cause)) => {
            let path = path.unwrap_or(folder);
            // A broken link is skipped; a folder without permission is a problem.
            if cause.kind() == std::io::ErrorKind::NotFound {
                listing.skip(SkipReason::NotAFile);
            } else if is_too_many_links(cause) {
                listing.skip(SkipReason::LinkLoop);
            } else {
                listing.problems.push(unreadable(path, cause));
            }
        }
        (path, other) => listing.problems.push(FileProblem {
            path: path.unwrap_or(folder).to_path_buf(),
            what: other.to_string(),
            advice: "import the files in it one by one, or omit it".into(),
        }),
    }
}

fn innermost(error: &ignore::Error) -> (Option<&Path>, &ignore::Error) {
    match error {
        ignore::Error::WithPath { path, err } => {
            let (inner, cause) = innermost(err);
            (inner.or(Some(path.as_path())), cause)
        }
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => innermost(err),
        other => (None, other),
    }
}
