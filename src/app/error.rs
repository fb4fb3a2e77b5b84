//! Everything a use case can fail with, and the exit code it stands for. States facts; only the command line and the screens know what
//! the user can type or press in response.

use std::error::Error;
use std::fmt::Display;
use std::io;
use std::path::{Path, PathBuf};

use crate::engine::EngineError;
use crate::import::ImportError;
use crate::library::LibraryError;
use crate::models::{CatalogError, ModelError};
use crate::platform::cancel::Cancelled;
use crate::platform::paths::NoHome;
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
    Training(#[from] TrainingError),
    #[error(transparent)]
    Library(#[from] LibraryError),
    #[error(transparent)]
    NoHome(#[from] NoHome),
    #[error("there is no base model on this machine yet")]
    NoModel,
    #[error("there are no texts yet")]
    NoTexts,
    #[error("there is no import to undo: what is here (texts: {texts}) was imported before imports were recorded")]
    NoImports { texts: usize },
    #[error("there is no run {number}")]
    NoRun { number: u32 },
    #[error("run {number}, which wrote last in this conversation, has been deleted")]
    LastVoiceGone { number: u32 },
    #[error("run {number} is the model in use")]
    RunInUse { number: u32 },
    #[error("run {number} cannot be compared with itself: choose two different runs")]
    SameRun { number: u32 },
    #[error("a name can have at most {most} characters, but this one has {length}: shorten it")]
    LongName { length: usize, most: usize },
    #[error("{folder} contains no complete model ({why}): restore it from a copy, or remove the folder")]
    BrokenRun { folder: PathBuf, why: String },
    #[error("{0} is not an empty folder, and nothing in it will be overwritten: choose another folder")]
    NotEmpty(PathBuf),
    #[error("there are no conversations yet")]
    NoConversations,
    #[error("you have no personal model yet")]
    NoPersonalModel,
    #[error("the library's embeddings were computed with {made_on}, but the base model is now {now}")]
    OtherReader { made_on: String, now: String },
    #[error("{what} was made for the base model {made_on}, but the base model is now {now}")]
    OtherBase { what: String, made_on: String, now: String },
    #[error("{what} has rank {rank}, alpha {alpha} and its own target modules, but you requested others")]
    OtherShape { what: String, rank: usize, alpha: f64 },
    #[error("measuring {part} failed: {why}")]
    Benchmark { part: String, why: String },
    #[error("another training run is active in {0}: wait for it, or stop it")]
    Busy(PathBuf),
    #[error("there is a stopped training run from {started_from} at step {step} of {steps}")]
    UnfinishedTraining { started_from: String, step: usize, steps: usize },
    #[error("{path}: {source}")]
    File { path: PathBuf, source: io::Error },
    #[error("{path} is malformed ({why}): remove it, or restore it from a copy")]
    Malformed { path: PathBuf, why: String },
    #[error("{path} cannot be used: {why}")]
    Settings { path: PathBuf, why: String },
    #[error("{0} of the checks failed; each one above says what to do")]
    Unhealthy(usize),
    #[error("{0}")]
    Cancelled(#[from] Cancelled),
}

impl AppError {
    /// 130 for a stop, as shells report an interrupt; 3 where something has to be done first (no texts, no model,
    /// too little text); 1 otherwise. 2 is for a wrong command line.
    pub fn exit_code(&self) -> u8 {
        match self {
            _ if self.is_cancelled() => 130,
            Self::NoModel | Self::NoTexts | Self::NoPersonalModel | Self::NoConversations => 3,
            Self::UnfinishedTraining { .. } => 3,
            Self::Training(TrainingError::TooFewTexts { .. } | TrainingError::NoCheckpoint(_)) => 3,
            _ => 1,
        }
    }

    /// Whether the user stopped it, in whichever layer that was noticed.
    pub fn is_cancelled(&self) -> bool {
        let mut cause: Option<&(dyn Error + 'static)> = self.source();
        while let Some(error) = cause {
            if error.is::<Cancelled>() {
                return true;
            }
            cause = error.source();
        }
        false
    }

    /// Of reading or writing what is at `path`.
    pub fn file(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_path_buf();
        move |source| Self::File { path, source }
    }

    /// What came of reading or removing what is at `path`; none where nothing is there.
    pub(super) fn if_there<T>(path: &Path, result: io::Result<T>) -> Result<Option<T>, Self> {
        match result {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            result => result.map(Some).map_err(Self::file(path)),
        }
    }

    /// An adapter is a change to one base model; on another it is noise.
    pub(super) fn check_base(what: &str, made_on: &str, now: &str) -> Result<(), Self> {
        if made_on == now {
            return Ok(());
        }
        Err(Self::OtherBase { what: what.to_owned(), made_on: made_on.to_owned(), now: now.to_owned() })
    }

    pub(super) fn malformed<E: Display>(path: impl Into<PathBuf>) -> impl Fn(E) -> Self {
        let path = path.into();
        move |why| Self::Malformed { path: path.clone(), why: why.to_string() }
    }
}
