//! The Library screen in its states: sorted, filtered, compared, and a blend being built. What is ranked and predicted is selection's own
//! work on made-up cards; pictures are compared with those in `snapshots`.

use std::sync::Arc;

use crate::made_up::*;
use proptest::prelude::*;
use xpert::app::basis::Basis;
use xpert::app::select::Selected;
use xpert::app::train::StartPoint as Start;
use xpert::selection::{BlendPart, Choice, ChoiceKind, blend_notation};
use xpert::ui::action::{bar, resolve};
use xpert::ui::harness::Harness;
use xpert::ui::message::{Job, JobKind, Report, Status};
use xpert::ui::screens::library::{Column, Pane};

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

/// The Library screen while the ranking is worked out.
fn waiting(width: u16, height: u16) -> Harness {
    let mut harness = Harness::new(width, height);
    harness.report(JobKind::Look, Report::Looked(Box::new(status())));
    harness.press("3");
    assert!(matches!(harness.started().last(), Some((_, Job::Select))));
    harness
}

fn shown(width: u16, height: u16, (selected, basis): (Selected, Basis)) -> Harness {
    let mut harness = waiting(width, height);
    harness.report(JobKind::Select, Report::Basis(Arc::new(basis)));
    harness.report(JobKind::Select, Report::Selected(Box::new(selected)));
    harness
}

fn ranked(width: u16, height: u16) -> Harness {
    shown(width, height, clear_match())
}

fn press(harness: &mut Harness, keys: &str) {
    for key in keys.split_whitespace() {
        harness.press(key);
    }
}

/// The ids in the order of the table.
fn order(harness: &Harness) -> Vec<&str> {
    let library = &harness.model.screens.library;
    library.rows().into_iter().map(|at| library.candidates()[at].id.as_str()).collect()
}

fn here(harness: &Harness) -> &str {
    &harness.model.screens.library.highlighted().unwrap().id
}

fn parts(harness: &Harness) -> &[BlendPart] {
    match &harness.model.screens.library.pane {
        Pane::Blend(draft) => &draft.parts,
        other => panic!("no blend is built: {other:?}"),
    }
}

#[test]
fn the_ranking_shows_all_about_the_highlighted_model() {
    pictures("library_ranked", ranked);
    let mut harness = ranked(120, 80);
    let words = words(&mut harness);
    for said in
        ["fits best", "Like you, it is", "what has no name", "Licence MIT OR Apache-2.0", "What each start costs"]
    {
        assert!(words.contains(said), "{said}: {words}");
    }
}

#[test]
fn what_axes_add_makes_up_the_score() {
    let (selected, _) = clear_match();
    for candidate in &selected.candidates {
        let added: f64 = candidate.axes.iter().map(|axis| axis.contribution).sum();
        assert!((added + candidate.rest - candidate.score).abs() < 1e-9, "{}", candidate.id);
    }
}

#[test]
fn a_filter_is_typed_and_goes_with_escape() {
    pictures("library_filtered", |width, height| {
        let mut harness = ranked(width, height);
        harness.press("/");
        harness.type_text("rm");
        harness
    });
    let mut harness = ranked(80, 24);
    let all = order(&harness).len();
    harness.press("/");
    harness.type_text("tchexp");
    assert_eq!(order(&harness), ["expert"]);
    harness.press("Enter");
    assert_eq!((order(&harness), here(&harness)), (vec!["expert"], "expert"), "the filter stays");
    harness.press("Esc");
    assert_eq!((order(&harness).len(), here(&harness)), (all, "expert"));
    harness.press("/");
    harness.type_text("zzz");
    assert!(harness.screen().contains("No model is called that."));
    harness.press("Esc");
    assert_eq!(order(&harness).len(), all);
    assert!(harness.model.field().is_none());
}

#[test]
fn the_highlight_stays_with_its_model() {
    let mut harness = ranked(80, 24);
    press(&mut harness, "Down Down");
    let id = here(&harness).to_owned();
    for key in [">", "<", ">", ">", "<", ">"] {
        harness.press(key);
        assert_eq!(here(&harness), id);
    }
    harness.press("/");
    harness.type_text(&id);
    assert_eq!(here(&harness), id);
    press(&mut harness, "Esc /");
    let other = if id == "expert" { "warm" } else { "expert" };
    harness.type_text(other);
    assert_eq!(here(&harness), other, "what is hidden is not highlighted");
    harness.press("Esc");
    assert_eq!(here(&harness), id, "and comes back");
}

