//! Measures the speed of this machine in two seconds, on the model itself. Knows no text and no preset.

use std::time::{Duration, Instant};

use super::error::TrainingError;
use crate::engine::fused::{Arena, Scope};
use crate::engine::threads::Workers;
use crate::engine::{Adapter, Model, Sequence};
use crate::platform::cancel::Cancel;

/// Seconds per row of one worker, while all workers are running.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Speed {
    /// One block, forward and backward.
    pub forward: f64,
    pub backward: f64,
    /// The head and the loss of a scored token, with the gradient.
    pub head: f64,
}

/// Time limit of a calibration; there is always at least one round.
const BUDGET: Duration = Duration::from_secs(2);
/// Rows of a round: enough for products at full speed, and few enough for a slow machine.
const ROWS: usize = 128;
/// Scored rows of a round; each costs as much as several blocks.
const SCORED: usize = 32;

impl Speed {
    /// Measures all `workers` at the same time, each on its own data.
    ///
    /// # Errors
    /// When computation fails or is cancelled.
    pub fn measure(
        model: &Model,
        adapter: &Adapter,
        workers: &Workers,
        cancel: &Cancel,
    ) -> Result<Self, TrainingError> {
        let shares = vec![(); workers.count()];
        let measured = workers.run(shares, |()| measure_worker(model, adapter, cancel));
        let mut mean = Self { forward: 0.0, backward: 0.0, head: 0.0 };
        for speed in measured {
            let (speed, share) = (speed?, 1.0 / workers.count() as f64);
            mean.forward += speed.forward * share;
            mean.backward += speed.backward * share;
            mean.head += speed.head * share;
        }
        Ok(mean)
    }
}

/// One worker's measurement: the head alone, the head with the last block, and the first block forward, in turn.
fn measure_worker(model: &Model, adapter: &Adapter, cancel: &Cancel) -> Result<Speed, TrainingError> {
    let pass = model.pass(Some(adapter))?.with_cancel(cancel);
    let layers = model.config.layers;
    let rows = ROWS.min(model.config.context);
    let ids = (0..rows as u32).map(|i| i * 7 % model.config.vocabulary as u32).collect();
    let batch = [Sequence { ids, reply_start: rows.saturating_sub(SCORED).max(1) }];
    let labels = batch[0].labels();
    let mut arena = Arena::default();
    let input = pass.input_of(&mut arena, &batch, 1)?;
    let prefix: [&[f32]; 1] = [&input];
    let mut sums = pass.zero_gradients(layers - 1);
    let mut timed = |first_layer: usize| -> Result<f64, TrainingError> {
        let started = Instant::now();
        let scope = Scope { first_layer, head_rows: SCORED, ..Scope::default() };
        pass.accumulate(&mut arena, &batch, 1e-6, scope, Some(&prefix), &mut sums)?;
        Ok(started.elapsed().as_secs_f64())
    };
    // One round to allocate buffers and touch pages.
    timed(layers - 1)?;
    let started = Instant::now();
    let (mut heads, mut both, mut forwards) = (Vec::new(), Vec::new(), Vec::new());
    let mut forward_arena = Arena::default();
    while heads.is_empty() || started.elapsed() < BUDGET {
        heads.push(timed(layers)?);
        both.push(timed(layers - 1)?);
        let forward_started = Instant::now();
        let out = pass.input_of(&mut forward_arena, &batch, 1)?;
        forwards.push(forward_started.elapsed().as_secs_f64());
        forward_arena.give(out);
    }
    let (head, both, forward) = (median(heads), median(both), median(forwards));
    Ok(Speed {
        forward: forward / rows as f64,
        backward: (both - head - forward).max(0.0) / rows as f64,
        head: head / labels as f64,
    })
}

/// Other programs make single measurements too long, never too short.
fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
