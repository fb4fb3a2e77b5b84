//! The base model as a text encoder for the style space. Knows the engine and the space's trait; neither selection nor whose texts these
//! are.
//!
//! | file | job |
//! |---|---|
//! | `hidden` | the mean of a text's hidden states |

mod hidden;

pub use hidden::HiddenStateEncoder;

use crate::engine::Model;

/// Blocks that a text goes through before its hidden states are taken: of SmolLM2-135M a third of a whole pass.
pub const BLOCKS: usize = 10;

/// The encoder that the shipped statistics are for.
#[must_use]
pub fn encoder<'a>(model: &'a Model, base: &'a str, threads: usize) -> HiddenStateEncoder<'a> {
    HiddenStateEncoder { model, base, blocks: BLOCKS, threads }
}
