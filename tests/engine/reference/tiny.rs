//! Tiny random models of every architecture, as checkpoint and as GGUF, against the reference's logits, losses and gradients.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use candle_core::{Device, Tensor};
use serde::Deserialize;
use xpert::engine::adapter::{LayerPairs, tensors};
use xpert::engine::config::{Activation, Architecture, Config};
use xpert::engine::fused::{Arena, Scope};
use xpert::engine::{Adapter, Model, ModelPath, Precision, Sequence};

use crate::measure::{largest_difference, logits, relative_distance, size};

const DEVICE: Device = Device::Cpu;

/// What logits may differ by, as a share of their size.
const LOGITS: f64 = 4e-5;
/// What a loss may differ by, as a share of it.
const LOSS: f64 = 2e-6;
/// What a gradient may differ by, as a share of its length.
const GRADIENT: f64 = 2e-5;

struct Fixture {
    folder: PathBuf,
    architecture: Architecture,
    sequences: Vec<Expected>,
    /// Logits by sequence, and gradients by their PEFT names.
    tensors: HashMap<String, Tensor>,
}

#[derive(Deserialize)]
struct Sequences {
    sequences: Vec<Expected>,
}

#[derive(Deserialize)]
struct Expected {
    ids: Vec<u32>,
    reply_start: usize,
    labels: usize,
    /// Total over the labels, without and with the adapter.
    loss: f64,
    adapted_loss: f64,
}

impl Fixture {
    fn of(architecture: Architecture) -> Self {
        let folder =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/reference").join(<&str>::from(architecture));
        let json = fs::read(folder.join("expected.json")).expect("expected.json");
        let Sequences { sequences } = serde_json::from_slice(&json).expect("sequences");
        assert_eq!(sequences.len(), 2);
        let tensors =
            candle_core::safetensors::load(folder.join("expected.safetensors"), &DEVICE).expect("expected tensors");
        Self { folder, architecture, sequences, tensors }
    }

    fn all() -> impl Iterator<Item = Self> {
        [Architecture::Llama, Architecture::Qwen2, Architecture::Qwen3, Architecture::Gemma3].into_iter().map(Self::of)
    }

    fn checkpoint(&self) -> Model {
        let model = Model::load(&ModelPath::Folder(self.folder.join("model")), Precision::Dense).expect("it loads");
        assert_eq!(model.config.family.architecture, self.architecture);
        model
    }

    fn gguf(&self) -> Model {
        Model::load(&ModelPath::Gguf(self.folder.join("model.gguf")), Precision::Dense).expect("it loads")
    }

    fn adapter(&self, config: &Config) -> Adapter {
        Adapter::load_peft(&self.folder.join("adapter"), config, &DEVICE).expect("PEFT's adapter loads")
    }

    fn expected(&self, name: &str) -> Vec<f32> {
        let tensor = self.tensors.get(name).unwrap_or_else(|| panic!("{:?} has no {name}", self.architecture));
        values(tensor)
    }

    fn batch(&self) -> Vec<Sequence> {
        let sequences = self.sequences.iter();
        let batch: Vec<Sequence> =
            sequences.map(|s| Sequence { ids: s.ids.clone(), reply_start: s.reply_start }).collect();
        assert!(batch.iter().zip(&self.sequences).all(|(ours, theirs)| ours.labels() == theirs.labels));
        batch
    }

    /// The largest difference of any logit.
    fn difference(&self, model: &Model) -> f64 {
        let each = self.sequences.iter().enumerate().map(|(at, sequence)| {
            let logits = logits(model.network(None), &sequence.ids);
            largest_difference(&values(&logits), &self.expected(&format!("logits.{at}")))
        });
        let each: Vec<f64> = each.collect();
        assert!(each.iter().all(|difference| difference.is_finite()), "{:?}: {each:?}", self.architecture);
        each.into_iter().fold(0.0, f64::max)
    }

