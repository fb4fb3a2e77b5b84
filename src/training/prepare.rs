//! From limits to a plan ready to start: measures the machine and chooses a method with its cache. Knows only counts
//! of texts.

use super::budget::{Choice, Limits, Workload};
use super::calibrate::Speed;
use super::error::TrainingError;
use super::event::Event;
use super::examples::Encoded;
use super::plan::Plan;
use crate::engine::threads::Workers;
use crate::engine::{Adapter, Model, Sequence};
use crate::platform::cancel::Cancel;
use crate::platform::system::MemoryProbe;

/// Chooses the method to train `adapter` on `data` and stores it in `plan`. If the time limit is too short for all
/// steps and `steps_given` is false, the plan gets only the steps that fit, so that the learning rate decays before
/// the time is up. Returns [`Event::Planned`].
///
/// # Errors
/// When no method fits into the memory, the system refuses threads, or the work is cancelled.
pub fn prepare(
    model: &Model,
    adapter: &Adapter,
    data: &Encoded,
    limits: &Limits,
    plan: &mut Plan,
    steps_given: bool,
    cancel: &Cancel,
) -> Result<Event, TrainingError> {
    let (choice, steps) = estimate(model, &[adapter], data, limits, plan, steps_given, cancel)?.remove(0);
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

/// The method, and the number of steps: with a short time limit and no given number, as many as fit.
fn within_minutes(
    model: &Model,
    workload: &Workload,
    limits: &Limits,
    steps_given: bool,
    speed: &Speed,
) -> Result<(Choice, usize), TrainingError> {
    let mut choice = workload.choose(&model.config, limits, speed)?;
    let share = limits.minutes.filter(|_| !steps_given).map(|minutes| minutes * 60.0 / choice.prediction.seconds);
    let Some(share) = share.filter(|share| *share < 1.0) else { return Ok((choice, workload.steps)) };
    let steps = ((workload.steps as f64 * share) as usize).max(1);
    choice.prediction = Workload { steps, ..workload.clone() }.predict(&model.config, &choice.method, speed);
    Ok((choice, steps))
}

/// The method and number of steps for each of these start points, and what they will take. The machine is measured
/// once.
///
/// # Errors
/// As [`prepare`]. If several starts do not fit into the memory, the error has the largest requirement of all.
pub fn estimate(
    model: &Model,
    starts: &[&Adapter],
    data: &Encoded,
    limits: &Limits,
    plan: &Plan,
    steps_given: bool,
    cancel: &Cancel,
) -> Result<Vec<(Choice, usize)>, TrainingError> {
    let Some(first) = starts.first() else { return Ok(Vec::new()) };
    // With one start point in memory, as a training has it, and before the measurement.
    let held = MemoryProbe::new().resident_mb().saturating_sub(starts.iter().map(|start| adapter_mb(start)).sum());
    let workers = Workers::new(limits.threads).map_err(TrainingError::Threads)?;
    let speed = Speed::measure(model, first, &workers, cancel)?;
    let choose = |adapter: &Adapter| {
        let workload = workload(adapter, data, plan, held + adapter_mb(adapter));
        within_minutes(model, &workload, limits, steps_given, &speed)
    };
    let (mut choices, mut largest) = (Vec::with_capacity(starts.len()), None);
    for start in starts {
        match choose(start) {
            Err(TrainingError::TooLittleMemory { needs_mb, .. })
                if largest.as_ref().is_some_and(|(most, _)| *most >= needs_mb) => {}
            Err(error @ TrainingError::TooLittleMemory { needs_mb, .. }) => largest = Some((needs_mb, error)),
            choice => choices.push(choice?),
        }
    }
    match largest {
        Some((_, error)) => Err(error),
        None => Ok(choices),
    }
}

/// Memory of an adapter's values, MiB.
fn adapter_mb(adapter: &Adapter) -> u64 {
    (adapter.parameters() * size_of::<f32>() / (1024 * 1024)) as u64
}

fn workload(adapter: &Adapter, data: &Encoded, plan: &Plan, base_mb: u64) -> Workload {
    let labels = |side: &[Sequence]| side.iter().map(Sequence::labels).sum();
    Workload {
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
