//! The log: what happened is in it, no word of the user's is, and nothing depends on it. Every word of the user's here has a mark.

use std::fs;
use std::path::{Path, PathBuf};

use predicates::str::contains;
use serde_json::{Value as Json, json as object};
use tempfile::TempDir;

use crate::command::xpert;
use crate::tiny;

/// In every word, name and path that stands for one of the user's.
const MARK: &str = "quovex";
/// An answer of the model, which nobody can mark, is looked for in pieces of so many characters.
const PIECE: usize = 6;

/// A user whose home folder has a mark, too, and with it every path.
struct User {
    _place: TempDir,
    home: PathBuf,
    answers: Vec<String>,
}

impl User {
    fn new() -> Self {
        let place = tempfile::tempdir().expect("a temporary folder");
        let home = place.path().join(format!("{MARK}-home"));
        fs::create_dir(&home).expect("writable");
        Self { home, _place: place, answers: Vec::new() }
    }

    fn data(&self) -> PathBuf {
        self.home.join("data")
    }

    /// A path below the home folder, with a mark of its own.
    fn path(&self, name: &str) -> PathBuf {
        self.home.join(format!("{MARK}-{name}"))
    }

    fn write(&self, name: &str, contents: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("a parent")).expect("writable");
        fs::write(&path, contents).expect("writable");
        path
    }

    /// Runs the program on the tiny model, with everything logged, and wants this exit code.
    fn run(&mut self, code: i32, arguments: &[&str]) {
        let model = self.path("model");
        if !model.exists() {
            tiny::save_folder(&model);
        }
        let mut command = xpert(&self.data());
        command.env("XPERT_LOG", "debug").arg("--model").arg(model).arg("--json").args(arguments);
        let output = command.assert().code(code).get_output().clone();
        for said in [&output.stdout, &output.stderr] {
            let said = String::from_utf8_lossy(said);
            assert!(!said.contains("DEBUG") && !said.contains("INFO"), "the log is on the screen: {said}");
        }
        let answers = String::from_utf8_lossy(&output.stdout).into_owned();
        let objects = answers.lines().filter_map(|line| serde_json::from_str::<Json>(line).ok());
        self.answers.extend(objects.filter_map(|object| object["text"].as_str().map(str::to_owned)));
    }

    fn log(&self) -> String {
        fs::read_to_string(self.data().join("log/xpert.log")).expect("a log")
    }
}

fn arguments<'a>(fixed: &[&'a str], path: &'a Path) -> Vec<&'a str> {
    fixed.iter().copied().chain([path.to_str().expect("a path in UTF-8")]).collect()
}

/// Mail, notes and JSON lines of every kind; also what cannot be read.
fn writing(user: &User) -> PathBuf {
    let words =
        ["apple", "river", "letter", "garden", "window", "friend", "summer", "bread", "music", "stone", "paper"];
    let prose = |from: usize| {
        // Drawn, since texts that are nearly the same are kept once: a linear congruential generator, its high bits.
        let mut state = from;
        let mut draw = || {
            state = (state * 1_103_515_245 + 12_345) % (1 << 31);
            words[(state >> 16) % words.len()]
        };
        let words = (0..60).map(|_| draw()).collect::<Vec<_>>().join(" ");
        format!("{words} {MARK} {from}.")
    };
    user.write("letters/note.md", format!("# {MARK}\n\n{}\n\n## {MARK} again\n\n{}\n", prose(1), prose(2)));
    user.write("letters/plain.txt", prose(3));
    let mail = |n| {
        format!(
            "From {MARK}@example.org Mon Jan  5 10:00:00 2026\nFrom: {MARK} <{MARK}@example.org>\nTo: {MARK}.to@example.org\n\
             Subject: {MARK} subject {n}\nDate: Mon, 5 Jan 2026 10:00:00 +0000\nMessage-ID: <{MARK}{n}@x>\n\n{}\n\n",
            prose(n)
        )
    };
    user.write("letters/sent.mbox", (10..14).map(mail).collect::<String>());
    let line = |n: usize| {
        let record =
            object!({ "text": prose(n), "context": format!("What of {MARK} {n}?"), "author": MARK, MARK: MARK });
        record.to_string() + "\n"
    };
    user.write("letters/chat.jsonl", (20..60).map(line).collect::<String>() + "not JSON " + MARK);
    user.write("letters/program.rs", format!("fn {MARK}() {{}}"));
    user.write("letters/short.txt", MARK);
    user.write("letters/broken.txt", [b"\xff\xfe\xfd\0\0\x01".as_slice(), MARK.as_bytes()].concat());
    user.path("letters")
}

