//! Library: which model fits, and why; the choice of another start point, compared with others or blended of several.

mod chart;
mod details;
mod draft;
mod keys;
mod order;
mod panes;
mod state;
mod table;
mod view;

use crossterm::event::Event as TerminalEvent;
use ratatui::Frame;
use ratatui::layout::Rect;
use tui_input::backend::crossterm::to_input_request;

pub use draft::Draft;
pub use state::{Library, Pane};

use crate::ui::shell::binding::Binding;
use crate::ui::shell::data::Select;
use crate::ui::shell::effect::{Effect, Event, Need, ScreenId};
use crate::ui::shell::job::{Job, Kind};
use crate::ui::shell::screen::{Message, Screen, View};
use crate::ui::shell::shared::Shared;
use state::{MODELS, PANE};

impl Screen for Library {
    const ID: ScreenId = ScreenId::LIBRARY;
    const NAME: &'static str = "Library";
    const ABOUT: &'static str = "Library: models that are already adapted to a style. The score (-1 to 1) says how alike their difference \
                                 from the base model and yours are; training from a close one takes less time. Up to three can be marked, to \
                                 be compared or blended.";
    const SUMMARY: &'static str = "which model fits, and why";
    const KEYS: &'static [Binding<Self>] = keys::KEYS;
    const JOBS: &'static [&'static Kind] = &[&Select::KIND];
    const CLICK_AGAIN: Option<&'static str> = Some("choose-start");

    fn update(&mut self, message: Message<'_>, shared: &Shared) -> Vec<Effect> {
        match message {
            Message::Shown => return vec![Effect::Need(Need::Selection)],
            Message::Event(Event::Selected) => self.show_ranking(shared),
            Message::Event(Event::TextsChanged) => (self.ranking, self.pane) = (None, Pane::Model),
            Message::Select(row) => return self.select(row),
            Message::Key(key) => {
                if let Some(request) = to_input_request(&TerminalEvent::Key(*key)) {
                    self.filter.handle(request);
                }
            }
            Message::Paste(text) => self.paste(text),
            Message::LeaveField => return self.keep_filter(shared),
            _ => {}
        }
        Vec::new()
    }

    fn view(&self, view: &View<'_>, frame: &mut Frame<'_>, area: Rect) {
        view::draw(self, view, frame, area);
    }

    fn panels(&self, _: &Shared) -> usize {
        if self.has_candidates() { 3 } else { 1 }
    }

    fn is_typing(&self) -> bool {
        self.typing && self.has_candidates()
    }

    fn cursor(&self, _: &Shared, focus: usize) -> Option<(usize, usize)> {
        match &self.pane {
            // Where a blend is built, what moves is its parts.
            Pane::Blend(draft) => (focus == PANE).then_some((draft.cursor, draft.parts.len())),
            Pane::Model | Pane::Comparison if focus == MODELS && self.has_candidates() => {
                let rows = self.rows();
                Some((self.row(&rows), rows.len()))
            }
            Pane::Model | Pane::Comparison => None,
        }
    }
}
