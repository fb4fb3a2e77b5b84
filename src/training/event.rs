//! What a run reports. Does not know who shows it.

use serde::{Deserialize, Serialize};

use super::preset::Preset;

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// How it will train, why, and what that is expected to take.
    Planned {
        preset: Preset,
        method: String,
        why: String,
        steps: usize,
        memory_mb: u64,
        seconds: f64,
        first_step_s: f64,
        later_step_s: f64,
    },
    Started {
        from: String,
        steps: usize,
        /// Steps completed before a resume.
        done: usize,
        train_texts: usize,
        held_out_texts: usize,
        train_tokens: usize,
        /// Number of replies truncated to the maximum sequence length.
        cut: usize,
        /// Number of texts moved from held-out to training because they duplicate others there.
        moved: usize,
        /// Parameters of the adapter, and how many of them learn.
        parameters: usize,
        learned: usize,
    },
    Step {
        step: usize,
        steps: usize,
        /// Training loss: mean cross-entropy of the step's scored tokens, nats per token.
        loss: f64,
        learning_rate: f64,
        /// All tokens of the step, including prompts, and its duration in seconds.
        tokens: usize,
        seconds: f64,
        tokens_per_s: f64,
        rss_mb: u64,
        /// Estimated remaining seconds, including validations; absent until enough steps are measured.
        eta_s: Option<f64>,
        /// Of the thermal zone closest to throttling; absent if the system does not report it.
        temperature_c: Option<f64>,
    },
    Validation {
        step: usize,
        /// Nats per token.
        held_out_loss: f64,
        best: bool,
    },
    Checkpoint {
        step: usize,
    },
    /// The loss was not finite, or diverged: the run continues from its best adapter with a lower learning rate.
    RolledBack {
        step: usize,
        to: usize,
        learning_rate: f64,
    },
    /// The model's response to the sample prompt.
    Sample {
        /// None for the base model.
        step: Option<usize>,
        prompt: String,
        text: String,
    },
    Note {
        text: String,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, strum::IntoStaticStr)]
#[serde(rename_all = "snake_case")]
pub enum Ending {
    Completed,
    TimeUp,
    /// Early stopping: the held-out loss stopped falling.
    NoLongerImproving,
    /// The user stopped it; it can be resumed.
    Stopped,
}
