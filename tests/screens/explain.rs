//! Explain: every step as it is seen, for every kind of choice, the keys that go through it, and the page for a browser.

use std::path::PathBuf;
use std::sync::Arc;

use super::made_up::*;
use super::scenes::{SIZES, looked, open, words};
use crate::harness::Harness;
use xpert::app::select::{Selected, Warned};
use xpert::selection::{
    Blend, BlendPart, Candidate, CardAxis, Change, Choice, ChoiceKind, Explanation, Fit, Regained, RunnerUp, Tie,
};
use xpert::style::{Caution, Profile};
use xpert::ui::screens::explain::WritePage;
use xpert::ui::shell::data::{Look, Measure, Select};
use xpert::ui::shell::effect::{Effect, Event};
use xpert::ui::shell::shared::Status;
use xpert::ui::shell::state::Act;

const STEPS: [&str; 7] = ["text", "features", "axes", "models", "distances", "choice", "change"];

/// The made-up ranking with its reasons.
fn explained() -> Selected {
    let selected = selected();
    let runner_up = RunnerUp {
        id: "casual".into(),
        margin: 0.21,
        axis: "casual-formal".into(),
        first_gains: 0.10,
        second_gains: 0.07,
        regained: Some(Regained { axis: "plain-poetic".into(), first_gains: 0.10, second_gains: 0.12 }),
        change: Some(Change { axis: "casual-formal".into(), pole: "casual".into(), user: 0.9, needed: -0.4 }),
    };
    let paragraph = "Warm and friendly comes first: its score is 0.62 (1 would be your very style, 0 that of the base). Next is Casual \
                     chat, 0.21 lower (0.41, 9 %)."
        .into();
    Selected { explanation: Some(Explanation { of: "warm".into(), runner_up: Some(runner_up), paragraph }), ..selected }
}

fn with_choice(choice: Choice) -> Selected {
    Selected { choice, ..explained() }
}

fn tied() -> Selected {
    let tie = Tie {
        one: "warm".into(),
        other: "casual".into(),
        one_probability: 0.55,
        other_probability: 0.45,
        axis: "casual-formal".into(),
        one_value: 0.9,
        other_value: 0.5,
        more_words: Some(2400),
    };
    let reason =
        "warm and casual are too close to call with these texts (55 % and 45 %); warm is slightly ahead".into();
    with_choice(Choice { kind: ChoiceKind::Tie, tie: Some(tie), reason, ..selected().choice })
}

fn blended() -> Selected {
    let part = |id: &str, weight| BlendPart { id: id.into(), weight };
    let best = selected().candidates.remove(0);
    let axes = best.axes.into_iter().map(|axis| CardAxis { name: axis.name, value: axis.user - 0.1 });
    let blend = Blend {
        parts: vec![part("warm", 0.7), part("casual", 0.4)],
        similarity: 0.74,
        best_single: "warm".into(),
        single_similarity: 0.62,
        gain: 0.12,
        axes: axes.collect(),
    };
    let reason = "a blend fits best and is recommended: 0.70 of warm and 0.40 of casual. Its estimated score is 0.74; that of warm, the best single model, is 0.62".into();
    let Candidate { axes, rest, .. } = selected().candidates.remove(0);
    let fit = Fit { score: 0.74, axes, rest };
    let choice = Choice { kind: ChoiceKind::Blend, blend: Some(blend), reason, ..selected().choice };
    Selected { blended: Some(fit), ..with_choice(choice) }
}

fn from_scratch() -> Selected {
    let reason = "no model is close to your style, so training starts from scratch".into();
    with_choice(Choice { kind: ChoiceKind::Scratch, id: None, reason, ..selected().choice })
}

fn too_little() -> Selected {
    let reason = "too little text to tell: about 180 more words of your writing are needed".into();
    let choice = Choice { kind: ChoiceKind::TooLittleText, id: None, missing_words: 180, reason, ..selected().choice };
    Selected {
        texts: 3,
        words: 120,
        axes: Vec::new(),
        candidates: Vec::new(),
        explanation: None,
        ..with_choice(choice)
    }
}

fn unmeasurable() -> Selected {
    let caution = Caution::Garbled { share_of_words: 0.6, texts: vec![0, 1] };
    let choice = Choice::refused(std::slice::from_ref(&caution)).expect("most of it is garbled");
    let cautions = vec![Warned { message: caution.to_string(), caution }];
    Selected { cautions, candidates: Vec::new(), explanation: None, ..with_choice(choice) }
}

/// Goes to Explain.
fn go(harness: &mut Harness) {
    harness.press(":");
    harness.type_text("explain");
    harness.press("Enter");
}

/// The screen, with these results, at its first step.
fn telling(width: u16, height: u16, profile: Profile, selected: Selected) -> Harness {
    let mut harness = looked(width, height);
    go(&mut harness);
    harness.finish::<Measure>(Arc::new(profile));
    harness.finish::<Select>((Arc::new(selected), Arc::new(library().1)));
    harness.started();
    harness
}

