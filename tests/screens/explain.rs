//! Explain: every step of the telling as it is seen, for every kind of choice, and the keys that go through it.

use std::path::PathBuf;

use crate::made_up::*;
use xpert::app::select::{Selected, Warned};
use xpert::selection::{Blend, BlendPart, CardAxis, Change, Choice, ChoiceKind, Explanation, Regained, RunnerUp, Tie};
use xpert::style::{Caution, Profile};
use xpert::ui::harness::Harness;
use xpert::ui::message::{Job, JobKind, Report};
use xpert::ui::screens::Screen;

const SIZES: [(u16, u16); 3] = [(80, 24), (120, 40), (40, 15)];
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
        "warm and casual cannot be told apart with these texts (55 % and 45 %); warm is a little closer".into();
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
    let reason = "a blend fits best and is proposed: 0.70 of warm and 0.40 of casual. Its estimated score is 0.74; that of warm, the best single model, is 0.62".into();
    with_choice(Choice { kind: ChoiceKind::Blend, blend: Some(blend), reason, ..selected().choice })
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

/// The screen, with these results, at its first step.
fn telling(width: u16, height: u16, profile: Profile, selected: Selected) -> Harness {
    let mut harness = Harness::new(width, height);
    harness.report(JobKind::Look, Report::Looked(Box::new(status())));
    harness.press("6");
    harness.report(JobKind::Profile, Report::Profiled(Box::new(profile)));
    harness.report(JobKind::Select, Report::Selected(Box::new(selected)));
    harness.started();
    harness
}

fn told(width: u16, height: u16) -> Harness {
    telling(width, height, profile(), explained())
}

