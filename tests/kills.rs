//! A run of 200 steps that is killed at five random moments gives the adapter of the run that nobody disturbed, bit for bit;
//! with every preset. The model is tiny, the program is the real one.

mod support;

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rand::Rng;
use support::{tiny, xpert};

const STEPS: &str = "200";
const KILLS: usize = 5;
const CHECKPOINT: &str = "mine/run/checkpoint.safetensors";

fn texts(home: &Path) -> std::path::PathBuf {
    let file = home.join("texts.jsonl");
    let line = |i: usize| {
        let words = ["plum", "river", "lamp", "stone", "fern", "cloud", "mitten", "harbour"];
        let text: Vec<&str> = (0..12 + i % 9).map(|k| words[(i * 7 + k * (i + 3)) % words.len()]).collect();
        serde_json::json!({ "text": format!("{} {i}.", text.join(" ")) }).to_string() + "\n"
    };
    fs::write(&file, (0..40).map(line).collect::<String>()).expect("writable");
    file
}

fn start(data: &Path, model: &Path, arguments: &[&str]) -> Child {
    Command::new(assert_cmd::cargo::cargo_bin("xpert"))
        .args(["--threads", "2", "--json", "--data-dir"])
        .arg(data)
        .arg("--model")
        .arg(model)
        .arg("train")
        .args(arguments)
        .stdout(Stdio::null())
        .stderr(Stdio::inherit())
        .spawn()
        .expect("the program starts")
}

fn adapter(data: &Path) -> Vec<u8> {
    fs::read(data.join("mine/adapter/adapter_model.safetensors")).expect("a finished run leaves an adapter")
}

fn wait_for(file: &Path) {
    let asked = Instant::now();
    while !file.exists() {
        assert!(asked.elapsed() < Duration::from_secs(120), "{} never came", file.display());
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn check(preset: &str) {
    let home = tempfile::tempdir().expect("a temporary folder");
    let model = home.path().join("model");
    tiny::save_folder(&model);
    let file = texts(home.path());
    let (calm, disturbed) = (home.path().join("calm"), home.path().join("disturbed"));
    for data in [&calm, &disturbed] {
        xpert(data).arg("import").arg(&file).assert().success();
    }
    let fresh = ["--from", "scratch", "--steps", STEPS, "--no-early-stop", "--preset", preset];
    let mut child = start(&calm, &model, &fresh);
    wait_for(&calm.join(CHECKPOINT));
    let began = Instant::now();
    assert!(child.wait().expect("it ends").success());
    let whole = began.elapsed().as_secs_f64();

    let mut arguments = fresh.to_vec();
    for _ in 0..KILLS {
        let mut child = start(&disturbed, &model, &arguments);
        wait_for(&disturbed.join(CHECKPOINT));
        // So short that five of them are not a whole run.
        std::thread::sleep(Duration::from_secs_f64(whole * rand::rng().random_range(0.01..0.19)));
        assert!(child.try_wait().expect("a child").is_none(), "the run was over before it could be killed");
        child.kill().expect("it runs");
        child.wait().expect("it ends");
        arguments = vec!["--resume"];
    }
    assert!(start(&disturbed, &model, &arguments).wait().expect("it ends").success());
    assert!(adapter(&calm) == adapter(&disturbed), "{preset}: after {KILLS} kills the adapter is another one");
}

#[test]
fn a_full_run_survives_five_kills_bit_for_bit() {
    check("full");
}

#[test]
fn a_checkpointed_run_survives_five_kills_bit_for_bit() {
    check("checkpointed");
}

#[test]
fn a_board_run_survives_five_kills_bit_for_bit() {
    check("board");
}
