//! Settings: how the screens look and listen, and whether everything on this machine is in order. A change is seen at once and kept in
//! `config.toml`.

mod view;

use ratatui::Frame;
use ratatui::layout::Rect;

use super::Behaviour;
use crate::app::doctor::Check;
use crate::ui::message::{Effect, Job, JobKind, Report, Setting};
use crate::ui::model::{Model, Tone};
use crate::ui::theme::Theme;
use crate::ui::widgets::Seen;

#[derive(Debug, Default)]
pub struct State {
    /// The themes that there are, by name, and which is in use.
    pub themes: Vec<String>,
    pub theme: usize,
    pub cursor: usize,
    /// Where settings are kept, as it is shown.
    pub file: String,
    /// What was found on this machine; absent until it is looked at.
    pub checks: Option<Vec<Check>>,
}

/// What can be changed here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Row {
    Theme,
    Mouse,
}

impl Row {
    pub const ALL: [Self; 2] = [Self::Theme, Self::Mouse];
}

/// The screen.
pub struct Settings;

impl Behaviour for Settings {
    fn name(&self) -> &'static str {
        "Settings"
    }

    fn about(&self) -> &'static str {
        "Settings: how the screens look and what they listen to, and what was found on this machine. Changes are kept in \
         config.toml, where keys of your own can stand, too."
    }

    fn draw(&self, model: &Model, theme: &Theme, frame: &mut Frame<'_>, area: Rect) -> Seen {
        view::draw(model, theme, frame, area)
    }

    fn jobs(&self) -> &'static [JobKind] {
        &[JobKind::Check, JobKind::Save]
    }

    fn needs_texts(&self) -> bool {
        false
    }

    fn missing(&self, model: &Model) -> Option<Job> {
        model.screens.settings.checks.is_none().then_some(Job::Check)
    }

    fn forget(&self, model: &mut Model) {
        model.screens.settings.checks = None;
    }

    fn list<'m>(&self, model: &'m mut Model) -> Option<(&'m mut usize, usize)> {
        Some((&mut model.screens.settings.cursor, Row::ALL.len()))
    }
}

pub fn next_value(model: &mut Model) -> Vec<Effect> {
    change(model, 1)
}

pub fn previous_value(model: &mut Model) -> Vec<Effect> {
    change(model, -1)
}

fn change(model: &mut Model, by: isize) -> Vec<Effect> {
    match Row::ALL[model.screens.settings.cursor.min(Row::ALL.len() - 1)] {
        Row::Theme => change_theme(model, by),
        Row::Mouse => toggle_mouse(model),
    }
}

fn change_theme(model: &mut Model, by: isize) -> Vec<Effect> {
    let settings = &mut model.screens.settings;
    let count = isize::try_from(settings.themes.len()).unwrap_or(0);
    if count == 0 {
        return Vec::new();
    }
    let now = isize::try_from(settings.theme).unwrap_or(0);
    settings.theme = usize::try_from((now + by).rem_euclid(count)).unwrap_or(0);
    let name = settings.themes[settings.theme].clone();
    let mut effects = vec![Effect::Theme(name.clone())];
    effects.extend(model.jobs.start(Job::Save(Setting::Theme(name))));
    effects
}

/// Leaves the mouse to the terminal, which selects text with it, or takes it back.
pub fn toggle_mouse(model: &mut Model) -> Vec<Effect> {
    model.mouse = !model.mouse;
    let who = if model.mouse { "XPerT's" } else { "the terminal's, to select text with" };
    model.say(Tone::Plain, format!("The mouse is {who} now."));
    let mut effects = vec![Effect::Mouse(model.mouse)];
    effects.extend(model.jobs.start(Job::Save(Setting::Mouse(model.mouse))));
    effects
}

/// Looks at the machine again.
pub fn check_again(model: &mut Model) -> Vec<Effect> {
    model.screens.settings.checks = None;
    model.jobs.start(Job::Check)
}

pub fn hear(model: &mut Model, report: Report) -> Vec<Effect> {
    if let Report::Checked(checks) = report {
        model.screens.settings.checks = Some(checks);
    }
    Vec::new()
}
