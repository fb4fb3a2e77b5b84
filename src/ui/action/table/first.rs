//! Rows that are listened to before a screen's own: at any time, over a screen, while typing, and the guide's.

use crossterm::event::KeyCode;

use super::{
    A, BACKSPACE, DOWN, ENTER, ESC, Entry, F1, Key, LEFT, PAGE_DOWN, PAGE_UP, Place, UP, char, more_below, row,
    scrolled,
};
use crate::ui::guide;
use crate::ui::message::Effect;
use crate::ui::model::{Model, Overlay};
use crate::ui::screens::import::{self, files};
use crate::ui::screens::write::{self, kept};
use crate::ui::screens::{Screen, library, runs};
use crate::ui::{overlays, update};

fn nothing(_: &mut Model) -> Vec<Effect> {
    Vec::new()
}

fn on_library(model: &Model) -> bool {
    model.screen == Screen::Library
}

/// Whether words of a kept conversation are being typed.
fn finding(model: &Model) -> bool {
    model.screen == Screen::Write && write::finding(model)
}

/// Whether a file is being chosen.
fn choosing(model: &Model) -> bool {
    model.screen == Screen::Import && import::picking(model)
}

fn choosing_untyped(model: &Model) -> bool {
    choosing(model) && import::untyped(model)
}

