//! Is everything in order? Looks at each part and says what it found and what to do. Changes nothing.

use serde::Serialize;

use super::context::Context;
use super::error::AppError;
use super::{base, train};
use crate::models::Silent;
use crate::platform::cancel::Cancel;
use crate::platform::log;
use crate::platform::system::memory_mb;
use crate::selection::Library;
use crate::style::StyleSpace;

/// One thing looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Check {
    pub name: &'static str,
    pub health: Health,
    /// What was found, and what to do about it.
    pub found: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Health {
    Good,
    /// Works, but something is still to be done.
    Open,
    Bad,
}

/// Free memory below which training a small model gets tight, in MiB: dense weights and a step's activations.
const TIGHT_MEMORY_MB: u64 = 1500;

/// Looks at everything. Hashes the base model in full.
#[must_use]
pub fn examine(context: &Context, cancel: &Cancel) -> Vec<Check> {
    vec![
        machine(context),
        check("data folder", texts(context)),
        check("base model", base_model(context, cancel)),
        check(
            "style space",
            StyleSpace::shipped()
                .map_err(AppError::from)
                .map(|space| (Health::Good, format!("version {}, {} axes", space.version(), space.axes().len()))),
        ),
        check(
            "library",
            Library::shipped()
                .map_err(AppError::from)
                .map(|library| (Health::Good, format!("{} models", library.cards().len()))),
        ),
        check("your model", personal(context)),
        Check {
            name: "log",
            health: Health::Good,
            found: format!("{}: no word of yours is in it", log::file(context.paths.data()).display()),
        },
    ]
}

fn check(name: &'static str, result: Result<(Health, String), AppError>) -> Check {
    match result {
        Ok((health, found)) => Check { name, health, found },
        Err(error) => Check { name, health: Health::Bad, found: error.to_string() },
    }
}

fn machine(context: &Context) -> Check {
    let name = "machine";
    let threads = context.threads;
    match memory_mb() {
        Some((free, total)) if free < TIGHT_MEMORY_MB => Check {
            name,
            health: Health::Open,
            found: format!(
                "{threads} threads, {free} MiB of {total} MiB free: training needs about {TIGHT_MEMORY_MB} MiB"
            ),
        },
        Some((free, total)) => {
            Check { name, health: Health::Good, found: format!("{threads} threads, {free} MiB of {total} MiB free") }
        }
        None => Check { name, health: Health::Good, found: format!("{threads} threads, memory unknown") },
    }
}

fn texts(context: &Context) -> Result<(Health, String), AppError> {
    let place = context.paths.data().display().to_string();
    if !context.paths.database().exists() {
        return Ok((Health::Open, format!("{place}: empty; bring your writing in with `xpert import PATH...`")));
    }
    let summary = context.store()?.summary()?;
    Ok((Health::Good, format!("{place}: {} texts, {} words", summary.texts, summary.words)))
}

fn base_model(context: &Context, cancel: &Cancel) -> Result<(Health, String), AppError> {
    let Some(files) = base::locate(context)? else {
        return Ok((Health::Open, "not on this machine yet; fetch it with `xpert model pull`".into()));
    };
    let verified = base::verify(context, &files, &mut Silent, cancel)?;
    Ok((Health::Good, format!("{} ({verified}), {}", files.name, files.source)))
}

fn personal(context: &Context) -> Result<(Health, String), AppError> {
    if let Some((from, step, steps)) = train::unfinished(context) {
        // Whoever holds the lock is at work on it.
        if matches!(train::lock(context), Err(AppError::Busy(_))) {
            let found = format!("a training from {from} is at work; step {step} of {steps} is safe");
            return Ok((Health::Good, found));
        }
        let found =
            format!("a training from {from} stopped at step {step} of {steps}; go on with `xpert train --resume`");
        return Ok((Health::Open, found));
    }
    Ok(match train::record(context)? {
        None => (Health::Open, "none yet; make one with `xpert train`".into()),
        Some(record) => {
            let (before, after) = (record.held_out_before, record.held_out_after);
            (Health::Good, format!("from {}, held-out loss {before:.3} -> {after:.3}", record.started_from))
        }
    })
}
