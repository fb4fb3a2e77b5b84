//! Every command line in README.md and in docs/ is run with the built program, in a folder prepared for it, or stands in [`NOT_RUN`] with
//! the reason. So a command that no longer works, or whose option has another name, is noticed.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::tiny;

/// What is not run, and why. A star stands for whatever follows. An entry that no document has any more fails the test.
const NOT_RUN: &[(&str, &str)] = &[
    ("cargo *", "builds the program, or runs these tests"),
    ("xpert", "opens the screens, which need a terminal; tests of the screens run them"),
    ("xpert demo*", "trains the base model for minutes; tests/program/end_to_end.rs runs it"),
    ("xpert --data-dir ~/rehearsal demo*", "trains the base model for minutes; tests/program/end_to_end.rs runs it"),
    ("xpert bench*", "takes minutes; tests/program/command_line.rs runs it for parts of a second"),
    ("xpert library build*", "takes hours"),
    (
        "xpert select --neural",
        "compares only with the base model that the library was made on; tests/engine/neural.rs runs it",
    ),
    ("xpert select --verify*", "loads models of the library, which are for another base than the tiny one"),
    ("xpert train --from warm*", "starts from models of the library, which are for another base than the tiny one"),
    ("xpert train --from auto|scratch*", "names several commands at once"),
    ("xpert profile --by source|time", "names several commands at once"),
    ("xpert write* --adapter auto", "writes with a model of the library, which is for another base than the tiny one"),
    ("xpert man | man -l -", "needs a pager"),
];

