//! The list of files to choose from: where it is, what is typed to find a name, and what the keys do to it. Knows neither the disk (a job
//! lists folders) nor how it looks.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tui_input::Input;

use super::form;
use crate::import::{Entry, EntryKind, Folder};
use crate::ui::fuzzy::Finder;
use crate::ui::guide;
use crate::ui::message::{Effect, Job, JobKind};
use crate::ui::model::Model;

/// Folders of earlier imports that are offered.
const MOST_RECENT: usize = 4;
/// Rows that a page key moves by.
const PAGE: usize = 10;

#[derive(Debug, Default)]
pub struct Picker {
    pub open: bool,
    /// Where it is, or where it was when it was closed; the home folder while nothing is listed yet.
    pub place: Option<PathBuf>,
    /// What lies there, as soon as that is known.
    pub folder: Option<Arc<Folder>>,
    /// Why that cannot be seen.
    pub problem: Option<String>,
    /// Whether hidden files are shown.
    pub hidden: bool,
    pub filter: Input,
    pub cursor: usize,
    /// Where earlier imports came from, the last first; only until another folder is gone to.
    pub recent: Vec<PathBuf>,
    /// What matches what is typed, the best first.
    pub shown: Vec<Row>,
    /// Highlighted once the folder is listed.
    arriving: Option<OsString>,
}

/// A row of the list: a place among the recent folders or among the folder's entries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Row {
    Recent(usize),
    Entry(usize),
}

impl Picker {
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        self.folder.as_ref().map_or(&[], |folder| &folder.entries)
    }

    #[must_use]
    pub fn highlighted(&self) -> Option<Row> {
        self.shown.get(self.cursor).copied()
    }

    /// A path that is typed instead of a name.
    #[must_use]
    pub fn typed_path(&self) -> Option<&str> {
        let typed = self.filter.value().trim();
        (typed.starts_with('~') || Path::new(typed).is_absolute()).then_some(typed)
    }

    /// Works out anew what is shown.
    fn find(&mut self) {
        let typed = self.filter.value().trim();
        let recent = (0..self.recent.len()).map(Row::Recent);
        let rows = recent.chain((0..self.entries().len()).map(Row::Entry));
        if typed.is_empty() {
            self.shown = rows.collect();
            return;
        }
        let mut finder = Finder::new(typed);
        let scored = rows.filter_map(|row| Some((finder.score(&self.name(row)?)?, row)));
        let mut scored: Vec<(u32, Row)> = scored.collect();
        // Stable: what matches alike stays in the folder's order.
        scored.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
        self.shown = scored.into_iter().map(|(_, row)| row).collect();
    }

    fn name(&self, row: Row) -> Option<String> {
        match row {
            Row::Recent(at) => self.recent.get(at).map(|path| path.to_string_lossy().into_owned()),
            Row::Entry(at) => self.entries().get(at).map(|entry| entry.name.to_string_lossy().into_owned()),
        }
    }

    fn step(&mut self, by: isize) {
        self.cursor = self.cursor.saturating_add_signed(by).min(self.shown.len().saturating_sub(1));
    }
}

#[must_use]
pub fn picking(model: &Model) -> bool {
    model.screens.import.picker.open
}

/// Whether nothing is typed, so that keys can mean something else.
#[must_use]
pub fn untyped(model: &Model) -> bool {
    picking(model) && model.screens.import.picker.filter.value().is_empty()
}

/// Not while files are read or kept, nor while the demo's step is at work.
#[must_use]
pub fn may_pick(model: &Model) -> bool {
    let at_work = [JobKind::Preview, JobKind::Keep, JobKind::Undo].iter().any(|&kind| model.jobs.is_running(kind));
    !at_work && (!guide::is_on(model) || guide::may_advance(model))
}

#[must_use]
pub fn may_take_folder(model: &Model) -> bool {
    let picker = &model.screens.import.picker;
    picker.open && picker.folder.is_some()
}

/// Opens the list where it was last, with the places of earlier imports above.
pub fn open(model: &mut Model) -> Vec<Effect> {
    let recent = recent(model);
    model.screens.import.editing = None;
    model.notice = None;
    let picker = &mut model.screens.import.picker;
    (picker.open, picker.recent) = (true, recent);
    let place = picker.place.clone();
    look_into(model, place, None)
}

/// The folders that the texts came from, the last first.
fn recent(model: &Model) -> Vec<PathBuf> {
    let sources = model.status.as_ref().map_or(&[][..], |status| &status.texts.sources);
    let mut folders: Vec<PathBuf> = Vec::new();
    for source in sources.iter().rev() {
        let Some(folder) = Path::new(&source.source).parent() else { continue };
        if folders.len() < MOST_RECENT && !folders.iter().any(|known| known == folder) {
            folders.push(folder.to_path_buf());
        }
    }
    folders
}

