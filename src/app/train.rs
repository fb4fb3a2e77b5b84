//! Training: from the user's texts and the best start to their own adapter, which survives anything that happens on
//! the way. A run works in `mine/run`; only when it ends does its best adapter replace `mine/adapter`.

use std::fs::{self, File};
use std::path::PathBuf;

use candle_core::{DType, Device};
use serde::{Deserialize, Serialize};

use super::context::Context;
use super::error::AppError;
use super::{base, select};
use crate::cancel::Cancel;
use crate::engine::{Adapter, Model, Precision};
use crate::paths::{private_dir, restrict, write_atomically};
use crate::selection::Library;
use crate::store::Text;
use crate::training::examples::Encoded;
use crate::training::{Checkpoint, Ending, Event, Example, Outcome, Plan, Split, Trainer, TrainingError};

/// Where training starts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum From {
    /// What selection chooses.
    #[default]
    Auto,
    Scratch,
    /// A model of the library, by id.
    Library(String),
}

impl std::str::FromStr for From {
    type Err = std::convert::Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(match text {
            "auto" => Self::Auto,
            "scratch" => Self::Scratch,
            id => Self::Library(id.to_owned()),
        })
    }
}

/// What the user may decide; everything else is [`Plan`]'s default.
#[derive(Clone, Debug)]
pub struct Options {
    pub from: From,
    pub steps: Option<usize>,
    pub minutes: Option<f64>,
    pub learning_rate: Option<f64>,
    /// Stop when the held-out loss no longer falls.
    pub early_stop: bool,
    /// Go on from the checkpoint.
    pub resume: bool,
    /// Give up a stopped run and begin anew.
    pub restart: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            from: From::Auto,
            steps: None,
            minutes: None,
            learning_rate: None,
            early_stop: true,
            resume: false,
            restart: false,
        }
    }
}

