//! Buffers that are used again instead of being given back to the system, which would clear their pages anew for every
//! step. Knows nothing of what they hold.

/// One worker's buffers.
#[derive(Default)]
pub struct Arena {
    /// Those that are free, smallest capacity first.
    free: Vec<Vec<f32>>,
    /// Values in free buffers, in lent ones, and the most that were ever lent at once.
    free_values: usize,
    lent: usize,
    most_lent: usize,
}

/// A buffer serves requests down to this fraction of its capacity.
const LARGEST_WASTE: usize = 2;
/// Free buffers may exceed what was ever needed at once by this part of it: exact thrift would make and drop buffers all the
/// time where lengths vary.
const SLACK: usize = 16;

impl Arena {
    /// A buffer of `length` values; what they are is left from its last use.
    pub fn take(&mut self, length: usize) -> Vec<f32> {
        let at = self.free.partition_point(|buffer| buffer.capacity() < length);
        let fits = self.free.get(at).is_some_and(|buffer| buffer.capacity() <= length.saturating_mul(LARGEST_WASTE));
        let buffer = if fits {
            let mut buffer = self.free.remove(at);
            self.free_values -= buffer.capacity();
            buffer.resize(length, 0.0);
            buffer
        } else {
            self.make_room(length);
            vec![0.0; length]
        };
        self.lent += buffer.capacity();
        self.most_lent = self.most_lent.max(self.lent);
        buffer
    }

    /// Drops free buffers until, with another `length` values, there are no more than were ever needed at once: so sequences
    /// of many lengths do not add up.
    fn make_room(&mut self, length: usize) {
        let most = self.most_lent.max(self.lent + length);
        let limit = most + most / SLACK;
        while !self.free.is_empty() && self.free_values + self.lent + length > limit {
            let excess = self.free_values + self.lent + length - limit;
            // The smallest that is enough, or the largest.
            let at = self.free.partition_point(|buffer| buffer.capacity() < excess).min(self.free.len() - 1);
            self.free_values -= self.free.remove(at).capacity();
        }
    }

    /// Says that nothing is lent any more: buffers that did not return are gone.
    pub fn settle(&mut self) {
        self.lent = 0;
    }

    /// The most values that were lent at once.
    #[must_use]
    pub fn most(&self) -> usize {
        self.most_lent
    }

    pub fn take_zeroed(&mut self, length: usize) -> Vec<f32> {
        let mut buffer = self.take(length);
        buffer.fill(0.0);
        buffer
    }

    pub fn give(&mut self, buffer: Vec<f32>) {
        if buffer.capacity() == 0 {
            return;
        }
        self.lent = self.lent.saturating_sub(buffer.capacity());
        self.free_values += buffer.capacity();
        let at = self.free.partition_point(|other| other.capacity() < buffer.capacity());
        self.free.insert(at, buffer);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buffers_of_many_lengths_never_add_up() {
        let mut arena = Arena::default();
        for length in (1..400).chain((1..400).rev()) {
            let buffer = arena.take(length * 7);
            assert_eq!(buffer.len(), length * 7);
            let zeros = arena.take_zeroed(3);
            assert!(zeros.iter().all(|value| *value == 0.0));
            arena.give(buffer);
            arena.give(zeros);
            let free: usize = arena.free.iter().map(Vec::capacity).sum();
            assert_eq!((arena.free_values, arena.lent), (free, 0));
            assert!(free <= arena.most() + arena.most() / SLACK, "{free} values kept, {} ever needed", arena.most());
        }
    }

    #[test]
    fn the_same_requests_again_make_no_new_buffer() {
        let mut arena = Arena::default();
        // A large buffer, many middling ones, and small ones that fit neither: as in a step.
        let step = |arena: &mut Arena| {
            let kept: Vec<_> = (0..30).map(|_| arena.take(1000)).collect();
            let mut places = vec![arena.take(60_000)];
            places.extend((0..3).map(|_| arena.take(10)));
            let addresses: Vec<_> = kept.iter().chain(&places).map(|buffer| buffer.as_ptr()).collect();
            places.into_iter().chain(kept).for_each(|buffer| arena.give(buffer));
            addresses
        };
        let mut first = step(&mut arena);
        let mut second = step(&mut arena);
        first.sort_unstable();
        second.sort_unstable();
        assert_eq!(first, second);
    }
}
