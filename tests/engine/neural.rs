//! What a reader adds to the style space: the base model's hidden states, and how readings of any kind take part.

use std::collections::BTreeMap;

use xpert::app::{Context, import, select};
use xpert::engine::Sequence;
use xpert::import::ImportOptions;
use xpert::neural::HiddenState;
use xpert::platform::cancel::Cancel;
use xpert::style::build::Domain;
use xpert::style::{Part, Reader, Reading, Sample, StyleError, StyleSpace, StyleVector};

use crate::tiny;

#[test]
fn a_text_is_read_as_the_mean_of_its_hidden_states_whatever_is_read_beside_it() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let model = tiny::model(home.path());
    let reader = HiddenState { model: &model, base: "tiny", blocks: 1, threads: 2 };
    let long = "ab cd ef ".repeat(400);
    let texts = ["ab ab cd", "", "x", long.as_str(), "ef cd"];
    let together = reader.read(&texts).expect("it reads");
    for (text, reading) in texts.iter().zip(&together) {
        assert_eq!(&reader.read(&[text]).expect("it reads")[0].units, &reading.units, "{text:.9}");
        let ids = model.tokenizer.encode(text).expect("ids");
        let whole = ids.len().div_ceil(512.min(model.config.context));
        assert_eq!(reading.units as usize, ids.len() - whole, "the first token of a stretch does not count");
    }
    let ids = model.tokenizer.encode(texts[0]).expect("ids");
    let states = model.network(None).hidden(&[Sequence { ids: ids.clone(), reply_start: 0 }], 1).expect("states");
    let states = states.to_vec2::<f32>().expect("numbers");
    for (at, sum) in together[0].sums.iter().enumerate() {
        let expected: f64 = states.iter().skip(1).map(|state| f64::from(state[at])).sum();
        assert!((sum - expected).abs() < 1e-4, "{sum} instead of {expected}");
    }
}

/// Sees how often texts say "a", "e" and "o", which no feature does.
struct Vowels;

impl Reader for Vowels {
    fn name(&self) -> String {
        "vowels".to_owned()
    }

    fn width(&self) -> usize {
        3
    }

    fn read(&self, texts: &[&str]) -> Result<Vec<Reading>, StyleError> {
        let count = |text: &str, vowel: char| text.chars().filter(|c| *c == vowel).count() as f64;
        let read = |text: &&str| Reading {
            units: text.chars().count() as f64,
            sums: ['a', 'e', 'o'].map(|vowel| count(text, vowel)).to_vec(),
        };
        Ok(texts.iter().map(read).collect())
    }
}

/// Texts of made-up words, alike in everything but their vowel, of which a writer has a favourite.
fn texts(vowel: char) -> Vec<String> {
    let word = |at: usize| format!("b{}rt", if at % 5 < 3 { vowel } else { ['a', 'e', 'o', 'u'][at / 5 % 4] });
    (0..60).map(|text| (0..20).map(|at| word(at * 3 + text * text)).collect::<Vec<_>>().join(" ") + ".").collect()
}

#[test]
fn a_part_tells_apart_whom_features_cannot_and_leaves_the_axes_as_they_were() {
    let plain = StyleSpace::shipped().expect("a space");
    let authors: BTreeMap<String, Vec<String>> =
        ['a', 'e', 'o', 'u'].map(|vowel| (vowel.to_string(), texts(vowel))).into_iter().collect();
    let people = Domain { name: "people".to_owned(), people: true, authors };
    let part = Part::learn(plain, &Vowels, &[people], &mut |_| {}).expect("enough text");
    let space = plain.with_part(part);
    assert_ne!(space.version(), plain.version(), "measurements of the two are never compared");

    let words = texts('u');
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let base = Sample::read(&space, &words, &Vowels).expect("it reads").whole();
    let estimate = |vowel| {
        let texts = texts(vowel);
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        Sample::read(&space, &texts[..30], &Vowels).expect("it reads").estimate(&base).expect("the same space")
    };
    let (a, again, o) = (estimate('a'), estimate('a'), estimate('o'));
    assert!(space.similarity(&a, &again) > 0.99);
    assert!(space.similarity(&a, &o) < 0.7, "{}", space.similarity(&a, &o));
    let without = plain.difference(&plain.measure(&words), &plain.measure(&words)).expect("the same space");
    assert_eq!(without.len() + 3, a.difference.len());

    // What nobody has read does not differ in that part.
    let unread = space.difference(&space.measure(&texts('a')), &base).expect("the same space");
    let read = &a.difference;
    let length = |of: &StyleVector| StyleVector::new(of.as_slice()[without.len()..].to_vec()).norm();
    assert!(length(&unread) < 0.1 * length(read), "{} of {}", length(&unread), length(read));
    for (one, other) in space.coefficients(&unread).iter().zip(space.coefficients(read)) {
        assert!((one - other).abs() < 0.35, "axes know only features: {one} and {other}");
    }
}

#[test]
fn readings_of_another_reader_are_refused() {
    let shipped = StyleSpace::shipped_with_part().expect("a space");
    assert!(shipped.reader().is_some_and(|reader| reader.ends_with(":hidden10")));
    let error = shipped.count_with(&["some text"], &Vowels).expect_err("another reader").to_string();
    assert!(error.contains("vowels") && error.contains("hidden10"), "{error}");
}

#[test]
fn a_base_that_the_library_was_not_read_by_is_named_with_what_to_do() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let model = home.path().join("tiny");
    tiny::save_folder(&model);
    let context = Context::new(Some(home.path()), Some(model.display().to_string()), Some(1)).expect("a context");
    let file = home.path().join("letter.txt");
    std::fs::write(&file, "Dear Ann, the roses are out and the gate still squeaks.").expect("writable");
    let scan = import::preview(&[file], &ImportOptions::default(), &Cancel::new(), &mut |_| {}).expect("it is read");
    import::keep(&context, &scan, &Cancel::new()).expect("it is kept");
    let error = select::select_reading(&context, &mut |_| {}).expect_err("another base").to_string();
    assert!(error.contains("smollm2-135m-instruct") && error.contains("without `--neural`"), "{error}");
}
