//! Runs: what it shows in its states, and what becomes of a run.

use std::any::Any;
use std::sync::Arc;

use super::made_up::{library, record, run, run_events, runs, selected, status, status_with_runs};
use super::scenes::{SIZES, open, pictures, words};
use crate::harness::Harness;
use xpert::app::runs::Runs as List;
use xpert::training::Ending;
use xpert::ui::screens::runs::{Change, ChangeRun, ReadRuns, Runs};
use xpert::ui::screens::train::{EarlierCurve, Progress, Training};
use xpert::ui::shell::data::{Look, Select};
use xpert::ui::shell::effect::ScreenId;
use xpert::ui::shell::shared::Status;

fn go(harness: &mut Harness, screen: ScreenId) {
    let key = harness.shell.shared.keymap.key(&format!("show-{}", screen.0.to_lowercase()));
    harness.press(&key);
}

fn press(harness: &mut Harness, keys: &str) {
    keys.split_whitespace().for_each(|key| harness.press(key));
}

/// What the screen that was in front first has asked for is there.
fn settle(harness: &mut Harness) {
    if harness.shell.shared.runs::<Select>() {
        harness.finish::<Select>((Arc::new(selected()), Arc::new(library().1)));
    }
    if harness.shell.shared.runs::<EarlierCurve>() {
        harness.finish::<EarlierCurve>(run(2, false).curve);
    }
    harness.started();
}

/// The screen before it knows what there is.
fn reading(width: u16, height: u16) -> Harness {
    let mut harness = open(width, height);
    let unfinished = Some(("warm".into(), 60, 80));
    harness.finish::<Look>(Status { unfinished, ..status_with_runs(&[4, 3, 2, 1]) });
    settle(&mut harness);
    go(&mut harness, ScreenId::RUNS);
    harness.expect_started(&["runs"]);
    harness
}

fn listed(width: u16, height: u16) -> Harness {
    let mut harness = reading(width, height);
    harness.finish::<ReadRuns>(runs());
    harness
}

fn compared(width: u16, height: u16) -> Harness {
    let mut harness = listed(width, height);
    press(&mut harness, "Space Down Down Space v");
    harness
}

/// While a training runs.
fn training(width: u16, height: u16) -> Harness {
    let mut harness = open(width, height);
    harness.finish::<Look>(status());
    go(&mut harness, ScreenId::TRAIN);
    settle(&mut harness);
    harness.press("Enter");
    run_events().into_iter().for_each(|event| harness.tell::<Training>(Progress::Event(event)));
    go(&mut harness, ScreenId::RUNS);
    harness.finish::<ReadRuns>(runs());
    harness.started();
    harness
}

/// The only change that was asked for since this was asked last.
fn asked(harness: &mut Harness) -> (u32, Change) {
    let jobs = harness.started();
    let [job] = &jobs[..] else { panic!("{jobs:?}") };
    let job: &dyn Any = &**job;
    let ChangeRun(number, change) = job.downcast_ref().expect("a change");
    (*number, change.clone())
}

fn highlighted(harness: &Harness) -> Option<u32> {
    harness.screen_of::<Runs>().highlighted().map(|run| run.number)
}

fn field(harness: &Harness) -> Option<String> {
    harness.screen_of::<Runs>().field().map(|field| field.value().to_owned())
}

#[test]
fn each_state_as_it_looks() {
    pictures("runs", listed);
    pictures("runs_training", training);
    pictures("runs_compared", compared);
    pictures("runs_empty", |width, height| {
        let mut harness = reading(width, height);
        harness.finish::<ReadRuns>(Arc::default());
        harness
    });
    pictures("runs_failed", |width, height| {
        let mut harness = listed(width, height);
        press(&mut harness, "Down Enter");
        harness.fail::<ChangeRun>("Another training is running in /home/ann.");
        harness
    });
    pictures("runs_stopped", |width, height| {
        let mut harness = listed(width, height);
        harness.press("Down");
        harness
    });
    pictures("runs_naming", |width, height| {
        let mut harness = listed(width, height);
        press(&mut harness, "Down Down n");
        harness
    });
    let mut harness = reading(80, 24);
    assert!(harness.screen().contains("Reading your runs ..."));
}

