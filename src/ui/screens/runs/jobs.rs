//! The jobs of Runs: reading the list, and what becomes of one.

use std::path::{PathBuf, absolute};
use std::sync::Arc;

use crate::app::runs::{Run, Runs as List};
use crate::app::{self, AppError};
use crate::ui::shell::job::{Job, Kind, Worker};

/// Read all runs.
#[derive(Debug)]
pub struct ReadRuns;

impl Job for ReadRuns {
    type Report = Arc<List>;
    const KIND: Kind = Kind { id: "runs", title: "Reading the runs", long: false };

    fn run(&self, worker: &Worker, _tell: &dyn Fn(Self::Report)) -> Result<Self::Report, AppError> {
        Ok(Arc::new(app::runs::list(&worker.context)?))
    }
}

/// What becomes of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    Use,
    Rename(String),
    Delete,
    /// A copy in this folder.
    Export(String),
}

/// Change the run with this number.
#[derive(Debug, PartialEq, Eq)]
pub struct ChangeRun(pub u32, pub Change);

/// What was done.
#[derive(Debug)]
pub enum Changed {
    InUse(Box<Run>),
    Renamed(Box<Run>),
    Deleted(Box<Run>),
    /// Into this folder.
    Exported(PathBuf),
}

impl Job for ChangeRun {
    type Report = Changed;
    const KIND: Kind = Kind { id: "change-run", title: "Changing the run", long: false };

    fn run(&self, worker: &Worker, _tell: &dyn Fn(Changed)) -> Result<Changed, AppError> {
        let (context, number) = (&worker.context, self.0);
        Ok(match &self.1 {
            Change::Use => Changed::InUse(Box::new(app::runs::put_in_use(context, number)?)),
            Change::Rename(name) => Changed::Renamed(Box::new(app::runs::rename(context, number, name)?)),
            Change::Delete => Changed::Deleted(Box::new(app::runs::delete(context, number)?)),
            Change::Export(folder) => {
                let folder = PathBuf::from(folder);
                let folder = absolute(&folder).map_err(|source| AppError::File { path: folder, source })?;
                Changed::Exported(app::runs::export(context, number, &folder)?.folder)
            }
        })
    }
}
