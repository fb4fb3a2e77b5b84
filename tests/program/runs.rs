//! The models that trainings left: no change loses one, whenever the power goes; earlier versions' are taken over; and what is done with
//! them, as use cases and as commands. Models are made up, but for one test that trains a tiny one.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use predicates::prelude::*;
use predicates::str::contains;
use serde_json::{Value as Json, json as object};
use tempfile::TempDir;
use xpert::app::runs::{self, Record, Run};
use xpert::app::train::{self, Options, StartPoint, Update};
use xpert::app::{AppError, Context};
use xpert::platform::cancel::Cancel;
use xpert::training::{Ending, Event};

use crate::command::{home, json, words, xpert};
use crate::tiny;

const WEIGHTS: &str = "adapter_model.safetensors";

struct Home {
    folder: TempDir,
    context: Context,
}

impl Home {
    fn new() -> Self {
        let folder = home();
        let context = Context::new(Some(folder.path()), None, Some(1)).expect("a context");
        Self { folder, context }
    }

    /// One model in use, and two others.
    fn with_three() -> Self {
        let home = Self::new();
        home.put("runs/1", "one", |_| {});
        home.put("runs/2", "two", |record| record["name"] = "Letters".into());
        home.put("adapter", "three", |record| record["number"] = 3.into());
        home
    }

    fn data(&self) -> &Path {
        self.folder.path()
    }

    fn mine(&self) -> PathBuf {
        self.data().join("mine")
    }

    /// A model whose weights say who it is, with the record of an earlier version as `change` leaves it.
    fn put(&self, place: &str, who: &str, change: impl Fn(&mut Json)) {
        let folder = self.mine().join(place);
        fs::create_dir_all(&folder).expect("writable");
        fs::write(folder.join(WEIGHTS), who).expect("writable");
        fs::write(folder.join("adapter_config.json"), "{}").expect("writable");
        let mut record = object!({
            "started_from": "warm", "base": "smollm2-135m-instruct", "ending": "completed", "steps": 40, "best_step": 35,
            "held_out_before": 3.41, "held_out_after": 3.2, "seconds": 75.0, "tokens": 8000, "parameters": 460_800,
            "peak_rss_mb": 900
        });
        change(&mut record);
        fs::write(folder.join("training.json"), record.to_string()).expect("writable");
    }

    /// Every model that is listed, by its number, the one in use first.
    fn listed(&self) -> Vec<(u32, String)> {
        let listed = runs::list(&self.context).expect("they are listed");
        assert_eq!(listed.problems, Vec::<String>::new());
        listed.runs.iter().map(|run| (run.number, who(run))).collect()
    }

    fn who_writes(&self) -> String {
        fs::read_to_string(self.mine().join("adapter").join(WEIGHTS)).expect("one is in use")
    }
}

fn who(run: &Run) -> String {
    fs::read_to_string(run.folder.join(WEIGHTS)).expect("weights")
}

fn numbered(pairs: &[(u32, &str)]) -> Vec<(u32, String)> {
    pairs.iter().map(|(number, who)| (*number, (*who).to_owned())).collect()
}

#[test]
fn where_nothing_was_trained_there_is_nothing_and_nothing_is_made() {
    let home = Home::new();
    assert_eq!(home.listed(), []);
    assert!(matches!(runs::show(&home.context, 1), Err(AppError::NoRun { number: 1 })));
    assert!(matches!(runs::delete(&home.context, 1), Err(AppError::NoRun { number: 1 })));
    assert!(!home.mine().exists());
}

