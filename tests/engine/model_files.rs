//! Loading: the same small model as GGUF and as safetensors gives the same logits, damaged files are refused, and the real
//! model agrees with another implementation.

use std::fs::{self, File};
use std::path::Path;

use candle_core::Tensor;
use candle_core::quantized::gguf_file::{Value, write};
use candle_core::quantized::{GgmlDType, QTensor};
use xpert::engine::matrix::Matrix;
use xpert::engine::projection::Projection;
use xpert::engine::{EngineError, Message, Model, ModelPath, Precision};

use crate::measure::{self, relative_distance};
use crate::tiny::{
    CONTEXT, DEVICE, END, FEED_FORWARD, HEADS, HIDDEN, KV_HEADS, LAYERS, TEMPLATE, save_folder, tensors, vocabulary,
};
use crate::{base, base_model};

/// The rows of each head as GGUF's writers order them: the halves that rotate together side by side.
fn interleaved(weight: &Tensor, heads: usize) -> Tensor {
    let (rows, columns) = weight.dims2().expect("a matrix");
    let split = weight.reshape((heads, 2, rows / heads / 2, columns)).expect("even heads");
    split.transpose(1, 2).expect("four axes").contiguous().expect("memory").reshape((rows, columns)).expect("as before")
}

fn save_gguf(path: &Path, dtype: GgmlDType) {
    let text = |s: &str| Value::String(s.to_owned());
    let list = |items: Vec<Value>| Value::Array(items);
    let tokens = vocabulary();
    let types = tokens.iter().map(|token| Value::I32(if token == END { 3 } else { 1 })).collect();
    let metadata = [
        ("general.architecture", text("llama")),
        ("llama.block_count", Value::U32(LAYERS as u32)),
        ("llama.context_length", Value::U32(CONTEXT as u32)),
        ("llama.embedding_length", Value::U32(HIDDEN as u32)),
        ("llama.feed_forward_length", Value::U32(FEED_FORWARD as u32)),
        ("llama.attention.head_count", Value::U32(HEADS as u32)),
        ("llama.attention.head_count_kv", Value::U32(KV_HEADS as u32)),
        ("llama.rope.freq_base", Value::F32(10_000.0)),
        ("llama.attention.layer_norm_rms_epsilon", Value::F32(6.103_515_6e-5)),
        ("tokenizer.ggml.model", text("gpt2")),
        ("tokenizer.ggml.pre", text("smollm")),
        ("tokenizer.ggml.tokens", list(tokens.iter().map(|token| text(token)).collect())),
        ("tokenizer.ggml.token_type", list(types)),
        ("tokenizer.ggml.merges", list(vec![text("a b")])),
        ("tokenizer.ggml.eos_token_id", Value::U32(0)),
        ("tokenizer.chat_template", text(TEMPLATE)),
    ];
    let mut stored = Vec::new();
    for (name, tensor) in tensors() {
        let name = name
            .replace("model.embed_tokens", "token_embd")
            .replace("model.norm", "output_norm")
            .replace("model.layers.", "blk.")
            .replace("input_layernorm", "attn_norm")
            .replace("post_attention_layernorm", "ffn_norm");
        let name = Projection::ALL.iter().fold(name, |name, p| name.replace(&p.path(), p.gguf()));
        let (tensor, dtype) = match name.as_str() {
            n if n.contains("attn_q") => (interleaved(&tensor, HEADS), dtype),
            n if n.contains("attn_k") => (interleaved(&tensor, KV_HEADS), dtype),
            n if n.contains("norm") => (tensor, GgmlDType::F32),
            _ => (tensor, dtype),
        };
        stored.push((name, QTensor::quantize(&tensor, dtype).expect("a stored tensor")));
    }
    let metadata: Vec<(&str, &Value)> = metadata.iter().map(|(key, value)| (*key, value)).collect();
    let stored: Vec<(&str, &QTensor)> = stored.iter().map(|(name, tensor)| (name.as_str(), tensor)).collect();
    write(&mut File::create(path).expect("writable"), &metadata, &stored).expect("writable");
}

fn logits(model: &Model) -> Vec<f32> {
    let ids: Vec<u32> = (0..30).map(|i| 1 + (i * 37) % 250).collect();
    measure::logits(model.network(None), &ids).flatten_all().expect("flat").to_vec1().expect("values")
}

#[test]
fn gguf_and_safetensors_of_one_model_give_the_same_logits() {
    let home = tempfile::tempdir().expect("a temporary folder");
    save_folder(&home.path().join("folder"));
    let file = home.path().join("model.gguf");
    save_gguf(&file, GgmlDType::F32);
    let folder = Model::load(&ModelPath::Folder(home.path().join("folder")), Precision::Dense).expect("a model");
    let gguf = Model::load(&ModelPath::Gguf(file), Precision::Dense).expect("a model");
    assert_eq!(folder.config, gguf.config);
    assert!(relative_distance(&logits(&gguf), &logits(&folder)) < 1e-5);
    assert_eq!(
        folder.prompt_ids(&[Message::user("Hi, about 12")]).expect("ids"),
        gguf.prompt_ids(&[Message::user("Hi, about 12")]).expect("ids")
    );
    assert_eq!(folder.tokenizer.end, gguf.tokenizer.end);
}

