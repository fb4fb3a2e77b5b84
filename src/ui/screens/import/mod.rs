//! Import: what the user wrote comes in. A list of files or a path, a preview, and only then texts that are saved; and the last import
//! undone.

mod form;
mod jobs;
mod picker;
mod picker_view;
mod preview;
mod state;
mod view;

use ratatui::Frame;
use ratatui::layout::Rect;

pub use jobs::{Keep, List, Preview, Previewing, Undo};
pub use picker::Picker;
pub use state::Import;

use crate::ui::shell::data::Look;
use crate::ui::shell::keys::{
    BACKSPACE, DOWN, ENTER, ESC, Key, LEFT, PAGE_DOWN, PAGE_UP, TAB, UP, char, quiet, row, typing,
};
use crate::ui::shell::{Binding, Effect, Job, Kind, Message, Request, Screen, ScreenId, Shared, View, move_cursor};
use form::FIELDS;

const PAGE: isize = 10;
const FOLDER: &str = "in the file list: preview everything in this folder";
const ABOVE: &str = "in the file list, with nothing typed: to the parent folder";
const HIDDEN: &str = "in the file list, with nothing typed: show or hide hidden files";

impl Screen for Import {
    const ID: ScreenId = ScreenId::IMPORT;
    const ABOUT: &'static str = "Import: XPerT learns from things you wrote. Choose a file or folder (text, Markdown, mbox, .eml, JSON lines, CSV), \
                                 see what is in it, then save it. Everything stays on this machine.";
    const SUMMARY: &'static str = "your writing";
    const KEYS: &'static [Binding<Self>] = &[
        row("keep", &[ENTER], "save these texts", "save what the preview shows")
            .also("keep import")
            .runs_if(Self::is_previewing, Self::keep),
        row("discard", &[ESC], "discard", "discard the preview; nothing is saved")
            .runs_if(Self::is_previewing, Self::discard),
        row("choose-file", &[char('o')], "choose a file", "choose a file or folder with your writing from a list")
            .also("open import browse")
            .runs_if(Self::may_choose, Self::open_picker),
        row("edit-path", &[ENTER, char('e')], "type a path", "type the path of a file or folder with your writing")
            .runs_if(|import, shared| import.may_choose(shared) && !import.is_previewing(shared), Self::edit),
        quiet("edit-path", &[char('e')], "other path", "type the path of another file or folder")
            .runs_if(Self::is_previewing, Self::edit),
        row("undo-import", &[char('u')], "undo import", "remove the texts that the last import added; asks first")
            .destructive()
            .also("remove delete texts")
            .runs_if(Self::may_undo, Self::ask_to_undo),
        typing("choose-entry", &[ENTER], "open", "in the file list: open the folder, or preview the file")
            .runs_if(Self::is_picking, Self::choose),
        typing("take-folder", &[Key::control('f')], "whole folder", FOLDER)
            .runs_if(Self::is_picking, Self::take_folder),
        typing("parent-folder", &[LEFT, BACKSPACE], "parent folder", ABOVE)
            .runs_if(Self::is_untyped, |import, _| import.picker.iter_mut().filter_map(Picker::go_up).collect()),
        typing("clear-filter", &[ESC], "show all", "in the file list: clear the filter and show all").changes_if(
            |import, shared| import.is_picking(shared) && !import.is_untyped(shared),
            |import| import.picker.iter_mut().for_each(Picker::clear_filter),
        ),
        typing("close-picker", &[ESC], "close", "close without choosing a file")
            .changes_if(Self::is_untyped, Self::close_picker),
        typing("toggle-hidden", &[char('.')], "hidden", HIDDEN)
            .runs_if(Self::is_untyped, |import, _| import.picker.iter_mut().map(Picker::toggle_hidden).collect()),
        typing("filter-down", &[DOWN], "next", "in the file list: the next entry")
            .quiet()
            .runs_if(Self::is_picking, |import, shared| move_cursor(import, shared, 1)),
        typing("filter-up", &[UP], "previous", "in the file list: the previous entry")
            .quiet()
            .runs_if(Self::is_picking, |import, shared| move_cursor(import, shared, -1)),
        typing("filter-page-down", &[PAGE_DOWN], "more", "in the file list: a page down")
            .quiet()
            .runs_if(Self::is_picking, |import, shared| move_cursor(import, shared, PAGE)),
        typing("filter-page-up", &[PAGE_UP], "back", "in the file list: a page up")
            .quiet()
            .runs_if(Self::is_picking, |import, shared| move_cursor(import, shared, -PAGE)),
        typing("preview", &[ENTER], "preview", "read the file or folder; nothing is saved yet")
            .runs_if(|import, _| import.form.editing.is_some(), Self::preview),
        typing("next-field", &[TAB], "next field", "to the next field").changes_if(
            |import, _| import.form.editing.is_some(),
            |import| import.form.editing = import.form.editing.map(|field| (field + 1) % FIELDS.len()),
        ),
    ];
    const JOBS: &'static [&'static Kind] = &[&Look::KIND, &List::KIND, &Preview::KIND, &Keep::KIND, &Undo::KIND];
    const CLICK_AGAIN: Option<&'static str> = Some("choose-entry");

    fn update(&mut self, message: Message<'_>, shared: &Shared) -> Vec<Effect> {
        match message {
            Message::Report(_) => return self.report(message),
            Message::Key(_) | Message::Paste(_) => {
                // Where nothing is typed into, pasted text must be a path.
                let is_path = !self.is_typing() && self.may_choose(shared);
                let effects = if is_path { self.edit(shared) } else { Vec::new() };
                if let Some(picker) = &mut self.picker {
                    message.type_into(&mut picker.filter);
                    picker.typed();
                } else if let Some(field) = self.form.editing {
                    message.type_into(&mut self.form.inputs[field]);
                }
                return effects;
            }
            Message::LeaveField => {
                self.form.editing = None;
                self.close_picker();
            }
            Message::Select(row) => self.picker.iter_mut().for_each(|picker| picker.cursor = row),
            Message::Retry if self.form.path().is_some() => return self.preview(shared),
            Message::Request(Request::ChooseFile) => return self.open_picker(shared),
            Message::Request(Request::Preview { path, options }) => {
                return self.read_with(path.clone(), options.clone());
            }
            Message::Request(Request::KeepPreview) => return self.keep(shared),
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
