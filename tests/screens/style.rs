//! Style: one picture of all axes and what is behind it; two sources compared and change over time, while they are measured, with a
//! result, with too little to compare, and where that failed.

use std::sync::Arc;

use super::made_up::*;
use super::scenes::{open, pictures, profiled, words};
use crate::harness::Harness;
use xpert::app::present;
use xpert::app::profile::Parts;
use xpert::app::select::Warned;
use xpert::style::Caution;
use xpert::ui::screens::style::{MeasureParts, Style};
use xpert::ui::shell::data::{Look, Measure, Select};
use xpert::ui::shell::effect::{Effect, Event};
use xpert::ui::shell::shared::Status;
use xpert::ui::shell::state::Act;
use xpert::ui::theme::Theme;

/// On Style, with a profile and the ranking that has the cautions.
fn style(width: u16, height: u16) -> Harness {
    let mut harness = profiled(width, height);
    harness.finish::<Select>((Arc::new(selected()), Arc::new(library().1)));
    harness.started();
    harness
}

/// The comparison that this key opens, with this result.
fn compared(key: &str, parts: &Parts, width: u16, height: u16) -> Harness {
    let mut harness = style(width, height);
    harness.press(key);
    harness.finish::<MeasureParts>(present::parts(parts));
    harness.started();
    harness
}

/// Looked at on Style, with nothing measured yet.
fn lacking(status: Status, width: u16, height: u16) -> Harness {
    let mut harness = open(width, height);
    harness.finish::<Look>(status);
    harness.press(":");
    harness.type_text("style");
    harness.press("Enter");
    harness
}

#[test]
fn style_shows_all_axes_in_one_picture_and_what_is_behind_them() {
    pictures("style", style);
    pictures("style_loading", |width, height| lacking(status(), width, height));
    pictures("style_empty", |width, height| lacking(Status { texts: Default::default(), ..status() }, width, height));
    pictures("style_error", |width, height| {
        let mut harness = lacking(status(), width, height);
        harness.fail::<Measure>("the style file axes.toml cannot be used: install XPerT again");
        harness
    });
    pictures("style_short", |width, height| {
        let mut harness = lacking(status(), width, height);
        harness.finish::<Measure>(Arc::new(too_short()));
        harness
    });
}

#[test]
fn comparisons_at_every_size() {
    pictures("style_sources", |width, height| compared("c", &by_source(), width, height));
    pictures("style_time", |width, height| compared("t", &by_time(), width, height));
    for (name, key, parts) in [
        ("one_source", "c", one_source()),
        ("small_sources", "c", small_sources()),
        ("no_dates", "t", without_dates()),
        ("few_dates", "t", too_few_dates()),
    ] {
        insta::assert_snapshot!(format!("style_{name}"), compared(key, &parts, 80, 24).screen());
    }
    let mut loading = style(80, 24);
    loading.press("c");
    insta::assert_snapshot!("style_parts_loading", loading.screen());
    loading.fail::<MeasureParts>("the database is locked: close the other xpert");
    insta::assert_snapshot!("style_parts_error", loading.screen());
}

#[test]
fn arrows_go_through_the_axes_and_tab_through_the_panels() {
    let mut harness = style(80, 24);
    assert!(words(&mut harness).contains("Your writing is more concise than the base model's"), "{}", harness.screen());
    harness.press("Down");
    assert!(words(&mut harness).contains("Your writing is more casual than the base model's"));
    for _ in 0..9 {
        harness.press("Down");
    }
    assert!(words(&mut harness).contains("Your writing is plainer than the base model's"), "the last stays the last");
    harness.press("Up");
    assert!(words(&mut harness).contains("Your writing is more reserved than the base model's"));
    harness.press("Tab");
    harness.press("Tab");
    let shown = words(&mut harness);
    assert!(shown.contains("More often") && shown.contains("honestly") && shown.contains("38 %"), "{shown}");
}

