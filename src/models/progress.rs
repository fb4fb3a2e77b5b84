//! How a fetch tells what it is doing, to a progress bar or to a screen. It draws nothing.

use std::time::{Duration, Instant};

/// Told, in this order for each source: that it is tried, how far it is, and, if it fails, why it was passed over.
/// All calls come from the thread that asked for the model.
pub trait Progress {
    /// A source, or a further step of one, begins.
    fn source(&mut self, description: &str);
    /// So many bytes of the step are done; `total` may be an estimate, `done` never exceeds it. At most 20 calls a second.
    fn bytes(&mut self, done: u64, total: Option<u64>);
    /// Something the user may want to know: why a source was passed over, or what is being waited for.
    fn note(&mut self, text: &str);
}

/// Tells nobody.
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

/// Passes byte counts on, but not so often that telling costs more than doing.
pub(super) struct Meter<'a> {
    progress: &'a mut dyn Progress,
    total: u64,
    told: Option<Instant>,
}

impl<'a> Meter<'a> {
    const EVERY: Duration = Duration::from_millis(50);

    pub(super) fn new(progress: &'a mut dyn Progress, total: u64) -> Self {
        Self { progress, total, told: None }
    }

    /// The last count of a step is always told.
    pub(super) fn tell(&mut self, done: u64) {
        let due = self.told.is_none_or(|told| told.elapsed() >= Self::EVERY);
        if due || done >= self.total {
            self.told = Some(Instant::now());
            self.progress.bytes(done.min(self.total), Some(self.total));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_meter_tells_the_first_and_the_last_count_and_few_between() {
        let mut events = Vec::new();
        let mut collect = |event: Event| events.push(event);
        let mut meter = Meter::new(&mut collect, 1_000);
        for done in 0..=1_000 {
            meter.tell(done);
        }
        meter.tell(1_200);
        assert_eq!(events.first(), Some(&Event::Bytes { done: 0, total: Some(1_000) }));
        assert_eq!(events.last(), Some(&Event::Bytes { done: 1_000, total: Some(1_000) }), "capped at the total");
        assert!(events.len() < 100, "{} events for 1001 counts", events.len());
    }
}
