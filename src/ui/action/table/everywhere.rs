//! Rows that every screen has, after its own.

use crossterm::event::KeyCode;

use super::{A, DOWN, ESC, Entry, F1, Key, PAGE_DOWN, PAGE_UP, Place, UP, char, more_below, row, scrolled};
use crate::ui::screens::{Screen, settings};
use crate::ui::{overlays, update};

pub(super) const ROWS: &[Entry] = {
    use Place::Everywhere;
    use Screen::{Explain, Import, Library, Runs, Settings, Style, Train, Write};
    &[
        row(
            Everywhere,
            A::Stop,
            &[char('x')],
            ("stop", "stop what is running; a training keeps a checkpoint"),
            update::stop,
        )
        .when(|m| update::stoppable(m).is_some()),
        row(Everywhere, A::Retry, &[char('r')], ("try again", "try again what failed on this screen"), update::retry)
            .when(|m| m.failure().is_some()),
        row(Everywhere, A::PageDown, &[PAGE_DOWN, char(' ')], ("more", "a page down"), update::page_down)
            .when(more_below),
        row(Everywhere, A::PageUp, &[PAGE_UP], ("back", "a page up"), update::page_up).when(scrolled),
        row(Everywhere, A::Down, &[DOWN, char('j')], ("down", "a row down"), update::down).quiet(),
        row(Everywhere, A::Up, &[UP, char('k')], ("up", "a row up"), update::up).quiet(),
        row(Everywhere, A::Dismiss, &[ESC], ("dismiss", "take the message away"), update::dismiss)
            .when(|m| m.notice.is_some() || m.failure().is_some())
            .quiet(),
        row(Everywhere, A::Show(Import), &[char('1')], ("Import", "your writing"), |m| update::show(m, Import)).quiet(),
        row(Everywhere, A::Show(Style), &[char('2')], ("Style", "how you write, measured"), |m| update::show(m, Style))
            .quiet(),
        row(Everywhere, A::Show(Library), &[char('3')], ("Library", "which model fits, and why"), |m| {
            update::show(m, Library)
        })
        .quiet(),
        row(Everywhere, A::Show(Train), &[char('4')], ("Train", "make it yours"), |m| update::show(m, Train)).quiet(),
        row(Everywhere, A::Show(Write), &[char('5')], ("Write", "base and personal answers"), |m| {
            update::show(m, Write)
        })
        .quiet(),
        row(Everywhere, A::Show(Explain), &[char('6')], ("Explain", "the choice told in steps"), |m| {
            update::show(m, Explain)
        })
        .quiet(),
        row(Everywhere, A::Show(Runs), &[char('7')], ("Runs", "the models your trainings left"), |m| {
            update::show(m, Runs)
        })
        .quiet(),
        row(Everywhere, A::Show(Settings), &[char('8')], ("Settings", "looks, mouse, and this machine"), |m| {
            update::show(m, Settings)
        })
        .quiet(),
        row(
            Everywhere,
            A::NextScreen,
            &[Key::plain(KeyCode::Tab)],
            ("next screen", "to the next screen"),
            update::next_screen,
        ),
        row(
            Everywhere,
            A::PreviousScreen,
            &[Key::plain(KeyCode::BackTab)],
            ("previous screen", "to the previous screen"),
            update::previous_screen,
        )
        .quiet(),
        row(
            Everywhere,
            A::Palette,
            &[char(':'), Key::control('p')],
            ("palette", "find a command by its name"),
            overlays::palette::open,
        ),
        row(Everywhere, A::Jobs, &[char('J')], ("jobs", "what is at work now"), overlays::jobs::open)
            .when(|m| m.jobs.any())
            .quiet(),
        row(
            Everywhere,
            A::ToggleMouse,
            &[char('M')],
            ("mouse on or off", "leave the mouse to the terminal, to select text with it, or take it back"),
            settings::toggle_mouse,
        )
        .quiet(),
        row(Everywhere, A::Help, &[char('?'), F1], ("help", "this help"), update::help),
        row(
            Everywhere,
            A::Quit,
            &[char('q')],
            ("quit", "quit; a running training keeps a checkpoint first"),
            update::ask_to_leave,
        ),
    ]
};
