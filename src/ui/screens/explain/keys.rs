//! The keys of Explain.

use super::state::Explain;
use crate::ui::shell::binding::Binding;
use crate::ui::shell::keys::{BACKSPACE, Command, END, HOME, LEFT, PAGE_DOWN, PAGE_UP, RIGHT, char, row};

pub const KEYS: &[Binding<Explain>] = &[
    row("next-step", &[RIGHT, char('n')], "next", "the next step").runs(Explain::next).when(Explain::has_next),
    // The keys of paging, which presenters' remote controls send, go through a long step first.
    row("next-step", &[char(' '), PAGE_DOWN], "next", "the next step, once all of this one was shown")
        .quiet()
        .unless(Command::PageDown)
        .runs(Explain::next)
        .when(Explain::has_next),
    row("previous-step", &[LEFT, char('p'), BACKSPACE], "back", "the previous step")
        .runs(Explain::previous)
        .when(Explain::has_previous),
    row("previous-step", &[PAGE_UP], "back", "the previous step, from the top of this one")
        .quiet()
        .unless(Command::PageUp)
        .runs(Explain::previous)
        .when(Explain::has_previous),
    row("show-numbers", &[char('#')], "numbers", "show or hide the numbers behind a step")
        .also("coefficients details")
        .runs(Explain::toggle_numbers)
        .when(|explain, shared| explain.place(shared).is_some()),
    row("first-step", &[HOME], "first step", "back to the first step")
        .quiet()
        .runs(Explain::first)
        .when(Explain::has_previous),
    row("last-step", &[END], "last step", "to the last step").quiet().runs(Explain::last).when(Explain::has_next),
    row("export-report", &[char('h')], "HTML page", "write all steps as a page for a browser; asks where")
        .also("report export save browser")
        .runs(Explain::ask_where)
        .when(Explain::may_write),
    row("open-report", &[char('o')], "open the page", "open the page that was written in a browser")
        .also("report html")
        .runs(Explain::open_page)
        .when(|explain, _| explain.written().is_some()),
];
