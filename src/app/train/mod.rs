//! Training: from the user's texts and the best start point to their own adapter, which survives a stop, a crash and a power cut. A run
//! works in `mine/run`; only when it ends does its best adapter become `mine/adapter`, and the one before it another of the user's runs.
//!
//! | file | job |
//! |---|---|
//! | `options` | what the user may decide, what is reported, and the plan that the options result in |
//! | `start_point` | where training may start, as it is named |
//! | `start` | loads that |

mod options;
mod start;
mod start_point;

use std::time::{SystemTime, UNIX_EPOCH};

use candle_core::DType;

use super::context::Context;
use super::error::AppError;
use super::runs::{self, Curve, Record, lock, run_folder};
use super::{base, log};
use crate::engine::Precision;
use crate::platform::cancel::Cancel;
use crate::store::Text;
use crate::training::examples::Encoded;
use crate::training::prepare::prepare;
use crate::training::{Checkpoint, Ending, Event, Example, Outcome, Plan, Split, Trainer, TrainingError};

pub use options::{Effort, Options, SAMPLE_PROMPT, Update};
pub(in crate::app) use options::{adjust, allowed};
pub(in crate::app) use start::start;
pub use start_point::StartPoint;

/// The run that was stopped and can be resumed, if there is one: (start, step, steps).
pub fn unfinished(context: &Context) -> Option<(String, usize, usize)> {
    let state = Checkpoint::load_state(&run_folder(context)).ok()?;
    Some((state.started_from, state.step, state.plan.steps))
}

/// The losses so far of the run that was stopped; none where there is no such run, or its curve cannot be read.
pub fn unfinished_curve(context: &Context) -> Curve {
    Curve::read(&run_folder(context)).unwrap_or_default()
}

