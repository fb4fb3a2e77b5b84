//! From what the user allows to a plan ready to start: measures the machine, chooses a way to train, and sets what it may
//! keep in memory. Knows no texts, only their counts.

use super::budget::{Allowed, Choice, Job};
use super::calibrate::Speed;
use super::error::TrainingError;
use super::event::Event;
use super::examples::Encoded;
use super::plan::Plan;
use crate::engine::threads::Workers;
use crate::engine::{Adapter, Model, Sequence};
use crate::platform::cancel::Cancel;
use crate::platform::system::MemoryProbe;

/// Chooses the way to train `adapter` on `data` and puts it into `plan`. Where minutes are short and `steps_named` is not
/// set, the plan gets the steps that fit them, so that the learning rate comes down before the time is up. Returns what there
/// is to tell of it.
///
/// # Errors
/// When nothing fits the memory allowed, the system refuses threads, or the work is cancelled.
pub fn prepare(
    model: &Model,
    adapter: &Adapter,
    data: &Encoded,
    allowed: &Allowed,
    plan: &mut Plan,
    steps_named: bool,
    cancel: &Cancel,
) -> Result<Event, TrainingError> {
    let job = job(adapter, data, plan, MemoryProbe::new().resident_mb());
    let workers = Workers::new(allowed.threads).map_err(TrainingError::Threads)?;
    let speed = Speed::measure(model, adapter, &workers, cancel)?;
    let (choice, steps) = within_minutes(model, &job, allowed, steps_named, &speed)?;
    plan.steps = steps;
    let Choice { method, prediction, why } = choice;
    let planned = Event::Planned {
        preset: method.preset,
        method: method.describe(&model.config),
        why,
        steps: plan.steps,
        memory_mb: prediction.memory_mb,
        seconds: prediction.seconds,
        first_step_s: prediction.first_step,
        later_step_s: prediction.later_step,
    };
    plan.method = method;
    plan.prediction = Some(prediction);
    Ok(planned)
}

/// The way to train, and the steps: where minutes are short and no steps were named, as many as fit them.
fn within_minutes(
    model: &Model,
    job: &Job,
    allowed: &Allowed,
    steps_named: bool,
    speed: &Speed,
) -> Result<(Choice, usize), TrainingError> {
    let mut choice = job.choose(&model.config, allowed, speed).map_err(TrainingError::TooLittleMemory)?;
    let share = allowed.minutes.filter(|_| !steps_named).map(|minutes| minutes * 60.0 / choice.prediction.seconds);
    let Some(share) = share.filter(|share| *share < 1.0) else { return Ok((choice, job.steps)) };
    let steps = ((job.steps as f64 * share) as usize).max(1);
    choice.prediction = Job { steps, ..job.clone() }.predict(&model.config, &choice.method, speed);
    Ok((choice, steps))
}

/// The way to train that each of these starts would get with its steps, and what it would take; the machine is measured once.
///
/// # Errors
/// As [`prepare`].
pub fn foresee(
    model: &Model,
    starts: &[&Adapter],
    data: &Encoded,
    allowed: &Allowed,
    plan: &Plan,
    steps_named: bool,
    cancel: &Cancel,
) -> Result<Vec<(Choice, usize)>, TrainingError> {
    let Some(first) = starts.first() else { return Ok(Vec::new()) };
    let workers = Workers::new(allowed.threads).map_err(TrainingError::Threads)?;
    let speed = Speed::measure(model, first, &workers, cancel)?;
    let held = MemoryProbe::new().resident_mb();
    let choose =
        |adapter: &&Adapter| within_minutes(model, &job(adapter, data, plan, held), allowed, steps_named, &speed);
    starts.iter().map(choose).collect()
}

fn job(adapter: &Adapter, data: &Encoded, plan: &Plan, base_mb: u64) -> Job {
    let labels = |side: &[Sequence]| side.iter().map(Sequence::labels).sum();
    Job {
        base_mb,
        parameters: adapter.parameters(),
        tokens: data.train_tokens(),
        labels: labels(&data.train),
        held_out_tokens: data.held_out.iter().map(|sequence| sequence.ids.len()).sum(),
        held_out_labels: labels(&data.held_out),
        longest: data.longest(),
        tokens_per_step: plan.tokens_per_step,
        steps: plan.steps,
        validate_every: plan.validate_every,
    }
}
