//! The keys as a document: Markdown from the action table. Knows no screen, no user's keys, and writes no file.

use std::fmt::Write;

use xpert::ui::shell::keys::{Entry, Keymap, Place, Row};

const BEGINNING: &str = "# Keys

Every key of the screens, as shipped. This file is written from the table that the program itself reads its keys from,
and a test fails when it differs from the table: see [CONTRIBUTING.md](../CONTRIBUTING.md). On the screens, `?` shows
the keys that work now, and the bar at the bottom shows the most important ones. A key does something only where that
makes sense: `p` pauses training only while it is running. Where two rows share a key, the first one that applies takes
effect.

The last column is the action's name. Use it to give the action your own keys, with a line such as `quit = [\"Q\"]`
below `[keys]` in `config.toml` in the data folder.
";

/// `docs/keys.md`.
#[must_use]
pub fn keys(keymap: &Keymap) -> String {
    let entries: Vec<&Entry> = keymap.entries().map(|(entry, _)| entry).collect();
    let mut page = BEGINNING.to_owned();
    for place in places(&entries) {
        let rows: String = entries.iter().filter(|entry| entry.place == place).map(|entry| row(&entry.row)).collect();
        // Writing to a string cannot fail.
        let _ = write!(
            page,
            "\n## {}\n\n| keys | name | what it does | action |\n|---|---|---|---|\n{rows}",
            place.title()
        );
    }
    page
}

/// The places of the table: what counts everywhere, then the screens in their order, then what lies over them.
fn places(entries: &[&Entry]) -> Vec<Place> {
    let rank = |place: &Place| match place {
        Place::Always => 0,
        Place::Everywhere => 1,
        Place::On(_) | Place::TypingOn(_) => 2,
        Place::Typing => 3,
        Place::Over(_) => 4,
    };
    let mut places: Vec<Place> = Vec::new();
    for entry in entries {
        if !places.contains(&entry.place) {
            places.push(entry.place);
        }
    }
    places.sort_by_key(rank);
    places
}

fn row(row: &Row) -> String {
    let keys: Vec<String> = row.keys.iter().map(|key| format!("`{}`", cell(&key.to_string()))).collect();
    format!("| {} | {} | {} | `{}` |\n", keys.join(", "), cell(row.name), cell(row.description), row.id)
}

/// A bar would end the cell.
fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_does_not_end_a_cell() {
        assert_eq!(cell("a | b"), "a \\| b");
    }
}