#[test]
fn numbers_come_by_a_key() {
    let mut harness = style(80, 60);
    assert!(!words(&mut harness).contains("coefficient"), "{}", harness.screen());
    harness.press("#");
    let shown = words(&mut harness);
    assert!(shown.contains("You are at percentile 12 (4 to 20), the base model at 70; coefficient -1.52"), "{shown}");
    assert!(shown.contains("How far to trust this axis") && shown.contains("per 1,000 words"), "{shown}");
    assert!(shown.contains("elaborate -1.5"), "each row has its number: {shown}");
    harness.press("#");
    assert!(!words(&mut harness).contains("coefficient"));
}

#[test]
fn the_base_model_stands_in_one_column() {
    let mut harness = style(120, 40);
    let screen = harness.screen();
    let columns: Vec<usize> = screen
        .lines()
        .filter(|line| line.contains('●'))
        .skip(1)
        .filter_map(|line| line.chars().position(|glyph| glyph == '┼'))
        .collect();
    assert!(columns.len() >= 4 && columns.iter().all(|column| *column == columns[0]), "{columns:?} in\n{screen}");
}

#[test]
fn a_style_from_few_words_is_marked_as_rough() {
    let mut harness = lacking(status(), 80, 60);
    let few = xpert::style::Profile { missing_words: 180, words: 120, ..profile() };
    harness.finish::<Measure>(Arc::new(few));
    let shown = words(&mut harness);
    assert!(shown.contains("How you write (rough)") && shown.contains("every dot may still move"), "{shown}");
}

#[test]
fn what_makes_the_texts_doubtful_is_said_beside_the_picture() {
    let mut harness = profiled(80, 60);
    let caution = Caution::Garbled { share_of_words: 0.6, texts: vec![0, 1] };
    let warned = Warned { message: caution.to_string(), caution };
    let message = warned.message.split_whitespace().collect::<Vec<_>>().join(" ");
    let doubtful = xpert::app::select::Selected { cautions: vec![warned], ..selected() };
    harness.finish::<Select>((Arc::new(doubtful), Arc::new(library().1)));
    let shown = words(&mut harness);
    assert!(shown.contains(&format!("Caution: {}", &message[..20])), "{shown}");
}

#[test]
fn a_terminal_without_unicode_or_colours_shows_the_same() {
    for (name, mut harness) in [
        ("all", style(80, 24)),
        ("sources", compared("c", &by_source(), 80, 24)),
        ("time", compared("t", &by_time(), 80, 24)),
    ] {
        harness.theme = Theme::shipped(false, false).unwrap();
        let screen = harness.screen();
        // The status line is the shell's.
        assert!(screen.lines().filter(|line| !line.contains("SmolLM2")).all(str::is_ascii), "{screen}");
        insta::assert_snapshot!(format!("style_{name}_ascii"), screen);
    }
}

#[test]
fn what_differs_comes_first_and_in_words() {
    let mut harness = compared("c", &by_source(), 80, 24);
    let shown = words(&mut harness);
    assert!(shown.contains("In sent.mbox you are more formal than in notes/ (percentile 71 against 38)."), "{shown}");
    harness.press("Down");
    let shown = words(&mut harness);
    assert!(
        shown.contains(
            "In sent.mbox you are more concise than in notes/ (percentile 12 against 44, where 0 is concise)."
        ),
        "{shown}"
    );
    harness.press("Down");
    let shown = words(&mut harness);
    assert!(shown.contains("No clear difference on simple-expert"), "{shown}");
    harness.press("Up");
    harness.press("Esc");
    assert!(words(&mut harness).contains("Your writing is more concise than the base model's"), "back to all texts");
    let mut harness = compared("t", &by_time(), 80, 24);
    let shown = words(&mut harness);
    assert!(shown.contains("You have become more casual: from percentile 88 to 31, where 0 is casual."), "{shown}");
}

