//! The jobs of Import: see what a folder holds, read files for a preview, save what it shows, undo the last import.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::app::{self, AppError};
use crate::import::{Folder, ImportOptions, Scan, ScanProgress};
use crate::platform::paths::expand_home;
use crate::store::{Added, Import};
use crate::ui::shell::advice::explain;
use crate::ui::shell::{Job, Kind, Worker};

const REPORT_EVERY: Duration = Duration::from_millis(50);

/// See what a folder holds; the home folder where none is named.
#[derive(Debug)]
pub struct List {
    pub folder: Option<PathBuf>,
    pub hidden: bool,
}

impl Job for List {
    /// What it holds, or why that cannot be seen.
    type Report = Result<Arc<Folder>, String>;
    const KIND: Kind = Kind { id: "list", title: "Listing the folder", long: false };

    fn run(&self, worker: &Worker, _tell: &dyn Fn(Self::Report)) -> Result<Self::Report, AppError> {
        let folder = self.folder.as_deref().map(expand_home);
        match app::import::browse(folder.as_deref(), self.hidden, &worker.cancel) {
            Err(error) if error.is_cancelled() => Err(error),
            listed => Ok(listed.map(Arc::new).map_err(|error| explain(&error))),
        }
    }
}

#[derive(Debug)]
pub struct Preview {
    pub path: PathBuf,
    pub options: ImportOptions,
}

#[derive(Debug)]
pub enum Previewing {
    Reading(ScanProgress),
    /// What was found, and the languages other than English with how many texts are in each.
    Found(Arc<Scan>, Vec<(&'static str, usize)>),
}

impl Job for Preview {
    type Report = Previewing;
    const KIND: Kind = Kind { id: "preview", title: "The preview", long: true };

    fn run(&self, worker: &Worker, tell: &dyn Fn(Previewing)) -> Result<Previewing, AppError> {
        let mut told: Option<Instant> = None;
        let mut progress = |progress: &ScanProgress| {
            if told.is_none_or(|told| told.elapsed() >= REPORT_EVERY) {
                told = Some(Instant::now());
                tell(Previewing::Reading(progress.clone()));
            }
        };
        let path = expand_home(&self.path);
        let scan = app::import::preview(&[path], &self.options, &worker.cancel, &mut progress)?;
        let languages = app::import::foreign_languages(&scan)?;
        Ok(Previewing::Found(Arc::new(scan), languages))
    }
}

#[derive(Debug)]
pub struct Keep(pub Arc<Scan>);

impl Job for Keep {
    type Report = Added;
    const KIND: Kind = Kind { id: "keep", title: "Saving the texts", long: true };

    fn run(&self, worker: &Worker, _tell: &dyn Fn(Added)) -> Result<Added, AppError> {
        app::import::keep(&worker.context, &self.0, &worker.cancel)
    }
}

#[derive(Debug)]
pub struct Undo;

impl Job for Undo {
    type Report = Import;
    const KIND: Kind = Kind { id: "undo", title: "Undoing the import", long: false };

    fn run(&self, worker: &Worker, _tell: &dyn Fn(Import)) -> Result<Import, AppError> {
        app::import::undo_last(&worker.context)
    }
}
