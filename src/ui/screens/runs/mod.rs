//! Runs: the user's trained models. One is in use; the others are kept and can be named, compared, exported, or deleted.

mod state;
mod table;
mod view;

use ratatui::Frame;
use ratatui::layout::Rect;

pub use state::{Change, ChangeRun, ReadRuns, Runs};

use crate::ui::shell::keys::{ENTER, ESC, char, quiet, row, typing};
use crate::ui::shell::{Binding, Effect, Event, Job, Kind, Message, Screen, ScreenId, Shared, View};
use state::{Mode, is_free};

const USE: &str = "use the highlighted run to write; the current one stays in the list";
const WRITE: &str =
    "go to Write, where the highlighted run responds beside the base model, without becoming the one in use";

impl Screen for Runs {
    const ID: ScreenId = ScreenId::RUNS;
    const ABOUT: &'static str = "Runs: the models that your training runs made. The one with a star is in use and writes; the others stay \
                                 until you delete them. Mark two to compare them.";
    const SUMMARY: &'static str = "your models: use, compare, name, export, delete";
    const KEYS: &'static [Binding<Self>] = &[
        typing("keep-name", &[ENTER], "save the name", "save the typed name").runs(Self::save_name),
        row("close-pane", &[ESC], "close", "back from the comparison to the highlighted run")
            .runs_if(|runs, _| runs.compared().is_some(), |runs, _| runs.open(Mode::Browsing)),
        row("put-in-use", &[ENTER, char('u')], "use it", USE).runs_if(Self::may_use, Self::put_in_use),
        row("compare", &[char('v')], "compare", "the two marked runs side by side")
            .runs_if(Self::may_compare, |runs, _| runs.open(Mode::Comparing)),
        row("mark", &[char(' ')], "mark", "mark a run (up to two) to compare").runs_if(Self::has_runs, Self::mark),
        quiet("unmark", &[ESC], "unmark", "remove all marks").changes_if(Self::may_unmark, |runs| runs.marked.clear()),
        row("write-with-run", &[char('w')], "write with it", WRITE).runs_if(Self::may_write, Self::write_with),
        row("rename-run", &[char('n')], "name", "give the highlighted run another name")
            .also("rename")
            .runs_if(|runs, shared| is_free(shared) && runs.has_runs(shared), Self::name),
        row("export-run", &[char('e')], "export", "copy the highlighted run to a folder, for other programs")
            .also("save copy PEFT adapter")
            .runs_if(|runs, shared| runs.has_runs(shared) && !shared.runs::<ChangeRun>(), Self::ask_to_export),
        row("delete-run", &[char('D')], "delete", "delete the highlighted run permanently")
            .also("remove")
            .destructive()
            .runs_if(Self::may_delete, Self::ask_to_delete),
    ];
    const JOBS: &'static [&'static Kind] = &[&ReadRuns::KIND, &ChangeRun::KIND];

    fn update(&mut self, message: Message<'_>, shared: &Shared) -> Vec<Effect> {
        if let Some(list) = message.report::<ReadRuns>() {
            self.take(list);
        }
        if let Some((change, run)) = message.report::<ChangeRun>() {
            return state::said(change, run, shared);
        }
        match (message, &mut self.mode) {
            (Message::Shown, _) if (self.list.is_none() || self.stale) && shared.may_start::<ReadRuns>() => {
                return vec![Effect::start(ReadRuns)];
            }
            // One look follows each training, and each change of a run.
            (Message::Event(Event::Looked), _) => self.stale = true,
            (Message::Select(row), _) => self.cursor = row,
            (Message::LeaveField, Mode::Naming(..)) => self.mode = Mode::Browsing,
            (message, Mode::Naming(_, input)) => message.type_into(input),
            _ => {}
        }
        Vec::new()
    }

    fn view(&self, view: &View<'_>, frame: &mut Frame<'_>, area: Rect) {
        view::draw(self, view, frame, area);
    }

    fn panels(&self, _: &Shared) -> usize {
        if self.all().is_empty() { 1 } else { 2 }
    }

    fn is_typing(&self) -> bool {
        self.field().is_some()
    }

    fn cursor(&self, _: &Shared, focus: usize) -> Option<(usize, usize)> {
        (focus == 0 && !self.all().is_empty()).then_some((self.cursor, self.all().len()))
    }
}
