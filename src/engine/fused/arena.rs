//! Buffers that are used again instead of being given back to the system, which would clear their pages anew for every
//! step. Knows nothing of what they hold.

/// One worker's buffers.
#[derive(Default)]
pub struct Arena {
    /// Those that are free, smallest capacity first.
    free: Vec<Vec<f32>>,
    /// Values in all buffers that were made here and still exist, lent ones included, and the most there ever were.
    held: usize,
    most: usize,
}

/// A buffer serves requests down to this fraction of its capacity.
const LARGEST_WASTE: usize = 2;

impl Arena {
    /// A buffer of `length` values; what they are is left from its last use.
    pub fn take(&mut self, length: usize) -> Vec<f32> {
        let at = self.free.partition_point(|buffer| buffer.capacity() < length);
        if self.free.get(at).is_some_and(|buffer| buffer.capacity() <= length.saturating_mul(LARGEST_WASTE)) {
            let mut buffer = self.free.remove(at);
            buffer.resize(length, 0.0);
            return buffer;
        }
        // Nothing fits: free buffers make room, so that sequences of many lengths do not add up.
        let mut room = 0;
        while room < length
            && let Some(buffer) = self.free.pop()
        {
            room += buffer.capacity();
        }
        let buffer = vec![0.0; length];
        self.held = (self.held + buffer.capacity()).saturating_sub(room);
        self.most = self.most.max(self.held);
        buffer
    }

    /// The most values that its buffers ever had at once.
    #[must_use]
    pub fn most(&self) -> usize {
        self.most
    }

    pub fn take_zeroed(&mut self, length: usize) -> Vec<f32> {
        let mut buffer = self.take(length);
        buffer.fill(0.0);
        buffer
    }

    pub fn give(&mut self, buffer: Vec<f32>) {
        let at = self.free.partition_point(|other| other.capacity() < buffer.capacity());
        self.free.insert(at, buffer);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buffers_return_and_never_add_up() {
        let mut arena = Arena::default();
        for length in (1..400).chain((1..400).rev()) {
            let buffer = arena.take(length * 7);
            assert_eq!(buffer.len(), length * 7);
            assert!(arena.take_zeroed(3).iter().all(|value| *value == 0.0));
            arena.give(buffer);
            let held: usize = arena.free.iter().map(Vec::capacity).sum();
            assert!(held <= 2 * 400 * 7, "{held} values held for one buffer at a time");
            assert_eq!(arena.held, held);
        }
    }
}
