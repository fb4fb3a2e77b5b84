//! Where the user's models are stored. They are moved only by renaming, in an order that keeps every model complete under some name
//! whenever the power goes, and [`Places::settle`] finishes what was begun. A change needs the training lock.
//!
//! | in `mine/` | what it is |
//! |---|---|
//! | `adapter` | the model in use |
//! | `runs/N` | another, by its number |
//! | `next` | a whole model that is about to be in use |
//! | `adapter.new` | one that is being written; whole as soon as it has a record |
//! | `deleted` | one that is being deleted |
//! | `last-number` | the highest number of those that were deleted |
//! | `previous` | the one before, as earlier versions left it |

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};

use super::record::Record;
use crate::app::context::Context;
use crate::app::error::AppError;
use crate::platform::lock::Lock;
use crate::platform::paths::{private_dir, sync_folder, write_atomically};

const NEXT: &str = "next";
const NEW_ONE: &str = "adapter.new";
const DELETED: &str = "deleted";
const LAST_NUMBER: &str = "last-number";
const PREVIOUS: &str = "previous";

#[derive(Clone, Debug)]
pub(in crate::app) struct Places {
    mine: PathBuf,
}

impl Places {
    pub fn of(context: &Context) -> Self {
        Self { mine: context.paths.personal() }
    }

    pub fn in_use(&self) -> PathBuf {
        self.mine.join("adapter")
    }

    fn at(&self, name: &str) -> PathBuf {
        self.mine.join(name)
    }

    fn runs(&self) -> PathBuf {
        self.mine.join("runs")
    }

    fn set_aside_at(&self, number: u32) -> PathBuf {
        self.runs().join(number.to_string())
    }

    /// The numbers of the runs that are not in use, the lowest first.
    pub fn numbers(&self) -> Result<Vec<u32>, AppError> {
        let runs = self.runs();
        let mut numbers = Vec::new();
        for entry in AppError::if_there(&runs, fs::read_dir(&runs))?.into_iter().flatten() {
            let name = entry.map_err(AppError::file(&runs))?.file_name();
            let number = name.to_str().and_then(|name| name.parse::<u32>().ok());
            // Only names that are written as we write them lead back to their folder.
            numbers.extend(number.filter(|number| *number > 0 && number.to_string().as_str() == name));
        }
        numbers.sort_unstable();
        Ok(numbers)
    }

    /// The number that the model in use was given, unless another has it.
    fn own_number(&self) -> Result<Option<u32>, AppError> {
        // What cannot be read has no number; it is told of where the model is looked at.
        let own = Record::read(&self.in_use()).ok().flatten().and_then(|record| record.number);
        let others = self.numbers()?;
        Ok(own.filter(|own| *own > 0 && !others.contains(own)))
    }

    /// The number of the model in use, if there is one: its own, or the next free one where it has none.
    pub fn number_in_use(&self) -> Result<Option<u32>, AppError> {
        if !self.in_use().exists() {
            return Ok(None);
        }
        Ok(Some(self.own_number()?.map_or_else(|| self.free_number(), Ok)?))
    }

    /// One above every number that a run has or had: what is kept under a number, such as verdicts, is never of two runs.
    pub fn free_number(&self) -> Result<u32, AppError> {
        let last = self.numbers()?.last().copied().max(self.own_number()?).max(self.highest_deleted());
        Ok(last.map_or(1, |last| last.saturating_add(1)))
    }

    /// Absent also where what was written cannot be read: a number that is given twice is the lesser harm than no training.
    fn highest_deleted(&self) -> Option<u32> {
        fs::read_to_string(self.at(LAST_NUMBER)).ok()?.trim().parse().ok()
    }

    /// Where the run of this number is, and whether it is the one in use.
    pub fn find(&self, number: u32) -> Result<(PathBuf, bool), AppError> {
        if self.number_in_use()? == Some(number) {
            return Ok((self.in_use(), true));
        }
        let folder = self.set_aside_at(number);
        if number > 0 && folder.is_dir() { Ok((folder, false)) } else { Err(AppError::NoRun { number }) }
    }

    /// Whether a change was cut short, or an earlier version left something to take over. Cheap: it is asked at every look.
    pub fn is_unsettled(&self) -> bool {
        let left = [NEXT, PREVIOUS, DELETED].iter().any(|name| self.at(name).exists());
        let none_in_use = || !self.in_use().exists() && self.numbers().is_ok_and(|others| !others.is_empty());
        left || self.is_written() || none_in_use()
    }

