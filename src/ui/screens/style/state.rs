//! What Style shows and what its keys change, and the job that measures the texts by source or by period. Knows neither keys nor how it is
//! drawn.

use crate::app::present::{self, PairOfParts, PartsView};
use crate::app::profile::By;
use crate::app::{self, AppError};
use crate::ui::shell::{Effect, Job, Kind, Need, Scroll, Shared, Worker};
use crate::ui::values;

#[derive(Debug)]
pub struct MeasureParts(pub By);

impl Job for MeasureParts {
    type Report = PartsView;
    const KIND: Kind = Kind { id: "parts", title: "Measuring the parts", long: false };

    fn run(&self, worker: &Worker, _tell: &dyn Fn(Self::Report)) -> Result<Self::Report, AppError> {
        Ok(present::parts(&app::profile::by(&worker.context, self.0, &worker.cancel)?))
    }
}

#[derive(Debug, Default)]
pub struct Style {
    /// The axis that is explained, in the profile's order.
    pub(super) axis: usize,
    /// What the open comparison compares; none where all texts are shown together.
    pub by: Option<By>,
    /// Which two sources are compared: a place among all pairs.
    pub(super) pair: usize,
    pub(super) numbers: bool,
    /// The texts in parts, where they were asked for: by source, by time.
    parts: [Option<PartsView>; 2],
}

impl Style {
    /// The parts that are compared, where they are measured.
    pub(super) fn parts(&self) -> Option<&PartsView> {
        self.parts[self.by? as usize].as_ref()
    }

    /// The same with the two that are compared: the first period and the last, where that is what is shown.
    pub(super) fn compared(&self) -> Option<(&PartsView, &PairOfParts)> {
        let parts = self.parts()?;
        Some((parts, parts.pairs.get(self.pair)?))
    }

    /// The axes from top to bottom: as the profile has them, or what differs first. Empty where there is no picture.
    pub(super) fn order(&self, shared: &Shared) -> Vec<usize> {
        let axes = shared.profile.as_ref().map_or(0, |profile| profile.axes.len());
        match (self.by, self.compared()) {
            (None, _) => (0..axes).collect(),
            (_, Some((_, pair))) if axes > 0 => pair.order.clone(),
            _ => Vec::new(),
        }
    }

    /// The row of the explained axis in that order.
    pub(super) fn row(&self, order: &[usize]) -> usize {
        order.iter().position(|&axis| axis == self.axis).unwrap_or(0)
    }

    pub(super) fn has_axes(&self, shared: &Shared) -> bool {
        shared.profile.as_ref().is_some_and(|profile| !profile.axes.is_empty())
    }

    /// Whether there are more sources than the two that are compared.
    pub(super) fn has_pairs(&self, shared: &Shared) -> bool {
        let more = || self.parts().is_some_and(|parts| parts.pairs.len() > 1);
        self.by == Some(By::Source) && self.has_axes(shared) && more()
    }

    pub(super) fn may_open(&self, by: By, shared: &Shared) -> bool {
        self.has_axes(shared) && self.by != Some(by)
    }

    pub(super) fn needs(&self, shared: &Shared) -> Vec<Effect> {
        if shared.profile.is_none() {
            return vec![Effect::Need(Need::Profile)];
        }
        let may_start = shared.may_start::<MeasureParts>() && self.has_axes(shared) && self.parts().is_none();
        let lacking = self.by.filter(|_| may_start).map(|by| Effect::start(MeasureParts(by)));
        // The ranking has the cautions.
        lacking.into_iter().chain([Effect::Need(Need::Selection)]).collect()
    }

    /// Compares parts, which are measured where they were not yet; what failed is tried again.
    pub(super) fn open(&mut self, by: By, shared: &Shared) -> Vec<Effect> {
        (self.by, self.pair) = (Some(by), 0);
        self.explain_first(shared);
        let measure = match self.parts() {
            Some(_) => Effect::Abandon(&MeasureParts::KIND),
            None => Effect::start(MeasureParts(by)),
        };
        vec![measure, Effect::Scroll(Scroll::Top)]
    }

    /// Back to all texts together; what went wrong in the comparison goes with it.
    pub(super) fn close(&mut self, _: &Shared) -> Vec<Effect> {
        self.by = None;
        vec![Effect::Abandon(&MeasureParts::KIND), Effect::Scroll(Scroll::Top)]
    }

    pub(super) fn take(&mut self, parts: &PartsView, shared: &Shared) -> Vec<Effect> {
        self.parts[parts.by as usize] = Some(parts.clone());
        if self.by == Some(parts.by) {
            // After new texts there may be fewer.
            self.pair = self.pair.min(parts.pairs.len().saturating_sub(1));
            self.explain_first(shared);
        }
        vec![Effect::Scroll(Scroll::Top)]
    }

    pub(super) fn forget(&mut self) -> Vec<Effect> {
        self.parts = [None, None];
        vec![Effect::Abandon(&MeasureParts::KIND)]
    }

    fn explain_first(&mut self, shared: &Shared) {
        self.axis = self.order(shared).first().copied().unwrap_or(self.axis);
    }

    pub(super) fn select(&mut self, row: usize, shared: &Shared) -> Vec<Effect> {
        self.axis = self.order(shared).get(row).copied().unwrap_or(self.axis);
        vec![Effect::Scroll(Scroll::Top)]
    }

    /// The next two sources, or those before; after the last two come the first.
    pub(super) fn turn(&mut self, by: isize, shared: &Shared) -> Vec<Effect> {
        let pairs = self.parts().map_or(0, |parts| parts.pairs.len());
        self.pair = values::turn(self.pair, pairs, by);
        self.explain_first(shared);
        vec![Effect::Scroll(Scroll::Top)]
    }
}
