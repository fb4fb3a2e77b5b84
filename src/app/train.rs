//! Training: from the user's texts and the best start to their own adapter, which survives anything that happens on
//! the way. A run works in `mine/run`; only when it ends does its best adapter become `mine/adapter`, and the one before it another of
//! the user's runs.

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use candle_core::DType;
use serde::{Deserialize, Serialize};

use super::context::{Budget, Context};
use super::error::AppError;
use super::runs::{self, Curve};
use super::start::start;
pub use super::start::{From, SCRATCH};
use super::{base, log};
use crate::engine::projection::Projection;
use crate::engine::{EngineError, Precision};
use crate::platform::cancel::Cancel;
use crate::platform::lock::Lock;
use crate::platform::paths::{private_dir, write_atomically};
use crate::platform::system;
use crate::store::Text;
use crate::training::examples::Encoded;
use crate::training::prepare::prepare;
use crate::training::{
    Allowed, Checkpoint, Ending, Event, Example, Outcome, Plan, Prediction, Preset, Split, Trainer, TrainingError,
};

/// What the user may decide; everything else is [`Plan`]'s default.
#[derive(Clone, Debug)]
pub struct Options {
    pub from: From,
    pub steps: Option<usize>,
    pub minutes: Option<f64>,
    pub learning_rate: Option<f64>,
    /// Tokens whose gradients are added up for a step.
    pub tokens_per_step: Option<usize>,
    /// Resident memory of the whole program, MiB; what the machine has to spare where absent.
    pub memory_mb: Option<u64>,
    /// A way to train instead of the best that fits.
    pub preset: Option<Preset>,
    /// Shape of a new adapter. A start from the library brings its own.
    pub rank: Option<usize>,
    pub alpha: Option<f64>,
    /// Which linear maps a new adapter changes; all where empty.
    pub projections: Vec<Projection>,
    /// Stop when the held-out loss no longer falls.
    pub early_stop: bool,
    /// Go on from the checkpoint.
    pub resume: bool,
    /// Give up a stopped run and begin anew.
    pub restart: bool,
    /// Let the model answer this whenever it is better than before, so that one can hear how it changes.
    pub sample: Option<String>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            from: From::Auto,
            steps: None,
            minutes: None,
            learning_rate: None,
            tokens_per_step: None,
            memory_mb: None,
            preset: None,
            rank: None,
            alpha: None,
            projections: Vec::new(),
            early_stop: true,
            resume: false,
            restart: false,
            sample: None,
        }
    }
}

impl Options {
    /// The same, with the limits that the user has set for all trainings where these name none.
    #[must_use]
    pub fn within(&self, budget: Budget) -> Self {
        let (memory_mb, minutes) = (self.memory_mb.or(budget.memory_mb), self.minutes.or(budget.minutes));
        Self { memory_mb, minutes, ..self.clone() }
    }
}

