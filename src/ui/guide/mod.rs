//! The guide through the whole job: which step comes next, and when Enter goes on. It leads through the demo, and whoever opens the
//! program for the first time. Each step starts the same jobs a user would start, and moves on only when their real result is there.
//! What it says is in `words`.

mod words;

pub use words::base;

use std::path::PathBuf;

use super::message::{Effect, Job, JobKind, Report, Setting};
use super::model::Model;
use super::screens::{Screen, import, train, write};
use super::update;
use crate::app::demo::{Demo, PROMPTS};
use crate::import::ImportOptions;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    Welcome,
    FetchBase,
    Preview,
    Keep,
    Style,
    Library,
    Train,
    Write,
    Finished,
}

/// Who is led through it.
#[derive(Clone, Debug)]
enum Whose {
    /// The user, with texts of their own choice.
    Own,
    /// The demo's person, whose files are known.
    Invented { writing: PathBuf, options: ImportOptions, steps: usize },
}

#[derive(Clone, Debug)]
pub struct Guide {
    pub step: Step,
    whose: Whose,
}

impl Guide {
    /// Through the demo.
    #[must_use]
    pub fn new(demo: &Demo) -> Self {
        let whose = Whose::Invented { writing: demo.writing.clone(), options: demo.options.clone(), steps: demo.steps };
        Self { step: Step::FetchBase, whose }
    }

    /// Through the user's own first run.
    #[must_use]
    pub fn first_run() -> Self {
        Self { step: Step::Welcome, whose: Whose::Own }
    }

    #[must_use]
    pub fn is_over(&self) -> bool {
        self.step == Step::Finished
    }

    fn is_own(&self) -> bool {
        matches!(self.whose, Whose::Own)
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
        match self.whose {
            Whose::Own => words::own(self.step, self.can_advance(model), model),
            Whose::Invented { steps, .. } => words::invented(self.step, self.can_advance(model), model, steps),
        }
    }

    /// The first step whose result is not there yet, for whoever comes back.
    fn resumed(&self, model: &Model) -> Step {
        match self.step {
            Step::Welcome if model.has_personal_model() => Step::Finished,
            // The demo, which begins here, goes on where it was left, too.
            Step::FetchBase if !self.is_own() && model.has_base() && model.has_personal_model() => Step::Finished,
            Step::Welcome | Step::FetchBase if model.has_base() && model.unfinished().is_some() => Step::Train,
            Step::Welcome | Step::FetchBase if model.has_base() && model.has_texts() => Step::Style,
            Step::FetchBase if model.has_base() => Step::Preview,
            step => step,
        }
    }
}

/// Does what Enter is for.
pub fn advance(model: &mut Model) -> Vec<Effect> {
    let Some(guide) = model.guide.clone().filter(|guide| guide.can_advance(model)) else { return Vec::new() };
    model.notice = None;
    match guide.step {
        Step::Welcome => welcomed(model),
        Step::FetchBase => {
            let mut effects = update::show(model, Screen::Train);
            effects.extend(train::fetch(model));
            effects
        }
        Step::Preview => preview(model, guide.whose),
        Step::Keep => {
            let mut effects = update::show(model, Screen::Import);
            effects.extend(import::keep(model));
            effects
        }
        Step::Style => update::show_anew(model, Screen::Style),
        Step::Library => update::show_anew(model, Screen::Library),
        Step::Train => {
            let mut effects = update::show(model, Screen::Train);
            if let Whose::Invented { steps, .. } = guide.whose {
                model.screens.train.steps = Some(steps);
            }
            let run = if model.unfinished().is_some() { train::resume } else { train::begin };
            effects.extend(run(model));
            effects
        }
        Step::Write => {
            let mut effects = update::show(model, Screen::Write);
            effects.extend(if guide.is_own() { write::edit(model) } else { write::ask(model, PROMPTS[0].to_owned()) });
            effects
        }
        Step::Finished => Vec::new(),
    }
}

fn welcomed(model: &mut Model) -> Vec<Effect> {
    let (base, texts) = (model.has_base(), model.has_texts());
    if let Some(guide) = &mut model.guide {
        guide.step = match (base, texts) {
            (false, _) => Step::FetchBase,
            (true, false) => Step::Preview,
            (true, true) => Step::Style,
        };
    }
    Vec::new()
}

/// The demo's files are read; the user names theirs.
fn preview(model: &mut Model, whose: Whose) -> Vec<Effect> {
    let mut effects = update::show(model, Screen::Import);
    effects.extend(match whose {
        Whose::Own => import::files::open(model),
        Whose::Invented { writing, options, .. } => model.jobs.start(Job::Preview { path: writing, options }),
    });
    effects
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

/// Whether what is shown is the demo person's.
#[must_use]
pub fn in_demo(model: &Model) -> bool {
    model.guide.as_ref().is_some_and(|guide| !guide.is_own())
}

/// Whether the user's own first run is guided.
#[must_use]
pub fn in_first_run(model: &Model) -> bool {
    model.guide.as_ref().is_some_and(Guide::is_own)
}

/// Whether nothing has been begun yet.
#[must_use]
pub fn welcomes(model: &Model) -> bool {
    model.guide.as_ref().is_some_and(|guide| guide.step == Step::Welcome)
}

/// Puts the guide away; the first run's for good.
pub fn end(model: &mut Model) -> Vec<Effect> {
    let guide = model.guide.take();
    if guide.is_some_and(|guide| guide.is_own()) {
        return model.jobs.start(Job::Save(Setting::Guide(false)));
    }
    Vec::new()
}

/// Leaves the user's own data alone and opens the demo.
pub fn open_demo(_: &mut Model) -> Vec<Effect> {
    vec![Effect::Demo]
}

/// There is nothing to keep any more: the files are to be read again.
pub fn discarded(model: &mut Model) {
    if let Some(guide) = model.guide.as_mut().filter(|guide| guide.step == Step::Keep) {
        guide.step = Step::Preview;
    }
}

/// Moves on when the result of the step is there.
pub fn hear(model: &mut Model, report: &Report) {
    let Some(guide) = &model.guide else { return };
    let next = match (guide.step, report) {
        (Step::Welcome | Step::FetchBase, Report::Looked(_)) => guide.resumed(model),
        (Step::Preview, Report::Found(_)) => Step::Keep,
        (Step::Keep, Report::Kept(_)) => Step::Style,
        (Step::Style, Report::Profiled(_)) => Step::Library,
        (Step::Library, Report::Selected(_)) => Step::Train,
        (Step::Train, Report::Trained(record)) if !record.is_stopped() => Step::Write,
        (Step::Write, Report::Written) => Step::Finished,
        (step, _) => step,
    };
    // Who has a model of their own already knows the way.
    if guide.step == Step::Welcome && next == Step::Finished {
        model.guide = None;
        return;
    }
    if let Some(guide) = &mut model.guide {
        guide.step = next;
    }
}
