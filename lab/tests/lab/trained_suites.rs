//! Suites that really train: a run that was stopped continues, and finished models are used again. The model is tiny, the
//! program is the real one.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use crate::tiny;

/// Two styles and unstyled answers to the same prompts, as many as the suites need at least.
fn data(home: &Path) -> PathBuf {
    let folder = home.join("data");
    fs::create_dir(&folder).expect("a new folder");
    let words = ["plum", "river", "lamp", "stone", "fern", "cloud", "mitten", "harbour"];
    let said = |n: usize, from: usize| -> String {
        (0..6).map(|k| words[(n * 5 + k * (n % 7 + 1) + from) % words.len()]).collect::<Vec<_>>().join(" ")
    };
    let style = |name: &str, text: &dyn Fn(usize) -> String| {
        let line = |n: usize| {
            let line = serde_json::json!({"context": "Say", "input": said(n, 0), "response": text(n)});
            line.to_string()
        };
        fs::write(folder.join(format!("{name}.jsonl")), (0..460).map(line).collect::<Vec<_>>().join("\n"))
            .expect("writable");
    };
    style("default", &|n| format!("The {} and the {n}.", said(n, 1)));
    style("loud", &|n| format!("WOW!! {}!!! {n}!!", said(n, 2).to_uppercase()));
    style("listed", &|n| format!("- {}\n- {}\n- {n}", said(n, 3), said(n, 4)));
    folder
}

fn xpert_lab(home: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xpert-lab"));
    command.args(["--threads", "2", "--json", "--data-dir"]).arg(home.join("xpert"));
    command.arg("--model").arg(home.join("model")).arg("eval").args(arguments);
    command.arg("--data").arg(home.join("data")).arg("--work").arg(home.join("work"));
    command
}

fn rows(output: &Output) -> Vec<serde_json::Value> {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    report["rows"].as_array().expect("rows").clone()
}

/// Everything that was made, by path.
fn made(folder: &Path, found: &mut Vec<(PathBuf, Vec<u8>)>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            made(&path, found);
        } else {
            found.push((path.clone(), fs::read(&path).expect("a file")));
        }
    }
    found.sort();
}

/// Whether a file of this name is anywhere in a folder, in which files come and go meanwhile.
fn is_there(folder: &Path, name: &str) -> bool {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    entries.into_iter().any(|path| path.ends_with(name) || is_there(&path, name))
}

fn all_made(home: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    made(&home.join("work"), &mut found);
    found
}

#[test]
fn a_stopped_suite_continues_and_a_finished_one_is_only_read() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let home = home.path();
    tiny::save_folder(&home.join("model"));
    data(home);
    let selection = ["selection", "--similarity", "90"];
    let mut child = xpert_lab(home, &selection).stdout(std::process::Stdio::null()).spawn().expect("it starts");
    // Once a model is begun, the run is stopped.
    while !is_there(&home.join("work"), "checkpoint.safetensors") {
        assert!(child.try_wait().expect("a child").is_none(), "it ended by itself");
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    kill(Pid::from_raw(i32::try_from(child.id()).expect("a process id")), Signal::SIGINT).expect("a signal");
    assert_eq!(child.wait().expect("an end").code(), Some(130));

    let first = xpert_lab(home, &selection).output().expect("it runs");
    let found = rows(&first);
    assert_eq!(found.len(), 6);
    assert!(found.iter().all(|row| row["similarity"] == 0.9 && row["accuracy"].is_f64() && row["claimed"].is_f64()));
    let kept = all_made(home);
    let adapters = kept.iter().filter(|(path, _)| path.ends_with("adapter_model.safetensors")).count();
    assert_eq!(adapters, 2, "one for each style");
    assert!(kept.iter().all(|(path, _)| !path.ends_with("checkpoint.safetensors")), "checkpoints are gone");

    let again = xpert_lab(home, &selection).output().expect("it runs");
    assert_eq!(rows(&again), found);
    assert!(all_made(home) == kept, "nothing was trained again");

    let cost = rows(
        &xpert_lab(home, &["cost", "--similarity", "90", "--mix", "1,2", "--users", "1"]).output().expect("it runs"),
    );
    let starts: Vec<&str> = cost.iter().map(|row| row["start"].as_str().expect("a start")).collect();
    assert_eq!(starts[..4], ["scratch", "selected", "scratch", "selected"]);
    for row in cost.iter().filter(|row| row["start"] == "scratch") {
        assert!(row["loss_best"].as_f64() < row["loss_before"].as_f64(), "it learns: {row}");
    }
    assert_eq!(cost[0]["share_of_steps"], 1.0);
}

#[test]
fn too_few_prompts_are_refused_before_anything_is_trained() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let home = home.path();
    tiny::save_folder(&home.join("model"));
    let folder = data(home);
    let few = fs::read_to_string(folder.join("loud.jsonl")).expect("a file");
    fs::write(folder.join("loud.jsonl"), few.lines().take(100).collect::<Vec<_>>().join("\n")).expect("writable");
    let output = xpert_lab(home, &["selection"]).output().expect("it runs");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1));
    assert!(said.contains("100 prompts") && said.contains("are needed"), "{said}");
    assert!(!home.join("work").exists());
}
