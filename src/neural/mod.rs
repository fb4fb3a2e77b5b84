//! What the base model itself sees in texts: a reader for the style space. Knows the engine and the space's trait, neither selection
//! nor whose texts they are.
//!
//! | file | job |
//! |---|---|
//! | `hidden` | the mean of a text's hidden states |

mod hidden;

pub use hidden::HiddenState;

use crate::engine::Model;

/// Blocks that a text goes through before its states are taken: of SmolLM2-135M a third of a whole pass.
pub const BLOCKS: usize = 10;

/// The reader that the shipped statistics are for.
#[must_use]
pub fn reader<'a>(model: &'a Model, base: &'a str, threads: usize) -> HiddenState<'a> {
    HiddenState { model, base, blocks: BLOCKS, threads }
}