    fn check_gradients(&self, ours: &[LayerPairs], pass: &str) {
        let mut worst: f64 = 0.0;
        let mut compared = 0;
        for (name, ours) in tensors(ours) {
            let theirs = self.expected(&format!("base_model.model.model.layers.{name}.weight"));
            assert!(size(&theirs) > 1e-6, "{:?} {name}: the gradient vanishes", self.architecture);
            let distance = relative_distance(&values(ours), &theirs);
            assert!(distance < GRADIENT, "{:?} {name}, {pass}: relative error {distance}", self.architecture);
            worst = worst.max(distance);
            compared += 1;
        }
        let expected = self.tensors.keys().filter(|name| name.contains(".lora_")).count();
        assert!(compared == expected && expected == ours.len() * 14, "{compared} of {expected} compared");
        eprintln!("{:?}, {pass}: {compared} gradients, relative error at most {worst:.2e}", self.architecture);
    }
}

fn values(tensor: &Tensor) -> Vec<f32> {
    tensor.flatten_all().expect("flat").to_vec1().expect("f32")
}

fn agree(what: &str, ours: f64, expected: f64) {
    eprintln!("{what}: relative error {:.2e}", (ours - expected).abs() / expected);
    assert!((ours - expected).abs() < LOSS * expected, "{what} is {ours}, expected {expected}");
}

#[test]
fn checkpoints_give_the_references_logits() {
    for fixture in Fixture::all() {
        let difference = fixture.difference(&fixture.checkpoint());
        eprintln!("{:?}: logits differ by {difference:.2e}", fixture.architecture);
        assert!(difference < LOGITS, "{:?}: {difference}", fixture.architecture);
    }
}

#[test]
fn gguf_files_give_the_references_logits() {
    for fixture in Fixture::all() {
        let difference = fixture.difference(&fixture.gguf());
        eprintln!("{:?}: logits differ by {difference:.2e}", fixture.architecture);
        assert!(difference < LOGITS, "{:?}: {difference}", fixture.architecture);
    }
}

#[test]
fn losses_are_the_references_without_and_with_an_adapter() {
    for fixture in Fixture::all() {
        let model = fixture.checkpoint();
        let adapter = fixture.adapter(&model.config);
        let arena = &mut Arena::default();
        for (at, (sequence, expected)) in fixture.batch().into_iter().zip(&fixture.sequences).enumerate() {
            let what = |pass: &str| format!("{:?}, sequence {at}, {pass}", fixture.architecture);
            let one = [sequence];
            for (adapter, loss) in [(None, expected.loss), (Some(&adapter), expected.adapted_loss)] {
                agree(&what("network"), model.network(adapter).loss_and_gradients(&one, 1.0).expect("a loss").0, loss);
                let pass = model.pass(adapter).expect("a pass");
                agree(&what("pass"), pass.loss(arena, &one, Scope::default(), None).expect("a loss"), loss);
            }
            let moved = (expected.adapted_loss - expected.loss).abs() / expected.loss;
            assert!(moved > 1000.0 * LOSS, "{}: the adapter hardly matters", what("fixture"));
        }
    }
}

/// Those that PyTorch found through PEFT for the mean loss of both sequences, of which ours are laid end to end.
#[test]
fn every_lora_gradient_is_the_references() {
    for fixture in Fixture::all() {
        let model = fixture.checkpoint();
        let adapter = fixture.adapter(&model.config);
        let batch = fixture.batch();
        let labels: usize = batch.iter().map(Sequence::labels).sum();
        let factor = 1.0 / labels as f64;
        let total: f64 = fixture.sequences.iter().map(|sequence| sequence.adapted_loss).sum();

        let (loss, gradients) = model.network(Some(&adapter)).loss_and_gradients(&batch, factor).expect("gradients");
        agree("network", loss, total);
        fixture.check_gradients(&gradients, "network");

        let pass = model.pass(Some(&adapter)).expect("a pass");
        let arena = &mut Arena::default();
        let mut gradients = pass.zero_gradients(0);
        let loss = pass.accumulate(arena, &batch, factor, Scope::default(), None, &mut gradients).expect("a loss");
        let gradients = gradients.pairs().expect("gradients");
        agree("pass", loss, total);
        fixture.check_gradients(&gradients, "pass");
    }
}