#[test]
fn columns_give_way_one_after_the_other() {
    let mut harness = listed(80, 24);
    for width in 34..200 {
        harness.resize(width, 24);
        let screen = harness.screen();
        let heads = screen.lines().find(|line| line.contains("run name")).unwrap_or_else(|| panic!("{screen}"));
        let (_, behind) = heads.split_once("held-out loss").unwrap_or_else(|| panic!("{width}: {heads}"));
        let shown = ["date", "steps", "from"].map(|column| behind.contains(column));
        assert!(shown.is_sorted_by(|a, b| a >= b), "{width}: {heads}");
    }
}

#[test]
fn a_run_is_put_in_use_and_all_is_looked_at_again() {
    let mut harness = listed(80, 24);
    assert!(!words(&mut harness).contains("Enter use it"), "the one in use is");
    press(&mut harness, "Down Down Enter");
    assert_eq!(asked(&mut harness), (2, Change::Use));
    harness.press("Enter");
    harness.expect_started(&[]);
    harness.finish::<ChangeRun>((Change::Use, run(2, true)));
    assert!(words(&mut harness).contains("In use now: run 2."));
    // The status first, which others show, too; then the list, which is shown as it was until the new one is here.
    harness.expect_started(&["look"]);
    harness.finish::<Look>(status_with_runs(&[2, 4, 3, 1]));
    harness.expect_started(&["runs"]);
    assert_eq!(harness.screen_of::<Runs>().all().len(), 4);
    let now = vec![run(2, true), run(4, false), run(3, false), run(1, false)];
    harness.finish::<ReadRuns>(Arc::new(List { runs: now, problems: Vec::new() }));
    assert_eq!(highlighted(&harness), Some(2), "the highlight went along");
}

#[test]
fn a_run_can_be_written_with_only_where_there_is_a_base_model() {
    let mut harness = listed(120, 40);
    harness.press("Down");
    assert!(words(&mut harness).contains("w have it respond beside the base model"));
    let mut harness = open(120, 40);
    harness.finish::<Look>(Status { base: None, ..status_with_runs(&[4, 2]) });
    go(&mut harness, ScreenId::RUNS);
    harness.finish::<ReadRuns>(runs());
    harness.press("Down");
    assert!(!words(&mut harness).contains("let it respond"));
}

#[test]
fn a_name_is_typed_saved_or_left() {
    let mut harness = listed(80, 24);
    press(&mut harness, "Down Down n");
    assert_eq!(field(&harness).as_deref(), Some("Letters and mail of the spring"));
    harness.press("Esc");
    assert_eq!(field(&harness), None);
    harness.press("n");
    harness.type_text(" and of the whole summer, which was long and warm");
    harness.press("Enter");
    assert!(words(&mut harness).contains("at most 60 characters"), "{}", harness.screen());
    harness.expect_started(&[]);
    assert!(field(&harness).is_some(), "what was typed is not lost");
    for _ in 0..60 {
        harness.press("Backspace");
    }
    harness.press("Enter");
    assert_eq!(asked(&mut harness), (2, Change::Rename("Letters and mail of".into())));
    assert_eq!(field(&harness), None);
}

#[test]
fn deleting_asks_for_a_word_and_spares_the_one_in_use() {
    let mut harness = listed(80, 24);
    harness.press("D");
    assert!(!harness.screen().contains("Delete a run"), "it is in use");
    press(&mut harness, "Down D");
    insta::assert_snapshot!("runs_deleting_80x24", harness.screen());
    press(&mut harness, "Enter Esc");
    harness.expect_started(&[]);
    harness.press("D");
    harness.type_text("delete");
    harness.press("Enter");
    assert_eq!(asked(&mut harness), (3, Change::Delete));
    harness.finish::<ChangeRun>((Change::Delete, run(3, false)));
    assert!(words(&mut harness).contains("Deleted: run 3."));
    // The last one may go, though it is in use.
    harness.finish::<Look>(status_with_runs(&[4]));
    harness.finish::<ReadRuns>(Arc::new(List { runs: vec![run(4, true)], problems: Vec::new() }));
    harness.press("D");
    assert!(harness.screen().contains("Delete a run"));
}

#[test]
fn a_copy_is_written_where_the_user_says() {
    let mut harness = listed(80, 24);
    harness.press("e");
    insta::assert_snapshot!("runs_exporting_80x24", harness.screen());
    harness.expect_started(&[]);
    harness.type_text("-for-bob");
    harness.press("Enter");
    assert_eq!(asked(&mut harness), (4, Change::Export("xpert-run-4-for-bob".into())));
    harness.finish::<ChangeRun>((Change::Export("/home/ann/xpert-run-4-for-bob".into()), run(4, true)));
    assert!(words(&mut harness).contains("Saved to /home/ann/xpert-run-4-for-bob."));
    harness.expect_started(&[]);
}

