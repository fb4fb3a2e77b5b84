//! The list of files to choose from: where it is, what is typed to find a name, and what is highlighted. Knows neither the disk (a job
//! lists folders) nor how it looks.

use std::borrow::Cow;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tui_input::Input;

use super::jobs::List;
use crate::import::{EntryKind, Folder};
use crate::ui::fuzzy::Finder;
use crate::ui::shell::Effect;

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

/// A row of the list: an entry of the folder, or a recent place.
#[derive(Debug)]
pub struct Row {
    pub path: PathBuf,
    /// Absent of a recent place.
    pub kind: Option<EntryKind>,
}

impl Row {
    fn entry(&self) -> Option<&OsStr> {
        self.kind.and(self.path.file_name())
    }

    /// As it is shown and found: the name of an entry, the whole path of a recent place.
    pub fn name(&self) -> Cow<'_, str> {
        self.entry().unwrap_or(self.path.as_os_str()).to_string_lossy()
    }
}

impl Picker {
    /// What lies in the folder, as far as it is known.
    pub fn listed(&self) -> Option<&Folder> {
        self.folder.as_ref()?.as_deref().ok()
    }

    pub fn highlighted(&self) -> Option<&Row> {
        self.shown.get(self.cursor)
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

    /// The path that is typed or highlighted, and whether it is a folder to go into.
    pub fn chosen(&self) -> Option<(PathBuf, bool)> {
        if let Some(typed) = self.typed_path() {
            return Some((typed.into(), false));
        }
        let row = self.highlighted()?;
        Some((row.path.clone(), !matches!(row.kind, Some(EntryKind::File(_)))))
    }

    /// Goes to the folder above; where it comes from is highlighted there.
    pub fn go_up(&mut self) -> Option<Effect> {
        let place = self.place.clone()?;
        let (above, here) = (place.parent()?, place.file_name()?);
        Some(self.go(above.to_path_buf(), Some(here.to_os_string())))
    }

    pub fn toggle_hidden(&mut self) -> Effect {
        self.hidden = !self.hidden;
        let here = self.highlighted().and_then(Row::entry).map(OsStr::to_os_string);
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
        let arrived = |row: &Row| row.entry().is_some_and(|entry| Some(entry) == arriving.as_deref());
        self.cursor = self.shown.iter().position(arrived).unwrap_or(0);
    }

    /// Goes to another folder, to highlight what it is `arriving` from; the recent ones have been passed by.
    pub fn go(&mut self, place: PathBuf, arriving: Option<OsString>) -> Effect {
        self.recent.clear();
        self.look_into(Some(place), arriving)
    }

    pub fn look_into(&mut self, place: Option<PathBuf>, arriving: Option<OsString>) -> Effect {
        (self.place, self.arriving, self.folder) = (place.clone(), arriving, None);
        self.clear_filter();
        Effect::start(List { folder: place, hidden: self.hidden })
    }

    fn find(&mut self) {
        let recent = self.recent.iter().map(|path| Row { path: path.clone(), kind: None });
        let entries = self.listed().into_iter().flat_map(|folder| {
            folder.entries.iter().map(|entry| Row { path: folder.path.join(&entry.name), kind: Some(entry.kind) })
        });
        let mut finder = Finder::new(self.filter.value().trim());
        let scored = recent.chain(entries).filter_map(|row| Some((finder.score(&row.name())?, row)));
        let mut scored: Vec<(u32, Row)> = scored.collect();
        // Stable: what matches alike stays in the folder's order.
        scored.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
        self.shown = scored.into_iter().map(|(_, row)| row).collect();
    }
}
