//! When the next frame is due: at once for what the user does, at most thirty times a second for what jobs report, never when nothing
//! has changed. Knows no screen and reads no clock.

use std::time::{Duration, Instant};

/// Between frames that show what jobs report, and between those that answer the user.
const REPORTED: Duration = Duration::from_micros(33_333);
const ANSWERED: Duration = Duration::from_millis(8);

/// What is still to be shown, and when.
#[derive(Debug)]
pub struct Frames {
    /// When the last frame was due. Counted from there, not from when it was drawn, or every wait that ends late would lower the rate.
    last: Instant,
    change: Change,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    Nothing,
    Reported,
    /// The user did something and waits for the answer.
    Asked,
}

impl Frames {
    /// The first frame is due at once.
    pub fn new(now: Instant) -> Self {
        Self { last: now.checked_sub(ANSWERED).unwrap_or(now), change: Change::Asked }
    }

    pub fn note(&mut self, change: Change) {
        self.change = self.change.max(change);
    }

    /// How long until the next frame; none where there is nothing to show.
    pub fn left(&self, now: Instant) -> Option<Duration> {
        (self.change != Change::Nothing).then(|| self.due().saturating_duration_since(now))
    }

    fn due(&self) -> Instant {
        self.last + if self.change == Change::Asked { ANSWERED } else { REPORTED }
    }

    /// A frame was drawn that was due by `now`. After a pause there is nothing to catch up on.
    pub fn drawn(&mut self, now: Instant) {
        self.last = self.due().max(now.checked_sub(REPORTED / 2).unwrap_or(now));
        self.change = Change::Nothing;
    }
}
