//! The style space as the rest of the program meets it: shipped files, texts in, a profile out.

use xpert::library::Corpus;
use xpert::style::{Estimate, MIN_AUC, MIN_WORDS, Measured, Sample, StyleError, StyleSpace, profile};

use crate::shared;

/// Fifty different, neutral sentences, so that a few hundred words can be made of them.
fn prose(style: impl Fn(usize, &str) -> String) -> Vec<String> {
    let places = ["station", "library", "kitchen", "garden", "office", "market", "harbour"];
    let things = ["letter", "bicycle", "report", "lamp", "ticket", "window"];
    (0..40)
        .map(|index| {
            let (place, thing) = (places[index % places.len()], things[index % things.len()]);
            style(
                index,
                &format!("the {thing} that was left in the {place} belongs to one of the people who work there"),
            )
        })
        .collect()
}

fn plain() -> Vec<String> {
    prose(|_, clause| format!("It seems that {clause}. We should return it this week."))
}

fn base(space: &StyleSpace) -> Measured {
    space.measure(&plain())
}

#[test]
fn the_shipped_space_is_whole_and_its_axes_are_orthonormal() {
    let space = StyleSpace::shipped().unwrap();
    let names: Vec<&str> = space.axes().iter().map(|axis| axis.id.as_str()).collect();
    assert_eq!(
        names,
        [
            "concise-elaborate",
            "casual-formal",
            "simple-expert",
            "reserved-warm",
            "blunt-polite",
            "calm-enthusiastic",
            "tentative-assertive",
            "plain-poetic",
            "reporting-narrating",
            "modern-archaic",
            "flowing-structured",
        ]
    );
    let place = space.position_of(&base(space).counts);
    let explained = 1.0 - space.unexplained(&place);
    let squared: f64 = space.coefficients(&place).iter().map(|value| value * value).sum();
    assert!((explained - squared / place.dot(&place)).abs() < 1e-6);
    assert!((0.0..=1.0).contains(&explained));
}

#[test]
fn no_axis_is_shown_that_foreign_texts_do_not_support() {
    for axis in StyleSpace::shipped().unwrap().axes() {
        let evidence = axis.evidence.as_ref();
        let evidence = evidence.unwrap_or_else(|| panic!("{}: run the study axis-evidence of xpert-lab", axis.id));
        assert!((MIN_AUC..=1.0).contains(&evidence.auc), "{}: {evidence}", axis.id);
    }
}

#[test]
fn a_chatty_writer_is_found_casual_and_warm_and_told_why() {
    let space = StyleSpace::shipped().unwrap();
    let chatty = prose(|index, clause| {
        let opening = ["hey!!", "omg", "lol ok", "yeah so"][index % 4];
        format!("{opening} i'm so glad you asked, thanks!! gonna say {clause} :) hope you're doing great, love ya")
    });
    let profile = profile(space, &chatty, &base(space)).unwrap();
    assert_eq!(profile.missing_words, 0);
    let score = |id: &str| profile.axes.iter().find(|score| score.axis.id == id).unwrap();
    let casual = score("casual-formal");
    assert!(casual.interval[1] < 0.0 && casual.interval[0] <= casual.coefficient, "{:?}", casual.interval);
    assert!(casual.user_percentile < casual.base_percentile);
    assert!(score("reserved-warm").interval[0] > 0.0);
    assert_eq!(casual.drivers.len(), 3);
    for driver in &casual.drivers {
        assert!(driver.contribution < 0.0 && (driver.user - driver.base).abs() > 1e-9, "{driver:?}");
        assert!(casual.sentence.contains(&driver.unit), "{}", casual.sentence);
    }
    let own = chatty.join("\n");
    assert!(!casual.quotes.is_empty());
    assert!(
        casual.quotes.iter().all(|quote| own.contains(quote.as_str())),
        "quotes are the writer's own: {:?}",
        casual.quotes
    );
    assert!(profile.contrast_words.iter().any(|word| word.word == "i'm" && word.z > 1.96));
}

#[test]
fn the_model_beside_itself_differs_in_nothing() {
    let space = StyleSpace::shipped().unwrap();
    let same = profile(space, &plain(), &base(space)).unwrap();
    assert!(same.estimate.difference.norm() < 1e-4, "{}", same.estimate.difference.norm());
    assert!(same.axes.iter().all(|score| score.interval[0] <= 1e-6 && score.interval[1] >= -1e-6));
}

#[test]
fn too_little_text_is_said_and_not_guessed_over() {
    let space = StyleSpace::shipped().unwrap();
    for texts in [vec![], vec![String::new()], plain()[..3].to_vec()] {
        let profile = profile(space, &texts, &base(space)).unwrap();
        assert!(profile.axes.is_empty() && profile.unexplained.is_none());
        assert_eq!(profile.words + profile.missing_words, MIN_WORDS);
        assert!(profile.estimate.difference.as_slice().iter().all(|value| value.is_finite()));
    }
    let few = space.difference(&space.measure(&["ok thx"]), &base(space)).unwrap();
    let many = space.difference(&space.measure(&vec!["ok thx"; 200]), &base(space)).unwrap();
    assert!(few.norm() < many.norm() / 2.0, "a word or two cannot look extreme");
}