/// Bytes of one block's matrices.
fn bytes(model: &Model) -> usize {
    let matrices = Projection::ALL.map(|projection| model.weights.layers[0].matrix(projection).clone());
    let size = |matrix: &Matrix| match matrix {
        Matrix::Dense(weights) => weights.elem_count() * weights.dtype().size_in_bytes(),
        Matrix::Quantized { stored, .. } => stored.storage_size_in_bytes(),
    };
    matrices.iter().map(size).sum()
}

#[test]
fn quantized_blocks_are_close_to_what_they_stand_for() {
    let home = tempfile::tempdir().expect("a temporary folder");
    for (dtype, bound) in [(GgmlDType::Q8_0, 0.03), (GgmlDType::Q4_1, 0.03), (GgmlDType::Q5_0, 0.03)] {
        let file = home.path().join("model.gguf");
        save_gguf(&file, dtype);
        let dense = Model::load(&ModelPath::Gguf(file.clone()), Precision::Dense).expect("a model");
        let compact = Model::load(&ModelPath::Gguf(file), Precision::Compact).expect("a model");
        assert!(bytes(&compact) < bytes(&dense) / 3, "{dtype:?}");
        let error = relative_distance(&logits(&compact), &logits(&dense));
        assert!(error < bound, "{dtype:?}: {error}");
    }
}

#[test]
fn a_file_cut_short_anywhere_is_refused_with_its_name() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let file = home.path().join("whole.gguf");
    save_gguf(&file, GgmlDType::F32);
    let bytes = fs::read(&file).expect("readable");
    for part in [0, 3, 40, 900, bytes.len() / 2, bytes.len() - 64] {
        let cut = home.path().join(format!("cut{part}.gguf"));
        fs::write(&cut, &bytes[..part]).expect("writable");
        let error = Model::load(&ModelPath::Gguf(cut.clone()), Precision::Dense).expect_err("it is cut short");
        assert!(error.to_string().contains(&cut.display().to_string()), "{part}: {error}");
    }
}

#[test]
fn another_architecture_is_named() {
    let home = tempfile::tempdir().expect("a temporary folder");
    save_folder(home.path());
    let config = fs::read_to_string(home.path().join("config.json")).expect("readable");
    fs::write(home.path().join("config.json"), config.replace("llama", "mamba")).expect("writable");
    let error = Model::load(&ModelPath::Folder(home.path().into()), Precision::Dense).expect_err("not supported");
    assert!(matches!(error, EngineError::Unsupported { .. }) && error.to_string().contains("mamba"), "{error}");
    fs::write(home.path().join("config.json"), config).expect("writable");
    fs::remove_file(home.path().join("model-00002-of-00002.safetensors")).expect("it is there");
    let error = Model::load(&ModelPath::Folder(home.path().into()), Precision::Dense).expect_err("incomplete");
    assert!(matches!(error, EngineError::MissingTensor { .. }), "{error}");
}

#[test]
fn whatever_would_be_computed_wrongly_is_refused_by_name() {
    let home = tempfile::tempdir().expect("a temporary folder");
    save_folder(home.path());
    let file = home.path().join("config.json");
    let config: serde_json::Value = serde_json::from_slice(&fs::read(&file).expect("readable")).expect("JSON");
    for (key, value, named) in [
        ("use_bidirectional_attention", serde_json::json!(true), "use_bidirectional_attention"),
        ("partial_rotary_factor", serde_json::json!(0.5), "partial_rotary_factor 0.5"),
        ("use_sliding_window", serde_json::json!(true), "use_sliding_window"),
        ("final_logit_softcapping", serde_json::json!(30.0), "soft-capped logits"),
        ("mlp_bias", serde_json::json!(true), "bias"),
    ] {
        let mut config = config.clone();
        config[key] = value;
        fs::write(&file, config.to_string()).expect("writable");
        let error = Model::load(&ModelPath::Folder(home.path().into()), Precision::Dense).expect_err(key).to_string();
        assert!(error.contains(named), "{key}: {error}");
    }
}

#[test]
fn the_real_model_agrees_with_another_implementation() {
    let path = base_model::path();
    let model = base::load(Precision::Dense);
    let ids = model.prompt_ids(&[Message::user("Why is the sky blue?")]).expect("ids");
    let ours = measure::logits(model.network(None), &ids);
    let ours: Vec<f32> = ours.get(ids.len() - 1).expect("the last row").to_vec1().expect("values");

    let mut file = File::open(&path).expect("readable");
    let content = candle_core::quantized::gguf_file::Content::read(&mut file).expect("GGUF");
    let mut theirs = candle_transformers::models::quantized_llama::ModelWeights::from_gguf(content, &mut file, &DEVICE)
        .expect("the other implementation loads it");
    let input = Tensor::new(ids.as_slice(), &DEVICE).expect("ids").unsqueeze(0).expect("a batch");
    let theirs: Vec<f32> =
        theirs.forward(&input, 0).expect("logits").squeeze(0).expect("one").to_vec1().expect("values");

    // The other multiplies in eight bits, so the two differ by its rounding.
    let error = relative_distance(&ours, &theirs);
    assert!(error < 0.03, "relative error {error}");
    let best = |logits: &[f32]| (0..logits.len()).max_by(|a, b| logits[*a].total_cmp(&logits[*b]));
    assert_eq!(best(&ours), best(&theirs));
}
