//! A training run and its model as they are shown: how it ended, and its facts, each with a label.

use serde::Serialize;

use super::words::{count, duration, mebibytes, megabytes, moment, thousands};
use crate::app::runs::{Comparison, Record, Run};
use crate::training::Ending;

/// A run.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RunView {
    pub number: u32,
    pub in_use: bool,
    pub stopped: bool,
    /// Its name with its number, as a heading.
    pub title: String,
    /// The held-out loss before and after.
    pub loss: String,
    /// What is known of it: (name, value), in the order in which it is shown; names are short enough for a narrow column.
    pub facts: Vec<(&'static str, String)>,
    /// The held-out loss by step; none where it was not recorded.
    pub curve: Option<String>,
}

/// How a training ended.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RecordView {
    pub ending: &'static str,
    pub loss: String,
    /// Steps, start point, work, tokens and memory.
    pub cost: String,
    /// What had been estimated; none for a training that did not run to its end.
    pub estimate: Option<String>,
}

/// Two runs side by side.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ComparisonView {
    pub titles: [String; 2],
    /// (name, value of each), in the order of [`RunView::facts`].
    pub rows: Vec<(&'static str, [String; 2])>,
    /// Whether their losses compare.
    pub note: &'static str,
}

/// What stands for a value that is not known.
const UNKNOWN: &str = "-";

/// A run as it is shown.
pub fn run(run: &Run) -> RunView {
    let record = &run.record;
    let in_use = if run.in_use { ", in use" } else { "" };
    let title = match &record.name {
        Some(name) => format!("{name} (run {}{in_use})", run.number),
        None => format!("Run {}{in_use}", run.number),
    };
    let points: Vec<String> = run.curve.held_out.iter().map(|(step, loss)| format!("{step}: {loss:.3}")).collect();
    RunView {
        number: run.number,
        in_use: run.in_use,
        stopped: record.is_stopped(),
        title,
        loss: loss(record),
        facts: facts(run),
        curve: (!points.is_empty()).then(|| points.join(", ")),
    }
}

/// Two runs as they are shown.
pub fn comparison(compared: &Comparison) -> ComparisonView {
    let [one, other] = compared.runs.each_ref().map(facts);
    ComparisonView {
        titles: compared
            .runs
            .each_ref()
            .map(|run| format!("run {}{}", run.number, if run.in_use { ", in use" } else { "" })),
        rows: one.into_iter().zip(other).map(|((name, one), (_, other))| (name, [one, other])).collect(),
        note: if compared.same_base {
            "Held-out losses can be compared only if both runs were trained on the same texts."
        } else {
            "These two have different base models: their losses cannot be compared."
        },
    }
}

/// How a training ended, as it is shown.
pub fn record(record: &Record) -> RecordView {
    let estimate = record.prediction.filter(|_| record.ending == Ending::Completed);
    RecordView {
        ending: match record.ending {
            Ending::Completed => "Done.",
            Ending::TimeUp => "Done: the time limit was reached.",
            Ending::NoLongerImproving => "Done early: the held-out loss stopped falling.",
            Ending::Stopped => "Stopped; a checkpoint is saved.",
        },
        loss: loss(record),
        cost: format!(
            "{} from {}, best at step {}; {} of training, {}, at most {}.",
            count(record.steps, "step"),
            record.started_from,
            thousands(record.best_step),
            duration(record.seconds),
            count(record.tokens, "token"),
            mebibytes(record.peak_rss_mb)
        ),
        estimate: estimate.map(|estimate| {
            format!("The estimate was {} and {}.", duration(estimate.seconds), mebibytes(estimate.memory_mb))
        }),
    }
}

fn loss(record: &Record) -> String {
    let fell = record.held_out_before - record.held_out_after;
    let way = if fell < 0.0 { "higher" } else { "lower" };
    format!(
        "Held-out loss {:.3} -> {:.3} nats per token, {:.3} {way}.",
        record.held_out_before,
        record.held_out_after,
        fell.abs()
    )
}

fn facts(run: &Run) -> Vec<(&'static str, String)> {
    let record = &run.record;
    let unknown = || UNKNOWN.to_owned();
    let expected =
        record.prediction.map(|estimate| format!("{}, {}", duration(estimate.seconds), mebibytes(estimate.memory_mb)));
    vec![
        ("name", record.name.clone().unwrap_or_else(unknown)),
        ("started from", record.started_from.clone()),
        ("base model", record.base.clone()),
        ("ended", run.ended.map_or_else(unknown, moment)),
        ("outcome", ending(record.ending).to_owned()),
        ("steps", thousands(record.steps)),
        ("best at step", thousands(record.best_step)),
        ("loss before", format!("{:.3}", record.held_out_before)),
        ("loss after", format!("{:.3}", record.held_out_after)),
        ("loss fell by", format!("{:.3}", record.held_out_before - record.held_out_after)),
        ("time taken", duration(record.seconds)),
        ("tokens", thousands(record.tokens)),
        ("parameters", thousands(record.parameters)),
        ("preset", record.preset.map_or_else(unknown, |preset| preset.to_string())),
        ("memory", mebibytes(record.peak_rss_mb)),
        ("estimate", expected.unwrap_or_else(unknown)),
        ("size", megabytes(run.bytes)),
    ]
}

/// Why a run ended, in a word or two.
pub fn ending(ending: Ending) -> &'static str {
    match ending {
        Ending::Completed => "done",
        Ending::TimeUp => "time limit",
        Ending::NoLongerImproving => "loss stopped falling",
        Ending::Stopped => "stopped",
    }
}
