//! The guide: five steps from one's writing to a model that writes, in the demo and on a first run. Knows which step is next and what
//! is asked of the screens for it, not how they do it.

use std::path::PathBuf;

use super::data::{FetchBase, Measure, Select};
use super::effect::{Effect, Event, Request, ScreenId};
use super::shared::Shared;
use crate::app::demo::{Demo, PROMPTS};
use crate::import::ImportOptions;

/// A step, which is also a screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    Import,
    Style,
    Library,
    Train,
    Write,
}

impl Step {
    pub const ALL: [Self; 5] = [Self::Import, Self::Style, Self::Library, Self::Train, Self::Write];

    #[must_use]
    pub fn screen(self) -> ScreenId {
        match self {
            Self::Import => ScreenId::IMPORT,
            Self::Style => ScreenId::STYLE,
            Self::Library => ScreenId::LIBRARY,
            Self::Train => ScreenId::TRAIN,
            Self::Write => ScreenId::WRITE,
        }
    }

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
}

/// Who is led through the steps.
#[derive(Clone, Debug)]
enum Whose {
    /// The user, with texts of their own choice.
    Own,
    /// The demo's person, whose files are known.
    Demo { writing: PathBuf, options: ImportOptions, steps: usize },
}

#[derive(Clone, Debug)]
pub struct Guide {
    pub step: Step,
    whose: Whose,
    previewed: bool,
    /// The data folder was looked at, so that it is known where to begin.
    started: bool,
}

impl Guide {
    #[must_use]
    pub fn demo(demo: &Demo) -> Self {
        let whose = Whose::Demo { writing: demo.writing.clone(), options: demo.options.clone(), steps: demo.steps };
        Self { step: Step::Import, whose, previewed: false, started: false }
    }

    /// The user's own first run.
    #[must_use]
    pub fn first_run() -> Self {
        Self { step: Step::Import, whose: Whose::Own, previewed: false, started: false }
    }

    #[must_use]
    pub fn is_own(&self) -> bool {
        matches!(self.whose, Whose::Own)
    }

    /// Whether nothing has been done yet.
    #[must_use]
    pub fn is_fresh(&self) -> bool {
        self.step == Step::Import && !self.previewed
    }

    /// Whether the step waits for a job.
    #[must_use]
    pub fn is_waiting(&self, shared: &Shared) -> bool {
        let step_runs = match self.step {
            Step::Style => shared.runs::<Measure>(),
            Step::Library => shared.runs::<Select>(),
            Step::Import | Step::Train | Step::Write => shared.jobs.all().iter().any(|job| job.kind.long),
        };
        !self.started || step_runs || shared.runs::<FetchBase>()
    }

    /// What Enter does now, in a few words.
    #[must_use]
    pub fn next(&self, here: ScreenId, shared: &Shared) -> &'static str {
        if self.is_waiting(shared) {
            return "working";
        }
        if here != self.step.screen() {
            return match self.step {
                Step::Import => "go to Import",
                Step::Style => "see how you write",
                Step::Library => "see which model fits",
                Step::Train => "go to Train",
                Step::Write => "go to Write",
            };
        }
        match self.step {
            Step::Import if self.previewed => "save these texts",
            Step::Import if self.is_own() => "choose your files",
            Step::Import => "read the demo's files",
            Step::Style => "see which model fits",
            Step::Library => "set up training",
            Step::Train if !shared.has_base() => "download the base model",
            Step::Train if shared.unfinished().is_some() => "resume training",
            Step::Train => "start training",
            Step::Write if self.is_own() => "type a prompt",
            Step::Write => "ask both models",
        }
    }

    /// Does the next step, or goes to the screen that has it.
    pub fn advance(&mut self, here: ScreenId, shared: &Shared) -> Vec<Effect> {
        if self.is_waiting(shared) {
            return Vec::new();
        }
        if here != self.step.screen() {
            return vec![Effect::Show(self.step.screen())];
        }
        let request = match self.step {
            Step::Import if self.previewed => Request::KeepPreview,
            Step::Import => match &self.whose {
                Whose::Own => Request::ChooseFile,
                Whose::Demo { writing, options, .. } => {
                    Request::Preview { path: writing.clone(), options: options.clone() }
                }
            },
            Step::Style => return self.go(Step::Library),
            Step::Library => return self.go(Step::Train),
            Step::Train if !shared.has_base() => return vec![Effect::FetchBase],
            Step::Train => match self.whose {
                Whose::Own => Request::Train { steps: None },
                Whose::Demo { steps, .. } => Request::Train { steps: Some(steps) },
            },
            Step::Write => match self.whose {
                Whose::Own => Request::EditPrompt,
                Whose::Demo { .. } => Request::Ask(PROMPTS[0].to_owned()),
            },
        };
        vec![Effect::Request(request)]
    }

    fn go(&mut self, step: Step) -> Vec<Effect> {
        self.step = step;
        vec![Effect::Show(step.screen())]
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
            return self.is_own();
        }
        if shared.unfinished().is_some() {
            self.step = Step::Train;
        } else if shared.has_texts() {
            self.step = Step::Style;
        }
        false
    }
}
