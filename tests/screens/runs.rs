//! The Runs screen: what it shows in its states, and what its keys do. Pictures are compared with those in `snapshots`.

use std::sync::Arc;

use crate::made_up::*;
use xpert::app::runs::Runs;
use xpert::app::write::Voice;
use xpert::ui::action::{bar, resolve};
use xpert::ui::harness::Harness;
use xpert::ui::message::{Job, JobKind, Report, RunChange, Status};
use xpert::ui::model::Overlay;
use xpert::ui::screens::Screen;
use xpert::ui::screens::write::second_voice;

const SIZES: [(u16, u16); 3] = [(80, 24), (120, 40), (40, 15)];

fn pictures(name: &str, mut harness: impl FnMut(u16, u16) -> Harness) {
    for (width, height) in SIZES {
        insta::assert_snapshot!(format!("{name}_{width}x{height}"), harness(width, height).screen());
    }
}

/// The screen as one line, however it was wrapped.
fn words(harness: &mut Harness) -> String {
    harness.screen().split_whitespace().collect::<Vec<_>>().join(" ")
}

fn press(harness: &mut Harness, keys: &str) {
    for key in keys.split_whitespace() {
        harness.press(key);
    }
}

/// The screen before it knows what there is.
fn looking(width: u16, height: u16) -> Harness {
    let mut harness = Harness::new(width, height);
    let unfinished = Some(("warm".into(), 60, 80));
    harness.report(JobKind::Look, Report::Looked(Box::new(Status { unfinished, ..status() })));
    harness.press("7");
    assert!(matches!(harness.started().last(), Some((_, Job::Runs))));
    harness
}

fn shown(width: u16, height: u16) -> Harness {
    let mut harness = looking(width, height);
    harness.report(JobKind::Runs, Report::Runs(runs()));
    harness
}

fn compared(width: u16, height: u16) -> Harness {
    let mut harness = shown(width, height);
    press(&mut harness, "Space Down Down Space v");
    harness
}

/// While a training runs, from wherever.
fn training(width: u16, height: u16) -> Harness {
    let mut harness = Harness::new(width, height);
    harness.report(JobKind::Look, Report::Looked(Box::new(status())));
    press(&mut harness, "4 s Enter");
    run_events().into_iter().for_each(|event| harness.report(JobKind::Train, Report::Training(event)));
    harness.press("7");
    harness.report(JobKind::Runs, Report::Runs(runs()));
    harness
}

/// The only change that was asked for since this was asked last.
fn asked(harness: &mut Harness) -> (u32, RunChange) {
    match &harness.started()[..] {
        [(_, Job::ChangeRun(number, change))] => (*number, change.clone()),
        other => panic!("{other:?}"),
    }
}

#[test]
fn each_state_as_it_looks() {
    pictures("runs_looking", looking);
    pictures("runs_shown", shown);
    pictures("runs_training", training);
    pictures("runs_compared", compared);
    pictures("runs_empty", |width, height| {
        let mut harness = looking(width, height);
        harness.report(JobKind::Runs, Report::Runs(Arc::default()));
        harness
    });
    pictures("runs_failed", |width, height| {
        let mut harness = shown(width, height);
        press(&mut harness, "Down Enter");
        harness
            .report(JobKind::ChangeRun, Report::Failed("another training is at work in /home/ann: wait for it".into()));
        harness
    });
    pictures("runs_stopped", |width, height| {
        let mut harness = shown(width, height);
        harness.press("Down");
        harness
    });
    pictures("runs_named", |width, height| {
        let mut harness = shown(width, height);
        press(&mut harness, "Down Down n");
        harness
    });
    pictures("runs_deleted", |width, height| {
        let mut harness = shown(width, height);
        press(&mut harness, "Down D");
        harness
    });
}

#[test]
fn a_run_is_put_in_use_and_all_is_looked_at_again() {
    let mut harness = shown(80, 24);
    assert!(!words(&mut harness).contains("Enter use it"), "the one in use is");
    press(&mut harness, "Down Down Enter");
    assert_eq!(asked(&mut harness), (2, RunChange::Use));
    harness.press("Enter");
    assert!(harness.started().is_empty(), "one change after the other");
    let used = run(2, true);
    harness.report(JobKind::ChangeRun, Report::RunChanged(RunChange::Use, Box::new(used)));
    assert!(words(&mut harness).contains("In use now: run 2. 5 goes to Write, to hear it."));
    // The status first, which others show, too; then the list, which is shown as it was until it is here.
    assert!(harness.started().iter().any(|(_, job)| matches!(job, Job::Look)));
    harness.report(JobKind::Look, Report::Looked(Box::new(status())));
    assert!(matches!(&harness.started()[..], [(_, Job::Runs)]));
    assert_eq!(harness.model.screens.runs.runs().len(), 4);
    let now = vec![run(2, true), run(4, false), run(3, false), run(1, false)];
    harness.report(JobKind::Runs, Report::Runs(Arc::new(Runs { runs: now, problems: Vec::new() })));
    assert_eq!(harness.model.screens.runs.highlighted().map(|run| run.number), Some(2), "the highlight went along");
}

