//! `train`.

use serde::Serialize;

use super::arguments::TrainArguments;
use super::output::Output;
use crate::app::train::{Options, Record, Update};
use crate::app::{self, AppError, Context};
use crate::platform::cancel::{Cancel, Cancelled};
use crate::training::{Ending, Event};

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
        steps: arguments.steps,
        minutes: arguments.minutes,
        learning_rate: arguments.learning_rate,
        tokens_per_step: arguments.tokens_per_step,
        memory_mb: arguments.memory.map(|mebibytes| mebibytes as u64),
        preset: arguments.preset,
        rank: arguments.rank,
        alpha: arguments.alpha,
        projections: arguments.target_modules.clone(),
        early_stop: !arguments.no_early_stop,
        resume: arguments.resume,
        restart: arguments.restart,
        sample: arguments.sample.clone(),
    };
    if arguments.forecast {
        return forecast(context, &options, output, cancel);
    }
    let record = app::train::train(context, &options, cancel, &mut |update| show(&update, output))?;
    if output.json {
        output.object(SCHEMA, &Done { event: "done", record: &record });
    } else {
        show_record(&record, output);
    }
    if record.is_stopped() { Err(Cancelled.into()) } else { Ok(()) }
}

fn discard(context: &Context, output: &Output) -> Result<(), AppError> {
    let unfinished = app::train::unfinished(context);
    app::train::discard(context)?;
    if output.json {
        output.object(SCHEMA, &serde_json::json!({ "event": "discarded", "there_was_one": unfinished.is_some() }));
        return Ok(());
    }
    output.line(match unfinished {
        Some((from, step, steps)) => format!("The training from {from}, stopped at step {step} of {steps}, is gone."),
        None => "There is no stopped training.".into(),
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
    if output.json {
        output.object("xpert.forecast/1", &forecast);
        return Ok(());
    }
    output.line(format!(
        "On {} texts; losses are those of {} texts held out, before any step. Times are estimates from two seconds of measuring.",
        forecast.train_texts, forecast.held_out_texts
    ));
    for begin in &forecast.starts {
        let energy = forecast.watt_hours(begin).map(|energy| format!(", {energy:.1} Wh")).unwrap_or_default();
        let scratch = begin.scratch_needed.filter(|steps| *steps > 0);
        let scratch = scratch.map(|steps| format!(", which scratch needed {steps} steps for")).unwrap_or_default();
        let mark = if begin.proposed { "  <- selection proposes it" } else { "" };
        output.line(format!(
            "  {:<40} held-out loss {:.3}{scratch}, {} steps, {}, {} MiB{energy}{mark}",
            begin.from,
            begin.held_out_loss,
            begin.steps,
            duration(begin.prediction.seconds),
            begin.prediction.memory_mb
        ));
    }
    output.line(match forecast.watts {
        Some(watts) => format!("Energy is time x {watts:.1} W, which the machine drew while it was measured."),
        None => "This machine does not tell what power it draws.".into(),
    });
    Ok(())
}

/// What a training reports, for people or as one object a line.
fn show(update: &Update<'_>, output: &Output) {
    match update {
        Update::Phase(what) if !output.json => output.status(format!("{what} ...")),
        Update::Phase(_) => {}
        Update::Reference(_) if output.json => {}
        Update::Reference(run) => output.line(format!(
            "For comparison: from scratch on these texts, run {} came to a held-out loss of {:.3} in {} steps.",
            run.number, run.record.held_out_after, run.record.best_step
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
                "Way to train: {method}: {why}.\nExpected from two seconds of measuring: {memory_mb} MiB at most, {} for {steps} \
                 steps.",
                duration(*seconds)
            )
        }
        Event::RolledBack { step, to, learning_rate } => {
            format!(
                "after step {step} the loss ran away: back to the adapter of step {to}, on with a learning rate of \
                 {learning_rate:.1e}"
            )
        }
        Event::Started { from, steps, done, train_texts, held_out_texts, cut, moved, learned, .. } => {
            let resumed = if *done > 0 { format!(", {done} done before") } else { String::new() };
            let cut = if *cut > 0 { format!(", {cut} cut to fit") } else { String::new() };
            let moved = match moved {
                0 => String::new(),
                n => format!(" ({n} more are not: they are nearly the same as texts to learn from)"),
            };
            format!(
                "Start: {from}; {steps} steps{resumed}; {train_texts} texts to learn from{cut}, {held_out_texts} held out{moved}; \
                 {learned} values trained"
            )
        }
        Event::Step { step, steps, loss, tokens_per_s, rss_mb, eta_s, temperature_c, .. } => {
            let left = eta_s.map_or_else(|| "estimating".to_owned(), duration);
            let heat = temperature_c.map(|degrees| format!("   {degrees:.0} °C")).unwrap_or_default();
            format!(
                "step {step:>4} of {steps}   loss {loss:.3}   {tokens_per_s:>4.0} tokens/s   {rss_mb} MiB{heat}   {left} left"
            )
        }
        Event::Validation { step, held_out_loss, best } => {
            let mark = if *best { "  (best)" } else { "" };
            format!("held-out loss after step {step}: {held_out_loss:.3} nats a token{mark}")
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
    let ending = match record.ending {
        Ending::Stopped => "Stopped; a checkpoint is kept: go on with `xpert train --resume`.",
        Ending::TimeUp => "Time is up.",
        Ending::NoLongerImproving => "Stopped early: the held-out loss no longer fell.",
        Ending::Completed => "Done.",
    };
    output.line(format!(
        "{ending} Held-out loss {:.3} -> {:.3} nats a token (best at step {} of {}), from {}, {} of work, {} tokens, at most {} MiB.",
        record.held_out_before,
        record.held_out_after,
        record.best_step,
        record.steps,
        record.started_from,
        duration(record.seconds),
        record.tokens,
        record.peak_rss_mb
    ));
    if let (Some(prediction), Ending::Completed) = (record.prediction, record.ending) {
        output.line(format!("Expected were {} and {} MiB.", duration(prediction.seconds), prediction.memory_mb));
    }
}

fn duration(seconds: f64) -> String {
    let seconds = seconds.round().max(0.0) as u64;
    if seconds < 60 { format!("{seconds} s") } else { format!("{} min {:02} s", seconds / 60, seconds % 60) }
}
