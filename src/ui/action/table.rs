//! The table: each row a key, what it is called, when it makes sense and which function does it. Where two rows that make sense share a
//! key, the first counts: that is how the guide takes Enter.

use crossterm::event::KeyCode;

use super::{Action as A, Entry, Key, Place};
use crate::ui::guide;
use crate::ui::message::{Effect, JobKind};
use crate::ui::model::{Model, Overlay};
use crate::ui::screens::{Screen, import, library, settings, train, write};
use crate::ui::{overlays, update};

const ENTER: Key = Key::plain(KeyCode::Enter);
const ESC: Key = Key::plain(KeyCode::Esc);
const UP: Key = Key::plain(KeyCode::Up);
const DOWN: Key = Key::plain(KeyCode::Down);
const PAGE_UP: Key = Key::plain(KeyCode::PageUp);
const PAGE_DOWN: Key = Key::plain(KeyCode::PageDown);
const F1: Key = Key::plain(KeyCode::F(1));

const fn char(character: char) -> Key {
    Key::char(character)
}

const fn row(
    place: Place,
    action: A,
    keys: &'static [Key],
    (name, description): (&'static str, &'static str),
    run: fn(&mut Model) -> Vec<Effect>,
) -> Entry {
    Entry { action, keys, name, description, place, in_bar: true, enabled: yes, run }
}

impl Entry {
    const fn when(mut self, enabled: fn(&Model) -> bool) -> Self {
        self.enabled = enabled;
        self
    }

    /// Not named in the command bar.
    const fn quiet(mut self) -> Self {
        self.in_bar = false;
        self
    }
}

fn yes(_: &Model) -> bool {
    true
}

fn nothing(_: &mut Model) -> Vec<Effect> {
    Vec::new()
}

fn scrolled(model: &Model) -> bool {
    model.scroll > 0
}

fn more_below(model: &Model) -> bool {
    model.scroll < model.scroll_limit
}

fn writing(model: &Model) -> bool {
    model.jobs.is_running(JobKind::Write)
}

