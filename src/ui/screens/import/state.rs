//! What Import shows and what its keys do. Knows neither keys nor how it is drawn.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::form::{Form, MAPPING, PATH};
use super::jobs::{Keep, List, Preview, Previewing, Undo};
use super::picker::Picker;
use crate::import::{ImportOptions, Scan, ScanProgress};
use crate::store::{Added, count_words};
use crate::ui::format::count;
use crate::ui::shell::{Answer, Effect, Event, Job, Message, Scroll, Shared};

/// Folders of earlier imports that are offered.
const MAX_RECENT: usize = 4;

#[derive(Debug, Default)]
pub struct Import {
    pub(super) form: Form,
    pub picker: Option<Picker>,
    /// Where it was closed.
    last_place: Option<PathBuf>,
    /// How far reading is, where it has begun.
    pub(super) progress: Option<ScanProgress>,
    pub(super) stage: Stage,
}

#[derive(Debug, Default)]
pub(super) enum Stage {
    #[default]
    Idle,
    /// What was found and is not saved yet.
    Preview(Found),
    Kept(Added),
}

#[derive(Debug)]
pub(super) struct Found {
    pub scan: Arc<Scan>,
    pub words: usize,
    /// Unix seconds of the oldest and the newest dated text.
    pub dates: Option<(i64, i64)>,
    /// The languages other than English that texts are in.
    pub languages: Vec<(&'static str, usize)>,
}

impl Import {
    pub(super) fn found(&self) -> Option<&Found> {
        if let Stage::Preview(found) = &self.stage { Some(found) } else { None }
    }

    /// Whether there is a preview that can be saved or discarded.
    pub(super) fn is_previewing(&self, shared: &Shared) -> bool {
        self.found().is_some() && !shared.runs::<Keep>()
    }

    /// Whether files can be chosen: nothing is read or saved, and this is not the demo's guided import.
    pub(super) fn may_choose(&self, shared: &Shared) -> bool {
        let busy = shared.runs::<Preview>() || shared.runs::<Keep>() || shared.runs::<Undo>();
        !(busy || shared.in_demo && shared.guided)
    }

    pub(super) fn may_undo(&self, shared: &Shared) -> bool {
        let last = shared.status.as_ref().is_some_and(|status| status.last_import.is_some());
        last && !self.is_previewing(shared) && self.may_choose(shared)
    }

    pub(super) fn edit(&mut self, _: &Shared) -> Vec<Effect> {
        (self.form.editing, self.picker) = (Some(PATH), None);
        vec![Effect::Dismiss]
    }

    /// Reads what the fields name; where they name nothing, there is a list to choose from.
    pub(super) fn preview(&mut self, shared: &Shared) -> Vec<Effect> {
        match self.form.path() {
            Some(path) => self.read(path),
            None => self.open_picker(shared),
        }
    }

    fn read(&mut self, path: PathBuf) -> Vec<Effect> {
        match self.form.options() {
            Ok(options) => self.read_with(path, options),
            Err(why) => {
                self.form.editing = Some(MAPPING);
                vec![Effect::say_bad(why)]
            }
        }
    }

    pub(super) fn read_with(&mut self, path: PathBuf, options: ImportOptions) -> Vec<Effect> {
        self.close_picker();
        (self.form.editing, self.progress, self.stage) = (None, None, Stage::Idle);
        vec![Effect::Dismiss, Effect::start(Preview { path, options })]
    }

