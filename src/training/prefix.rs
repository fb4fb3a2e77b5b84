//! Cache of the frozen blocks' outputs for each text, as far as memory allows. Knows no loss.
//!
//! An entry is always computed from its text alone, so it has the same bits whether cached or recomputed: a resumed
//! run, whose cache is empty, continues exactly like the one that was stopped.

use std::borrow::Cow;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::engine::fused::{Arena, Pass};
use crate::engine::{EngineError, Sequence};

/// Outputs of the frozen blocks for the training or the held-out texts.
pub struct PrefixCache {
    entries: Vec<OnceLock<Vec<f32>>>,
}

/// Remaining capacity of all caches of a run, in values.
pub struct Capacity(AtomicUsize);

impl Capacity {
    pub fn new(values: usize) -> Self {
        Self(AtomicUsize::new(values))
    }

    fn take(&self, values: usize) -> bool {
        self.0.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |rest| rest.checked_sub(values)).is_ok()
    }
}

impl PrefixCache {
    pub fn new(texts: usize) -> Self {
        Self { entries: (0..texts).map(|_| OnceLock::new()).collect() }
    }

    /// The input of block `first_layer` for text `index`, which is `sequence`: (tokens, hidden). Owned, and computed for one use,
    /// once the cache is full.
    ///
    /// # Errors
    /// When computation fails or is cancelled.
    pub fn get(
        &self,
        pass: &Pass<'_>,
        arena: &mut Arena,
        index: usize,
        sequence: &Sequence,
        first_layer: usize,
        capacity: &Capacity,
    ) -> Result<Cow<'_, [f32]>, EngineError> {
        let place = &self.entries[index];
        if let Some(values) = place.get() {
            return Ok(Cow::Borrowed(values));
        }
        let values = pass.input_of(arena, std::slice::from_ref(sequence), first_layer)?;
        if !capacity.take(values.len()) {
            return Ok(Cow::Owned(values));
        }
        // A buffer of the arena has the capacity of the longest text.
        let exact = values.as_slice().to_vec();
        arena.give(values);
        Ok(Cow::Borrowed(place.get_or_init(|| exact)))
    }
}
