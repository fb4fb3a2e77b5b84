//! Runs: the models that trainings left. One is in use; the others wait, can be named, compared, exported, or deleted.

mod compare;
mod detail;
mod table;
mod view;

use std::sync::Arc;

use ratatui::Frame;
use ratatui::layout::Rect;
use tui_input::Input;

use super::{Behaviour, Screen, write};
use crate::app::runs::{LONGEST_NAME, Run, Runs as List};
use crate::app::write::Voice;
use crate::ui::action::{Action, key_for};
use crate::ui::format::{count, one_line};
use crate::ui::message::{Effect, Job, JobKind, Report, RunChange};
use crate::ui::model::{Model, Tone};
use crate::ui::overlays::confirm;
use crate::ui::theme::Theme;
use crate::ui::update;
use crate::ui::widgets::Seen;

/// As many as are compared side by side.
pub const MOST_MARKED: usize = 2;

#[derive(Debug, Default)]
pub struct State {
    /// Absent until looked at.
    pub list: Option<Arc<List>>,
    /// What is on the disk may have changed since.
    pub stale: bool,
    pub cursor: usize,
    /// The numbers of the marked runs, in the order of marking.
    pub marked: Vec<u32>,
    /// Whether the marked runs stand beside the table.
    pub comparing: bool,
    /// The run that is given a name, and what is typed.
    pub naming: Option<(u32, Input)>,
    /// The run that the question before a deletion is about.
    deleting: Option<u32>,
}

impl State {
    #[must_use]
    pub fn runs(&self) -> &[Run] {
        self.list.as_ref().map_or(&[], |list| &list.runs)
    }

    #[must_use]
    pub fn highlighted(&self) -> Option<&Run> {
        let runs = self.runs();
        runs.get(self.cursor.min(runs.len().saturating_sub(1)))
    }

    fn run(&self, number: u32) -> Option<&Run> {
        self.runs().iter().find(|run| run.number == number)
    }

    /// The marked runs where there are two.
    #[must_use]
    pub fn compared(&self) -> Option<[&Run; MOST_MARKED]> {
        match self.marked[..] {
            [one, other] => Some([self.run(one)?, self.run(other)?]),
            _ => None,
        }
    }
}

/// The screen.
pub struct Runs;

impl Behaviour for Runs {
    fn name(&self) -> &'static str {
        "Runs"
    }

    fn about(&self) -> &'static str {
        "Runs: the models that your trainings left. The one in use, which has a star, is the one that writes; the others are kept until \
         you delete them. Two can be marked, to be compared."
    }

    fn draw(&self, model: &Model, theme: &Theme, frame: &mut Frame<'_>, area: Rect) -> Seen {
        view::draw(model, theme, frame, area)
    }

    fn jobs(&self) -> &'static [JobKind] {
        &[JobKind::Runs, JobKind::ChangeRun]
    }

    fn needs_texts(&self) -> bool {
        false
    }

    fn missing(&self, model: &Model) -> Option<Job> {
        let runs = &model.screens.runs;
        (runs.list.is_none() || runs.stale).then_some(Job::Runs)
    }

    fn forget(&self, model: &mut Model) {
        model.screens.runs.list = None;
    }

    fn list<'m>(&self, model: &'m mut Model) -> Option<(&'m mut usize, usize)> {
        let length = model.screens.runs.runs().len();
        Some((&mut model.screens.runs.cursor, length))
    }

    fn field<'m>(&self, model: &'m Model) -> Option<&'m Input> {
        model.screens.runs.naming.as_ref().map(|(_, input)| input)
    }

    fn field_mut<'m>(&self, model: &'m mut Model) -> Option<&'m mut Input> {
        model.screens.runs.naming.as_mut().map(|(_, input)| input)
    }

    fn leave_field(&self, model: &mut Model) {
        model.screens.runs.naming = None;
    }
}

/// What the list shows may not be so any more. Said at every look around: one follows each training, and each change of a run.
pub fn outdate(model: &mut Model) {
    model.screens.runs.stale = true;
}

