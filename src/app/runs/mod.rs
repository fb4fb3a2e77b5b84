//! The user's runs: the models that trainings left, one of them in use. Looked at, named, put in use, compared, exported, deleted.
//! Loads no model.
//!
//! | file | job |
//! |---|---|
//! | `places` | where they lie, and how they change places so that none is lost |
//! | `contents` | what the files of one hold |
//! | `curve` | how the losses of a run went |
//! | `export` | a copy in a folder of the user's |

mod contents;
mod curve;
mod export;
mod places;

use std::cmp::Reverse;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use serde::Serialize;

use super::context::Context;
use super::error::AppError;
use super::train::{self, Record};
use crate::engine::adapter::{CONFIG_FILE, WEIGHTS_FILE};
use crate::platform::lock::Lock;
use places::Places;

pub(super) use contents::at_one_moment;
pub use curve::Curve;
pub use export::{Exported, export, export_into};

/// A name has at most so many characters.
pub const LONGEST_NAME: usize = 60;

/// A model of the user's own.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Run {
    /// By which it is asked for. Kept when it is put in use, and when another is.
    pub number: u32,
    pub in_use: bool,
    /// Where it lies now: its adapter in PEFT's layout, its record, and its curve.
    pub folder: PathBuf,
    /// When its training ended, in Unix seconds; where the record does not say, when the adapter was written.
    pub ended: Option<i64>,
    pub bytes: u64,
    pub record: Record,
    /// Empty for a model of an earlier version, and where it cannot be read.
    #[serde(skip)]
    pub curve: Curve,
}

impl Run {
    /// Its name, or its number where it has none.
    #[must_use]
    pub fn title(&self) -> String {
        self.record.name.clone().unwrap_or_else(|| format!("run {}", self.number))
    }

    fn read(number: u32, in_use: bool, folder: PathBuf) -> Result<Self, AppError> {
        let broken = |why: &str| AppError::BrokenRun { folder: folder.clone(), why: why.to_owned() };
        let record = Record::read(&folder)?.ok_or_else(|| broken(&format!("{} is missing", train::RECORD)))?;
        for file in [CONFIG_FILE, WEIGHTS_FILE] {
            if !folder.join(file).is_file() {
                return Err(broken(&format!("{file} is missing")));
            }
        }
        let (ended, bytes) = (record.finished.or_else(|| written(&folder.join(WEIGHTS_FILE))), size(&folder));
        // The model counts without it, too.
        let curve = Curve::read(&folder).unwrap_or_default();
        Ok(Self { number, in_use, folder, ended, bytes, record, curve })
    }
}

/// When a file was written, in Unix seconds.
fn written(file: &Path) -> Option<i64> {
    let modified = fs::metadata(file).and_then(|metadata| metadata.modified()).ok()?;
    i64::try_from(modified.duration_since(UNIX_EPOCH).ok()?.as_secs()).ok()
}

/// Bytes of the files in a folder, as far as they can be seen.
fn size(folder: &Path) -> u64 {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.filter_map(|entry| entry.metadata().ok()).map(|metadata| metadata.len()).sum()
}

/// All runs, and what cannot be read and why.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Runs {
    pub runs: Vec<Run>,
    pub problems: Vec<String>,
}

/// The run in use, by its number, and how it came to be; none while there is none.
///
/// # Errors
/// When its record is malformed, or a change that was cut short cannot be finished.
pub fn in_use(context: &Context) -> Result<Option<(u32, Record)>, AppError> {
    let record = train::record(context)?;
    Ok(Places::of(context).number_in_use()?.zip(record))
}

/// The number of every run that is kept.
///
/// # Errors
/// When the folder of runs cannot be read, or a change that was cut short cannot be finished.
pub fn numbers(context: &Context) -> Result<Vec<u32>, AppError> {
    look(context)?;
    let places = Places::of(context);
    Ok(places.number_in_use()?.into_iter().chain(places.numbers()?).collect())
}

/// Every run: the one in use first, then the one that ended last.
///
/// # Errors
/// When the folder of runs cannot be read, or a change that was cut short cannot be finished.
pub fn list(context: &Context) -> Result<Runs, AppError> {
    look(context)?;
    let places = Places::of(context);
    let mut listed = Runs::default();
    for number in places.number_in_use()?.into_iter().chain(places.numbers()?) {
        match read(&places, number) {
            Ok(run) => listed.runs.push(run),
            // One that cannot be read does not hide the others.
            Err(error) => listed.problems.push(error.to_string()),
        }
    }
    listed.runs.sort_by_key(|run| Reverse((run.in_use, run.ended, run.number)));
    Ok(listed)
}

/// The last run from scratch on this base and these texts that has a curve; none where runs cannot be looked at.
pub(super) fn from_scratch(context: &Context, base: &str, texts: &str) -> Option<Run> {
    let alike = |run: &Run| {
        let Run { record, curve, .. } = run;
        record.started_from == train::SCRATCH
            && record.base == base
            && record.texts.as_deref() == Some(texts)
            // One that went on with other texts has no beginning on these.
            && curve.held_out.first().is_some_and(|point| point.0 == 0)
    };
    list(context).ok()?.runs.into_iter().filter(alike).max_by_key(|run| (run.ended, run.number))
}

