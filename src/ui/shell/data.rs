//! The jobs whose results several screens share: what is in the data folder, the profile, the ranking, the base model; and settings.

use std::sync::Arc;

use super::advice::explain;
use super::job::{Job, Kind, Worker};
use super::shared::Shared;
use crate::app::basis::Basis;
use crate::app::select::Selected;
use crate::app::settings::Setting;
use crate::app::status::Status;
use crate::app::{self, AppError};
use crate::models::Event as FetchEvent;
use crate::style::Profile;

/// See what is there: texts, base model, runs.
#[derive(Debug)]
pub struct Look;

impl Job for Look {
    type Report = Status;
    const KIND: Kind = Kind { id: "look", title: "Checking the data folder", long: false };

    fn run(&self, worker: &Worker, _tell: &dyn Fn(Status)) -> Result<Status, AppError> {
        Ok(app::status::look(&worker.context, explain))
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
pub struct Save(pub Setting);

impl Job for Save {
    type Report = ();
    const KIND: Kind = Kind { id: "save-setting", title: "Saving the setting", long: false };

    fn run(&self, worker: &Worker, _tell: &dyn Fn(())) -> Result<(), AppError> {
        self.0.save(&worker.settings())
    }
}
