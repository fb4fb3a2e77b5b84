//! What stands in place of all texts together: two sources side by side, or spans of time. Knows which two, not how they are drawn.

use super::State;
use crate::app::profile::{By, Compared, Part, Parts, differing_first};
use crate::ui::message::{Effect, Job};
use crate::ui::model::Model;
use crate::ui::screens::Screen;
use crate::ui::update;

/// An open pane.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pane {
    pub by: By,
    /// Which two of the sources are compared: a place among all pairs.
    pub pair: usize,
}

/// Two parts and how they differ.
pub(super) struct Shown<'m> {
    pub first: &'m Part,
    pub second: &'m Part,
    pub compared: &'m Compared,
}

impl State {
    /// The parts that the open pane shows, where they are measured.
    #[must_use]
    pub fn parts(&self) -> Option<&Parts> {
        let parts = match self.pane?.by {
            By::Source => &self.by_source,
            By::Time => &self.by_time,
        };
        parts.as_deref()
    }

    /// The two parts that are compared.
    pub(super) fn shown(&self) -> Option<Shown<'_>> {
        let parts = self.parts()?;
        let last = parts.differences.len().checked_sub(1)?;
        let compared = &parts.differences[self.pane?.pair.min(last)];
        let part = |at: usize| parts.parts.get(at);
        Some(Shown { first: part(compared.first)?, second: part(compared.second)?, compared })
    }

    /// The axes from top to bottom: as the profile has them, or, in a pane, what differs first. None where there is no list.
    pub(super) fn order(&self) -> Vec<usize> {
        let axes = self.profile.as_ref().map_or(0, |profile| profile.axes.len());
        match (self.pane, self.shown()) {
            (None, _) => (0..axes).collect(),
            (Some(_), Some(shown)) => differing_first(&shown.compared.axes),
            (Some(_), None) => Vec::new(),
        }
    }

    /// The row of the highlighted axis in that order.
    pub(super) fn row(&self, order: &[usize]) -> usize {
        order.iter().position(|&axis| axis == self.cursor).unwrap_or(0)
    }
}

/// Whether there is a profile with scores.
fn is_scored(model: &Model) -> bool {
    model.screens.style.profile.as_ref().is_some_and(|profile| !profile.axes.is_empty())
}

/// Whether there is a list of axes to move in.
#[must_use]
pub fn has_axes(model: &Model) -> bool {
    is_scored(model) && !model.screens.style.order().is_empty()
}

#[must_use]
pub fn is_open(model: &Model) -> bool {
    is_scored(model) && model.screens.style.pane.is_some()
}

#[must_use]
pub fn may_open(model: &Model, by: By) -> bool {
    is_scored(model) && model.screens.style.pane.is_none_or(|pane| pane.by != by)
}

/// Whether there are more sources than the two that are compared.
#[must_use]
pub fn has_pairs(model: &Model) -> bool {
    is_open(model) && model.screens.style.parts().is_some_and(|parts| parts.differences.len() > 1)
}

/// What the open pane lacks.
pub(super) fn lacks_parts(model: &Model) -> Option<Job> {
    let style = &model.screens.style;
    let pane = style.pane.filter(|_| is_open(model) && style.parts().is_none())?;
    Some(Job::Parts(pane.by))
}

/// Opens a pane, and has measured what it shows.
pub fn open(model: &mut Model, by: By) -> Vec<Effect> {
    model.screens.style.pane = Some(Pane { by, pair: 0 });
    model.failures[Screen::Style.index()] = None;
    to_first(model);
    update::show(model, Screen::Style)
}

/// Back to all texts together; what went wrong in the pane goes with it.
pub fn close_pane(model: &mut Model) -> Vec<Effect> {
    model.screens.style.pane = None;
    model.failures[Screen::Style.index()] = None;
    model.scroll = 0;
    Vec::new()
}

pub(super) fn hear(model: &mut Model, parts: Box<Parts>) {
    let by = parts.by;
    let style = &mut model.screens.style;
    match by {
        By::Source => style.by_source = Some(parts),
        By::Time => style.by_time = Some(parts),
    }
    if style.pane.is_some_and(|pane| pane.by == by) {
        to_first(model);
    }
}

/// Highlights what differs most.
fn to_first(model: &mut Model) {
    let style = &mut model.screens.style;
    if let Some(&axis) = style.order().first() {
        style.cursor = axis;
    }
    model.scroll = 0;
}

pub fn down(model: &mut Model) -> Vec<Effect> {
    step(model, 1)
}

pub fn up(model: &mut Model) -> Vec<Effect> {
    step(model, -1)
}

fn step(model: &mut Model, by: isize) -> Vec<Effect> {
    let style = &mut model.screens.style;
    let order = style.order();
    let row = style.row(&order).saturating_add_signed(by).min(order.len().saturating_sub(1));
    if let Some(&axis) = order.get(row) {
        style.cursor = axis;
        model.scroll = 0;
    }
    Vec::new()
}

pub fn next_pair(model: &mut Model) -> Vec<Effect> {
    turn(model, 1)
}

pub fn previous_pair(model: &mut Model) -> Vec<Effect> {
    turn(model, -1)
}

/// The next two sources, or those before; after the last two come the first.
fn turn(model: &mut Model, by: isize) -> Vec<Effect> {
    let style = &mut model.screens.style;
    let pairs = style.parts().map_or(0, |parts| parts.differences.len());
    if let Some(pane) = style.pane.as_mut().filter(|_| pairs > 0) {
        pane.pair = (pane.pair.min(pairs - 1) + pairs).saturating_add_signed(by) % pairs;
        to_first(model);
    }
    Vec::new()
}
