//! Import: what the user wrote comes in. A list of files or a path, a preview, and only then texts that are kept; and the last import
//! taken back.

mod form;
mod picker;
mod picker_view;
mod preview;
mod view;
mod welcome;

use std::path::PathBuf;
use std::sync::Arc;

use ratatui::Frame;
use ratatui::layout::Rect;
use tui_input::Input;

use super::{Behaviour, Screen};
use crate::import::{Scan, ScanProgress};
use crate::store::Added;
use crate::ui::action::Action;
use crate::ui::format::count;
use crate::ui::guide;
use crate::ui::message::{Effect, Job, JobKind, Report};
use crate::ui::model::{Model, Tone};
use crate::ui::theme::Theme;
use crate::ui::widgets::Seen;

pub use form::{Field, edit, editing, next_field, preview};
pub use picker::{Picker, Row, may_pick, may_take_folder, picking, untyped};
pub use preview::Extent;

/// What the keys do to the list of files.
pub mod files {
    pub use super::picker::{
        choose, clear_filter, close, down, open, page_down, page_up, take_folder, toggle_hidden, up, up_a_folder,
    };
}

#[derive(Debug, Default)]
pub struct State {
    /// By [`Field`].
    pub fields: [Input; 3],
    pub editing: Option<Field>,
    /// What was chosen last in the list of files.
    pub chosen: Option<PathBuf>,
    pub picker: Picker,
    pub progress: Option<ScanProgress>,
    /// What was found and is not kept yet.
    pub preview: Option<Arc<Scan>>,
    pub extent: Extent,
    /// The languages but English that texts of the preview are in.
    pub languages: Vec<(&'static str, usize)>,
    pub kept: Option<Added>,
}

/// The screen.
pub struct Import;

impl Behaviour for Import {
    fn name(&self) -> &'static str {
        "Import"
    }

    fn about(&self) -> &'static str {
        "Import: XPerT learns from things you wrote. Choose a file or folder (text, Markdown, mbox, .eml, JSON lines), \
         see what is in it, then keep it. Everything stays on this machine."
    }

    fn draw(&self, model: &Model, theme: &Theme, frame: &mut Frame<'_>, area: Rect) -> Seen {
        view::draw(model, theme, frame, area)
    }

    fn jobs(&self) -> &'static [JobKind] {
        &[JobKind::Look, JobKind::List, JobKind::Preview, JobKind::Keep, JobKind::Undo]
    }

    fn stops(&self) -> &'static [JobKind] {
        &[JobKind::Preview, JobKind::Keep]
    }

    fn retry(&self, model: &mut Model) -> Option<Vec<Effect>> {
        let named = !model.screens.import.fields[Field::Path as usize].value().trim().is_empty();
        named.then(|| preview(model))
    }

    fn list<'m>(&self, model: &'m mut Model) -> Option<(&'m mut usize, usize)> {
        let picker = &mut model.screens.import.picker;
        picker.open.then_some((&mut picker.cursor, picker.shown.len()))
    }

    fn click_again(&self) -> Option<Action> {
        Some(Action::ChooseEntry)
    }

    fn field<'m>(&self, model: &'m Model) -> Option<&'m Input> {
        let import = &model.screens.import;
        if import.picker.open {
            return Some(&import.picker.filter);
        }
        import.editing.map(|field| &import.fields[field as usize])
    }

    fn field_mut<'m>(&self, model: &'m mut Model) -> Option<&'m mut Input> {
        let import = &mut model.screens.import;
        if import.picker.open {
            return Some(&mut import.picker.filter);
        }
        import.editing.map(|field| &mut import.fields[field as usize])
    }

    fn typed(&self, model: &mut Model) -> Vec<Effect> {
        if picking(model) {
            picker::typed(model);
        }
        Vec::new()
    }

    fn take_up_typing(&self, model: &mut Model) {
        if !model.jobs.is_running(JobKind::Keep) {
            edit(model);
        }
    }

    fn leave_field(&self, model: &mut Model) {
        model.screens.import.editing = None;
        files::close(model);
    }
}

/// Whether there is an import to take back, and nothing at work that it would disturb.
#[must_use]
pub fn may_undo(model: &Model) -> bool {
    let there = model.status.as_ref().is_some_and(|status| status.last_import.is_some());
    there && !guide::is_on(model) && model.screens.import.preview.is_none() && picker::may_pick(model)
}

/// Takes the last import back.
pub fn undo(model: &mut Model) -> Vec<Effect> {
    model.failures[Screen::Import.index()] = None;
    model.jobs.start(Job::Undo)
}

#[must_use]
pub fn previewing(model: &Model) -> bool {
    model.screens.import.preview.is_some() && !model.jobs.is_running(JobKind::Keep)
}

/// Keeps what the preview shows.
pub fn keep(model: &mut Model) -> Vec<Effect> {
    let Some(scan) = model.screens.import.preview.clone() else { return Vec::new() };
    if model.jobs.is_running(JobKind::Keep) {
        return Vec::new();
    }
    model.failures[Screen::Import.index()] = None;
    model.jobs.start(Job::Keep(scan))
}

pub fn discard(model: &mut Model) -> Vec<Effect> {
    model.screens.import.preview = None;
    model.scroll = 0;
    guide::discarded(model);
    model.say(Tone::Plain, "Nothing was kept.");
    Vec::new()
}

#[must_use]
pub fn hear(model: &mut Model, report: Report) -> Vec<Effect> {
    match report {
        Report::Reading(progress) => model.screens.import.progress = Some(progress),
        Report::Languages(languages) => model.screens.import.languages = languages,
        Report::Listed(listed) => picker::hear(model, listed),
        Report::Found(scan) => {
            model.screens.import.extent = Extent::of(&scan.documents);
            (model.screens.import.preview, model.screens.import.progress) = (Some(scan), None);
            model.scroll = 0;
        }
        Report::Kept(added) => {
            (model.screens.import.preview, model.screens.import.kept) = (None, Some(added));
            return look_again(model);
        }
        Report::Undone(import) => {
            model.screens.import.kept = None;
            let (texts, them) = (count(import.texts, "text"), if import.texts == 1 { "it" } else { "them" });
            model.say(Tone::Good, format!("{texts} of the last import removed. Importing again brings {them} back."));
            return look_again(model);
        }
        _ => {}
    }
    Vec::new()
}

/// Everything known of the texts is out of date.
fn look_again(model: &mut Model) -> Vec<Effect> {
    model.scroll = 0;
    let mut effects = Vec::new();
    for kind in [JobKind::Profile, JobKind::Parts, JobKind::Select, JobKind::Forecast] {
        effects.extend(model.jobs.abandon(kind));
    }
    for screen in [Screen::Style, Screen::Library, Screen::Train, Screen::Explain] {
        screen.behaviour().forget(model);
        model.failures[screen.index()] = None;
    }
    effects.extend(model.jobs.start(Job::Look));
    effects
}
