//! How work is shared among processor cores. Knows no tensor.
//!
//! Threads inside one matrix product hardly help at the widths of small models; threads over rows do. So a product
//! runs on the thread that asks for it, and training gives each of several workers a share of the sequences.

use rayon::ThreadPool;

/// Number of cores to use where the user named none.
#[must_use]
pub fn available() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// The settings candle reads from the environment, as (name, value), to be set before any thread starts: every operation
/// stays on the thread that asks for it. candle's own pool shares work by spinning at a barrier, which wastes a third of
/// a training step when two workers use it, and brings generation to a crawl on a busy machine (docs/benchmarks.md).
pub const ENVIRONMENT: [(&str, &str); 2] = [("RAYON_NUM_THREADS", "1"), ("CANDLE_NUM_THREADS", "1")];

/// Workers that each run candle operations on one thread of their own: candle's parallel loops go to the pool of the
/// thread that calls them, so that workers do not queue behind each other in the global one.
pub struct Workers(Vec<ThreadPool>);

impl Workers {
    /// # Errors
    /// When the system refuses a thread.
    pub fn new(count: usize) -> std::io::Result<Self> {
        let pool = |_| rayon::ThreadPoolBuilder::new().num_threads(1).build().map_err(std::io::Error::other);
        Ok(Self((0..count.max(1)).map(pool).collect::<std::io::Result<_>>()?))
    }

    #[must_use]
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// Runs `job` on each share, one worker a share, and returns the results in the order of the shares.
    ///
    /// # Panics
    /// When there are more shares than workers, or a job panicked.
    pub fn run<S: Send, R: Send>(&self, shares: Vec<S>, job: impl Fn(S) -> R + Sync) -> Vec<R> {
        assert!(shares.len() <= self.0.len(), "one worker for each share");
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