#[test]
fn any_run_can_be_written_with_without_being_put_in_use() {
    let mut harness = Harness::new(80, 24);
    harness.report(JobKind::Look, Report::Looked(Box::new(status_with_runs(&[4, 3, 2, 1]))));
    harness.press("7");
    harness.report(JobKind::Runs, Report::Runs(runs()));
    press(&mut harness, "Down Down w");
    assert_eq!(harness.model.screen, Screen::Write);
    assert!(words(&mut harness).contains("base and your model (run 2);"), "{}", harness.screen());
    harness.started();
    harness.press("Enter");
    harness.type_text("Say hello to Ann.");
    harness.press("Enter");
    let Some((_, Job::Write(ask))) = harness.started().pop() else { panic!("nobody is asked") };
    assert_eq!(ask.voices.iter().map(|(voice, _)| voice.to_string()).collect::<Vec<_>>(), ["base", "run:2"]);
    harness.report(JobKind::Write, Report::Written);
    // Another one that is deleted changes nothing; when it is deleted itself, the one in use answers again.
    for (number, keys, second) in [(3, "7 Up D", Voice::Run(2)), (2, "7 Down D", Voice::Run(4))] {
        press(&mut harness, keys);
        harness.type_text("delete");
        harness.press("Enter");
        assert_eq!(asked(&mut harness), (number, RunChange::Delete));
        let gone = run(number, false);
        harness.report(JobKind::ChangeRun, Report::RunChanged(RunChange::Delete, Box::new(gone)));
        assert_eq!(second_voice(&harness.model), Some(second));
        harness.started();
    }
    // The one in use is not pinned: when another is put in use, that one answers.
    press(&mut harness, "7 Up Up Up w");
    assert_eq!(harness.model.screens.write.second, None);
    // Without a base there is nothing to write with.
    let mut harness = Harness::new(80, 24);
    harness.report(JobKind::Look, Report::Looked(Box::new(Status { base: None, ..status_with_runs(&[4, 2]) })));
    harness.press("7");
    harness.report(JobKind::Runs, Report::Runs(runs()));
    press(&mut harness, "Down w");
    assert_eq!(harness.model.screen, Screen::Runs);
}

#[test]
fn a_name_is_typed_kept_or_left() {
    let mut harness = shown(80, 24);
    press(&mut harness, "Down Down n");
    assert_eq!(
        harness.model.field().map(|field| field.value().to_owned()).as_deref(),
        Some("Letters and mail of the spring")
    );
    harness.press("Esc");
    assert!(harness.model.field().is_none() && harness.started().is_empty());
    harness.press("n");
    harness.type_text(" and of the whole summer, which was long and warm");
    harness.press("Enter");
    assert!(words(&mut harness).contains("at most 60 characters"), "{}", harness.screen());
    assert!(harness.model.field().is_some() && harness.started().is_empty(), "what was typed is not lost");
    for _ in 0..60 {
        harness.press("Backspace");
    }
    harness.press("Enter");
    let (number, RunChange::Rename(name)) = asked(&mut harness) else { panic!("not renamed") };
    assert_eq!((number, name.as_str()), (2, "Letters and mail of"));
    assert!(harness.model.field().is_none());
}

#[test]
fn deleting_asks_for_a_word_and_spares_the_one_in_use() {
    let mut harness = shown(80, 24);
    harness.press("D");
    assert_eq!(harness.model.overlay, None, "it is in use");
    press(&mut harness, "Down D");
    assert_eq!(harness.model.overlay, Some(Overlay::Confirm));
    harness.press("Enter");
    harness.press("Esc");
    assert!(harness.started().is_empty() && harness.model.overlay.is_none());
    harness.press("D");
    harness.type_text("delete");
    harness.press("Enter");
    assert_eq!(asked(&mut harness), (3, RunChange::Delete));
    harness.report(JobKind::ChangeRun, Report::RunChanged(RunChange::Delete, Box::new(run(3, false))));
    assert!(words(&mut harness).contains("Deleted: run 3."));
    // The last one may go, though it is in use.
    let only = Runs { runs: vec![run(4, true)], problems: Vec::new() };
    harness.report(JobKind::Look, Report::Looked(Box::new(status())));
    harness.report(JobKind::Runs, Report::Runs(Arc::new(only)));
    harness.press("D");
    assert_eq!(harness.model.overlay, Some(Overlay::Confirm));
}

