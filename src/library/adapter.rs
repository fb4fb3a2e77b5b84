//! Trains the adapter of a library model. Its folder holds a checkpoint during training, and the adapter with its facts afterwards.

use std::fs;
use std::path::{Path, PathBuf};

use candle_core::{DType, Device};
use serde::{Deserialize, Serialize};

use super::error::LibraryError;
use crate::engine::{Adapter, Model, adapter};
use crate::platform::cancel::{Cancel, Cancelled};
use crate::platform::digest::sha256;
use crate::platform::paths::write_atomically;
use crate::training::examples::Encoded;
use crate::training::{Checkpoint, Ending, Event, Example, Plan, SCRATCH, Split, Trainer, TrainingError};

/// Trains adapters of a base model and lets them answer prompts. What is finished is never made twice.
#[derive(Clone, Copy)]
pub struct AdapterBuilder<'a> {
    pub model: &'a Model,
    /// The base model, by catalog id.
    pub base: &'a str,
    pub threads: usize,
    pub cancel: &'a Cancel,
}

/// An answer to a prompt as something to learn from; the same prompt gives the same key.
pub fn example(prompt: &str, reply: &str) -> Example {
    Example { key: sha256(prompt.as_bytes()), prompt: Some(prompt.to_owned()), reply: reply.to_owned() }
}

/// What a card says of an adapter's training.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TrainingFacts {
    pub texts: usize,
    pub held_out_texts: usize,
    pub steps: usize,
    /// Nats per token, of the start and of what is kept.
    pub held_out_before: f64,
    pub held_out_after: f64,
}

const FACTS: &str = "facts.json";

/// Where in its folder a finished adapter is.
pub fn adapter_folder(folder: &Path) -> PathBuf {
    folder.join("adapter")
}

fn is_finished(folder: &Path) -> bool {
    adapter_folder(folder).join(adapter::CONFIG_FILE).is_file()
}

/// The facts of a finished adapter.
pub fn facts(folder: &Path) -> Result<TrainingFacts, LibraryError> {
    let path = adapter_folder(folder).join(FACTS);
    let json = fs::read(&path).map_err(LibraryError::file(&path))?;
    serde_json::from_slice(&json).map_err(|error| LibraryError::malformed(&path, error))
}

impl AdapterBuilder<'_> {
    /// Trains an adapter for `examples` from scratch unless `folder` has it, or continues from its checkpoint. `plan` may set the
    /// number of steps by the tokens of one pass.
    ///
    /// # Errors
    /// When there are too few texts, a file cannot be written, or computation fails; [`LibraryError::Cancelled`] leaves a checkpoint.
    pub fn train(
        &self,
        folder: &Path,
        examples: Vec<Example>,
        plan: impl FnOnce(usize) -> Plan,
        report: &mut dyn FnMut(&str),
    ) -> Result<TrainingFacts, LibraryError> {
        if is_finished(folder) {
            return facts(folder);
        }
        let Self { model, base, cancel, .. } = *self;
        let split = Split::of(examples)?;
        let data = Encoded::new(model, &split, Plan::default().max_sequence_length)?;
        let mut trainer = if Checkpoint::exists(folder) {
            Trainer::resume(model, base, &data, folder)?
        } else {
            let plan = plan(data.train_tokens());
            let adapter = Adapter::new(&model.config, &plan.shape, plan.seed, &Device::Cpu)?;
            Trainer::start(model, base, &data, plan, adapter, SCRATCH, folder)?
        };
        let outcome = trainer.run(cancel, &mut |event| match event {
            Event::Validation { step, held_out_loss, .. } => {
                report(&format!("step {step}, held-out loss {held_out_loss:.3}"));
            }
            Event::Step { step, steps, loss, tokens_per_s, .. } if step % 5 == 0 => {
                report(&format!("step {step} of {steps}, loss {loss:.3}, {tokens_per_s:.0} tokens/s"));
            }
            _ => {}
        });
        let outcome = match outcome {
            // Stopped before the first step, when there is nothing to keep.
            Err(TrainingError::Cancelled(stop)) => return Err(stop.into()),
            outcome => outcome?,
        };
        if outcome.ending == Ending::Stopped {
            return Err(Cancelled.into());
        }
        let facts = TrainingFacts {
            texts: data.train.len(),
            held_out_texts: data.held_out.len(),
            steps: outcome.state.best.step,
            held_out_before: outcome.state.held_out_before,
            held_out_after: outcome.state.best.held_out_loss,
        };
        let place = adapter_folder(folder);
        let json = serde_json::to_vec_pretty(&facts).map_err(|error| LibraryError::malformed(&place, error))?;
        fs::create_dir_all(&place).map_err(LibraryError::file(&place))?;
        write_atomically(&place.join(FACTS), &json).map_err(LibraryError::file(&place))?;
        // The configuration is written last: it marks the adapter as finished.
        outcome.adapter.save_peft(&place, base, DType::F16)?;
        Checkpoint::delete(folder)?;
        Ok(facts)
    }
}