#[test]
fn the_one_in_use_comes_first_and_then_the_last() {
    let home = Home::new();
    home.put("runs/1", "one", |record| record["finished"] = 300.into());
    home.put("runs/2", "two", |record| record["finished"] = 100.into());
    home.put("runs/10", "ten", |record| record["finished"] = 200.into());
    home.put("adapter", "used", |record| {
        record["finished"] = 50.into();
        record["number"] = 4.into();
    });
    fs::create_dir_all(home.mine().join("runs/not a run")).expect("writable");
    assert_eq!(home.listed(), numbered(&[(4, "used"), (1, "one"), (10, "ten"), (2, "two")]));
    let run = runs::show(&home.context, 10).expect("it is there");
    assert_eq!((run.ended, run.in_use, run.title()), (Some(200), false, "run 10".to_owned()));
    assert!(run.bytes > 100 && run.curve.is_empty());
}

#[test]
fn putting_one_in_use_keeps_the_other_and_every_number() {
    let home = Home::with_three();
    let run = runs::put_in_use(&home.context, 1).expect("it is put in use");
    assert_eq!((run.number, run.in_use, home.who_writes()), (1, true, "one".to_owned()));
    assert_eq!(runs::record(&home.context).expect("readable").expect("a model").number, Some(1));
    runs::put_in_use(&home.context, 1).expect("twice is once");
    runs::put_in_use(&home.context, 2).expect("it is put in use");
    let mut listed = home.listed();
    assert_eq!(listed[0], (2, "two".to_owned()));
    listed.sort();
    assert_eq!(listed, numbered(&[(1, "one"), (2, "two"), (3, "three")]));
    runs::put_in_use(&home.context, 3).expect("and back");
    assert_eq!(home.listed()[0], (3, "three".to_owned()));
}

/// The state on the disk, as a list of folders and who is in them.
fn places(home: &Home) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for parent in ["", "runs"] {
        for entry in fs::read_dir(home.mine().join(parent)).into_iter().flatten().flatten() {
            if let Ok(who) = fs::read_to_string(entry.path().join(WEIGHTS)) {
                found.insert(format!("{parent}/{}", entry.file_name().display()), who);
            }
        }
    }
    found
}

#[test]
fn a_power_cut_between_any_two_renames_loses_nothing() {
    // Putting 1 in use is three renames; the power goes after the first, or after the second.
    let renames = [("runs/1", "next"), ("adapter", "runs/3"), ("next", "adapter")];
    for done in 0..=renames.len() {
        let home = Home::with_three();
        // Before anything moves, it is given the number that it keeps.
        home.put("runs/1", "one", |record| record["number"] = 1.into());
        for (from, to) in &renames[..done] {
            fs::rename(home.mine().join(from), home.mine().join(to)).expect("a rename");
        }
        assert_eq!(places(&home).len(), 3, "none is lost after {done}");
        // Whoever looks first puts it in order; here it is whoever wants to write.
        assert!(runs::record(&home.context).expect("readable").is_some(), "one is in use after {done}");
        let expected = if done == 0 { "three" } else { "one" };
        assert_eq!(home.who_writes(), expected);
        let mut listed = home.listed();
        listed.sort_by(|a, b| a.1.cmp(&b.1));
        assert_eq!(listed.iter().map(|(_, who)| who.as_str()).collect::<Vec<_>>(), ["one", "three", "two"]);
        assert_eq!(listed.iter().map(|(number, _)| *number).collect::<Vec<_>>(), [1, 3, 2]);
    }
}

#[test]
fn a_power_cut_at_the_end_of_a_training_keeps_both_models() {
    // Written to its end and not yet in its place.
    let home = Home::with_three();
    home.put("adapter.new", "four", |record| record["number"] = 4.into());
    assert_eq!(home.listed()[0], (4, "four".to_owned()));
    assert_eq!(places(&home).len(), 4);
    // Not written to its end: the training goes on from its checkpoint.
    let home = Home::with_three();
    home.put("adapter.new", "four", |_| {});
    fs::remove_file(home.mine().join("adapter.new/training.json")).expect("it is there");
    assert_eq!(home.listed()[0], (3, "three".to_owned()));
    // What an earlier version left when its power went between its two renames.
    let home = Home::new();
    home.put("previous", "old", |_| {});
    home.put("adapter.new", "new", |_| {});
    assert_eq!(home.listed(), numbered(&[(2, "new"), (1, "old")]));
    assert!(!home.mine().join("previous").exists());
}

