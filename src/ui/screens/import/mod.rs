//! Import: what the user wrote comes in. A path, a preview, and only then texts that are kept.

mod view;
mod welcome;

use std::path::PathBuf;
use std::sync::Arc;

use ratatui::Frame;
use ratatui::layout::Rect;
use tui_input::Input;

use super::{Behaviour, Screen};
use crate::import::{FieldMap, ImportOptions, Scan, ScanProgress};
use crate::store::{Added, count_words};
use crate::ui::guide;
use crate::ui::message::{Effect, Job, JobKind, Report};
use crate::ui::model::{Model, Tone};
use crate::ui::theme::Theme;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    Path,
    Mapping,
    Me,
}

impl Field {
    pub const ALL: [Self; 3] = [Self::Path, Self::Mapping, Self::Me];

    #[must_use]
    pub fn next(self) -> Self {
        Self::ALL[(self as usize + 1) % Self::ALL.len()]
    }

    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Path => "File or folder",
            Self::Mapping => "JSON fields",
            Self::Me => "My addresses",
        }
    }

    #[must_use]
    pub fn hint(self) -> &'static str {
        match self {
            Self::Path => "for example ~/Documents/letters or ~/mail/sent.mbox",
            Self::Mapping => "only for JSON lines: text=FIELD,context=FIELD (guessed when empty)",
            Self::Me => "for mail and chats: your addresses or names, with commas (guessed when empty)",
        }
    }
}

#[derive(Debug, Default)]
pub struct State {
    /// By [`Field`].
    pub fields: [Input; 3],
    pub editing: Option<Field>,
    pub progress: Option<ScanProgress>,
    /// What was found and is not kept yet.
    pub preview: Option<Arc<Scan>>,
    pub preview_words: usize,
    pub kept: Option<Added>,
}

/// The screen.
pub struct Import;

impl Behaviour for Import {
    fn name(&self) -> &'static str {
        "Import"
    }

    fn about(&self) -> &'static str {
        "Import: XPerT learns from things you wrote. Name a file or folder (text, Markdown, mbox, .eml, JSON lines), \
         see what is in it, then keep it. Everything stays on this machine."
    }

    fn draw(&self, model: &Model, theme: &Theme, frame: &mut Frame<'_>, area: Rect) -> usize {
        view::draw(model, theme, frame, area)
    }

    fn jobs(&self) -> &'static [JobKind] {
        &[JobKind::Look, JobKind::Preview, JobKind::Keep]
    }

    fn stops(&self) -> &'static [JobKind] {
        &[JobKind::Preview, JobKind::Keep]
    }

    fn retry(&self, model: &mut Model) -> Option<Vec<Effect>> {
        let named = !model.screens.import.fields[Field::Path as usize].value().trim().is_empty();
        named.then(|| preview(model))
    }

    fn field<'m>(&self, model: &'m Model) -> Option<&'m Input> {
        let import = &model.screens.import;
        import.editing.map(|field| &import.fields[field as usize])
    }

    fn field_mut<'m>(&self, model: &'m mut Model) -> Option<&'m mut Input> {
        let import = &mut model.screens.import;
        import.editing.map(|field| &mut import.fields[field as usize])
    }

    fn take_up_typing(&self, model: &mut Model) {
        if !model.jobs.is_running(JobKind::Keep) {
            edit(model);
        }
    }

    fn leave_field(&self, model: &mut Model) {
        model.screens.import.editing = None;
    }
}

#[must_use]
pub fn previewing(model: &Model) -> bool {
    model.screens.import.preview.is_some() && !model.jobs.is_running(JobKind::Keep)
}

pub fn edit(model: &mut Model) -> Vec<Effect> {
    model.screens.import.editing = Some(Field::Path);
    model.notice = None;
    Vec::new()
}

pub fn next_field(model: &mut Model) -> Vec<Effect> {
    model.screens.import.editing = model.screens.import.editing.map(Field::next);
    Vec::new()
}

/// Looks at what the fields name.
pub fn preview(model: &mut Model) -> Vec<Effect> {
    let text = |field: Field| model.screens.import.fields[field as usize].value().trim().to_owned();
    let (path, mapping, me) = (text(Field::Path), text(Field::Mapping), text(Field::Me));
    if path.is_empty() {
        model.screens.import.editing = Some(Field::Path);
        model.say(Tone::Plain, "Type the path of a file or folder with your writing, then Enter.");
        return Vec::new();
    }
    let map = if mapping.is_empty() { Ok(None) } else { mapping.parse::<FieldMap>().map(Some) };
    let map = match map {
        Ok(map) => map,
        Err(error) => {
            model.screens.import.editing = Some(Field::Mapping);
            model.say(Tone::Bad, error.to_string());
            return Vec::new();
        }
    };
    let me = me.split(',').map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect();
    model.screens.import.editing = None;
    (model.screens.import.preview, model.screens.import.kept, model.screens.import.progress) = (None, None, None);
    (model.failures[Screen::Import.index()], model.notice) = (None, None);
    let options = ImportOptions { map, me, ..ImportOptions::default() };
    model.jobs.start(Job::Preview { path: PathBuf::from(path), options })
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
        Report::Found(scan) => {
            model.screens.import.preview_words =
                scan.documents.iter().map(|document| count_words(&document.text)).sum();
            (model.screens.import.preview, model.screens.import.progress) = (Some(scan), None);
            model.scroll = 0;
        }
        Report::Kept(added) => {
            (model.screens.import.preview, model.screens.import.kept) = (None, Some(added));
            model.scroll = 0;
            // Everything known of the texts is out of date.
            (model.screens.style.profile, model.screens.library.selected) = (None, None);
            model.failures[Screen::Style.index()] = None;
            model.failures[Screen::Library.index()] = None;
            model.failures[Screen::Explain.index()] = None;
            return model.jobs.start(Job::Look);
        }
        _ => {}
    }
    Vec::new()
}
