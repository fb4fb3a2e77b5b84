//! How a download reports its progress, to a progress bar or a screen. Draws nothing.

use std::time::{Duration, Instant};

/// Receives for each source, in this order: that it is tried, how far it is, and, if it fails, why.
/// All calls come from the thread that wants the model.
pub trait Progress {
    /// A source, or a further step of one, begins.
    fn source(&mut self, description: &str);
    /// Bytes of the step so far; `total` may be an estimate, `done` never exceeds it. At most 20 calls per second.
    fn bytes(&mut self, done: u64, total: Option<u64>);
    /// Something the user may want to know: why a source failed, or what the download waits for.
    fn note(&mut self, text: &str);
}

/// Reports nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Progress for Silent {
    fn source(&mut self, _description: &str) {}
    fn bytes(&mut self, _done: u64, _total: Option<u64>) {}
    fn note(&mut self, _text: &str) {}
}

/// The calls of [`Progress`] as values, for sending over a channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    Source(String),
    Bytes { done: u64, total: Option<u64> },
    Note(String),
}

/// Any closure that takes events is a [`Progress`].
impl<F: FnMut(Event)> Progress for F {
    fn source(&mut self, description: &str) {
        self(Event::Source(description.to_owned()));
    }

    fn bytes(&mut self, done: u64, total: Option<u64>) {
        self(Event::Bytes { done, total });
    }

    fn note(&mut self, text: &str) {
        self(Event::Note(text.to_owned()));
    }
}

/// Forwards byte counts, at most every [`Meter::EVERY`].
pub(super) struct Meter<'a> {
    progress: &'a mut dyn Progress,
    total: u64,
    reported: Option<Instant>,
}

impl<'a> Meter<'a> {
    const EVERY: Duration = Duration::from_millis(50);

    pub(super) fn new(progress: &'a mut dyn Progress, total: u64) -> Self {
        Self { progress, total, reported: None }
    }

    /// Always reports the last count of a step.
    pub(super) fn report(&mut self, done: u64) {
        let due = self.reported.is_none_or(|last| last.elapsed() >= Self::EVERY);
        if due || done >= self.total {
            self.reported = Some(Instant::now());
            self.progress.bytes(done.min(self.total), Some(self.total));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_meter_reports_the_first_and_the_last_count_and_few_between() {
        let mut events = Vec::new();
        let mut collect = |event: Event| events.push(event);
        let mut meter = Meter::new(&mut collect, 1_000);
        for done in 0..=1_000 {
            meter.report(done);
        }
        meter.report(1_200);
        assert_eq!(events.first(), Some(&Event::Bytes { done: 0, total: Some(1_000) }));
        assert_eq!(events.last(), Some(&Event::Bytes { done: 1_000, total: Some(1_000) }), "capped at the total");
        assert!(events.len() < 100, "{} events for 1001 counts", events.len());
    }
}