#[test]
fn left_and_right_choose_which_two_sources() {
    let mut harness = compared("c", &by_source(), 120, 40);
    assert!(words(&mut harness).contains("pair 1 of 3"));
    harness.press("Right");
    let shown = words(&mut harness);
    assert!(shown.contains("pair 2 of 3") && shown.contains("too few texts to rule out chance"), "{shown}");
    harness.press("Right");
    harness.press("Right");
    assert!(words(&mut harness).contains("pair 1 of 3"), "round to the first");
    harness.press("Left");
    assert!(words(&mut harness).contains("pair 3 of 3"));
    let mut periods = compared("t", &by_time(), 120, 40);
    let before = periods.screen();
    periods.press("Right");
    assert_eq!(periods.screen(), before, "there is nothing to choose over time");
}

#[test]
fn each_is_measured_once_until_the_texts_change() {
    let mut harness = style(80, 24);
    harness.press("c");
    harness.expect_started(&["parts"]);
    harness.finish::<MeasureParts>(present::parts(&by_source()));
    harness.press("t");
    harness.expect_started(&["parts"]);
    harness.finish::<MeasureParts>(present::parts(&by_time()));
    for key in ["c", "t", "Esc", "c"] {
        harness.press(key);
    }
    harness.expect_started(&[]);
    harness.apply(Effect::Emit(Event::TextsChanged));
    harness.finish::<Look>(status());
    harness.finish::<Measure>(Arc::new(profile()));
    let started: Vec<&str> = harness.started().iter().map(|job| job.kind().id).collect();
    assert_eq!(started, ["look", "profile", "parts", "select"], "the comparison is still open");
}

#[test]
fn measuring_can_be_stopped_and_what_failed_can_be_tried_again_or_left() {
    let mut harness = style(80, 24);
    harness.press("c");
    harness.acts.clear();
    harness.press("x");
    assert!(matches!(harness.acts[..], [Act::Cancel(_)]));
    harness.stopped::<MeasureParts>();
    assert_eq!(harness.screen_of::<Style>().by, None, "the comparison is closed");
    harness.press("t");
    harness.fail::<MeasureParts>("the database is locked");
    assert!(words(&mut harness).contains("the database is locked"));
    harness.started();
    harness.press("r");
    harness.expect_started(&["look", "parts"]);
    harness.fail::<MeasureParts>("the database is locked");
    harness.press("Esc");
    let shown = words(&mut harness);
    assert!(
        !shown.contains("locked") && shown.contains("Your writing is more concise than the base model's"),
        "{shown}"
    );
}

#[test]
fn another_screen_does_not_ask_for_what_a_comparison_lacks() {
    let mut harness = style(80, 24);
    harness.press("c");
    harness.fail::<MeasureParts>("the database is locked");
    harness.started();
    harness.press("]");
    assert!(harness.started().iter().all(|job| job.kind().id != "parts"));
}

#[test]
fn there_is_nothing_to_open_before_there_is_a_profile() {
    let mut harness = lacking(status(), 80, 24);
    harness.started();
    harness.press("c");
    harness.press("t");
    harness.expect_started(&[]);
    harness.finish::<Measure>(Arc::new(too_short()));
    harness.started();
    harness.press("c");
    harness.expect_started(&[]);
    let shown = words(&mut harness);
    assert!(shown.contains("Too little text to score a style: it needs about 180 more words."), "{shown}");
}

#[test]
fn what_was_stopped_can_be_started_again() {
    let mut harness = lacking(status(), 80, 24);
    harness.stopped::<Measure>();
    harness.started();
    assert!(
        harness.shell.shared.jobs.all().is_empty() && words(&mut harness).contains("measure them"),
        "{}",
        harness.screen()
    );
    let key = harness.shell.shared.key("show-style");
    harness.press(&key);
    harness.expect_started(&["profile"]);
}

#[test]
fn names_from_files_cannot_harm_the_terminal() {
    let mut parts = by_source();
    parts.parts[0].label = "a\u{1b}[2J\n\u{202e}b.mbox".into();
    let mut harness = compared("c", &parts, 120, 40);
    let screen = harness.screen();
    assert!(!screen.contains(['\u{1b}', '\u{202e}']), "{screen}");
}