#[test]
fn a_copy_is_written_and_said_where() {
    let mut harness = shown(80, 24);
    harness.press("e");
    assert_eq!(asked(&mut harness), (4, RunChange::Export));
    harness.report(JobKind::ChangeRun, Report::RunExported("/home/ann/xpert-run-4".into()));
    assert!(words(&mut harness).contains("Written to /home/ann/xpert-run-4."));
    assert!(harness.started().is_empty(), "nothing else has changed");
}

#[test]
fn two_are_marked_and_compared() {
    let mut harness = shown(120, 40);
    harness.press("v");
    assert!(!words(&mut harness).contains("Side by side"), "nothing is marked");
    press(&mut harness, "Space Down Space Down Space");
    assert!(words(&mut harness).contains("2 runs are marked, which is the most"));
    harness.press("v");
    let seen = words(&mut harness);
    for said in ["Side by side", "held-out loss of run 4", "held-out loss of run 3", "both: smollm2-135m-instruct"] {
        assert!(seen.contains(said), "{said}: {seen}");
    }
    harness.press("Esc");
    assert!(!words(&mut harness).contains("Side by side"));
    assert_eq!(harness.model.screens.runs.marked, [4, 3], "the marks stay");
    harness.press("Esc");
    assert!(harness.model.screens.runs.marked.is_empty());
    // A run that goes takes its mark and the comparison with it.
    let mut harness = compared(80, 24);
    let left = Runs { runs: vec![run(4, true), run(3, false)], problems: Vec::new() };
    harness.press("r");
    harness.model.screens.runs.stale = true;
    press(&mut harness, "6 7");
    harness.report(JobKind::Runs, Report::Runs(Arc::new(left)));
    assert!(!words(&mut harness).contains("Side by side"));
    assert_eq!(harness.model.screens.runs.marked, [4]);
}

#[test]
fn while_a_training_runs_models_stay_where_they_are() {
    let mut harness = training(80, 24);
    harness.started();
    press(&mut harness, "Down Enter n D");
    assert!(harness.started().is_empty() && harness.model.overlay.is_none() && harness.model.field().is_none());
    // A copy moves nothing.
    harness.press("e");
    assert_eq!(asked(&mut harness), (3, RunChange::Export));
}

#[test]
fn what_a_training_leaves_is_seen_when_it_has_ended() {
    let mut harness = training(80, 24);
    harness.report(JobKind::Train, Report::Trained(Box::new(record(xpert::training::Ending::Completed))));
    harness.started();
    harness.report(JobKind::Look, Report::Looked(Box::new(status())));
    assert!(matches!(&harness.started()[..], [(_, Job::Runs)]));
}

#[test]
fn what_cannot_be_read_is_said_beside_the_others() {
    let mut harness = looking(80, 24);
    let problem = "/home/ann/mine/runs/2 holds no whole model\u{1b}[2J (training.json is missing)";
    let mut list = Runs::clone(&runs());
    list.problems.push(problem.into());
    list.runs[1].record.name = Some("evil \u{1b}[2J\u{202e} name".into());
    harness.report(JobKind::Runs, Report::Runs(Arc::new(list)));
    harness.press("Down");
    let screen = harness.screen();
    assert!(screen.contains("holds no whole model"));
    assert!(!screen.chars().any(|c| (c.is_control() && c != '\n') || c == '\u{202e}'), "{screen:?}");
    let mut none = looking(80, 24);
    none.report(JobKind::Runs, Report::Failed("Permission denied".into()));
    assert!(words(&mut none).contains("Permission denied r tries again"));
    none.started();
    none.press("r");
    assert!(none.started().iter().any(|(_, job)| matches!(job, Job::Runs)));
}

#[test]
fn every_key_in_the_command_bar_does_what_it_says() {
    for make in [shown, training, compared, looking] {
        let harness = make(120, 40);
        for (key, name, action) in bar(&harness.model) {
            let done = resolve(&harness.model, &key.event()).map(|entry| entry.action);
            assert_eq!(done, Some(action), "{key} {name}");
        }
    }
}
