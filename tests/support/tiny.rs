//! A model small enough to make and train within a test: two blocks of random weights and a tokenizer of bytes.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use candle_core::{DType, Device, Tensor};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use tokenizers::models::bpe::{BPE, Vocab};
use tokenizers::pre_tokenizers::byte_level::ByteLevel;
use xpert::engine::adapter::tensors_mut;
use xpert::engine::config::Config;
use xpert::engine::projection::Projection;
use xpert::engine::{Adapter, AdapterShape, Model, ModelPath, Precision};

pub const DEVICE: Device = Device::Cpu;
pub const HIDDEN: usize = 64;
pub const HEADS: usize = 4;
pub const KV_HEADS: usize = 2;
pub const HEAD_DIM: usize = 16;
pub const FEED_FORWARD: usize = 96;
pub const LAYERS: usize = 2;
pub const CONTEXT: usize = 256;
pub const TEMPLATE: &str = "{% for message in messages %}[{{ message.role }}] {{ message.content }}\n{% endfor %}\
                            {% if add_generation_prompt %}[assistant] {% endif %}";
pub const END: &str = "<|im_end|>";

/// The end, one token for every byte, and one merged of two.
pub fn vocabulary() -> Vec<String> {
    let mut alphabet: Vec<String> = ByteLevel::alphabet().into_iter().map(String::from).collect();
    alphabet.sort();
    alphabet.insert(0, END.to_owned());
    alphabet.push("ab".to_owned());
    alphabet
}

/// Tensors by their Hugging Face names.
pub fn tensors() -> HashMap<String, Tensor> {
    let rng = &mut StdRng::seed_from_u64(12);
    let mut random = |shape: (usize, usize)| {
        let values: Vec<f32> = (0..shape.0 * shape.1).map(|_| rng.random_range(-0.3..0.3)).collect();
        Tensor::from_vec(values, shape, &DEVICE).expect("a tensor")
    };
    let mut named = HashMap::from([("model.embed_tokens.weight".to_owned(), random((vocabulary().len(), HIDDEN)))]);
    for layer in 0..LAYERS {
        for projection in Projection::ALL {
            let shape = match projection {
                Projection::Query => (HEADS * HEAD_DIM, HIDDEN),
                Projection::Key | Projection::Value => (KV_HEADS * HEAD_DIM, HIDDEN),
                Projection::Output => (HIDDEN, HEADS * HEAD_DIM),
                Projection::Gate | Projection::Up => (FEED_FORWARD, HIDDEN),
                Projection::Down => (HIDDEN, FEED_FORWARD),
            };
            named.insert(format!("model.layers.{layer}.{}.weight", projection.path()), random(shape));
        }
        for norm in ["input_layernorm", "post_attention_layernorm"] {
            let gain = (random((1, HIDDEN)).squeeze(0).expect("a row") + 1.0).expect("a gain");
            named.insert(format!("model.layers.{layer}.{norm}.weight"), gain);
        }
    }
    named.insert("model.norm.weight".to_owned(), Tensor::ones(HIDDEN, DType::F32, &DEVICE).expect("a gain"));
    named
}

/// The model in Hugging Face layout, its tensors in two files.
pub fn save_folder(folder: &Path) {
    save_folder_of(folder, tensors());
}

/// The same with other tensors.
pub fn save_folder_of(folder: &Path, named: HashMap<String, Tensor>) {
    fs::create_dir_all(folder).expect("writable");
    let (first, second): (HashMap<_, _>, HashMap<_, _>) =
        named.into_iter().partition(|(name, _)| name.contains("layers.0"));
    candle_core::safetensors::save(&first, folder.join("model-00001-of-00002.safetensors")).expect("writable");
    candle_core::safetensors::save(&second, folder.join("model-00002-of-00002.safetensors")).expect("writable");
    let config = serde_json::json!({
        "model_type": "llama", "hidden_size": HIDDEN, "num_hidden_layers": LAYERS, "num_attention_heads": HEADS,
        "num_key_value_heads": KV_HEADS, "head_dim": HEAD_DIM, "intermediate_size": FEED_FORWARD,
        "vocab_size": vocabulary().len(), "max_position_embeddings": CONTEXT, "rope_theta": 10000.0, "rms_norm_eps": 6.103515625e-5
    });
    fs::write(folder.join("config.json"), config.to_string()).expect("writable");
    let tokens = serde_json::json!({ "chat_template": TEMPLATE, "eos_token": { "content": END } });
    fs::write(folder.join("tokenizer_config.json"), tokens.to_string()).expect("writable");
    let vocab: Vocab = vocabulary().into_iter().zip(0u32..).collect();
    let bpe =
        BPE::builder().vocab_and_merges(vocab, vec![("a".to_owned(), "b".to_owned())]).build().expect("a tokenizer");
    let mut tokenizer = tokenizers::Tokenizer::new(bpe);
    tokenizer.with_pre_tokenizer(Some(ByteLevel::new(false, true, true)));
    tokenizer.with_decoder(Some(ByteLevel::default()));
    tokenizer.add_special_tokens([tokenizers::AddedToken::from(END, true)]).expect("an end token");
    tokenizer.save(folder.join("tokenizer.json"), false).expect("writable");
}

/// The model, read from `folder`, which it was written to.
pub fn model(folder: &Path) -> Model {
    save_folder(folder);
    Model::load(&ModelPath::Folder(folder.into()), Precision::Dense).expect("the tiny model loads")
}

/// An adapter in the middle of its training: neither factor is zero.
pub fn adapter(config: &Config, shape: &AdapterShape, seed: u64) -> Adapter {
    let mut adapter = Adapter::new(config, shape, seed, &DEVICE).expect("an adapter");
    let random = &mut StdRng::seed_from_u64(seed);
    for tensor in tensors_mut(&mut adapter.layers) {
        let values: Vec<f32> = (0..tensor.elem_count()).map(|_| random.random_range(-0.3..0.3)).collect();
        *tensor = Tensor::from_vec(values, tensor.dims(), &DEVICE).expect("a tensor");
    }
    adapter
}