fn words(harness: &mut Harness) -> String {
    harness.screen().split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn each_step_is_seen_at_every_size() {
    for (width, height) in SIZES {
        let mut harness = told(width, height);
        for (at, step) in STEPS.into_iter().enumerate() {
            assert!(harness.screen().contains(&format!("step {} of {}", at + 1, STEPS.len())));
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
    let mut harness = telling(80, 24, profile(), blended());
    for _ in 0..3 {
        harness.press("Right");
    }
    insta::assert_snapshot!("explain_blend_models_80x24", harness.screen());
}

#[test]
fn where_nothing_was_measured_nothing_is_told_of_it() {
    for (profile, selected) in [(too_short(), too_little()), (profile(), unmeasurable())] {
        let mut harness = telling(80, 24, profile, selected);
        assert!(harness.screen().contains("step 1 of 3"));
        assert!(!harness.screen().contains("bring the pump"), "no sentence is called typical");
    }
}

#[test]
fn keys_go_forward_and_back_and_stop_at_the_ends() {
    let mut harness = told(120, 40);
    let mut goes = |key: &str, to: usize| {
        harness.press(key);
        let screen = harness.screen();
        assert!(screen.contains(&format!("step {to} of 7")), "{key}: {screen}");
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
    let mut harness = told(40, 15);
    for _ in 0..3 {
        harness.press("Right");
    }
    assert!(harness.screen().contains("PgDn more"));
    assert!(harness.model.scroll_limit > 0, "this step is longer than the window");
    let mut presses = 0;
    while harness.screen().contains("step 4 of 7") {
        harness.press("PgDn");
        presses += 1;
        assert!(presses < 20, "it never ends");
    }
    assert!(presses > 1 && harness.screen().contains("step 5 of 7"));
    assert_eq!(harness.model.scroll, 0, "a step begins at its top");
}

#[test]
fn what_is_missing_is_measured_one_after_the_other() {
    let mut harness = Harness::new(80, 24);
    harness.press("6");
    assert!(words(&mut harness).contains("Looking at what is there"));
    harness.report(JobKind::Look, Report::Looked(Box::default()));
    assert!(words(&mut harness).contains("There are no texts of yours yet."));
    let mut harness = Harness::new(80, 24);
    harness.press("6");
    harness.started();
    harness.report(JobKind::Look, Report::Looked(Box::new(status())));
    assert!(matches!(&harness.started()[..], [(_, Job::Profile)]));
    assert!(words(&mut harness).contains("Measuring the style ..."));
    harness.report(JobKind::Profile, Report::Profiled(Box::new(profile())));
    assert!(matches!(&harness.started()[..], [(_, Job::Select)]));
    assert!(words(&mut harness).contains("Ranking the library ..."));
    harness.report(JobKind::Select, Report::Selected(Box::new(explained())));
    assert!(harness.started().is_empty() && harness.screen().contains("step 1 of 7"));
}

#[test]
fn what_fails_is_said_and_tried_again_here() {
    let mut harness = Harness::new(80, 24);
    harness.report(JobKind::Look, Report::Looked(Box::new(status())));
    harness.press("6");
    harness.report(JobKind::Profile, Report::Failed("the style space is damaged".into()));
    harness.started();
    assert!(words(&mut harness).contains("the style space is damaged r tries again"));
    harness.press("r");
    assert!(harness.started().iter().any(|(_, job)| matches!(job, Job::Profile)));
    // What failed elsewhere is not tried again unasked, and not kept quiet.
    let mut harness = Harness::new(80, 24);
    harness.report(JobKind::Look, Report::Looked(Box::new(status())));
    harness.press("2");
    harness.report(JobKind::Profile, Report::Failed("the style space is damaged".into()));
    harness.started();
    harness.press("6");
    assert!(harness.started().is_empty());
    assert!(words(&mut harness).contains("2 goes to Style, where it can be tried again"));
}

#[test]
fn a_measurement_that_was_stopped_can_be_started_again() {
    let mut harness = Harness::new(80, 24);
    harness.report(JobKind::Look, Report::Looked(Box::new(status())));
    harness.press("6");
    harness.report(JobKind::Profile, Report::Stopped);
    harness.started();
    assert!(words(&mut harness).contains("6 measures them"));
    harness.press("6");
    assert!(matches!(&harness.started()[..], [(_, Job::Profile)]));
}

#[test]
fn the_report_is_written_from_what_is_shown() {
    let mut harness = told(80, 24);
    harness.press("h");
    let jobs = harness.started();
    let [(_, Job::Export(exported))] = &jobs[..] else { panic!("{jobs:?}") };
    assert_eq!(exported.candidates, explained().candidates);
    harness.press("h");
    assert!(harness.started().is_empty(), "one at a time");
    harness.report(JobKind::Export, Report::Exported(PathBuf::from("/home/ann/xpert-explanation.html")));
    assert!(words(&mut harness).contains("Written to /home/ann/xpert-explanation.html. It quotes your texts"));
    harness.press("h");
    harness.report(JobKind::Export, Report::Failed("/home/ann: the disk is full".into()));
    assert!(words(&mut harness).contains("the disk is full") && harness.screen().contains("step 1 of 7"));
    harness.started();
    harness.press("r");
    assert!(matches!(&harness.started()[..], [(_, Job::Export(_))]), "what failed is done again");
}

#[test]
fn new_texts_are_told_anew() {
    let mut harness = told(80, 24);
    harness.press("End");
    harness.press("1");
    harness.press("e");
    harness.type_text("more");
    harness.press("Enter");
    harness.report(JobKind::Preview, Report::Found(scan()));
    harness.press("Enter");
    harness.report(JobKind::Keep, Report::Kept(xpert::store::Added { added: 2, already_there: 0 }));
    harness.started();
    harness.press("6");
    assert!(matches!(&harness.started()[..], [(_, Job::Profile)]));
    harness.report(JobKind::Profile, Report::Profiled(Box::new(too_short())));
    harness.report(JobKind::Select, Report::Selected(Box::new(too_little())));
    assert!(harness.screen().contains("step 3 of 3"), "there are fewer steps than before");
}

#[test]
fn foreign_text_cannot_reach_the_terminal_raw() {
    let evil = "\x1b[2J\x07\u{202e}abc\r\nnext";
    let mut profile = profile();
    profile.axes[0].quotes = vec![evil.into()];
    for axis in &mut profile.axes {
        axis.drivers[0].unit = evil.into();
    }
    let mut there = status();
    there.texts.sources[0].source = format!("/home/{evil}");
    let mut harness = telling(120, 40, profile, explained());
    harness.model.status = Some(there);
    let mut screens = harness.screen();
    harness.press("Right");
    screens += &harness.screen();
    assert!(!screens.chars().any(|c| (c.is_control() && c != '\n') || c == '\u{202e}'), "{screens:?}");
    assert!(screens.contains('\u{241b}'), "it is made visible");
    assert_eq!(harness.model.screen, Screen::Explain);
}
