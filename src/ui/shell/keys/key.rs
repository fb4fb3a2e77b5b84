//! A key as it is pressed, written and read. Knows no action. (The crate `crokey` writes keys in a different notation from the user's
//! settings.)

use std::fmt;
use std::str::FromStr;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Key {
    pub code: KeyCode,
    pub control: bool,
}

/// The keys that have a name rather than a character.
const NAMED: [(&str, KeyCode); 16] = [
    ("Enter", KeyCode::Enter),
    ("Esc", KeyCode::Esc),
    ("Tab", KeyCode::Tab),
    ("Shift-Tab", KeyCode::BackTab),
    ("Up", KeyCode::Up),
    ("Down", KeyCode::Down),
    ("Left", KeyCode::Left),
    ("Right", KeyCode::Right),
    ("PgUp", KeyCode::PageUp),
    ("PgDn", KeyCode::PageDown),
    ("Home", KeyCode::Home),
    ("End", KeyCode::End),
    ("Backspace", KeyCode::Backspace),
    ("Delete", KeyCode::Delete),
    ("Insert", KeyCode::Insert),
    ("Space", KeyCode::Char(' ')),
];

pub const ENTER: Key = Key::plain(KeyCode::Enter);
pub const ESC: Key = Key::plain(KeyCode::Esc);
pub const TAB: Key = Key::plain(KeyCode::Tab);
pub const BACK_TAB: Key = Key::plain(KeyCode::BackTab);
pub const UP: Key = Key::plain(KeyCode::Up);
pub const DOWN: Key = Key::plain(KeyCode::Down);
pub const LEFT: Key = Key::plain(KeyCode::Left);
pub const RIGHT: Key = Key::plain(KeyCode::Right);
pub const BACKSPACE: Key = Key::plain(KeyCode::Backspace);
pub const HOME: Key = Key::plain(KeyCode::Home);
pub const END: Key = Key::plain(KeyCode::End);
pub const PAGE_UP: Key = Key::plain(KeyCode::PageUp);
pub const PAGE_DOWN: Key = Key::plain(KeyCode::PageDown);
pub const F1: Key = Key::plain(KeyCode::F(1));

pub const fn char(character: char) -> Key {
    Key::plain(KeyCode::Char(character))
}

impl Key {
    pub const fn plain(code: KeyCode) -> Self {
        Self { code, control: false }
    }

    pub const fn control(character: char) -> Self {
        Self { code: KeyCode::Char(character), control: true }
    }

    /// Shift is part of the character or of the key's own code, whatever the terminal says.
    pub fn is(self, event: &KeyEvent) -> bool {
        let control = event.modifiers.contains(KeyModifiers::CONTROL);
        let alt = event.modifiers.contains(KeyModifiers::ALT);
        event.code == self.code && control == self.control && !alt
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.control {
            f.write_str("Ctrl-")?;
        }
        if let Some((name, _)) = NAMED.iter().find(|(_, code)| *code == self.code) {
            return f.write_str(name);
        }
        match self.code {
            KeyCode::Char(character) if self.control => write!(f, "{}", character.to_ascii_uppercase()),
            KeyCode::Char(character) => write!(f, "{character}"),
            KeyCode::F(number) => write!(f, "F{number}"),
            other => write!(f, "{other}"),
        }
    }
}

/// Not a key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is not a valid key; write keys like q, Q, +, Ctrl-S, F5, Enter, Esc, Tab, Shift-Tab, Up, PgDn, Home, Space"
)]
pub struct InvalidKey(String);

impl FromStr for Key {
    type Err = InvalidKey;

    fn from_str(text: &str) -> Result<Self, InvalidKey> {
        let unknown = || InvalidKey(text.to_owned());
        let (name, control) = text.strip_prefix("Ctrl-").map_or((text, false), |rest| (rest, true));
        if let Some((_, code)) = NAMED.iter().find(|(named, _)| named.eq_ignore_ascii_case(name)) {
            return Ok(Self { code: *code, control });
        }
        let mut characters = name.chars();
        match (characters.next(), characters.next()) {
            (Some(character), None) if !character.is_control() => {
                // Terminals send one code for a letter with Ctrl, whatever its case.
                let character = if control { character.to_ascii_lowercase() } else { character };
                Ok(Self { code: KeyCode::Char(character), control })
            }
            (Some('F' | 'f'), Some(_)) if !control => match name[1..].parse() {
                Ok(number @ 1..=24) => Ok(Self::plain(KeyCode::F(number))),
                _ => Err(unknown()),
            },
            _ => Err(unknown()),
        }
    }
}
