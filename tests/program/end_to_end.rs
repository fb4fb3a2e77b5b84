//! The whole job on the real base model, with the program as a user runs it: import, select, train, be killed, resume,
//! write. One test, since each part needs what the one before it made.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use predicates::str::contains;
use serde_json::Value;

use crate::base_model;
use crate::command::{home, json, xpert};

const STEPS: &str = "14";
/// The run is killed after this step is told of; checkpoints are written every five.
const KILLED_AFTER: u64 = 6;

fn persona() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/demo")
}

/// A training as a process whose events can be read as they come.
fn training(data: &Path, arguments: &[&str]) -> Child {
    Command::new(assert_cmd::cargo::cargo_bin("xpert"))
        .arg("--data-dir")
        .arg(data)
        .args(["--json", "train"])
        .args(arguments)
        .env_remove("XPERT_MODEL")
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program starts")
}

fn events(child: &mut Child) -> impl Iterator<Item = Value> + use<> {
    let out = BufReader::new(child.stdout.take().expect("piped"));
    out.lines().map_while(Result::ok).map(|line| serde_json::from_str(&line).expect("one JSON object a line"))
}

fn steps(events: &[Value]) -> Vec<(u64, f64)> {
    let step = |e: &&Value| e["event"] == "step";
    let numbers = |e: &Value| (e["step"].as_u64().expect("a step"), e["loss"].as_f64().expect("a loss"));
    events.iter().filter(step).map(numbers).collect()
}

fn train_to_the_end(data: &Path, arguments: &[&str]) -> Vec<Value> {
    let mut child = training(data, arguments);
    let seen: Vec<Value> = events(&mut child).collect();
    assert!(child.wait().expect("it ends").success());
    seen
}

