//! What Style shows and what its keys change. Knows neither keys nor how it is drawn.

use super::jobs::MeasureParts;
use crate::app::present::{self, AxisView, PairOfParts, PartView, PartsView, ProfileView};
use crate::app::profile::By;
use crate::ui::shell::effect::{Effect, Need, Scroll};
use crate::ui::shell::job::Job;
use crate::ui::shell::shared::Shared;

#[derive(Debug, Default)]
pub struct Style {
    /// The axis that is explained, in the profile's order.
    pub(super) axis: usize,
    pub(super) shown: Shown,
    /// Whether the numbers behind the picture are shown.
    pub(super) numbers: bool,
    /// The texts in parts, where they were asked for.
    by_source: Option<PartsView>,
    by_time: Option<PartsView>,
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

/// Two parts and how they differ.
#[derive(Clone, Copy)]
pub struct Compared<'s> {
    pub first: &'s PartView,
    pub second: &'s PartView,
    pub pair: &'s PairOfParts,
}

impl Style {
    #[must_use]
    pub fn shown(&self) -> Shown {
        self.shown
    }

    /// What the open comparison compares; none where all texts are shown together.
    pub(super) fn by(&self) -> Option<By> {
        match self.shown {
            Shown::All => None,
            Shown::Sources { .. } => Some(By::Source),
            Shown::Periods => Some(By::Time),
        }
    }

    fn measured(&self, by: By) -> Option<&PartsView> {
        match by {
            By::Source => self.by_source.as_ref(),
            By::Time => self.by_time.as_ref(),
        }
    }

    /// The parts that are compared, where they are measured.
    pub(super) fn parts(&self) -> Option<&PartsView> {
        self.measured(self.by()?)
    }

    /// The two parts that are compared: the first period and the last, where that is what is shown.
    pub(super) fn compared(&self) -> Option<Compared<'_>> {
        let parts = self.parts()?;
        let pair = parts.pairs.get(self.pair(parts))?;
        Some(Compared { first: parts.parts.get(pair.first)?, second: parts.parts.get(pair.second)?, pair })
    }

    /// The place of the shown pair among all.
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

    /// Whether there is a style with scores.
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

    /// What the screen lacks, unless it is on its way or failed.
    pub(super) fn needs(&self, shared: &Shared) -> Vec<Effect> {
        if shared.profile.is_none() {
            return vec![Effect::Need(Need::Profile)];
        }
        let idle = !shared.runs::<MeasureParts>() && shared.failure(&MeasureParts::KIND).is_none();
        let lacking = self.by().filter(|by| idle && self.has_axes(shared) && self.measured(*by).is_none());
        // The ranking has the cautions.
        let ranking = Some(Effect::Need(Need::Selection));
        lacking.map(|by| Effect::start(MeasureParts(by))).into_iter().chain(ranking).collect()
    }

    /// Compares parts, which are measured where they were not yet; what failed is tried again.
    pub(super) fn open(&mut self, by: By, shared: &Shared) -> Vec<Effect> {
        self.shown = match by {
            By::Source => Shown::Sources { pair: 0 },
            By::Time => Shown::Periods,
        };
        self.explain_first(shared);
        let measure = match self.measured(by) {
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
        let by = parts.by;
        match by {
            By::Source => self.by_source = Some(parts.clone()),
            By::Time => self.by_time = Some(parts.clone()),
        }
        if self.by() == Some(by) {
            self.explain_first(shared);
        }
        vec![Effect::Scroll(Scroll::Top)]
    }

    pub(super) fn forget(&mut self) -> Vec<Effect> {
        (self.by_source, self.by_time) = (None, None);
        vec![Effect::Abandon(&MeasureParts::KIND)]
    }

    /// Explains what differs most.
    fn explain_first(&mut self, shared: &Shared) {
        if let Some(&axis) = self.order(shared).first() {
            self.axis = axis;
        }
    }

    pub(super) fn select(&mut self, row: usize, shared: &Shared) -> Vec<Effect> {
        if let Some(&axis) = self.order(shared).get(row) {
            self.axis = axis;
        }
        vec![Effect::Scroll(Scroll::Top)]
    }

    pub(super) fn next_pair(&mut self, shared: &Shared) -> Vec<Effect> {
        self.turn(1, shared)
    }

    pub(super) fn previous_pair(&mut self, shared: &Shared) -> Vec<Effect> {
        self.turn(-1, shared)
    }

    /// The next two sources, or those before; after the last two come the first.
    fn turn(&mut self, by: isize, shared: &Shared) -> Vec<Effect> {
        let Some(pairs) = self.parts().map(|parts| parts.pairs.len()).filter(|pairs| *pairs > 0) else {
            return Vec::new();
        };
        if let Shown::Sources { pair } = &mut self.shown {
            *pair = ((*pair).min(pairs - 1) + pairs).saturating_add_signed(by) % pairs;
        }
        self.explain_first(shared);
        vec![Effect::Scroll(Scroll::Top)]
    }

    pub(super) fn toggle_numbers(&mut self, _: &Shared) -> Vec<Effect> {
        self.numbers = !self.numbers;
        Vec::new()
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
