//! The whole state of the screens as plain data. Changed by `update` alone, read by `view`.

use std::sync::Arc;

use tui_input::Input;

use super::format::count;
use super::guide::Guide;
use super::message::{Effect, Job, JobId, JobKind, Status};
use crate::app::select::Selected;
use crate::app::train::{From as Start, Record};
use crate::app::write::Voice;
use crate::engine::Stop;
use crate::import::{Scan, ScanProgress};
use crate::selection::{BlendPart, written};
use crate::store::Added;
use crate::style::Profile;
use crate::training::Event as TrainEvent;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Screen {
    Import,
    Style,
    Library,
    Train,
    Write,
}

impl Screen {
    pub const ALL: [Self; 5] = [Self::Import, Self::Style, Self::Library, Self::Train, Self::Write];

    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Import => "Import",
            Self::Style => "Style",
            Self::Library => "Library",
            Self::Train => "Train",
            Self::Write => "Write",
        }
    }

    #[must_use]
    pub fn index(self) -> usize {
        self as usize
    }

    #[must_use]
    pub fn next(self) -> Self {
        Self::ALL[(self.index() + 1) % Self::ALL.len()]
    }

    #[must_use]
    pub fn previous(self) -> Self {
        Self::ALL[(self.index() + Self::ALL.len() - 1) % Self::ALL.len()]
    }

    /// Where a job's result is seen.
    #[must_use]
    pub fn of(kind: JobKind) -> Self {
        match kind {
            JobKind::Look | JobKind::Preview | JobKind::Keep => Self::Import,
            JobKind::Profile => Self::Style,
            JobKind::Select => Self::Library,
            JobKind::Pull | JobKind::Train => Self::Train,
            JobKind::Write => Self::Write,
        }
    }
}

/// What lies over the screen and takes the keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Overlay {
    Help,
    /// A training runs: really quit?
    Quit,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    Plain,
    Good,
    Bad,
}

/// A line for the user, until it is dismissed or replaced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    pub tone: Tone,
    pub text: String,
}

#[derive(Debug)]
pub struct Model {
    pub screen: Screen,
    pub overlay: Option<Overlay>,
    /// In the demo: where it is.
    pub guide: Option<Guide>,
    /// Absent until looked at for the first time.
    pub status: Option<Status>,
    pub notice: Option<Notice>,
    /// What went wrong last on each screen, by [`Screen::index`].
    pub failures: [Option<String>; 5],
    pub jobs: Jobs,
    /// The user wants to leave as soon as the training has kept its checkpoint.
    pub leaving: bool,
    pub tick: usize,
    /// Rows the page (or the help) is scrolled down by, and how far that can go.
    pub scroll: usize,
    pub scroll_limit: usize,
    pub import: ImportState,
    pub style: StyleState,
    pub library: LibraryState,
    pub train: TrainState,
    pub write: WriteState,
}

impl Model {
    #[must_use]
    pub fn new(guide: Option<Guide>) -> Self {
        Self {
            screen: Screen::Import,
            overlay: None,
            guide,
            status: None,
            notice: None,
            failures: Default::default(),
            jobs: Jobs::default(),
            leaving: false,
            tick: 0,
            scroll: 0,
            scroll_limit: 0,
            import: ImportState::default(),
            style: StyleState::default(),
            library: LibraryState::default(),
            train: TrainState::default(),
            write: WriteState::default(),
        }
    }

    /// The field that takes what is typed, if one does.
    #[must_use]
    pub fn field(&self) -> Option<&Input> {
        match self.screen {
            Screen::Import => self.import.editing.map(|field| &self.import.fields[field as usize]),
            Screen::Write if self.write.editing => Some(&self.write.prompt),
            _ => None,
        }
    }

    pub fn field_mut(&mut self) -> Option<&mut Input> {
        match self.screen {
            Screen::Import => self.import.editing.map(|field| &mut self.import.fields[field as usize]),
            Screen::Write if self.write.editing => Some(&mut self.write.prompt),
            _ => None,
        }
    }

    #[must_use]
    pub fn has_texts(&self) -> bool {
        self.status.as_ref().is_some_and(|status| status.texts.texts > 0)
    }

    #[must_use]
    pub fn has_base(&self) -> bool {
        self.status.as_ref().is_some_and(|status| status.base.is_some())
    }

    #[must_use]
    pub fn has_personal_model(&self) -> bool {
        self.status.as_ref().is_some_and(|status| status.record.is_some())
    }

    #[must_use]
    pub fn unfinished(&self) -> Option<&(String, usize, usize)> {
        self.status.as_ref().and_then(|status| status.unfinished.as_ref())
    }

