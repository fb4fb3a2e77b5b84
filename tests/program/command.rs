//! The program with a data folder of its own, what it prints, and texts for it to read.

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

pub fn home() -> TempDir {
    tempfile::tempdir().expect("a temporary folder")
}

/// `xpert` with a data folder of its own, and a width that is not the terminal's that the tests were started in.
pub fn xpert(data: &Path) -> assert_cmd::Command {
    let mut command = assert_cmd::Command::cargo_bin("xpert").expect("the program is built");
    command.arg("--data-dir").arg(data).env_remove("XPERT_MODEL").env_remove("XPERT_DATA_DIR").env("COLUMNS", "100");
    command
}

/// Runs and parses the one JSON object it prints.
pub fn json(command: &mut assert_cmd::Command) -> serde_json::Value {
    let output = command.arg("--json").assert().success().get_output().stdout.clone();
    serde_json::from_slice(&output).expect("one JSON object on standard output")
}

/// A file of forty texts for the tiny model, in `folder`.
pub fn words(folder: &Path) -> PathBuf {
    let file = folder.join("texts.jsonl");
    let line = |i: usize| {
        let words = ["plum", "river", "lamp", "stone", "fern", "cloud", "mitten", "harbour"];
        let text: Vec<&str> = (0..12 + i % 9).map(|k| words[(i * 7 + k * (i + 3)) % words.len()]).collect();
        serde_json::json!({ "text": format!("{} {i}.", text.join(" ")) }).to_string() + "\n"
    };
    fs::write(&file, (0..40).map(line).collect::<String>()).expect("writable");
    file
}
