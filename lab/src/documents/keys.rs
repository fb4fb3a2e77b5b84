//! The keys as a document: Markdown from the action table. Knows no screen, no user's keys, and writes no file.

use std::fmt::Write;

use xpert::ui::action::{Entry, Place, TABLE};

const BEGINNING: &str = "# Keys

Every key of the screens, as shipped. This file is written from the table that the program itself reads its keys from, and a test fails
when it is not what the table says: see [CONTRIBUTING.md](../CONTRIBUTING.md). On the screens, `?` shows the keys of the moment, and the bar at the
bottom the most important ones. A key does something only where that makes sense: `p` pauses a training only while one runs. Where two
rows share a key, the one that makes sense counts, and in the demo the guide goes first.

The last column is the action's name. It gives an action keys of your own, with a line such as `quit = [\"Q\"]` below `[keys]` in `config.toml` in the
data folder.
";

/// `docs/keys.md`.
#[must_use]
pub fn keys() -> String {
    let mut page = BEGINNING.to_owned();
    for place in places() {
        let rows = TABLE.iter().filter(|entry| entry.place == place).map(row).collect::<String>();
        // Writing to a string cannot fail.
        let _ = write!(
            page,
            "\n## {}\n\n| keys | name | what it does | action |\n|---|---|---|---|\n{rows}",
            place.title()
        );
    }
    page
}

/// The places of the table: what counts everywhere, then the screens in their order, then what is met now and then.
fn places() -> Vec<Place> {
    let rank = |place: &Place| match place {
        Place::Always => 0,
        Place::Everywhere => 1,
        Place::On(_) => 2,
        Place::Typing => 3,
        Place::Over(_) => 4,
    };
    let mut places: Vec<Place> = Vec::new();
    for entry in TABLE {
        if !places.contains(&entry.place) {
            places.push(entry.place);
        }
    }
    places.sort_by_key(rank);
    places
}

fn row(entry: &Entry) -> String {
    let keys: Vec<String> = entry.keys.iter().map(|key| format!("`{}`", cell(&key.to_string()))).collect();
    format!("| {} | {} | {} | `{}` |\n", keys.join(", "), cell(entry.name), cell(entry.description), entry.action.id())
}

/// A bar would end the cell.
fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_of_the_table_stands_in_its_place_once() {
        let page = keys();
        assert_eq!(page.matches("\n| `").count(), TABLE.len());
        for place in places() {
            let (_, section) = page.split_once(&format!("\n## {}\n", place.title())).expect("its heading");
            let section = section.split("\n## ").next().unwrap_or(section);
            for entry in TABLE.iter().filter(|entry| entry.place == place) {
                assert!(section.contains(&row(entry)), "{}: {}", place.title(), entry.name);
            }
        }
    }

    #[test]
    fn a_bar_does_not_end_a_cell() {
        assert_eq!(cell("a | b"), "a \\| b");
    }
}
