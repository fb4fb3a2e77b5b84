//! What the use cases write to the log: which ones ran, how they ended, and their results in numbers. How a line gets into the
//! file, and why none of the user's words can, is in [`crate::platform::log`].

use std::error::Error;
use std::io::{self, ErrorKind};
use std::time::{Duration, Instant};

use super::error::AppError;
use crate::engine::Generated;
use crate::import::{ImportError, Scan};
pub use crate::platform::log::event;
use crate::platform::system;
use crate::training::{Event, Outcome, Plan};

/// A command, or a job of the screens, from its start to its end.
pub struct Watch {
    /// What the line calls it: not what the user typed.
    name: &'static str,
    started: Instant,
}

impl Watch {
    /// The program itself, with the command that it was started for.
    pub fn program(command: &'static str) -> Self {
        let (free, total) = system::memory_mb().unzip();
        event!(
            INFO,
            "program started",
            version = env!("CARGO_PKG_VERSION"),
            command = command,
            system = std::env::consts::OS,
            processor = std::env::consts::ARCH,
            cores = std::thread::available_parallelism().map_or(1, usize::from),
            memory_mb = total,
            free_mb = free,
        );
        Self { name: command, started: Instant::now() }
    }

    pub fn job(name: &'static str) -> Self {
        event!(DEBUG, "started", name = name);
        Self { name, started: Instant::now() }
    }

    /// How it ended; none where that was with a panic, or an error of the screens' own.
    pub fn end(self, result: Option<Result<(), &AppError>>) {
        let (name, seconds) = (self.name, self.started.elapsed());
        match result {
            Some(Ok(())) => event!(INFO, "done", name = name, seconds = seconds),
            Some(Err(error)) if error.is_cancelled() => event!(INFO, "stopped", name = name, seconds = seconds),
            // Which error it is, and never what it says: that may name a file.
            Some(Err(error)) => event!(
                ERROR,
                "failed",
                name = name,
                error = <&str>::from(error),
                detail = detail(error),
                system_error = system_error(error),
                seconds = seconds,
            ),
            None => event!(ERROR, "failed", name = name, error = "Broken", seconds = seconds),
        }
    }

    /// The end of a job that gave this; nothing where it panicked.
    pub fn end_of<T>(self, result: Option<&Result<T, AppError>>) {
        self.end(result.map(|result| result.as_ref().map(drop)));
    }
}

/// Which error of a lower layer it is.
fn detail(error: &AppError) -> &'static str {
    match error {
        AppError::Import(error) => error.into(),
        AppError::Store(error) => error.into(),
        AppError::Catalog(error) => error.into(),
        AppError::Model(error) => error.into(),
        AppError::Engine(error) => error.into(),
        AppError::Style(error) => error.into(),
        AppError::Library(error) => error.into(),
        AppError::Training(error) => error.into(),
        _ => "",
    }
}

/// Why the system refused to read or write a file, where that is behind the error. Its own message may name the file.
fn system_error(error: &AppError) -> Option<&'static str> {
    let mut cause = error.source();
    while let Some(error) = cause {
        if let Some(error) = error.downcast_ref::<io::Error>() {
            return Some(match error.kind() {
                ErrorKind::NotFound => "not found",
                ErrorKind::PermissionDenied => "permission denied",
                ErrorKind::ReadOnlyFilesystem => "read-only file system",
                ErrorKind::StorageFull | ErrorKind::QuotaExceeded => "disk full",
                ErrorKind::NotADirectory => "not a folder",
                ErrorKind::IsADirectory => "a folder",
                ErrorKind::InvalidData | ErrorKind::UnexpectedEof => "damaged",
                _ => "other",
            });
        }
        cause = error.source();
    }
    None
}

