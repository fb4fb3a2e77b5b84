//! What Import shows and what its keys do. Knows neither keys nor how it is drawn.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::form::{Field, Form};
use super::jobs::{Keep, Preview, Previewing, Undo};
use super::picker::{Chosen, Picker};
use crate::import::{ImportOptions, Scan, ScanProgress};
use crate::store::{Added, Document, count_words};
use crate::ui::format::count;
use crate::ui::shell::{Answer, Effect, Event, Job, Scroll, Shared};

/// Folders of earlier imports that are offered.
const MAX_RECENT: usize = 4;

#[derive(Debug, Default)]
pub struct Import {
    pub(super) form: Form,
    pub picker: Option<Picker>,
    /// Where it was closed.
    last_place: Option<PathBuf>,
    pub(super) stage: Stage,
}

#[derive(Debug, Default)]
pub(super) enum Stage {
    #[default]
    Idle,
    Reading(Option<ScanProgress>),
    /// What was found and is not saved yet.
    Preview(Found),
    Keeping(Found),
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

impl Found {
    fn new(scan: Arc<Scan>, languages: Vec<(&'static str, usize)>) -> Self {
        let documents: &[Document] = &scan.documents;
        let words = documents.iter().map(|document| count_words(&document.text)).sum();
        let dates = || documents.iter().filter_map(|document| document.timestamp);
        let dates = dates().min().zip(dates().max());
        Self { words, dates, languages, scan }
    }
}

impl Import {
    pub(super) fn found(&self) -> Option<&Found> {
        match &self.stage {
            Stage::Preview(found) | Stage::Keeping(found) => Some(found),
            Stage::Idle | Stage::Reading(_) | Stage::Kept(_) => None,
        }
    }

    pub(super) fn is_previewing(&self, _: &Shared) -> bool {
        matches!(self.stage, Stage::Preview(_))
    }

    /// Whether files can be chosen: nothing is read or saved, and this is not the demo's guided import.
    pub(super) fn may_choose(&self, shared: &Shared) -> bool {
        let busy = matches!(self.stage, Stage::Reading(_) | Stage::Keeping(_)) || shared.runs::<Undo>();
        !(busy || shared.in_demo && shared.guided)
    }

    pub(super) fn may_undo(&self, shared: &Shared) -> bool {
        let last = shared.status.as_ref().is_some_and(|status| status.last_import.is_some());
        last && !self.is_previewing(shared) && self.may_choose(shared)
    }

    pub(super) fn edit(&mut self, _: &Shared) -> Vec<Effect> {
        (self.form.editing, self.picker) = (Some(Field::Path), None);
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
                self.form.editing = Some(Field::Mapping);
                vec![Effect::say_bad(why)]
            }
        }
    }

    pub(super) fn read_with(&mut self, path: PathBuf, options: ImportOptions) -> Vec<Effect> {
        self.close_picker();
        self.form.editing = None;
        self.stage = Stage::Reading(None);
        vec![Effect::Dismiss, Effect::start(Preview { path, options })]
    }

    pub(super) fn hear(&mut self, report: &Previewing) -> Vec<Effect> {
        match report {
            Previewing::Reading(progress) => {
                let done = format!("file {} of {}", progress.files_done + 1, progress.files_total);
                self.stage = Stage::Reading(Some(progress.clone()));
                vec![Effect::Progress(&Preview::KIND, done)]
            }
            Previewing::Found(scan, languages) => {
                self.stage = Stage::Preview(Found::new(Arc::clone(scan), languages.clone()));
                vec![Effect::Scroll(Scroll::Top), Effect::Emit(Event::Previewed)]
            }
        }
    }

    pub(super) fn keep(&mut self, _: &Shared) -> Vec<Effect> {
        let Stage::Preview(found) = std::mem::take(&mut self.stage) else { return Vec::new() };
        let job = Keep(Arc::clone(&found.scan));
        self.stage = Stage::Keeping(found);
        vec![Effect::start(job)]
    }

    pub(super) fn kept(&mut self, added: Added) -> Vec<Effect> {
        self.stage = Stage::Kept(added);
        vec![Effect::Scroll(Scroll::Top), Effect::Emit(Event::TextsKept), Effect::Emit(Event::TextsChanged)]
    }

    /// A job ended without a result: what it was to save is still there.
    pub(super) fn ended(&mut self) {
        self.stage = match std::mem::take(&mut self.stage) {
            Stage::Keeping(found) => Stage::Preview(found),
            Stage::Reading(_) => Stage::Idle,
            stage => stage,
        };
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
            "The last import added {texts}. They will be removed here; your files stay, and importing again brings them back."
        );
        vec![Effect::ask("Undo the last import?", question, Answer::Yes(vec![Effect::start(Undo)]))]
    }

    pub(super) fn undone(&mut self, texts: usize) -> Vec<Effect> {
        self.stage = Stage::Idle;
        let said = format!("Removed the {} added by the last import.", count(texts, "text"));
        vec![Effect::say_good(said), Effect::Emit(Event::TextsChanged)]
    }

    pub(super) fn open_picker(&mut self, shared: &Shared) -> Vec<Effect> {
        if !self.may_choose(shared) {
            return Vec::new();
        }
        self.form.editing = None;
        let (picker, list) = Picker::open(self.last_place.clone(), recent(shared));
        self.picker = Some(picker);
        vec![Effect::Dismiss, Effect::start(list)]
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

    pub(super) fn choose(&mut self, _: &Shared) -> Vec<Effect> {
        match self.picker.as_mut().and_then(Picker::choose) {
            Some(Chosen::Folder(list)) => vec![Effect::start(list)],
            Some(Chosen::File(path)) => self.take(path),
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

    pub(super) fn go_up(&mut self, _: &Shared) -> Vec<Effect> {
        self.picker.as_mut().and_then(Picker::go_up).map(Effect::start).into_iter().collect()
    }

    pub(super) fn toggle_hidden(&mut self, _: &Shared) -> Vec<Effect> {
        self.picker.iter_mut().map(|picker| Effect::start(picker.toggle_hidden())).collect()
    }
}

/// The folders that the texts came from, the last first.
fn recent(shared: &Shared) -> Vec<PathBuf> {
    let sources = shared.status.as_ref().map_or(&[][..], |status| &status.texts.sources);
    let mut folders: Vec<PathBuf> = Vec::new();
    for source in sources.iter().rev() {
        let Some(folder) = Path::new(&source.source).parent() else { continue };
        if folders.len() < MAX_RECENT && !folders.iter().any(|known| known == folder) {
            folders.push(folder.to_path_buf());
        }
    }
    folders
}
