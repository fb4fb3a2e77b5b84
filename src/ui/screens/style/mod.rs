//! Style: where the user stands on each axis, and what is behind it; two sources compared, and change over time.

mod compare;
mod pane;
mod time;
mod view;

use ratatui::Frame;
use ratatui::layout::Rect;

use super::Behaviour;
use crate::app::profile::Parts;
use crate::style::Profile;
use crate::ui::message::{Effect, Job, JobKind, Report};
use crate::ui::model::Model;
use crate::ui::theme::Theme;
use crate::ui::widgets::Seen;

pub use pane::{Pane, close_pane, down, has_axes, has_pairs, is_open, may_open, next_pair, open, previous_pair, up};

#[derive(Debug, Default)]
pub struct State {
    pub profile: Option<Box<Profile>>,
    /// The axis whose explanation is shown, in the profile's order.
    pub cursor: usize,
    /// What is shown in place of all texts together.
    pub pane: Option<Pane>,
    /// The texts in parts, where they were asked for.
    pub by_source: Option<Box<Parts>>,
    pub by_time: Option<Box<Parts>>,
}

/// The screen.
pub struct Style;

impl Behaviour for Style {
    fn name(&self) -> &'static str {
        "Style"
    }

    fn about(&self) -> &'static str {
        "Style: where you stand between pairs of poles, measured on your texts and compared with the base model's own \
         writing. Each score has an interval, the features behind it, and your own sentences as examples. Two places that \
         your texts come from can be compared, and what you wrote earlier with what you wrote later."
    }

    fn draw(&self, model: &Model, theme: &Theme, frame: &mut Frame<'_>, area: Rect) -> Seen {
        view::draw(model, theme, frame, area)
    }

    fn jobs(&self) -> &'static [JobKind] {
        &[JobKind::Profile, JobKind::Parts]
    }

    fn stops(&self) -> &'static [JobKind] {
        &[JobKind::Parts]
    }

    fn cursor(&self, model: &mut Model) -> Option<(usize, usize)> {
        let style = &model.screens.style;
        let order = style.order();
        Some((style.row(&order), order.len()))
    }

    fn go_to(&self, model: &mut Model, row: usize) {
        let style = &mut model.screens.style;
        if let Some(&axis) = style.order().get(row) {
            style.cursor = axis;
        }
    }

    fn missing(&self, model: &Model) -> Option<Job> {
        lacks_profile(model).or_else(|| pane::lacks_parts(model))
    }

    fn forget(&self, model: &mut Model) {
        let style = &mut model.screens.style;
        (style.profile, style.by_source, style.by_time) = (None, None, None);
    }
}

/// The profile, where it is not there yet: other screens build on it, too.
#[must_use]
pub fn lacks_profile(model: &Model) -> Option<Job> {
    model.screens.style.profile.is_none().then_some(Job::Profile)
}

pub fn hear(model: &mut Model, report: Report) -> Vec<Effect> {
    match report {
        Report::Profiled(profile) => {
            let style = &mut model.screens.style;
            style.cursor = style.cursor.min(profile.axes.len().saturating_sub(1));
            style.profile = Some(profile);
        }
        Report::Parted(parts) => pane::hear(model, parts),
        _ => {}
    }
    Vec::new()
}
