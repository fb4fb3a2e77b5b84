//! The keys of Import: its own, those of the list of files, and those of the fields.

use super::state::Import;
use crate::ui::shell::binding::Binding;
use crate::ui::shell::keys::{BACKSPACE, DOWN, ENTER, ESC, Key, LEFT, PAGE_DOWN, PAGE_UP, TAB, UP, char, row};

pub const KEYS: &[Binding<Import>] = &[
    row("keep", &[ENTER], "save these texts", "save what the preview shows")
        .also("keep import")
        .runs(Import::keep)
        .when(|import, _| import.is_previewing()),
    row("discard", &[ESC], "discard", "discard the preview; nothing is saved")
        .runs(Import::discard)
        .when(|import, _| import.is_previewing()),
    row("choose-file", &[char('o')], "choose a file", "choose a file or folder with your writing from a list")
        .also("open import browse")
        .runs(Import::open_picker)
        .when(Import::may_choose),
    row("edit-path", &[ENTER, char('e')], "type a path", "name a file or folder with your writing")
        .runs(Import::edit)
        .when(|import, shared| import.may_choose(shared) && !import.is_previewing()),
    row("edit-path", &[char('e')], "other path", "name another file or folder")
        .quiet()
        .runs(Import::edit)
        .when(|import, _| import.is_previewing()),
    row("undo-import", &[char('u')], "undo import", "remove the texts that the last import added, after a question")
        .destructive()
        .also("remove delete texts")
        .runs(Import::ask_to_undo)
        .when(Import::may_undo),
    row("choose-entry", &[ENTER], "open", "among files: go into the folder, or preview the file")
        .while_typing()
        .runs(Import::choose)
        .when(Import::is_picking),
    row("take-folder", &[Key::control('f')], "whole folder", "among files: preview everything in this folder")
        .while_typing()
        .runs(Import::take_folder)
        .when(Import::is_picking),
    row(
        "parent-folder",
        &[LEFT, BACKSPACE],
        "folder above",
        "among files, while nothing is typed: to the folder above",
    )
    .while_typing()
    .runs(Import::go_up)
    .when(Import::is_untyped),
    row("clear-filter", &[ESC], "show all", "among files: clear what is typed and show all")
        .while_typing()
        .runs(Import::clear_filter)
        .when(|import, shared| import.is_picking(shared) && !import.is_untyped(shared)),
    row("close-picker", &[ESC], "close", "choose no file").while_typing().runs(Import::close).when(Import::is_untyped),
    row("toggle-hidden", &[char('.')], "hidden", "among files, while nothing is typed: show or hide hidden ones")
        .while_typing()
        .runs(Import::toggle_hidden)
        .when(Import::is_untyped),
    row("filter-down", &[DOWN], "next", "among files: the next one")
        .while_typing()
        .quiet()
        .runs(Import::down)
        .when(Import::is_picking),
    row("filter-up", &[UP], "previous", "among files: the previous one")
        .while_typing()
        .quiet()
        .runs(Import::up)
        .when(Import::is_picking),
    row("filter-page-down", &[PAGE_DOWN], "more", "among files: a page down")
        .while_typing()
        .quiet()
        .runs(Import::page_down)
        .when(Import::is_picking),
    row("filter-page-up", &[PAGE_UP], "back", "among files: a page up")
        .while_typing()
        .quiet()
        .runs(Import::page_up)
        .when(Import::is_picking),
    row("preview", &[ENTER], "preview", "read the file or folder; nothing is saved yet")
        .while_typing()
        .runs(Import::preview)
        .when(|import, _| import.form.editing.is_some()),
    row("next-field", &[TAB], "next field", "to the next field")
        .while_typing()
        .runs(Import::next_field)
        .when(|import, _| import.form.editing.is_some()),
];
