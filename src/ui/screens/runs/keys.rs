//! The keys of Runs.

use super::state::Runs;
use crate::ui::shell::binding::Binding;
use crate::ui::shell::keys::{ENTER, ESC, char, row};

pub const KEYS: &[Binding<Runs>] = &[
    row("keep-name", &[ENTER], "save the name", "save the name that is typed").while_typing().runs(Runs::save_name),
    row("close-pane", &[ESC], "close", "back from the comparison to the highlighted run")
        .runs(Runs::close)
        .when(Runs::is_comparing),
    row(
        "put-in-use",
        &[ENTER, char('u')],
        "use it",
        "let the highlighted run be the model that writes; the one that is now is kept",
    )
    .runs(Runs::put_in_use)
    .when(Runs::may_use),
    row("compare", &[char('v')], "compare", "the two marked runs side by side")
        .runs(Runs::compare)
        .when(Runs::may_compare),
    row("mark", &[char(' ')], "mark", "mark a run, up to two, to compare them").runs(Runs::mark).when(Runs::has_runs),
    row("unmark", &[ESC], "unmark", "remove all marks").quiet().runs(Runs::unmark).when(Runs::may_unmark),
    row(
        "write-with-run",
        &[char('w')],
        "write with it",
        "go to Write, where the highlighted run answers beside the base model without being put in use",
    )
    .runs(Runs::write_with)
    .when(Runs::may_write),
    row("rename-run", &[char('n')], "name", "give the highlighted run another name")
        .also("rename")
        .runs(Runs::name)
        .when(Runs::may_rename),
    row("export-run", &[char('e')], "export", "copy the highlighted run, for other programs, to a folder")
        .also("save copy PEFT adapter")
        .runs(Runs::ask_to_export)
        .when(Runs::may_export),
    row("delete-run", &[char('D')], "delete", "delete the highlighted run for good")
        .also("remove")
        .destructive()
        .runs(Runs::ask_to_delete)
        .when(Runs::may_delete),
];