/// What PEFT may write otherwise than we do loads, except where it would be applied wrongly.
#[test]
fn adapters_load_as_peft_may_write_them() {
    let fixture = Fixture::of(Architecture::Llama);
    let config = fixture.checkpoint().config;
    let folder = fixture.folder.join("adapter");
    let weights = fs::read(folder.join("adapter_model.safetensors")).expect("readable");
    let json = fs::read(folder.join("adapter_config.json")).expect("readable");
    let mut json: serde_json::Value = serde_json::from_slice(&json).expect("JSON");
    let mut load = |key: &str, value: serde_json::Value| {
        json[key] = value;
        Adapter::from_peft_bytes(json.to_string().as_bytes(), &weights, &config, &DEVICE, &folder)
    };
    for plain in [serde_json::json!({}), serde_json::Value::Null] {
        load("alpha_pattern", plain).expect("one strength for all");
    }
    load("target_modules", "model.layers.*(q|k)_proj".into()).expect("the tensors say what it changes");
    load("task_type", serde_json::Value::Null).expect("the task is of no interest");
    let error =
        load("alpha_pattern", serde_json::json!({ "q_proj": 3 })).expect_err("it cannot be applied").to_string();
    assert!(error.contains("alpha_pattern"), "{error}");
}

/// The comparison would notice what it is there to notice: a model that is understood wrongly in one thing is far off.
#[test]
fn a_model_understood_wrongly_is_noticed() {
    for fixture in Fixture::all() {
        for (what, wrong) in misunderstandings(fixture.architecture) {
            let Model { mut config, weights, tokenizer, chat, .. } = fixture.checkpoint();
            let right = config.clone();
            wrong(&mut config);
            assert_ne!(config, right, "{:?}: {what} changes nothing", fixture.architecture);
            let model = Model::from_parts(config, weights, tokenizer, chat);
            let difference = fixture.difference(&model);
            eprintln!("{:?} with {what}: logits differ by {difference:.2e}", fixture.architecture);
            assert!(difference > 500.0 * LOGITS, "{:?} with {what}: {difference}", fixture.architecture);
        }
    }
}

type Misunderstanding = (&'static str, fn(&mut Config));

fn misunderstandings(architecture: Architecture) -> Vec<Misunderstanding> {
    let mut wrong: Vec<Misunderstanding> = vec![
        ("another base of the rotation", |config| config.rope_theta *= 2.0),
        ("another activation", |config| {
            config.family.activation = match config.family.activation {
                Activation::Silu => Activation::Gelu,
                Activation::Gelu => Activation::Silu,
            };
        }),
        ("scores divided otherwise", |config| config.family.score_width = Some(config.head_dim as f64 * 1.1)),
    ];
    if matches!(architecture, Architecture::Llama | Architecture::Gemma3) {
        wrong.push(("unscaled frequencies", |config| config.family.frequency_divisors.clear()));
    }
    if architecture == Architecture::Gemma3 {
        wrong.push(("unscaled embeddings", |config| config.family.scaled_embedding = false));
        wrong.push(("a longer window", |config| sliding(config).window += 1));
        wrong.push(("a shorter window", |config| sliding(config).window -= 1));
        wrong.push(("another local base", |config| sliding(config).rope_theta *= 2.0));
        wrong.push(("all blocks local", |config| sliding(config).local.fill(true)));
    }
    wrong
}

fn sliding(config: &mut Config) -> &mut xpert::engine::config::SlidingWindow {
    config.family.sliding.as_mut().expect("Gemma slides")
}
