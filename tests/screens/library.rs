//! Library in its states: ranked, sorted, filtered, compared, and a blend being built. What is ranked and predicted is selection's own
//! work on made-up cards.

use std::sync::Arc;

use crate::harness::Harness;
use ratatui::layout::Rect;
use xpert::app::basis::Basis;
use xpert::app::present::{CandidateView, PairView};
use xpert::app::select::Selected;
use xpert::app::train::StartPoint;
use xpert::selection::{BlendPart, Choice, ChoiceKind, blend_notation};
use xpert::ui::screens::library::{Library, Pane};
use xpert::ui::shell::data::{Look, Select};
use xpert::ui::shell::effect::{Effect, Event};
use xpert::ui::shell::shared::Status;
use xpert::ui::shell::state::Msg;

use super::made_up::*;
use super::scenes::{looked, open, open_first_run, pictures, words};

fn go(harness: &mut Harness) {
    harness.press(":");
    harness.type_text("library");
    harness.press("Enter");
}

/// On Library while the ranking is computed.
fn waiting(width: u16, height: u16) -> Harness {
    let mut harness = looked(width, height);
    go(&mut harness);
    let _ = harness.running::<Select>();
    harness.started();
    harness
}

pub fn shown(width: u16, height: u16, (selected, basis): (Selected, Basis)) -> Harness {
    let mut harness = waiting(width, height);
    harness.finish::<Select>((Arc::new(selected), Arc::new(basis)));
    harness.started();
    harness
}

fn ranked(width: u16, height: u16) -> Harness {
    shown(width, height, clear_match())
}

/// Sixty models from the closest to the farthest.
pub fn many(width: u16, height: u16) -> Harness {
    shown(width, height, (large_library(60), library().1))
}

pub fn press(harness: &mut Harness, keys: &str) {
    for key in keys.split_whitespace() {
        harness.press(key);
    }
}

pub fn state(harness: &Harness) -> &Library {
    harness.screen_of()
}

pub fn start(harness: &Harness) -> &StartPoint {
    &harness.shell.shared.start
}

/// The ids in the order of the table.
fn order(harness: &Harness) -> Vec<String> {
    let library = state(harness);
    library.rows().into_iter().map(|at| library.candidates()[at].id.clone()).collect()
}

pub fn here(harness: &Harness) -> String {
    state(harness).highlighted().expect("a model is highlighted").id.clone()
}

fn parts(harness: &Harness) -> Vec<BlendPart> {
    match &state(harness).pane {
        Pane::Blend(draft) => draft.parts.clone(),
        other => panic!("no blend is built: {other:?}"),
    }
}

#[test]
fn the_ranking_begins_with_its_conclusion() {
    pictures("library_ranked", ranked);
    let mut harness = ranked(120, 80);
    let words = words(&mut harness);
    for text in [
        "★ Concise",
        "a clear match",
        "You and the recommended start",
        "outside these axes",
        "Licence MIT OR Apache-2.0",
        "What each start costs",
    ] {
        assert!(words.contains(text), "{text}: {words}");
    }
    let (selected, _) = clear_match();
    for candidate in &selected.candidates {
        let added: f64 = candidate.axes.iter().map(|axis| axis.contribution).sum();
        assert!((added + candidate.rest - candidate.score).abs() < 1e-9, "{}", candidate.id);
    }
}

#[test]
fn a_recommended_blend_is_the_first_row_and_has_a_picture() {
    pictures("library_blend_recommended", |width, height| shown(width, height, library()));
    let mut harness = shown(80, 24, library());
    let parts = library().0.choice.parts();
    assert_eq!(here(&harness), blend_notation(&parts));
    assert!(words(&mut harness).contains("a blend of several models"));
    harness.press("Down");
    assert_ne!(here(&harness), blend_notation(&parts));
    press(&mut harness, "s Up Enter");
    assert_eq!(*start(&harness), StartPoint::Auto, "its row is the recommended start");
}

#[test]
fn a_negative_score_has_a_bar_to_the_other_side() {
    let mut harness = ranked(120, 40);
    let screen = harness.screen();
    let row = |name: &str| {
        let row = screen.lines().find(|line| line.contains(name) && line.contains("MB")).expect("a row").to_owned();
        row.split_once(name).expect("a name").1.split("MB").next().expect("a bar").to_owned()
    };
    let bars = |row: &str| (row.find('█'), row.find('┼'));
    let (Some(bar), Some(zero)) = bars(&row("Warm and friendly")) else { panic!("{screen}") };
    assert!(row("Warm and friendly").contains("-0."), "{screen}");
    assert!(bar < zero, "{screen}");
    let (Some(bar), Some(zero)) = bars(&row("Concise ")) else { panic!("{screen}") };
    assert!(bar > zero, "{screen}");
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
    assert_eq!((order(&harness), here(&harness)), (vec!["expert".into()], "expert".into()), "the filter stays");
    harness.press("Esc");
    assert_eq!((order(&harness).len(), here(&harness)), (all, "expert".into()));
    harness.press("/");
    harness.deliver(Msg::Paste("zz\nz".into()));
    assert!(harness.screen().contains("No model has that name."));
    harness.press("Esc");
    assert_eq!(order(&harness).len(), all);
    harness.press(">");
    assert!(harness.screen().contains("prob. ▼"), "keys are commands again");
}