    /// Whether a new model was written to its end, which its record is.
    fn is_written(&self) -> bool {
        Record::read(&self.at(NEW_ONE)).is_ok_and(|record| record.is_some())
    }

    /// Finishes whatever was begun. Each step is one rename, and a step that is done is not done again.
    pub fn settle(&self) -> Result<(), AppError> {
        remove(&self.at(DELETED))?;
        if self.at(PREVIOUS).exists() {
            self.set_aside(&self.at(PREVIOUS), self.free_number()?)?;
        }
        self.advance()?;
        if self.is_written() {
            rename(&self.at(NEW_ONE), &self.at(NEXT))?;
            self.advance()?;
        }
        if let (false, Some(last)) = (self.in_use().exists(), self.numbers()?.last()) {
            rename(&self.set_aside_at(*last), &self.at(NEXT))?;
            self.advance()?;
        }
        match self.number_in_use()? {
            Some(number) => give_number(&self.in_use(), number),
            None => Ok(()),
        }
    }

    /// Puts the next model in use, if one waits; the one that was becomes one of the others.
    fn advance(&self) -> Result<(), AppError> {
        if !self.at(NEXT).exists() {
            return Ok(());
        }
        if let Some(number) = self.number_in_use()? {
            self.set_aside(&self.in_use(), number)?;
        }
        rename(&self.at(NEXT), &self.in_use())
    }

    fn set_aside(&self, folder: &Path, number: u32) -> Result<(), AppError> {
        let runs = self.runs();
        private_dir(&runs).map_err(AppError::file(&runs))?;
        rename(folder, &self.set_aside_at(number))
    }

    /// An empty place for a model to be written to. As soon as it has a record, which is therefore written last, [`Self::settle`] puts it
    /// in use.
    pub fn begin(&self) -> Result<PathBuf, AppError> {
        let folder = self.at(NEW_ONE);
        remove(&folder)?;
        private_dir(&folder).map_err(AppError::file(&folder))?;
        Ok(folder)
    }

    /// Puts one of the others in use, in exchange.
    pub fn exchange(&self, number: u32) -> Result<(), AppError> {
        let folder = self.set_aside_at(number);
        // Without it, it would take another number when it is set aside again.
        give_number(&folder, number)?;
        rename(&folder, &self.at(NEXT))?;
        self.settle()
    }

    /// Deletes a model: gone at once, even if the power goes before all of it is off the disk. Its number is not given again.
    pub fn delete(&self, number: u32) -> Result<(), AppError> {
        let (folder, _) = self.find(number)?;
        let last = self.at(LAST_NUMBER);
        let highest = self.highest_deleted().map_or(number, |highest| highest.max(number));
        write_atomically(&last, highest.to_string().as_bytes()).map_err(AppError::file(&last))?;
        rename(&folder, &self.at(DELETED))?;
        remove(&self.at(DELETED))
    }
}

/// Where a training works until it ends.
pub(in crate::app) fn run_folder(context: &Context) -> PathBuf {
    context.paths.personal().join("run")
}

/// Takes the lock that is held while a training is running, or models change places.
///
/// # Errors
/// [`AppError::Busy`] when another program holds it; when its file cannot be made.
pub(in crate::app) fn lock(context: &Context) -> Result<Lock, AppError> {
    let folder = run_folder(context);
    private_dir(&context.paths.personal()).and_then(|()| private_dir(&folder)).map_err(AppError::file(&folder))?;
    let path = folder.join("lock");
    let file = File::create(&path).map_err(AppError::file(&path))?;
    Lock::try_acquire(file).map_err(|error| match error {
        TryLockError::WouldBlock => AppError::Busy(folder),
        TryLockError::Error(source) => AppError::File { path, source },
    })
}

/// A model without a record that can be read stays as it is.
fn give_number(folder: &Path, number: u32) -> Result<(), AppError> {
    match Record::read(folder) {
        Ok(Some(record)) if record.number != Some(number) => Record { number: Some(number), ..record }.write(folder),
        _ => Ok(()),
    }
}

fn rename(from: &Path, to: &Path) -> Result<(), AppError> {
    fs::rename(from, to).map_err(AppError::file(from))?;
    for folder in [from.parent(), to.parent()].into_iter().flatten() {
        sync_folder(folder);
    }
    Ok(())
}

fn remove(folder: &Path) -> Result<(), AppError> {
    AppError::if_there(folder, fs::remove_dir_all(folder)).map(drop)
}
