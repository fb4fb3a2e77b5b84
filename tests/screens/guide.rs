//! The guide: the steps of the demo and of a first run. Enter goes to the screen of the next step, and only there does it.

use std::path::Path;
use std::sync::Arc;

use crate::harness::Harness;
use crate::made_up::{library, profile, record, scan, selected, status, status_with_runs};
use crate::scenes::{open_demo, open_first_run, pictures};
use xpert::app::Context;
use xpert::app::demo::Demo;
use xpert::import::ImportOptions;
use xpert::store::{Added, Summary};
use xpert::training::Ending;
use xpert::ui::screens::import::{Keep, Preview, Previewing};
use xpert::ui::shell::data::{FetchBase, Fetching, Look, Measure, Select};
use xpert::ui::shell::shared::Status;
use xpert::ui::shell::state::Act;

fn nothing() -> Status {
    Status { texts: Summary::default(), base: None, ..status() }
}

fn demo() -> Demo {
    let context = Context::new(Some(Path::new("/nowhere")), None, Some(1)).expect("a context");
    Demo { context, writing: "/demo/writing".into(), options: ImportOptions::default(), steps: 40 }
}

fn first_run(width: u16, height: u16) -> Harness {
    let mut harness = open_first_run(width, height);
    harness.finish::<Look>(nothing());
    harness.started();
    harness
}

fn enter(harness: &mut Harness, expected: &[&str]) {
    harness.started();
    harness.press("Enter");
    harness.expect_started(expected);
}

#[test]
fn a_first_run_begins_with_ones_own_files_or_the_demo() {
    pictures("guide_first", first_run);
    let mut harness = first_run(80, 24);
    enter(&mut harness, &["list"]);
    harness.press("Esc");
    harness.press("d");
    assert!(harness.acts.iter().any(|act| matches!(act, Act::Demo)));
    harness.press("G");
    harness.expect_started(&["save-setting"]);
    assert!(!harness.screen().contains("Enter  "), "it is gone for good");
}

#[test]
fn the_demo_goes_through_the_whole_job_by_one_key() {
    let mut harness = open_demo(&demo(), 80, 24);
    harness.finish::<Look>(nothing());
    enter(&mut harness, &["preview"]);
    harness.finish::<Preview>(Previewing::Found(scan(), Vec::new()));
    assert!(harness.screen().contains("save these texts"));
    enter(&mut harness, &["keep"]);
    harness.finish::<Keep>(Added { added: 52, already_there: 0 });
    harness.finish::<Look>(Status { base: None, ..status() });
    enter(&mut harness, &["profile"]);
    harness.finish::<Measure>(Arc::new(profile()));
    harness.expect_started(&["select"]);
    harness.finish::<Select>((Arc::new(selected()), Arc::new(library().1)));
    enter(&mut harness, &[]);
    assert!(harness.screen().contains("set up training"));
    enter(&mut harness, &[]);
    assert!(harness.screen().contains("download the base model"), "{}", harness.screen());
    enter(&mut harness, &["fetch-base"]);
    enter(&mut harness, &[]);
    harness.finish::<FetchBase>(Fetching::Done("SmolLM2".into()));
    harness.finish::<Look>(status());
    assert!(harness.screen().contains("start training"));
    enter(&mut harness, &["train"]);
}

#[test]
fn enter_on_another_screen_goes_to_the_step_and_does_nothing_there_yet() {
    let mut harness = open_demo(&demo(), 80, 24);
    harness.finish::<Look>(Status { unfinished: Some(("warm".into(), 10, 40)), ..status() });
    harness.started();
    harness.press("5");
    assert!(harness.screen().contains("go to Train"));
    // The curve so far is read; nothing is trained.
    enter(&mut harness, &["curve"]);
    assert!(harness.screen().contains("resume training"));
    enter(&mut harness, &["train"]);
}

#[test]
fn a_demo_with_a_trained_model_goes_straight_to_the_answers() {
    let mut harness = open_demo(&demo(), 80, 24);
    harness.finish::<Look>(status_with_runs(&[1]));
    assert!(harness.screen().contains("go to Write"), "{}", harness.screen());
    harness.started();
    harness.press("Enter");
    assert!(harness.screen().contains("ask both models"), "{}", harness.screen());
}

#[test]
fn whoever_has_a_model_knows_the_way() {
    let mut harness = open_first_run(80, 24);
    harness.finish::<Look>(status_with_runs(&[1]));
    assert!(!harness.shell.shared.guided);
    assert!(!record(Ending::Completed).is_stopped());
}