#[test]
fn a_model_that_is_half_deleted_is_gone_and_a_folder_that_was_taken_away_is_replaced() {
    let home = Home::with_three();
    home.put("deleted", "half", |_| {});
    fs::remove_file(home.mine().join("deleted").join(WEIGHTS)).expect("it is there");
    assert_eq!(home.listed().len(), 3);
    assert!(!home.mine().join("deleted").exists());
    fs::remove_dir_all(home.mine().join("adapter")).expect("it is there");
    assert_eq!(home.listed(), numbered(&[(2, "two"), (1, "one")]), "the last is in use");
    assert_eq!(home.who_writes(), "two");
}

#[test]
fn what_an_earlier_version_left_is_taken_over() {
    let home = Home::new();
    home.put("previous", "before", |_| {});
    home.put("adapter", "now", |_| {});
    assert_eq!(home.listed(), numbered(&[(2, "now"), (1, "before")]));
    assert!(!home.mine().join("previous").exists());
    // Numbers stay when one goes.
    runs::delete(&home.context, 1).expect("it is deleted");
    assert_eq!(home.listed(), numbered(&[(2, "now")]));
    // It was used again in between: the number that is taken is not given twice.
    home.put("previous", "again", |_| {});
    assert_eq!(home.listed(), numbered(&[(2, "now"), (3, "again")]));
}

#[test]
fn a_name_is_given_changed_and_taken_away() {
    let home = Home::with_three();
    let before = runs::show(&home.context, 1).expect("it is there").ended;
    let run = runs::rename(&home.context, 1, "  Mail \t only\n").expect("it is named");
    assert_eq!((run.record.name.as_deref(), run.title().as_str()), (Some("Mail only"), "Mail only"));
    assert_eq!((run.ended, run.record.finished), (before, before), "it ended when it ended");
    assert_eq!(runs::rename(&home.context, 1, " ").expect("it has none").record.name, None);
    assert!(runs::rename(&home.context, 1, &"\u{e9}".repeat(60)).is_ok());
    let error = runs::rename(&home.context, 1, &"\u{e9}".repeat(61)).expect_err("too long");
    assert!(matches!(error, AppError::LongName { length: 61, most: 60 }));
    runs::put_in_use(&home.context, 2).expect("it is put in use");
    assert_eq!(runs::show(&home.context, 2).expect("it is there").title(), "Letters", "a name goes along");
    assert_eq!(runs::rename(&home.context, 2, "In use").expect("it is named").title(), "In use");
}

#[test]
fn the_one_in_use_is_deleted_only_when_it_is_the_last() {
    let home = Home::with_three();
    assert!(matches!(runs::delete(&home.context, 3), Err(AppError::RunInUse { number: 3 })));
    assert_eq!(runs::delete(&home.context, 2).expect("it is deleted").title(), "Letters");
    runs::delete(&home.context, 1).expect("it is deleted");
    assert_eq!(home.listed(), numbered(&[(3, "three")]));
    runs::delete(&home.context, 3).expect("it is the last");
    assert_eq!(home.listed(), []);
    assert_eq!(runs::record(&home.context).expect("readable"), None);
    assert_eq!(places(&home), BTreeMap::new());
}

#[test]
fn a_number_is_never_given_twice() {
    let home = Home::with_three();
    runs::put_in_use(&home.context, 1).expect("it is put in use");
    for number in [3, 2] {
        runs::delete(&home.context, number).expect("it is deleted");
    }
    home.put("adapter.new", "next", |_| {});
    assert_eq!(home.listed(), numbered(&[(4, "next"), (1, "one")]));
    // Nor when none is left, or what was noted of them is damaged.
    runs::delete(&home.context, 1).expect("it is deleted");
    runs::delete(&home.context, 4).expect("it is the last");
    home.put("adapter.new", "alone", |_| {});
    assert_eq!(home.listed(), numbered(&[(5, "alone")]));
    fs::write(home.mine().join("last-number"), "\u{0}").expect("writable");
    home.put("previous", "before", |_| {});
    assert_eq!(home.listed(), numbered(&[(5, "alone"), (6, "before")]));
}

