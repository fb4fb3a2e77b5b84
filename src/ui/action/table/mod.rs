//! The table: each row a key, what it is called, when it makes sense and which function does it. Where two rows that make sense share a
//! key, the first counts: that is how the guide takes Enter, and a screen a key that otherwise means something everywhere.

mod everywhere;
mod first;
mod runs;
mod screens;
mod style;
mod write;

use crossterm::event::KeyCode;

use super::{Action as A, Entry, Key, Place};
use crate::ui::message::Effect;
use crate::ui::model::Model;

const PARTS: [&[Entry]; 6] = [first::ROWS, style::ROWS, screens::ROWS, write::ROWS, runs::ROWS, everywhere::ROWS];

/// All rows: what lies over a screen first, then what belongs to one, then what every screen has.
pub const TABLE: &[Entry] = &joined::<{ count() }>();

const fn count() -> usize {
    let (mut part, mut rows) = (0, 0);
    while part < PARTS.len() {
        rows += PARTS[part].len();
        part += 1;
    }
    rows
}

const fn joined<const ROWS: usize>() -> [Entry; ROWS] {
    let mut all = [PARTS[0][0]; ROWS];
    let (mut part, mut row) = (0, 0);
    // A `for` is not constant yet.
    while part < PARTS.len() {
        let mut at = 0;
        while at < PARTS[part].len() {
            all[row] = PARTS[part][at];
            (at, row) = (at + 1, row + 1);
        }
        part += 1;
    }
    all
}

const ENTER: Key = Key::plain(KeyCode::Enter);
const ESC: Key = Key::plain(KeyCode::Esc);
const UP: Key = Key::plain(KeyCode::Up);
const DOWN: Key = Key::plain(KeyCode::Down);
const LEFT: Key = Key::plain(KeyCode::Left);
const RIGHT: Key = Key::plain(KeyCode::Right);
const BACKSPACE: Key = Key::plain(KeyCode::Backspace);
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

fn scrolled(model: &Model) -> bool {
    model.scroll > 0
}

fn more_below(model: &Model) -> bool {
    model.scroll < model.scroll_limit
}
