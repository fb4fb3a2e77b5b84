//! Settings: how the screens look, what a training may use, and whether everything on this machine is in order. A change takes effect
//! at once and is saved in `config.toml`.

mod jobs;
mod keys;
mod state;
mod view;

use ratatui::Frame;
use ratatui::layout::Rect;

pub use jobs::Examine;
pub use state::Settings;

use crate::ui::shell::binding::Binding;
use crate::ui::shell::data::Save;
use crate::ui::shell::effect::{Effect, Event, ScreenId};
use crate::ui::shell::job::{Job, Kind};
use crate::ui::shell::screen::{Message, Screen, View};
use crate::ui::shell::shared::Shared;
use state::Setting;

impl Screen for Settings {
    const ID: ScreenId = ScreenId::SETTINGS;
    const NAME: &'static str = "Settings";
    const ABOUT: &'static str = "Settings: how the screens look, what a training may use, and what was found on this machine. Changes are \
                                 saved in config.toml, which can also hold keys of your own.";
    const SUMMARY: &'static str = "theme, mouse, training limits, and this machine";
    const KEYS: &'static [Binding<Self>] = keys::KEYS;
    const JOBS: &'static [&'static Kind] = &[&Examine::KIND, &Save::KIND];

    fn update(&mut self, message: Message<'_>, shared: &Shared) -> Vec<Effect> {
        if let Some(checks) = message.report::<Examine>() {
            self.checks = Some(checks.clone());
        }
        match message {
            Message::Shown => {
                let lacks =
                    self.checks.is_none() && !shared.runs::<Examine>() && shared.failure(&Examine::KIND).is_none();
                if lacks { vec![Effect::start(Examine)] } else { Vec::new() }
            }
            // Something on the machine is not as it was: it is checked when this is next shown.
            Message::Event(Event::Looked) => {
                self.checks = None;
                Vec::new()
            }
            Message::Select(row) => {
                self.cursor = row;
                Vec::new()
            }
            _ => Vec::new(),
        }
    }

    fn view(&self, view: &View<'_>, frame: &mut Frame<'_>, area: Rect) {
        view::draw(self, view, frame, area);
    }

    fn panels(&self, _: &Shared) -> usize {
        2
    }

    fn cursor(&self, _: &Shared, focus: usize) -> Option<(usize, usize)> {
        (focus == 0).then_some((self.cursor, Setting::ALL.len()))
    }
}
