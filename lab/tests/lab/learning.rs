//! Learning the style space: what is learned is what is read again, from little text nothing is, and embeddings add to a space.

use std::collections::BTreeMap;
use std::path::Path;

use xpert::library::Corpus;
use xpert::style::space::files::SpaceFiles;
use xpert::style::{Embedding, Sample, StyleError, StyleSpace, StyleVector, TextEncoder};
use xpert_lab::learning::axes::{SHIPPED, digest, parallel};
use xpert_lab::learning::files::write;
use xpert_lab::learning::texts::Domain;
use xpert_lab::learning::{BuildOptions, LearningError, build_space, learn_embeddings};

use crate::repository;

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

/// The space in the files of a folder.
fn load(folder: &Path) -> Result<StyleSpace, StyleError> {
    let read = |name: &str| std::fs::read(folder.join(name)).unwrap();
    let (reference, axes) = (read("reference.json"), read("axes.json"));
    let (reference_tensors, axes_tensors) = (read("reference.safetensors"), read("axes.safetensors"));
    let (reference_tensors, axes_tensors) = (&reference_tensors[..], &axes_tensors[..]);
    SpaceFiles { reference: &reference, reference_tensors, axes: &axes, axes_tensors }.parse()
}

#[test]
fn a_space_survives_being_written_and_read_and_damage_is_noticed() {
    let (domains, corpus) = small_sources();
    let options = BuildOptions { words: 40, trigrams: 20, ..BuildOptions::default() };
    let built = build_space(domains.clone(), &corpus, &options).unwrap();
    let folder = tempfile::tempdir().unwrap();
    write(&built, folder.path()).unwrap();
    let read = load(folder.path()).unwrap();
    assert_eq!(read.version(), built.version());
    let place = |space: &StyleSpace| space.position_of(&space.measure(&plain()).counts);
    assert_eq!(place(&read), place(&built));
    let again = build_space(domains.clone(), &corpus, &options).unwrap();
    assert_eq!(again.version(), built.version(), "building is reproducible");

    let path = folder.path().join("reference.safetensors");
    let bytes = std::fs::read(&path).unwrap();
    std::fs::write(&path, &bytes[..bytes.len() / 2]).unwrap();
    let damaged = load(folder.path()).err().unwrap();
    assert!(matches!(damaged, StyleError::Asset { .. }) && damaged.to_string().contains("reference.safetensors"));
}

#[test]
fn the_axes_were_learned_from_the_corpora_that_are_shipped() {
    let corpus = Corpus::read(&repository("assets/styles")).unwrap();
    let corpora = parallel(&corpus, SHIPPED).unwrap();
    let kept = &StyleSpace::shipped().unwrap().axes.description.learned_from;
    assert_eq!(kept, &digest(&corpora), "the corpora changed: run `xpert-lab reference` again");
}

#[test]
fn too_few_authors_are_refused() {
    let lonely = Domain { name: "one".to_owned(), people: true, authors: [("a".to_owned(), plain())].into() };
    let (_, corpus) = small_sources();
    let refused = build_space(vec![lonely], &corpus, &BuildOptions::default()).err().unwrap();
    assert!(matches!(refused, LearningError::Reference(_)), "{refused}");
}

/// Three authors who write much, and a corpus whose styles are variations of the same sentences.
fn small_sources() -> (Vec<Domain>, Corpus) {
    let mut authors = BTreeMap::new();
    for (author, opening) in [("a", "However,"), ("b", "so"), ("c", "I think that")] {
        let texts = prose(|index, clause| {
            let end = ["and I will see to it now", "but not today", "or so they say to us"][(index + author.len()) % 3];
            format!(
                "{opening} {clause}, {end}. It is {} of this that we can do with you here!",
                "more ".repeat(index % 4)
            )
        });
        authors.insert(author.to_owned(), [texts.clone(), texts].concat());
    }
    let openings = [
        ("plain", ""),
        ("concise", "No."),
        ("elaborate", "Although this is not at all certain, and as far as we can see,"),
        ("casual", "lol"),
        ("formal", "I regret to inform you that"),
        ("simple", "See:"),
        ("expert", "Approximately, the determination suggests that"),
        ("warm", "Dear friend, thanks!"),
        ("blunt", "Why? Fix it."),
        ("courteous", "Could you please see, if I may ask, that"),
        ("enthusiastic", "Wow! Amazing!!"),
        ("tentative", "Perhaps, I guess, it might be that"),
        ("assertive", "It will never change:"),
        ("story", "\"Look,\" he said to her, and they went where"),
        ("archaic", "Thou knowest that hath"),
        ("structured", "- First:\n- "),
        ("humorous", "Apparently, said the potato,"),
        ("poetic", "Soft as the moon,"),
    ];
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, lines: Vec<serde_json::Value>| {
        let lines: Vec<String> = lines.iter().map(serde_json::Value::to_string).collect();
        std::fs::write(folder.path().join(format!("{name}.jsonl")), lines.join("\n")).unwrap();
    };
    let prompts = 0..plain().len();
    file(
        "prompts",
        prompts.clone().map(|n| serde_json::json!({"kind": "x", "use": "axes", "prompt": n.to_string()})).collect(),
    );
    for (style, opening) in openings {
        let texts = prose(|_, clause| format!("{opening} {clause}."));
        let answer = |(n, text)| serde_json::json!({"prompt": format!("{n}"), "text": text});
        file(style, prompts.clone().zip(texts).map(answer).collect());
    }
    let corpus = Corpus::read(folder.path()).unwrap();
    (vec![Domain { name: "people".to_owned(), people: true, authors }], corpus)
}

