//! The table of all keys: the shell's own rows and those of every screen, in order of precedence. Where two applicable rows share a
//! key, the first wins: that is how the guide takes Enter, and how a screen can use a key that means something else elsewhere.

use super::keys::{
    BACK_TAB, Command, DOWN, ENTER, ESC, Entry, F1, Key, Layer, PAGE_DOWN, PAGE_UP, Place, Row, TAB, Target, UP, char,
    row,
};
use super::screen::AnyScreen;

/// Every row, in order of precedence.
pub fn table(screens: &[Box<dyn AnyScreen>]) -> Vec<Entry> {
    let over = [
        (Place::Always, ALWAYS),
        (Place::Over(Layer::Quit), QUITTING),
        (Place::Over(Layer::Help), HELP),
        (Place::Over(Layer::Palette), PALETTE),
        (Place::Over(Layer::Jobs), JOBS),
        (Place::Over(Layer::Dialog), DIALOG),
        (Place::Everywhere, GUIDE),
    ];
    let mut entries: Vec<Entry> = over.into_iter().flat_map(placed).collect();
    for (place, screen) in screens.iter().enumerate() {
        let id = screen.about().id;
        let of_screen = |(binding, row): (usize, Row)| Entry {
            place: if row.typing { Place::TypingOn(id) } else { Place::On(id) },
            row,
            target: Target::Screen { screen: place, binding },
        };
        entries.extend(screen.rows().into_iter().enumerate().map(of_screen));
    }
    entries.extend([(Place::Typing, TYPING), (Place::Everywhere, EVERYWHERE)].into_iter().flat_map(placed));
    entries.extend(showing(screens));
    entries.extend(placed((Place::Everywhere, MOVING)));
    entries
}

/// Rows of the shell: which keys, and what.
type Rows = &'static [(Row, Command)];

fn placed((place, rows): (Place, Rows)) -> impl Iterator<Item = Entry> {
    rows.iter().map(move |&(row, command)| Entry { place, row, target: Target::Shell(command) })
}

const NEXT: &[Key] = &[DOWN, char('j')];
const PREVIOUS: &[Key] = &[UP, char('k')];

const QUIT: &str = "quit; training in progress saves a checkpoint first";
const QUIT_NOW: &str = "stop what is running, wait for it to save its state, and quit";
const STOP: &str = "stop what is running; training saves a checkpoint";
const STOP_ONE: &str = "stop the highlighted job; training saves a checkpoint";
const NEXT_STEP: &str = "while the guide is shown: the next step, or go to the screen that has it";
const HIDE: &str = "continue without the guide; it does not come back";
const DEMO: &str = "show the whole process with a fictional person's texts, separate from your own";
const NEXT_PANEL: &str = "move the focus to the next panel";
const PREVIOUS_PANEL: &str = "move the focus to the previous panel";
const PREVIOUS_SCREEN: &str = "go to the previous screen";
const MOUSE: &str = "leave the mouse to the terminal, to select text, or take it back";

const ALWAYS: Rows = &[
    (row("leave", &[Key::control('c')], "quit", QUIT).quiet(), Command::Leave),
    (row("suspend", &[Key::control('z')], "suspend", "back to the shell; `fg` returns here").quiet(), Command::Suspend),
];

const QUITTING: Rows = &[
    (row("quit-now", &[char('y'), ENTER], "quit", QUIT_NOW), Command::Confirm),
    (row("stay-here", &[char('n'), ESC], "stay", "do not quit"), Command::Close),
];

const HELP: Rows = &[
    (row("close-help", &[ESC, char('?'), char('q'), ENTER, F1], "close", "close the help"), Command::Close),
    (row("down", NEXT, "down", "a row down").quiet(), Command::Move(1)),
    (row("up", PREVIOUS, "up", "a row up").quiet(), Command::Move(-1)),
    (row("page-down", &[PAGE_DOWN, char(' ')], "more", "a page down"), Command::PageDown),
    (row("page-up", &[PAGE_UP], "back", "a page up"), Command::PageUp),
];

