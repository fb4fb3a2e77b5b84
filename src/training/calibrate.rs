//! How fast this machine is, measured in two seconds on the model itself. Knows no text and no preset.

use std::time::{Duration, Instant};

use super::error::TrainingError;
use crate::engine::fused::{Arena, Scope};
use crate::engine::threads::Workers;
use crate::engine::{Adapter, Model, Sequence};
use crate::platform::cancel::Cancel;

/// Seconds of one worker for one row, while all workers are at work.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Speed {
    /// Through one block, forward; and its backward pass.
    pub forward: f64,
    pub backward: f64,
    /// The head and the loss for a scored token, with the gradient.
    pub head: f64,
}

/// About how long a calibration may take. A machine on which one round takes longer does one round.
const BUDGET: Duration = Duration::from_secs(2);
/// Rows of a round: enough for products at their full speed, and few enough for a slow board.
const ROWS: usize = 128;
/// Scored rows of a round, which cost as much as several blocks each.
const SCORED: usize = 32;

impl Speed {
    /// Measures with `workers`, each doing the same on its own.
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
        let measured = workers.run(shares, |()| one(model, adapter, cancel));
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

/// One worker's measurement: the head alone, the head with the last block, and the first block forward, in turns.
fn one(model: &Model, adapter: &Adapter, cancel: &Cancel) -> Result<Speed, TrainingError> {
    let pass = model.pass(Some(adapter))?.heeding(cancel);
    let layers = model.config.layers;
    let rows = ROWS.min(model.config.context);
    let ids = (0..rows as u32).map(|i| i * 7 % model.config.vocabulary as u32).collect();
    let batch = [Sequence { ids, reply_start: rows.saturating_sub(SCORED).max(1) }];
    let labels = batch[0].labels();
    let mut arena = Arena::default();
    let input = pass.before(&mut arena, &batch, 1)?;
    let prefix: [&[f32]; 1] = [&input];
    let mut sums = pass.no_gradients(layers - 1);
    let mut timed = |first_layer: usize| -> Result<f64, TrainingError> {
        let started = Instant::now();
        let scope = Scope { first_layer, head_rows: SCORED, ..Scope::default() };
        pass.accumulate(&mut arena, &batch, 1e-6, scope, Some(&prefix), &mut sums)?;
        Ok(started.elapsed().as_secs_f64())
    };
    // Once without looking at the clock: buffers are made, pages are touched.
    timed(layers - 1)?;
    let started = Instant::now();
    let (mut heads, mut both, mut forwards) = (Vec::new(), Vec::new(), Vec::new());
    let mut forward_arena = Arena::default();
    while heads.is_empty() || started.elapsed() < BUDGET {
        heads.push(timed(layers)?);
        both.push(timed(layers - 1)?);
        let began = Instant::now();
        let out = pass.before(&mut forward_arena, &batch, 1)?;
        forwards.push(began.elapsed().as_secs_f64());
        forward_arena.give(out);
    }
    let (head, both, forward) = (median(heads), median(both), median(forwards));
    Ok(Speed {
        forward: forward / rows as f64,
        backward: (both - head - forward).max(0.0) / rows as f64,
        head: head / labels as f64,
    })
}

/// Neighbours on the machine make single measurements too long, never too short.
fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
