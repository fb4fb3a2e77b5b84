//! The documents that are written from the program say what the program says, and those written by hand name keys that exist.

use std::fs;
use std::path::PathBuf;

use xpert::app::Context;
use xpert::ui::shell::keys::{Entry, Keymap, Place};

use crate::repository;

fn document(name: &str) -> PathBuf {
    repository("docs").join(name)
}

fn read(name: &str) -> String {
    fs::read_to_string(document(name)).unwrap_or_else(|e| panic!("docs/{name}: {e}"))
}

#[test]
fn commands_and_keys_are_documented_as_they_are() {
    for (name, rendered) in xpert_lab::documents::all().expect("a home folder") {
        if let Some((line, kept, rendered)) = first_difference(&read(name), &rendered) {
            panic!(
                "docs/{name} does not say what the program says; line {line} is\n  {kept}\nand should be\n  {rendered}\n\
                 `cargo run --release -p xpert-lab -- documents` writes it"
            );
        }
    }
}

/// The line's number, what stands there, and what should.
fn first_difference<'a>(kept: &'a str, rendered: &'a str) -> Option<(usize, &'a str, &'a str)> {
    const END: &str = "(the end)";
    let (mut left, mut right) = (kept.split('\n'), rendered.split('\n'));
    for line in 1.. {
        match (left.next(), right.next()) {
            (None, None) => break,
            (left, right) if left != right => return Some((line, left.unwrap_or(END), right.unwrap_or(END))),
            _ => {}
        }
    }
    None
}

#[test]
fn a_difference_is_found_where_it_is() {
    assert_eq!(first_difference("a\nb\n", "a\nb\n"), None);
    assert_eq!(first_difference("a\nb\n", "a\nc\n"), Some((2, "b", "c")));
    assert_eq!(first_difference("a", "a\nb"), Some((2, "(the end)", "b")));
}

/// A row of the demonstration's tables: when, on which screen, what is pressed, what that means.
#[derive(Debug)]
struct Cue {
    at: String,
    on: String,
    keys: Vec<String>,
    name: String,
}

/// The rows that follow a heading `At`, `On`, `Press`, `It means`.
fn cues(text: &str) -> Vec<Cue> {
    let mut cues = Vec::new();
    let mut in_table = false;
    for line in text.lines() {
        let cells: Vec<&str> = line.trim().trim_matches('|').split('|').map(str::trim).collect();
        match cells[..] {
            ["At", "On", "Press", "It means", ..] => in_table = true,
            [first, ..] if first.starts_with("--") => {}
            [at, on, press, name, _] if in_table => {
                let keys = press.split('`').skip(1).step_by(2).map(str::to_owned).collect();
                cues.push(Cue { at: at.into(), on: on.into(), keys, name: name.into() });
            }
            _ => in_table = false,
        }
    }
    cues
}

fn keymap() -> Keymap {
    xpert::ui::shipped_keys(&Context::new(None, None, None).expect("a home folder"))
}

/// Whether the row of the table counts where the cue is given.
fn counts(keymap: &Keymap, entry: &Entry, on: &str) -> bool {
    let is_screen = |entry: &Entry| matches!(entry.place, Place::On(_)) && entry.place.title() == on;
    let on_a_screen = keymap.entries().any(|(entry, _)| is_screen(entry));
    entry.place.title() == on || (on_a_screen && matches!(entry.place, Place::Everywhere | Place::Always))
}

#[test]
fn every_key_of_the_demonstration_does_what_it_says() {
    let cues = cues(&read("demo.md"));
    let pressed: Vec<&Cue> = cues.iter().filter(|cue| !cue.keys.is_empty()).collect();
    assert!(pressed.len() > 20, "{} rows with keys", pressed.len());
    let keymap = keymap();
    let mut wrong = Vec::new();
    for cue in pressed {
        for key in &cue.keys {
            let mut meant =
                keymap.entries().filter(|(entry, _)| counts(&keymap, entry, &cue.on) && entry.row.name == cue.name);
            let known = meant.any(|(_, keys)| keys.iter().any(|known| known.to_string() == *key));
            if !known {
                wrong.push(format!("on {}, `{key}` does not mean \"{}\"", cue.on, cue.name));
            }
        }
    }
    assert!(wrong.is_empty(), "docs/demo.md: {wrong:#?}");
}

#[test]
fn the_demonstration_goes_through_the_guide_in_five_minutes() {
    let cues = cues(&read("demo.md"));
    let seconds = |at: &str| {
        let (minutes, seconds) = at.split_once(':')?;
        Some(minutes.parse::<u32>().ok()? * 60 + seconds.parse::<u32>().ok()?)
    };
    let times: Vec<u32> = cues.iter().filter_map(|cue| seconds(&cue.at)).collect();
    assert!(times.is_sorted() && times.first() == Some(&0), "{times:?}");
    assert!(times.last().is_some_and(|last| *last < 300), "{times:?}");
    // Read, save, style; library; set up; train, go to the answers; ask.
    let steps: Vec<&str> = cues.iter().filter(|cue| cue.name == "next step").map(|cue| cue.on.as_str()).collect();
    assert_eq!(steps, ["Import", "Import", "Import", "Style", "Library", "Train", "Train", "Write"]);
}

#[test]
fn the_readme_links_the_documents() {
    let readme = fs::read_to_string(document("../README.md")).expect("README.md");
    for name in ["commands.md", "keys.md", "demo.md"] {
        assert!(readme.contains(&format!("](docs/{name})")), "README.md does not link docs/{name}");
        assert!(document(name).exists(), "docs/{name} is missing");
    }
}
