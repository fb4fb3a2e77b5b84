//! A forecast as it is shown: a row for each start point, and the basis of the numbers; and the limits of a training.

use serde::Serialize;

use super::words::{count, duration, mebibytes, thousands};
use crate::app::context::Budget;
use crate::app::forecast::{Begin, Forecast};
use crate::training::SCRATCH;

/// A forecast.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ForecastView {
    /// In the forecast's order: from scratch first, then what selection proposes.
    pub starts: Vec<StartView>,
    /// What an earlier run from scratch needed to get where the proposed start point begins; none where there was no such run.
    pub scratch: Option<String>,
    /// What losses, times and energy rest on.
    pub notes: Vec<String>,
}

/// The columns of a table of start points.
pub const HEADS: [&str; 6] = ["starting point", "held-out loss", "steps", "time", "memory", "energy"];

/// A start point, with a cell for each of [`HEADS`].
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct StartView {
    /// As a training reads it.
    pub from: String,
    pub proposed: bool,
    pub name: String,
    pub loss: String,
    pub steps: String,
    pub time: String,
    pub memory: String,
    /// None where the machine does not report its power.
    pub energy: Option<String>,
}

/// What a training may use, as it is shown: memory, and time.
pub fn limits(budget: Budget) -> [String; 2] {
    let memory = budget.memory_mb.map(|most| format!("at most {}", mebibytes(most)));
    let minutes = budget.minutes.map(|most| format!("at most {most} min of training"));
    [
        memory.unwrap_or_else(|| "whatever is free".to_owned()),
        minutes.unwrap_or_else(|| "as long as it takes".to_owned()),
    ]
}

/// A forecast as it is shown.
pub fn forecast(forecast: &Forecast) -> ForecastView {
    let energy = match forecast.watts {
        Some(watts) => format!("Energy is time x {watts:.1} W, the power drawn while this machine was measured."),
        None => "This machine does not report its power draw.".to_owned(),
    };
    let (texts, held_out) = (count(forecast.train_texts, "text"), count(forecast.held_out_texts, "text"));
    let proposed = forecast.starts.iter().find(|begin| begin.proposed);
    ForecastView {
        starts: forecast.starts.iter().map(|begin| start(forecast, begin)).collect(),
        scratch: proposed.and_then(|begin| {
            let steps = begin.scratch_needed.filter(|steps| *steps > 0)?;
            Some(format!(
                "From scratch, an earlier run needed {} to reach the loss at which {} starts.",
                count(steps, "step"),
                begin.from
            ))
        }),
        notes: vec![
            format!("Losses are for {held_out} held out, before training."),
            format!(
                "Time and memory are estimates for {texts}, from a two-second measurement; training ends earlier if the held-out \
                 loss stops falling."
            ),
            energy,
        ],
    }
}

fn start(forecast: &Forecast, begin: &Begin) -> StartView {
    StartView {
        from: begin.from.clone(),
        proposed: begin.proposed,
        name: if begin.from == SCRATCH { "from scratch".to_owned() } else { begin.from.clone() },
        loss: format!("{:.3}", begin.held_out_loss),
        steps: thousands(begin.steps),
        time: duration(begin.prediction.seconds),
        memory: mebibytes(begin.prediction.memory_mb),
        energy: forecast.watt_hours(begin).map(|energy| format!("{energy:.1} Wh")),
    }
}
