//! Selection on texts whose style is known: the corpora written for this project, half of each as a model's answers and
//! the other half as a user's.

use std::fs;
use std::path::Path;

use xpert::library::Library;
use xpert::selection::{Card, ChoiceKind, Selection, Signature, UserStyle, blend, rank, scores};
use xpert::style::{Measured, Sample, profile};

use crate::styles::{simulated, space};

const STYLES: [&str; 6] = ["warm", "casual", "formal", "expert", "simple", "poetic"];

fn corpus(style: &str) -> Vec<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/styles").join(format!("{style}.jsonl"));
    let lines = fs::read_to_string(path).expect("the corpus is part of the repository");
    let text = |line: &str| {
        let line: serde_json::Value = serde_json::from_str(line).expect("JSON lines");
        line["text"].as_str().expect("a text").to_owned()
    };
    lines.lines().map(text).collect()
}

/// Every second text, from the first or from the second on.
fn half(texts: &[String], which: usize) -> Vec<String> {
    texts.iter().skip(which).step_by(2).cloned().collect()
}

fn base() -> Measured {
    space().measure(&corpus("plain"))
}

fn card(style: &str) -> Card {
    let texts = half(&corpus(style), 0);
    let estimate = Sample::of(space(), &texts).estimate(&base()).expect("one space");
    simulated(style, estimate)
}

fn select(texts: &[String], cards: &[Card]) -> Selection {
    let profile = profile(space(), texts, &base()).expect("one space");
    rank(space(), &UserStyle::of(&profile), cards)
}

#[test]
fn every_style_finds_its_own_model_and_is_sure() {
    let cards: Vec<Card> = STYLES.iter().map(|style| card(style)).collect();
    for style in STYLES {
        let selection = select(&half(&corpus(style), 1), &cards);
        assert_eq!(selection.choice.id.as_deref(), Some(style));
        assert!(selection.candidates[0].probability > 0.9, "{style}: {:?}", selection.candidates[0]);
        let sum: f64 = selection.candidates.iter().map(|candidate| candidate.probability).sum();
        assert!((sum - 1.0).abs() < 1e-9);
        assert_eq!(selection.choice.kind, ChoiceKind::Library, "{:?}", selection.choice);
    }
}

#[test]
fn the_ranking_does_not_depend_on_who_else_is_in_the_library() {
    let users = half(&corpus("warm"), 1);
    let few = select(&users, &[card("warm"), card("formal")]);
    let many = select(&users, &STYLES.map(card));
    for candidate in &few.candidates {
        let same = many.candidates.iter().find(|other| other.id == candidate.id).expect("it is there too");
        assert!((same.score - candidate.score).abs() < 1e-12);
        assert_eq!(same.axes, candidate.axes);
    }
}

#[test]
fn a_library_without_a_close_model_is_not_forced_on_anyone() {
    let selection = select(&half(&corpus("expert"), 1), &[card("warm"), card("casual")]);
    assert_eq!(selection.choice.kind, ChoiceKind::Scratch, "{:?}", selection.choice);
    assert!(selection.choice.id.is_none() && selection.choice.reason.contains("from scratch"));
    let empty = select(&half(&corpus("expert"), 1), &[]);
    assert_eq!(empty.choice.kind, ChoiceKind::Scratch);
}

#[test]
fn two_models_alike_are_a_tie_and_what_would_decide_is_said() {
    let mut twin = card("warm");
    twin.id = "twin".to_owned();
    let texts = corpus("warm");
    let estimate = Sample::of(space(), &half(&texts, 1)).estimate(&base()).expect("one space");
    twin.signature = Signature::new(space(), estimate);
    // A few texts of both halves belong to neither.
    let mixed: Vec<String> = texts.iter().step_by(13).cloned().collect();
    let choice = select(&mixed, &[card("warm"), twin]).choice;
    assert_eq!(choice.kind, ChoiceKind::Tie, "{choice:?}");
    let tie = choice.tie.expect("a tie");
    assert!(tie.one_probability < 0.75 && tie.one_probability >= tie.other_probability);
    assert!((tie.one_probability + tie.other_probability - 1.0).abs() < 1e-9);
    assert!(choice.reason.contains("too close to call") && choice.reason.contains(&tie.axis), "{}", choice.reason);
    assert!(choice.id.is_some(), "a start is proposed all the same");
}