#[test]
fn an_export_is_whole_private_and_overwrites_nothing() {
    let home = Home::with_three();
    let out = home.data().join("out/letters");
    let exported = runs::export(&home.context, 2, &out).expect("it is copied");
    assert_eq!(exported.files.len(), 3);
    assert_eq!(fs::read_to_string(out.join(WEIGHTS)).expect("weights"), "two");
    let record = Record::read(&out).expect("readable").expect("a record");
    assert_eq!(record.name.as_deref(), Some("Letters"));
    let bytes: u64 = exported.files.iter().map(|file| fs::metadata(file).expect("written").len()).sum();
    assert_eq!(exported.bytes, bytes);
    assert!(matches!(runs::export(&home.context, 1, &out), Err(AppError::NotEmpty(_))));
    assert_eq!(fs::read_to_string(out.join(WEIGHTS)).expect("weights"), "two");
    let empty = home.data().join("empty");
    fs::create_dir(&empty).expect("writable");
    runs::export(&home.context, 1, &empty).expect("an empty folder is filled");
    let file = home.data().join("file");
    fs::write(&file, "mine").expect("writable");
    assert!(matches!(runs::export(&home.context, 1, &file), Err(AppError::NotEmpty(_))));
    assert_eq!(fs::read_to_string(&file).expect("readable"), "mine");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(fs::metadata(&out).expect("it is there").permissions().mode() & 0o777, 0o700);
    }
    for name in ["xpert-run-1", "xpert-run-1-2"] {
        let exported = runs::export_into(&home.context, 1, home.data()).expect("it is copied");
        assert_eq!(exported.folder, home.data().join(name));
    }
}

#[test]
fn an_export_while_models_change_places_is_of_one_model_or_fails_and_leaves_nothing() {
    let home = Home::with_three();
    let over = AtomicBool::new(false);
    let exchanged = std::thread::scope(|scope| {
        let exchanges = scope.spawn(|| {
            for number in [2, 3].into_iter().cycle().take_while(|_| !over.load(Ordering::SeqCst)) {
                match runs::put_in_use(&home.context, number) {
                    // The export finds a change half made, and holds the lock while it sees to it that it is whole.
                    Ok(_) | Err(AppError::Busy(_)) => {}
                    Err(error) => panic!("{error}"),
                }
            }
        });
        let mut whole = 0;
        while whole < 20 && !exchanges.is_finished() {
            let out = home.data().join(format!("out-{whole}"));
            if runs::export(&home.context, 2, &out).is_err() {
                assert!(!out.exists());
                continue;
            }
            let name = Record::read(&out).expect("readable").expect("a record").name;
            let weights = fs::read_to_string(out.join(WEIGHTS)).expect("weights");
            assert_eq!((weights.as_str(), name.as_deref()), ("two", Some("Letters")));
            whole += 1;
        }
        over.store(true, Ordering::SeqCst);
        exchanges.join()
    });
    exchanged.expect("every exchange");
}

#[test]
fn two_runs_are_compared_and_one_with_itself_is_not() {
    let home = Home::with_three();
    home.put("runs/7", "seven", |record| record["base"] = "another".into());
    let compared = runs::compare(&home.context, 3, 1).expect("both are there");
    assert_eq!((compared.runs.each_ref().map(|run| run.number), compared.same_base), ([3, 1], true));
    assert!(!runs::compare(&home.context, 3, 7).expect("both are there").same_base);
    assert!(matches!(runs::compare(&home.context, 3, 3), Err(AppError::SameRun { number: 3 })));
    assert!(matches!(runs::compare(&home.context, 3, 9), Err(AppError::NoRun { number: 9 })));
}

