//! Memory and floating-point operations of a pass, from the shapes alone. Knows neither the clock nor the machine.

use super::attention;
use super::panels;
use super::pass::{Keep, Scope};
use crate::engine::config::Config;
use crate::engine::projection::Projection;

/// Upper bound of the values (f32) in the buffers of one worker for a pass over `rows` tokens in sequences of at most
/// `longest`. Buffers of one width are not reused for another.
pub fn values(config: &Config, scope: Scope, rows: usize, longest: usize) -> usize {
    let (hidden, feed_forward) = (config.hidden, config.feed_forward);
    // Queries and keys; values are as wide as keys, and attention's output is as wide as queries.
    let heads = (config.heads + config.kv_heads) * config.head_dim;
    // Outputs of attention and feed-forward, kept in families with branch norm.
    let branches = if config.family.branch_norm { 2 * hidden } else { 0 };
    // What the backward pass needs of a block: its input and the residual stream after attention, queries and attention's
    // output, keys and values, and gate and up of feed-forward.
    let saved = 2 * (hidden + heads + feed_forward) + branches;
    // Temporary buffers of a block's backward pass: the gradients of all those, and three more of the residual's width;
    // with QK norm also queries and keys before and after it.
    let with_head_norm = if config.family.head_norm { 2 * heads } else { 0 };
    let temporary = 2 * (heads + feed_forward) + 3 * hidden + branches + with_head_norm;
    let learning = config.layers - scope.first_layer;
    let kept = match scope.keep {
        Keep::All => learning * saved,
        Keep::Inputs => learning * hidden + saved,
    };
    let residual = 2 * hidden;
    let scores = 2 * attention::BLOCK.min(longest) * longest;
    let head = scope.head_rows * (config.vocabulary + 3 * hidden);
    let rotation = rows * config.head_dim;
    rows * (kept + residual + temporary) + rotation + scores + head + panels::values(config)
}

fn block_weights(config: &Config) -> usize {
    Projection::ALL
        .into_iter()
        .map(|projection| {
            let (outputs, inputs) = projection.dims(config);
            outputs * inputs
        })
        .sum()
}

/// Floating-point operations of one training step over `tokens` rows in sequences of `length`, `labels` of them
/// scored: two per weight and row forward, two for the gradient with respect to the input, attention's products over
/// the half of the pairs that the causal mask leaves, and whatever is recomputed. Without the adapter's own products,
/// about 2 % at rank 8.
pub fn step_flops(config: &Config, scope: Scope, tokens: usize, length: usize, labels: usize) -> f64 {
    let learning = (config.layers - scope.first_layer) as f64;
    let queries = (config.heads * config.head_dim) as f64;
    // Forward: scores and weighted sum; backward: four products, and the scores again.
    let attention = 2.0 * queries * length as f64;
    let block = 2.0 * block_weights(config) as f64;
    let once = block + attention;
    let back = block + 2.5 * attention;
    let again = if scope.keep == Keep::Inputs { once } else { 0.0 };
    let head = 4.0 * (config.hidden * config.vocabulary) as f64;
    tokens as f64 * learning * (once + back + again) + labels as f64 * head
}