#[test]
fn the_order_goes_round_and_turns() {
    let mut harness = ranked(120, 40);
    let by_score = order(&harness).into_iter().map(str::to_owned).collect::<Vec<_>>();
    assert!(harness.screen().contains("score ▼"));
    harness.press("<");
    assert!(harness.screen().contains("score ▲"));
    assert!(order(&harness).into_iter().rev().eq(by_score.iter().map(String::as_str)));
    harness.press(">");
    assert!(harness.screen().contains("prob. ▼"));
    harness.press(">");
    assert!(harness.screen().contains("model ▲"));
    assert_eq!(order(&harness), ["casual", "concise", "formal", "expert", "warm"]);
    harness.press(">");
    assert_eq!(harness.model.screens.library.order.by, Column::Size);
    assert_eq!((order(&harness)[0], order(&harness)[4]), ("concise", "expert"));
    harness.resize(40, 15);
    assert!(harness.screen().contains("by size ▲"), "said although the column has given way");
    harness.press(">");
    assert_eq!(order(&harness), by_score);
}

#[test]
fn marked_models_stand_side_by_side() {
    let compared = |width, height| {
        let mut harness = ranked(width, height);
        press(&mut harness, "Space Down Space Down Space v");
        harness
    };
    pictures("library_compared", compared);
    let mut harness = compared(80, 24);
    press(&mut harness, "Down Space");
    assert!(words(&mut harness).contains("3 models are marked, which is the most"));
    assert_eq!(harness.model.screens.library.marked.len(), 3);
    press(&mut harness, "Up Space Up Space");
    assert_eq!(harness.model.screens.library.marked.len(), 1);
    assert!(matches!(harness.model.screens.library.pane, Pane::Detail), "one alone is not compared");
    harness.press("Esc");
    assert!(harness.model.screens.library.marked.is_empty());
}

#[test]
fn a_blend_is_built_by_hand_and_taken() {
    let building = |width, height| {
        let mut harness = shown(width, height, library());
        press(&mut harness, "Space Down Space b + + Down -");
        harness
    };
    pictures("library_blend", building);
    let mut harness = building(80, 24);
    assert_eq!(blend_notation(parts(&harness)), "warm:0.60+casual:0.45");
    let (_, basis) = library();
    let score = |harness: &Harness| basis.predicted(parts(harness)).unwrap().score;
    assert!(words(&mut harness).contains(&format!("It would score {:.2}", score(&harness))));
    let (before, scored) = (harness.screen(), score(&harness));
    harness.press("Right");
    assert_ne!(harness.screen(), before, "the bars move at once");
    assert_ne!(score(&harness), scored);
    harness.press("w");
    let (best, choice) = (score(&harness), library().0.choice);
    assert_eq!(parts(&harness).len(), 2);
    let suggested = choice.blend.expect("the made-up user stands between two models");
    assert!((best - suggested.similarity).abs() < 1e-6, "{best} {suggested:?}");
    let taken = parts(&harness).to_vec();
    harness.press("Enter");
    assert_eq!(harness.model.screens.train.from, Start::Blend(taken.clone()));
    assert!(words(&mut harness).contains(&format!("start from {}", blend_notation(&taken))));
    press(&mut harness, "4 Enter");
    let jobs = harness.started();
    assert!(matches!(&jobs[..], [(_, Job::Train(options))] if options.from == Start::Blend(taken)), "{jobs:?}");
}

#[test]
fn a_blend_without_weight_is_not_taken_and_one_whole_part_is_a_model() {
    let mut harness = shown(80, 24, library());
    press(&mut harness, "Space Down Space b");
    let lower = |harness: &mut Harness| (0..10).for_each(|_| harness.press("-"));
    lower(&mut harness);
    harness.press("Down");
    lower(&mut harness);
    harness.press("Enter");
    assert_eq!(harness.model.screens.train.from, Start::Auto);
    assert!(words(&mut harness).contains("This blend has no weight"));
    (0..20).for_each(|_| harness.press("+"));
    harness.press("Enter");
    assert_eq!(harness.model.screens.train.from, Start::Library("casual".into()));
}

#[test]
fn a_suggested_blend_is_looked_at_and_left_again() {
    let mut harness = shown(120, 40, library());
    assert!(words(&mut harness).contains("a blend fits best"));
    harness.press("b");
    let (selected, _) = library();
    assert_eq!(parts(&harness), selected.choice.parts());
    harness.press("Esc");
    assert!(matches!(harness.model.screens.library.pane, Pane::Detail));
    press(&mut harness, "s a");
    assert_eq!(harness.model.screens.train.from, Start::Auto, "one key accepts what is suggested");
}

#[test]
fn weights_that_selection_would_not_give_are_said() {
    let mut harness = shown(80, 24, library());
    press(&mut harness, "/");
    harness.type_text("expert");
    press(&mut harness, "Enter Space Esc /");
    harness.type_text("formal");
    press(&mut harness, "Enter Space b w");
    assert!(words(&mut harness).contains("None of these models points your way"));
    assert_eq!(blend_notation(parts(&harness)), "expert:0.50+formal:0.50");
}

