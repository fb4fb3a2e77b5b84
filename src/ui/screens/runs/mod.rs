//! Runs: the models that trainings left. One is in use; the others are kept and can be named, compared, exported, or deleted.

mod jobs;
mod keys;
mod state;
mod table;
mod view;

use crossterm::event::Event as TerminalEvent;
use ratatui::Frame;
use ratatui::layout::Rect;
use tui_input::InputRequest;
use tui_input::backend::crossterm::to_input_request;

pub use jobs::{Change, ChangeRun, Changed, ReadRuns};
pub use state::{Mode, Runs};

use crate::ui::shell::binding::Binding;
use crate::ui::shell::effect::{Effect, Event, ScreenId};
use crate::ui::shell::job::{Job, Kind};
use crate::ui::shell::screen::{Message, Screen, View};
use crate::ui::shell::shared::Shared;

impl Screen for Runs {
    const ID: ScreenId = ScreenId::RUNS;
    const NAME: &'static str = "Runs";
    const ABOUT: &'static str = "Runs: the models that your trainings left. The one in use, which has a star, is the one that writes; the others are kept until \
                                 you delete them. Two can be marked, to be compared.";
    const SUMMARY: &'static str = "your models: put in use, compare, name, export, delete";
    const KEYS: &'static [Binding<Self>] = keys::KEYS;
    const JOBS: &'static [&'static Kind] = &[&ReadRuns::KIND, &ChangeRun::KIND];

    fn update(&mut self, message: Message<'_>, shared: &Shared) -> Vec<Effect> {
        if let Some(list) = message.report::<ReadRuns>() {
            self.take(list);
        }
        if let Some(changed) = message.report::<ChangeRun>() {
            return self.changed(changed, shared);
        }
        match message {
            Message::Shown => {
                let lacks = self.list.is_none() || self.stale;
                let open = !shared.runs::<ReadRuns>() && shared.failure(&ReadRuns::KIND).is_none();
                return if lacks && open { vec![Effect::start(ReadRuns)] } else { Vec::new() };
            }
            // One look follows each training, and each change of a run.
            Message::Event(Event::Looked) => self.stale = true,
            Message::Select(row) => self.cursor = row,
            Message::LeaveField => self.leave_field(),
            Message::Key(key) => {
                if let (Mode::Naming(_, input), Some(request)) =
                    (&mut self.mode, to_input_request(&TerminalEvent::Key(*key)))
                {
                    input.handle(request);
                }
            }
            Message::Paste(text) => {
                if let Mode::Naming(_, input) = &mut self.mode {
                    for character in text.trim().chars() {
                        let character = if character.is_control() { ' ' } else { character };
                        input.handle(InputRequest::InsertChar(character));
                    }
                }
            }
            _ => {}
        }
        Vec::new()
    }

    fn view(&self, view: &View<'_>, frame: &mut Frame<'_>, area: Rect) {
        view::draw(self, view, frame, area);
    }

    fn panels(&self, _: &Shared) -> usize {
        if self.all().is_empty() { 1 } else { 2 }
    }

    fn is_typing(&self) -> bool {
        self.field().is_some()
    }

    fn cursor(&self, _: &Shared, focus: usize) -> Option<(usize, usize)> {
        (focus == 0 && !self.all().is_empty()).then_some((self.cursor, self.all().len()))
    }
}