#[test]
fn two_are_marked_and_compared() {
    let mut harness = listed(120, 40);
    harness.press("v");
    assert!(!words(&mut harness).contains("Side by side"), "nothing is marked");
    press(&mut harness, "Space Down Space Down Space");
    assert!(words(&mut harness).contains("At most 2 runs can be marked"));
    harness.press("v");
    let seen = words(&mut harness);
    for said in ["Side by side", "● run 4", "○ run 3", "both: smollm2-135m-instruct"] {
        assert!(seen.contains(said), "{said}: {seen}");
    }
    harness.press("Esc");
    assert!(!words(&mut harness).contains("Side by side"));
    assert_eq!(harness.screen_of::<Runs>().marked, [4, 3], "the marks stay");
    harness.press("Esc");
    assert!(harness.screen_of::<Runs>().marked.is_empty());
    // A run that goes takes its mark and the comparison with it.
    let mut harness = compared(80, 24);
    harness.apply(xpert::ui::shell::effect::Effect::start(Look));
    harness.finish::<Look>(status_with_runs(&[4, 3]));
    let left = List { runs: vec![run(4, true), run(3, false)], problems: Vec::new() };
    harness.finish::<ReadRuns>(Arc::new(left));
    assert!(!words(&mut harness).contains("Side by side"));
    assert_eq!(harness.screen_of::<Runs>().marked, [4]);
}

#[test]
fn while_a_training_runs_models_stay_where_they_are() {
    let mut harness = training(80, 24);
    press(&mut harness, "Down Enter n D");
    harness.expect_started(&[]);
    assert_eq!(field(&harness), None);
    // A copy moves nothing.
    press(&mut harness, "e Enter");
    assert_eq!(asked(&mut harness), (3, Change::Export("xpert-run-3".into())));
}

#[test]
fn what_a_training_leaves_is_seen_when_it_has_ended() {
    let mut harness = training(80, 24);
    harness.finish::<Training>(Progress::Done(Box::new(record(Ending::Completed))));
    harness.expect_started(&["look"]);
    harness.finish::<Look>(status_with_runs(&[5, 4, 3, 2, 1]));
    harness.expect_started(&["runs"]);
}

#[test]
fn a_click_finds_the_run_under_it_and_does_nothing_else() {
    for (width, height) in SIZES {
        let mut harness = reading(width, height);
        let runs = (1..=30).rev().map(|number| run(number, number == 30)).collect();
        harness.finish::<ReadRuns>(Arc::new(List { runs, problems: Vec::new() }));
        for down in [0, 29] {
            (0..down).for_each(|_| harness.press("Down"));
            let screen = harness.screen();
            let (row, line) =
                screen.lines().enumerate().filter(|(_, line)| line.contains("3.41 ->")).nth(1).expect("a row");
            let number = line.split_whitespace().find_map(|word| word.parse::<u32>().ok());
            for _ in 0..2 {
                harness.click(10, u16::try_from(row).expect("a row of the screen"));
                harness.screen();
            }
            assert_eq!(highlighted(&harness), number, "{line}");
        }
        harness.expect_started(&[]);
    }
}

#[test]
fn what_cannot_be_read_is_said_beside_the_others() {
    let mut harness = reading(80, 24);
    let mut list = List::clone(&runs());
    list.problems.push("/home/ann/mine/runs/2 contains no complete model\u{1b}[2J (training.json is missing)".into());
    list.runs[1].record.name = Some("evil \u{1b}[2J\u{202e} name".into());
    harness.finish::<ReadRuns>(Arc::new(list));
    harness.press("Down");
    let screen = harness.screen();
    assert!(words(&mut harness).contains("runs/2 contains no"), "{screen}");
    assert!(!screen.chars().any(|c| (c.is_control() && c != '\n') || c == '\u{202e}'), "{screen:?}");
    let mut none = reading(80, 24);
    none.fail::<ReadRuns>("Permission denied");
    assert!(words(&mut none).contains("Permission denied r try again"), "{}", none.screen());
    none.press("r");
    none.expect_started(&["look", "runs"]);
}
