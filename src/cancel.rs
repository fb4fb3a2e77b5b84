//! The stop signal every long job looks at. It does not know who asks, nor what the job does about it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// A flag shared between whoever may ask for a stop (a key, Ctrl-C, a closing program) and the job.
///
/// Jobs look at it between small pieces of work (a file, a download block, a micro-batch, a token), leave everything they
/// keep in a usable state, and return. Cloning shares the flag.
#[derive(Clone, Debug, Default)]
pub struct Cancel(Arc<AtomicBool>);

impl Cancel {
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Asks the job to stop. Safe to call from a signal handler's thread, and more than once.
    pub fn request(&self) {
        self.0.store(true, Ordering::SeqCst);
    }

    #[must_use]
    pub fn is_requested(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }
}
