//! What is known of a run, by name, in the order in which it is shown. Knows not how a value is written.

use serde::Serialize;

use super::Run;
use crate::training::Ending;

/// A value with its unit.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Value {
    Text(String),
    Count(usize),
    /// Nats a token.
    Loss(f64),
    Seconds(f64),
    /// Unix seconds.
    Moment(i64),
    Bytes(u64),
    Mebibytes(u64),
    Unknown,
}

/// Names are short enough for a narrow column.
#[must_use]
pub fn facts(run: &Run) -> Vec<(&'static str, Value)> {
    let record = &run.record;
    let text = |text: &str| Value::Text(text.to_owned());
    vec![
        ("name", record.name.as_deref().map_or(Value::Unknown, text)),
        ("started from", text(&record.started_from)),
        ("base model", text(&record.base)),
        ("date", run.ended.map_or(Value::Unknown, Value::Moment)),
        ("ending", text(ending(record.ending))),
        ("steps", Value::Count(record.steps)),
        ("best at step", Value::Count(record.best_step)),
        ("loss before", Value::Loss(record.held_out_before)),
        ("loss after", Value::Loss(record.held_out_after)),
        ("loss fell by", Value::Loss(record.held_out_before - record.held_out_after)),
        ("work", Value::Seconds(record.seconds)),
        ("tokens", Value::Count(record.tokens)),
        ("values", Value::Count(record.parameters)),
        ("way to train", record.preset.map_or(Value::Unknown, |preset| Value::Text(preset.to_string()))),
        ("memory", Value::Mebibytes(record.peak_rss_mb)),
        ("size", Value::Bytes(run.bytes)),
    ]
}

/// Why the run ended, in a word or two.
#[must_use]
pub fn ending(ending: Ending) -> &'static str {
    match ending {
        Ending::Completed => "done",
        Ending::TimeUp => "time was up",
        Ending::NoLongerImproving => "no longer fell",
        Ending::Stopped => "stopped",
    }
}
