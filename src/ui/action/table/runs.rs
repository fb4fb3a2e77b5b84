//! The rows of Runs, but for the one of its field.

use super::{A, DOWN, ENTER, ESC, Entry, Place, UP, char, row};
use crate::ui::screens::{Screen, runs};
use crate::ui::update;

pub(super) const ROWS: &[Entry] = {
    use Place::On;
    use Screen::Runs;
    &[
        row(On(Runs), A::ClosePane, &[ESC], ("close", "back from the comparison to the highlighted run"), runs::close)
            .when(runs::is_comparing),
        row(
            On(Runs),
            A::PutInUse,
            &[ENTER, char('u')],
            ("use it", "let the highlighted run be the model that writes; the one that is now is kept"),
            runs::put_in_use,
        )
        .when(runs::may_use),
        row(On(Runs), A::Down, &[DOWN, char('j')], ("next", "the next run"), update::down).when(runs::has_runs),
        row(On(Runs), A::Up, &[UP, char('k')], ("previous", "the previous run"), update::up)
            .when(runs::has_runs)
            .quiet(),
        row(On(Runs), A::Compare, &[char('v')], ("compare", "the two marked runs side by side"), runs::compare)
            .when(runs::may_compare),
        row(On(Runs), A::Mark, &[char(' ')], ("mark", "mark a run, up to two, to compare them"), runs::mark)
            .when(runs::has_runs),
        row(On(Runs), A::Unmark, &[ESC], ("unmark", "take all marks away"), runs::unmark)
            .when(runs::may_unmark)
            .quiet(),
        row(
            On(Runs),
            A::WriteWithRun,
            &[char('w')],
            (
                "write with it",
                "go to Write, where the highlighted run answers beside the base without being put in use",
            ),
            runs::write_with,
        )
        .when(runs::may_write),
        row(On(Runs), A::RenameRun, &[char('n')], ("name", "give the highlighted run another name"), runs::name)
            .when(runs::may_rename),
        row(
            On(Runs),
            A::ExportRun,
            &[char('e')],
            ("export", "copy the highlighted run, for other programs, into the folder you started in"),
            runs::export,
        )
        .when(runs::may_export),
        row(
            On(Runs),
            A::DeleteRun,
            &[char('D')],
            ("delete", "delete the highlighted run for good, after a question"),
            runs::ask_to_delete,
        )
        .when(runs::may_delete),
    ]
};