#[test]
fn it_has_what_happened_and_no_word_of_the_users() {
    let mut user = User::new();
    let letters = writing(&user);
    let me = format!("{MARK}@example.org");

    // The first import makes the data folder, and with it the log.
    user.run(0, &arguments(&["import", "--me", &me, "--me", MARK], &letters));
    user.run(0, &arguments(&["import", "--dry-run", "--me", &me, "--me", MARK], &letters));
    user.run(1, &arguments(&["import"], &user.path("nowhere.txt")));
    user.run(1, &arguments(&["import"], &user.path("letters/broken.txt")));
    user.run(1, &arguments(&["import", "--map", &format!("text={MARK}.no")], &user.path("letters/chat.jsonl")));
    user.run(0, &["profile"]);
    user.run(0, &["profile", "--by", "source"]);
    user.run(0, &arguments(&["select", "--explain", "--html"], &user.path("why.html")));
    user.run(1, &arguments(&["select", "--html"], &user.path("no/folder/why.html")));
    user.run(1, &["library", "show", MARK]);

    user.run(3, &["write", MARK]);
    user.run(1, &["train", "--from", MARK]);
    user.run(2, &["train", "--from", &format!("{MARK}:x")]);
    user.run(2, &["train", "--steps", MARK]);
    let scratch = ["train", "--from", "scratch", "--no-early-stop", "--sample", MARK];
    user.run(0, &[&scratch[..], &["--steps", "12"]].concat());
    user.run(1, &[&scratch[..], &["--memory", "1"]].concat());
    user.run(0, &["runs", "rename", "1", MARK]);
    user.run(1, &["runs", "rename", "1", &MARK.repeat(20)]);
    user.run(1, &arguments(&["runs", "export", "1"], &letters));
    user.run(0, &arguments(&["runs", "export", "1"], &user.path("export")));

    let short = ["--max-tokens", "30"];
    user.run(0, &[&["write", MARK, "--keep"][..], &short].concat());
    user.run(0, &[&["write", &format!("And then, {MARK}?"), "--continue"][..], &short].concat());
    user.run(0, &[&["write", MARK, "--adapter", "base"][..], &short].concat());
    user.run(1, &["write", MARK, "--adapter", MARK]);
    user.run(2, &["write", MARK, "--adapter", &format!("run:{MARK}")]);
    user.run(1, &["write", &format!("{MARK} ").repeat(200)]);
    user.run(0, &["history", "rename", "1", &format!("{MARK} title")]);
    user.run(0, &["history", "search", MARK]);
    user.run(0, &["history", "show", "1"]);
    user.run(0, &arguments(&["history", "save", "1", "--folder"], &user.home.clone()));
    user.run(1, &arguments(&["history", "save", "1", "--folder"], &user.path("gone")));
    user.run(0, &["history", "delete", "1"]);
    user.run(0, &["import", "--undo"]);
    xpert(&user.data()).arg("--model").arg(user.path("no-model")).args(["write", MARK]).assert().code(1);
    fs::write(user.data().join("config.toml"), format!("theme = {MARK}")).expect("writable");
    user.run(1, &["doctor"]);

    let log = user.log();
    let lower = log.to_lowercase();
    let place = lower.find(MARK).map(|at| &lower[at.saturating_sub(200)..]);
    assert_eq!(place, None, "a word of the user's is in the log");
    assert!(user.answers.len() >= 3 && user.answers.iter().all(|answer| answer.chars().count() > PIECE));
    for answer in &user.answers {
        let characters: Vec<char> = answer.chars().collect();
        let piece = characters.windows(PIECE).map(String::from_iter).find(|piece| log.contains(piece));
        assert_eq!(piece, None, "a piece of the model's answer {answer:?} is in the log");
    }
    for event in [
        "INFO program started version=\"",
        "command=\"import\"",
        "INFO done name=\"import\"",
        "ERROR failed name=\"import\" error=\"Import\" detail=\"Missing\"",
        "ERROR failed name=\"doctor\" error=\"Settings\"",
        "files read format=\"mbox\" files=1 texts=4 kept=4",
        "files read format=\"jsonl\"",
        "files passed over reason=\"source code, tables, settings or web pages\" files=1",
        "texts left out reason=\"too short\" texts=2",
        "texts kept added=",
        "INFO profile texts=",
        "INFO profile in parts parts=",
        "INFO selection texts=",
        "choice=\"",
        "ERROR failed name=\"train\" error=\"Training\" detail=\"TooLittleMemory\"",
        "INFO model loaded bytes=",
        "INFO training planned preset=\"full\" steps=12",
        "INFO training started done=0",
        "DEBUG step step=12 loss=",
        "INFO validation step=0 held_out_loss=",
        "INFO checkpoint step=",
        "INFO training ended ending=\"Completed\" steps=12",
        "INFO answer written tokens=",
        "ERROR failed name=\"write\" error=\"NoPersonalModel\"",
        "ERROR failed name=\"select\" error=\"File\" detail=\"\" system_error=\"not found\" seconds=",
    ] {
        assert!(log.contains(event), "no `{event}` in\n{log}");
    }
}

