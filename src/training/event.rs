//! What a run reports while it goes, and what it came to. Knows not how either is shown.

use serde::{Deserialize, Serialize};

use super::checkpoint::State;
use super::preset::Preset;
use crate::engine::Adapter;

/// Something that happened in a run.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// How it is going to train, why so, and what that is expected to take.
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
        /// Steps a resumed run had behind it.
        done: usize,
        train_texts: usize,
        held_out_texts: usize,
        train_tokens: usize,
        /// Texts cut at the longest sequence.
        cut: usize,
        /// Texts that are trained on because they are nearly the same as others that are.
        moved: usize,
        /// Values of the adapter, and how many of them are trained.
        parameters: usize,
        learned: usize,
    },
    Step {
        step: usize,
        steps: usize,
        /// Mean cross-entropy of the step's reply tokens, nats a token.
        loss: f64,
        learning_rate: f64,
        /// All tokens of the step, prompts too, and the seconds it took.
        tokens: usize,
        seconds: f64,
        tokens_per_s: f64,
        rss_mb: u64,
        /// Seconds left, validations counted in; absent while there is too little to judge by.
        eta_s: Option<f64>,
        /// Of the part of the machine that is closest to where the system slows it down; absent where it does not tell.
        temperature_c: Option<f64>,
    },
    Validation {
        step: usize,
        /// Nats a token over the held-out texts.
        held_out_loss: f64,
        best: bool,
    },
    Checkpoint {
        step: usize,
    },
    /// The loss stopped being a number, or ran away: the run went back to its best adapter and goes on more carefully.
    RolledBack {
        step: usize,
        to: usize,
        learning_rate: f64,
    },
    /// What the model writes by then, to the same prompt every time.
    Sample {
        /// Absent for the base model.
        step: Option<usize>,
        prompt: String,
        text: String,
    },
    Note {
        text: String,
    },
}

/// Why a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, strum::IntoStaticStr)]
#[serde(rename_all = "snake_case")]
pub enum Ending {
    Completed,
    /// The minutes allowed were used up.
    TimeUp,
    /// Held-out loss stopped falling.
    NoLongerImproving,
    /// The user asked; the checkpoint resumes.
    Stopped,
}

/// What a run came to.
#[derive(Clone, Debug)]
pub struct Outcome {
    pub ending: Ending,
    pub state: State,
    /// The adapter at the best validation, the start included.
    pub adapter: Adapter,
    pub peak_rss_mb: u64,
    pub parameters: usize,
}
