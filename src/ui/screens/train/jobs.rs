//! The jobs of Train: a training, what one would take, the curve of an earlier one, and discarding a stopped one.

use std::sync::Arc;

use crate::app::forecast::Forecast;
use crate::app::runs::{Curve, Record};
use crate::app::train::{Options, Update};
use crate::app::{self, AppError};
use crate::training::Event as TrainEvent;
use crate::ui::shell::{Job, Kind, Worker};

/// Train, or continue a stopped training.
#[derive(Debug)]
pub struct Training(pub Options);

/// What [`Training`] says.
#[derive(Debug)]
pub enum Progress {
    /// What it does before the first step.
    Phase(String),
    /// The losses up to where a stopped training is resumed.
    Earlier(Curve),
    /// The losses of an earlier run from scratch on the same texts.
    Reference(Curve),
    Event(TrainEvent),
    Done(Box<Record>),
}

impl Job for Training {
    type Report = Progress;
    const KIND: Kind = Kind { id: "train", title: "Training", long: true };

    fn run(&self, worker: &Worker, tell: &dyn Fn(Progress)) -> Result<Progress, AppError> {
        worker.unload_writer();
        if self.0.resume {
            tell(Progress::Earlier(app::train::unfinished_curve(&worker.context)));
        }
        let mut report = |update: Update<'_>| {
            tell(match update {
                Update::Phase(phase) => Progress::Phase(phase.to_owned()),
                Update::Event(event) => Progress::Event(event.clone()),
                Update::Reference(run) => Progress::Reference(run.curve.clone()),
            });
        };
        let record = app::train::train(&worker.context, &self.0, &worker.cancel, &mut report)?;
        Ok(Progress::Done(Box::new(record)))
    }
}

/// Estimate what a training from each start point would take.
#[derive(Debug)]
pub struct Estimate(pub Options);

/// What [`Estimate`] says.
#[derive(Debug)]
pub enum Estimating {
    Phase(String),
    Done(Arc<Forecast>),
}

impl Job for Estimate {
    type Report = Estimating;
    const KIND: Kind = Kind { id: "forecast", title: "The estimate", long: false };

    fn run(&self, worker: &Worker, tell: &dyn Fn(Estimating)) -> Result<Estimating, AppError> {
        worker.unload_writer();
        let mut report = |phase: &str| tell(Estimating::Phase(phase.to_owned()));
        let forecast = app::forecast::forecast(&worker.context, &self.0, &worker.cancel, &mut report)?;
        Ok(Estimating::Done(Arc::new(forecast)))
    }
}

/// Read the curve of a training that is over: of this run, or of the stopped one. Empty where there is none.
#[derive(Debug)]
pub struct EarlierCurve(pub Option<u32>);

impl Job for EarlierCurve {
    type Report = Curve;
    const KIND: Kind = Kind { id: "curve", title: "Reading the curve", long: false };

    fn run(&self, worker: &Worker, _tell: &dyn Fn(Curve)) -> Result<Curve, AppError> {
        let context = &worker.context;
        let Some(number) = self.0 else { return Ok(app::train::unfinished_curve(context)) };
        Ok(app::runs::show(context, number).map(|run| run.curve).unwrap_or_default())
    }
}

/// Delete the checkpoint of the stopped training.
#[derive(Debug)]
pub struct Discard;

impl Job for Discard {
    type Report = ();
    const KIND: Kind = Kind { id: "discard-training", title: "Discarding the stopped training", long: false };

    fn run(&self, worker: &Worker, _tell: &dyn Fn(())) -> Result<(), AppError> {
        app::train::discard(&worker.context)
    }
}
