//! The cancel and pause signal of long jobs. Does not know who sends it, nor how a job reacts.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// The job was cancelled. Every layer's error carries it upwards unchanged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("stopped")]
pub struct Cancelled;

/// A flag shared by whoever may cancel a job (a key, Ctrl-C, a shutdown) and the job.
///
/// Jobs check it between small units of work (a file, a chunk of a download, a block of the model, a token). When it
/// is set, they leave everything they keep in a usable state and return. Cloning shares the flag.
#[derive(Clone, Debug, Default)]
pub struct Cancel(Arc<State>);

#[derive(Debug, Default)]
struct State {
    stop: AtomicBool,
    pause: Mutex<Pause>,
}

#[derive(Debug, Default)]
struct Pause {
    since: Option<Instant>,
    before: Duration,
}

/// How often a paused job checks whether it may continue: often enough to seem immediate.
const POLL_INTERVAL: Duration = Duration::from_millis(50);

impl Cancel {
    pub fn new() -> Self {
        Self::default()
    }

    /// Asks the job to stop. Safe to call from a signal handler's thread, and repeatedly.
    pub fn request(&self) {
        self.0.stop.store(true, Ordering::SeqCst);
    }

    pub fn is_requested(&self) -> bool {
        self.0.stop.load(Ordering::SeqCst)
    }

    /// For jobs that do not pause; see [`Self::proceed`].
    ///
    /// # Errors
    /// [`Cancelled`] when the job is to stop.
    pub fn check(&self) -> Result<(), Cancelled> {
        if self.is_requested() { Err(Cancelled) } else { Ok(()) }
    }

    /// Pauses the job where it is, or lets it continue. What it holds in memory stays.
    pub fn set_paused(&self, paused: bool) {
        let mut pause = self.0.pause.lock().unwrap_or_else(PoisonError::into_inner);
        match (paused, pause.since) {
            (true, None) => pause.since = Some(Instant::now()),
            (false, Some(since)) => *pause = Pause { since: None, before: pause.before + since.elapsed() },
            _ => {}
        }
    }

    pub fn is_paused(&self) -> bool {
        self.0.pause.lock().unwrap_or_else(PoisonError::into_inner).since.is_some()
    }

    /// How long the job has been paused so far, in total.
    pub fn paused_for(&self) -> Duration {
        let pause = self.0.pause.lock().unwrap_or_else(PoisonError::into_inner);
        pause.before + pause.since.map_or(Duration::ZERO, |since| since.elapsed())
    }

    /// Waits while the job is paused.
    ///
    /// # Errors
    /// [`Cancelled`] when the job is to stop, paused or not.
    pub fn proceed(&self) -> Result<(), Cancelled> {
        while self.is_paused() && !self.is_requested() {
            std::thread::sleep(POLL_INTERVAL);
        }
        self.check()
    }
}