fn read(places: &Places, number: u32) -> Result<Run, AppError> {
    let (folder, in_use) = places.find(number)?;
    Run::read(number, in_use, folder)
}

/// # Errors
/// When there is no such run, or it cannot be read.
pub fn show(context: &Context, number: u32) -> Result<Run, AppError> {
    look(context)?;
    read(&Places::of(context), number)
}

/// Two runs side by side.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Comparison {
    pub runs: [Run; 2],
    /// Losses of models of different bases cannot be compared.
    pub same_base: bool,
}

/// # Errors
/// When both are the same, one of them does not exist, or cannot be read.
pub fn compare(context: &Context, one: u32, other: u32) -> Result<Comparison, AppError> {
    if one == other {
        return Err(AppError::SameRun { number: one });
    }
    let runs = [show(context, one)?, show(context, other)?];
    Ok(Comparison { same_base: runs[0].record.base == runs[1].record.base, runs })
}

/// Gives a run another name, or, where it is empty, none; returns the run.
///
/// # Errors
/// When the name is too long, there is no such run, a training is at work, or the record cannot be written.
pub fn rename(context: &Context, number: u32, name: &str) -> Result<Run, AppError> {
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    let length = name.chars().count();
    if length > LONGEST_NAME {
        return Err(AppError::LongName { length, most: LONGEST_NAME });
    }
    let (places, _lock) = open(context, number)?;
    let run = read(&places, number)?;
    // Said once and for all while it is still known: from now on the record is younger than the run.
    let record = Record { name: Some(name).filter(|name| !name.is_empty()), finished: run.ended, ..run.record };
    record.write(&run.folder)?;
    read(&places, number)
}

/// Puts a run in use; the one that was is kept with the others. Returns the run as it is then.
///
/// # Errors
/// When there is no such run, it is not whole, a training is at work, or a folder cannot be moved.
pub fn put_in_use(context: &Context, number: u32) -> Result<Run, AppError> {
    let (places, _lock) = open(context, number)?;
    if !read(&places, number)?.in_use {
        places.exchange(number)?;
    }
    read(&places, number)
}

/// Deletes a run for good, and returns what it was. The one in use stays while there are others, so that there is always one in use.
///
/// # Errors
/// When there is no such run, it is in use and there are others, a training is at work, or it cannot be deleted.
pub fn delete(context: &Context, number: u32) -> Result<Run, AppError> {
    let (places, _lock) = open(context, number)?;
    let run = read(&places, number)?;
    if run.in_use && !places.numbers()?.is_empty() {
        return Err(AppError::RunInUse { number });
    }
    places.delete(number)?;
    Ok(run)
}

/// The places in order, for a change, with the lock under which nobody else changes them.
fn open(context: &Context, number: u32) -> Result<(Places, Lock), AppError> {
    // Where nothing ever was, asking for a run makes no folder.
    if !context.paths.personal().exists() {
        return Err(AppError::NoRun { number });
    }
    let lock = train::lock(context)?;
    let places = Places::of(context);
    places.settle()?;
    Ok((places, lock))
}

/// Finishes a change that was cut short and takes over what an earlier version left. While a training is at work that waits: it does
/// the same when it ends.
pub(super) fn look(context: &Context) -> Result<(), AppError> {
    let places = Places::of(context);
    if !places.is_unsettled() {
        return Ok(());
    }
    match train::lock(context) {
        Ok(_lock) => places.settle(),
        Err(AppError::Busy(_)) => Ok(()),
        Err(error) => Err(error),
    }
}

/// Puts the model that a training leaves in use: `save` writes its adapter into the folder it is given. The training's lock is held.
/// What a resumed run left when it was stopped is part of the run: it goes when the whole is in its place, which takes over its name.
pub(super) fn keep(
    context: &Context,
    record: Record,
    curve: &Curve,
    resumed: bool,
    save: impl FnOnce(&Path) -> Result<(), AppError>,
) -> Result<Record, AppError> {
    let places = Places::of(context);
    places.settle()?;
    let mut parts = if resumed { list(context)?.runs } else { Vec::new() };
    parts.retain(|run| is_part_of(&run.record, &record));
    let name = parts.iter().find_map(|run| run.record.name.clone());
    let record = Record { name, number: Some(places.free_number()?), ..record };
    let folder = places.begin()?;
    save(&folder)?;
    curve.write(&folder)?;
    record.write(&folder)?;
    places.settle()?;
    for part in parts {
        if !places.find(part.number)?.1 {
            places.delete(part.number)?;
        }
    }
    Ok(record)
}

/// Whether a stopped run's model is of the same training as the longer run's. Where that is not known, both are kept.
fn is_part_of(stopped: &Record, whole: &Record) -> bool {
    stopped.is_stopped() && stopped.begun.is_some() && stopped.begun == whole.begun
}
