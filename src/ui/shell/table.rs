//! The table of all keys: the shell's own rows and those of every screen, in the order in which they count. Where two rows that make
//! sense share a key, the first counts: that is how the guide takes Enter, and a screen a key that elsewhere means something else.

use crossterm::event::KeyCode;

use super::effect::ScreenId;
use super::keys::{
    Command, DOWN, ENTER, ESC, Entry, F1, Key, Layer, PAGE_DOWN, PAGE_UP, Place, Row, TAB, Target, UP, char, row,
};
use super::screen::AnyScreen;

/// Every row, in the order in which they count.
#[must_use]
pub fn table(screens: &[Box<dyn AnyScreen>]) -> Vec<Entry> {
    let shell =
        |rows: Rows| rows.iter().map(|&(place, row, command)| Entry { place, row, target: Target::Shell(command) });
    let mut entries: Vec<Entry> = shell(OVER_SCREENS).chain(shell(GUIDE)).collect();
    for (place, screen) in screens.iter().enumerate() {
        let of_screen = |(binding, row): (usize, Row)| Entry {
            place: if row.typing { Place::TypingOn(screen.id()) } else { Place::On(screen.id()) },
            row,
            target: Target::Screen { screen: place, binding },
        };
        entries.extend(screen.rows().into_iter().enumerate().map(of_screen));
    }
    entries.extend(shell(WHILE_TYPING).chain(shell(EVERYWHERE)));
    entries.extend(showing(screens));
    entries.extend(shell(MOVING));
    entries
}

/// Rows of the shell: where, which keys, what.
type Rows = &'static [(Place, Row, Command)];

const OVER_SCREENS: Rows = {
    use Layer::{Dialog, Help, Jobs, Palette, Quit};
    use Place::{Always, Over};
    const NEXT: &[Key] = &[DOWN, char('j')];
    const PREVIOUS: &[Key] = &[UP, char('k')];
    const STOP_JOB: &str = "stop the highlighted job; a training saves a checkpoint";
    &[
        (Always, row("leave", &[Key::control('c')], "quit", QUIT).quiet(), Command::Leave),
        (
            Always,
            row("suspend", &[Key::control('z')], "suspend", "back to the shell; `fg` returns here").quiet(),
            Command::Suspend,
        ),
        (
            Over(Quit),
            row("quit-now", &[char('y'), ENTER], "quit", "stop what runs, wait until it has saved its state, and quit"),
            Command::StopAndQuit,
        ),
        (Over(Quit), row("stay-here", &[char('n'), ESC], "stay", "do not quit"), Command::Close),
        (
            Over(Help),
            row("close-help", &[ESC, char('?'), char('q'), ENTER, F1], "close", "close the help"),
            Command::Close,
        ),
        (Over(Help), row("down", NEXT, "down", "a row down").quiet(), Command::Down),
        (Over(Help), row("up", PREVIOUS, "up", "a row up").quiet(), Command::Up),
        (Over(Help), row("page-down", &[PAGE_DOWN, char(' ')], "more", "a page down"), Command::PageDown),
        (Over(Help), row("page-up", &[PAGE_UP], "back", "a page up"), Command::PageUp),
        (Over(Palette), row("palette-run", &[ENTER], "run", "run the highlighted command"), Command::RunMatch),
        (Over(Palette), row("palette-down", &[DOWN], "next", "the next match"), Command::NextMatch),
        (Over(Palette), row("palette-up", &[UP], "previous", "the previous match").quiet(), Command::PreviousMatch),
        (Over(Palette), row("palette-close", &[ESC], "close", "close the palette"), Command::Close),
        (Over(Jobs), row("jobs-stop", &[char('x'), ENTER], "stop it", STOP_JOB), Command::StopJob),
        (Over(Jobs), row("down", NEXT, "next", "the next job"), Command::NextJob),
        (Over(Jobs), row("up", PREVIOUS, "previous", "the previous job").quiet(), Command::PreviousJob),
        (
            Over(Jobs),
            row("jobs-close", &[ESC, char('J'), char('q')], "close", "close the list of jobs"),
            Command::Close,
        ),
        (
            Over(Dialog),
            row("confirm", &[ENTER], "confirm", "do it, once everything asked for is typed"),
            Command::Confirm,
        ),
        (Over(Dialog), row("leave-as-it-is", &[ESC], "cancel", "change nothing"), Command::Close),
    ]
};

const QUIT: &str = "quit; a running training saves a checkpoint first";