#[must_use]
pub fn has_runs(model: &Model) -> bool {
    !model.screens.runs.runs().is_empty()
}

/// Whether models may change places: not while a training, which does the same when it ends, or another change is at work.
fn is_free(model: &Model) -> bool {
    !model.jobs.is_running(JobKind::Train) && !model.jobs.is_running(JobKind::ChangeRun)
}

#[must_use]
pub fn may_use(model: &Model) -> bool {
    is_free(model) && model.screens.runs.highlighted().is_some_and(|run| !run.in_use)
}

/// Whether there is a base for it to write on, and no training needs the machine.
#[must_use]
pub fn may_write(model: &Model) -> bool {
    has_runs(model) && model.has_base() && !model.jobs.is_running(JobKind::Train)
}

#[must_use]
pub fn may_rename(model: &Model) -> bool {
    is_free(model) && has_runs(model)
}

/// The one in use stays while there are others.
#[must_use]
pub fn may_delete(model: &Model) -> bool {
    let runs = &model.screens.runs;
    is_free(model) && runs.highlighted().is_some_and(|run| !run.in_use || runs.runs().len() == 1)
}

#[must_use]
pub fn may_export(model: &Model) -> bool {
    has_runs(model) && !model.jobs.is_running(JobKind::ChangeRun)
}

#[must_use]
pub fn may_compare(model: &Model) -> bool {
    !model.screens.runs.comparing && model.screens.runs.compared().is_some()
}

#[must_use]
pub fn is_comparing(model: &Model) -> bool {
    model.screens.runs.comparing && model.screens.runs.compared().is_some()
}

/// Something is marked, and no message waits for the same key.
#[must_use]
pub fn may_unmark(model: &Model) -> bool {
    has_runs(model) && !model.screens.runs.marked.is_empty() && model.failure().is_none()
}

#[must_use]
pub fn is_naming(model: &Model) -> bool {
    model.screen == Screen::Runs && model.screens.runs.naming.is_some()
}

fn change(model: &mut Model, number: u32, change: RunChange) -> Vec<Effect> {
    model.notice = None;
    model.failures[Screen::Runs.index()] = None;
    model.jobs.start(Job::ChangeRun(number, change))
}

pub fn put_in_use(model: &mut Model) -> Vec<Effect> {
    match model.screens.runs.highlighted().map(|run| run.number) {
        Some(number) => change(model, number, RunChange::Use),
        None => Vec::new(),
    }
}

/// Goes to Write with the highlighted run as the voice beside the base.
pub fn write_with(model: &mut Model) -> Vec<Effect> {
    let Some(number) = model.screens.runs.highlighted().map(|run| run.number) else { return Vec::new() };
    write::answer_with(model, Voice::Run(number));
    write::close_pane(model);
    update::show(model, Screen::Write)
}

/// Takes up typing another name for the highlighted run.
pub fn name(model: &mut Model) -> Vec<Effect> {
    let runs = &mut model.screens.runs;
    let Some(run) = runs.highlighted() else { return Vec::new() };
    runs.naming = Some((run.number, Input::new(run.record.name.clone().unwrap_or_default())));
    Vec::new()
}

/// Keeps the name that is typed, unless it is too long, which is said.
pub fn keep_name(model: &mut Model) -> Vec<Effect> {
    let Some((_, input)) = &model.screens.runs.naming else { return Vec::new() };
    let length = input.value().trim().chars().count();
    if length > LONGEST_NAME {
        let text = format!("A name has at most {LONGEST_NAME} characters, and this one has {length}: shorten it.");
        model.say(Tone::Bad, text);
        return Vec::new();
    }
    if !is_free(model) {
        model.say(Tone::Bad, "A training is at work: name the run when it has ended.");
        return Vec::new();
    }
    let Some((number, input)) = model.screens.runs.naming.take() else { return Vec::new() };
    change(model, number, RunChange::Rename(input.value().to_owned()))
}