pub const TABLE: &[Entry] = {
    use Place::{Always, Everywhere, On, Over, Typing};
    use Screen::{Import, Library, Settings, Style, Train, Write};
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
            Typing,
            A::Preview,
            &[ENTER],
            ("preview", "look at the file or folder; nothing is kept yet"),
            import::preview,
        )
        .when(|m| m.screen == Import),
        row(Typing, A::NextField, &[Key::plain(KeyCode::Tab)], ("next field", "to the next field"), import::next_field)
            .when(|m| m.screen == Import),
        row(Typing, A::SubmitPrompt, &[ENTER], ("write", "let both models answer"), write::submit)
            .when(|m| m.screen == Write),
        row(
            Typing,
            A::LeaveField,
            &[ESC],
            ("done typing", "leave the field; keys are commands again"),
            update::leave_field,
        ),
        row(Typing, A::Help, &[F1], ("help", "this help"), update::help),
        row(Everywhere, A::Advance, &[ENTER], ("go on", "in the demo: the next step"), guide::advance)
            .when(guide::may_advance),
        row(Everywhere, A::WaitForGuide, &[ENTER], ("wait", "in the demo, while a step is at work: nothing"), nothing)
            .when(guide::is_on)
            .quiet(),
        row(
            Everywhere,
            A::EndGuide,
            &[ESC],
            ("end the guide", "at the end of the demo: hide the guide's line"),
            guide::end,
        )
        .when(guide::is_over),
        row(On(Import), A::Keep, &[ENTER], ("keep these texts", "keep what the preview shows"), import::keep)
            .when(import::previewing),
        row(On(Import), A::Discard, &[ESC], ("discard", "forget the preview; nothing is kept"), import::discard)
            .when(import::previewing),
        row(
            On(Import),
            A::EditPath,
            &[ENTER, char('e')],
            ("type a path", "name a file or folder with your writing"),
            import::edit,
        )
        .when(|m| !import::previewing(m) && !m.jobs.is_running(JobKind::Keep)),
        row(On(Import), A::EditPath, &[char('e')], ("other path", "name another file or folder"), import::edit)
            .when(import::previewing)
            .quiet(),
        row(On(Style), A::Down, &[DOWN, char('j')], ("next axis", "explain the next axis"), update::down)
            .when(|m| m.screens.style.profile.as_ref().is_some_and(|profile| !profile.axes.is_empty())),
        row(On(Style), A::Up, &[UP, char('k')], ("previous axis", "explain the previous axis"), update::up).quiet(),
        row(
            On(Library),
            A::ChooseStart,
            &[ENTER, char('c')],
            ("start from it", "train from the highlighted model"),
            library::choose_start,
        )
        .when(library::has_candidates),
        row(On(Library), A::Down, &[DOWN, char('j')], ("next", "the next model"), update::down)
            .when(library::has_candidates),
        row(On(Library), A::Up, &[UP, char('k')], ("previous", "the previous model"), update::up).quiet(),
        row(On(Train), A::StartTraining, &[ENTER, char('t')], ("train", "start training"), train::begin)
            .when(train::may_start),
        row(
            On(Train),
            A::TrainAgain,
            &[ENTER, char('t')],
            ("train again", "set another training up; the model now is kept until that is done"),
            train::set_up_again,
        )
        .when(train::may_train_again),
        row(
            On(Train),
            A::ResumeTraining,
            &[ENTER, char('r')],
            ("resume", "go on from the checkpoint of the stopped training"),
            train::resume,
        )
        .when(train::may_resume),
        row(
            On(Train),
            A::RestartTraining,
            &[char('n')],
            ("start anew", "give up the stopped training and begin a new one"),
            train::restart,
        )
        .when(train::may_resume),
        row(On(Train), A::PauseTraining, &[char('p')], ("pause", "let the training wait where it is"), train::pause)
            .when(train::may_pause),
        row(On(Train), A::ContinueTraining, &[char('p')], ("go on", "let the waiting training go on"), train::go_on)
            .when(train::paused),
        row(
            On(Train),
            A::FetchBase,
            &[char('b')],
            ("fetch base model", "fetch the base model (uses the network)"),
            train::fetch,
        )
        .when(train::base_missing),
        row(
            On(Train),
            A::MoreSteps,
            &[char('+'), char('=')],
            ("more steps", "train for more steps"),
            train::more_steps,
        )
        .when(train::may_start),
        row(On(Train), A::FewerSteps, &[char('-')], ("fewer", "train for fewer steps"), train::fewer_steps)
            .when(train::may_start),
        row(
            On(Train),
            A::StartAutomatic,
            &[char('a')],
            ("best start", "start from the model that fits best"),
            train::start_automatic,
        )
        .when(train::may_start),
        row(
            On(Train),
            A::StartFromScratch,
            &[char('s')],
            ("from scratch", "start from no model of the library"),
            train::start_from_scratch,
        )
        .when(train::may_start),
        row(
            On(Library),
            A::StartAutomatic,
            &[char('a')],
            ("best start", "start from the model that fits best"),
            train::start_automatic,
        )
        .when(library::has_candidates),
        row(
            On(Library),
            A::StartFromScratch,
            &[char('s')],
            ("from scratch", "start from no model of the library"),
            train::start_from_scratch,
        )
        .when(library::has_candidates),
        row(On(Write), A::EditPrompt, &[ENTER, char('e')], ("type a prompt", "say what is to be written"), write::edit)
            .when(|m| !writing(m)),
        row(
            On(Write),
            A::AskAgain,
            &[char('w')],
            ("same again", "let both models answer the same prompt again"),
            write::ask_again,
        )
        .when(|m| !m.screens.write.asked.is_empty() && !writing(m)),
        row(
            On(Write),
            A::NextVoice,
            &[char('v')],
            ("other model", "choose who answers beside the base model"),
            write::next_voice,
        )
        .when(|m| write::voices(m).len() > 1 && !writing(m)),
        row(
            On(Write),
            A::OtherPane,
            &[Key::plain(KeyCode::Right), Key::plain(KeyCode::Left)],
            ("other answer", "the other answer, where only one fits"),
            write::other_pane,
        )
        .when(|m| m.screens.write.answers.len() > 1)
        .quiet(),
        row(
            On(Write),
            A::FetchBase,
            &[char('b')],
            ("fetch base model", "fetch the base model (uses the network)"),
            train::fetch,
        )
        .when(train::base_missing),
        row(
            On(Settings),
            A::NextValue,
            &[Key::plain(KeyCode::Right), ENTER],
            ("change", "the next value; seen at once, and kept"),
            settings::next_value,
        ),
        row(
            On(Settings),
            A::PreviousValue,
            &[Key::plain(KeyCode::Left)],
            ("change back", "the value before"),
            settings::previous_value,
        )
        .quiet(),
        row(On(Settings), A::Down, &[DOWN, char('j')], ("next", "the next setting"), update::down),
        row(On(Settings), A::Up, &[UP, char('k')], ("previous", "the setting before"), update::up).quiet(),
        row(
            On(Settings),
            A::CheckAgain,
            &[char('c')],
            ("check again", "look at this machine again"),
            settings::check_again,
        )
        .when(|m| !m.jobs.is_running(JobKind::Check)),
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
        row(Everywhere, A::Show(Settings), &[char('6')], ("Settings", "looks, mouse, and this machine"), |m| {
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