fn told(width: u16, height: u16) -> Harness {
    telling(width, height, profile(), explained())
}

/// At the step of this number.
fn at_step(step: usize, mut harness: Harness) -> Harness {
    for _ in 1..step {
        harness.press("Right");
    }
    harness
}

#[test]
fn each_step_is_seen_at_every_size() {
    for (width, height) in SIZES {
        let mut harness = told(width, height);
        for (at, step) in STEPS.into_iter().enumerate() {
            assert!(words(&mut harness).contains(&format!("Step {} of {}", at + 1, STEPS.len())));
            insta::assert_snapshot!(format!("explain_{}_{step}_{width}x{height}", at + 1), harness.screen());
            harness.press("Right");
        }
    }
}

#[test]
fn every_kind_of_choice_has_its_pages() {
    type Made = fn() -> Selected;
    let kinds: [(&str, Made); 5] = [
        ("tie", tied),
        ("blend", blended),
        ("scratch", from_scratch),
        ("too_little", too_little),
        ("unmeasurable", unmeasurable),
    ];
    for (name, selected) in kinds {
        let profile = if name == "too_little" { too_short() } else { profile() };
        let mut harness = telling(80, 24, profile, selected());
        harness.press("End");
        insta::assert_snapshot!(format!("explain_{name}_change_80x24"), harness.screen());
        harness.press("Left");
        insta::assert_snapshot!(format!("explain_{name}_choice_80x24"), harness.screen());
    }
}

#[test]
fn a_proposed_blend_has_its_own_row_and_bars() {
    let mut harness = at_step(4, telling(80, 24, profile(), blended()));
    assert!(words(&mut harness).contains("The blend warm:0.70+casual:0.40"), "{}", harness.screen());
    let mut harness = at_step(5, telling(120, 40, profile(), blended()));
    let shown = words(&mut harness);
    assert!(shown.contains("What makes up the score of the blend warm:0.70+casual:0.40"), "{shown}");
    assert!(shown.contains("total: the score 0.74"), "{shown}");
    insta::assert_snapshot!("explain_blend_distances_120x40", harness.screen());
}

#[test]
fn the_choice_is_one_sentence_and_its_numbers_come_by_a_key() {
    let mut harness = at_step(6, told(80, 24));
    let shown = words(&mut harness);
    assert!(shown.contains("Warm and friendly is 0.21 ahead of Casual chat, mostly on casual-formal."), "{shown}");
    assert!(!shown.contains("0.21 lower") && !shown.contains("91 %"), "{shown}");
    harness.press("#");
    let shown = words(&mut harness);
    assert!(shown.contains("91 %"), "{shown}");
    insta::assert_snapshot!("explain_choice_numbers_80x24", harness.screen());
}

#[test]
fn where_nothing_was_measured_nothing_is_explained() {
    for (profile, selected) in [(too_short(), too_little()), (profile(), unmeasurable())] {
        let mut harness = telling(80, 24, profile, selected);
        assert!(words(&mut harness).contains("Step 1 of 3"));
        assert!(!harness.screen().contains("bring the pump"), "no sentence is called typical");
    }
}

#[test]
fn keys_go_forward_and_back_and_stop_at_the_ends() {
    let mut harness = told(120, 40);
    let mut goes = |key: &str, to: usize| {
        harness.press(key);
        let screen = harness.screen();
        assert!(screen.contains(&format!("Step {to} of 7")), "{key}: {screen}");
    };
    for (key, to) in [("Left", 1), ("Right", 2), ("n", 3), ("Space", 4), ("PgDn", 5), ("End", 7), ("Right", 7)] {
        goes(key, to);
    }
    for (key, to) in [("Left", 6), ("p", 5), ("Backspace", 4), ("PgUp", 3), ("Home", 1), ("p", 1)] {
        goes(key, to);
    }
}

#[test]
fn a_remote_control_pages_through_a_long_step_before_the_next() {
    let mut harness = at_step(4, told(40, 15));
    assert!(harness.screen().contains(" more"), "this step is longer than the window");
    let mut presses = 0;
    while harness.screen().contains("Step 4 of 7") {
        harness.press("PgDn");
        presses += 1;
        assert!(presses < 20, "it never ends");
    }
    assert!(presses > 1 && harness.screen().contains("Step 5 of 7"));
    assert!(!harness.screen().contains("above"), "a step begins at its top");
    harness.press("PgUp");
    assert!(harness.screen().contains("Step 4 of 7"));
}

