//! Whose model writes: any run by its number, the one in use by `mine`, and that what is kept says which run it was. The base is a tiny
//! model, the runs are random changes to it.

use std::fs;
use std::path::{Path, PathBuf};

use candle_core::DType;
use predicates::prelude::*;
use predicates::str::contains;
use serde_json::{Value as Json, json as object};
use tempfile::TempDir;
use xpert::app::write::{Voice, resolve};
use xpert::app::{AppError, Context, base, history, runs};
use xpert::engine::projection::Projection;
use xpert::engine::{AdapterShape, Model, ModelPath, Precision};
use xpert::store::Written;

use crate::command::{home, json, xpert};
use crate::tiny;

struct Home {
    folder: TempDir,
    context: Context,
}

impl Home {
    /// The base alone.
    fn new() -> Self {
        let folder = home();
        let base = folder.path().join("tiny");
        tiny::save_folder(&base);
        let base = Some(base.display().to_string());
        let context = Context::new(Some(folder.path()), base, Some(1)).expect("a context");
        Self { folder, context }
    }

    /// Three runs, of which the third is in use.
    fn with_three() -> Self {
        let home = Self::new();
        let id = base::locate(&home.context).expect("readable").expect("it is here").id;
        for (place, number) in [("runs/1", 1), ("runs/2", 2), ("adapter", 3)] {
            home.put(place, number, &id);
        }
        home
    }

    fn data(&self) -> &Path {
        self.folder.path()
    }

    fn base(&self) -> PathBuf {
        self.data().join("tiny")
    }

    /// A model that was made on this base, different for each number.
    fn put(&self, place: &str, number: u32, made_on: &str) {
        let folder = self.data().join("mine").join(place);
        fs::create_dir_all(&folder).expect("writable");
        let base = Model::load(&ModelPath::Folder(self.base()), Precision::Dense).expect("a model");
        let shape = AdapterShape { rank: 4, alpha: 8.0, projections: Projection::ALL.to_vec() };
        let adapter = tiny::adapter(&base.config, &shape, number.into());
        adapter.save_peft(&folder, made_on, DType::F32).expect("writable");
        let record = object!({
            "started_from": "warm", "base": made_on, "ending": "completed", "steps": 40, "best_step": 35, "held_out_before": 3.41,
            "held_out_after": 3.2, "seconds": 75.0, "tokens": 8000, "parameters": 900, "peak_rss_mb": 90, "number": number
        });
        fs::write(folder.join("training.json"), record.to_string()).expect("writable");
    }

    fn write(&self, arguments: &[&str]) -> assert_cmd::Command {
        let mut command = xpert(self.data());
        command.arg("--model").arg(self.base()).args(["write", "Hello", "--temperature", "0", "--max-tokens", "8"]);
        command.args(arguments);
        command
    }

    /// Who wrote, and what.
    fn written(&self, arguments: &[&str]) -> (String, Json) {
        let answer = json(&mut self.write(arguments));
        (answer["adapter"].as_str().expect("a voice").to_owned(), answer["text"].clone())
    }

    fn now(&self, voice: Voice) -> Result<Voice, AppError> {
        resolve(&self.context, voice)
    }
}

#[test]
fn mine_is_the_run_that_is_in_use_now() {
    let home = Home::new();
    assert!(matches!(home.now(Voice::Mine), Err(AppError::NoPersonalModel)));
    assert_eq!(
        (runs::in_use(&home.context).expect("none"), runs::numbers(&home.context).expect("none")),
        (None, vec![])
    );
    let home = Home::with_three();
    assert_eq!(home.now(Voice::Mine).expect("it is there"), Voice::Run(3));
    runs::put_in_use(&home.context, 2).expect("it is put in use");
    assert_eq!(home.now(Voice::Mine).expect("it is there"), Voice::Run(2));
    assert_eq!(runs::in_use(&home.context).expect("readable").map(|(number, _)| number), Some(2));
    assert_eq!(runs::numbers(&home.context).expect("readable"), [2, 1, 3]);
    for one in [Voice::Run(3), Voice::Base, Voice::Library("warm".into())] {
        assert_eq!(home.now(one.clone()).expect("it is what it is"), one);
    }
}

