//! Everything a use case can fail with, and the exit code it stands for.

use std::path::PathBuf;

use crate::engine::EngineError;
use crate::evaluation::EvaluationError;
use crate::import::ImportError;
use crate::making::MakingError;
use crate::models::{CatalogError, ModelError};
use crate::selection::SelectionError;
use crate::store::StoreError;
use crate::style::StyleError;
use crate::training::TrainingError;

#[derive(Debug, strum::IntoStaticStr, thiserror::Error)]
pub enum AppError {
    #[error(transparent)]
    Import(#[from] ImportError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Catalog(#[from] CatalogError),
    #[error(transparent)]
    Model(#[from] ModelError),
    #[error(transparent)]
    Engine(#[from] EngineError),
    #[error(transparent)]
    Style(#[from] StyleError),
    #[error(transparent)]
    Selection(#[from] SelectionError),
    #[error(transparent)]
    Training(#[from] TrainingError),
    #[error(transparent)]
    Making(#[from] MakingError),
    #[error("no base model is on this machine yet: fetch it with `xpert model pull`, or name a file with --model PATH")]
    NoModel,
    #[error("there are no texts yet: bring some of your writing in with `xpert import PATH...`")]
    NoTexts,
    #[error(
        "no import is left that could be undone: the {texts} texts here were brought in before imports were recorded. To be rid of \
         them, remove the data folder (`xpert doctor` names it) and import again"
    )]
    NoImports { texts: usize },
    #[error("there is no run {number}: `xpert runs list` shows those there are")]
    NoRun { number: u32 },
    #[error(
        "run {number}, which wrote last in this conversation, is not there any more: say with --adapter who goes on, such as `--adapter mine`"
    )]
    LastVoiceGone { number: u32 },
    #[error(
        "run {number} is the model in use: put another in its place with `xpert runs use N`, then it can be deleted"
    )]
    RunInUse { number: u32 },
    #[error("run {number} is compared with another one, not with itself: name two")]
    SameRun { number: u32 },
    #[error("a name has at most {most} characters, and this one has {length}: shorten it")]
    LongName { length: usize, most: usize },
    #[error("{folder} holds no whole model ({why}): restore it from a copy, or remove the folder")]
    BrokenRun { folder: PathBuf, why: String },
    #[error("{0} is there already and not an empty folder, and nothing in it is overwritten: name another place")]
    NotEmpty(PathBuf),
    #[error("there is no conversation yet: begin one with `xpert write PROMPT --keep`")]
    NoConversations,
    #[error("you have no personal model yet: make one with `xpert train`")]
    NoPersonalModel,
    #[error(
        "the library's readings were made by {made_on}, and the base model now is {now}: choose without `--neural`, or with `--model {made_on}`"
    )]
    OtherReader { made_on: String, now: String },
    #[error(
        "{what} was made on the base model {made_on}, and the base model now is {now}: choose the other with --model, \
         or train anew"
    )]
    OtherBase { what: String, made_on: String, now: String },
    #[error(
        "{what} has rank {rank}, alpha {alpha} and linear maps of its own, and you asked for others: leave --rank, --alpha and \
         --target-modules away, or start with --from scratch"
    )]
    OtherShape { what: String, rank: usize, alpha: f64 },
    #[error(transparent)]
    Data(#[from] EvaluationError),
    #[error("{0}")]
    Evaluation(String),
    #[error("measuring {part} failed: {why}")]
    Benchmark { part: String, why: String },
    #[error("another training is at work in {0}: wait for it, or stop it")]
    Busy(PathBuf),
    #[error(
        "there is a stopped training from {started_from} at step {step} of {steps}: go on with `xpert train --resume`, or give it up with `xpert train --restart`"
    )]
    UnfinishedTraining { started_from: String, step: usize, steps: usize },
    #[error("{path}: {source}")]
    File { path: PathBuf, source: std::io::Error },
    #[error("{path} is malformed ({why}): remove it, or restore it from a copy")]
    Malformed { path: PathBuf, why: String },
    #[error("{path} cannot be used: {why}")]
    Settings { path: PathBuf, why: String },
    #[error("{0} of the checks failed; each says what to do")]
    Unhealthy(usize),
    #[error("stopped")]
    Cancelled,
}

impl AppError {
    /// 130 for a stop, as shells report an interrupt; 3 where something has to be done first (no texts, no model,
    /// too little text); 1 otherwise. 2 is for a wrong command line.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Cancelled | Self::Model(ModelError::Cancelled) | Self::Import(ImportError::Cancelled) => 130,
            Self::Store(StoreError::Cancelled) | Self::Making(MakingError::Cancelled) => 130,
            Self::Data(EvaluationError::Making(MakingError::Cancelled)) => 130,
            Self::NoModel | Self::NoTexts | Self::NoPersonalModel | Self::NoConversations => 3,
            Self::UnfinishedTraining { .. } => 3,
            Self::Training(TrainingError::TooFewTexts { .. } | TrainingError::NoCheckpoint(_)) => 3,
            _ => 1,
        }
    }

    pub(super) fn file(path: &std::path::Path) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.to_path_buf();
        move |source| Self::File { path, source }
    }
}
