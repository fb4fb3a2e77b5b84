//! The ways in which choosing a model can go wrong, as the paper names them: little text, noisy text, no model that fits, styles that
//! differ subtly; and more of the kind. Each is seen and said, and the same text without the fault is chosen for as usual.

use xpert::library::Use;
use xpert::selection::{Assessment, Card, ChoiceKind, assess};
use xpert::style::{Caution, MIN_WORDS, Measured, Sample};

use crate::styles::{corpus, simulated, space};

fn answers(style: &str, purpose: Use) -> Vec<String> {
    corpus().texts(style, purpose).expect("a style")
}

fn base() -> Measured {
    space().measure(&answers("plain", Use::Axes))
}

/// Models that stand for what they were written from; users have answered other prompts.
fn card(style: &str) -> Card {
    let estimate = Sample::of(space(), &answers(style, Use::Axes)).estimate(&base()).expect("one space");
    simulated(style, estimate)
}

fn library() -> Vec<Card> {
    ["warm", "formal", "expert", "casual"].map(card).to_vec()
}

fn assessed(texts: &[String], cards: &[Card]) -> Assessment {
    assess(space(), texts, &base(), cards).expect("one space")
}

/// The control of every test here: this text, clean, finds its model.
fn letters() -> Vec<String> {
    let texts = answers("warm", Use::Models)[..24].to_vec();
    let found = assessed(&texts, &library());
    assert_eq!(found.selection.choice.kind, ChoiceKind::Library, "{:?}", found.selection.choice);
    assert_eq!(found.selection.choice.id.as_deref(), Some("warm"));
    assert_eq!(found.cautions, []);
    texts
}

#[test]
fn little_text_is_refused_with_the_words_that_are_missing() {
    let texts = letters()[..2].to_vec();
    let found = assessed(&texts, &library());
    let choice = &found.selection.choice;
    assert_eq!((choice.kind, choice.id.as_ref()), (ChoiceKind::TooLittleText, None));
    assert_eq!(choice.missing_words, MIN_WORDS - found.profile.words);
    assert!(choice.missing_words > 0 && choice.reason.contains(&choice.missing_words.to_string()));
    assert!(found.selection.candidates.is_empty());
}

#[test]
fn text_that_is_mostly_quoted_is_refused_and_some_of_it_is_warned_of() {
    let log = "2026-03-04T10:00:01Z INFO worker[12]: connected to 10.0.0.7:5432 in 12 ms (pool=8, idle=3)";
    let with = |lines: usize| -> Vec<String> {
        letters().iter().map(|text| format!("{text}\n{}", vec![log; lines].join("\n"))).collect()
    };
    let some = assessed(&with(2), &library());
    assert!(matches!(some.cautions[..], [Caution::Noisy { .. }]), "{:?}", some.cautions);
    let most = assessed(&with(30), &library());
    assert_eq!(most.selection.choice.kind, ChoiceKind::Unmeasurable, "{:?}", most.cautions);
    assert!(most.selection.choice.id.is_none() && most.selection.candidates.is_empty());
    assert!(
        most.selection.choice.reason.contains("may not be your own prose, but code"),
        "{}",
        most.selection.choice.reason
    );
}

#[test]
fn garbled_text_is_refused() {
    let garble = |word: &str| if word.len() > 3 { format!("{}7{}", &word[..2], &word[2..]) } else { word.to_owned() };
    let texts: Vec<String> = letters()
        .iter()
        .map(|text| text.chars().filter(char::is_ascii).collect::<String>())
        .map(|text| text.split(' ').map(garble).collect::<Vec<_>>().join(" "))
        .collect();
    let found = assessed(&texts, &library());
    assert!(matches!(found.cautions[..], [Caution::Garbled { .. }, ..]), "{:?}", found.cautions);
    assert_eq!(found.selection.choice.kind, ChoiceKind::Unmeasurable, "{:?}", found.cautions);
}

