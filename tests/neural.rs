//! What a reader adds to the style space: the base model's hidden states, and how readings of any kind take part.

mod support;

use support::tiny;
use xpert::app::{Context, import, select};
use xpert::engine::{Model, ModelPath, Precision, Sequence};
use xpert::import::ImportOptions;
use xpert::neural::HiddenState;
use xpert::platform::cancel::Cancel;
use xpert::style::{Reader, Reading, StyleError, StyleSpace};

#[test]
fn a_text_is_read_as_the_mean_of_its_hidden_states_whatever_is_read_beside_it() {
    let home = tempfile::tempdir().expect("a temporary folder");
    tiny::save_folder(home.path());
    let model = Model::load(&ModelPath::Folder(home.path().into()), Precision::Dense).expect("the tiny model");
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
