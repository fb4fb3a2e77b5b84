//! The presets: ways to train, from the fastest to the one with the least memory. Knows no text, only counts, and no
//! clock.

use serde::{Deserialize, Serialize};
use strum::VariantNames;

use crate::engine::config::Config;
use crate::engine::fused::{Keep, Scope, cost};

#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    strum::Display,
    strum::EnumString,
    strum::IntoStaticStr,
    strum::VariantNames,
)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case", parse_err_ty = String, parse_err_fn = unknown)]
pub enum Preset {
    /// All blocks learn, and all activations are kept.
    Full,
    /// All blocks learn; activations are recomputed in the backward pass.
    Checkpointed,
    /// Only the last blocks learn. The output of the frozen ones for each text is cached. Formerly called `board`.
    #[serde(alias = "board")]
    #[strum(to_string = "last-layers", serialize = "board")]
    LastLayers,
}

impl Preset {
    pub const ALL: [Self; 3] = [Self::Full, Self::Checkpointed, Self::LastLayers];
}

fn unknown(_: &str) -> String {
    format!("presets are {}", Preset::VARIANTS.join(", "))
}

/// A preset with all its numbers. Saved with a run, since a resumed run must add the same terms in the same order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Method {
    pub preset: Preset,
    pub scope: Scope,
    /// Maximum number of tokens in a micro-batch, unless a single sequence is longer.
    pub rows: usize,
    /// Number of threads, each with a share of a step.
    pub workers: usize,
    /// Maximum number of values (f32) in the prefix cache.
    pub cache: usize,
}

/// Rows of a micro-batch: with fewer, products are slow; more do not make them faster.
const ROWS: usize = 256;
/// Rows of logits at a time if memory is scarce; the usual number is [`Scope`]'s default.
const MIN_HEAD_ROWS: usize = 32;

impl Method {
    pub fn full(workers: usize) -> Self {
        Self { preset: Preset::Full, scope: Scope::default(), rows: ROWS, workers, cache: 0 }
    }

    pub fn checkpointed(workers: usize) -> Self {
        let scope = Scope { keep: Keep::Inputs, ..Scope::default() };
        Self { preset: Preset::Checkpointed, scope, ..Self::full(workers) }
    }

    /// The last `blocks` of `config.layers` learn.
    pub fn last_layers(workers: usize, config: &Config, blocks: usize) -> Self {
        let first_layer = config.layers.saturating_sub(blocks);
        let scope = Scope { first_layer, ..Scope::default() };
        Self { preset: Preset::LastLayers, scope, ..Self::full(workers) }
    }

    /// The same with the smallest buffers: a micro-batch is one sequence.
    fn in_little_memory(mut self) -> Self {
        self.scope.head_rows = MIN_HEAD_ROWS;
        self.rows = 1;
        self
    }

    /// All methods with up to `threads` workers, best first: a preset before slower or weaker ones, and within it
    /// many workers before one, since each has buffers of its own.
    pub fn candidates(config: &Config, threads: usize, wanted: Option<Preset>) -> Vec<Self> {
        let threads = threads.max(1);
        let mut all = vec![Self::full(threads), Self::checkpointed(threads)];
        for blocks in [config.layers * 2 / 3, config.layers / 2, config.layers / 3, config.layers / 6] {
            if blocks > 0 {
                all.push(Self::last_layers(threads, config, blocks));
            }
        }
        if threads > 1 {
            all.push(Self::full(1));
            all.push(Self::checkpointed(1));
        }
        all.push(Self::last_layers(1, config, (config.layers / 3).max(1)).in_little_memory());
        all.push(Self::checkpointed(1).in_little_memory());
        if let Some(wanted) = wanted {
            all.retain(|method| method.preset == wanted);
        }
        all
    }

    /// Values (f32) in the buffers of all workers for sequences of up to `longest` tokens.
    pub fn values(&self, config: &Config, longest: usize) -> usize {
        self.workers * cost::values(config, self.scope, self.rows.max(longest), longest)
    }

    pub fn learning(&self, config: &Config) -> usize {
        config.layers - self.scope.first_layer
    }

    /// The preset with what it does, as part of a sentence.
    pub fn describe(&self, config: &Config) -> String {
        let (preset, layers, learning) = (self.preset, config.layers, self.learning(config));
        let workers = if self.workers == 1 { "1 worker".to_owned() } else { format!("{} workers", self.workers) };
        let how = match preset {
            Preset::Full => format!("all {layers} blocks are trained"),
            Preset::Checkpointed => format!("all {layers} blocks are trained, activations are recomputed"),
            Preset::LastLayers => {
                format!("trained blocks: the last {learning} of {layers}; outputs of the others are cached")
            }
        };
        format!("{preset} ({how}, {workers})")
    }
}