    #[must_use]
    pub fn failure(&self) -> Option<&str> {
        self.failures[self.screen.index()].as_deref()
    }

    pub fn say(&mut self, tone: Tone, text: impl Into<String>) {
        self.notice = Some(Notice { tone, text: text.into() });
    }

    /// What training would start from now, as `xpert train --from` reads it; none from scratch, or where it is not known yet.
    #[must_use]
    pub fn start(&self) -> Option<String> {
        let parts = self.start_parts();
        (!parts.is_empty()).then(|| written(&parts))
    }

    /// The models that it would start from, each with its weight.
    #[must_use]
    pub fn start_parts(&self) -> Vec<BlendPart> {
        match &self.train.from {
            Start::Auto => self.library.selected.as_ref().map_or_else(Vec::new, |selected| selected.choice.parts()),
            Start::Scratch => Vec::new(),
            Start::Library(id) => vec![BlendPart { id: id.clone(), weight: 1.0 }],
            Start::Blend(parts) => parts.clone(),
        }
    }
}

/// The jobs at work. At most one of each kind counts; what superseded ones still say is dropped.
#[derive(Debug, Default)]
pub struct Jobs {
    last: JobId,
    running: Vec<Running>,
}

#[derive(Debug)]
struct Running {
    id: JobId,
    kind: JobKind,
    stopping: bool,
    paused: bool,
}

impl Jobs {
    /// Starts a job; one of the same kind that still runs is stopped and forgotten.
    #[must_use]
    pub fn start(&mut self, job: Job) -> Vec<Effect> {
        let kind = job.kind();
        let mut effects = Vec::new();
        self.running.retain(|running| {
            if running.kind == kind {
                effects.push(Effect::Cancel(running.id));
            }
            running.kind != kind
        });
        self.last += 1;
        let id = self.last;
        self.running.push(Running { id, kind, stopping: false, paused: false });
        effects.push(Effect::Start { id, job });
        effects
    }

    #[must_use]
    pub fn is_running(&self, kind: JobKind) -> bool {
        self.id(kind).is_some()
    }

    #[must_use]
    pub fn is_stopping(&self, kind: JobKind) -> bool {
        self.running.iter().any(|running| running.kind == kind && running.stopping)
    }

    #[must_use]
    pub fn any(&self) -> bool {
        !self.running.is_empty()
    }

    #[must_use]
    pub fn id(&self, kind: JobKind) -> Option<JobId> {
        self.running.iter().find(|running| running.kind == kind).map(|running| running.id)
    }

    #[must_use]
    pub fn kind(&self, id: JobId) -> Option<JobKind> {
        self.running.iter().find(|running| running.id == id).map(|running| running.kind)
    }

    /// Asks a kind of job to stop, if it runs.
    #[must_use]
    pub fn stop(&mut self, kind: JobKind) -> Vec<Effect> {
        let running = self.running.iter_mut().filter(|running| running.kind == kind);
        running
            .map(|running| {
                running.stopping = true;
                Effect::Cancel(running.id)
            })
            .collect()
    }

    /// Lets a kind of job wait or go on, if it runs.
    #[must_use]
    pub fn pause(&mut self, kind: JobKind, wait: bool) -> Vec<Effect> {
        let running = self.running.iter_mut().filter(|running| running.kind == kind);
        running
            .map(|running| {
                running.paused = wait;
                Effect::Pause(running.id, wait)
            })
            .collect()
    }

    #[must_use]
    pub fn is_paused(&self, kind: JobKind) -> bool {
        self.running.iter().any(|running| running.kind == kind && running.paused)
    }

    pub fn finish(&mut self, id: JobId) {
        self.running.retain(|running| running.id != id);
    }
}

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
pub struct ImportState {
    /// By [`Field`].
    pub fields: [Input; 3],
    pub editing: Option<Field>,
    pub progress: Option<ScanProgress>,
    /// What was found and is not kept yet.
    pub preview: Option<Arc<Scan>>,
    pub preview_words: usize,
    pub kept: Option<Added>,
}

#[derive(Debug, Default)]
pub struct StyleState {
    pub profile: Option<Box<Profile>>,
    /// The axis whose explanation is shown.
    pub cursor: usize,
}

#[derive(Debug, Default)]
pub struct LibraryState {
    pub selected: Option<Box<Selected>>,
    pub cursor: usize,
}

#[derive(Debug)]
pub struct TrainState {
    pub from: Start,
    /// Absent: as many as the texts ask for.
    pub steps: Option<usize>,
    /// The run at work, or the last one of this session.
    pub run: Option<Run>,
    /// How the last run of this session ended.
    pub record: Option<Box<Record>>,
    pub fetch: Option<Fetch>,
}

