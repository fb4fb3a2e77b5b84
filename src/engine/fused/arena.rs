//! Buffers that are used again instead of being given back to the system, which would clear their pages anew for every
//! step. Buffers for rows have room for the most rows there are, whatever is at hand: so those of a long and of a short text
//! are the same ones, and all of them together are what [`super::cost`] says beforehand. Knows nothing of what they hold.

use std::collections::HashMap;

/// One worker's buffers.
#[derive(Default)]
pub struct Arena {
    /// Rows that buffers have room for.
    rows: usize,
    /// Those that are free, by capacity.
    free: HashMap<usize, Vec<Vec<f32>>>,
    /// Values of all buffers, free and lent.
    values: usize,
}

impl Arena {
    /// An arena for passes of up to `rows` rows. Longer ones do as well, but the first of them drops what was made.
    #[must_use]
    pub fn for_rows(rows: usize) -> Self {
        Self { rows, ..Self::default() }
    }

    /// Makes sure that `rows` rows have room, while nothing is lent.
    pub(super) fn fit(&mut self, rows: usize) {
        if rows > self.rows {
            *self = Self::for_rows(rows);
        }
    }

    /// A buffer of (rows, width); what its values are is left from its last use.
    pub fn take_rows(&mut self, rows: usize, width: usize) -> Vec<f32> {
        self.take(rows * width, self.rows.max(rows) * width)
    }

    /// A buffer of the shape of another one of the arena.
    pub fn take_like(&mut self, other: &Vec<f32>) -> Vec<f32> {
        self.take(other.len(), other.capacity())
    }

    /// A buffer of `length` values that has room for `room`.
    pub fn take(&mut self, length: usize, room: usize) -> Vec<f32> {
        let free = self.free.get_mut(&room).and_then(Vec::pop);
        let mut buffer = free.unwrap_or_else(|| {
            self.values += room;
            vec![0.0; room]
        });
        buffer.resize(length, 0.0);
        buffer
    }

    pub fn give(&mut self, buffer: Vec<f32>) {
        if buffer.capacity() > 0 {
            self.free.entry(buffer.capacity()).or_default().push(buffer);
        }
    }

    /// Values of all buffers that were made.
    #[must_use]
    pub fn values(&self) -> usize {
        self.values
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passes_of_many_lengths_share_their_buffers() {
        let mut arena = Arena::for_rows(400);
        for rows in (1..=400).chain((1..=400).rev()) {
            let buffer = arena.take_rows(rows, 7);
            let other = arena.take_like(&buffer);
            assert_eq!((buffer.len(), other.len()), (rows * 7, rows * 7));
            arena.give(buffer);
            arena.give(other);
        }
        assert_eq!(arena.values(), 2 * 400 * 7);
    }

    #[test]
    fn a_longer_pass_than_expected_has_room_and_leaves_nothing_behind() {
        let mut arena = Arena::for_rows(10);
        let buffer = arena.take_rows(10, 3);
        arena.give(buffer);
        arena.fit(20);
        let buffer = arena.take_rows(20, 3);
        assert_eq!((buffer.len(), arena.values()), (60, 60));
    }
}
