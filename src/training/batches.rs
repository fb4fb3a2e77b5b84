//! The sequences of each step: every epoch is a new shuffle of all of them. Knows no model.

use rand::SeedableRng;
use rand::rngs::StdRng;
use rand::seq::SliceRandom;
use serde::{Deserialize, Serialize};

use crate::engine::Sequence;

/// A run's position in its data.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    #[serde(rename = "pass")]
    pub epoch: u64,
    pub position: usize,
}

/// Indices of the sequences of the next step: at least one, and as many as needed to reach `tokens`. Advances the
/// cursor. The order depends only on seed and epoch, so a resumed run sees the same batches.
///
/// # Panics
/// When `data` is empty.
pub fn next_batch(data: &[Sequence], tokens: usize, seed: u64, cursor: &mut Cursor) -> Vec<usize> {
    assert!(!data.is_empty(), "a run has at least one sequence");
    let mut order = shuffled(data.len(), seed, cursor.epoch);
    let mut batch = Vec::new();
    let mut taken = 0;
    while taken < tokens {
        if cursor.position >= data.len() {
            *cursor = Cursor { epoch: cursor.epoch + 1, position: 0 };
            order = shuffled(data.len(), seed, cursor.epoch);
            // A small set is used once rather than twice in one step.
            if batch.len() >= data.len() {
                break;
            }
        }
        let index = order[cursor.position];
        cursor.position += 1;
        taken += data[index].ids.len();
        batch.push(index);
    }
    batch
}

/// Distributes the sequences `batch` of `data` to `workers` so that each has about the same number of tokens. Omits
/// empty shares.
pub fn distribute(data: &[Sequence], batch: &[usize], workers: usize) -> Vec<Vec<usize>> {
    let tokens = |index: &usize| data[*index].ids.len();
    let mut sorted = batch.to_vec();
    sorted.sort_by_key(|index| std::cmp::Reverse(tokens(index)));
    let mut shares: Vec<Vec<usize>> = vec![Vec::new(); workers.max(1)];
    for index in sorted {
        let lightest =
            shares.iter_mut().min_by_key(|share| share.iter().map(tokens).sum::<usize>()).expect("at least one share");
        lightest.push(index);
    }
    shares.retain(|share| !share.is_empty());
    shares
}

/// Splits a share into micro-batches of at most `rows` tokens (or one sequence), so that memory stays bounded.
pub fn micro_batches<'a>(data: &[Sequence], share: &'a [usize], rows: usize) -> Vec<&'a [usize]> {
    let mut parts = Vec::new();
    let (mut start, mut held) = (0, 0);
    for (i, index) in share.iter().enumerate() {
        let tokens = data[*index].ids.len();
        if i > start && held + tokens > rows {
            parts.push(&share[start..i]);
            (start, held) = (i, 0);
        }
        held += tokens;
    }
    if start < share.len() {
        parts.push(&share[start..]);
    }
    parts
}

fn shuffled(count: usize, seed: u64, epoch: u64) -> Vec<usize> {
    let mut order: Vec<usize> = (0..count).collect();
    let mut random = StdRng::seed_from_u64(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15).wrapping_add(epoch));
    order.shuffle(&mut random);
    order
}
