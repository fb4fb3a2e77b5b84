//! Style: where the user stands on each axis, and what is behind it.

mod view;

use ratatui::Frame;
use ratatui::layout::Rect;

use super::Behaviour;
use crate::style::Profile;
use crate::ui::message::{Effect, Job, JobKind, Report};
use crate::ui::model::Model;
use crate::ui::theme::Theme;

#[derive(Debug, Default)]
pub struct State {
    pub profile: Option<Box<Profile>>,
    /// The axis whose explanation is shown.
    pub cursor: usize,
}

/// The screen.
pub struct Style;

impl Behaviour for Style {
    fn name(&self) -> &'static str {
        "Style"
    }

    fn about(&self) -> &'static str {
        "Style: where you stand between pairs of poles, measured on your texts and compared with the base model's own \
         writing. Each score has an interval, the features behind it, and your own sentences as examples."
    }

    fn draw(&self, model: &Model, theme: &Theme, frame: &mut Frame<'_>, area: Rect) -> usize {
        view::draw(model, theme, frame, area)
    }

    fn jobs(&self) -> &'static [JobKind] {
        &[JobKind::Profile]
    }

    fn missing(&self, model: &Model) -> Option<Job> {
        model.screens.style.profile.is_none().then_some(Job::Profile)
    }

    fn forget(&self, model: &mut Model) {
        model.screens.style.profile = None;
    }

    fn list<'m>(&self, model: &'m mut Model) -> Option<(&'m mut usize, usize)> {
        let style = &mut model.screens.style;
        let length = style.profile.as_ref().map_or(0, |profile| profile.axes.len());
        Some((&mut style.cursor, length))
    }
}

pub fn hear(model: &mut Model, report: Report) -> Vec<Effect> {
    if let Report::Profiled(profile) = report {
        let style = &mut model.screens.style;
        style.cursor = style.cursor.min(profile.axes.len().saturating_sub(1));
        style.profile = Some(profile);
    }
    Vec::new()
}