/// What was read, also where no text came of it.
pub(super) fn scan(scan: &Result<Scan, ImportError>, seconds: Duration) {
    let found = match scan {
        Ok(found) => found,
        Err(ImportError::NothingFound(found)) => found,
        // The caller logs how it ended.
        Err(_) => return,
    };
    let mut formats: Vec<_> = found.files.iter().map(|file| file.format).collect();
    formats.sort_unstable();
    for files in formats.chunk_by(|one, other| one == other) {
        let of_format = found.files.iter().filter(|file| file.format == files[0]);
        let (there, kept) = of_format.fold((0, 0), |sum, file| (sum.0 + file.found, sum.1 + file.kept));
        let format = files[0].as_str();
        event!(INFO, "files read", format = format, files = files.len(), texts = there, kept = kept);
    }
    for (reason, files) in &found.skipped {
        event!(INFO, "files passed over", reason = reason.describe(), files = *files);
    }
    for (reason, texts) in &found.dropped {
        event!(INFO, "texts left out", reason = reason.describe(), texts = *texts);
    }
    let (texts, problems) = (found.documents.len(), found.problems.len());
    event!(INFO, "import read", texts = texts, problems = problems, notes = found.notes.len(), seconds = seconds);
}

/// What a training is going to do, fixed before its first step.
pub(super) fn plan(plan: &Plan) {
    event!(
        INFO,
        "training planned",
        preset = <&str>::from(plan.method.preset),
        steps = plan.steps,
        tokens_per_step = plan.tokens_per_step,
        max_sequence_length = plan.max_sequence_length,
        rank = plan.shape.rank,
        alpha = plan.shape.alpha,
        projections = plan.shape.projections.len(),
        learning_rate = plan.learning_rate,
        workers = plan.method.workers,
        minutes = plan.minutes,
        expected_mb = plan.prediction.map(|prediction| prediction.memory_mb),
        expected_seconds = plan.prediction.map(|prediction| prediction.seconds),
    );
}

/// A report of a training. Steps help in finding a fault; samples and notes hold words and are not logged.
pub(super) fn training(event: &Event) {
    match event {
        Event::Started { done, train_texts, held_out_texts, train_tokens, cut, moved, parameters, learned, .. } => {
            event!(
                INFO,
                "training started",
                done = *done,
                train_texts = *train_texts,
                held_out_texts = *held_out_texts,
                train_tokens = *train_tokens,
                cut = *cut,
                moved = *moved,
                parameters = *parameters,
                learned = *learned,
            );
        }
        Event::Step { step, loss, learning_rate, tokens, seconds, rss_mb, temperature_c, .. } => event!(
            DEBUG,
            "step",
            step = *step,
            loss = *loss,
            learning_rate = *learning_rate,
            tokens = *tokens,
            rss_mb = *rss_mb,
            temperature_c = *temperature_c,
            seconds = *seconds,
        ),
        Event::Validation { step, held_out_loss, best } => {
            event!(INFO, "validation", step = *step, held_out_loss = *held_out_loss, best = *best);
        }
        Event::Checkpoint { step } => event!(INFO, "checkpoint", step = *step),
        Event::RolledBack { step, to, learning_rate } => {
            event!(WARN, "rolled back", step = *step, to = *to, learning_rate = *learning_rate);
        }
        Event::Planned { .. } | Event::Sample { .. } | Event::Note { .. } => {}
    }
}

pub(super) fn trained(outcome: &Outcome) {
    let state = &outcome.state;
    event!(
        INFO,
        "training ended",
        ending = <&str>::from(outcome.ending),
        steps = state.step,
        best_step = state.best.step,
        held_out_before = state.held_out_before,
        held_out_after = state.best.held_out_loss,
        tokens = state.tokens,
        peak_rss_mb = outcome.peak_rss_mb,
        seconds = state.seconds,
    );
}

pub(super) fn answer(generated: &Generated) {
    event!(
        INFO,
        "answer written",
        tokens = generated.tokens,
        tokens_per_s = generated.tokens_per_second(),
        stop = <&str>::from(generated.stop),
        omitted = generated.omitted,
        prefill_seconds = generated.prefill,
        seconds = generated.prefill + generated.decode,
    );
}
