//! What Runs shows and what its keys change, and the jobs that read and change runs. Knows neither keys nor how it is drawn.

use std::path::{Path, absolute};
use std::sync::Arc;

use tui_input::Input;

use crate::app::runs::{LONGEST_NAME, Run, Runs as List};
use crate::app::write::Voice;
use crate::app::{self, AppError};
use crate::ui::format::{count, one_line};
use crate::ui::shell::data::Look;
use crate::ui::shell::{Answer, Effect, Job, Kind, Request, Scroll, Shared, Worker};

/// As many are compared side by side.
pub(super) const COMPARED: usize = 2;

#[derive(Debug)]
pub struct ReadRuns;

impl Job for ReadRuns {
    type Report = Arc<List>;
    const KIND: Kind = Kind { id: "runs", title: "Reading the runs", long: false };

    fn run(&self, worker: &Worker, _tell: &dyn Fn(Self::Report)) -> Result<Self::Report, AppError> {
        Ok(Arc::new(app::runs::list(&worker.context)?))
    }
}

/// What becomes of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    Use,
    Rename(String),
    Delete,
    /// A copy in this folder.
    Export(String),
}

/// Change the run with this number.
#[derive(Debug, PartialEq, Eq)]
pub struct ChangeRun(pub u32, pub Change);

impl Job for ChangeRun {
    /// What was done, and the run as it was then.
    type Report = (Change, Run);
    const KIND: Kind = Kind { id: "change-run", title: "Changing the run", long: false };

    fn run(&self, worker: &Worker, _tell: &dyn Fn(Self::Report)) -> Result<Self::Report, AppError> {
        let (context, number, mut change) = (&worker.context, self.0, self.1.clone());
        let run = match &mut change {
            Change::Use => app::runs::put_in_use(context, number)?,
            Change::Rename(name) => app::runs::rename(context, number, name)?,
            Change::Delete => app::runs::delete(context, number)?,
            Change::Export(folder) => {
                let whole = absolute(&*folder).map_err(AppError::file(Path::new(&*folder)))?;
                *folder = whole.display().to_string();
                app::runs::export(context, number, &whole)?.run
            }
        };
        Ok((change, run))
    }
}

#[derive(Debug, Default)]
pub struct Runs {
    /// Absent until it was read.
    pub(super) list: Option<Arc<List>>,
    /// What is on the disk may have changed since.
    pub(super) stale: bool,
    pub(super) cursor: usize,
    /// The numbers of the marked runs, in the order of marking.
    pub marked: Vec<u32>,
    pub(super) mode: Mode,
}

#[derive(Debug, Default)]
pub(super) enum Mode {
    #[default]
    Browsing,
    Comparing,
    Naming(u32, Input),
}

impl Runs {
    pub fn all(&self) -> &[Run] {
        self.list.as_ref().map_or(&[], |list| &list.runs)
    }

    pub fn highlighted(&self) -> Option<&Run> {
        self.all().get(self.cursor.min(self.all().len().saturating_sub(1)))
    }

    /// The field of a name, where one is typed.
    pub fn field(&self) -> Option<&Input> {
        if let Mode::Naming(_, input) = &self.mode { Some(input) } else { None }
    }

    fn run(&self, number: u32) -> Option<&Run> {
        self.all().iter().find(|run| run.number == number)
    }

    fn pair(&self) -> Option<[&Run; COMPARED]> {
        match self.marked[..] {
            [one, other] => Some([self.run(one)?, self.run(other)?]),
            _ => None,
        }
    }

    /// The runs that are shown side by side.
    pub(super) fn compared(&self) -> Option<[&Run; COMPARED]> {
        self.pair().filter(|_| matches!(self.mode, Mode::Comparing))
    }

    pub(super) fn has_runs(&self, _: &Shared) -> bool {
        !self.all().is_empty()
    }

    pub(super) fn may_use(&self, shared: &Shared) -> bool {
        is_free(shared) && self.highlighted().is_some_and(|run| !run.in_use)
    }

    /// Whether there is a base for it to write on, and no training needs the machine.
    pub(super) fn may_write(&self, shared: &Shared) -> bool {
        self.has_runs(shared) && shared.has_base() && !trains(shared)
    }

    /// The one in use stays while there are others.
    pub(super) fn may_delete(&self, shared: &Shared) -> bool {
        is_free(shared) && self.highlighted().is_some_and(|run| !run.in_use || self.all().len() == 1)
    }

    pub(super) fn may_compare(&self, _: &Shared) -> bool {
        matches!(self.mode, Mode::Browsing) && self.pair().is_some()
    }

    /// Something is marked, and no message waits for the same key.
    pub(super) fn may_unmark(&self, shared: &Shared) -> bool {
        let failed = [ReadRuns::KIND, ChangeRun::KIND].iter().any(|kind| shared.failure(kind).is_some());
        !self.marked.is_empty() && !failed
    }

    fn with_highlighted(&self, act: impl FnOnce(&Run) -> Vec<Effect>) -> Vec<Effect> {
        self.highlighted().map_or_else(Vec::new, act)
    }

