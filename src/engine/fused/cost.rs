//! What a pass needs, from the shapes alone: values held, and floating-point operations. Knows neither the clock nor
//! the machine.

use super::attention;
use super::panels;
use super::pass::{Keep, Scope};
use crate::engine::config::Config;
use crate::engine::projection::Projection;

/// Widths of one row's buffers in a block.
struct Widths {
    /// Two more of the residual's width are kept where branches are normalised.
    branches: usize,
    head_norm: bool,
    hidden: usize,
    queries: usize,
    keys: usize,
    feed_forward: usize,
}

impl Widths {
    fn of(config: &Config) -> Self {
        Self {
            branches: if config.family.branch_norm { 2 * config.hidden } else { 0 },
            head_norm: config.family.head_norm,
            hidden: config.hidden,
            queries: config.heads * config.head_dim,
            keys: config.kv_heads * config.head_dim,
            feed_forward: config.feed_forward,
        }
    }

    /// What the backward pass needs of a block: its input and its middle, queries and what attention makes of them, keys
    /// and values, and the two halves of the feed-forward part.
    fn saved(&self) -> usize {
        2 * (self.hidden + self.queries + self.keys + self.feed_forward) + self.branches
    }

    /// What the backward pass of a block uses on the way: the gradients of all those, and three of the residual's width;
    /// where heads are normalised, queries and keys before and after that. Buffers of one width do not serve for another.
    fn passing(&self) -> usize {
        let heads = self.queries + self.keys;
        2 * (heads + self.feed_forward) + 3 * self.hidden + self.branches + if self.head_norm { 2 * heads } else { 0 }
    }
}

/// The most values (f32) that the buffers of one worker hold at once while `rows` tokens in sequences of at most
/// `longest` go through a pass: an upper bound.
#[must_use]
pub fn values(config: &Config, scope: Scope, rows: usize, longest: usize) -> usize {
    let widths = Widths::of(config);
    let learning = config.layers - scope.first_layer;
    let kept = match scope.keep {
        Keep::All => learning * widths.saved(),
        Keep::Inputs => learning * widths.hidden + widths.saved(),
    };
    let residual = 2 * widths.hidden;
    let scores = 2 * attention::BLOCK.min(longest) * longest;
    let head = scope.head_rows * (config.vocabulary + 3 * widths.hidden);
    let rotation = rows * config.head_dim;
    rows * (kept + residual + widths.passing()) + rotation + scores + head + panels::values(config)
}

/// Weights of one block's linear maps.
fn block_weights(config: &Config) -> usize {
    Projection::ALL
        .into_iter()
        .map(|projection| {
            let (outputs, inputs) = projection.dims(config);
            outputs * inputs
        })
        .sum()
}

/// Floating-point operations of one training step over `tokens` rows in sequences of `length`, of which `labels` are
/// scored: two for each weight and row forward, two for the gradient by the input, the same for attention's two products
/// over the half of the pairs that the causal mask leaves, and again what is computed twice. The adapter's own products are
/// left out: at rank 8 they are about a fiftieth.
#[must_use]
pub fn step_operations(config: &Config, scope: Scope, tokens: usize, length: usize, labels: usize) -> f64 {
    let learning = (config.layers - scope.first_layer) as f64;
    let queries = (config.heads * config.head_dim) as f64;
    // Forward: scores and their use; backward: four products, and the scores anew.
    let attention = 2.0 * queries * length as f64;
    let block = 2.0 * block_weights(config) as f64;
    let once = block + attention;
    let back = block + 2.5 * attention;
    let again = if scope.keep == Keep::Inputs { once } else { 0.0 };
    let head = 4.0 * (config.hidden * config.vocabulary) as f64;
    tokens as f64 * learning * (once + back + again) + labels as f64 * head
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_step_costs_what_counting_by_hand_gives() {
        let operations = step_operations(&Config::smollm2(), Scope::default(), 1, 256, 1);
        // 0.606 GFLOP a token with the adapter's products and attention without its mask, counted independently.
        assert!((0.55e9..0.6e9).contains(&operations), "{operations}");
        let scope = Scope { first_layer: 20, ..Scope::default() };
        let board = step_operations(&Config::smollm2(), scope, 1, 256, 1);
        assert!((0.24e9..0.29e9).contains(&board), "{board}");
    }

    #[test]
    fn computing_again_needs_a_fraction_of_the_memory() {
        let all = values(&Config::smollm2(), Scope::default(), 256, 256);
        let inputs = values(&Config::smollm2(), Scope { keep: Keep::Inputs, ..Scope::default() }, 256, 256);
        let shared = values(&Config::smollm2(), Scope { first_layer: 30, ..Scope::default() }, 256, 256);
        assert!((inputs - shared) * 5 < all - shared, "{inputs} of {all}, {shared} in any case");
    }
}