/// What stands for something of the reader's, and what is put there.
const PLACEHOLDERS: &[(&str, &str)] = &[
    ("COMMAND", "train"),
    ("PROMPT", "Hello"),
    ("PATH...", "notes"),
    ("SHELL", "bash"),
    ("START", "scratch"),
    ("DIR", "pages"),
    ("run:N", "run:2"),
    ("N", "2"),
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The documents, README.md first.
fn documents() -> Vec<PathBuf> {
    let docs = fs::read_dir(root().join("docs")).expect("docs/").map(|entry| entry.expect("a file").path());
    let mut docs: Vec<PathBuf> = docs.filter(|path| path.extension().is_some_and(|ending| ending == "md")).collect();
    docs.sort();
    std::iter::once(root().join("README.md")).chain(docs).collect()
}

/// The command lines of a document: lines of `sh` blocks, examples in `text` blocks, and code within a line that begins with `xpert `.
fn commands(markdown: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut block: Option<&str> = None;
    for line in markdown.lines() {
        match (block, line.trim_start().strip_prefix("```")) {
            (Some(_), Some(_)) => block = None,
            (None, Some(kind)) => block = Some(kind),
            (Some("sh"), None) => found.push(line.split(" #").next().unwrap_or(line).trim().to_owned()),
            // What a usage line has in brackets is for the reader to fill in; an example has its comment after two spaces.
            (Some("text"), None) if line.starts_with("xpert ") && !line.contains(['[', '<']) => {
                found.push(line.split("  ").next().unwrap_or(line).to_owned());
            }
            (None, None) if !line.starts_with('#') => {
                let code = line.split('`').skip(1).step_by(2);
                found.extend(code.filter(|code| code.starts_with("xpert ")).map(str::to_owned));
            }
            _ => {}
        }
    }
    found.retain(|command| !command.is_empty() && !command.starts_with('#'));
    found
}

fn matches(pattern: &str, command: &str) -> bool {
    match pattern.split_once('*') {
        Some((beginning, end)) => command.starts_with(beginning) && command.ends_with(end),
        None => command == pattern,
    }
}

/// The command as it can be run: something in the place of each placeholder.
fn filled_in(command: &str) -> String {
    let fill =
        |word: &str| PLACEHOLDERS.iter().find(|(name, _)| *name == word).map_or(word, |(_, value)| value).to_owned();
    command.split(' ').map(fill).collect::<Vec<_>>().join(" ")
}

/// A home folder with files to import, a model and data folders in the state that commands are documented for.
struct Home {
    folder: tempfile::TempDir,
}

impl Home {
    fn prepare() -> Self {
        let home = Self { folder: tempfile::tempdir().expect("a temporary folder") };
        tiny::save_folder(&home.path("model"));
        home.write_fixtures();
        home.expect(&home.path("data"), "xpert import answers.jsonl --map text=answer,context=question");
        for prompt in ["one", "two", "three"] {
            home.expect(&home.path("data"), &format!("xpert write {prompt} --keep --adapter base --max-tokens 4"));
        }
        for _ in 0..3 {
            home.expect(&home.path("data"), "xpert train --steps 2 --from scratch");
        }
        copy(&home.path("data"), &home.path("stopped"));
        home.stop_a_training(&home.path("stopped"));
        home
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write_fixtures(&self) {
        let persona = root().join("assets/demo");
        let mail = fs::read_to_string(persona.join("mail.mbox")).expect("the demo's mail");
        let by = |address: &str| mail.replace("nell@example.org", address);
        let both = by("you@example.org") + &by("ann@example.org");
        let answers = fs::read_to_string(persona.join("answers.jsonl")).expect("the demo's answers");
        // Few enough that a training takes a second.
        let answers = answers.lines().take(16).collect::<Vec<_>>().join("\n");
        fs::write(self.path("answers.jsonl"), &answers).expect("writable");
        let mapped = answers.replace("\"answer\":", "\"email\":").replace("\"question\":", "\"subject\":");
        fs::write(self.path("mail.jsonl"), mapped).expect("writable");
        for name in ["sent.mbox", "mail.mbox"] {
            fs::write(self.path(name), &both).expect("writable");
        }
        for folder in ["notes", "Documents/notes"] {
            copy(&persona.join("notes"), &self.path(folder));
        }
        for folder in [".local/share/bash-completion/completions", ".zfunc", ".config/fish/completions", "adapters"] {
            fs::create_dir_all(self.path(folder)).expect("writable");
        }
    }

    fn shell(&self, data: &Path, line: &str) -> Command {
        let program = Path::new(env!("CARGO_BIN_EXE_xpert")).parent().expect("a folder");
        let path = std::env::var("PATH").unwrap_or_default();
        let mut shell = Command::new("sh");
        shell.args(["-c", line]).current_dir(self.folder.path()).stdin(Stdio::null());
        shell.env("HOME", self.folder.path()).env("PATH", format!("{}:{path}", program.display()));
        shell.env("XPERT_DATA_DIR", data).env("XPERT_MODEL", self.path("model")).env_remove("XDG_DATA_HOME");
        shell
    }

    fn expect(&self, data: &Path, line: &str) {
        let output = self.shell(data, line).output().expect("a shell");
        assert!(output.status.success(), "`{line}`: {}", String::from_utf8_lossy(&output.stderr));
    }

    /// Kills a training after its first step; its checkpoint stays.
    fn stop_a_training(&self, data: &Path) {
        let line = "exec xpert train --steps 60 --from scratch --no-early-stop";
        let mut child = self.shell(data, line).stdout(Stdio::piped()).spawn().expect("a shell");
        let said = BufReader::new(child.stdout.take().expect("its output"));
        let began = said.lines().map_while(Result::ok).any(|line| line.starts_with("step "));
        child.kill().expect("it can be stopped");
        child.wait().expect("it has ended");
        assert!(began, "the training ended before a step");
    }

    /// Runs the command with a data folder of its own. What went wrong, if something did.
    fn run(&self, command: &str) -> Option<String> {
        let data = tempfile::tempdir().expect("a temporary folder");
        let stopped = ["--resume", "--restart", "--discard"].iter().any(|option| command.contains(option));
        copy(&self.path(if stopped { "stopped" } else { "data" }), data.path());
        let output = self.shell(data.path(), &filled_in(command)).output().expect("a shell");
        let why = || format!("`{command}` ended with {}:\n{}", output.status, String::from_utf8_lossy(&output.stderr));
        (!output.status.success()).then(why)
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("writable");
    for entry in fs::read_dir(from).expect("a folder") {
        let (path, name) = entry.map(|entry| (entry.path(), entry.file_name())).expect("a file");
        if path.is_dir() {
            copy(&path, &to.join(name));
        } else {
            fs::copy(&path, to.join(name)).expect("a copy");
        }
    }
}

#[test]
fn every_documented_command_runs_or_is_listed_with_a_reason() {
    let mut found: BTreeMap<String, PathBuf> = BTreeMap::new();
    for document in documents() {
        let text = fs::read_to_string(&document).expect("a document");
        for command in commands(&text) {
            found.entry(command).or_insert_with(|| document.clone());
        }
    }
    let stale: Vec<_> =
        NOT_RUN.iter().filter(|(pattern, _)| !found.keys().any(|command| matches(pattern, command))).collect();
    assert!(stale.is_empty(), "no document has these any more: {stale:#?}");
    found.retain(|command, _| !NOT_RUN.iter().any(|(pattern, _)| matches(pattern, command)));
    assert!(found.len() > 30, "the documents name commands: {:?}", found.keys());
    let home = Home::prepare();
    let failed: Vec<String> = found
        .iter()
        .filter_map(|(command, document)| Some(format!("{}: {}", document.display(), home.run(command)?)))
        .collect();
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

#[test]
fn commands_are_found_where_documents_have_them() {
    let text = "# `xpert heading`\nSee `xpert a --b` and `other`.\n```sh\n# a comment\nxpert c   # why\ncargo d\n```\n\
                ```text\nxpert [OPTIONS]\nxpert e f   what it does\n```\n";
    assert_eq!(commands(text), ["xpert a --b", "xpert c", "cargo d", "xpert e f"]);
    assert_eq!(filled_in("xpert write PROMPT --adapter run:N"), "xpert write Hello --adapter run:2");
    assert!(matches("cargo *", "cargo build") && !matches("xpert", "xpert demo"));
}