/// Asks before the highlighted run is deleted.
pub fn ask_to_delete(model: &mut Model) -> Vec<Effect> {
    const QUESTION: &str = "The highlighted run is deleted for good: its model, how it came to be, and its curve. Your texts and your \
                            other runs stay as they are.";
    model.screens.runs.deleting = model.screens.runs.highlighted().map(|run| run.number);
    confirm::ask(model, QUESTION, "delete", |model| match model.screens.runs.deleting.take() {
        Some(number) => change(model, number, RunChange::Delete),
        None => Vec::new(),
    })
}

/// Copies the highlighted run into the folder that the program was started in.
pub fn export(model: &mut Model) -> Vec<Effect> {
    match model.screens.runs.highlighted().map(|run| run.number) {
        Some(number) => change(model, number, RunChange::Export),
        None => Vec::new(),
    }
}

/// Marks the highlighted run, or takes its mark away.
pub fn mark(model: &mut Model) -> Vec<Effect> {
    let runs = &mut model.screens.runs;
    let Some(number) = runs.highlighted().map(|run| run.number) else { return Vec::new() };
    if let Some(at) = runs.marked.iter().position(|marked| *marked == number) {
        runs.marked.remove(at);
        runs.comparing = false;
    } else if runs.marked.len() < MOST_MARKED {
        runs.marked.push(number);
    } else {
        let key = key_for(model, Action::Mark);
        let text =
            format!("{} are marked, which is the most: {key} on one of them frees a place.", count(MOST_MARKED, "run"));
        model.say(Tone::Plain, text);
    }
    Vec::new()
}

pub fn unmark(model: &mut Model) -> Vec<Effect> {
    model.screens.runs.marked.clear();
    close(model)
}

pub fn compare(model: &mut Model) -> Vec<Effect> {
    model.screens.runs.comparing = true;
    model.scroll = 0;
    Vec::new()
}

pub fn close(model: &mut Model) -> Vec<Effect> {
    model.screens.runs.comparing = false;
    model.scroll = 0;
    Vec::new()
}

pub fn hear(model: &mut Model, report: Report) -> Vec<Effect> {
    match report {
        Report::Runs(list) => {
            take(&mut model.screens.runs, list);
            Vec::new()
        }
        Report::RunChanged(change, run) => changed(model, &change, &run),
        Report::RunExported(folder) => {
            let text = format!(
                "Written to {}. It carries a trace of your texts, and nobody but you can read it.",
                one_line(&folder.display().to_string())
            );
            model.say(Tone::Good, text);
            Vec::new()
        }
        _ => Vec::new(),
    }
}

/// The highlight stays on its run, wherever that is now; marks of runs that are gone go.
fn take(state: &mut State, list: Arc<List>) {
    let here = state.highlighted().map(|run| run.number);
    (state.list, state.stale) = (Some(list), false);
    let place = here.and_then(|here| state.runs().iter().position(|run| run.number == here));
    state.cursor = place.unwrap_or(state.cursor).min(state.runs().len().saturating_sub(1));
    let known: Vec<u32> = state.marked.iter().copied().filter(|number| state.run(*number).is_some()).collect();
    state.comparing &= known.len() == MOST_MARKED;
    state.marked = known;
}

/// Says what was done, and looks at what is there now.
fn changed(model: &mut Model, change: &RunChange, run: &Run) -> Vec<Effect> {
    let second = &mut model.screens.write.second;
    // The model in use answers beside the base unless the user says otherwise again.
    if *change == RunChange::Use || (*change == RunChange::Delete && *second == Some(Voice::Run(run.number))) {
        *second = None;
    }
    let title = one_line(&run.title());
    let text = match change {
        RunChange::Use => {
            format!("In use now: {title}. {} goes to Write, to hear it.", key_for(model, Action::Show(Screen::Write)))
        }
        RunChange::Rename(_) if run.record.name.is_none() => format!("Run {} has no name any more.", run.number),
        RunChange::Rename(_) => format!("Run {} is called {title} now.", run.number),
        RunChange::Delete => format!("Deleted: {title}."),
        RunChange::Export => return Vec::new(),
    };
    model.say(Tone::Good, text);
    model.jobs.start(Job::Look)
}
