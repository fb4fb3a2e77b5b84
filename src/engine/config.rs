//! The shape of a model, read from GGUF metadata or from `config.json`. Knows no tensor.

use std::path::Path;

use candle_core::quantized::gguf_file::{Content, Value};
use serde::Deserialize;

use super::error::{EngineError, Result};

const SUPPORTED: &str = "the Llama architecture (SmolLM2 among it)";

/// Dimensions and constants of a Llama-family decoder.
#[derive(Clone, Debug, PartialEq)]
pub struct Config {
    /// Width of the residual stream.
    pub hidden: usize,
    pub layers: usize,
    pub heads: usize,
    /// Heads of keys and values; each serves `heads / kv_heads` query heads.
    pub kv_heads: usize,
    pub head_dim: usize,
    /// Width of the feed-forward part.
    pub feed_forward: usize,
    pub vocabulary: usize,
    /// The longest sequence the model was made for, in tokens.
    pub context: usize,
    pub rope_theta: f64,
    pub norm_epsilon: f64,
}

impl Config {
    /// # Errors
    /// When the architecture is not supported or a key is missing.
    pub fn from_gguf(content: &Content, path: &Path) -> Result<Self> {
        let malformed = |why: String| EngineError::Model { path: path.into(), why };
        let text = |key: &str| content.metadata.get(key).and_then(|v| v.to_string().ok());
        let architecture =
            text("general.architecture").ok_or_else(|| malformed("it names no general.architecture".into()))?;
        if architecture != "llama" {
            return Err(unsupported(path, format!("architecture {architecture:?}")));
        }
        let find = |key: &str| content.metadata.get(&format!("llama.{key}"));
        let count = |key: &str| {
            find(key).and_then(whole_number).ok_or_else(|| malformed(format!("it has no whole number llama.{key}")))
        };
        let real = |key: &str, default: f64| match find(key) {
            Some(value) => value.to_f32().map(f64::from).map_err(|e| malformed(e.to_string())),
            None => Ok(default),
        };
        if let Some(kind) = text("llama.rope.scaling.type").filter(|kind| *kind != "none") {
            return Err(unsupported(path, format!("rope scaling {kind:?}")));
        }
        let (hidden, heads) = (count("embedding_length")?, count("attention.head_count")?);
        let config = Self {
            hidden,
            layers: count("block_count")?,
            heads,
            kv_heads: find("attention.head_count_kv").and_then(whole_number).unwrap_or(heads),
            head_dim: find("attention.key_length").and_then(whole_number).unwrap_or(hidden / heads.max(1)),
            feed_forward: count("feed_forward_length")?,
            vocabulary: content
                .tensor_infos
                .get("token_embd.weight")
                .and_then(|info| info.shape.dims().first().copied())
                .ok_or_else(|| EngineError::MissingTensor { path: path.into(), name: "token_embd.weight".into() })?,
            context: count("context_length")?,
            rope_theta: real("rope.freq_base", 10_000.0)?,
            norm_epsilon: real("attention.layer_norm_rms_epsilon", 1e-5)?,
        };
        config.check(path)
    }

    /// # Errors
    /// When the file is not the `config.json` of a supported model.
    pub fn from_json(bytes: &[u8], path: &Path) -> Result<Self> {
        let json: JsonConfig = serde_json::from_slice(bytes)
            .map_err(|e| EngineError::Model { path: path.into(), why: format!("not a model's config.json ({e})") })?;
        if json.model_type != "llama" {
            return Err(unsupported(path, format!("model_type {:?}", json.model_type)));
        }
        if json.rope_scaling.is_some_and(|scaling| !scaling.is_null()) {
            return Err(unsupported(path, "rope_scaling".into()));
        }
        if json.attention_bias || json.mlp_bias {
            return Err(unsupported(path, "bias terms".into()));
        }
        let config = Self {
            hidden: json.hidden_size,
            layers: json.num_hidden_layers,
            heads: json.num_attention_heads,
            kv_heads: json.num_key_value_heads.unwrap_or(json.num_attention_heads),
            head_dim: json.head_dim.unwrap_or(json.hidden_size / json.num_attention_heads.max(1)),
            feed_forward: json.intermediate_size,
            vocabulary: json.vocab_size,
            context: json.max_position_embeddings,
            rope_theta: json.rope_theta,
            norm_epsilon: json.rms_norm_eps,
        };
        config.check(path)
    }

    /// Query heads served by one head of keys and values.
    #[must_use]
    pub fn group(&self) -> usize {
        self.heads / self.kv_heads
    }

    fn check(self, path: &Path) -> Result<Self> {
        let counts = [
            self.hidden,
            self.layers,
            self.heads,
            self.kv_heads,
            self.head_dim,
            self.feed_forward,
            self.vocabulary,
            self.context,
        ];
        let why = if counts.contains(&0) {
            "one of its dimensions is zero"
        } else if !self.heads.is_multiple_of(self.kv_heads) {
            "its attention heads cannot share its key heads evenly"
        } else if !self.head_dim.is_multiple_of(2) {
            "its head width is odd, so positions cannot be rotated"
        } else {
            return Ok(self);
        };
        Err(EngineError::Model { path: path.into(), why: why.into() })
    }
}

fn unsupported(path: &Path, what: String) -> EngineError {
    EngineError::Unsupported { path: path.into(), what, supported: SUPPORTED }
}

/// GGUF writers disagree on the width of integers.
fn whole_number(value: &Value) -> Option<usize> {
    let wide = match value {
        Value::U8(v) => u64::from(*v),
        Value::U16(v) => u64::from(*v),
        Value::U32(v) => u64::from(*v),
        Value::U64(v) => *v,
        Value::I32(v) => u64::try_from(*v).ok()?,
        Value::I64(v) => u64::try_from(*v).ok()?,
        _ => return None,
    };
    usize::try_from(wide).ok()
}

#[derive(Deserialize)]
struct JsonConfig {
    model_type: String,
    hidden_size: usize,
    num_hidden_layers: usize,
    num_attention_heads: usize,
    num_key_value_heads: Option<usize>,
    head_dim: Option<usize>,
    intermediate_size: usize,
    vocab_size: usize,
    max_position_embeddings: usize,
    #[serde(default = "default_theta")]
    rope_theta: f64,
    #[serde(default = "default_epsilon")]
    rms_norm_eps: f64,
    rope_scaling: Option<serde_json::Value>,
    #[serde(default)]
    attention_bias: bool,
    #[serde(default)]
    mlp_bias: bool,
}

fn default_theta() -> f64 {
    10_000.0
}

fn default_epsilon() -> f64 {
    1e-5
}
