//! The rules that `docs/architecture.md` states, each as a function from source files to what breaks it.

use std::path::Path;

use super::graph::{Reference, cycles, references};
use super::source::{Source, rust_files};

/// A folder of `src` and the others that its files may name, besides `platform`, which all may name.
pub const LAYERS: &[(&str, &[&str])] = &[
    ("platform", &[]),
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

/// The folders that talk to the user, and the crates that only they may use.
const TOP: &[&str] = &["ui", "cli"];
const TERMINAL: &[&str] = &["ratatui", "crossterm", "clap", "indicatif"];

/// Where flags of another program stand.
const RUNS_ANOTHER_PROGRAM: &str = "models/package.rs";

/// Something that breaks a rule. `files` are all the files concerned.
pub struct Violation {
    pub rule: &'static str,
    pub files: Vec<String>,
    pub text: String,
}

impl Violation {
    fn new(rule: &'static str, file: &str, text: String) -> Self {
        Self { rule, files: vec![file.to_owned()], text }
    }
}

/// Everything in the crate at `folder`, with the root `lib.rs`, that breaks a rule.
pub fn violations(folder: &Path) -> Vec<Violation> {
    let source = Source::read(folder, "lib.rs");
    let references = references(&source);
    let mut found = rings(&references);
    found.extend(upward(&references));
    found.extend(screens(&source, &references));
    found.extend(terminal(&source));
    found.extend(typed(&source));
    found.extend(headers(folder));
    found
}

fn rings(references: &[Reference]) -> Vec<Violation> {
    let ring = |cycle: super::graph::Cycle| Violation {
        rule: "no cycle between files",
        text: format!(
            "{} files in a ring: {}\n  {}",
            cycle.files.len(),
            cycle.files.join(", "),
            cycle.steps.join("\n  ")
        ),
        files: cycle.files,
    };
    cycles(references).into_iter().map(ring).collect()
}

/// The folder of `src` that a file or a path lies in.
fn layer(name: &str) -> &str {
    name.split('/').next().unwrap_or(name)
}

fn upward(references: &[Reference]) -> Vec<Violation> {
    let mut found = Vec::new();
    for reference in references {
        let Some((from, allowed)) = LAYERS.iter().find(|(from, _)| *from == layer(&reference.file)) else { continue };
        let written = reference.path.first().map_or("", String::as_str);
        let defined = reference.defined_in.as_deref().map_or(written, layer);
        for to in [written, defined] {
            let known = to == *from || to == "platform" || allowed.contains(&to);
            if !known && LAYERS.iter().any(|(other, _)| *other == to) {
                found.push(Violation::new("no layer names one above it", &reference.file, reference.to_string()));
                break;
            }
        }
    }
    found
}

/// Inside `ui`: a screen is named by itself and by the list of screens alone, the list by `ui/mod.rs` alone; widgets
/// know neither the screens nor the shell, and the theme knows no widgets either.
fn screens(source: &Source, references: &[Reference]) -> Vec<Violation> {
    const LIST: &str = "ui/screens/mod.rs";
    let list = source.modules().find(|module| module.file == LIST);
    let folders: Vec<String> =
        list.iter().flat_map(|list| &list.children).map(|name| format!("ui/screens/{name}")).collect();
    let screen = |path: &str| folders.iter().find(|folder| below(path, folder));
    let mut found = Vec::new();
    for reference in references.iter().filter(|reference| layer(&reference.file) == "ui") {
        let from = reference.file.as_str();
        let written = reference.path.join("/");
        let defined = reference.defined_in.as_deref().unwrap_or_default();
        let names = |part: &str| below(&written, part) || below(defined, part);
        let foreign = |path: &str| screen(path).is_some_and(|other| screen(from) != Some(other));
        let rule = if from != LIST && (foreign(&written) || foreign(defined)) {
            "a screen is named by itself and the list of screens only"
        } else if defined == LIST && from != "ui/mod.rs" {
            "the list of screens is named by ui/mod.rs only"
        } else if below(from, "ui/widgets") && names("ui/shell") {
            "widgets know no shell"
        } else if below(from, "ui/theme") && (names("ui/shell") || names("ui/widgets")) {
            "the theme knows no shell and no widgets"
        } else {
            continue;
        };
        found.push(Violation::new(rule, from, reference.to_string()));
    }
    found
}

/// Whether `path` is `part`, in it, or the file of that name.
fn below(path: &str, part: &str) -> bool {
    path.strip_prefix(part).is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '.']))
}

fn terminal(source: &Source) -> Vec<Violation> {
    let mut found = Vec::new();
    for module in source.modules().filter(|module| !TOP.contains(&layer(&module.file))) {
        let imported = module.imports.iter().map(|import| (&import.path, import.line));
        let named = module.paths.iter().map(|(path, line)| (path, *line));
        for (path, line) in imported.chain(named).filter(|(path, _)| TERMINAL.contains(&path[0].as_str())) {
            let text = format!("{}:{line} names {}", module.file, path.join("::"));
            found.push(Violation::new("only the top knows the terminal", &module.file, text));
        }
        for print in
            ["println!", "eprintln!", "print!", "eprint!", "dbg!"].iter().filter(|print| module.words.contains(**print))
        {
            let text = format!("{} has {print}", module.file);
            found.push(Violation::new("only the top prints", &module.file, text));
        }
    }
    found
}

fn typed(source: &Source) -> Vec<Violation> {
    let speaks = |file: &str| TOP.contains(&layer(file)) || file == RUNS_ANOTHER_PROGRAM;
    let mut found = Vec::new();
    for module in source.modules().filter(|module| !speaks(&module.file)) {
        for (text, line) in module.strings.iter().filter(|(text, _)| names_what_to_type(text)) {
            let text = format!("{}:{line} says {text}", module.file);
            found.push(Violation::new("what to type is said in cli and ui", &module.file, text));
        }
    }
    found
}

/// Whether a string literal has a flag (`--name`) or a command (`xpert name`) in it.
fn names_what_to_type(text: &str) -> bool {
    let begins = |mark: &str| {
        text.match_indices(mark).any(|(at, _)| {
            let opens = text[..at].chars().next_back().is_none_or(|c| !c.is_alphanumeric() && !"-_!/".contains(c));
            opens && text[at + mark.len()..].starts_with(|c: char| c.is_ascii_lowercase())
        })
    };
    begins("--") || begins("xpert ")
}

fn headers(folder: &Path) -> Vec<Violation> {
    let mut found = Vec::new();
    for path in rust_files(folder) {
        let text = std::fs::read_to_string(&path).expect("a readable file");
        let file =
            path.strip_prefix(folder).expect("below the folder").to_str().expect("a plain name").replace('\\', "/");
        if !file.contains('/') && !["lib.rs", "main.rs"].contains(&file.as_str()) {
            found.push(Violation::new("every file lies in a folder that has a rule", &file, file.clone()));
        }
        if !text.starts_with("//!") {
            found.push(Violation::new("a file opens by saying its job", &file, file.clone()));
        }
        let lines = text.lines().count();
        if lines > 520 {
            found.push(Violation::new("a file has at most 520 lines", &file, format!("{file} has {lines}")));
        }
    }
    found
}