#[test]
fn whoever_merely_looks_makes_no_folder_and_levels_are_kept_to() {
    let place = tempfile::tempdir().expect("a temporary folder");
    let data = place.path().join("data");
    let file = data.join("log/xpert.log");
    for command in [&["doctor"][..], &["library", "list"], &["runs", "list"], &["model", "list"]] {
        drop(xpert(&data).args(["--log-level", "debug"]).args(command).assert());
        assert!(!data.exists(), "{command:?} makes a data folder");
    }
    fs::create_dir(&data).expect("writable");
    xpert(&data).args(["library", "list", "--log-level", "off"]).assert().success();
    xpert(&data).args(["library", "list"]).env("XPERT_LOG", "error").assert().success();
    assert!(!file.exists() || fs::read(&file).expect("readable").is_empty());
    xpert(&data).args(["library", "list"]).assert().success();
    let log = fs::read_to_string(&file).expect("a log");
    assert!(log.contains("command=\"library\"") && !log.contains("DEBUG"), "{log}");
    xpert(&data).args(["--log-level", "loud", "doctor"]).assert().code(2).stderr(contains("off, error, warn"));
}

/// A folder that cannot be made, and a file on a full disk.
#[test]
#[cfg(target_os = "linux")]
fn a_log_that_cannot_be_written_breaks_nothing() {
    let (blocked, full) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    fs::write(blocked.path().join("log"), "").expect("writable");
    fs::create_dir(full.path().join("log")).expect("writable");
    std::os::unix::fs::symlink("/dev/full", full.path().join("log/xpert.log")).expect("a link");
    for data in [&blocked, &full] {
        let quiet =
            xpert(data.path()).args(["runs", "list", "--log-level", "off"]).assert().success().get_output().clone();
        let loud =
            xpert(data.path()).args(["runs", "list", "--log-level", "debug"]).assert().success().get_output().clone();
        assert_eq!((quiet.stdout, quiet.stderr), (loud.stdout, loud.stderr));
    }
}

#[test]
fn only_one_file_can_write_into_it() {
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("readable") {
            let path = entry.expect("readable").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") && !path.ends_with("platform/log.rs")
            {
                let text = fs::read_to_string(&path).expect("readable");
                let around = text.contains("tracing::") || text.contains("use tracing");
                assert!(!around, "{} writes into the log around platform::log", path.display());
            }
        }
    }
}