#[test]
fn more_text_makes_a_choice_surer() {
    // Models that are only faintly in their style: one text in twenty, the others plain.
    let faint = |style: &str| {
        let (styled, plain) = (corpus(style), corpus("plain"));
        let texts: Vec<&String> =
            (0..styled.len()).step_by(2).map(|at| if at % 40 == 0 { &styled[at] } else { &plain[at] }).collect();
        let estimate = Sample::of(space(), &texts).estimate(&base()).expect("one space");
        simulated(style, estimate)
    };
    let cards = STYLES.map(faint);
    let sure = |count: usize| {
        let of = |style: &str| {
            let selection = select(&half(&corpus(style), 1)[..count], &cards);
            selection.candidates.iter().map(|candidate| candidate.probability).fold(0.0, f64::max)
        };
        STYLES.iter().map(|style| of(style)).sum::<f64>() / STYLES.len() as f64
    };
    let (few, some, many) = (sure(4), sure(16), sure(80));
    assert!(few < some && some < many, "{few} {some} {many}");
    assert!(few < 0.95, "four texts cannot be sure of faint models: {few}");
}

#[test]
fn what_the_axes_add_and_what_has_no_name_make_up_the_score() {
    let selection = select(&half(&corpus("casual"), 1), &STYLES.map(card));
    for candidate in &selection.candidates {
        let axes: f64 = candidate.axes.iter().map(|axis| axis.contribution).sum();
        assert!((axes + candidate.rest - candidate.score).abs() < 1e-9, "{candidate:?}");
        for axis in &candidate.axes {
            assert!(axis.contribution * axis.user * axis.model >= 0.0);
            assert!(axis.user_interval[0] <= axis.user_interval[1]);
        }
    }
}

/// The change that is said to turn the order does turn it, and a smaller one does not.
#[test]
fn what_would_change_the_choice_would() {
    let profile = profile(space(), &half(&corpus("casual"), 1), &base()).expect("one space");
    let cards = STYLES.map(card);
    let user = UserStyle::of(&profile);
    let selection = rank(space(), &user, &cards);
    let runner =
        selection.explanation.as_ref().and_then(|explanation| explanation.runner_up.clone()).expect("a second");
    let change = runner.change.expect("some step turns it");
    let axis = space().axes().iter().position(|axis| axis.id == change.axis).expect("an axis");
    let along = |step: f64| {
        let mut estimate = profile.estimate.clone();
        let direction = space().direction(axis);
        estimate.difference = estimate.difference.add_scaled(&direction, step as f32);
        let scores = scores(space(), &estimate, cards.iter().map(|card| &card.signature));
        let of = |id: &str| scores[cards.iter().position(|card| card.id == id).expect("a card")];
        of(&selection.candidates[0].id) - of(&runner.id)
    };
    let step = change.needed - change.user;
    assert!(along(0.0) > 0.0 && along(0.98 * step) > 0.0 && along(1.02 * step) < 0.0, "{change:?}");
}

#[test]
fn too_few_words_rank_nothing() {
    let selection = select(&corpus("concise")[..3], &[card("warm")]);
    assert_eq!(selection.choice.kind, ChoiceKind::TooLittleText);
    assert!(selection.candidates.is_empty());
    assert!(selection.choice.reason.contains(&format!("about {} more", selection.choice.missing_words)));
}

#[test]
fn the_reason_names_what_user_and_model_share() {
    let selection = select(&half(&corpus("formal"), 1), &[card("formal")]);
    let reason = &selection.candidates[0].reason;
    assert!(reason.contains("more formal"), "{reason}");
}

/// The two sides of `MIN_BLEND_GAIN`, with the cards of real adapters.
#[test]
fn a_blend_is_proposed_to_writers_of_two_styles_and_not_to_those_of_one() {
    let library = Library::shipped().expect("the shipped library");
    let blended = |texts: &[String]| {
        let user = Sample::of(space(), texts).estimate(&library.base().measured).expect("one space");
        blend(space(), &user, &library.cards().iter().collect::<Vec<_>>()).expect("some card fits")
    };
    for card in library.cards() {
        let texts = half(&corpus(&card.id), 1);
        for count in [3, 8, 20, texts.len()] {
            let found = blended(&texts[..count]);
            assert!(!found.is_worth_proposing(), "{count} texts of {}: {found:?}", card.id);
            assert_eq!(found.parts[0].id, card.id);
        }
    }
    let pairs = ["warm expert", "warm formal", "warm simple", "warm casual", "casual concise", "concise formal"];
    for pair in pairs.map(|pair| pair.split(' ').collect::<Vec<_>>()) {
        let texts: Vec<String> = pair.iter().flat_map(|style| half(&corpus(style), 1).into_iter().step_by(2)).collect();
        let found = blended(&texts);
        assert!(found.is_worth_proposing(), "{pair:?}: {found:?}");
        let mut ids: Vec<&str> = found.parts.iter().take(2).map(|part| part.id.as_str()).collect();
        ids.sort_unstable();
        let mut expected = pair.clone();
        expected.sort_unstable();
        assert_eq!(ids, expected, "the heaviest two: {found:?}");
        assert!(found.similarity > 0.6, "{found:?}");
    }
}