#[test]
fn the_same_texts_always_give_the_same_numbers() {
    let space = StyleSpace::shipped().unwrap();
    let texts = prose(|index, clause| format!("Perhaps {clause}, {}!", "very ".repeat(index % 3)));
    let (one, two) = (profile(space, &texts, &base(space)).unwrap(), profile(space, &texts, &base(space)).unwrap());
    assert_eq!(serde_json::to_string(&one).unwrap(), serde_json::to_string(&two).unwrap());
    assert_eq!(one.estimate, two.estimate);
    assert!(one.estimate.noise > 0.0 && one.stability.is_some_and(|stability| stability > 0.5));
}

#[test]
fn an_empty_or_foreign_base_is_no_trap() {
    let space = StyleSpace::shipped().unwrap();
    let empty = space.measure::<&str>(&[]);
    let difference = space.difference(&space.measure(&plain()), &empty).unwrap();
    assert!(difference.as_slice().iter().all(|value| value.is_finite()));
    let mut foreign = base(space);
    foreign.space = "another".to_owned();
    assert!(matches!(profile(space, &plain(), &foreign), Err(StyleError::Version { .. })));
    let json = serde_json::to_string(&base(space)).unwrap();
    let kept: Measured = serde_json::from_str(&json).unwrap();
    assert_eq!((kept.texts(), kept.words()), (base(space).texts(), base(space).words()));
    let moved = space.difference(&kept, &base(space)).unwrap();
    assert!(moved.norm() < 1e-5, "a card keeps measurements: {}", moved.norm());
}

#[test]
fn a_corpus_with_an_answer_to_another_prompt_is_refused_with_its_line() {
    let folder = tempfile::tempdir().unwrap();
    let prompt = |n: usize| format!("{{\"kind\":\"x\",\"use\":\"models\",\"prompt\":\"p{n}\"}}\n");
    std::fs::write(folder.path().join("prompts.jsonl"), prompt(1) + &prompt(2)).unwrap();
    let first = "{\"prompt\":\"p1\",\"text\":\"one\"}\n";
    std::fs::write(folder.path().join("plain.jsonl"), first).unwrap();
    let short = Corpus::read(folder.path()).err().unwrap().to_string();
    assert!(short.contains("plain.jsonl") && short.contains("line 2"), "{short}");
    std::fs::write(folder.path().join("plain.jsonl"), first.to_owned() + "{\"prompt\":\"p3\",\"text\":\"two\"}\n")
        .unwrap();
    let other = Corpus::read(folder.path()).err().unwrap().to_string();
    assert!(other.contains("line 2"), "{other}");
}

#[test]
fn selection_among_the_papers_styles_holds() {
    let Some(folder) = shared::find("paper") else { return };
    let space = StyleSpace::shipped().unwrap();
    let texts = |name: &str| -> Vec<String> {
        let lines = std::fs::read_to_string(folder.join(format!("{name}.jsonl"))).unwrap();
        lines
            .lines()
            .map(|line| {
                serde_json::from_str::<serde_json::Value>(line).unwrap()["response"].as_str().unwrap().to_owned()
            })
            .collect()
    };
    let base = space.measure(&texts("default"));
    let mut styles = Vec::new();
    for level in ["elementary", "expert"] {
        for length in ["concise", "elaborate"] {
            for tone in ["plain", "friendly"] {
                styles.push(texts(&format!("{level}-{length}-{tone}")));
            }
        }
    }
    // Every tenth answer makes the card, so that both sides have all kinds of topics.
    let part = |own: &[String], card: bool| -> Vec<String> {
        own.iter().enumerate().filter(|(n, _)| (n % 10 == 0) == card).map(|(_, text)| text.clone()).collect()
    };
    let estimate = |own: &Vec<String>| Sample::of(space, &part(own, true)).estimate(&base).unwrap();
    let cards: Vec<Estimate> = styles.iter().map(estimate).collect();
    let (mut right, mut all) = (0, 0);
    for (style, own) in styles.iter().enumerate() {
        for user in part(own, false).chunks_exact(20) {
            let user = Estimate { difference: space.difference(&space.measure(user), &base).unwrap(), noise: 0.0 };
            let score = |card: usize| space.similarity(&user, &cards[card]);
            let best = (0..cards.len()).max_by(|&a, &b| score(a).total_cmp(&score(b))).unwrap();
            right += usize::from(best == style);
            all += 1;
        }
    }
    assert!(right * 100 >= all * 97, "{right} of {all} users of twenty texts found their style");
}

#[test]
fn poles_of_axes_have_comparatives() {
    for (pole, comparative) in [
        ("warm", "warmer"),
        ("simple", "simpler"),
        ("plain", "plainer"),
        ("terse", "terser"),
        ("concise", "more concise"),
        ("polite", "more polite"),
        ("narrating", "more narrative"),
        ("to the point", "more to the point"),
    ] {
        assert_eq!(xpert::style::comparative(pole), comparative);
    }
}