pub fn close(model: &mut Model) -> Vec<Effect> {
    let picker = &mut model.screens.import.picker;
    (picker.open, picker.filter) = (false, Input::default());
    Vec::new()
}

pub fn clear_filter(model: &mut Model) -> Vec<Effect> {
    model.screens.import.picker.filter = Input::default();
    typed(model);
    Vec::new()
}

/// What is typed has changed: the best match is the one to take.
pub(super) fn typed(model: &mut Model) {
    let picker = &mut model.screens.import.picker;
    picker.find();
    picker.cursor = 0;
}

fn look_into(model: &mut Model, place: Option<PathBuf>, arriving: Option<OsString>) -> Vec<Effect> {
    let picker = &mut model.screens.import.picker;
    (picker.place, picker.arriving) = (place.clone(), arriving);
    (picker.folder, picker.problem, picker.filter) = (None, None, Input::default());
    typed(model);
    let hidden = model.screens.import.picker.hidden;
    model.jobs.start(Job::List { folder: place, hidden })
}

/// Goes to another folder; the recent ones have been passed by.
fn go(model: &mut Model, place: PathBuf, arriving: Option<OsString>) -> Vec<Effect> {
    model.screens.import.picker.recent.clear();
    look_into(model, Some(place), arriving)
}

/// Goes into what is highlighted, or previews it.
pub fn choose(model: &mut Model) -> Vec<Effect> {
    let picker = &model.screens.import.picker;
    if let Some(typed) = picker.typed_path() {
        let path = PathBuf::from(typed);
        return preview(model, path);
    }
    match picker.highlighted() {
        Some(Row::Recent(at)) => {
            let folder = picker.recent[at].clone();
            go(model, folder, None)
        }
        Some(Row::Entry(at)) => {
            let (Some(folder), Some(entry)) = (&picker.folder, picker.entries().get(at)) else { return Vec::new() };
            let path = folder.path.join(&entry.name);
            if entry.kind == EntryKind::Folder { go(model, path, None) } else { preview(model, path) }
        }
        None => Vec::new(),
    }
}

/// Previews everything below the folder that is shown.
pub fn take_folder(model: &mut Model) -> Vec<Effect> {
    let folder = model.screens.import.picker.folder.as_ref().map(|folder| folder.path.clone());
    folder.map_or_else(Vec::new, |path| preview(model, path))
}

fn preview(model: &mut Model, path: PathBuf) -> Vec<Effect> {
    close(model);
    form::preview_path(model, path)
}

/// Goes to the folder above; where it comes from is highlighted there.
pub fn up_a_folder(model: &mut Model) -> Vec<Effect> {
    let place = model.screens.import.picker.place.clone();
    let Some((above, here)) = place.as_deref().and_then(|place| Some((place.parent()?, place.file_name()))) else {
        return Vec::new();
    };
    go(model, above.to_path_buf(), here.map(OsStr::to_os_string))
}

pub fn toggle_hidden(model: &mut Model) -> Vec<Effect> {
    let picker = &mut model.screens.import.picker;
    picker.hidden = !picker.hidden;
    let here = match picker.highlighted() {
        Some(Row::Entry(at)) => picker.entries().get(at).map(|entry| entry.name.clone()),
        _ => None,
    };
    let place = picker.place.clone();
    look_into(model, place, here)
}

pub fn down(model: &mut Model) -> Vec<Effect> {
    step(model, 1)
}

pub fn up(model: &mut Model) -> Vec<Effect> {
    step(model, -1)
}

pub fn page_down(model: &mut Model) -> Vec<Effect> {
    step(model, PAGE.cast_signed())
}

pub fn page_up(model: &mut Model) -> Vec<Effect> {
    step(model, -PAGE.cast_signed())
}

fn step(model: &mut Model, by: isize) -> Vec<Effect> {
    model.screens.import.picker.step(by);
    Vec::new()
}

/// What the folder holds, or why that cannot be seen.
pub(super) fn hear(model: &mut Model, listed: Result<Arc<Folder>, String>) {
    let picker = &mut model.screens.import.picker;
    match listed {
        Ok(folder) => {
            picker.place = Some(folder.path.clone());
            picker.recent.retain(|recent| *recent != folder.path);
            (picker.folder, picker.problem) = (Some(folder), None);
        }
        Err(why) => (picker.folder, picker.problem) = (None, Some(why)),
    }
    picker.find();
    let arriving = picker.arriving.take();
    let arrived = |row: &Row| matches!(row, Row::Entry(at) if Some(&picker.entries()[*at].name) == arriving.as_ref());
    picker.cursor = picker.shown.iter().position(arrived).unwrap_or(0);
}