#[test]
fn what_is_broken_is_said_and_hides_nothing() {
    let home = Home::with_three();
    fs::remove_file(home.mine().join("runs/1").join(WEIGHTS)).expect("it is there");
    fs::write(home.mine().join("runs/2/training.json"), "{").expect("writable");
    fs::write(home.mine().join("adapter/curve.json"), "{").expect("writable");
    let listed = runs::list(&home.context).expect("the rest is listed");
    assert_eq!(listed.runs.iter().map(|run| run.number).collect::<Vec<_>>(), [3]);
    assert!(listed.problems[0].contains("adapter_model.safetensors is missing"), "{:?}", listed.problems);
    assert!(listed.problems[1].contains("training.json is malformed"), "{:?}", listed.problems);
    assert!(matches!(runs::put_in_use(&home.context, 1), Err(AppError::BrokenRun { .. })));
    assert_eq!(home.who_writes(), "three");
}

#[test]
fn while_a_training_is_at_work_models_stay_where_they_are() {
    let home = Home::with_three();
    home.put("previous", "before", |_| {});
    fs::create_dir_all(home.mine().join("run")).expect("writable");
    let lock = fs::File::create(home.mine().join("run/lock")).expect("writable");
    lock.lock().expect("free");
    assert!(matches!(runs::put_in_use(&home.context, 1), Err(AppError::Busy(_))));
    assert!(matches!(runs::rename(&home.context, 1, "x"), Err(AppError::Busy(_))));
    assert!(matches!(runs::delete(&home.context, 1), Err(AppError::Busy(_))));
    assert_eq!(home.listed().len(), 3, "looking is free, and takes nothing over");
    lock.unlock().expect("it was held here");
    assert_eq!(home.listed().len(), 4);
}

/// A few steps; stopped after `stop_after` of them, if it is to be.
/// The record, and the number of the run that it was compared with.
fn train_tiny(home: &Home, resume: bool, stop_after: Option<usize>) -> (Record, Option<u32>) {
    let model = home.data().join("tiny");
    if !model.exists() {
        tiny::save_folder(&model);
    }
    let context = Context { model: Some(model.display().to_string()), ..home.context.clone() };
    let options = Options {
        from: StartPoint::Scratch,
        steps: (!resume).then_some(30),
        no_early_stop: !resume,
        resume,
        ..Options::default()
    };
    let cancel = Cancel::new();
    let mut reference = None;
    let mut stop = |update: Update<'_>| {
        if let Update::Reference(run) = update {
            reference = Some(run.number);
        }
        if let Update::Event(Event::Step { step, .. }) = update
            && stop_after.is_some_and(|last| *step >= last)
        {
            cancel.request();
        }
    };
    let record = train::train(&context, &options, &cancel, &mut stop).expect("it trains");
    (record, reference)
}

#[test]
fn trainings_leave_runs_and_a_resumed_one_is_one_run() {
    let home = Home::new();
    xpert(home.data()).arg("import").arg(words(home.data())).assert().success();
    let (first, none) = train_tiny(&home, false, None);
    assert_eq!(none, None);
    assert_eq!((first.number, first.ending, first.finished.is_some()), (Some(1), Ending::Completed, true));
    let (stopped, reference) = train_tiny(&home, false, Some(22));
    assert_eq!(reference, Some(1), "a run from scratch on the same texts is there to compare with");
    assert!(stopped.is_stopped() && stopped.best_step > 0, "{stopped:?}");
    let listed = runs::list(&home.context).expect("they are listed").runs;
    assert_eq!(listed.iter().map(|run| (run.number, run.in_use)).collect::<Vec<_>>(), [(2, true), (1, false)]);
    assert!(train::unfinished(&home.context).is_some());
    runs::rename(&home.context, 2, "Thirty steps").expect("it is named");
    // Out of use it is still part of the training that goes on.
    runs::put_in_use(&home.context, 1).expect("it is put in use");
    let (whole, _) = train_tiny(&home, true, None);
    assert_eq!((whole.name.as_deref(), whole.number), (Some("Thirty steps"), Some(3)));
    let listed = runs::list(&home.context).expect("they are listed").runs;
    assert_eq!(listed.iter().map(|run| (run.number, run.in_use)).collect::<Vec<_>>(), [(3, true), (1, false)]);
    assert!(train::unfinished(&home.context).is_none());
    for run in &listed {
        let steps: Vec<usize> = run.curve.losses.iter().map(|point| point.0).collect();
        assert_eq!(steps, (1..=30).collect::<Vec<_>>(), "run {}: every step once", run.number);
        assert_eq!(run.curve.held_out.first().map(|point| point.0), Some(0));
        let best = run.curve.held_out.iter().map(|point| point.1).fold(f64::INFINITY, f64::min);
        assert!((best - run.record.held_out_after).abs() < 1e-9);
    }
    assert!(!home.mine().join("run/curve.json").exists());
}