const PALETTE: Rows = &[
    (row("palette-run", &[ENTER], "run", "run the highlighted command"), Command::Confirm),
    (row("palette-down", &[DOWN], "next", "the next match"), Command::Move(1)),
    (row("palette-up", &[UP], "previous", "the previous match").quiet(), Command::Move(-1)),
    (row("palette-close", &[ESC], "close", "close the palette"), Command::Close),
];

const JOBS: Rows = &[
    (row("jobs-stop", &[char('x'), ENTER], "stop it", STOP_ONE), Command::StopJob),
    (row("down", NEXT, "next", "the next job"), Command::Move(1)),
    (row("up", PREVIOUS, "previous", "the previous job").quiet(), Command::Move(-1)),
    (row("jobs-close", &[ESC, char('J'), char('q')], "close", "close the list of jobs"), Command::Close),
];

const DIALOG: Rows = &[
    (row("confirm", &[ENTER], "confirm", "do it, once everything asked for is typed"), Command::Confirm),
    (row("leave-as-it-is", &[ESC], "cancel", "change nothing"), Command::Close),
];

const GUIDE: Rows = &[
    (row("advance", &[ENTER], "next step", NEXT_STEP), Command::Advance),
    (row("leave-guide", &[char('G')], "hide the guide", HIDE).quiet(), Command::EndGuide),
    (row("open-demo", &[char('d')], "demo", DEMO), Command::OpenDemo),
];

const TYPING: Rows = &[
    (row("leave-field", &[ESC], "done", "leave the field; keys are commands again"), Command::LeaveField),
    (row("help", &[F1], "help", "show all keys"), Command::Help),
];

/// The rows that every screen has, after its own.
const EVERYWHERE: Rows = &[
    (row("stop", &[char('x')], "stop", STOP).also("cancel abort"), Command::Stop),
    (row("retry", &[char('r')], "try again", "retry what failed on this screen"), Command::Retry),
    (row("page-down", &[PAGE_DOWN, char(' ')], "more", "a page down").quiet(), Command::PageDown),
    (row("page-up", &[PAGE_UP], "back", "a page up").quiet(), Command::PageUp),
    (row("down", NEXT, "down", "a row down").quiet(), Command::Move(1)),
    (row("up", PREVIOUS, "up", "a row up").quiet(), Command::Move(-1)),
    (row("dismiss", &[ESC], "dismiss", "dismiss the message").quiet(), Command::Dismiss),
];

const MOVING: Rows = &[
    (row("next-panel", &[TAB], "next panel", NEXT_PANEL), Command::Panel(1)),
    (row("previous-panel", &[BACK_TAB], "previous panel", PREVIOUS_PANEL).quiet(), Command::Panel(-1)),
    (row("next-screen", &[char(']')], "next screen", "go to the next screen").quiet(), Command::Screen(1)),
    (row("previous-screen", &[char('[')], "previous screen", PREVIOUS_SCREEN).quiet(), Command::Screen(-1)),
    (row("palette", &[char(':'), Key::control('p')], "palette", "find a command by its name"), Command::Palette),
    (row("jobs", &[char('J')], "jobs", "show the running jobs").quiet(), Command::Jobs),
    (row("toggle-mouse", &[char('M')], "mouse on or off", MOUSE).quiet(), Command::ToggleMouse),
    (row("help", &[char('?'), F1], "all keys", "show all keys").also("help shortcuts"), Command::Help),
    (row("quit", &[char('q')], "quit", QUIT).also("exit close"), Command::Quit),
];

/// The key that shows each screen; from the tenth on a screen has none but the palette.
fn showing(screens: &[Box<dyn AnyScreen>]) -> impl Iterator<Item = Entry> {
    screens.iter().enumerate().map(|(place, screen)| {
        let about = screen.about();
        // Built once for each screen of a program, and as lasting as the other rows.
        let id = Box::leak(format!("show-{}", about.id.0.to_lowercase()).into_boxed_str());
        let keys: Vec<Key> = "123456789".chars().nth(place).map(char).into_iter().collect();
        let row = row(id, keys.leak(), about.id.0, about.summary).quiet();
        Entry { place: Place::Everywhere, row, target: Target::Shell(Command::Show(place)) }
    })
}
