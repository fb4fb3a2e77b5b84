//! The demo's guide: which step comes next, what it is in one sentence, and when Enter goes on. Each step starts the same
//! jobs a user would start, and moves on only when their real result is there.

use std::path::PathBuf;

use super::format::{count, megabytes};
use super::message::{Effect, Job, JobKind, Report};
use super::model::Model;
use super::screens::{Screen, import, train, write};
use super::update;
use crate::app::demo::{ABOUT, Demo, NAME, PROMPTS, STEPS};
use crate::import::ImportOptions;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    FetchBase,
    Preview,
    Keep,
    Style,
    Library,
    Train,
    Write,
    Finished,
}

#[derive(Clone, Debug)]
pub struct Guide {
    pub step: Step,
    writing: PathBuf,
    options: ImportOptions,
}

impl Guide {
    #[must_use]
    pub fn new(demo: &Demo) -> Self {
        Self { step: Step::FetchBase, writing: demo.writing.clone(), options: demo.options.clone() }
    }

    #[must_use]
    pub fn is_over(&self) -> bool {
        self.step == Step::Finished
    }

    /// Whether Enter goes on now: not while a step's work is under way, nor before it is known what is there.
    #[must_use]
    pub fn can_advance(&self, model: &Model) -> bool {
        const WORK: [JobKind; 7] = [
            JobKind::Preview,
            JobKind::Keep,
            JobKind::Profile,
            JobKind::Select,
            JobKind::Pull,
            JobKind::Train,
            JobKind::Write,
        ];
        !self.is_over() && model.status.is_some() && !WORK.iter().any(|&kind| model.jobs.is_running(kind))
    }

    /// What this step does, and what Enter is for.
    #[must_use]
    pub fn sentence(&self, model: &Model) -> String {
        let first = NAME.split(' ').next().unwrap_or(NAME);
        if self.is_over() {
            return format!(
                "Done: {first}'s model is trained and has written. Look around with 1 to 5; `xpert` alone does this for your own writing."
            );
        }
        if !self.can_advance(model) {
            return match (self.step, model.status.is_some()) {
                (_, false) => format!("{NAME} {ABOUT}. Looking at what is on this machine."),
                (Step::FetchBase, _) => "Fetching the base model, the one thing that comes over the network.".into(),
                (Step::Train, _) => {
                    format!("Training on {first}'s texts. Watch the held-out loss: texts the model never trains on.")
                }
                (Step::Write, _) => "Both models answer the same prompt, one after the other.".into(),
                _ => "Working.".into(),
            };
        }
        match self.step {
            Step::FetchBase => {
                let (name, _, bytes) = model.status.as_ref().map(|s| s.wanted.clone()).unwrap_or_default();
                format!(
                    "{NAME} {ABOUT}; her mail becomes a model that writes like her. First, Enter fetches the base model ({name}, {}).",
                    megabytes(bytes)
                )
            }
            Step::Preview => {
                format!("{NAME} {ABOUT}; her mail becomes a model that writes like her. Enter reads her files; nothing is kept yet.")
            }
            Step::Keep => {
                let found = model.screens.import.preview.as_ref().map_or(0, |scan| scan.documents.len());
                format!("This is what her files hold, and what was left out, and why. Enter keeps the {}.", count(found, "text"))
            }
            Step::Style => "Her texts are kept, on this machine only. Enter measures how she writes, against the base model's own writing.".into(),
            Step::Library => {
                "Where she stands apart from the base model is her style. Enter ranks the library by it: who already writes like her?".into()
            }
            Step::Train if model.unfinished().is_some() => {
                "The training was stopped and kept a checkpoint. Enter resumes it.".into()
            }
            Step::Train => {
                let start = model.start().map_or_else(|| "from scratch".to_owned(), |id| format!("from `{id}`"));
                format!("The closest model is the best start, and the screen says why. Enter trains {start} for {STEPS} steps.")
            }
            Step::Write => "The adapter with the lowest held-out loss is kept. Enter gives base and personal model the same prompt.".into(),
            Step::Finished => String::new(),
        }
    }
}

/// Does what Enter is for.
pub fn advance(model: &mut Model) -> Vec<Effect> {
    let Some(guide) = model.guide.clone().filter(|guide| guide.can_advance(model)) else { return Vec::new() };
    model.notice = None;
    match guide.step {
        Step::FetchBase => {
            let mut effects = update::show(model, Screen::Train);
            effects.extend(train::fetch(model));
            effects
        }
        Step::Preview => {
            let mut effects = update::show(model, Screen::Import);
            effects.extend(model.jobs.start(Job::Preview { path: guide.writing, options: guide.options }));
            effects
        }
        Step::Keep => {
            let mut effects = update::show(model, Screen::Import);
            effects.extend(import::keep(model));
            effects
        }
        Step::Style => update::show_anew(model, Screen::Style),
        Step::Library => update::show_anew(model, Screen::Library),
        Step::Train => {
            let mut effects = update::show(model, Screen::Train);
            model.screens.train.steps = Some(STEPS);
            let run = if model.unfinished().is_some() { train::resume } else { train::begin };
            effects.extend(run(model));
            effects
        }
        Step::Write => {
            let mut effects = update::show(model, Screen::Write);
            effects.extend(write::ask(model, PROMPTS[0].to_owned()));
            effects
        }
        Step::Finished => Vec::new(),
    }
}

/// Whether Enter goes on now.
#[must_use]
pub fn may_advance(model: &Model) -> bool {
    model.guide.as_ref().is_some_and(|guide| guide.can_advance(model))
}

/// Whether a guide is at work.
#[must_use]
pub fn is_on(model: &Model) -> bool {
    model.guide.as_ref().is_some_and(|guide| !guide.is_over())
}

#[must_use]
pub fn is_over(model: &Model) -> bool {
    model.guide.as_ref().is_some_and(Guide::is_over)
}

/// Puts the guide away.
pub fn end(model: &mut Model) -> Vec<Effect> {
    model.guide = None;
    Vec::new()
}

/// There is nothing to keep any more: her files are to be read again.
pub fn discarded(model: &mut Model) {
    if let Some(guide) = model.guide.as_mut().filter(|guide| guide.step == Step::Keep) {
        guide.step = Step::Preview;
    }
}

/// Moves on when the result of the step is there.
pub fn hear(model: &mut Model, report: &Report) {
    let base = model.has_base();
    let Some(guide) = &mut model.guide else { return };
    guide.step = match (guide.step, report) {
        (Step::FetchBase, Report::Looked(_)) if base => Step::Preview,
        (Step::Preview, Report::Found(_)) => Step::Keep,
        (Step::Keep, Report::Kept(_)) => Step::Style,
        (Step::Style, Report::Profiled(_)) => Step::Library,
        (Step::Library, Report::Selected(_)) => Step::Train,
        (Step::Train, Report::Trained(record)) if !record.is_stopped() => Step::Write,
        (Step::Write, Report::Written) => Step::Finished,
        (step, _) => step,
    };
}
