//! How long each step of a download may take. Knows no sources.

use std::time::Duration;

/// How long a source may be silent before the next one is tried.
#[derive(Clone, Debug)]
pub struct Limits {
    /// For resolving the hub's name, and again for connecting.
    pub connect: Duration,
    /// For the first byte of a response.
    pub response: Duration,
    /// Between two bytes.
    pub stall: Duration,
    /// Between two signs of progress of pip, which reports less.
    pub package_stall: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        let seconds = Duration::from_secs;
        Self { connect: seconds(2), response: seconds(15), stall: seconds(20), package_stall: seconds(60) }
    }
}
