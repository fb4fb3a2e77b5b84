//! A background job: what it is called, what it does and what it reports, as one item. Knows the use cases' context, no screen.

use std::any::Any;
use std::fmt::Debug;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::app::write::Writer;
use crate::app::{AppError, Context};
use crate::platform::cancel::Cancel;

/// What tells one job from another.
#[derive(Debug, PartialEq, Eq)]
pub struct Kind {
    /// Unique in the program: reports and failures are found by it. Also the name of its thread.
    pub id: &'static str,
    /// What it does, as the subject of a sentence: "Training", "The preview".
    pub title: &'static str,
    /// Takes long: the status line prefers it, `x` stops it from any screen, and quitting asks first.
    pub long: bool,
}

/// One run of a job. Never used twice.
pub type JobId = u64;

/// Work that takes time or touches the disk. At most one job of a kind runs; a newer one replaces it.
pub trait Job: Debug + Send + Sync + 'static {
    /// What it says while it runs, and last when it is done.
    type Report: Debug + Send + Sync + 'static;
    const KIND: Kind;

    /// Does it, on a thread of its own.
    ///
    /// # Errors
    /// What went wrong; a job that was stopped ends with the error for that.
    fn run(&self, worker: &Worker, tell: &dyn Fn(Self::Report)) -> Result<Self::Report, AppError>;
}

/// What a job reported, for whoever knows its type.
#[derive(Clone, Debug)]
pub struct Report {
    pub kind: &'static Kind,
    /// The job is over with this.
    pub last: bool,
    content: Arc<dyn Any + Send + Sync>,
}

impl Report {
    pub fn of<J: Job>(report: J::Report, last: bool) -> Self {
        Self { kind: const { &J::KIND }, last, content: Arc::new(report) }
    }

    /// What it says, where it is a report of this job.
    pub fn from<J: Job>(&self) -> Option<&J::Report> {
        self.content.downcast_ref().filter(|_| self.kind.id == J::KIND.id)
    }
}

/// Any job, for those who only start, list and stop jobs.
pub trait AnyJob: Any + Debug + Send + Sync {
    fn kind(&self) -> &'static Kind;

    /// # Errors
    /// As [`Job::run`].
    fn perform(&self, worker: &Worker, tell: &dyn Fn(Report)) -> Result<Report, AppError>;
}

impl<J: Job> AnyJob for J {
    fn kind(&self) -> &'static Kind {
        const { &J::KIND }
    }

    fn perform(&self, worker: &Worker, tell: &dyn Fn(Report)) -> Result<Report, AppError> {
        let last = self.run(worker, &|report| tell(Report::of::<J>(report, false)))?;
        Ok(Report::of::<J>(last, true))
    }
}

/// What a job has at hand.
pub struct Worker {
    pub context: Context,
    pub cancel: Cancel,
    pub(super) shared: Arc<Resources>,
}

/// What all jobs of a program share.
pub(super) struct Resources {
    /// The user's settings file. Held while it is written, so that two changes are both kept.
    pub settings: Mutex<PathBuf>,
    /// The model that writes, kept loaded between prompts.
    pub writer: Mutex<Option<Writer>>,
}

impl Worker {
    /// The path of the settings file, locked against other jobs.
    pub fn settings(&self) -> MutexGuard<'_, PathBuf> {
        self.shared.settings.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The loaded model that writes, if there is one.
    pub fn writer(&self) -> MutexGuard<'_, Option<Writer>> {
        self.shared.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Unloads the model that writes: training loads weights of its own, and two copies are too much for a small board.
    pub fn unload_writer(&self) {
        *self.writer() = None;
    }
}