/// What a run reports.
pub enum Update<'a> {
    /// What it is doing before the first step.
    Phase(&'a str),
    Event(&'a Event),
    /// An earlier run from scratch on the same texts, to compare with.
    Reference(&'a runs::Run),
}

/// How the user's adapter came to be; kept beside it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Record {
    pub started_from: String,
    pub base: String,
    pub ending: Ending,
    pub steps: usize,
    pub best_step: usize,
    /// Held-out loss of the start and of what is kept, nats a token.
    pub held_out_before: f64,
    pub held_out_after: f64,
    pub seconds: f64,
    pub tokens: usize,
    pub parameters: usize,
    pub peak_rss_mb: u64,
    /// How it was trained, and what that was expected to take.
    #[serde(default)]
    pub preset: Option<Preset>,
    #[serde(default)]
    pub prediction: Option<Prediction>,
    /// When the run ended, in Unix seconds.
    #[serde(default)]
    pub finished: Option<i64>,
    /// What the user calls it.
    #[serde(default)]
    pub name: Option<String>,
    /// Which of the user's runs it is; see [`runs`].
    #[serde(default)]
    pub number: Option<u32>,
    /// Fingerprint of the texts that it learned from and was judged by: only losses on the same texts can be compared.
    #[serde(default)]
    pub texts: Option<String>,
    /// When the run began, in milliseconds of Unix time; the same for all that it left on the way.
    #[serde(default)]
    pub begun: Option<i64>,
}

impl Record {
    /// The record in a model's folder, if there is one.
    ///
    /// # Errors
    /// When it cannot be read or is malformed.
    pub fn read(folder: &Path) -> Result<Option<Self>, AppError> {
        let path = folder.join(RECORD);
        match fs::read(&path) {
            Ok(bytes) => {
                serde_json::from_slice(&bytes).map(Some).map_err(|e| AppError::Malformed { path, why: e.to_string() })
            }
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(source) => Err(AppError::File { path, source }),
        }
    }

    /// # Errors
    /// When the folder cannot be written to; an earlier record is then untouched.
    pub fn write(&self, folder: &Path) -> Result<(), AppError> {
        let path = folder.join(RECORD);
        let json = serde_json::to_vec_pretty(self)
            .map_err(|e| AppError::Malformed { path: path.clone(), why: e.to_string() })?;
        write_atomically(&path, &json).map_err(AppError::file(&path))
    }

    /// Whether the user stopped the run, so that it can be resumed.
    #[must_use]
    pub fn is_stopped(&self) -> bool {
        self.ending == Ending::Stopped
    }
}

/// What a model is asked for on the way where nobody chose something else.
pub const SAMPLE_PROMPT: &str = "Thank Sam for the lift on Friday.";

pub(super) const RECORD: &str = "training.json";
const LOCK: &str = "lock";

/// Where the user's finished adapter is, if there is one.
#[must_use]
pub fn personal_adapter_folder(context: &Context) -> PathBuf {
    context.paths.personal().join("adapter")
}

fn run_folder(context: &Context) -> PathBuf {
    context.paths.personal().join("run")
}

/// How the user's adapter came to be, if there is one. Where a change of the model in use was cut short, it is finished first.
///
/// # Errors
/// When the record is malformed, or such a change cannot be finished.
pub fn record(context: &Context) -> Result<Option<Record>, AppError> {
    runs::look(context)?;
    Record::read(&personal_adapter_folder(context))
}

/// The run that was stopped and can be resumed, if there is one: (start, step, steps).
#[must_use]
pub fn unfinished(context: &Context) -> Option<(String, usize, usize)> {
    let state = Checkpoint::peek(&run_folder(context)).ok()?;
    Some((state.started_from, state.step, state.plan.steps))
}

/// The user's texts as what to learn from.
#[must_use]
pub fn examples(texts: &[Text]) -> Vec<Example> {
    texts
        .iter()
        .map(|text| Example {
            key: text.document.hash.clone(),
            request: request(text),
            reply: text.document.text.clone(),
        })
        .collect()
}

/// What the text answers, or a request that it could answer; none for a text of which nothing is known but itself.
fn request(text: &Text) -> Option<String> {
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

/// Runs a training, or goes on with one.
///
/// # Errors
/// When there are too few texts, no base model, another run at work, or the run itself fails.
pub fn train(
    context: &Context,
    options: &Options,
    cancel: &Cancel,
    report: &mut dyn FnMut(Update<'_>),
) -> Result<Record, AppError> {
    let options = &options.within(context.budget);
    let folder = run_folder(context);
    let _lock = lock(context)?;
    if let (Some((started_from, step, steps)), false, false) = (unfinished(context), options.resume, options.restart) {
        return Err(AppError::UnfinishedTraining { started_from, step, steps });
    }
    let texts = context.store()?.texts()?;
    if texts.is_empty() {
        return Err(AppError::NoTexts);
    }
    if options.resume && !Checkpoint::exists(&folder) {
        return Err(TrainingError::NoCheckpoint(folder).into());
    }
    let split = Split::of(examples(&texts))?;

    report(Update::Phase("loading the base model"));
    let (model, base_id) = base::load(context, Precision::Stored)?;
    let mut plan = Plan::default();
    let data = Encoded::new(&model, &split, plan.longest_sequence)?;
    if let Some(run) = runs::from_scratch(context, &base_id, &data.fingerprint) {
        report(Update::Reference(&run));
    }
    let changed = options.resume && Checkpoint::peek(&folder).is_ok_and(|state| state.fingerprint != data.fingerprint);
    let trainer = if options.resume {
        Trainer::resume(&model, &base_id, &data, &folder)?
    } else {
        adjust(&mut plan, options, data.train_tokens());
        report(Update::Phase("choosing where to start"));
        let start = start(context, options, &plan, &model, &base_id, report)?;
        report(Update::Phase("measuring this machine"));
        let allowed = allowed(context, options);
        let planned = prepare(&model, &start.0, &data, &allowed, &mut plan, options.steps.is_some(), cancel);
        report(Update::Event(&planned.map_err(stopped)?));
        log::plan(&plan);
        Trainer::start(&model, &base_id, &data, plan, start, &folder)?
    };
    report(Update::Phase("measuring the held-out loss"));
    let mut curve = if options.resume { Curve::read(&folder).unwrap_or_default() } else { Curve::begin() };
    if changed {
        // What was measured on other texts is no part of this curve.
        (curve.losses, curve.held_out) = Default::default();
    }
    if !options.resume {
        Curve::discard(&folder)?;
    }
    let outcome = trainer.sampling(options.sample.clone()).run(cancel, &mut |event| {
        log::training(event);
        curve.hear(event);
        if matches!(event, Event::Started { .. } | Event::Checkpoint { .. }) {
            // A run is worth more than its curve; where the disk is full, the next checkpoint says so.
            drop(curve.write(&folder));
        }
        report(Update::Event(event));
    });
    let outcome = outcome.map_err(stopped)?;
    log::trained(&outcome);
    keep(context, &base_id, &outcome, (options.resume, &curve))
}

/// Deletes the checkpoint of a stopped run; the user's adapter stays. Nothing where there is none.
///
/// # Errors
/// When a run is at work, or the file cannot be deleted.
pub fn discard(context: &Context) -> Result<(), AppError> {
    let folder = run_folder(context);
    if !folder.exists() {
        return Ok(());
    }
    let _lock = lock(context)?;
    Checkpoint::discard(&folder)?;
    Curve::discard(&folder)
}

/// A stop before the first step leaves nothing to go on with: it is the user's wish, not a failure.
pub(super) fn stopped(error: TrainingError) -> AppError {
    match error {
        TrainingError::Engine(EngineError::Cancelled) => AppError::Cancelled,
        other => other.into(),
    }
}

/// Share of the memory that is free which a run takes unasked.
const SPARE: f64 = 0.8;

pub(super) fn allowed(context: &Context, options: &Options) -> Allowed {
    let spare = || system::memory_mb().map_or(u64::MAX, |(available, _)| available);
    let held = system::MemoryProbe::new().resident_mb();
    Allowed {
        memory_mb: options.memory_mb.unwrap_or_else(|| held + (spare() as f64 * SPARE) as u64),
        memory_named: options.memory_mb.is_some(),
        minutes: options.minutes,
        threads: context.threads,
        preset: options.preset,
    }
}

pub(super) fn adjust(plan: &mut Plan, options: &Options, tokens: usize) {
    plan.tokens_per_step = options.tokens_per_step.unwrap_or(plan.tokens_per_step);
    plan.steps = options.steps.unwrap_or_else(|| Plan::default_steps(tokens, plan.tokens_per_step));
    plan.minutes = options.minutes;
    plan.learning_rate = options.learning_rate.unwrap_or(plan.learning_rate);
    if let Some(rank) = options.rank {
        // The same size of update whatever the rank, as the default has it.
        plan.shape.alpha *= rank as f64 / plan.shape.rank as f64;
        plan.shape.rank = rank;
    }
    plan.shape.alpha = options.alpha.unwrap_or(plan.shape.alpha);
    if !options.projections.is_empty() {
        plan.shape.projections.clone_from(&options.projections);
    }
    if !options.early_stop {
        plan.patience = None;
    }
}

/// Puts the run's best adapter in use; the one that was becomes one of the other [`runs`]. A stopped run that has not improved on its
/// start leaves everything alone.
fn keep(
    context: &Context,
    base: &str,
    outcome: &Outcome,
    (resumed, curve): (bool, &Curve),
) -> Result<Record, AppError> {
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
        Checkpoint::discard(&folder)?;
        Curve::discard(&folder)?;
    }
    Ok(record)
}

/// Held while a run is at work, or the user's models change places.
pub(super) fn lock(context: &Context) -> Result<Lock, AppError> {
    let folder = run_folder(context);
    private_dir(&context.paths.personal()).and_then(|()| private_dir(&folder)).map_err(AppError::file(&folder))?;
    let path = folder.join(LOCK);
    let file = File::create(&path).map_err(AppError::file(&path))?;
    Lock::take(file).map_err(|error| match error {
        TryLockError::WouldBlock => AppError::Busy(folder),
        TryLockError::Error(source) => AppError::File { path, source },
    })
}
