//! `train`.

use serde::Serialize;
use serde_json::json;

use super::arguments::TrainArguments;
use super::output::Output;
use crate::app::forecast::Forecast;
use crate::app::present::forecast::HEADS;
use crate::app::present::words::{count, duration};
use crate::app::present::{self, StartView};
use crate::app::runs::Record;
use crate::app::train::{Options, Update};
use crate::app::{self, AppError, Context};
use crate::platform::cancel::{Cancel, Cancelled};
use crate::training::Event;

/// The last line of `train --json`.
#[derive(Serialize)]
struct Done<'a> {
    event: &'static str,
    #[serde(flatten)]
    record: &'a Record,
}

const SCHEMA: &str = "xpert.train/1";

pub fn run(context: &Context, arguments: &TrainArguments, output: &Output, cancel: &Cancel) -> Result<(), AppError> {
    if arguments.discard {
        return discard(context, output);
    }
    let options = Options {
        from: arguments.from.clone(),
        effort: arguments.effort,
        steps: arguments.steps,
        minutes: arguments.minutes,
        learning_rate: arguments.learning_rate,
        tokens_per_step: arguments.tokens_per_step,
        memory_mb: arguments.memory.map(|mebibytes| mebibytes as u64),
        preset: arguments.preset,
        rank: arguments.rank,
        alpha: arguments.alpha,
        projections: arguments.target_modules.clone(),
        no_early_stop: arguments.no_early_stop,
        resume: arguments.resume,
        restart: arguments.restart,
        sample: arguments.sample.clone(),
    };
    if arguments.forecast {
        return forecast(context, &options, output, cancel);
    }
    let record = app::train::train(context, &options, cancel, &mut |update| show(&update, output))?;
    output.result(SCHEMA, &Done { event: "done", record: &record }, || show_record(&record, output));
    if record.is_stopped() { Err(Cancelled.into()) } else { Ok(()) }
}

fn discard(context: &Context, output: &Output) -> Result<(), AppError> {
    let unfinished = app::train::unfinished(context);
    app::train::discard(context)?;
    let discarded = json!({ "event": "discarded", "there_was_one": unfinished.is_some() });
    output.result(SCHEMA, &discarded, || {
        output.line(match unfinished {
            Some((from, step, steps)) => {
                format!("The training run from {from}, stopped at step {step} of {steps}, was discarded.")
            }
            None => "There is no stopped run.".into(),
        });
    });
    Ok(())
}

/// What a training would take, for people or as one object.
fn forecast(context: &Context, options: &Options, output: &Output, cancel: &Cancel) -> Result<(), AppError> {
    let mut report = |phase: &str| {
        if !output.json {
            output.status(format!("{phase} ..."));
        }
    };
    let forecast = app::forecast::forecast(context, options, cancel, &mut report)?;
    output.result("xpert.forecast/1", &forecast, || show_forecast(&forecast, output));
    Ok(())
}

fn show_forecast(forecast: &Forecast, output: &Output) {
    let view = present::forecast(forecast);
    let [from, loss, steps, time, memory, energy] = HEADS;
    let name = view.starts.iter().map(|start| start.name.chars().count()).max().unwrap_or(0).max(from.len());
    let energy = if forecast.watts.is_some() { energy } else { "" };
    output.line(format!("{from:<name$}  {loss:>13}  {steps:>5}  {time:>11}  {memory:>9}  {energy:>8}").trim_end());
    for start in &view.starts {
        let StartView { name: from, loss, steps, time, memory, energy, proposed, .. } = start;
        let energy = energy.as_ref().map(|energy| format!("  {energy:>8}")).unwrap_or_default();
        let mark = if *proposed { "  <- recommended" } else { "" };
        output.line(format!("{from:<name$}  {loss:>13}  {steps:>5}  {time:>11}  {memory:>9}{energy}{mark}"));
    }
    output.line("");
    view.scratch.iter().chain(&view.notes).for_each(|note| output.paragraph("", note));
}

/// What a training reports, for people or as one object a line.
fn show(update: &Update<'_>, output: &Output) {
    match update {
        Update::Phase(what) if !output.json => output.status(format!("{what} ...")),
        Update::Phase(_) => {}
        Update::Reference(_) if output.json => {}
        Update::Reference(run) => output.line(format!(
            "For comparison: from scratch on these texts, run {} reached a held-out loss of {:.3} in {}.",
            run.number,
            run.record.held_out_after,
            count(run.record.best_step, "step")
        )),
        Update::Event(event) if output.json => output.object(SCHEMA, event),
        Update::Event(event) => {
            if let Some(line) = line(event) {
                output.line(line);
            }
        }
    }
}

fn line(event: &Event) -> Option<String> {
    Some(match event {
        Event::Planned { method, why, memory_mb, seconds, steps, .. } => {
            format!(
                "Preset: {method}: {why}.\nEstimate after measuring for two seconds: at most {memory_mb} MiB, {} for {}.",
                duration(*seconds),
                count(*steps, "step")
            )
        }
        Event::RolledBack { step, to, learning_rate } => {
            format!(
                "after step {step} the loss diverged: back to the adapter of step {to}, continuing with a learning rate of \
                 {learning_rate:.1e}"
            )
        }
        Event::Started { from, steps, done, train_texts, held_out_texts, cut, moved, learned, .. } => {
            let resumed = if *done > 0 { format!(", {done} already done") } else { String::new() };
            let cut = if *cut > 0 { format!(", {cut} truncated to fit") } else { String::new() };
            let moved = match moved {
                0 => String::new(),
                n => format!(" (also not held out, as near-duplicates of training texts: {n})"),
            };
            format!(
                "Start: {from}; {}{resumed}; {train_texts} training texts{cut}, {held_out_texts} held out{moved}; \
                 {learned} trainable parameters",
                count(*steps, "step")
            )
        }
        Event::Step { step, steps, loss, tokens_per_s, rss_mb, eta_s, temperature_c, .. } => {
            let left = eta_s.map_or_else(|| "estimating time left".to_owned(), |s| format!("{} left", duration(s)));
            let heat = temperature_c.map(|degrees| format!("   {degrees:.0} °C")).unwrap_or_default();
            format!(
                "step {step:>4} of {steps}   loss {loss:.3}   {tokens_per_s:>4.0} tokens/s   {rss_mb} MiB{heat}   {left}"
            )
        }
        Event::Validation { step, held_out_loss, best } => {
            let mark = if *best { "  (best)" } else { "" };
            format!("held-out loss after step {step}: {held_out_loss:.3} nats per token{mark}")
        }
        Event::Sample { step, text, .. } => {
            let who =
                step.map_or_else(|| "the base model writes".to_owned(), |step| format!("after step {step} it writes"));
            format!("{who}: {}", text.split_whitespace().collect::<Vec<_>>().join(" "))
        }
        Event::Note { text } => text.clone(),
        Event::Checkpoint { .. } => return None,
    })
}

/// How a training ended, for people.
fn show_record(record: &Record, output: &Output) {
    let view = present::record(record);
    let resume = if record.is_stopped() { " Continue with `xpert train --resume`." } else { "" };
    output.line(format!("{} {}{resume}", view.ending, view.loss));
    output.line(&view.cost);
    if let Some(estimate) = &view.estimate {
        output.line(estimate);
    }
}
