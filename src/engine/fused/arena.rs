//! Reusable buffers, so that the system does not have to clear pages in every step. Buffers for rows always have the
//! capacity of the longest pass, so that short and long texts share them and their total is what [`super::cost`]
//! computes in advance. Does not know what they hold.

use std::collections::HashMap;

/// One worker's buffers.
#[derive(Default)]
pub struct Arena {
    /// Capacity of buffers, in rows.
    rows: usize,
    /// Free buffers, by capacity.
    free: HashMap<usize, Vec<Vec<f32>>>,
    /// Total capacity of all buffers, free or in use.
    values: usize,
}

impl Arena {
    /// An arena for passes of up to `rows` rows. Longer ones work too, but the first one drops all earlier buffers.
    pub fn for_rows(rows: usize) -> Self {
        Self { rows, ..Self::default() }
    }

    /// Ensures a capacity of `rows` rows. Call only while no buffer is in use.
    pub(super) fn fit(&mut self, rows: usize) {
        if rows > self.rows {
            *self = Self::for_rows(rows);
        }
    }

    /// A buffer of (rows, width), with arbitrary values.
    pub fn take_rows(&mut self, rows: usize, width: usize) -> Vec<f32> {
        self.take(rows * width, self.rows.max(rows) * width)
    }

    /// A buffer with the shape of another buffer of this arena.
    pub fn take_like(&mut self, other: &Vec<f32>) -> Vec<f32> {
        self.take(other.len(), other.capacity())
    }

    /// A buffer of `length` values with this capacity.
    pub fn take(&mut self, length: usize, capacity: usize) -> Vec<f32> {
        let free = self.free.get_mut(&capacity).and_then(Vec::pop);
        let mut buffer = free.unwrap_or_else(|| {
            self.values += capacity;
            vec![0.0; capacity]
        });
        buffer.resize(length, 0.0);
        buffer
    }

    pub fn give(&mut self, buffer: Vec<f32>) {
        if buffer.capacity() > 0 {
            self.free.entry(buffer.capacity()).or_default().push(buffer);
        }
    }

    /// Total capacity of all buffers, in values.
    pub fn values(&self) -> usize {
        self.values
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passes_of_all_lengths_share_buffers() {
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
    fn a_pass_longer_than_expected_replaces_the_buffers() {
        let mut arena = Arena::for_rows(10);
        let buffer = arena.take_rows(10, 3);
        arena.give(buffer);
        arena.fit(20);
        let buffer = arena.take_rows(20, 3);
        assert_eq!((buffer.len(), arena.values()), (60, 60));
    }
}