#[test]
fn the_highlight_stays_with_its_model() {
    let mut harness = ranked(80, 24);
    press(&mut harness, "Down Down");
    let id = here(&harness);
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
fn the_order_can_be_changed_and_reversed() {
    let mut harness = ranked(120, 40);
    let by_score = order(&harness);
    assert!(harness.screen().contains("score ▼"));
    harness.press("<");
    assert!(harness.screen().contains("score ▲"));
    assert!(order(&harness).iter().rev().eq(&by_score));
    harness.press(">");
    assert!(harness.screen().contains("prob. ▼"));
    harness.press(">");
    assert!(harness.screen().contains("model ▲"));
    assert_eq!(order(&harness), ["casual", "concise", "formal", "expert", "warm"]);
    harness.press(">");
    assert!(harness.screen().contains("size ▲"));
    assert_eq!((order(&harness)[0].as_str(), order(&harness)[4].as_str()), ("concise", "expert"));
    harness.resize(40, 15);
    assert!(harness.screen().contains("by size ▲"), "shown although the column has given way");
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
    harness.press("Shift-Tab");
    press(&mut harness, "Down Space");
    assert!(words(&mut harness).contains("At most 3 can be marked"));
    assert_eq!(state(&harness).marked.len(), 3);
    press(&mut harness, "Up Space Up Space");
    assert_eq!(state(&harness).marked.len(), 1);
    assert!(matches!(state(&harness).pane, Pane::Model), "one alone is not compared");
    harness.press("Esc");
    assert!(state(&harness).marked.is_empty());
}

#[test]
fn what_sets_models_apart_comes_first() {
    let mut harness = ranked(200, 50);
    press(&mut harness, "Space Down Space Down Space v");
    let screen = harness.screen();
    let library = state(&harness);
    let marked = |id: &String| library.candidates().iter().find(|candidate| candidate.id == *id).expect("it is known");
    let compared: Vec<&CandidateView> = library.marked.iter().map(marked).collect();
    let spread = |axis: &PairView| {
        let gains = || compared.iter().filter_map(|model| model.pair(&axis.name)).map(|pair| pair.contribution);
        gains().fold(f64::NEG_INFINITY, f64::max) - gains().fold(f64::INFINITY, f64::min)
    };
    let row = |axis: &PairView| {
        let [low, high] = [format!("{} ─", axis.low), format!("─ {}", axis.high)];
        screen.lines().position(|line| line.contains(&low) && line.contains(&high)).expect("every axis is drawn")
    };
    let mut axes: Vec<&PairView> = compared[0].pairs.iter().collect();
    assert!(!axes.is_sorted_by_key(|axis| row(axis)), "not in the order of the first model");
    axes.sort_by_key(|axis| row(axis));
    assert!(axes.is_sorted_by(|a, b| spread(a) >= spread(b)), "{screen}");
}

#[test]
fn a_blend_whose_axes_are_not_known_has_none_beside_a_model() {
    let (selected, basis) = library();
    let mut harness = shown(120, 40, (Selected { blended: None, ..selected }, basis));
    press(&mut harness, "Space Down Space v");
    let shown = words(&mut harness);
    assert!(shown.contains("Side by side") && shown.contains("total: the score"), "{shown}");
    assert!(!shown.contains("reserved"), "{shown}");
}

#[test]
fn columns_of_the_table_give_way_one_after_the_other() {
    let mut seen = Vec::new();
    for width in 40..120 {
        let screen = ranked(width, 24).screen();
        let heads = screen.lines().find(|line| line.contains("model") && line.contains("score ▼")).expect("headings");
        let columns = ["prob.", "size"].map(|column| heads.contains(column));
        assert!(columns.is_sorted_by(|a, b| a >= b), "{screen}");
        let first = screen.lines().rfind(|line| line.contains("Concise ")).expect("its row");
        assert!(first.contains(" 0.99"), "{screen}");
        assert_eq!([first.contains(" >99 %"), first.contains(" 2.5 MB")], columns, "{screen}");
        if !seen.contains(&columns) {
            seen.push(columns);
        }
    }
    seen.sort_unstable();
    assert_eq!(seen, [[false, false], [true, false], [true, true]]);
}

#[test]
fn a_blend_is_built_by_hand_and_chosen() {
    let building = |width, height| {
        let mut harness = shown(width, height, library());
        press(&mut harness, "Down Space Down Space b + + Down -");
        harness
    };
    pictures("library_blend", building);
    let mut harness = building(80, 24);
    assert_eq!(blend_notation(&parts(&harness)), "warm:0.60+casual:0.45");
    let (_, basis) = library();
    let score = |harness: &Harness| basis.predicted(&parts(harness)).unwrap().score;
    assert!(words(&mut harness).contains(&format!("score {:.2}", score(&harness))));
    let (before, scored) = (harness.screen(), score(&harness));
    harness.press("Right");
    assert_ne!(harness.screen(), before, "the bars move at once");
    assert_ne!(score(&harness), scored);
    harness.press("w");
    let (best, choice) = (score(&harness), library().0.choice);
    assert_eq!(parts(&harness).len(), 2);
    let suggested = choice.blend.expect("the made-up user stands between two models");
    assert!((best - suggested.similarity).abs() < 1e-6, "{best} {suggested:?}");
    let chosen = parts(&harness);
    harness.press("Enter");
    assert_eq!(*start(&harness), StartPoint::Blend(chosen.clone()));
    assert!(words(&mut harness).contains(&format!("start from {}", blend_notation(&chosen))));
}

#[test]
fn a_blend_without_weight_is_not_chosen_and_one_whole_part_is_a_model() {
    let mut harness = shown(80, 24, library());
    press(&mut harness, "Down Space Down Space b");
    let lower = |harness: &mut Harness| (0..10).for_each(|_| harness.press("-"));
    lower(&mut harness);
    harness.press("Down");
    lower(&mut harness);
    harness.press("Enter");
    assert_eq!(*start(&harness), StartPoint::Auto);
    assert!(words(&mut harness).contains("This blend has no weight"));
    (0..20).for_each(|_| harness.press("+"));
    harness.press("Enter");
    assert_eq!(*start(&harness), StartPoint::Library("casual".into()));
}

#[test]
fn a_recommended_blend_is_opened_and_closed_again() {
    let mut harness = shown(120, 40, library());
    harness.press("b");
    assert_eq!(parts(&harness), library().0.choice.parts());
    harness.press("Esc");
    assert!(matches!(state(&harness).pane, Pane::Model));
    press(&mut harness, "s");
    assert_eq!(*start(&harness), StartPoint::Scratch);
    assert!(words(&mut harness).contains("You chose to start from scratch."));
    press(&mut harness, "a");
    assert_eq!(*start(&harness), StartPoint::Auto, "one key accepts the recommendation");
    assert!(!words(&mut harness).contains("You chose"));
}

#[test]
fn weights_that_selection_would_not_give_are_explained() {
    let mut harness = shown(80, 24, library());
    press(&mut harness, "/");
    harness.type_text("expert");
    press(&mut harness, "Enter Space Esc /");
    harness.type_text("formal");
    press(&mut harness, "Enter Space b w");
    assert!(words(&mut harness).contains("None of these models differs from the base model in your direction"));
    assert_eq!(blend_notation(&parts(&harness)), "expert:0.50+formal:0.50");
}

#[test]
fn each_state_explains_itself() {
    assert!(words(&mut waiting(80, 24)).contains("Comparing your style with the library"));
    let mut failed = waiting(80, 24);
    failed.fail::<Select>("The library is damaged.");
    assert!(words(&mut failed).contains("The library is damaged.") && words(&mut failed).contains("try again"));
    failed.started();
    failed.press("r");
    assert!(failed.started().iter().any(|job| job.kind().id == "select"));
    let mut without = open(80, 24);
    without.finish::<Look>(Status::default());
    go(&mut without);
    assert!(words(&mut without).contains("You have no texts yet."));
    let mut empty = shown(80, 24, no_library());
    assert!(words(&mut empty).to_lowercase().contains("the library is empty"));
    let mut alike = shown(80, 24, tie());
    assert_eq!(tie().0.choice.kind, ChoiceKind::Tie);
    assert!(words(&mut alike).contains("too close to call"));
    let mut far = shown(80, 24, no_match());
    assert!(words(&mut far).contains("no model is close"));
    let choice = Choice { kind: ChoiceKind::TooLittleText, id: None, missing_words: 180, ..no_library().0.choice };
    let choice = Choice { reason: "too little text to tell".into(), ..choice };
    let mut little = shown(80, 24, (Selected { choice, ..no_library().0 }, no_library().1));
    assert!(words(&mut little).contains("Too little text to tell. Better no model"));
}

#[test]
fn every_kind_of_choice_has_its_picture() {
    pictures("library_tie", |width, height| shown(width, height, tie()));
    pictures("library_far", |width, height| shown(width, height, no_match()));
    pictures("library_waiting", waiting);
    pictures("library_many", many);
}

#[test]
fn what_was_measured_is_shown_for_each_start() {
    let forecast = |width, height| {
        let mut harness = shown(width, height, library());
        harness.shell.shared.forecast = Some(Arc::new(forecast()));
        press(&mut harness, "Tab Tab");
        harness
    };
    pictures("library_forecast", forecast);
    let words = words(&mut forecast(200, 50));
    for text in ["held-out loss", "warm:0.50+simple:0.19+concise:0.18", "3.611", "4 min 11 s", "3.1 Wh"] {
        assert!(words.contains(text), "{text}: {words}");
    }
}

#[test]
fn a_new_ranking_closes_what_is_open_and_keeps_known_marks() {
    let mut harness = shown(80, 24, library());
    press(&mut harness, "Down Space Down Space b");
    harness.shell.shared.selected = None;
    assert!(harness.screen().contains("Your own blend"), "a blend of nothing is drawn all the same");
    harness.apply(Effect::Emit(Event::TextsChanged));
    assert!(!harness.screen().contains("Your own blend"));
    press(&mut harness, "Enter + Space Esc");
    harness.finish::<Look>(status());
    harness.finish::<Select>((Arc::new(tie().0), Arc::new(tie().1)));
    assert!(matches!(state(&harness).pane, Pane::Model));
    assert_eq!(state(&harness).marked, ["warm"]);
}

#[test]
fn a_stopped_training_is_not_replaced_by_a_choice() {
    let mut harness = ranked(80, 24);
    harness.shell.shared.status = Some(Status { unfinished: Some(("warm".into(), 12, 40)), ..status() });
    harness.press("Enter");
    assert!(!words(&mut harness).contains("Training will start"), "Train says what it is for");
    assert_eq!(*start(&harness), StartPoint::Library("concise".into()));
}

#[test]
fn a_thousand_models_are_sorted_found_and_moved_through() {
    let mut harness = shown(80, 24, (large_library(1000), library().1));
    for _ in 0..300 {
        harness.press("Down");
    }
    assert_eq!(here(&harness), "model-300");
    let screen = harness.screen();
    assert!(screen.contains("▸   Voice 300") && screen.contains("above") && screen.contains("more"), "{screen}");
    harness.press("/");
    harness.type_text("voice 77");
    let found = order(&harness);
    assert!(found.contains(&"model-770".to_owned()) && !found.contains(&"model-300".to_owned()));
    press(&mut harness, "Down Enter");
    assert_eq!(here(&harness), order(&harness)[1]);
    press(&mut harness, "Esc > > >");
    let library = state(&harness);
    let sizes: Vec<u64> = library.rows().into_iter().map(|at| library.candidates()[at].bytes).collect();
    assert!(sizes.len() == 1000 && sizes.is_sorted());
}

#[test]
fn while_a_blend_is_built_only_its_parts_move() {
    let mut harness = shown(80, 24, library());
    press(&mut harness, "Down Space Down Space b");
    let before = here(&harness);
    let place = |harness: &mut Harness, text: &str, nth: usize| -> Rect {
        let screen = harness.screen();
        let mut found = (0..).zip(screen.lines()).filter(|(_, line)| line.contains(text));
        Rect::new(8, found.nth(nth).expect("it is drawn").0, 1, 1)
    };
    let in_table = place(&mut harness, "Casual chat", 1);
    harness.click(in_table.x, in_table.y);
    assert_eq!((here(&harness), blend_cursor(&harness)), (before.clone(), 0));
    let part = place(&mut harness, "Casual chat", 0);
    harness.click(part.x, part.y);
    assert_eq!((here(&harness), blend_cursor(&harness)), (before, 1));
    harness.click(part.x, part.y);
    assert_eq!(*start(&harness), StartPoint::Auto);
}

fn blend_cursor(harness: &Harness) -> usize {
    match &state(harness).pane {
        Pane::Blend(draft) => draft.cursor,
        other => panic!("no blend is built: {other:?}"),
    }
}

#[test]
fn the_guide_keeps_enter_and_another_key_chooses() {
    let mut harness = open_first_run(120, 40);
    harness.finish::<Look>(status());
    go(&mut harness);
    let (selected, basis) = clear_match();
    harness.finish::<Select>((Arc::new(selected), Arc::new(basis)));
    assert!(harness.screen().contains("c     train from the highlighted model"), "{}", harness.screen());
    harness.press("Enter");
    assert_eq!(*start(&harness), StartPoint::Auto);
    go(&mut harness);
    harness.press("c");
    assert_eq!(*start(&harness), StartPoint::Library("concise".into()));
}
