//! The base model as a text encoder.

use xpert::app::{Context, import, select};
use xpert::engine::Sequence;
use xpert::import::ImportOptions;
use xpert::neural::HiddenStateEncoder;
use xpert::platform::cancel::Cancel;
use xpert::style::TextEncoder;

use crate::tiny;

#[test]
fn a_text_is_embedded_as_the_mean_of_its_hidden_states_whatever_is_embedded_beside_it() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let model = tiny::model(home.path());
    let encoder = HiddenStateEncoder { model: &model, base: "tiny", blocks: 1, threads: 2 };
    let long = "ab cd ef ".repeat(400);
    let texts = ["ab ab cd", "", "x", long.as_str(), "ef cd"];
    let together = encoder.encode(&texts).expect("embeddings");
    for (text, embedding) in texts.iter().zip(&together) {
        assert_eq!(&encoder.encode(&[text]).expect("embeddings")[0].tokens, &embedding.tokens, "{text:.9}");
        let ids = model.tokenizer.encode(text).expect("ids");
        let whole = ids.len().div_ceil(512.min(model.config.context));
        assert_eq!(embedding.tokens as usize, ids.len() - whole, "the first token of a stretch does not count");
    }
    let ids = model.tokenizer.encode(texts[0]).expect("ids");
    let states = model.network(None).hidden(&[Sequence { ids: ids.clone(), reply_start: 0 }], 1).expect("states");
    let states = states.to_vec2::<f32>().expect("numbers");
    for (at, sum) in together[0].sums.iter().enumerate() {
        let expected: f64 = states.iter().skip(1).map(|state| f64::from(state[at])).sum();
        assert!((sum - expected).abs() < 1e-4, "{sum} instead of {expected}");
    }
}

#[test]
fn a_base_that_did_not_embed_the_library_is_named_with_what_to_do() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let model = home.path().join("tiny");
    tiny::save_folder(&model);
    let context = Context::new(Some(home.path()), Some(model.display().to_string()), Some(1)).expect("a context");
    let file = home.path().join("letter.txt");
    std::fs::write(&file, "Dear Ann, the roses are out and the gate still squeaks.").expect("writable");
    let scan = import::preview(&[file], &ImportOptions::default(), &Cancel::new(), &mut |_| {}).expect("it is read");
    import::keep(&context, &scan, &Cancel::new()).expect("it is kept");
    let error = select::select_reading(&context, &mut |_| {}).expect_err("another base");
    let explained = xpert::cli::explain(&error);
    assert!(explained.contains("smollm2-135m-instruct") && explained.contains("without `--neural`"), "{explained}");
}