#[test]
fn what_is_missing_is_measured_one_after_the_other() {
    let mut harness = open(80, 24);
    go(&mut harness);
    assert!(words(&mut harness).contains("Checking the data folder"));
    harness.finish::<Look>(Status::default());
    assert!(words(&mut harness).contains("You have no texts yet."));
    let mut harness = open(80, 24);
    go(&mut harness);
    harness.started();
    harness.finish::<Look>(status());
    harness.expect_started(&["profile"]);
    assert!(words(&mut harness).contains("Measuring how you write ..."));
    harness.finish::<Measure>(Arc::new(profile()));
    harness.expect_started(&["select"]);
    assert!(words(&mut harness).contains("Ranking the library ..."));
    harness.finish::<Select>((Arc::new(explained()), Arc::new(library().1)));
    harness.expect_started(&[]);
    assert!(harness.screen().contains("Step 1 of 7"));
}

#[test]
fn what_fails_is_shown_and_tried_again_here() {
    let mut harness = looked(80, 24);
    go(&mut harness);
    harness.fail::<Measure>("the style space is damaged");
    harness.started();
    assert!(words(&mut harness).contains("the style space is damaged r try again"), "{}", harness.screen());
    insta::assert_snapshot!("explain_error_80x24", harness.screen());
    harness.press("r");
    assert!(harness.started().iter().any(|job| job.kind().id == "profile"));
    // What failed elsewhere is not tried again unasked, and not kept quiet.
    let mut harness = looked(80, 24);
    harness.press(":");
    harness.type_text("style");
    harness.press("Enter");
    harness.fail::<Measure>("the style space is damaged");
    harness.started();
    go(&mut harness);
    harness.expect_started(&[]);
    assert!(words(&mut harness).contains("the style space is damaged r try again"), "{}", harness.screen());
}

#[test]
fn a_measurement_that_was_stopped_can_be_started_again() {
    let mut harness = looked(80, 24);
    go(&mut harness);
    harness.stopped::<Measure>();
    harness.started();
    assert!(words(&mut harness).contains("measure them"));
    let key = harness.shell.shared.key("show-explain");
    harness.press(&key);
    harness.expect_started(&["profile"]);
}

#[test]
fn the_page_is_written_where_the_user_wants_it_and_can_be_opened() {
    let mut harness = told(80, 24);
    harness.press("h");
    harness.expect_started(&[]);
    let shown = words(&mut harness);
    assert!(shown.contains("It quotes your texts") && shown.contains("xpert-explanation.html"), "{shown}");
    harness.press("Ctrl-U");
    harness.type_text("~/talk.html");
    harness.press("Enter");
    let job = harness.started_as::<WritePage>();
    assert_eq!((&job.path, &job.selected.candidates), (&PathBuf::from("~/talk.html"), &explained().candidates));
    harness.press("h");
    assert!(!words(&mut harness).contains("File"), "one at a time");
    harness.finish::<WritePage>(PathBuf::from("/home/ann/talk.html"));
    assert!(words(&mut harness).contains("Saved to /home/ann/talk.html. Open it in a browser?"));
    harness.acts.clear();
    harness.press("Enter");
    assert!(matches!(&harness.acts[..], [Act::Open(path)] if path.ends_with("talk.html")), "{:?}", harness.acts);
    harness.acts.clear();
    harness.press("o");
    assert!(matches!(&harness.acts[..], [Act::Open(_)]), "later, too");
}

#[test]
fn a_page_that_could_not_be_written_can_be_tried_again() {
    let mut harness = told(80, 24);
    harness.press("h");
    harness.press("Enter");
    harness.fail::<WritePage>("/home/ann: the disk is full");
    let shown = words(&mut harness);
    assert!(shown.contains("the disk is full") && shown.contains("Step 1 of 7"), "{shown}");
    harness.press("r");
    assert!(words(&mut harness).contains("xpert-explanation.html"), "the place is asked for again");
}

#[test]
fn new_texts_are_explained_from_the_start() {
    let mut harness = told(80, 24);
    harness.press("End");
    harness.apply(Effect::Emit(Event::TextsChanged));
    harness.finish::<Look>(status());
    harness.finish::<Measure>(Arc::new(too_short()));
    harness.finish::<Select>((Arc::new(too_little()), Arc::new(library().1)));
    assert!(harness.screen().contains("Step 3 of 3"), "there are fewer steps than before");
}

#[test]
fn foreign_text_cannot_reach_the_terminal_raw() {
    let evil = "\x1b[2J\x07\u{202e}abc\r\nnext";
    let mut profile = profile();
    profile.axes[0].quotes = vec![evil.into()];
    for axis in &mut profile.axes {
        axis.drivers[0].unit = evil.into();
    }
    let mut found = status();
    found.texts.sources[0].source = format!("/home/{evil}");
    let mut harness = telling(120, 40, profile, explained());
    harness.shell.shared.status = Some(found);
    let mut screens = harness.screen();
    harness.press("Right");
    screens += &harness.screen();
    assert!(!screens.chars().any(|c| (c.is_control() && c != '\n') || c == '\u{202e}'), "{screens:?}");
    assert!(screens.contains('\u{241b}'), "it is made visible");
}
