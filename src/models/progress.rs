//! How a download reports its progress, to a progress bar or a screen. Draws nothing.

use std::time::{Duration, Instant};

/// What is reported of each source, in this order: that it is tried, how far it is, and, if it fails, why.
/// All reports come from the thread that wants the model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// A source, or a further step of one, begins.
    Source(String),
    /// Bytes of the step so far; `total` may be an estimate, `done` never exceeds it. At most 20 reports per second.
    Bytes { done: u64, total: Option<u64> },
    /// Something the user may want to know: why a source failed, or what the download waits for.
    Note(String),
}

/// Forwards byte counts, at most every [`Meter::EVERY`].
pub(super) struct Meter<'a> {
    progress: &'a mut dyn FnMut(Event),
    total: u64,
    reported: Option<Instant>,
}

impl<'a> Meter<'a> {
    const EVERY: Duration = Duration::from_millis(50);

    pub(super) fn new(progress: &'a mut dyn FnMut(Event), total: u64) -> Self {
        Self { progress, total, reported: None }
    }

    /// Always reports the last count of a step.
    pub(super) fn report(&mut self, done: u64) {
        let due = self.reported.is_none_or(|last| last.elapsed() >= Self::EVERY);
        if due || done >= self.total {
            self.reported = Some(Instant::now());
            (self.progress)(Event::Bytes { done: done.min(self.total), total: Some(self.total) });
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
        for done in (0..=1_000).chain([1_200]) {
            meter.report(done);
        }
        assert_eq!(events.first(), Some(&Event::Bytes { done: 0, total: Some(1_000) }));
        assert_eq!(events.last(), Some(&Event::Bytes { done: 1_000, total: Some(1_000) }), "capped at the total");
        assert!(events.len() < 100, "{} events for 1001 counts", events.len());
    }
}
