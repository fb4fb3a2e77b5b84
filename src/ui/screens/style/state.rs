//! What Style shows and what its keys change, and the job that measures the texts by source or by period. Knows neither keys nor how it is
//! drawn.

use crate::app::present::{self, AxisView, PairOfParts, PartView, PartsView, ProfileView};
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
    pub shown: Shown,
    pub(super) numbers: bool,
    /// The texts in parts, where they were asked for: by source, by time.
    parts: [Option<PartsView>; 2],
}

/// Which texts the picture shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Shown {
    #[default]
    All,
    /// Two sources: a place among all pairs.
    Sources {
        pair: usize,
    },
    Periods,
}

#[derive(Clone, Copy)]
pub(super) struct Compared<'s> {
    pub parts: &'s PartsView,
    pub first: &'s PartView,
    pub second: &'s PartView,
    pub pair: &'s PairOfParts,
}

impl Style {
    /// What the open comparison compares; none where all texts are shown together.
    pub(super) fn by(&self) -> Option<By> {
        match self.shown {
            Shown::All => None,
            Shown::Sources { .. } => Some(By::Source),
            Shown::Periods => Some(By::Time),
        }
    }

    /// The parts that are compared, where they are measured.
    pub(super) fn parts(&self) -> Option<&PartsView> {
        self.parts[self.by()? as usize].as_ref()
    }

    /// The two parts that are compared: the first period and the last, where that is what is shown.
    pub(super) fn compared(&self) -> Option<Compared<'_>> {
        let parts = self.parts()?;
        let pair = parts.pairs.get(self.pair(parts))?;
        Some(Compared { parts, first: parts.parts.get(pair.first)?, second: parts.parts.get(pair.second)?, pair })
    }

    pub(super) fn pair(&self, parts: &PartsView) -> usize {
        let Shown::Sources { pair } = self.shown else { return 0 };
        pair.min(parts.pairs.len().saturating_sub(1))
    }

    /// The axes from top to bottom: as the profile has them, or what differs first. Empty where there is no picture.
    pub(super) fn order(&self, shared: &Shared) -> Vec<usize> {
        let axes = shared.profile.as_ref().map_or(0, |profile| profile.axes.len());
        match (self.shown, self.compared()) {
            (Shown::All, _) => (0..axes).collect(),
            (_, Some(compared)) if axes > 0 => compared.pair.order.clone(),
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
        self.by() == Some(By::Source) && self.has_axes(shared) && more()
    }

    pub(super) fn may_open(&self, by: By, shared: &Shared) -> bool {
        self.has_axes(shared) && self.by() != Some(by)
    }

    pub(super) fn needs(&self, shared: &Shared) -> Vec<Effect> {
        if shared.profile.is_none() {
            return vec![Effect::Need(Need::Profile)];
        }
        let may_start = shared.may_start::<MeasureParts>() && self.has_axes(shared) && self.parts().is_none();
        let lacking = self.by().filter(|_| may_start).map(|by| Effect::start(MeasureParts(by)));
        // The ranking has the cautions.
        lacking.into_iter().chain([Effect::Need(Need::Selection)]).collect()
    }

    /// Compares parts, which are measured where they were not yet; what failed is tried again.
    pub(super) fn open(&mut self, by: By, shared: &Shared) -> Vec<Effect> {
        self.shown = match by {
            By::Source => Shown::Sources { pair: 0 },
            By::Time => Shown::Periods,
        };
        self.explain_first(shared);
        let measure = match self.parts() {
            Some(_) => Effect::Abandon(&MeasureParts::KIND),
            None => Effect::start(MeasureParts(by)),
        };
        vec![measure, Effect::Scroll(Scroll::Top)]
    }

    /// Back to all texts together; what went wrong in the comparison goes with it.
    pub(super) fn close(&mut self, _: &Shared) -> Vec<Effect> {
        self.shown = Shown::All;
        vec![Effect::Abandon(&MeasureParts::KIND), Effect::Scroll(Scroll::Top)]
    }

    pub(super) fn take(&mut self, parts: &PartsView, shared: &Shared) -> Vec<Effect> {
        self.parts[parts.by as usize] = Some(parts.clone());
        if self.by() == Some(parts.by) {
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
        if let Some(parts) = self.parts() {
            self.shown = Shown::Sources { pair: values::turn(self.pair(parts), parts.pairs.len(), by) };
        }
        self.explain_first(shared);
        vec![Effect::Scroll(Scroll::Top)]
    }
}

/// The profile as it is shown, where there are scores.
pub(super) fn scored(shared: &Shared) -> Option<ProfileView> {
    let profile = shared.profile.as_ref().filter(|profile| !profile.axes.is_empty())?;
    Some(present::profile(profile))
}

/// The axis at this place, or the last there is.
pub(super) fn axis_at(axes: &[AxisView], place: usize) -> Option<&AxisView> {
    axes.get(place.min(axes.len().saturating_sub(1)))
}
