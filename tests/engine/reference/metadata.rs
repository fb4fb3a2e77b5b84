//! What a GGUF file may say of Gemma's sliding window beside what the fixture's file says.

use std::fs::File;
use std::path::Path;

use candle_core::quantized::gguf_file::{Content, Value};
use xpert::engine::config::SlidingWindow;
use xpert::engine::describe;

const LOCAL: &str = "gemma3.attention.sliding_window_pattern";

fn gemma() -> Content {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/reference/gemma3/model.gguf");
    Content::read(&mut File::open(path).expect("a fixture")).expect("GGUF")
}

fn sliding(content: &Content) -> SlidingWindow {
    let config = describe::from_gguf(content, Path::new("gemma.gguf")).expect("a shape");
    config.family.sliding.expect("Gemma slides")
}

#[test]
fn local_blocks_are_given_by_a_period_one_by_one_or_not_at_all() {
    let mut content = gemma();
    assert_eq!(sliding(&content).local, [true, true, true, true, true, false]);
    content.metadata.insert(LOCAL.to_owned(), Value::U32(3));
    assert_eq!(sliding(&content).local, [true, true, false, true, true, false]);
    let given = [false, true, true, false, true, false];
    content.metadata.insert(LOCAL.to_owned(), Value::Array(given.map(Value::Bool).to_vec()));
    assert_eq!(sliding(&content).local, given);
    content.metadata.insert(LOCAL.to_owned(), Value::Array(vec![Value::Bool(true); 5]));
    assert!(describe::from_gguf(&content, Path::new("gemma.gguf")).is_err(), "five blocks of six");
}

#[test]
fn the_local_base_of_the_rotation_is_given_or_the_familys() {
    let mut content = gemma();
    assert_eq!(sliding(&content).rope_theta, 200.0);
    content.metadata.remove("gemma3.rope.freq_base_swa").expect("the file gives it");
    assert_eq!(sliding(&content).rope_theta, 10_000.0);
}
