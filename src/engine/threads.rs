//! Distributes work among CPU cores. Knows no tensor.
//!
//! At the widths of small models, threads within one matrix product hardly help; threads over rows do. So each
//! product runs on the calling thread, and training gives each worker a share of the sequences.

use rayon::ThreadPool;

/// Number of available cores, the default number of workers.
pub fn available() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// Environment variables for candle, as (name, value), to be set before any thread starts: every operation stays on
/// the calling thread. candle's own pool spins at barriers, which wastes a third of a training step with two workers
/// and makes generation several times slower on a busy machine (docs/benchmarks.md).
pub const ENVIRONMENT: [(&str, &str); 2] = [("RAYON_NUM_THREADS", "1"), ("CANDLE_NUM_THREADS", "1")];

/// Workers that each run candle operations on a thread of their own. candle's parallel loops use the calling thread's
/// pool, so workers do not queue for the global one.
pub struct Workers(Vec<ThreadPool>);

impl Workers {
    /// # Errors
    /// When the system refuses a thread.
    pub fn new(count: usize) -> std::io::Result<Self> {
        let pool = |_| rayon::ThreadPoolBuilder::new().num_threads(1).build().map_err(std::io::Error::other);
        Ok(Self((0..count.max(1)).map(pool).collect::<std::io::Result<_>>()?))
    }

    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// Runs `job` on each share, with one worker per share. Returns the results in the order of the shares.
    ///
    /// # Panics
    /// When there are more shares than workers, or a job panicked.
    pub fn run<S: Send, R: Send>(&self, shares: Vec<S>, job: impl Fn(S) -> R + Sync) -> Vec<R> {
        assert!(shares.len() <= self.0.len(), "one worker per share");
        let job = &job;
        std::thread::scope(|scope| {
            let running: Vec<_> = shares
                .into_iter()
                .zip(&self.0)
                .map(|(share, pool)| scope.spawn(move || pool.install(|| job(share))))
                .collect();
            running.into_iter().map(|worker| worker.join().expect("a worker panicked")).collect()
        })
    }
}
