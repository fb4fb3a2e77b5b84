//! Everything a key can do, in one table: key handling, command bar, palette, help and documents are all read from it, so they cannot
//! disagree. Each screen brings its own rows; the shell's are in `table`. Knows keys and names, not what they do.

mod command;
mod entry;
#[allow(clippy::module_inception)] // a key is a key
mod key;
mod keymap;
mod row;

pub use command::Command;
pub use entry::{Entry, Layer, Place, Target};
pub use key::{InvalidKey, Key};
pub use keymap::{Keymap, KeymapError};
pub use row::{Row, quiet, row, typing};

use crossterm::event::KeyCode;

pub const ENTER: Key = Key::plain(KeyCode::Enter);
pub const ESC: Key = Key::plain(KeyCode::Esc);
pub const TAB: Key = Key::plain(KeyCode::Tab);
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

#[must_use]
pub const fn char(character: char) -> Key {
    Key::char(character)
}
