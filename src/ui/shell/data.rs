//! The jobs whose results several screens share: what is in the data folder, the profile, the ranking, the base model; and settings.

use std::sync::Arc;

use super::advice::explain;
use super::job::{Job, Kind, Worker};
use super::shared::{Shared, Status};
use crate::app::basis::Basis;
use crate::app::select::Selected;
use crate::app::{self, AppError, Context};
use crate::models::Event as FetchEvent;
use crate::style::Profile;

/// See what is there: texts, base model, runs.
#[derive(Debug)]
pub struct Look;

impl Job for Look {
    type Report = Status;
    const KIND: Kind = Kind { id: "look", title: "Checking the data folder", long: false };

    fn run(&self, worker: &Worker, _tell: &dyn Fn(Status)) -> Result<Status, AppError> {
        Ok(look(&worker.context))
    }
}

#[derive(Debug)]
pub struct Measure;

impl Job for Measure {
    type Report = Arc<Profile>;
    const KIND: Kind = Kind { id: "profile", title: "Measuring the style", long: false };

    fn run(&self, worker: &Worker, _tell: &dyn Fn(Self::Report)) -> Result<Self::Report, AppError> {
        Ok(Arc::new(app::profile::profile(&worker.context)?))
    }
}

#[derive(Debug)]
pub struct Select;

impl Job for Select {
    type Report = (Arc<Selected>, Arc<Basis>);
    const KIND: Kind = Kind { id: "select", title: "Ranking the library", long: false };

    fn run(&self, worker: &Worker, _tell: &dyn Fn(Self::Report)) -> Result<Self::Report, AppError> {
        let (selected, basis) = app::select::select_with_basis(&worker.context)?;
        Ok((Arc::new(selected), Arc::new(basis)))
    }
}

#[derive(Debug)]
pub struct FetchBase;

/// Whether the base model is not here and could be.
pub fn may_fetch(shared: &Shared) -> bool {
    shared.status.is_some() && !shared.has_base() && !shared.runs::<FetchBase>()
}

#[derive(Debug)]
pub enum Fetching {
    Event(FetchEvent),
    /// It is here; its name.
    Done(String),
}

impl Job for FetchBase {
    type Report = Fetching;
    const KIND: Kind = Kind { id: "fetch-base", title: "Downloading the base model", long: true };

    fn run(&self, worker: &Worker, tell: &dyn Fn(Fetching)) -> Result<Fetching, AppError> {
        let mut progress = |event: FetchEvent| tell(Fetching::Event(event));
        let files = app::base::pull(&worker.context, &mut progress, &worker.cancel)?;
        Ok(Fetching::Done(format!("{} ({})", files.name, files.verified)))
    }
}

#[derive(Debug)]
pub enum Save {
    Theme(String),
    Mouse(bool),
    /// Whether the first run's guide comes back.
    Guide(bool),
    /// MiB.
    TrainingMemory(Option<u64>),
    TrainingMinutes(Option<f64>),
}

impl Job for Save {
    type Report = ();
    const KIND: Kind = Kind { id: "save-setting", title: "Saving the setting", long: false };

    fn run(&self, worker: &Worker, _tell: &dyn Fn(())) -> Result<(), AppError> {
        let file = worker.settings();
        let (name, value) = match self {
            Self::Theme(name) => ("theme", Some(name.clone().into())),
            Self::Mouse(ours) => ("mouse", Some((*ours).into())),
            Self::Guide(wanted) => ("guide", Some((*wanted).into())),
            Self::TrainingMemory(mebibytes) => {
                let mebibytes = mebibytes.and_then(|mebibytes| i64::try_from(mebibytes).ok());
                ("training_memory", mebibytes.map(Into::into))
            }
            Self::TrainingMinutes(minutes) => ("training_minutes", minutes.map(Into::into)),
        };
        app::settings::save(&file, name, value)
    }
}

/// Everything there is; what cannot be seen is said and does not hide the rest.
fn look(context: &Context) -> Status {
    let mut status = Status::default();
    let wanted = context.model.as_deref().and_then(|named| context.catalog.find(named));
    let wanted = wanted.unwrap_or_else(|| context.catalog.default_model());
    status.wanted = (wanted.name.clone(), wanted.licence.clone(), wanted.file.bytes);
    let problems = &mut status.problems;
    // Merely looking makes no database.
    if context.paths.database().exists() {
        let seen = context.store().and_then(|store| Ok((store.summary()?, store.last_import()?)));
        (status.texts, status.last_import) = seen_or_told(seen, problems);
    }
    let base = seen_or_told(app::base::locate(context), problems);
    status.base = base.map(|files| (files.name, files.source));
    status.in_use = seen_or_told(app::runs::in_use(context), problems);
    status.runs = seen_or_told(app::runs::numbers(context), problems);
    status.unfinished = app::train::unfinished(context);
    status
}

fn seen_or_told<T: Default>(seen: Result<T, AppError>, problems: &mut Vec<String>) -> T {
    seen.unwrap_or_else(|error| {
        problems.push(explain(&error));
        T::default()
    })
}
