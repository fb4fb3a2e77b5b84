//! A run: a trained model. Reads all runs, one of them, or the one in use, from disk.
//!
//! Everything here fails if a change that was cut short cannot be finished, or what is asked for cannot be read.

use std::cmp::Reverse;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use serde::Serialize;

use super::curve::Curve;
use super::places::{Places, lock};
use super::record::{FILE as RECORD_FILE, Record};
use crate::app::context::Context;
use crate::app::error::AppError;
use crate::engine::adapter::{CONFIG_FILE, WEIGHTS_FILE};
use crate::training::SCRATCH;

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
    pub fn title(&self) -> String {
        self.record.name.clone().unwrap_or_else(|| format!("run {}", self.number))
    }

    fn read(number: u32, in_use: bool, folder: PathBuf) -> Result<Self, AppError> {
        let broken = |why: &str| AppError::BrokenRun { folder: folder.clone(), why: why.to_owned() };
        let record = Record::read(&folder)?.ok_or_else(|| broken(&format!("{} is missing", RECORD_FILE)))?;
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
pub fn in_use(context: &Context) -> Result<Option<(u32, Record)>, AppError> {
    let places = look(context)?;
    Ok(places.number_in_use()?.zip(Record::read(&places.in_use())?))
}

/// How the model in use came to be; none while there is none.
pub fn record(context: &Context) -> Result<Option<Record>, AppError> {
    Record::read(&look(context)?.in_use())
}

/// The number of every run that is kept.
pub fn numbers(context: &Context) -> Result<Vec<u32>, AppError> {
    let places = look(context)?;
    Ok(places.number_in_use()?.into_iter().chain(places.numbers()?).collect())
}

/// Every run: the one in use first, then the one that ended last.
pub fn list(context: &Context) -> Result<Runs, AppError> {
    let places = look(context)?;
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
pub(in crate::app) fn from_scratch(context: &Context, base: &str, texts: &str) -> Option<Run> {
    let alike = |run: &Run| {
        let Run { record, curve, .. } = run;
        record.started_from == SCRATCH
            && record.base == base
            && record.texts.as_deref() == Some(texts)
            // A run that was continued with other texts has no beginning on these.
            && curve.held_out.first().is_some_and(|point| point.0 == 0)
    };
    list(context).ok()?.runs.into_iter().filter(alike).max_by_key(|run| (run.ended, run.number))
}

pub(super) fn read(places: &Places, number: u32) -> Result<Run, AppError> {
    let (folder, in_use) = places.find(number)?;
    Run::read(number, in_use, folder)
}

/// One run.
///
/// # Errors
/// When there is no such run.
pub fn show(context: &Context, number: u32) -> Result<Run, AppError> {
    read(&look(context)?, number)
}

/// The places, after finishing a change that was cut short and taking over what an earlier version left. While a training is running
/// that waits: it does the same when it ends.
fn look(context: &Context) -> Result<Places, AppError> {
    let places = Places::of(context);
    if places.is_unsettled() {
        match lock(context) {
            Ok(_lock) => places.settle()?,
            Err(AppError::Busy(_)) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(places)
}
