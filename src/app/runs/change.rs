//! Changes to runs: compares, names and deletes them, puts one in use, and keeps a new one.

use std::path::Path;

use serde::Serialize;

use super::curve::Curve;
use super::places::{Places, lock};
use super::record::Record;
use super::run::{Run, list, read, show};
use crate::app::context::Context;
use crate::app::error::AppError;
use crate::platform::lock::Lock;

/// A name has at most so many characters.
pub const LONGEST_NAME: usize = 60;

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
/// When the name is too long, there is no such run, a training is running, or the record cannot be written.
pub fn rename(context: &Context, number: u32, name: &str) -> Result<Run, AppError> {
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    let length = name.chars().count();
    if length > LONGEST_NAME {
        return Err(AppError::LongName { length, most: LONGEST_NAME });
    }
    let (places, _lock) = open(context, number)?;
    let run = read(&places, number)?;
    // Recorded while it is still known: from now on the record is younger than the run.
    let record = Record { name: Some(name).filter(|name| !name.is_empty()), finished: run.ended, ..run.record };
    record.write(&run.folder)?;
    read(&places, number)
}

/// Puts a run in use; the one that was is kept with the others. Returns the run as it is then.
///
/// # Errors
/// When there is no such run, it is not whole, a training is running, or a folder cannot be moved.
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
/// When there is no such run, it is in use and there are others, a training is running, or it cannot be deleted.
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
    let lock = lock(context)?;
    let places = Places::of(context);
    places.settle()?;
    Ok((places, lock))
}

/// Puts the model that a training leaves in use: `save` writes its adapter into the folder it is given. The training's lock is held.
/// What a resumed run left when it was stopped is part of the run: it goes when the whole is in its place, which takes over its name.
pub(in crate::app) fn keep(
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