impl Default for TrainState {
    fn default() -> Self {
        Self { from: Start::Auto, steps: None, run: None, record: None, fetch: None }
    }
}

/// A training as it is watched.
#[derive(Debug, Default)]
pub struct Run {
    pub phase: String,
    /// How it trains and what that was expected to take; absent for a resumed run.
    pub plan: Option<RunPlan>,
    pub from: String,
    pub train_texts: usize,
    pub held_out_texts: usize,
    pub parameters: usize,
    pub step: usize,
    pub steps: usize,
    /// (step, nats a token)
    pub losses: Vec<(f64, f64)>,
    pub held_out: Vec<(f64, f64)>,
    pub best: Option<(usize, f64)>,
    pub checkpoint: Option<usize>,
    pub tokens_per_s: Option<f64>,
    pub rss_mb: u64,
    pub eta_s: Option<f64>,
    pub notes: Vec<String>,
}

/// The way a run trains.
#[derive(Clone, Debug)]
pub struct RunPlan {
    pub method: String,
    pub why: String,
    pub memory_mb: u64,
    pub seconds: f64,
}

impl Run {
    pub fn hear(&mut self, event: TrainEvent) {
        match event {
            TrainEvent::Planned { method, why, memory_mb, seconds, .. } => {
                self.plan = Some(RunPlan { method, why, memory_mb, seconds });
            }
            TrainEvent::RolledBack { step, to, learning_rate } => self.notes.push(format!(
                "after step {step} the loss ran away: back to the adapter of step {to}, with a learning rate of {learning_rate:.1e}"
            )),
            TrainEvent::Started { from, steps, done, train_texts, held_out_texts, cut, moved, learned, .. } => {
                (self.from, self.steps, self.step) = (from, steps, done);
                (self.train_texts, self.held_out_texts, self.parameters) = (train_texts, held_out_texts, learned);
                self.phase = "training".into();
                // Steps after the checkpoint that is gone on from are taken again.
                self.losses.retain(|point| point.0 <= done as f64);
                self.held_out.retain(|point| point.0 <= done as f64);
                if moved > 0 {
                    self.notes.push(format!(
                        "{} not held out: nearly the same as others that are learned from",
                        count(moved, "text")
                    ));
                }
                if cut > 0 {
                    self.notes.push(format!("{} cut to what fits in one sequence", count(cut, "long text")));
                }
            }
            TrainEvent::Step { step, steps, loss, tokens_per_s, rss_mb, eta_s, .. } => {
                (self.step, self.steps, self.rss_mb, self.eta_s) = (step, steps, rss_mb, eta_s);
                self.tokens_per_s = Some(tokens_per_s);
                self.losses.push((step as f64, loss));
            }
            TrainEvent::Validation { step, held_out_loss, best } => {
                self.held_out.push((step as f64, held_out_loss));
                if best {
                    self.best = Some((step, held_out_loss));
                }
            }
            TrainEvent::Checkpoint { step } => self.checkpoint = Some(step),
            TrainEvent::Note { text } => self.notes.push(text),
        }
    }
}

/// The fetching of the base model as it is watched.
#[derive(Debug, Default)]
pub struct Fetch {
    pub source: String,
    pub done: u64,
    pub total: Option<u64>,
    pub notes: Vec<String>,
}

#[derive(Debug, Default)]
pub struct WriteState {
    pub prompt: Input,
    pub editing: bool,
    /// The prompt the answers are to.
    pub asked: String,
    /// Who answers beside the base, where the user has chosen; see [`Model::second_voice`].
    pub second: Option<Voice>,
    pub answers: Vec<Answer>,
    /// The answer shown where there is room for one only.
    pub pane: usize,
}

#[derive(Debug)]
pub struct Answer {
    pub voice: Voice,
    pub text: String,
    pub progress: Progress,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Progress {
    Waiting,
    Writing,
    Done {
        tokens: usize,
        tokens_per_s: f64,
        stop: Stop,
    },
    /// Stopped, or failed, before it was done.
    Broken,
}

impl Model {
    /// Those who can answer beside the base: the user's own model, then the library in its ranked order.
    #[must_use]
    pub fn voices(&self) -> Vec<Voice> {
        let mine = self.has_personal_model().then_some(Voice::Mine);
        let candidates = self.library.selected.iter().flat_map(|selected| &selected.candidates);
        mine.into_iter().chain(candidates.map(|candidate| Voice::Library(candidate.id.clone()))).collect()
    }

    /// Who answers beside the base: the user's choice, else their own model, else the library model that fits best.
    #[must_use]
    pub fn second_voice(&self) -> Option<Voice> {
        self.write.second.clone().or_else(|| self.voices().into_iter().next())
    }
}
