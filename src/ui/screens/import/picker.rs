//! The list of files to choose from: where it is, what is typed to find a name, and what is highlighted. Knows neither the disk (a job
//! lists folders) nor how it looks.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tui_input::Input;

use super::jobs::List;
use crate::import::{Entry, EntryKind, Folder};
use crate::ui::fuzzy::Finder;

#[derive(Debug, Default)]
pub struct Picker {
    /// Where it is; the home folder while nothing is listed yet.
    pub place: Option<PathBuf>,
    /// What lies there, as soon as that is known, or why it cannot be seen.
    pub folder: Option<Result<Arc<Folder>, String>>,
    hidden: bool,
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

#[derive(Debug)]
pub enum Chosen {
    Folder(List),
    File(PathBuf),
}

impl Picker {
    /// Opens where it was last, with the places of earlier imports above.
    pub fn open(place: Option<PathBuf>, recent: Vec<PathBuf>) -> (Self, List) {
        let mut picker = Self { recent, ..Self::default() };
        let list = picker.look_into(place, None);
        (picker, list)
    }

    /// What lies in the folder, as far as it is known.
    pub fn listed(&self) -> Option<&Folder> {
        self.folder.as_ref()?.as_deref().ok()
    }

    pub fn entries(&self) -> &[Entry] {
        self.listed().map_or(&[], |folder| &folder.entries)
    }

    pub fn highlighted(&self) -> Option<Row> {
        self.shown.get(self.cursor).copied()
    }

    pub fn is_untyped(&self) -> bool {
        self.filter.value().is_empty()
    }

    /// A path that is typed instead of a name.
    pub fn typed_path(&self) -> Option<&str> {
        let typed = self.filter.value().trim();
        (typed.starts_with('~') || Path::new(typed).is_absolute()).then_some(typed)
    }

    /// What is typed has changed: the best match is the one to take.
    pub fn typed(&mut self) {
        self.find();
        self.cursor = 0;
    }

    pub fn clear_filter(&mut self) {
        self.filter = Input::default();
        self.typed();
    }

    /// Goes into what is highlighted, or takes it.
    pub fn choose(&mut self) -> Option<Chosen> {
        if let Some(typed) = self.typed_path() {
            return Some(Chosen::File(PathBuf::from(typed)));
        }
        match self.highlighted()? {
            Row::Recent(at) => Some(Chosen::Folder(self.go(self.recent[at].clone(), None))),
            Row::Entry(at) => {
                let (folder, entry) = (self.listed()?, self.entries().get(at)?);
                let path = folder.path.join(&entry.name);
                let is_folder = entry.kind == EntryKind::Folder;
                Some(if is_folder { Chosen::Folder(self.go(path, None)) } else { Chosen::File(path) })
            }
        }
    }

    /// Goes to the folder above; where it comes from is highlighted there.
    pub fn go_up(&mut self) -> Option<List> {
        let place = self.place.clone()?;
        let (above, here) = (place.parent()?.to_path_buf(), place.file_name().map(OsStr::to_os_string));
        here.is_some().then(|| self.go(above, here))
    }

    pub fn toggle_hidden(&mut self) -> List {
        self.hidden = !self.hidden;
        let here = match self.highlighted() {
            Some(Row::Entry(at)) => self.entries().get(at).map(|entry| entry.name.clone()),
            _ => None,
        };
        self.look_into(self.place.clone(), here)
    }

    /// What the folder holds, or why that cannot be seen.
    pub fn listing(&mut self, listed: Result<Arc<Folder>, String>) {
        if let Ok(folder) = &listed {
            self.place = Some(folder.path.clone());
            self.recent.retain(|recent| *recent != folder.path);
        }
        self.folder = Some(listed);
        self.find();
        let arriving = self.arriving.take();
        let arrived = |row: &Row| matches!(row, Row::Entry(at) if Some(&self.entries()[*at].name) == arriving.as_ref());
        self.cursor = self.shown.iter().position(arrived).unwrap_or(0);
    }

    /// Goes to another folder; the recent ones have been passed by.
    fn go(&mut self, place: PathBuf, arriving: Option<OsString>) -> List {
        self.recent.clear();
        self.look_into(Some(place), arriving)
    }

    fn look_into(&mut self, place: Option<PathBuf>, arriving: Option<OsString>) -> List {
        (self.place, self.arriving, self.folder) = (place.clone(), arriving, None);
        self.clear_filter();
        List { folder: place, hidden: self.hidden }
    }

    fn find(&mut self) {
        let typed = self.filter.value().trim();
        let recent = (0..self.recent.len()).map(Row::Recent);
        let rows = recent.chain((0..self.entries().len()).map(Row::Entry));
        if typed.is_empty() {
            self.shown = rows.collect();
            return;
        }
        let mut finder = Finder::new(typed);
        let mut scored: Vec<(u32, Row)> = rows.filter_map(|row| Some((finder.score(&self.name(row)?)?, row))).collect();
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
}
