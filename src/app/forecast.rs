//! What training would take on this machine, and the loss that each start point would begin with, before anything is trained: the
//! held-out loss of every start point as it is, two seconds of measuring to choose the training method, and the power draw that the
//! machine reports meanwhile.

use std::time::Instant;

use serde::Serialize;

use super::context::Context;
use super::error::AppError;
use super::train::{Options, StartPoint, Update, adjust, allowed, examples, start};
use super::{base, log, runs, select};
use crate::engine::threads::Workers;
use crate::engine::{Adapter, Precision};
use crate::platform::cancel::Cancel;
use crate::platform::power::{PowerMeter, SYSFS};
use crate::selection::blend_notation;
use crate::training::examples::Encoded;
use crate::training::prepare::estimate;
use crate::training::{Plan, Prediction, Split, mean_loss};

/// How many models of the ranking are looked at beside what selection proposes.
const MODELS: usize = 2;

/// What a training would take.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Forecast {
    pub train_texts: usize,
    pub held_out_texts: usize,
    /// Watts while the machine was measured; absent where it does not tell.
    pub watts: Option<f64>,
    /// From scratch first, then what selection proposes, then the first of the ranking.
    pub starts: Vec<Begin>,
}

/// A start as it is, and a whole training from it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Begin {
    /// As `xpert train --from` reads it.
    pub from: String,
    /// Whether selection proposes it.
    pub proposed: bool,
    /// Nats per token over the held-out texts, before any step.
    pub held_out_loss: f64,
    /// Steps that it would take without early stopping.
    pub steps: usize,
    pub method: String,
    pub prediction: Prediction,
    /// Steps after which an earlier run from scratch on the same texts was as good as that; absent where there was none, or where it
    /// never was.
    pub scratch_needed: Option<usize>,
}

impl Forecast {
    /// Watt-hours of a whole training, where the machine tells what it draws.
    pub fn watt_hours(&self, begin: &Begin) -> Option<f64> {
        self.watts.map(|watts| watts * begin.prediction.seconds / 3600.0)
    }
}

/// Estimates a training from each start point. Nothing is trained and nothing is kept.
///
/// # Errors
/// As [`train`](super::train::train), as far as that comes before the first step.
pub fn forecast(
    context: &Context,
    options: &Options,
    cancel: &Cancel,
    report: &mut dyn FnMut(&str),
) -> Result<Forecast, AppError> {
    let started = Instant::now();
    let options = &options.within(context.budget);
    let texts = context.texts()?;
    options.from.check()?;
    let split = Split::of(examples(&texts))?;
    let wanted = wanted(context, &options.from)?;
    report("loading the base model");
    let (model, base_id) = base::load(context, Precision::Stored)?;
    let mut plan = Plan::default();
    let data = Encoded::new(&model, &split, plan.max_sequence_length)?;
    adjust(&mut plan, options, data.train_tokens());
    let mut starts: Vec<(Adapter, String, bool)> = Vec::new();
    for (from, proposed) in wanted {
        let options = Options { from, ..options.clone() };
        cancel.check()?;
        let begun = start(context, &options, &plan, &model, &base_id, &mut |update| {
            if let Update::Phase(phase) = update {
                report(phase);
            }
        });
        let (adapter, name) = match begun {
            // A training would not start from it, either.
            Err(error @ (AppError::OtherBase { .. } | AppError::OtherShape { .. })) => {
                report(&error.to_string());
                continue;
            }
            begun => begun?,
        };
        if !starts.iter().any(|(_, there, _)| *there == name) {
            starts.push((adapter, name, proposed));
        }
    }

    report("measuring this machine");
    let meter = PowerMeter::start(SYSFS.as_ref());
    let adapters: Vec<&Adapter> = starts.iter().map(|(adapter, ..)| adapter).collect();
    let named = options.steps.is_some();
    let choices = estimate(&model, &adapters, &data, &allowed(context, options), &plan, named, cancel)?;
    let watts = meter.watts();
    let workers = Workers::new(context.threads).map_err(AppError::file("threads".as_ref()))?;
    let scratch = runs::from_scratch(context, &base_id, &data.fingerprint);
    let mut begins = Vec::with_capacity(starts.len());
    for ((adapter, from, proposed), (choice, steps)) in starts.iter().zip(choices) {
        cancel.check()?;
        report(&format!("measuring the held-out loss of {from}"));
        let held_out_loss = mean_loss(&model, Some(adapter), &data.held_out, &workers)?;
        begins.push(Begin {
            from: from.clone(),
            proposed: *proposed,
            held_out_loss,
            steps,
            scratch_needed: scratch.as_ref().and_then(|run| run.curve.steps_until(held_out_loss)),
            method: choice.method.describe(&model.config),
            prediction: choice.prediction,
        });
    }
    log::event!(INFO, "forecast", starts = begins.len(), watts = watts, seconds = started.elapsed());
    Ok(Forecast { train_texts: data.train.len(), held_out_texts: data.held_out.len(), watts, starts: begins })
}

/// The starts to look at, and which of them selection proposes; one that the user named is among them.
fn wanted(context: &Context, named: &StartPoint) -> Result<Vec<(StartPoint, bool)>, AppError> {
    let selected = select::select(context)?;
    let parts = selected.choice.parts();
    let mut wanted = vec![(StartPoint::Scratch, parts.is_empty())];
    let proposed = blend_notation(&parts);
    match &parts[..] {
        [] => {}
        [only] if only.weight == 1.0 => wanted.push((StartPoint::Library(only.id.clone()), true)),
        _ => wanted.push((StartPoint::Blend(parts), true)),
    }
    if matches!(named, StartPoint::Library(_) | StartPoint::Blend(_)) {
        wanted.push((named.clone(), false));
    }
    let first = selected.candidates.iter().map(|candidate| candidate.id.clone());
    let others = first.filter(|id| *id != proposed).take(MODELS);
    wanted.extend(others.map(|id| (StartPoint::Library(id), false)));
    Ok(wanted)
}