pub(super) const ROWS: &[Entry] = {
    use Place::{Always, Everywhere, Over, Typing};
    &[
        row(
            Always,
            A::Leave,
            &[Key::control('c')],
            ("quit", "quit; a running training keeps a checkpoint first"),
            update::leave_or_insist,
        )
        .quiet(),
        row(
            Always,
            A::Suspend,
            &[Key::control('z')],
            ("suspend", "back to the shell; `fg` returns here"),
            update::suspend,
        )
        .when(|_| cfg!(unix))
        .quiet(),
        row(
            Over(Overlay::Quit),
            A::QuitNow,
            &[char('y'), ENTER],
            ("stop and quit", "stop the training, wait for its checkpoint, quit"),
            update::leave,
        ),
        row(
            Over(Overlay::Quit),
            A::StayHere,
            &[char('n'), ESC],
            ("go on", "do not quit; the training goes on"),
            update::close,
        ),
        row(
            Over(Overlay::Help),
            A::CloseHelp,
            &[ESC, char('?'), char('q'), ENTER, F1],
            ("close", "close the help"),
            update::close,
        ),
        row(Over(Overlay::Help), A::Down, &[DOWN, char('j')], ("down", "a row down"), update::down).quiet(),
        row(Over(Overlay::Help), A::Up, &[UP, char('k')], ("up", "a row up"), update::up).quiet(),
        row(Over(Overlay::Help), A::PageDown, &[PAGE_DOWN, char(' ')], ("more", "a page down"), update::page_down)
            .when(more_below),
        row(Over(Overlay::Help), A::PageUp, &[PAGE_UP], ("back", "a page up"), update::page_up).when(scrolled),
        row(
            Over(Overlay::Palette),
            A::PaletteRun,
            &[ENTER],
            ("do it", "do what is highlighted"),
            overlays::palette::run,
        )
        .when(overlays::palette::has_match),
        row(Over(Overlay::Palette), A::PaletteDown, &[DOWN], ("next", "the next match"), overlays::palette::down),
        row(Over(Overlay::Palette), A::PaletteUp, &[UP], ("previous", "the match before"), overlays::palette::up)
            .quiet(),
        row(Over(Overlay::Palette), A::PaletteClose, &[ESC], ("close", "close the palette"), update::close),
        row(
            Over(Overlay::Jobs),
            A::JobsStop,
            &[char('x'), ENTER],
            ("stop it", "stop the highlighted job; a training keeps a checkpoint"),
            overlays::jobs::stop,
        )
        .when(overlays::jobs::can_stop),
        row(Over(Overlay::Jobs), A::Down, &[DOWN, char('j')], ("next", "the next job"), overlays::jobs::down),
        row(Over(Overlay::Jobs), A::Up, &[UP, char('k')], ("previous", "the job before"), overlays::jobs::up).quiet(),
        row(
            Over(Overlay::Jobs),
            A::JobsClose,
            &[ESC, char('J'), char('q')],
            ("close", "close the list of jobs"),
            update::close,
        ),
        row(
            Over(Overlay::Confirm),
            A::Confirm,
            &[ENTER],
            ("do it", "do it, where the word stands there"),
            overlays::confirm::run,
        )
        .when(overlays::confirm::is_typed),
        row(
            Over(Overlay::Confirm),
            A::LeaveAsItIs,
            &[ESC],
            ("leave it", "leave everything as it is"),
            overlays::confirm::leave,
        ),
        row(
            Typing,
            A::ChooseEntry,
            &[ENTER],
            ("open", "among files: go into the folder, or preview the file"),
            files::choose,
        )
        .when(choosing),
        row(
            Typing,
            A::TakeFolder,
            &[Key::control('f')],
            ("whole folder", "among files: preview everything in the folder that is shown"),
            files::take_folder,
        )
        .when(|m| choosing(m) && import::may_take_folder(m)),
        row(
            Typing,
            A::ParentFolder,
            &[LEFT, BACKSPACE],
            ("folder above", "among files, while nothing is typed: to the folder above"),
            files::up_a_folder,
        )
        .when(choosing_untyped),
        row(
            Typing,
            A::ClearFilter,
            &[ESC],
            ("show all", "among files: forget what is typed and show all"),
            files::clear_filter,
        )
        .when(|m| choosing(m) && !import::untyped(m)),
        row(Typing, A::ClosePicker, &[ESC], ("close", "choose no file"), files::close).when(choosing_untyped),
        row(
            Typing,
            A::ToggleHidden,
            &[char('.')],
            ("hidden", "among files, while nothing is typed: show hidden ones, or leave them out"),
            files::toggle_hidden,
        )
        .when(choosing_untyped),
        row(Typing, A::FilterDown, &[DOWN], ("next", "the next file"), files::down).when(choosing).quiet(),
        row(Typing, A::FilterUp, &[UP], ("previous", "the file before"), files::up).when(choosing).quiet(),
        row(Typing, A::FilterPageDown, &[PAGE_DOWN], ("more", "among files: a page down"), files::page_down)
            .when(choosing)
            .quiet(),
        row(Typing, A::FilterPageUp, &[PAGE_UP], ("back", "among files: a page up"), files::page_up)
            .when(choosing)
            .quiet(),
        row(
            Typing,
            A::Preview,
            &[ENTER],
            ("preview", "look at the file or folder; nothing is kept yet"),
            import::preview,
        )
        .when(import::editing),
        row(Typing, A::NextField, &[Key::plain(KeyCode::Tab)], ("next field", "to the next field"), import::next_field)
            .when(import::editing),
        row(Typing, A::SubmitPrompt, &[ENTER], ("write", "let both models answer"), write::submit).when(write::typing),
        row(
            Typing,
            A::EarlierPrompt,
            &[UP],
            ("earlier prompt", "change the prompt before, and ask it in its place"),
            write::earlier_prompt,
        )
        .when(|m| write::typing(m) && !m.screens.write.talk.turns.is_empty()),
        row(Typing, A::LaterPrompt, &[DOWN], ("later", "the prompt after it, at last a new one"), write::later_prompt)
            .when(|m| write::typing(m) && m.screens.write.revising.is_some()),
        row(
            Typing,
            A::OpenConversation,
            &[ENTER],
            ("open", "go on with the highlighted conversation"),
            kept::take_found,
        )
        .when(|m| finding(m) && kept::has_one(m)),
        row(Typing, A::FilterDown, &[DOWN], ("next", "the next conversation"), update::down).when(finding).quiet(),
        row(Typing, A::FilterUp, &[UP], ("previous", "the conversation before"), update::up).when(finding).quiet(),
        row(
            Typing,
            A::KeepName,
            &[ENTER],
            ("keep the name", "among runs: keep the name that is typed"),
            runs::keep_name,
        )
        .when(runs::is_naming),
        row(Typing, A::KeepFilter, &[ENTER], ("keep", "keep what is found and go on"), library::keep_filter)
            .when(on_library),
        row(
            Typing,
            A::ClearFilter,
            &[ESC],
            ("show all", "forget what is typed and show all models"),
            library::clear_filter,
        )
        .when(on_library),
        row(Typing, A::FilterDown, &[DOWN], ("next", "the next that is found"), library::down).when(on_library),
        row(Typing, A::FilterUp, &[UP], ("previous", "the one before"), library::up).when(on_library).quiet(),
        row(
            Typing,
            A::LeaveField,
            &[ESC],
            ("done typing", "leave the field; keys are commands again"),
            update::leave_field,
        ),
        row(Typing, A::Help, &[F1], ("help", "this help"), update::help),
        row(Everywhere, A::Advance, &[ENTER], ("go on", "with the guide: the next step"), guide::advance)
            .when(guide::may_advance),
        row(
            Everywhere,
            A::WaitForGuide,
            &[ENTER],
            ("wait", "with the guide, while a step is at work: nothing"),
            nothing,
        )
        .when(guide::is_on)
        .quiet(),
        row(
            Everywhere,
            A::EndGuide,
            &[ESC],
            ("end the guide", "before the first step or after the last: put the guide away"),
            guide::end,
        )
        .when(|m| guide::is_over(m) || guide::welcomes(m)),
        row(
            Everywhere,
            A::LeaveGuide,
            &[char('G')],
            ("leave the guide", "go on without the first run's guide; it does not come again"),
            guide::end,
        )
        .when(guide::in_first_run)
        .quiet(),
        row(
            Everywhere,
            A::OpenDemo,
            &[char('d')],
            ("demo", "show the whole job on an invented person, apart from your own texts, or go on with it"),
            guide::open_demo,
        )
        .when(|m| guide::welcomes(m) && !guide::in_demo(m)),
    ]
};
