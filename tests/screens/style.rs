//! The Style screen's panes: two sources compared, and change over time; while they are measured, with a result, with too little to
//! compare, and where that failed. The pictures are in `snapshots`.

use crate::made_up::*;
use crate::scenes::{looked, profiled, words};
use xpert::app::profile::{By, Parts};
use xpert::store::Added;
use xpert::ui::harness::Harness;
use xpert::ui::message::{Effect, Job, JobKind, Report};
use xpert::ui::theme::Theme;

const SIZES: [(u16, u16); 3] = [(40, 15), (80, 24), (120, 40)];

/// The pane that this key opens, with this result.
fn opened(key: &str, parts: Parts, width: u16, height: u16) -> Harness {
    let mut harness = profiled(width, height);
    harness.started();
    harness.press(key);
    harness.report(JobKind::Parts, Report::Parted(Box::new(parts)));
    harness
}

#[test]
fn pictures() {
    for (width, height) in SIZES {
        let keep = |name: &str, mut harness: Harness| {
            insta::assert_snapshot!(format!("style_{name}_{width}x{height}"), harness.screen());
        };
        let mut loading = profiled(width, height);
        loading.press("c");
        keep("parts_loading", loading);
        keep("sources", opened("c", by_source(), width, height));
        keep("one_source", opened("c", one_source(), width, height));
        keep("small_sources", opened("c", small_sources(), width, height));
        keep("time", opened("t", by_time(), width, height));
        keep("no_dates", opened("t", without_dates(), width, height));
        keep("few_dates", opened("t", too_few_dates(), width, height));
        let mut failed = profiled(width, height);
        failed.press("t");
        failed.report(JobKind::Parts, Report::Failed("the database is locked: close the other xpert".into()));
        keep("parts_error", failed);
    }
}

#[test]
fn a_terminal_without_unicode_or_colours_tells_the_same() {
    for (key, name, parts) in [("c", "sources", by_source()), ("t", "time", by_time())] {
        let mut harness = opened(key, parts, 80, 24);
        harness.theme = Theme::shipped(false, false).unwrap();
        let screen = harness.screen();
        assert!(screen.is_ascii(), "{screen}");
        insta::assert_snapshot!(format!("style_{name}_ascii"), screen);
    }
}

#[test]
fn what_differs_comes_first_and_is_said() {
    let mut harness = opened("c", by_source(), 80, 24);
    assert!(words(&mut harness).contains("In sent.mbox you are more formal than in notes/ (71 against 38 of 100)."));
    harness.press("Down");
    assert!(
        words(&mut harness)
            .contains("In sent.mbox you are more concise than in notes/ (12 against 44 of 100, where 0 is concise)."),
        "{}",
        harness.screen()
    );
    harness.press("Down");
    assert!(words(&mut harness).contains("No sure difference between simple and expert"), "{}", harness.screen());
    harness.press("Up");
    harness.press("Esc");
    assert!(words(&mut harness).contains("your sentences are half as long"), "back to all texts");
    let mut harness = opened("t", by_time(), 80, 24);
    assert!(
        words(&mut harness).contains("You have become more casual: from 88 to 31 of 100, where 0 is casual."),
        "{}",
        harness.screen()
    );
}

#[test]
fn left_and_right_choose_which_two_sources() {
    let mut harness = opened("c", by_source(), 120, 40);
    assert!(words(&mut harness).contains("pair 1 of 3"));
    harness.press("Right");
    let shown = words(&mut harness);
    assert!(shown.contains("pair 2 of 3") && shown.contains("too few texts to tell from chance"), "{shown}");
    harness.press("Right");
    harness.press("Right");
    assert!(words(&mut harness).contains("pair 1 of 3"), "round to the first");
    harness.press("Left");
    assert!(words(&mut harness).contains("pair 3 of 3"));
    let mut two = opened("t", by_time(), 120, 40);
    let before = two.screen();
    two.press("Right");
    assert_eq!(two.screen(), before, "there is nothing to choose over time");
}

#[test]
fn each_is_measured_once_until_the_texts_change() {
    let mut harness = profiled(80, 24);
    harness.started();
    harness.press("c");
    assert!(matches!(&harness.started()[..], [(_, Job::Parts(By::Source))]));
    harness.report(JobKind::Parts, Report::Parted(Box::new(by_source())));
    harness.press("t");
    assert!(matches!(&harness.started()[..], [(_, Job::Parts(By::Time))]));
    harness.report(JobKind::Parts, Report::Parted(Box::new(by_time())));
    for key in ["c", "t", "Esc", "c"] {
        harness.press(key);
    }
    assert!(harness.started().is_empty(), "all of it is known");
    harness.press("1");
    harness.press("e");
    harness.type_text("notes");
    harness.press("Enter");
    harness.report(JobKind::Preview, Report::Found(scan()));
    harness.press("Enter");
    harness.report(JobKind::Keep, Report::Kept(Added { added: 2, already_there: 0 }));
    harness.report(JobKind::Look, Report::Looked(Box::new(status())));
    harness.started();
    harness.press("2");
    assert!(matches!(&harness.started()[..], [(_, Job::Profile)]));
    harness.report(JobKind::Profile, Report::Profiled(Box::new(profile())));
    assert!(matches!(&harness.started()[..], [(_, Job::Parts(By::Source))]), "the pane is still open");
}

#[test]
fn another_screen_does_not_ask_for_what_a_pane_lacks() {
    let mut harness = profiled(80, 24);
    harness.press("c");
    harness.report(JobKind::Parts, Report::Failed("the database is locked".into()));
    harness.started();
    harness.press("6");
    assert!(matches!(&harness.started()[..], [(_, Job::Select)]));
}

#[test]
fn measuring_can_be_stopped_and_what_failed_can_be_tried_again_or_left() {
    let mut harness = profiled(80, 24);
    harness.press("c");
    harness.effects.clear();
    harness.press("x");
    assert!(matches!(harness.effects[..], [Effect::Cancel(_)]));
    harness.report(JobKind::Parts, Report::Stopped);
    assert!(words(&mut harness).contains("your sentences are half as long"), "the pane is closed");
    harness.press("t");
    harness.report(JobKind::Parts, Report::Failed("the database is locked".into()));
    assert!(words(&mut harness).contains("the database is locked"));
    harness.started();
    harness.press("r");
    assert!(harness.started().iter().any(|(_, job)| matches!(job, Job::Parts(By::Time))));
    harness.report(JobKind::Parts, Report::Failed("the database is locked".into()));
    harness.press("Esc");
    let shown = words(&mut harness);
    assert!(!shown.contains("locked") && shown.contains("your sentences are half as long"), "{shown}");
}

#[test]
fn there_is_nothing_to_open_before_there_is_a_profile() {
    let mut harness = looked(80, 24);
    harness.press("2");
    harness.started();
    harness.press("c");
    harness.press("t");
    assert!(harness.started().is_empty());
    harness.report(JobKind::Profile, Report::Profiled(Box::new(too_short())));
    harness.press("c");
    assert!(harness.started().is_empty() && words(&mut harness).contains("too little to score a style"));
}

#[test]
fn names_from_files_cannot_harm_the_terminal() {
    let mut parts = by_source();
    parts.parts[0].label = "a\u{1b}[2J\n\u{202e}b.mbox".into();
    let mut harness = opened("c", parts, 80, 24);
    let screen = harness.screen();
    assert!(!screen.contains(['\u{1b}', '\u{202e}']), "{screen}");
}
