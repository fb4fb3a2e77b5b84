//! What the frozen blocks make of each text, computed once and kept while memory lasts. Knows no loss.
//!
//! A text's entry is always computed from that text alone, so it is the same number for number whether it was kept or is
//! computed again: a resumed run, whose cache is empty, goes on exactly as the one that was stopped.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::engine::fused::{Arena, Pass};
use crate::engine::{EngineError, Sequence};

/// Outputs of the frozen blocks for the texts of one side of the split.
pub struct PrefixCache {
    entries: Vec<OnceLock<Vec<f32>>>,
}

/// Values that all caches of a run may still take.
pub struct Room(AtomicUsize);

impl Room {
    #[must_use]
    pub fn new(values: usize) -> Self {
        Self(AtomicUsize::new(values))
    }

    fn take(&self, values: usize) -> bool {
        self.0.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(values)).is_ok()
    }
}

/// One text's entry: kept, or computed for this once.
pub enum Entry<'a> {
    Kept(&'a [f32]),
    Passing(Vec<f32>),
}

impl Entry<'_> {
    #[must_use]
    pub fn values(&self) -> &[f32] {
        match self {
            Self::Kept(values) => values,
            Self::Passing(values) => values,
        }
    }
}

impl PrefixCache {
    #[must_use]
    pub fn new(texts: usize) -> Self {
        Self { entries: (0..texts).map(|_| OnceLock::new()).collect() }
    }

    /// The input of block `first_layer` for text `index`, which is `sequence`: (tokens, hidden).
    ///
    /// # Errors
    /// When computation fails or is cancelled.
    pub fn get(
        &self,
        pass: &Pass<'_>,
        arena: &mut Arena,
        (index, sequence): (usize, &Sequence),
        first_layer: usize,
        room: &Room,
    ) -> Result<Entry<'_>, EngineError> {
        let place = &self.entries[index];
        if let Some(values) = place.get() {
            return Ok(Entry::Kept(values));
        }
        let values = pass.before(arena, std::slice::from_ref(sequence), first_layer)?;
        if !room.take(values.len()) {
            return Ok(Entry::Passing(values));
        }
        // A buffer of the arena has room for the longest text.
        let exact = values.as_slice().to_vec();
        arena.give(values);
        Ok(Entry::Kept(place.get_or_init(|| exact)))
    }
}
