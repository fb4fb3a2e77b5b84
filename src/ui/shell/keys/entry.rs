//! The places in which keys count, who answers them, and the rows in their places. Knows no screen but by name.

use super::{Command, Row};
use crate::ui::shell::effect::ScreenId;

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
    #[must_use]
    pub fn title(self) -> String {
        let name = |screen: ScreenId| {
            let mut characters = screen.0.chars();
            characters
                .next()
                .map(|first| first.to_uppercase().chain(characters).collect::<String>())
                .unwrap_or_default()
        };
        match self {
            Self::Always => "At any time".into(),
            Self::Over(Layer::Help) => "In the help".into(),
            Self::Over(Layer::Quit) => "When asked whether to quit".into(),
            Self::Over(Layer::Palette) => "In the palette".into(),
            Self::Over(Layer::Jobs) => "In the list of jobs".into(),
            Self::Over(Layer::Dialog) => "In a question".into(),
            Self::TypingOn(screen) => format!("{}, while typing", name(screen)),
            Self::Typing => "While typing".into(),
            Self::On(screen) => name(screen),
            Self::Everywhere => "On every screen".into(),
        }
    }
}
