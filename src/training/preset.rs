//! The ways to train, from the fastest to the most frugal, and what each needs. Knows no text, only counts, and no clock.

use serde::{Deserialize, Serialize};

use crate::engine::config::Config;
use crate::engine::fused::{Keep, Scope, cost};

/// A way to train.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Preset {
    /// Every block learns, and everything that the backward pass needs is kept.
    Full,
    /// Every block learns; what the backward pass needs is computed a second time.
    Checkpointed,
    /// The last blocks learn. What the others make of a text never changes, so it is kept from the first time on.
    #[serde(rename = "last-layers", alias = "board")]
    LastLayers,
}

/// What [`Preset::LastLayers`] was called; scripts, checkpoints and records may still say so.
const FORMER_NAME: &str = "board";

impl Preset {
    pub const ALL: [Self; 3] = [Self::Full, Self::Checkpointed, Self::LastLayers];

    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Checkpointed => "checkpointed",
            Self::LastLayers => "last-layers",
        }
    }
}

impl std::fmt::Display for Preset {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.name())
    }
}

impl std::str::FromStr for Preset {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let known = || Self::ALL.map(Self::name).join(", ");
        if text == FORMER_NAME {
            return Ok(Self::LastLayers);
        }
        Self::ALL.into_iter().find(|preset| preset.name() == text).ok_or_else(|| format!("known are {}", known()))
    }
}

/// A preset with all its numbers. Saved with a run, since a resumed run must add up the same sums in the same order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Method {
    pub preset: Preset,
    pub scope: Scope,
    /// Tokens that a worker takes through the model at once, or one sequence if that is longer.
    pub rows: usize,
    /// Threads that each take a share of a step.
    pub workers: usize,
    /// Values (f32) of outputs of the frozen blocks that may be kept.
    pub cache: usize,
}

/// Rows in a pass: fewer make the products slow, more do not make them faster.
const ROWS: usize = 256;
/// Rows of logits at once where memory is scarce; the usual number is [`Scope`]'s default.
const FEWEST_HEAD_ROWS: usize = 32;

impl Method {
    #[must_use]
    pub fn full(workers: usize) -> Self {
        Self { preset: Preset::Full, scope: Scope::default(), rows: ROWS, workers, cache: 0 }
    }

    #[must_use]
    pub fn checkpointed(workers: usize) -> Self {
        let scope = Scope { keep: Keep::Inputs, ..Scope::default() };
        Self { preset: Preset::Checkpointed, scope, ..Self::full(workers) }
    }

    /// The last `blocks` of `config.layers` learn.
    #[must_use]
    pub fn last_layers(workers: usize, config: &Config, blocks: usize) -> Self {
        let first_layer = config.layers.saturating_sub(blocks);
        let scope = Scope { first_layer, ..Scope::default() };
        Self { preset: Preset::LastLayers, scope, ..Self::full(workers) }
    }

    fn frugal(mut self) -> Self {
        self.scope.head_rows = FEWEST_HEAD_ROWS;
        // The longest sequence is then what a worker holds.
        self.rows = 1;
        self
    }

    /// Everything that could be done with up to `threads` workers, best first: a preset before a slower or weaker one,
    /// and within it many workers before few, since each holds buffers of its own.
    #[must_use]
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
        all.push(Self::last_layers(1, config, (config.layers / 3).max(1)).frugal());
        all.push(Self::checkpointed(1).frugal());
        if let Some(wanted) = wanted {
            all.retain(|method| method.preset == wanted);
        }
        all
    }

    /// Values (f32) that all workers hold while sequences of up to `longest` tokens are learned from.
    #[must_use]
    pub fn values(&self, config: &Config, longest: usize) -> usize {
        self.workers * cost::values(config, self.scope, self.rows.max(longest), longest)
    }

    /// Number of blocks that learn.
    #[must_use]
    pub fn learning(&self, config: &Config) -> usize {
        config.layers - self.scope.first_layer
    }

    /// What it does, in a sentence's part.
    #[must_use]
    pub fn describe(&self, config: &Config) -> String {
        let workers = if self.workers == 1 { "1 worker".to_owned() } else { format!("{} workers", self.workers) };
        let layers = config.layers;
        match self.preset {
            Preset::Full => format!("full (all {layers} blocks learn, {workers})"),
            Preset::Checkpointed => {
                format!("checkpointed (all {layers} blocks learn, intermediate results computed twice, {workers})")
            }
            Preset::LastLayers => {
                format!(
                    "last-layers (the last {} of {layers} blocks learn, what the others compute is kept, {workers})",
                    self.learning(config)
                )
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_preset_is_read_as_it_is_written_and_by_its_former_name() {
        for preset in Preset::ALL {
            assert_eq!(preset.name().parse(), Ok(preset));
            assert_eq!(serde_json::from_str::<Preset>(&format!("\"{preset}\"")).unwrap(), preset);
        }
        assert_eq!("board".parse(), Ok(Preset::LastLayers));
        assert_eq!(serde_json::from_str::<Preset>("\"board\"").unwrap(), Preset::LastLayers);
        assert!("fast".parse::<Preset>().unwrap_err().contains("last-layers"));
    }
}
