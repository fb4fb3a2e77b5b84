//! Selection on texts whose style is known: the corpora written for this project, half of each as a model's answers and
//! the other half as a user's.

use std::fs;
use std::path::Path;

use xpert::selection::{Card, ChoiceKind, Library, Selection, Signature, UserStyle, blend, rank};
use xpert::style::{Measured, Sample, StyleSpace, profile};

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

fn space() -> &'static StyleSpace {
    StyleSpace::shipped().expect("the shipped space")
}

fn base() -> Measured {
    space().measure(&corpus("plain"))
}

fn card(style: &str) -> Card {
    let texts = half(&corpus(style), 0);
    let estimate = Sample::of(space(), &texts).estimate(&base()).expect("one space");
    Card {
        id: style.to_owned(),
        name: style.to_owned(),
        summary: String::new(),
        base: "base".to_owned(),
        licence: "MIT".to_owned(),
        training_texts: 0,
        training_steps: 0,
        held_out_before: 0.0,
        held_out_after: 0.0,
        probes: texts.len(),
        probe_words: space().measure(&texts).words(),
        signature: Signature::new(space(), estimate),
        adapter_bytes: 0,
        adapter_sha256: String::new(),
    }
}

fn select(texts: &[String], cards: &[Card]) -> Selection {
    let profile = profile(space(), texts, &base()).expect("one space");
    let user = UserStyle { estimate: &profile.estimate, drawn: &profile.drawn, missing_words: profile.missing_words };
    rank(space(), &user, cards)
}

#[test]
fn every_style_finds_its_own_model_and_is_sure() {
    let cards: Vec<Card> = STYLES.iter().map(|style| card(style)).collect();
    for style in STYLES {
        let selection = select(&half(&corpus(style), 1), &cards);
        assert_eq!(selection.choice.id.as_deref(), Some(style));
        assert!(selection.candidates[0].support > 0.9, "{style}: {}", selection.candidates[0].support);
        let support: f64 = selection.candidates.iter().map(|candidate| candidate.support).sum();
        assert!((support - 1.0).abs() < 1e-9);
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
fn two_models_alike_are_called_a_close_call() {
    let mut twin = card("warm");
    twin.id = "twin".to_owned();
    let texts = corpus("warm");
    let estimate = Sample::of(space(), &half(&texts, 1)).estimate(&base()).expect("one space");
    twin.signature = Signature::new(space(), estimate);
    // A few texts of both halves belong to neither.
    let mixed: Vec<String> = texts.iter().step_by(13).cloned().collect();
    let selection = select(&mixed, &[card("warm"), twin]);
    let best = &selection.candidates[0];
    assert!(best.support < 0.75, "a dozen texts cannot tell twins apart: {}", best.support);
    assert!(selection.choice.reason.contains("close call"), "{}", selection.choice.reason);
}

#[test]
fn too_few_words_rank_nothing() {
    let selection = select(&corpus("concise")[..3], &[card("warm")]);
    assert_eq!(selection.choice.kind, ChoiceKind::TooLittleText);
    assert!(selection.candidates.is_empty());
    assert!(selection.choice.reason.contains("more words"));
}

#[test]
fn the_reason_names_what_user_and_model_share() {
    let selection = select(&half(&corpus("formal"), 1), &[card("formal")]);
    let reason = &selection.candidates[0].reason;
    assert!(reason.contains("more formal"), "{reason}");
}

/// The two sides of `WORTH_BLENDING`, with the cards of real adapters.
#[test]
fn a_blend_is_proposed_to_writers_of_two_styles_and_not_to_those_of_one() {
    let library = Library::shipped().expect("the shipped library");
    let blended = |texts: &[String]| {
        let difference = space().difference(&space().measure(texts), &library.base().measured).expect("one space");
        blend(space(), &difference, library.cards()).expect("some card fits")
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
