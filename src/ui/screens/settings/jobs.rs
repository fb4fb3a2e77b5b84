//! The job of Settings: see whether everything on this machine is in order.

use crate::app::doctor::Check;
use crate::app::{self, AppError};
use crate::ui::shell::job::{Job, Kind, Worker};

#[derive(Debug)]
pub struct Examine;

impl Job for Examine {
    type Report = Vec<Check>;
    const KIND: Kind = Kind { id: "check", title: "Checking this machine", long: false };

    fn run(&self, worker: &Worker, _tell: &dyn Fn(Self::Report)) -> Result<Self::Report, AppError> {
        Ok(app::doctor::examine(&worker.context, &worker.cancel))
    }
}
