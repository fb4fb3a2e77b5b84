//! Runs jobs, each on its own thread, and sends back what they report. A job that panics becomes a failed job. Knows no job by
//! name and no screen.

use std::any::Any;
use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use super::advice::explain;
use super::job::{AnyJob, JobId, Report, Resources, Worker};
use super::terminal::last_panic;
use crate::app::Context;
use crate::app::log::Watch;
use crate::platform::cancel::Cancel;

/// Model work recurses through deep computation graphs.
const STACK: usize = 32 * 1024 * 1024;
/// How long the end of the program waits for a job that was asked to stop: a long one finishes its step, or its validation, and
/// writes its checkpoint; the others look at the signal many times a second.
const PATIENCE_LONG: Duration = Duration::from_secs(180);
const PATIENCE: Duration = Duration::from_secs(5);
const PATIENCE_NOW: Duration = Duration::from_millis(300);

/// What becomes of a job.
#[derive(Clone, Debug)]
pub enum Outcome {
    Report(Report),
    Stopped,
    /// What went wrong and what to do about it.
    Failed(String),
}

impl Outcome {
    pub fn is_last(&self) -> bool {
        !matches!(self, Self::Report(report) if !report.last)
    }
}

/// How long jobs have to end when the program does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shutdown {
    Wait,
    /// The user did not want to wait for the training's checkpoint; the last one on the disk is whole.
    Now,
}

pub struct Runner {
    context: Context,
    resources: Arc<Resources>,
    tell: Arc<dyn Fn(JobId, Outcome) + Send + Sync>,
    running: HashMap<JobId, Running>,
}

struct Running {
    long: bool,
    cancel: Cancel,
    thread: JoinHandle<()>,
}

impl Runner {
    /// Runs jobs in this context; `settings` is the file of the user's settings, also while the demo's person is looked at.
    pub fn new(context: Context, settings: PathBuf, tell: impl Fn(JobId, Outcome) + Send + Sync + 'static) -> Self {
        let resources = Arc::new(Resources { settings: settings.into(), writer: Mutex::default() });
        Self { context, resources, tell: Arc::new(tell), running: HashMap::new() }
    }

    /// Starts a job. What it says goes to `tell`; the last of it always comes.
    pub fn start(&mut self, id: JobId, job: Arc<dyn AnyJob>) {
        self.running.retain(|_, running| !running.thread.is_finished());
        let (kind, cancel, tell) = (job.kind(), Cancel::new(), Arc::clone(&self.tell));
        let (context, shared) = (self.context.clone(), Arc::clone(&self.resources));
        let worker = Worker { context, cancel: cancel.clone(), shared };
        let work = move || {
            let last = run(&*job, &worker, &|report| tell(id, Outcome::Report(report)));
            tell(id, last);
        };
        match thread::Builder::new().name(kind.id.to_owned()).stack_size(STACK).spawn(work) {
            Ok(thread) => {
                self.running.insert(id, Running { long: kind.long, cancel, thread });
            }
            Err(error) => {
                let why = format!("the system allows no more threads ({error}): close other programs and try again");
                (self.tell)(id, Outcome::Failed(why));
            }
        }
    }

    pub fn cancel(&self, id: JobId) {
        if let Some(running) = self.running.get(&id) {
            running.cancel.request();
        }
    }

    pub fn pause(&self, id: JobId, wait: bool) {
        if let Some(running) = self.running.get(&id) {
            running.cancel.set_paused(wait);
        }
    }

    /// Stops everything and waits, within reason, until nothing is half-written.
    pub fn finish(self, shutdown: Shutdown) {
        for running in self.running.values() {
            running.cancel.request();
        }
        let asked = Instant::now();
        for running in self.running.into_values() {
            let patience = match shutdown {
                Shutdown::Now => PATIENCE_NOW,
                Shutdown::Wait if running.long => PATIENCE_LONG,
                Shutdown::Wait => PATIENCE,
            };
            while !running.thread.is_finished() && asked.elapsed() < patience {
                thread::sleep(Duration::from_millis(10));
            }
        }
    }
}

fn run(job: &dyn AnyJob, worker: &Worker, tell: &dyn Fn(Report)) -> Outcome {
    let watch = Watch::job(job.kind().id);
    let ended = catch_unwind(AssertUnwindSafe(|| job.perform(worker, tell)));
    watch.end_of(ended.as_ref().ok());
    match ended {
        Ok(Ok(report)) => Outcome::Report(report),
        Ok(Err(error)) if error.is_cancelled() => Outcome::Stopped,
        Ok(Err(error)) => Outcome::Failed(explain(&error)),
        Err(panic) => {
            // A model that failed half-way is not used again.
            worker.unload_writer();
            Outcome::Failed(internal(panic.as_ref()))
        }
    }
}

/// What a panic said. Where it happened is known to the hook (see `terminal`).
fn internal(panic: &(dyn Any + Send)) -> String {
    let said = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    let said = said.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "no message".into());
    let place = last_panic().map(|place| format!(" at {place}")).unwrap_or_default();
    format!(
        "This is a bug in XPerT ({said}{place}). Nothing you saved is affected. Please report it. You can try again."
    )
}