/// Embeds a text by how often it has "a", "e" and "o", which no feature counts.
struct Vowels;

impl TextEncoder for Vowels {
    fn name(&self) -> String {
        "vowels".to_owned()
    }

    fn width(&self) -> usize {
        3
    }

    fn encode(&self, texts: &[&str]) -> Result<Vec<Embedding>, StyleError> {
        let count = |text: &str, vowel: char| text.chars().filter(|c| *c == vowel).count() as f64;
        let embed = |text: &&str| Embedding {
            tokens: text.chars().count() as f64,
            sums: ['a', 'e', 'o'].map(|vowel| count(text, vowel)).to_vec(),
        };
        Ok(texts.iter().map(embed).collect())
    }
}

/// Texts of made-up words, alike in everything but their vowel, of which a writer has a favourite.
fn texts(vowel: char) -> Vec<String> {
    let word = |at: usize| format!("b{}rt", if at % 5 < 3 { vowel } else { ['a', 'e', 'o', 'u'][at / 5 % 4] });
    (0..60).map(|text| (0..20).map(|at| word(at * 3 + text * text)).collect::<Vec<_>>().join(" ") + ".").collect()
}

#[test]
fn embeddings_tell_apart_whom_features_cannot_and_leaves_the_axes_as_they_were() {
    let plain = StyleSpace::shipped().expect("a space");
    let authors: BTreeMap<String, Vec<String>> =
        ['a', 'e', 'o', 'u'].map(|vowel| (vowel.to_string(), texts(vowel))).into_iter().collect();
    let people = Domain { name: "people".to_owned(), people: true, authors };
    let block = learn_embeddings(plain, &Vowels, &[people], &mut |_| {}).expect("enough text");
    let space = plain.with_embeddings(block);
    assert_ne!(space.version(), plain.version(), "measurements of the two are never compared");

    let words = texts('u');
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let base = Sample::with_embeddings(&space, &words, &Vowels).expect("embeddings").whole();
    let estimate = |vowel| {
        let texts = texts(vowel);
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        Sample::with_embeddings(&space, &texts[..30], &Vowels)
            .expect("embeddings")
            .estimate(&base)
            .expect("the same space")
    };
    let (a, again, o) = (estimate('a'), estimate('a'), estimate('o'));
    assert!(space.similarity(&a, &again) > 0.99);
    assert!(space.similarity(&a, &o) < 0.7, "{}", space.similarity(&a, &o));
    let without = plain.difference(&plain.measure(&words), &plain.measure(&words)).expect("the same space");
    assert_eq!(without.width() + 3, a.difference.width());

    // What was not embedded does not differ in those coordinates.
    let unread = space.difference(&space.measure(&texts('a')), &base).expect("the same space");
    let read = &a.difference;
    let length = |of: &StyleVector| StyleVector::new(of.as_slice()[without.width()..].to_vec()).norm();
    assert!(length(&unread) < 0.1 * length(read), "{} of {}", length(&unread), length(read));
    for (one, other) in space.coefficients(&unread).iter().zip(space.coefficients(read)) {
        assert!((one - other).abs() < 0.35, "axes know only features: {one} and {other}");
    }
}

#[test]
fn embeddings_of_another_encoder_are_refused() {
    let shipped = StyleSpace::shipped_with_embeddings().expect("a space");
    assert!(shipped.encoder().is_some_and(|encoder| encoder.ends_with(":hidden10")));
    let error = shipped.embed(&["some text"], &Vowels).expect_err("another encoder").to_string();
    assert!(error.contains("vowels") && error.contains("hidden10"), "{error}");
}