    pub(super) fn put_in_use(&mut self, _: &Shared) -> Vec<Effect> {
        self.with_highlighted(|run| change(run.number, Change::Use))
    }

    pub(super) fn write_with(&mut self, _: &Shared) -> Vec<Effect> {
        self.with_highlighted(|run| vec![Effect::Request(Request::WriteWith(Voice::Run(run.number)))])
    }

    pub(super) fn name(&mut self, _: &Shared) -> Vec<Effect> {
        if let Some(run) = self.highlighted() {
            self.mode = Mode::Naming(run.number, Input::new(run.record.name.clone().unwrap_or_default()));
        }
        vec![Effect::Focus(0)]
    }

    /// Saves the name that is typed, unless it is too long, which is said.
    pub(super) fn save_name(&mut self, shared: &Shared) -> Vec<Effect> {
        let Mode::Naming(number, input) = &self.mode else { return Vec::new() };
        let length = input.value().trim().chars().count();
        if length > LONGEST_NAME {
            return vec![Effect::say_bad(format!(
                "A name has at most {LONGEST_NAME} characters, and this one has {length}: shorten it."
            ))];
        }
        if !is_free(shared) {
            return vec![Effect::say_bad("Training is in progress: name the run when it has ended.")];
        }
        let effects = change(*number, Change::Rename(input.value().to_owned()));
        self.mode = Mode::Browsing;
        effects
    }

    pub(super) fn ask_to_delete(&mut self, _: &Shared) -> Vec<Effect> {
        self.with_highlighted(|run| {
            let title = one_line(&run.title());
            let question = format!(
                "The model of {title}, its record and its curve are deleted permanently. Your texts and your other runs stay."
            );
            let then = vec![Effect::start(ChangeRun(run.number, Change::Delete))];
            vec![Effect::ask("Delete a run", question, Answer::Word("delete", then))]
        })
    }

    pub(super) fn ask_to_export(&mut self, _: &Shared) -> Vec<Effect> {
        self.with_highlighted(|run| {
            let number = run.number;
            let question = "A copy for other programs, in PEFT format, is written to a new folder. A relative path \
                            starts from the folder that XPerT was started in.";
            let then = move |folder| change(number, Change::Export(folder));
            vec![Effect::ask("Export a run", question, Answer::text("Folder", format!("xpert-run-{number}"), then))]
        })
    }

    pub(super) fn mark(&mut self, shared: &Shared) -> Vec<Effect> {
        let Some(number) = self.highlighted().map(|run| run.number) else { return Vec::new() };
        if let Some(at) = self.marked.iter().position(|marked| *marked == number) {
            self.marked.remove(at);
            self.mode = Mode::Browsing;
        } else if self.marked.len() < COMPARED {
            self.marked.push(number);
        } else {
            let (key, most) = (shared.key("mark"), count(COMPARED, "run"));
            return vec![Effect::say(format!("At most {most} can be marked: {key} on one of them removes its mark."))];
        }
        Vec::new()
    }

    pub(super) fn open(&mut self, mode: Mode) -> Vec<Effect> {
        self.mode = mode;
        vec![Effect::Scroll(Scroll::Top)]
    }

    /// The highlight stays on its run, wherever that is now; marks of runs that are gone go.
    pub(super) fn take(&mut self, list: &Arc<List>) {
        let here = self.highlighted().map(|run| run.number);
        (self.list, self.stale) = (Some(list.clone()), false);
        let place = here.and_then(|here| self.all().iter().position(|run| run.number == here));
        self.cursor = place.unwrap_or(self.cursor).min(self.all().len().saturating_sub(1));
        self.marked = self.marked.iter().copied().filter(|number| self.run(*number).is_some()).collect();
        if matches!(self.mode, Mode::Comparing) && self.pair().is_none() {
            self.mode = Mode::Browsing;
        }
    }
}

/// Says what was done, and that all is looked at again.
pub(super) fn said(change: &Change, run: &Run, shared: &Shared) -> Vec<Effect> {
    let (number, title) = (run.number, one_line(&run.title()));
    let text = match change {
        Change::Use => {
            let write = shared.key("show-write");
            format!("In use now: {title}. {write} goes to Write to see what it writes.")
        }
        Change::Rename(_) if run.record.name.is_none() => format!("Run {number} no longer has a name."),
        Change::Rename(_) => format!("Run {number} is now called {title}."),
        Change::Delete => format!("Deleted: {title}."),
        Change::Export(folder) => {
            let folder = one_line(folder);
            let text = format!("Saved to {folder}. It carries traces of your texts; only you can read it.");
            return vec![Effect::say_good(text)];
        }
    };
    vec![Effect::say_good(text), Effect::start(Look)]
}

fn change(number: u32, change: Change) -> Vec<Effect> {
    vec![Effect::Dismiss, Effect::start(ChangeRun(number, change))]
}

/// Whether a training runs: it does with the runs what it needs to when it ends.
pub(super) fn trains(shared: &Shared) -> bool {
    shared.jobs.all().iter().any(|job| job.kind.id == "train")
}

/// Whether runs may change places: not while a training or another change is running.
pub(super) fn is_free(shared: &Shared) -> bool {
    !trains(shared) && !shared.runs::<ChangeRun>()
}
