//! A run of 200 steps that is killed at five random moments gives the adapter of the run that nobody disturbed, bit for bit;
//! with every preset. The model is tiny, the program is the real one. `XPERT_KILLS=SEED` kills at the steps of an earlier run, which
//! said its seed.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use serde_json::Value;

use crate::command::{home, words, xpert};
use crate::tiny;

const STEPS: &str = "200";
const KILLS: usize = 5;
/// So few that five kills leave a good part of a run, also where the program gets on a little before each.
const STEPS_BEFORE_A_KILL: std::ops::RangeInclusive<usize> = 1..=25;

/// A training that tells on a pipe what it does.
pub fn start(data: &Path, model: &Path, arguments: &[&str]) -> Child {
    Command::new(assert_cmd::cargo::cargo_bin("xpert"))
        .args(["--threads", "2", "--json", "--data-dir"])
        .arg(data)
        .arg("--model")
        .arg(model)
        .arg("train")
        .args(arguments)
        .stdout(Stdio::piped())
        .stderr(Stdio::inherit())
        .spawn()
        .expect("the program starts")
}

pub fn finish(child: Child) {
    assert!(child.wait_with_output().expect("it ends").status.success());
}

/// Kills a training a random moment after a random number of steps.
fn kill_somewhere(mut child: Child, random: &mut StdRng) {
    // Kept open until the end, since a program that nobody listens to ends by itself.
    let mut out = BufReader::new(child.stdout.take().expect("piped"));
    let told = out.by_ref().lines().map(|line| serde_json::from_str(&line.expect("UTF-8")).expect("JSON"));
    let steps = random.random_range(STEPS_BEFORE_A_KILL);
    let seen = told.filter(|event: &Value| event["event"] == "step").take(steps).count();
    assert_eq!(seen, steps, "it ended before it could be killed");
    std::thread::sleep(Duration::from_micros(random.random_range(0..5_000)));
    child.kill().expect("it runs");
    assert!(!child.wait().expect("it ends").success(), "it was over before it could be killed");
}

pub fn adapter(data: &Path) -> Vec<u8> {
    fs::read(data.join("mine/adapter/adapter_model.safetensors")).expect("a finished run leaves an adapter")
}

/// A new one, or that of the run that is to be repeated.
fn seed() -> u64 {
    std::env::var("XPERT_KILLS").map_or_else(|_| rand::random(), |seed| seed.parse().expect("XPERT_KILLS is a number"))
}

fn check(preset: &str) {
    let home = home();
    let model = home.path().join("model");
    tiny::save_folder(&model);
    let file = words(home.path());
    let (calm, disturbed) = (home.path().join("calm"), home.path().join("disturbed"));
    for data in [&calm, &disturbed] {
        xpert(data).arg("import").arg(&file).assert().success();
    }
    let fresh = ["--from", "scratch", "--steps", STEPS, "--no-early-stop", "--preset", preset];
    finish(start(&calm, &model, &fresh));

    let seed = seed();
    eprintln!("{preset}: XPERT_KILLS={seed}");
    let random = &mut StdRng::seed_from_u64(seed);
    let mut arguments = fresh.to_vec();
    for _ in 0..KILLS {
        kill_somewhere(start(&disturbed, &model, &arguments), random);
        arguments = vec!["--resume"];
    }
    finish(start(&disturbed, &model, &arguments));
    let same = adapter(&calm) == adapter(&disturbed);
    assert!(same, "{preset}: after {KILLS} kills (XPERT_KILLS={seed}) the adapter is another one");
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
fn a_last_layers_run_survives_five_kills_bit_for_bit() {
    check("last-layers");
}