const GUIDE: Rows = {
    use Place::Everywhere;
    const NEXT: &str = "while the guide shows: the next step, or go to the screen that has it";
    const HIDE: &str = "continue without the guide; it does not come back";
    const DEMO: &str = "show the whole job on an invented person, apart from your own texts";
    &[
        (Everywhere, row("advance", &[ENTER], "next step", NEXT), Command::Advance),
        (Everywhere, row("leave-guide", &[char('G')], "hide the guide", HIDE).quiet(), Command::EndGuide),
        (Everywhere, row("open-demo", &[char('d')], "demo", DEMO), Command::OpenDemo),
    ]
};

const WHILE_TYPING: Rows = &[
    (
        Place::Typing,
        row("leave-field", &[ESC], "done", "leave the field; keys are commands again"),
        Command::LeaveField,
    ),
    (Place::Typing, row("help", &[F1], "help", "show all keys"), Command::Help),
];

/// The rows that every screen has, after its own.
const EVERYWHERE: Rows = {
    use Place::Everywhere;
    const STOP: &str = "stop what is running; a training saves a checkpoint";
    &[
        (Everywhere, row("stop", &[char('x')], "stop", STOP).also("cancel abort"), Command::Stop),
        (Everywhere, row("retry", &[char('r')], "try again", "try again what failed on this screen"), Command::Retry),
        (Everywhere, row("page-down", &[PAGE_DOWN, char(' ')], "more", "a page down").quiet(), Command::PageDown),
        (Everywhere, row("page-up", &[PAGE_UP], "back", "a page up").quiet(), Command::PageUp),
        (Everywhere, row("down", &[DOWN, char('j')], "down", "a row down").quiet(), Command::Down),
        (Everywhere, row("up", &[UP, char('k')], "up", "a row up").quiet(), Command::Up),
        (Everywhere, row("dismiss", &[ESC], "dismiss", "dismiss the message").quiet(), Command::Dismiss),
    ]
};

const MOVING: Rows = {
    use Place::Everywhere;
    const SHIFT_TAB: &[Key] = &[Key::plain(KeyCode::BackTab)];
    const NEXT: &str = "give the next panel the focus";
    const PREVIOUS: &str = "give the previous panel the focus";
    const MOUSE: &str = "leave the mouse to the terminal, to select text with it, or take it back";
    &[
        (Everywhere, row("next-panel", &[TAB], "next panel", NEXT), Command::NextPanel),
        (Everywhere, row("previous-panel", SHIFT_TAB, "previous panel", PREVIOUS).quiet(), Command::PreviousPanel),
        (
            Everywhere,
            row("next-screen", &[char(']')], "next screen", "go to the next screen").quiet(),
            Command::NextScreen,
        ),
        (
            Everywhere,
            row("previous-screen", &[char('[')], "previous screen", "go to the previous screen").quiet(),
            Command::PreviousScreen,
        ),
        (
            Everywhere,
            row("palette", &[char(':'), Key::control('p')], "palette", "find a command by its name"),
            Command::Palette,
        ),
        (Everywhere, row("jobs", &[char('J')], "jobs", "show the running jobs").quiet(), Command::Jobs),
        (Everywhere, row("toggle-mouse", &[char('M')], "mouse on or off", MOUSE).quiet(), Command::ToggleMouse),
        (Everywhere, row("help", &[char('?'), F1], "all keys", "show all keys").also("help shortcuts"), Command::Help),
        (Everywhere, row("quit", &[char('q')], "quit", QUIT).also("exit close"), Command::Quit),
    ]
};

/// The key that shows each screen.
fn showing(screens: &[Box<dyn AnyScreen>]) -> impl Iterator<Item = Entry> {
    screens.iter().enumerate().map(|(place, screen)| {
        let row = row(show_id(screen.id()), digit(place), screen.name(), screen.summary()).quiet();
        Entry { place: Place::Everywhere, row, target: Target::Shell(Command::Show(place)) }
    })
}

/// `show-train`. Built once for each screen of a program, and as lasting as the other rows.
fn show_id(screen: ScreenId) -> &'static str {
    Box::leak(format!("show-{}", screen.0).into_boxed_str())
}

/// The key of the screen at this place; from the tenth on a screen has none but the palette.
fn digit(place: usize) -> &'static [Key] {
    const DIGITS: [[Key; 1]; 9] = [
        [char('1')],
        [char('2')],
        [char('3')],
        [char('4')],
        [char('5')],
        [char('6')],
        [char('7')],
        [char('8')],
        [char('9')],
    ];
    DIGITS.get(place).map_or(&[], |digit| digit)
}
