//! What Settings shows and what its keys change. Knows neither keys nor how it is drawn.

use super::jobs::Examine;
use crate::app::Context;
use crate::app::context::Budget;
use crate::app::doctor::Check;
use crate::ui::shell::data::Save;
use crate::ui::shell::effect::Effect;
use crate::ui::shell::shared::Shared;
use crate::ui::theme::Theme;

#[derive(Debug, Default)]
pub struct Settings {
    /// The themes that there are, by name, and which is in use.
    pub(super) themes: Vec<String>,
    pub(super) theme: usize,
    pub(super) cursor: usize,
    /// Where settings are kept, as it is shown.
    pub(super) file: String,
    /// What was found on this machine; absent until it is looked at.
    pub(super) checks: Option<Vec<Check>>,
}

/// What can be changed here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Setting {
    Theme,
    Mouse,
    Memory,
    Minutes,
}

impl Setting {
    pub const ALL: [Self; 4] = [Self::Theme, Self::Mouse, Self::Memory, Self::Minutes];

    /// Whether it is about how the program looks; the others limit a training.
    #[must_use]
    pub fn is_of_the_screens(self) -> bool {
        matches!(self, Self::Theme | Self::Mouse)
    }
}

/// What the keys go through: MiB, and minutes of work.
const MEMORY: [u64; 9] = [400, 500, 600, 800, 1000, 1500, 2000, 3000, 4000];
const MINUTES: [f64; 7] = [5.0, 10.0, 20.0, 30.0, 60.0, 120.0, 240.0];

impl Settings {
    /// With the themes there are, of which `theme` is in use.
    #[must_use]
    pub fn new(context: &Context, theme: &str) -> Self {
        let themes = Theme::names(&context.paths.themes());
        let place = themes.iter().position(|name| name == theme).unwrap_or(0);
        Self { themes, theme: place, file: context.paths.settings().display().to_string(), ..Self::default() }
    }

    pub(super) fn next_value(&mut self, shared: &Shared) -> Vec<Effect> {
        self.change(1, shared)
    }

    pub(super) fn previous_value(&mut self, shared: &Shared) -> Vec<Effect> {
        self.change(-1, shared)
    }

    pub(super) fn check_again(&mut self, _: &Shared) -> Vec<Effect> {
        self.checks = None;
        vec![Effect::start(Examine)]
    }

    fn change(&mut self, by: isize, shared: &Shared) -> Vec<Effect> {
        let budget = shared.budget;
        match Setting::ALL[self.cursor.min(Setting::ALL.len() - 1)] {
            Setting::Theme => self.change_theme(by),
            Setting::Mouse => vec![Effect::SetMouse(!shared.mouse)],
            Setting::Memory => {
                let memory_mb = neighbour(&MEMORY, budget.memory_mb, by);
                let budget = Budget { memory_mb, ..budget };
                vec![Effect::SetBudget(budget), Effect::start(Save::TrainingMemory(memory_mb))]
            }
            Setting::Minutes => {
                let minutes = neighbour(&MINUTES, budget.minutes, by);
                let budget = Budget { minutes, ..budget };
                vec![Effect::SetBudget(budget), Effect::start(Save::TrainingMinutes(minutes))]
            }
        }
    }

    fn change_theme(&mut self, by: isize) -> Vec<Effect> {
        if self.themes.is_empty() {
            return Vec::new();
        }
        let count = self.themes.len();
        self.theme = if by > 0 { (self.theme + 1) % count } else { (self.theme + count - 1) % count };
        let name = self.themes[self.theme].clone();
        vec![Effect::Theme(name.clone()), Effect::start(Save::Theme(name))]
    }
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
