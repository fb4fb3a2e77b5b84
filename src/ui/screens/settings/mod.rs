//! Settings: how the screens look and listen, and whether everything on this machine is in order. A change is seen at once and kept in
//! `config.toml`.

mod view;

use ratatui::Frame;
use ratatui::layout::Rect;

use super::{Behaviour, Screen};
use crate::app::context::Budget;
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
    /// What a training may use.
    pub budget: Budget,
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
    Memory,
    Minutes,
}

impl Row {
    pub const ALL: [Self; 4] = [Self::Theme, Self::Mouse, Self::Memory, Self::Minutes];

    /// Whether it is about how the program looks and listens; the others are the limits of a training.
    #[must_use]
    pub fn is_of_the_screens(self) -> bool {
        matches!(self, Self::Theme | Self::Mouse)
    }
}

/// What the keys go through: MiB, and minutes of work.
const MEMORY: [u64; 9] = [400, 500, 600, 800, 1000, 1500, 2000, 3000, 4000];
const MINUTES: [f64; 7] = [5.0, 10.0, 20.0, 30.0, 60.0, 120.0, 240.0];

/// The screen.
pub struct Settings;

impl Behaviour for Settings {
    fn name(&self) -> &'static str {
        "Settings"
    }

    fn about(&self) -> &'static str {
        "Settings: how the screens look and what they listen to, what a training may use, and what was found on this machine. Changes are kept in \
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
        Row::Memory => {
            let budget = &mut model.screens.settings.budget;
            budget.memory_mb = neighbour(&MEMORY, budget.memory_mb, by);
            let setting = Setting::TrainingMemory(budget.memory_mb);
            limited(model, setting)
        }
        Row::Minutes => {
            let budget = &mut model.screens.settings.budget;
            budget.minutes = neighbour(&MINUTES, budget.minutes, by);
            let setting = Setting::TrainingMinutes(budget.minutes);
            limited(model, setting)
        }
    }
}

/// Keeps a limit. What each start would take was measured for another.
fn limited(model: &mut Model, limit: Setting) -> Vec<Effect> {
    let mut effects = model.jobs.abandon(JobKind::Forecast);
    Screen::Train.behaviour().forget(model);
    effects.extend(model.jobs.start(Job::Save(limit)));
    effects
}

/// The value after or before this one in a rising list, where no limit comes before the first and after the last. One of the user's
/// own that is not in the list goes to its neighbour there.
fn neighbour<T: Copy + PartialOrd>(values: &[T], now: Option<T>, by: isize) -> Option<T> {
    let up = by > 0;
    match now {
        None if up => values.first().copied(),
        None => values.last().copied(),
        Some(now) if up => values.iter().copied().find(|value| *value > now),
        Some(now) => values.iter().rev().copied().find(|value| *value < now),
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

/// Something on the machine is not as it was: it is looked at again when it is next to be seen.
pub fn outdate(model: &mut Model) {
    model.screens.settings.checks = None;
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
