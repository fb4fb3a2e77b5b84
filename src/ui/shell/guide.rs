//! The guide: five steps from the user's writing to a model that writes, in the demo and on a first run. Knows which step is next and what
//! is asked of the screens for it, not how they do it.

use strum::VariantArray;

use super::data::{FetchBase, Measure, Select};
use super::effect::{Effect, Event, Request, ScreenId};
use super::shared::Shared;
use crate::app::demo::{Demo, PROMPTS};

/// A step, which is also a screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, strum::IntoStaticStr, strum::VariantArray)]
pub enum Step {
    Import,
    Style,
    Library,
    Train,
    Write,
}

impl Step {
    pub fn screen(self) -> ScreenId {
        ScreenId(self.into())
    }

    /// The step that this screen is.
    pub fn of(screen: ScreenId) -> Option<Self> {
        Self::VARIANTS.iter().copied().find(|step| step.screen() == screen)
    }
}

#[derive(Clone, Debug)]
pub struct Guide {
    pub step: Step,
    /// The demo, whose person's files are known; none where the user is led, with texts of their own choice.
    pub demo: Option<Demo>,
    previewed: bool,
    /// The data folder was looked at, so that it is known where to begin.
    started: bool,
}

impl Guide {
    pub fn demo(demo: &Demo) -> Self {
        Self { demo: Some(demo.clone()), ..Self::first_run() }
    }

    /// The user's own first run.
    pub fn first_run() -> Self {
        Self { step: Step::Import, demo: None, previewed: false, started: false }
    }

    /// Whether nothing has been done yet.
    pub fn is_fresh(&self) -> bool {
        self.step == Step::Import && !self.previewed
    }

    /// Whether the step waits for a job.
    pub fn is_waiting(&self, shared: &Shared) -> bool {
        let step_runs = match self.step {
            Step::Style => shared.runs::<Measure>(),
            Step::Library => shared.runs::<Select>(),
            Step::Import | Step::Train | Step::Write => shared.jobs.long_besides(&[]).is_some(),
        };
        !self.started || step_runs || shared.runs::<FetchBase>()
    }

    /// What Enter does now: in a few words, and what is asked for. It does the next step, or goes to the screen that has it.
    pub fn offer(&self, here: ScreenId, shared: &Shared) -> (&'static str, Vec<Effect>) {
        if self.is_waiting(shared) {
            return ("working", Vec::new());
        }
        if here != self.step.screen() {
            let words = match self.step {
                Step::Import => "go to Import",
                Step::Style => "see how you write",
                Step::Library => "see which model fits",
                Step::Train => "go to Train",
                Step::Write => "go to Write",
            };
            return (words, vec![Effect::Show(self.step.screen())]);
        }
        let (words, request) = match (self.step, &self.demo) {
            (Step::Import, _) if self.previewed => ("save these texts", Request::KeepPreview),
            (Step::Import, None) => ("choose your files", Request::ChooseFile),
            (Step::Import, Some(demo)) => {
                let (path, options) = (demo.writing.clone(), demo.options.clone());
                ("read the demo's files", Request::Preview { path, options })
            }
            (Step::Style, _) => return ("see which model fits", vec![Effect::Show(ScreenId::LIBRARY)]),
            (Step::Library, _) => return ("set up training", vec![Effect::Show(ScreenId::TRAIN)]),
            (Step::Train, _) if !shared.has_base() => return ("download the base model", vec![Effect::FetchBase]),
            (Step::Train, demo) => {
                let words = if shared.unfinished().is_some() { "resume training" } else { "start training" };
                (words, Request::Train { steps: demo.as_ref().map(|demo| demo.steps) })
            }
            (Step::Write, None) => ("type a prompt", Request::EditPrompt),
            (Step::Write, Some(_)) => ("ask both models", Request::Ask(PROMPTS[0].to_owned())),
        };
        (words, vec![Effect::Request(request)])
    }

    pub fn advance(&mut self, here: ScreenId, shared: &Shared) -> Vec<Effect> {
        let (_, effects) = self.offer(here, shared);
        if let [Effect::Show(screen)] = effects[..] {
            self.step = Step::of(screen).unwrap_or(self.step);
        }
        effects
    }

    /// Moves on when the result of a step is there. Returns whether the guide is over.
    #[must_use]
    pub fn hears(&mut self, event: &Event, shared: &Shared) -> bool {
        match event {
            Event::Looked if !self.started => {
                self.started = true;
                return self.begin(shared);
            }
            Event::Previewed => self.previewed = true,
            Event::PreviewDiscarded => self.previewed = false,
            Event::TextsKept => {
                self.previewed = false;
                self.step = self.step.max(Step::Style);
            }
            Event::Trained { stopped: false } => self.step = Step::Write,
            Event::Answered => return self.step == Step::Write,
            _ => {}
        }
        false
    }

    /// Where someone who comes back continues. Returns whether they know the way already.
    fn begin(&mut self, shared: &Shared) -> bool {
        if shared.run_in_use().is_some() {
            // A demo continued after its training has the answers left to show.
            self.step = Step::Write;
            return self.demo.is_none();
        }
        if shared.unfinished().is_some() {
            self.step = Step::Train;
        } else if shared.has_texts() {
            self.step = Step::Style;
        }
        false
    }
}
