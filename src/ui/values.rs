//! Stepping through values with keys.

/// The value after or before this one in a rising list; none behind its ends.
pub fn beside<T: Copy + PartialOrd>(values: &[T], now: T, up: bool) -> Option<T> {
    let found = if up { values.iter().find(|value| **value > now) } else { values.iter().rfind(|value| **value < now) };
    found.copied()
}

/// The place `by` places on from `at`, as far as the last.
pub fn moved(at: usize, last: usize, by: isize) -> usize {
    at.min(last).saturating_add_signed(by).min(last)
}

/// The place `by` places on from `at` among so many, from the last to the first.
pub fn turn(at: usize, length: usize, by: isize) -> usize {
    (at + length).saturating_add_signed(by) % length.max(1)
}