#[test]
fn from_a_persons_texts_to_a_model_that_writes_like_her() {
    base_model::path();
    let home = home();
    let data = home.path();

    let imported = json(xpert(data).arg("import").arg(persona()).args([
        "--map",
        "text=answer,context=question,date=date",
        "--me",
        "nell@example.org",
        "--me",
        "Nell Ashdown",
    ]));
    assert!(imported["added"].as_u64().expect("a count") > 80);
    assert!(imported["dropped"]["not_mine"].as_u64().expect("others' mail is there") >= 3);

    let selected = json(xpert(data).arg("select"));
    // She is warm, plain and brief at once: no single model is all of that.
    assert_eq!(selected["choice"]["kind"], "blend");
    let first = selected["choice"]["id"].as_str().expect("an id").to_owned();
    let parts = selected["choice"]["blend"]["parts"].as_array().expect("parts");
    let part = |part: &serde_json::Value| {
        format!("{}:{:.2}", part["id"].as_str().expect("an id"), part["weight"].as_f64().expect("a weight"))
    };
    let chosen = parts.iter().map(part).collect::<Vec<_>>().join("+");
    let verified = json(xpert(data).args(["select", "--verify", "2"]));
    let check = &verified["verification"];
    let loss = |model: usize| check["models"][model]["held_out_loss"].as_f64().expect("a loss");
    assert_eq!(check["models"][0]["id"], first.as_str());
    assert!(loss(0) < loss(1) && loss(0) < check["base_loss"].as_f64().expect("a loss"), "{check}");
    assert_eq!((check["agrees"].as_bool(), check["lowest"].as_str()), (Some(true), Some(first.as_str())));

    // The base model has a look itself: the same library, more to go by, and scores still add up.
    let read = json(xpert(data).args(["select", "--neural"]));
    assert!(read["space"].as_str().is_some_and(|space| space.contains(":hidden")), "{}", read["space"]);
    let best = &read["candidates"][0];
    assert_eq!(read["candidates"].as_array().map(Vec::len), selected["candidates"].as_array().map(Vec::len));
    assert_eq!(best["id"], first.as_str());
    let number = |value: &serde_json::Value| value.as_f64().expect("a number");
    let adds: f64 = best["axes"].as_array().expect("axes").iter().map(|axis| number(&axis["contribution"])).sum();
    assert!((adds + number(&best["rest"]) - number(&best["score"])).abs() < 1e-9, "{best}");
    assert_ne!(best["score"], selected["candidates"][0]["score"]);

    // What a training would take is measured before anything is trained.
    let ahead = json(xpert(data).args(["train", "--forecast", "--steps", STEPS]));
    let starts = ahead["starts"].as_array().expect("starts");
    let begin = |from: &str| starts.iter().find(|start| start["from"] == *from).unwrap_or_else(|| panic!("{ahead}"));
    let scratch = number(&begin("scratch")["held_out_loss"]);
    assert!((scratch - number(&check["base_loss"])).abs() < 1e-3, "a new adapter changes nothing: {ahead}");
    assert!(begin(&chosen)["proposed"] == true && number(&begin(&chosen)["held_out_loss"]) < scratch, "{ahead}");
    assert!(starts.iter().all(|start| number(&start["prediction"]["seconds"]) > 0.0), "{ahead}");
    assert!(starts.iter().all(|start| start["steps"].as_u64() == STEPS.parse().ok()), "{ahead}");

    // Killed in the middle: what was said at the time is on record, and the run goes on from its last checkpoint.
    let mut child = training(data, &["--steps", STEPS, "--sample"]);
    let mut told = events(&mut child);
    let mut before = Vec::new();
    for event in told.by_ref() {
        let done = event["event"] == "step" && event["step"].as_u64() == Some(KILLED_AFTER);
        before.push(event);
        if done {
            break;
        }
    }
    child.kill().expect("it runs");
    child.wait().expect("it ends");
    before.extend(told);
    let sample = before.iter().find(|event| event["event"] == "sample").expect("the base's sample");
    assert!(sample["step"].is_null() && sample["text"].as_str().is_some_and(|text| text.len() > 40), "{sample}");
    xpert(data).args(["train"]).assert().code(3).stderr(contains("--resume"));
    xpert(data).args(["write", "Hello"]).assert().code(3);

    let after = train_to_the_end(data, &["--resume"]);
    let started = &after[0];
    assert_eq!(started["event"], "started");
    assert_eq!(started["from"], *chosen);
    // On a busy machine the run may get on before the kill comes.
    let kept = started["done"].as_u64().expect("a count");
    assert!([5, 10].contains(&kept), "{started}");
    let (first, again) = (steps(&before), steps(&after));
    for (step, loss) in first.iter().filter(|(step, _)| *step > kept) {
        let repeated = again.iter().find(|(other, _)| other == step).expect("the step is run again");
        assert!((loss - repeated.1).abs() < 1e-9, "step {step}: {loss} before the kill, {} after", repeated.1);
    }
    let done = after.last().expect("events");
    assert_eq!(done["event"], "done");
    let (held_out_before, held_out_after) =
        (done["held_out_before"].as_f64().expect("a loss"), done["held_out_after"].as_f64().expect("a loss"));
    assert!(held_out_after < held_out_before, "{held_out_before} -> {held_out_after}");
    for event in after.iter().filter(|event| event["event"] == "step") {
        assert!(event["tokens_per_s"].as_f64().expect("a rate") > 0.0);
        assert!(event["rss_mb"].as_u64().expect("memory") > 100);
    }

    let prompt = "How do I stop my brakes squeaking?";
    let write = |adapter: &str| {
        json(xpert(data).args(["write", prompt, "--adapter", adapter, "--max-tokens", "60", "--temperature", "0"]))
    };
    let (mine, base) = (write("mine"), write("base"));
    assert_eq!(mine["schema"], "xpert.write/1");
    assert!(mine["tokens"].as_u64().expect("a count") > 5 && mine["tokens_per_s"].as_f64().expect("a rate") > 0.0);
    assert_ne!(mine["text"], base["text"]);
    assert_eq!(write("mine")["text"], mine["text"], "the same seed writes the same text");
    xpert(data).args(["write", &"word ".repeat(9000)]).assert().code(1).stderr(contains("Shorten"));
}