#[test]
fn the_commands_do_the_same_for_people_and_programs() {
    let home = Home::with_three();
    let data = home.data();
    let listed = json(xpert(data).args(["runs", "list"]));
    assert_eq!(listed["schema"], "xpert.runs/1");
    assert_eq!((&listed["runs"][0]["number"], &listed["runs"][0]["in_use"]), (&3.into(), &true.into()));
    xpert(data).args(["runs", "list"]).assert().success().stdout(contains("*  3").and(contains("Letters")));
    let shown = json(xpert(data).args(["runs", "show", "2"]));
    assert_eq!((&shown["schema"], &shown["record"]["name"]), (&"xpert.run/1".into(), &"Letters".into()));
    assert!(shown["curve"]["held_out"].is_array());
    xpert(data).args(["runs", "show", "2"]).assert().success().stdout(contains("loss after    3.200"));
    xpert(data).args(["runs", "rename", "1", "Mail"]).assert().success().stdout(contains("Run 1 is now called Mail."));
    let renamed = json(xpert(data).args(["runs", "rename", "1", ""]));
    assert_eq!((&renamed["schema"], &renamed["record"]["name"]), (&"xpert.run-renamed/1".into(), &Json::Null));
    let used = json(xpert(data).args(["runs", "use", "2"]));
    assert_eq!((&used["schema"], &used["in_use"]), (&"xpert.run-used/1".into(), &true.into()));
    let compared = json(xpert(data).args(["runs", "compare", "1", "2"]));
    assert_eq!((&compared["schema"], &compared["same_base"]), (&"xpert.runs-compared/1".into(), &true.into()));
    xpert(data).args(["runs", "compare", "1", "2"]).assert().success().stdout(contains("run 1").and(contains("run 2")));
    let out = data.join("out");
    let exported = json(xpert(data).args(["runs", "export", "2"]).arg(&out));
    assert_eq!(
        (&exported["schema"], exported["files"].as_array().map(Vec::len)),
        (&"xpert.run-exported/1".into(), Some(3))
    );
    xpert(data).args(["runs", "export", "2"]).arg(&out).assert().code(1).stderr(contains("not an empty folder"));
    xpert(data).args(["runs", "delete", "2"]).assert().code(1).stderr(contains("xpert runs use"));
    let deleted = json(xpert(data).args(["runs", "delete", "1"]));
    assert_eq!((&deleted["schema"], &deleted["number"]), (&"xpert.run-deleted/1".into(), &1.into()));
    xpert(data).args(["runs", "show", "1"]).assert().code(1).stderr(contains("no run 1"));
    let empty = Home::new();
    xpert(empty.data()).args(["runs", "list"]).assert().success().stdout(contains("xpert train"));
    for wrong in [&["runs"][..], &["runs", "show", "first"], &["runs", "compare", "1"], &["runs", "export", "1"]] {
        xpert(data).args(wrong).assert().code(2);
    }
}
