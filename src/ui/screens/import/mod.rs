//! Import: what the user wrote comes in. A list of files or a path, a preview, and only then texts that are saved; and the last import
//! undone.

mod form;
mod jobs;
mod keys;
mod picker;
mod picker_view;
mod preview;
mod state;
mod view;

use crossterm::event::Event as TerminalEvent;
use ratatui::Frame;
use ratatui::layout::Rect;
use tui_input::InputRequest;
use tui_input::backend::crossterm::to_input_request;

pub use jobs::{Keep, List, Preview, Previewing, Undo};
pub use picker::{Picker, Row};
pub use state::Import;

use crate::ui::shell::binding::Binding;
use crate::ui::shell::data::Look;
use crate::ui::shell::effect::{Effect, Request, ScreenId};
use crate::ui::shell::job::{Job, Kind};
use crate::ui::shell::screen::{Message, Screen, View};
use crate::ui::shell::shared::Shared;

impl Import {
    /// The list of files, while it is open.
    #[must_use]
    pub fn picker(&self) -> Option<&Picker> {
        self.picker.as_ref()
    }

    fn on_request(&mut self, request: &Request, shared: &Shared) -> Vec<Effect> {
        match request {
            Request::ChooseFile => self.open_picker(shared),
            Request::Preview { path, options } => self.read_with(path.clone(), options.clone()),
            Request::KeepPreview => self.keep(shared),
            _ => Vec::new(),
        }
    }

    /// Gives what is typed to the field that takes it.
    fn on_key(&mut self, request: Option<InputRequest>) {
        let Some(request) = request else { return };
        if let Some(picker) = &mut self.picker {
            picker.filter.handle(request);
            picker.typed();
        } else if let Some(input) = self.form.typed() {
            input.handle(request);
        }
    }

    /// Pasted text goes into the field; where none is typed into, a path is what it must be.
    fn on_paste(&mut self, text: &str, shared: &Shared) -> Vec<Effect> {
        let starts = self.picker.is_none() && self.form.editing.is_none();
        if starts && !self.may_choose(shared) {
            return Vec::new();
        }
        let effects = if starts { self.edit(shared) } else { Vec::new() };
        for character in text.trim_end_matches(['\r', '\n']).chars() {
            let character = if character.is_control() { ' ' } else { character };
            self.on_key(Some(InputRequest::InsertChar(character)));
        }
        effects
    }
}

impl Screen for Import {
    const ID: ScreenId = ScreenId::IMPORT;
    const NAME: &'static str = "Import";
    const ABOUT: &'static str = "Import: XPerT learns from things you wrote. Choose a file or folder (text, Markdown, mbox, .eml, JSON lines), \
                                 see what is in it, then save it. Everything stays on this machine.";
    const SUMMARY: &'static str = "your writing";
    const KEYS: &'static [Binding<Self>] = keys::KEYS;
    const JOBS: &'static [&'static Kind] = &[&Look::KIND, &List::KIND, &Preview::KIND, &Keep::KIND, &Undo::KIND];
    const CLICK_AGAIN: Option<&'static str> = Some("choose-entry");

    fn update(&mut self, message: Message<'_>, shared: &Shared) -> Vec<Effect> {
        if let Some(listed) = message.report::<List>() {
            if let Some(picker) = &mut self.picker {
                picker.listing(listed.clone());
            }
        } else if let Some(report) = message.report::<Preview>() {
            return self.hear(report);
        } else if let Some(added) = message.report::<Keep>() {
            return self.kept(*added);
        } else if let Some(import) = message.report::<Undo>() {
            return self.undone(import.texts);
        }
        match message {
            Message::Key(key) => self.on_key(to_input_request(&TerminalEvent::Key(*key))),
            Message::Paste(text) => return self.on_paste(text, shared),
            Message::LeaveField => {
                self.form.editing = None;
                self.close_picker();
            }
            Message::Select(row) => {
                if let Some(picker) = &mut self.picker {
                    picker.cursor = row;
                }
            }
            Message::Ended(_) => self.ended(),
            Message::Retry if self.form.path().is_some() => return self.preview(shared),
            Message::Request(request) => return self.on_request(request, shared),
            _ => {}
        }
        Vec::new()
    }

    fn view(&self, view: &View<'_>, frame: &mut Frame<'_>, area: Rect) {
        view::draw(self, view, frame, area);
    }

    fn panels(&self, _: &Shared) -> usize {
        if self.found().is_some() && self.picker.is_none() { 2 } else { 1 }
    }

    fn is_typing(&self) -> bool {
        self.picker.is_some() || self.form.editing.is_some()
    }

    fn cursor(&self, _: &Shared, _: usize) -> Option<(usize, usize)> {
        self.picker.as_ref().map(|picker| (picker.cursor, picker.shown.len()))
    }
}