#[test]
fn each_state_says_what_it_is() {
    assert!(words(&mut waiting(80, 24)).contains("Comparing your style with the library's"));
    let mut failed = waiting(80, 24);
    failed.report(JobKind::Select, Report::Failed("the library is damaged".into()));
    assert!(words(&mut failed).contains("the library is damaged") && words(&mut failed).contains("tries again"));
    let mut without = Harness::new(80, 24);
    without.report(JobKind::Look, Report::Looked(Box::<Status>::default()));
    without.press("3");
    assert!(words(&mut without).contains("There are no texts of yours yet."));
    let mut empty = shown(80, 24, no_library());
    assert!(words(&mut empty).contains("the library is empty"));
    let mut alike = shown(80, 24, tie());
    assert_eq!(tie().0.choice.kind, ChoiceKind::Tie);
    assert!(words(&mut alike).contains("cannot be told apart") && words(&mut alike).contains("marks a model"));
    let mut far = shown(80, 24, no_match());
    assert!(words(&mut far).contains("no model is close to your style"));
    let choice = Choice { kind: ChoiceKind::TooLittleText, id: None, missing_words: 180, ..no_library().0.choice };
    let choice = Choice { reason: "too little text to tell".into(), ..choice };
    let mut little = shown(80, 24, (Selected { choice, ..no_library().0 }, no_library().1));
    assert!(words(&mut little).contains("too little text to tell. 1 goes to Import"));
}

#[test]
fn a_new_ranking_closes_what_is_open_and_keeps_known_marks() {
    let mut harness = shown(80, 24, library());
    press(&mut harness, "Space Down Space b");
    harness.model.screens.library.selected = None;
    assert!(harness.screen().contains("3 Library"), "nothing is drawn of a blend of nothing");
    press(&mut harness, "Enter + Space Esc 2 3");
    harness.report(JobKind::Select, Report::Selected(Box::new(tie().0)));
    let library = &harness.model.screens.library;
    assert!(matches!(library.pane, Pane::Detail));
    assert_eq!(library.marked, ["warm"]);
}

#[test]
fn a_thousand_models_are_sorted_found_and_moved_through() {
    let mut harness = waiting(80, 24);
    harness.report(JobKind::Select, Report::Selected(Box::new(large_library(1000))));
    for _ in 0..300 {
        harness.press("Down");
    }
    assert_eq!(here(&harness), "model-300");
    assert!(harness.screen().contains("▸   Voice 300"), "{}", harness.screen());
    harness.press("/");
    harness.type_text("voice 77");
    assert!(order(&harness).contains(&"model-770") && !order(&harness).contains(&"model-300"));
    press(&mut harness, "Down Enter");
    assert_eq!(here(&harness), order(&harness)[1]);
    press(&mut harness, "Esc > > >");
    let library = &harness.model.screens.library;
    let sizes: Vec<u64> = library.rows().into_iter().map(|at| library.candidates()[at].adapter_bytes).collect();
    assert!(sizes.len() == 1000 && sizes.is_sorted());
}

#[test]
fn every_key_in_the_command_bar_does_what_it_says() {
    for keys in ["", "/", "Space Down Space", "Space Down Space v", "Space Down Space b", "> / x Enter"] {
        let mut harness = shown(120, 40, library());
        press(&mut harness, keys);
        for (key, name, action) in bar(&harness.model) {
            let done = resolve(&harness.model, &key.event()).map(|entry| entry.action);
            assert_eq!(done, Some(action), "after {keys}: {key} {name}");
        }
    }
}

const KEYS: [&str; 22] = [
    "Down",
    "Up",
    "Space",
    "Enter",
    "Esc",
    "/",
    "w",
    "a",
    "r",
    "m",
    "Backspace",
    ">",
    "<",
    "v",
    "b",
    "+",
    "-",
    "Left",
    "Right",
    "s",
    "PgDn",
    "PgUp",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn no_keys_and_no_size_break_it(
        keys in prop::collection::vec(prop::sample::select(KEYS.to_vec()), 1..60),
        size in (1u16..180, 1u16..45),
    ) {
        let mut harness = shown(size.0, size.1, library());
        for key in keys {
            harness.press(key);
            prop_assert!(!harness.screen().trim().is_empty());
            let library = &harness.model.screens.library;
            prop_assert!(library.marked.len() <= 3 && library.cursor < library.candidates().len());
            if let Pane::Blend(draft) = &library.pane {
                prop_assert!(draft.parts.iter().all(|part| part.weight >= 0.0));
            }
        }
    }
}