/// Runs a training, or continues one.
///
/// # Errors
/// When there are too few texts, no base model, another run is running, or the run itself fails.
pub fn train(
    context: &Context,
    options: &Options,
    cancel: &Cancel,
    report: &mut dyn FnMut(Update<'_>),
) -> Result<Record, AppError> {
    let options = &options.within(context.budget);
    options.from.check()?;
    let folder = run_folder(context);
    let _lock = lock(context)?;
    if let (Some((started_from, step, steps)), false, false) = (unfinished(context), options.resume, options.restart) {
        return Err(AppError::UnfinishedTraining { started_from, step, steps });
    }
    let texts = context.texts()?;
    if options.resume && !Checkpoint::exists(&folder) {
        return Err(TrainingError::NoCheckpoint(folder).into());
    }
    let split = Split::of(examples(&texts))?;

    report(Update::Phase("loading the base model"));
    let (model, base_id) = base::load(context, Precision::Stored)?;
    let mut plan = Plan::default();
    let data = Encoded::new(&model, &split, plan.max_sequence_length)?;
    if let Some(run) = runs::from_scratch(context, &base_id, &data.fingerprint) {
        report(Update::Reference(&run));
    }
    let (trainer, mut curve) = if options.resume {
        let mut curve = Curve::read(&folder).unwrap_or_default();
        if Checkpoint::load_state(&folder).is_ok_and(|state| state.fingerprint != data.fingerprint) {
            // What was measured on other texts does not belong to this curve.
            (curve.losses, curve.held_out) = Default::default();
        }
        (Trainer::resume(&model, &base_id, &data, &folder)?, curve)
    } else {
        adjust(&mut plan, options, data.train_tokens());
        report(Update::Phase("choosing the starting point"));
        let (adapter, started_from) = start(context, options, &plan, &model, &base_id, report)?;
        report(Update::Phase("measuring this machine"));
        let allowed = allowed(context, options);
        let planned = prepare(&model, &adapter, &data, &allowed, &mut plan, options.steps.is_some(), cancel);
        report(Update::Event(&planned?));
        log::plan(&plan);
        let trainer = Trainer::start(&model, &base_id, &data, plan, adapter, &started_from, &folder)?;
        Curve::discard(&folder)?;
        (trainer, Curve::begin())
    };
    report(Update::Phase("measuring the held-out loss"));
    let outcome = trainer.with_samples(options.sample.clone()).run(cancel, &mut |event| {
        log::training(event);
        curve.record(event);
        if matches!(event, Event::Started { .. } | Event::Checkpoint { .. }) {
            // A run is worth more than its curve; where the disk is full, the next checkpoint says so.
            drop(curve.write(&folder));
        }
        report(Update::Event(event));
    });
    let outcome = outcome?;
    log::trained(&outcome);
    keep(context, &base_id, &outcome, &curve, options.resume)
}

/// Deletes the checkpoint of a stopped run; the user's adapter stays. Nothing where there is none.
///
/// # Errors
/// When a run is running, or the file cannot be deleted.
pub fn discard(context: &Context) -> Result<(), AppError> {
    let folder = run_folder(context);
    if !folder.exists() {
        return Ok(());
    }
    let _lock = lock(context)?;
    Checkpoint::delete(&folder)?;
    Curve::discard(&folder)
}

/// Puts the run's best adapter in use; the one that was becomes one of the other [`runs`]. A stopped run that has not improved on its
/// start leaves everything alone.
fn keep(context: &Context, base: &str, outcome: &Outcome, curve: &Curve, resumed: bool) -> Result<Record, AppError> {
    let state = &outcome.state;
    let now = SystemTime::now().duration_since(UNIX_EPOCH).ok();
    let record = Record {
        started_from: state.started_from.clone(),
        base: base.to_owned(),
        ending: outcome.ending,
        steps: state.step,
        best_step: state.best.step,
        held_out_before: state.held_out_before,
        held_out_after: state.best.held_out_loss,
        seconds: state.seconds,
        tokens: state.tokens,
        parameters: outcome.parameters,
        peak_rss_mb: outcome.peak_rss_mb,
        preset: Some(state.plan.method.preset),
        prediction: state.plan.prediction,
        finished: now.and_then(|now| i64::try_from(now.as_secs()).ok()),
        name: None,
        number: None,
        texts: Some(state.fingerprint.clone()),
        begun: curve.begun,
    };
    let (stopped, folder) = (outcome.ending == Ending::Stopped, run_folder(context));
    if stopped {
        // What came after the last checkpoint that was told of is in the one of the stop.
        drop(curve.write(&folder));
        if state.best.step == 0 {
            return Ok(record);
        }
    }
    let record = runs::keep(context, record, curve, resumed, |new| {
        outcome.adapter.save_peft(new, base, DType::F32)?;
        Ok(())
    })?;
    if !stopped {
        Checkpoint::delete(&folder)?;
        Curve::discard(&folder)?;
    }
    Ok(record)
}

/// The user's texts as examples to learn from: each with what it replies to, or a prompt that it could reply to.
pub fn examples(texts: &[Text]) -> Vec<Example> {
    texts
        .iter()
        .map(|text| Example {
            key: text.document.hash.clone(),
            prompt: prompt(text),
            reply: text.document.text.clone(),
        })
        .collect()
}

/// What the text replies to, or a prompt that it could reply to; none for a text of which nothing is known but itself.
fn prompt(text: &Text) -> Option<String> {
    let document = &text.document;
    let context = document.context.as_deref().map(str::trim).filter(|c| !c.is_empty());
    let title = document.title.as_deref().map(str::trim).filter(|t| !t.is_empty());
    match (context, title, document.format.is_mail()) {
        (Some(context), ..) => Some(context.to_owned()),
        (None, Some(title), true) => Some(format!("Write an email with the subject \"{title}\".")),
        (None, Some(title), false) => Some(format!("Write a text with the title \"{title}\".")),
        (None, None, true) => Some("Write an email.".to_owned()),
        (None, None, false) => None,
    }
}
