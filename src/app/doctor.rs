//! Checks every part of the installation, and reports what it found and what would help. Changes nothing.

use serde::Serialize;

use super::context::Context;
use super::error::AppError;
use super::present::words::count;
use super::{base, runs, train};
use crate::library::Library;
use crate::platform::cancel::Cancel;
use crate::platform::log;
use crate::platform::system::memory_mb;
use crate::style::StyleSpace;

/// One thing looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Check {
    pub name: &'static str,
    pub health: Health,
    pub found: String,
    /// What to do about it; none where all is well, or nothing helps.
    #[serde(skip)]
    pub remedy: Option<Remedy>,
}

/// What puts a part in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Remedy {
    Import,
    DownloadModel,
    /// Continue the stopped training.
    Resume,
    Train,
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
pub fn examine(context: &Context, cancel: &Cancel) -> Vec<Check> {
    let log = log::file(context.paths.data()).display().to_string();
    vec![
        check("machine", Ok(machine(context))),
        check("data folder", texts(context)),
        check("base model", base_model(context, cancel)),
        check("style space", style_space()),
        check("library", library()),
        check("your model", personal(context)),
        check("log", Ok(Found::good(format!("{log}: contains none of your text")))),
    ]
}

fn check(name: &'static str, result: Result<Found, AppError>) -> Check {
    match result {
        Ok(Found { health, found, remedy }) => Check { name, health, found, remedy },
        Err(error) => Check { name, health: Health::Bad, found: error.to_string(), remedy: None },
    }
}

/// What a part looks like.
struct Found {
    health: Health,
    found: String,
    remedy: Option<Remedy>,
}

impl Found {
    fn good(found: String) -> Self {
        Self { health: Health::Good, found, remedy: None }
    }

    fn open(found: String, remedy: Remedy) -> Self {
        Self { health: Health::Open, found, remedy: Some(remedy) }
    }
}

fn style_space() -> Result<Found, AppError> {
    let space = StyleSpace::shipped()?;
    Ok(Found::good(format!("version {}, {} axes", space.version(), space.axes().len())))
}

fn library() -> Result<Found, AppError> {
    Ok(Found::good(format!("{} models", Library::shipped()?.cards().len())))
}

fn machine(context: &Context) -> Found {
    let threads = count(context.threads, "thread");
    let (health, found) = match memory_mb() {
        Some((free, total)) if free < TIGHT_MEMORY_MB => (
            Health::Open,
            format!("{threads}, {free} MiB of {total} MiB free: training needs about {TIGHT_MEMORY_MB} MiB"),
        ),
        Some((free, total)) => (Health::Good, format!("{threads}, {free} MiB of {total} MiB free")),
        None => (Health::Good, format!("{threads}, memory unknown")),
    };
    Found { health, found, remedy: None }
}

fn texts(context: &Context) -> Result<Found, AppError> {
    let place = context.paths.data().display().to_string();
    if !context.paths.database().exists() {
        return Ok(Found::open(format!("{place}: empty"), Remedy::Import));
    }
    let summary = context.store()?.summary()?;
    Ok(Found::good(format!("{place}: {}, {}", count(summary.texts, "text"), count(summary.words, "word"))))
}

fn base_model(context: &Context, cancel: &Cancel) -> Result<Found, AppError> {
    let Some(files) = base::locate(context)? else {
        return Ok(Found::open("not on this machine yet".into(), Remedy::DownloadModel));
    };
    let verified = base::verify(context, &files, &mut |_| {}, cancel)?;
    Ok(Found::good(format!("{} ({verified}), {}", files.name, files.source)))
}

fn personal(context: &Context) -> Result<Found, AppError> {
    if let Some((from, step, steps)) = train::unfinished(context) {
        // The process that holds the lock is training.
        if matches!(runs::lock(context), Err(AppError::Busy(_))) {
            return Ok(Found::good(format!("training from {from} is running; step {step} of {steps} is saved")));
        }
        return Ok(Found::open(format!("training from {from} stopped at step {step} of {steps}"), Remedy::Resume));
    }
    Ok(match runs::record(context)? {
        None => Found::open("none yet".into(), Remedy::Train),
        Some(record) => {
            let (before, after) = (record.held_out_before, record.held_out_after);
            Found::good(format!("from {}, held-out loss {before:.3} -> {after:.3}", record.started_from))
        }
    })
}