    /// What a job says.
    pub(super) fn report(&mut self, message: Message<'_>) -> Vec<Effect> {
        if let (Some(listed), Some(picker)) = (message.report::<List>(), &mut self.picker) {
            picker.listing(listed.clone());
        } else if let Some(Previewing::Reading(progress)) = message.report::<Preview>() {
            let done = format!("file {} of {}", progress.files_done + 1, progress.files_total);
            self.progress = Some(progress.clone());
            return vec![Effect::Progress(&Preview::KIND, done)];
        } else if let Some(Previewing::Found(scan, languages)) = message.report::<Preview>() {
            let words = scan.documents.iter().map(|document| count_words(&document.text)).sum();
            let dates = || scan.documents.iter().filter_map(|document| document.timestamp);
            let dates = dates().min().zip(dates().max());
            self.stage = Stage::Preview(Found { scan: scan.clone(), words, dates, languages: languages.clone() });
            return vec![Effect::Scroll(Scroll::Top), Effect::Emit(Event::Previewed)];
        } else if let Some(added) = message.report::<Keep>() {
            self.stage = Stage::Kept(*added);
            return vec![
                Effect::Scroll(Scroll::Top),
                Effect::Emit(Event::TextsKept),
                Effect::Emit(Event::TextsChanged),
            ];
        } else if let Some(undone) = message.report::<Undo>() {
            self.stage = Stage::Idle;
            let said = format!("Removed the {} added by the last import.", count(undone.texts, "text"));
            return vec![Effect::say_good(said), Effect::Emit(Event::TextsChanged)];
        }
        Vec::new()
    }

    pub(super) fn keep(&mut self, shared: &Shared) -> Vec<Effect> {
        let found = self.found().filter(|_| self.is_previewing(shared));
        found.map(|found| Effect::start(Keep(Arc::clone(&found.scan)))).into_iter().collect()
    }

    pub(super) fn discard(&mut self, _: &Shared) -> Vec<Effect> {
        self.stage = Stage::Idle;
        vec![Effect::Scroll(Scroll::Top), Effect::Emit(Event::PreviewDiscarded), Effect::say("Nothing was saved.")]
    }

    pub(super) fn ask_to_undo(&mut self, shared: &Shared) -> Vec<Effect> {
        let last = shared.status.as_ref().and_then(|status| status.last_import.as_ref());
        let Some(last) = last else { return Vec::new() };
        let texts = count(last.texts, "text");
        let question = format!(
            "The last import added {texts}. Undoing it removes what it added here; your files stay, and importing again brings \
             everything back."
        );
        vec![Effect::ask("Undo the last import?", question, Answer::Yes(vec![Effect::start(Undo)]))]
    }

    pub(super) fn open_picker(&mut self, shared: &Shared) -> Vec<Effect> {
        if !self.may_choose(shared) {
            return Vec::new();
        }
        self.form.editing = None;
        let picker = self.picker.insert(Picker::default());
        picker.recent = recent(shared);
        vec![Effect::Dismiss, picker.look_into(self.last_place.clone(), None)]
    }

    pub(super) fn close_picker(&mut self) {
        if let Some(picker) = self.picker.take() {
            self.last_place = picker.place;
        }
    }

    pub(super) fn is_picking(&self, _: &Shared) -> bool {
        self.picker.is_some()
    }

    /// Whether the list of files is open and nothing is typed, so that keys can mean something else.
    pub(super) fn is_untyped(&self, _: &Shared) -> bool {
        self.picker.as_ref().is_some_and(Picker::is_untyped)
    }

    /// Goes into the folder that is highlighted, or takes the file, or what is typed as a path.
    pub(super) fn choose(&mut self, _: &Shared) -> Vec<Effect> {
        let Some(picker) = &mut self.picker else { return Vec::new() };
        match picker.chosen() {
            Some((folder, true)) => vec![picker.go(folder, None)],
            Some((file, false)) => self.take(file),
            None => Vec::new(),
        }
    }

    pub(super) fn take_folder(&mut self, _: &Shared) -> Vec<Effect> {
        let folder = self.picker.as_ref().and_then(Picker::listed).map(|folder| folder.path.clone());
        folder.map_or_else(Vec::new, |path| self.take(path))
    }

    fn take(&mut self, path: PathBuf) -> Vec<Effect> {
        self.close_picker();
        self.form.set_path(path.clone());
        self.read(path)
    }
}

/// The folders that the texts came from, the last first.
fn recent(shared: &Shared) -> Vec<PathBuf> {
    let sources = shared.status.iter().flat_map(|status| status.texts.sources.iter().rev());
    let folders = sources.filter_map(|source| Path::new(&source.source).parent());
    let mut seen = BTreeSet::new();
    folders.filter(|folder| seen.insert(*folder)).take(MAX_RECENT).map(Path::to_path_buf).collect()
}
