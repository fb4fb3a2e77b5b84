//! The rows of the table of keys: which keys, what they are called, where they apply, and who handles them. Knows screens only by name.

use super::Key;
use crate::ui::shell::effect::ScreenId;

/// Keys with their name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    /// Its name in the user's key settings and in documents: `start-training`. Several rows may share one.
    pub id: &'static str,
    /// The shipped keys; the first is the one shown.
    pub keys: &'static [Key],
    /// For the command bar: a word or two.
    pub name: &'static str,
    /// For help and palette: a sentence.
    pub description: &'static str,
    /// Counts while text is typed, and only then.
    pub typing: bool,
    /// The command bar names it.
    pub in_bar: bool,
    /// Something is lost by it: the palette ranks it last.
    pub destructive: bool,
    /// Other words that the palette finds it by.
    pub synonyms: &'static str,
    /// Counts only where this command of the shell makes no sense now.
    pub unless: Option<Command>,
}

/// A row that the command bar names.
pub const fn row(id: &'static str, keys: &'static [Key], name: &'static str, description: &'static str) -> Row {
    Row { id, keys, name, description, typing: false, in_bar: true, destructive: false, synonyms: "", unless: None }
}

/// One that the command bar does not name.
pub const fn quiet(id: &'static str, keys: &'static [Key], name: &'static str, description: &'static str) -> Row {
    row(id, keys, name, description).quiet()
}

/// One that counts while text is typed, and only then.
pub const fn typing(id: &'static str, keys: &'static [Key], name: &'static str, description: &'static str) -> Row {
    Row { typing: true, ..row(id, keys, name, description) }
}

impl Row {
    /// Not named in the command bar.
    pub const fn quiet(mut self) -> Self {
        self.in_bar = false;
        self
    }

    pub const fn destructive(mut self) -> Self {
        self.destructive = true;
        self
    }

    /// Only where this command makes no sense, as where a page was read to its end.
    pub const fn unless(mut self, command: Command) -> Self {
        self.unless = Some(command);
        self
    }

    pub const fn also(mut self, synonyms: &'static str) -> Self {
        self.synonyms = synonyms;
        self
    }
}

/// What the shell itself can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
    Leave,
    Suspend,
    /// What lies over the screen is done.
    Confirm,
    Close,
    /// Up or down by so many rows.
    Move(isize),
    PageUp,
    PageDown,
    StopJob,
    LeaveField,
    Advance,
    EndGuide,
    OpenDemo,
    Stop,
    Retry,
    Dismiss,
    Show(usize),
    /// To the panel, or the screen, so many places on.
    Panel(isize),
    Screen(isize),
    Palette,
    Jobs,
    ToggleMouse,
    Help,
    Quit,
}

/// What lies over a screen and takes the keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layer {
    Help,
    /// A training runs: really quit?
    Quit,
    /// Every command, found by its name.
    Palette,
    /// The running jobs.
    Jobs,
    /// A question.
    Dialog,
}

/// Where a row counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Whatever is on the screen.
    Always,
    /// While this lies over the screen.
    Over(Layer),
    /// While text is typed on this screen, or on any.
    TypingOn(ScreenId),
    Typing,
    /// On this screen, while nothing lies over it and nothing is typed.
    On(ScreenId),
    /// The same, on every screen.
    Everywhere,
}

/// Who does it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    Shell(Command),
    /// A screen, by its place, with the place among its bindings.
    Screen {
        screen: usize,
        binding: usize,
    },
}

/// A row in its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    pub place: Place,
    pub row: Row,
    pub target: Target,
}

impl Place {
    /// As help and documents head its rows.
    pub fn title(self) -> String {
        match self {
            Self::Always => "At any time".into(),
            Self::Over(Layer::Help) => "In the help".into(),
            Self::Over(Layer::Quit) => "When asked whether to quit".into(),
            Self::Over(Layer::Palette) => "In the palette".into(),
            Self::Over(Layer::Jobs) => "In the list of jobs".into(),
            Self::Over(Layer::Dialog) => "In a question".into(),
            Self::TypingOn(screen) => format!("{}, while typing", screen.0),
            Self::Typing => "While typing".into(),
            Self::On(screen) => screen.0.into(),
            Self::Everywhere => "On every screen".into(),
        }
    }
}