/// What a run reports.
pub enum Update<'a> {
    /// What it is doing before the first step.
    Phase(&'a str),
    Event(&'a Event),
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
}

impl Record {
    /// Whether the user stopped the run, so that it can be resumed.
    #[must_use]
    pub fn is_stopped(&self) -> bool {
        self.ending == Ending::Stopped
    }
}

const RECORD: &str = "training.json";
const LOCK: &str = "lock";

/// Where the user's finished adapter is, if there is one.
#[must_use]
pub fn personal_adapter_folder(context: &Context) -> PathBuf {
    context.paths.personal().join("adapter")
}

fn run_folder(context: &Context) -> PathBuf {
    context.paths.personal().join("run")
}

/// How the user's adapter came to be, if there is one.
///
/// # Errors
/// When the record is malformed.
pub fn record(context: &Context) -> Result<Option<Record>, AppError> {
    let path = personal_adapter_folder(context).join(RECORD);
    match fs::read(&path) {
        Ok(bytes) => {
            serde_json::from_slice(&bytes).map(Some).map_err(|e| AppError::Malformed { path, why: e.to_string() })
        }
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(AppError::File { path, source }),
    }
}

/// The run that was stopped and can be resumed, if there is one: (start, step, steps).
#[must_use]
pub fn unfinished(context: &Context) -> Option<(String, usize, usize)> {
    let state = Checkpoint::peek(&run_folder(context)).ok()?;
    Some((state.started_from, state.step, state.plan.steps))
}

/// The user's texts as pairs to learn from.
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

/// What the text answers, or, where nothing is known, a request that it could answer.
fn request(text: &Text) -> String {
    let document = &text.document;
    let context = document.context.as_deref().map(str::trim).filter(|c| !c.is_empty());
    let title = document.title.as_deref().map(str::trim).filter(|t| !t.is_empty());
    match (context, title, document.format.is_mail()) {
        (Some(context), ..) => context.to_owned(),
        (None, Some(title), true) => format!("Write an email with the subject \"{title}\"."),
        (None, Some(title), false) => format!("Write a text with the title \"{title}\"."),
        (None, None, true) => "Write an email.".to_owned(),
        (None, None, false) => "Write a short text.".to_owned(),
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
    let folder = run_folder(context);
    private_dir(&context.paths.personal()).and_then(|()| private_dir(&folder)).map_err(AppError::file(&folder))?;
    let _lock = lock(&folder)?;
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
    let mut trainer = if options.resume {
        Trainer::resume(&model, &base_id, &data, &folder, context.threads)?
    } else {
        report(Update::Phase("choosing where to start"));
        let start = start(context, &options.from, &model, &base_id, report)?;
        adjust(&mut plan, options, data.train_tokens());
        Trainer::start(&model, &base_id, &data, plan, start, &folder, context.threads)?
    };
    report(Update::Phase("measuring the held-out loss"));
    let outcome = trainer.run(cancel, &mut |event| report(Update::Event(event)))?;
    keep(context, &base_id, &outcome)
}

fn adjust(plan: &mut Plan, options: &Options, tokens: usize) {
    plan.steps = options.steps.unwrap_or_else(|| Plan::default_steps(tokens, plan.tokens_per_step));
    plan.minutes = options.minutes;
    plan.learning_rate = options.learning_rate.unwrap_or(plan.learning_rate);
    if !options.early_stop {
        plan.patience = None;
    }
}

/// The adapter to start from and its id; none from scratch.
fn start(
    context: &Context,
    from: &From,
    model: &Model,
    base_id: &str,
    report: &mut dyn FnMut(Update<'_>),
) -> Result<Option<(Adapter, String)>, AppError> {
    let library = Library::shipped()?;
    let id = match from {
        From::Scratch => None,
        From::Library(id) => Some(id.clone()),
        From::Auto => {
            let choice = select::select(context)?.choice;
            report(Update::Phase(&choice.reason));
            choice.id
        }
    };
    let Some(id) = id else { return Ok(None) };
    let made_on = &library.card(&id)?.base;
    if made_on != base_id {
        if *from == From::Auto {
            report(Update::Phase(&format!(
                "{id} was made on {made_on}, not on {base_id}: training starts from scratch"
            )));
            return Ok(None);
        }
        return Err(AppError::OtherBase { what: id, made_on: made_on.clone(), now: base_id.to_owned() });
    }
    let adapter = library.adapter(&id, &model.config, &Device::Cpu)?;
    Ok(Some((adapter, id)))
}

/// Puts the run's best adapter in the place of the last one, whole: it is written beside it and swapped by rename.
/// A stopped run that has not improved on its start leaves the last adapter alone.
fn keep(context: &Context, base: &str, outcome: &Outcome) -> Result<Record, AppError> {
    let state = &outcome.state;
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
    };
    let stopped = outcome.ending == Ending::Stopped;
    if stopped && state.best.step == 0 {
        return Ok(record);
    }
    let (place, old) = (personal_adapter_folder(context), context.paths.personal().join("previous"));
    let new = context.paths.personal().join("adapter.new");
    let json = serde_json::to_vec_pretty(&record)
        .map_err(|e| AppError::Malformed { path: new.join(RECORD), why: e.to_string() })?;
    remove(&new)?;
    outcome.adapter.save_peft(&new, base, DType::F32)?;
    write_atomically(&new.join(RECORD), &json).and_then(|()| restrict(&new, 0o700)).map_err(AppError::file(&new))?;
    if place.exists() {
        remove(&old)?;
        fs::rename(&place, &old).map_err(AppError::file(&place))?;
    }
    fs::rename(&new, &place).map_err(AppError::file(&new))?;
    if !stopped {
        Checkpoint::discard(&run_folder(context))?;
    }
    Ok(record)
}

fn remove(folder: &std::path::Path) -> Result<(), AppError> {
    match fs::remove_dir_all(folder) {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => Err(AppError::file(folder)(e)),
        _ => Ok(()),
    }
}

/// Held while a run is at work. The system lets go of it when the process ends, however it ends.
fn lock(folder: &std::path::Path) -> Result<File, AppError> {
    let path = folder.join(LOCK);
    let file = File::create(&path).map_err(AppError::file(&path))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(fs::TryLockError::WouldBlock) => Err(AppError::Busy(folder.into())),
        Err(fs::TryLockError::Error(source)) => Err(AppError::File { path, source }),
    }
}