#[test]
fn any_run_writes_and_none_is_put_in_use_by_that() {
    let home = Home::with_three();
    let named = |number: u32| home.written(&["--adapter", &format!("run:{number}")]);
    let each = [named(1), named(2), named(3)];
    assert_eq!(each.each_ref().map(|(voice, _)| voice.as_str()), ["run:1", "run:2", "run:3"]);
    let base = home.written(&["--adapter", "base"]).1;
    for (place, one) in each.iter().enumerate() {
        assert_ne!(one.1, base);
        assert!(each[..place].iter().all(|other| other.1 != one.1), "each is a model of its own: {each:?}");
    }
    assert_eq!(home.written(&[]), each[2], "mine is told by its number");
    runs::put_in_use(&home.context, 2).expect("it is put in use");
    assert_eq!(home.written(&["--adapter", "mine"]), each[1]);
    assert_eq!(named(3), each[2], "wherever it lies now");
    assert_eq!(runs::numbers(&home.context).expect("readable")[0], 2);
}

#[test]
fn a_run_that_is_not_there_or_not_to_be_used_is_told_with_what_to_do() {
    let home = Home::with_three();
    home.put("runs/4", 4, "local:another");
    let list = || contains("xpert runs list");
    home.write(&["--adapter", "run:9"]).assert().code(1).stderr(contains("no run 9").and(list()));
    home.write(&["--adapter", "run:x"]).assert().code(2).stderr(contains("`x` is not a run number").and(list()));
    home.write(&["--adapter", "run:"]).assert().code(2).stderr(list());
    let other_base = contains("your model (run 4) was made for the base model local:another");
    home.write(&["--adapter", "run:4"]).assert().code(1).stderr(other_base);
    fs::remove_file(home.data().join("mine/runs/1/adapter_model.safetensors")).expect("it is there");
    home.write(&["--adapter", "run:1"]).assert().code(1).stderr(contains("contains no complete model"));
}

#[test]
fn a_conversation_says_which_run_wrote_and_goes_on_with_it_while_it_is_there() {
    let home = Home::with_three();
    assert_eq!(home.written(&["--keep"]).0, "run:3");
    runs::put_in_use(&home.context, 2).expect("it is put in use");
    assert_eq!(home.written(&["--continue"]).0, "run:3");
    runs::delete(&home.context, 3).expect("it is deleted");
    let gone = contains("run 3, which wrote last").and(contains("--adapter mine"));
    home.write(&["--continue"]).assert().code(1).stderr(gone);
    assert_eq!(home.written(&["--continue", "--adapter", "mine"]).0, "run:2");
    let kept = history::show(&home.context, 1).expect("it is kept").exchanges;
    let voices: Vec<&str> = kept.iter().filter_map(|turn| Some(turn.answer.as_ref()?.written.voice.as_str())).collect();
    assert_eq!(voices, ["run:3", "run:3", "run:2"], "what failed is not kept");
}

#[test]
fn what_an_earlier_version_kept_as_mine_opens_and_goes_on_with_the_run_in_use() {
    let home = Home::with_three();
    let old = Written { text: "Hi.".into(), voice: "mine".into(), temperature: 0.7, max_tokens: 9, tokens: 2 };
    let id = history::keep(&home.context, &[("Hello".into(), vec![old])]).expect("kept").to_string();
    let show = || xpert(home.data()).args(["history", "show", &id]).assert().success();
    show().stdout(contains("--- your model, "));
    assert_eq!(home.written(&["--continue"]).0, "run:3");
    show().stdout(contains("--- your model, ").and(contains("--- your model (run 3), ")));
}