#[test]
fn another_language_is_refused_and_named() {
    let german = "Am Samstag wollen wir endlich den Zaun hinter dem Haus streichen, und wenn du Zeit hast, bring bitte die große \
         Leiter mit, denn unsere ist seit dem Winter kaputt. Danach gibt es Suppe, die schmeckt am besten, wenn man sie schon am Vortag kocht.";
    let texts: Vec<String> =
        (0..12).map(|number| format!("{german} Bis dann, und grüß die anderen {number} von uns.")).collect();
    let found = assessed(&texts, &library());
    assert_eq!(found.selection.choice.kind, ChoiceKind::Unmeasurable, "{:?}", found.selection.choice);
    assert!(found.selection.choice.reason.contains("German"), "{}", found.selection.choice.reason);
    let mut some = letters();
    some.extend(texts.into_iter().take(6));
    let found = assessed(&some, &library());
    assert!(found.cautions.iter().any(|caution| matches!(caution, Caution::OtherLanguage { .. })));
    assert_eq!(found.selection.choice.id.as_deref(), Some("warm"), "a part is warned of, not refused");
}

#[test]
fn several_hands_are_warned_of() {
    let mut texts = answers("expert", Use::Models)[..40].to_vec();
    texts.extend(answers("archaic", Use::Models)[40..].to_vec());
    let found = assessed(&texts, &library());
    let several = found.cautions.iter().find(|caution| matches!(caution, Caution::MultipleAuthors { .. }));
    let several = several.unwrap_or_else(|| panic!("{:?}", found.cautions));
    assert!(several.to_string().contains("Two people may have written"));
}

#[test]
fn a_library_without_a_close_model_leads_to_none() {
    let poems = answers("poetic", Use::Models);
    let found = assessed(&poems, &[card("expert"), card("formal")]);
    assert_eq!(found.selection.choice.kind, ChoiceKind::Scratch, "{:?}", found.selection.choice);
    assert!(found.selection.choice.id.is_none() && found.selection.choice.reason.contains("from scratch"));
    let with = assessed(&poems, &[card("expert"), card("formal"), card("poetic")]);
    assert_eq!(with.selection.choice.id.as_deref(), Some("poetic"));
}

#[test]
fn models_that_differ_subtly_are_a_tie() {
    // The same style from other prompts, and another from the same.
    let estimate = Sample::of(space(), &answers("warm", Use::Models)[38..]).estimate(&base()).expect("one space");
    let twin = simulated("warm-too", estimate);
    let texts = letters();
    let found = assessed(&texts[..8], &[card("warm"), twin, card("expert")]);
    let choice = &found.selection.choice;
    assert_eq!(choice.kind, ChoiceKind::Tie, "{choice:?}");
    let tie = choice.tie.as_ref().expect("a tie");
    assert!([&tie.one, &tie.other].iter().all(|id| id.starts_with("warm")), "{tie:?}");
    assert!(choice.reason.contains("too close to call"));
    if let Some(words) = tie.more_words {
        assert!(choice.reason.contains(&format!("about {words} more words")));
    }
}

/// Answers of two styles in turn, to different prompts.
fn in_turn(one: &str, other: &str) -> Vec<String> {
    let (one, other) = (answers(one, Use::Models), answers(other, Use::Models));
    let (even, odd) = (one.into_iter().step_by(2), other.into_iter().skip(1).step_by(2));
    even.zip(odd).flat_map(|(one, other)| [one, other]).collect()
}

#[test]
fn a_writer_of_two_styles_is_offered_both() {
    for pair in [["expert", "warm"], ["formal", "casual"]] {
        let both = assessed(&in_turn(pair[0], pair[1]), &library()).selection.choice;
        assert_eq!(both.kind, ChoiceKind::Blend, "{both:?}");
        let ids: Vec<String> = both.parts().into_iter().map(|part| part.id).collect();
        assert!(pair.iter().all(|style| ids.contains(&(*style).to_owned())), "{pair:?}: {ids:?}");
    }
}
