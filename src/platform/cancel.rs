//! The stop signal every long job looks at, and the pause. It does not know who asks, nor what the job does about it.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// The job was asked to stop, and did. The layers' errors carry it upwards as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("stopped")]
pub struct Cancelled;

/// A flag shared between whoever may ask for a stop (a key, Ctrl-C, a closing program) and the job.
///
/// Jobs look at it between small pieces of work (a file, a download block, a block of the model, a token), leave
/// everything they keep in a usable state, and return. Cloning shares the flag.
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

/// How often a paused job looks whether it may go on: often enough to seem at once.
const LOOK_AGAIN: Duration = Duration::from_millis(50);

impl Cancel {
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Asks the job to stop. Safe to call from a signal handler's thread, and more than once.
    pub fn request(&self) {
        self.0.stop.store(true, Ordering::SeqCst);
    }

    #[must_use]
    pub fn is_requested(&self) -> bool {
        self.0.stop.load(Ordering::SeqCst)
    }

    /// An error once a stop was asked for. For jobs that do not pause; see [`Self::proceed`].
    ///
    /// # Errors
    /// [`Cancelled`].
    pub fn check(&self) -> Result<(), Cancelled> {
        if self.is_requested() { Err(Cancelled) } else { Ok(()) }
    }

    /// Asks the job to wait where it is, or to go on. What it holds in memory stays.
    pub fn pause(&self, wait: bool) {
        let mut pause = self.0.pause.lock().unwrap_or_else(PoisonError::into_inner);
        match (wait, pause.since) {
            (true, None) => pause.since = Some(Instant::now()),
            (false, Some(since)) => *pause = Pause { since: None, before: pause.before + since.elapsed() },
            _ => {}
        }
    }

    #[must_use]
    pub fn is_paused(&self) -> bool {
        self.0.pause.lock().unwrap_or_else(PoisonError::into_inner).since.is_some()
    }

    /// How long the job has been asked to wait so far, all in all: not time it worked.
    #[must_use]
    pub fn paused_for(&self) -> Duration {
        let pause = self.0.pause.lock().unwrap_or_else(PoisonError::into_inner);
        pause.before + pause.since.map_or(Duration::ZERO, |since| since.elapsed())
    }

    /// Returns when the job is not, or no longer, to wait; whether it is to go on rather than to stop.
    #[must_use]
    pub fn proceed(&self) -> bool {
        while self.is_paused() && !self.is_requested() {
            std::thread::sleep(LOOK_AGAIN);
        }
        !self.is_requested()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_paused_job_waits_until_it_may_go_on_or_is_to_stop() {
        let cancel = Cancel::new();
        assert!(cancel.proceed() && cancel.paused_for() == Duration::ZERO);
        cancel.pause(true);
        let job = std::thread::spawn({
            let cancel = cancel.clone();
            move || cancel.proceed()
        });
        std::thread::sleep(LOOK_AGAIN);
        assert!(!job.is_finished());
        cancel.pause(false);
        assert!(job.join().unwrap());
        let waited = cancel.paused_for();
        assert!(waited >= LOOK_AGAIN);
        std::thread::sleep(Duration::from_millis(5));
        assert_eq!(cancel.paused_for(), waited, "time at work is not time paused");
        cancel.pause(true);
        cancel.request();
        assert!(!cancel.proceed(), "a stop is heard while it waits");
    }
}
