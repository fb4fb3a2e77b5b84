//! The job of Style: measure the texts by source or by period.

use crate::app::present::{self, PartsView};
use crate::app::profile::By;
use crate::app::{self, AppError};
use crate::ui::shell::job::{Job, Kind, Worker};

#[derive(Debug)]
pub struct MeasureParts(pub By);

impl Job for MeasureParts {
    type Report = PartsView;
    const KIND: Kind = Kind { id: "parts", title: "Measuring the parts", long: false };

    fn run(&self, worker: &Worker, _tell: &dyn Fn(Self::Report)) -> Result<Self::Report, AppError> {
        Ok(present::parts(&app::profile::by(&worker.context, self.0, &worker.cancel)?))
    }
}
