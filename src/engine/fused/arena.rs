//! Buffers that are used again instead of being given back to the system, which would clear their pages anew for every
//! step. Knows nothing of what they hold.

/// One worker's free buffers, smallest capacity first.
#[derive(Default)]
pub struct Arena(Vec<Vec<f32>>);

/// A buffer serves requests down to this fraction of its capacity.
const LARGEST_WASTE: usize = 2;

impl Arena {
    /// A buffer of `length` values; what they are is left from its last use.
    pub fn take(&mut self, length: usize) -> Vec<f32> {
        let at = self.0.partition_point(|buffer| buffer.capacity() < length);
        if self.0.get(at).is_some_and(|buffer| buffer.capacity() <= length.saturating_mul(LARGEST_WASTE)) {
            let mut buffer = self.0.remove(at);
            buffer.resize(length, 0.0);
            return buffer;
        }
        // Nothing fits: free buffers make room, so that sequences of many lengths do not add up.
        let mut room = 0;
        while room < length
            && let Some(buffer) = self.0.pop()
        {
            room += buffer.capacity();
        }
        vec![0.0; length]
    }

    pub fn take_zeroed(&mut self, length: usize) -> Vec<f32> {
        let mut buffer = self.take(length);
        buffer.fill(0.0);
        buffer
    }

    pub fn give(&mut self, buffer: Vec<f32>) {
        let at = self.0.partition_point(|other| other.capacity() < buffer.capacity());
        self.0.insert(at, buffer);
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
            let held: usize = arena.0.iter().map(Vec::capacity).sum();
            assert!(held <= 2 * 400 * 7, "{held} values held for one buffer at a time");
        }
    }
}
