//! The real base model against the reference's logits and losses.

use serde::Deserialize;
use xpert::engine::fused::{Arena, Scope};
use xpert::engine::{Model, Precision, Sequence};

use crate::base;
use crate::measure::{best, largest_difference, logits};

#[derive(Deserialize)]
struct Fixture {
    sequences: Vec<Expected>,
}

#[derive(Deserialize)]
struct Expected {
    ids: Vec<u32>,
    text: String,
    mean_cross_entropy: f64,
    /// The likeliest next token at every position.
    best: Vec<u32>,
    rows: Vec<Row>,
}

#[derive(Deserialize)]
struct Row {
    position: usize,
    vocabulary_ids: Vec<u32>,
    logits: Vec<f32>,
}

fn expected() -> Vec<Expected> {
    let fixture: Fixture =
        serde_json::from_str(include_str!("../../fixtures/reference/smollm2.json")).expect("a fixture");
    assert_eq!(fixture.sequences.len(), 3);
    fixture.sequences
}

/// What a loss in single precision may differ by, in nats a token.
const LOSS: f64 = 7e-5;

/// What our engine may differ by.
struct Bounds {
    /// Logits, as a share of their size.
    logits: f64,
    /// Nats a token.
    loss: f64,
    /// Share of all positions at which the likeliest token may be another.
    other_best: f64,
}

fn whole(expected: &Expected) -> Sequence {
    Sequence { ids: expected.ids.clone(), reply_start: 0 }
}

fn compare(model: &Model, bounds: &Bounds) {
    let (mut other, mut positions) = (0, 0);
    for expected in expected() {
        let tokens = expected.ids.len();
        let network = model.network(None);
        let logits: Vec<Vec<f32>> = logits(network, &expected.ids).to_vec2().expect("rows");
        for row in &expected.rows {
            let ours: Vec<f32> = row.vocabulary_ids.iter().map(|id| logits[row.position][*id as usize]).collect();
            let difference = largest_difference(&ours, &row.logits);
            eprintln!("{tokens} tokens, position {}: logits differ by {difference:.2e}", row.position);
            assert!(difference < bounds.logits, "position {} of {tokens}: {difference}", row.position);
        }
        other += logits.iter().zip(&expected.best).filter(|(row, expected)| best(row) != **expected).count();
        positions += tokens;
        let sequence = whole(&expected);
        let labels = sequence.labels() as f64;
        let loss = network.loss_and_gradients(&[sequence], 1.0).expect("a loss").0 / labels;
        agree("the network's loss", loss, expected.mean_cross_entropy, bounds.loss);
    }
    eprintln!("the likeliest token is another at {other} of {positions} positions");
    assert!(other as f64 <= bounds.other_best * positions as f64, "{other} of {positions} likeliest tokens differ");
}

fn agree(what: &str, ours: f64, expected: f64, bound: f64) {
    eprintln!("{what}: {ours} against {expected}, {:.2e} apart", (ours - expected).abs());
    assert!((ours - expected).abs() < bound, "{what} is {ours}, expected {expected}");
}

/// The loss of the pass that training uses.
fn compare_pass(model: &Model) {
    let pass = model.pass(None).expect("a pass");
    let arena = &mut Arena::default();
    for expected in expected() {
        let sequence = whole(&expected);
        let labels = sequence.labels() as f64;
        let loss = pass.loss(arena, &[sequence], Scope::default(), None).expect("a loss") / labels;
        agree("the training pass's loss", loss, expected.mean_cross_entropy, LOSS);
    }
}

#[test]
fn the_base_model_in_single_precision_agrees_with_the_reference() {
    let model = base::load(Precision::Dense);
    compare(&model, &Bounds { logits: 5e-5, loss: LOSS, other_best: 0.0 });
    compare_pass(&model);
}

#[test]
fn the_base_model_as_its_file_has_it_trains_with_the_references_loss() {
    compare_pass(&base::load(Precision::Stored));
}

#[test]
fn the_base_model_in_eight_bits_is_near_the_reference() {
    compare(&base::load(Precision::Compact), &Bounds { logits: 0.25, loss: 0.1, other_best: 0.1 });
}

/// The reference's tokenizer, made from the same file by other code, gave these ids.
#[test]
fn texts_become_the_references_ids() {
    let model = base::load(Precision::Compact);
    for expected in expected() {
        assert_eq!(model.tokenizer.encode(&expected.text).expect("ids"), expected.ids, "{}", expected.text);
    }
}
