//! `docs/architecture.md` says which layer knows which; this keeps it true.

use std::fs;
use std::path::{Path, PathBuf};

/// A folder of `src` and the other layers that its files may name.
const ALLOWED: &[(&str, &[&str])] = &[
    ("engine", &[]),
    ("models", &[]),
    ("store", &[]),
    ("import", &["store"]),
    ("style", &[]),
    ("selection", &["style"]),
    ("neural", &["engine", "style"]),
    ("library", &["engine", "style", "selection", "neural", "training"]),
    ("training", &["engine"]),
    ("app", BELOW),
    ("ui", UNDER_THE_TOP),
    ("cli", UNDER_THE_TOP),
];

#[rustfmt::skip]
const BELOW: &[&str] =
    &["engine", "models", "store", "import", "style", "selection", "neural", "library", "training"];
#[rustfmt::skip]
const UNDER_THE_TOP: &[&str] =
    &["app", "engine", "models", "store", "import", "style", "selection", "neural", "library", "training"];

/// Crates that only the top may use.
const TERMINAL: &[&str] = &["ratatui", "crossterm", "clap", "indicatif"];
const TOP: &[&str] = &["ui", "cli"];

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display())) {
        let path = entry.expect("a readable folder").path();
        if path.is_dir() {
            found.extend(rust_files(&path));
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
    found
}

/// The file without its comments, which may speak of anything.
fn code(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    text.lines().filter(|line| !line.trim_start().starts_with("//")).map(|line| format!("{line}\n")).collect()
}

/// Whether `code` names `module` of this crate, by path or in a grouped import.
fn names(code: &str, module: &str) -> bool {
    let word_follows = |rest: &str| !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_');
    code.match_indices("crate::").any(|(at, mark)| {
        let rest = &code[at + mark.len()..];
        if let Some(group) = rest.strip_prefix('{') {
            let group = group.split(';').next().unwrap_or(group);
            return group.split(['{', '}', ',']).any(|part| part.trim().split("::").next() == Some(module));
        }
        rest.strip_prefix(module).is_some_and(word_follows)
    })
}

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

#[test]
fn no_layer_names_one_above_it() {
    for (layer, allowed) in ALLOWED {
        let others = ALLOWED.iter().map(|(other, _)| other).filter(|other| *other != layer);
        let forbidden: Vec<&str> = others.copied().filter(|other| !allowed.contains(other)).collect();
        for file in rust_files(&source().join(layer)) {
            let code = code(&file);
            for module in &forbidden {
                assert!(!names(&code, module), "{} names crate::{module}", file.display());
            }
        }
    }
}

#[test]
fn only_the_top_knows_the_terminal() {
    for (layer, _) in ALLOWED.iter().filter(|(layer, _)| !TOP.contains(layer)) {
        for file in rust_files(&source().join(layer)) {
            let code = code(&file);
            for library in TERMINAL {
                assert!(!code.contains(&format!("{library}::")), "{} names {library}", file.display());
            }
            for print in ["println!(", "eprintln!(", "dbg!("] {
                assert!(!code.contains(print), "{} prints", file.display());
            }
        }
    }
}

#[test]
fn every_layer_is_listed_and_documented() {
    let listed: Vec<&str> = ALLOWED.iter().map(|(layer, _)| *layer).collect();
    let picture = fs::read_to_string(source().join("../docs/architecture.md")).expect("docs/architecture.md");
    for entry in fs::read_dir(source()).expect("src") {
        let path = entry.expect("a readable folder").path();
        if path.is_dir() {
            let name = path.file_name().and_then(|n| n.to_str()).expect("a plain name");
            assert!(listed.contains(&name), "src/{name} has no rule here");
            assert!(picture.contains(&format!("`{name}`")), "docs/architecture.md does not speak of {name}");
        }
    }
}

#[test]
fn the_check_sees_what_it_should() {
    assert!(names("use crate::ui::run;", "ui"));
    assert!(names("use crate::{app::x, ui};", "ui"));
    assert!(!names("use crate::uint;", "ui"));
    assert!(!names("use crate::{app, store};", "ui"));
}

#[test]
fn every_file_opens_by_saying_its_job() {
    for file in rust_files(&source()) {
        let text = fs::read_to_string(&file).expect("a readable file");
        assert!(text.starts_with("//!"), "{} does not say its job in its first line", file.display());
        let lines = text.lines().count();
        assert!(lines <= 520, "{} has {lines} lines", file.display());
    }
}
