//! Reads a model's shape from GGUF metadata or `config.json` into a [`Config`]. Whatever is not supported is an error
//! that names it. Knows no tensor's values.

use std::path::Path;

use candle_core::quantized::gguf_file::{Content, Value};
use serde::Deserialize;

use super::config::{Activation, Architecture, Config, Family, SlidingWindow};
use super::error::{EngineError, Result};

const SUPPORTED: &str = "Llama (including SmolLM2), Qwen2, Qwen2.5, Qwen3 and Gemma 3 (text only)";

/// One in this many blocks of Gemma 3 is global.
const GEMMA_PATTERN: usize = 6;
const GEMMA_LOCAL_THETA: f64 = 10_000.0;

pub fn unsupported(path: &Path, what: String) -> EngineError {
    EngineError::Unsupported { path: path.into(), what, supported: SUPPORTED }
}

/// What all models of a family have in common.
fn family(architecture: Architecture) -> Family {
    let gemma = architecture == Architecture::Gemma3;
    Family {
        architecture,
        activation: if gemma { Activation::Gelu } else { Activation::Silu },
        bias: architecture == Architecture::Qwen2,
        head_norm: matches!(architecture, Architecture::Qwen3 | Architecture::Gemma3),
        branch_norm: gemma,
        scaled_embedding: gemma,
        ..Family::default()
    }
}

/// The base of the RoPE frequencies where a file states none.
fn usual_base(architecture: Architecture) -> f64 {
    if architecture == Architecture::Gemma3 { 1e6 } else { 10_000.0 }
}

fn gemma_sliding(window: usize, layers: usize, pattern: usize, rope_theta: f64) -> SlidingWindow {
    SlidingWindow { window, local: (1..=layers).map(|layer| !layer.is_multiple_of(pattern)).collect(), rope_theta }
}

/// Newer files state which blocks are local, as a period or one by one; older ones leave it to the reader.
fn stated_sliding(
    window: usize,
    layers: usize,
    pattern: Option<&Value>,
    theta: f64,
) -> candle_core::Result<SlidingWindow> {
    let period = pattern.and_then(whole_number).unwrap_or(GEMMA_PATTERN).max(1);
    let mut sliding = gemma_sliding(window, layers, period, theta);
    if let Some(Value::Array(blocks)) = pattern {
        sliding.local = blocks.iter().map(Value::to_bool).collect::<candle_core::Result<_>>()?;
    }
    Ok(sliding)
}

/// # Errors
/// When the architecture is not supported or a key is missing.
pub fn from_gguf(content: &Content, path: &Path) -> Result<Config> {
    let malformed = |why: String| EngineError::Model { path: path.into(), why };
    let text = |key: &str| content.metadata.get(key).and_then(|v| v.to_string().ok());
    let name = text("general.architecture").ok_or_else(|| malformed("it names no general.architecture".into()))?;
    let architecture: Architecture = name.parse().map_err(|_| unsupported(path, format!("architecture {name:?}")))?;
    let find = |key: &str| content.metadata.get(&format!("{name}.{key}"));
    let whole = |key: &str| find(key).and_then(whole_number);
    let count = |key: &str| whole(key).ok_or_else(|| malformed(format!("it has no whole number {name}.{key}")));
    let real = |key: &str, default: f64| match find(key) {
        Some(value) => value.to_f32().map(f64::from).map_err(|e| malformed(e.to_string())),
        None => Ok(default),
    };
    let (hidden, heads, layers) = (count("embedding_length")?, count("attention.head_count")?, count("block_count")?);
    let head_dim = whole("attention.key_length").unwrap_or(hidden / heads.max(1));
    let mut family = family(architecture);
    match text(&format!("{name}.rope.scaling.type")).map(String::as_str) {
        None | Some("none") => {}
        Some("linear") => family.frequency_divisors = vec![real("rope.scaling.factor", 1.0)?; head_dim / 2],
        Some(kind) => return Err(unsupported(path, format!("rope scaling {kind:?}"))),
    }
    if architecture == Architecture::Gemma3 {
        let stated = find("attention.sliding_window_pattern");
        let theta = real("rope.freq_base_swa", GEMMA_LOCAL_THETA)?;
        let sliding = stated_sliding(count("attention.sliding_window")?, layers, stated, theta);
        family.sliding = Some(sliding.map_err(|e| malformed(e.to_string()))?);
        // The largest model of the family scales scores by hidden size / heads rather than by the head's width.
        const LAYERS_OF_27B: usize = 62;
        family.score_width = (layers == LAYERS_OF_27B).then_some(hidden as f64 / heads as f64);
    }
    let config =
        Config {
            hidden,
            layers,
            heads,
            kv_heads: whole("attention.head_count_kv").unwrap_or(heads),
            head_dim,
            feed_forward: count("feed_forward_length")?,
            vocabulary: content
                .tensor_infos
                .get("token_embd.weight")
                .and_then(|info| info.shape.dims().first().copied())
                .ok_or_else(|| EngineError::MissingTensor { path: path.into(), name: "token_embd.weight".into() })?,
            context: count("context_length")?,
            rope_theta: real("rope.freq_base", usual_base(architecture))?,
            norm_epsilon: real("attention.layer_norm_rms_epsilon", 1e-5)?,
            family,
        };
    config.validated(path)
}

/// # Errors
/// When the file is not the `config.json` of a supported model.
pub fn from_json(bytes: &[u8], path: &Path) -> Result<Config> {
    let malformed = |why: String| EngineError::Model { path: path.into(), why };
    let json: JsonConfig =
        serde_json::from_slice(bytes).map_err(|e| malformed(format!("not a model's config.json ({e})")))?;
    let model_type = json.model_type.strip_suffix("_text").unwrap_or(&json.model_type);
    let named = model_type.parse::<Architecture>().ok();
    // `gemma3` without `_text` is multimodal, with the text model's shape nested elsewhere.
    let architecture = named.filter(|_| json.model_type != "gemma3");
    let architecture = architecture.ok_or_else(|| unsupported(path, format!("model_type {:?}", json.model_type)))?;
    let own_bias = architecture == Architecture::Qwen2;
    let bias = json.mlp_bias || json.attention_bias.unwrap_or(own_bias) != own_bias;
    let cap = json.final_logit_softcapping.or(json.attn_logit_softcapping);
    let rotary_factor = json.partial_rotary_factor.filter(|factor| *factor != 1.0);
    let mut unknown = [
        bias.then(|| "bias terms".to_owned()),
        cap.map(|cap| format!("soft-capped logits (at {cap})")),
        json.use_sliding_window.then(|| "use_sliding_window".to_owned()),
        (json.use_bidirectional_attention == Some(true)).then(|| "use_bidirectional_attention".to_owned()),
        rotary_factor.map(|factor| format!("partial_rotary_factor {factor}")),
    ];
    if let Some(what) = unknown.iter_mut().find_map(Option::take) {
        return Err(unsupported(path, what));
    }
    let heads = json.num_attention_heads;
    let layers = json.num_hidden_layers;
    let gemma = architecture == Architecture::Gemma3;
    let usual_head_dim = if gemma { 256 } else { json.hidden_size / heads.max(1) };
    let head_dim = json.head_dim.unwrap_or(usual_head_dim);
    let rope = json.rope(architecture);
    let mut family = family(architecture);
    family.frequency_divisors = rope.divisors(head_dim).map_err(|what| unsupported(path, what))?;
    let activation = json.hidden_activation.as_deref().or(json.hidden_act.as_deref());
    match (activation, family.activation) {
        (None | Some("silu"), Activation::Silu) | (None | Some("gelu_pytorch_tanh"), Activation::Gelu) => {}
        (Some(other), _) => return Err(unsupported(path, format!("activation {other:?}"))),
    }
    if gemma {
        family.score_width = json.query_pre_attn_scalar;
        let window = json.sliding_window.ok_or_else(|| malformed("it has no sliding_window".into()))?;
        let pattern = json.sliding_window_pattern.unwrap_or(GEMMA_PATTERN).max(1);
        let mut sliding = gemma_sliding(window, layers, pattern, json.local_theta());
        if let Some(types) = &json.layer_types {
            sliding.local = types.iter().map(|kind| kind == "sliding_attention").collect();
        }
        family.sliding = Some(sliding);
    }
    let config = Config {
        hidden: json.hidden_size,
        layers,
        heads,
        kv_heads: json.num_key_value_heads.unwrap_or(heads),
        head_dim,
        feed_forward: json.intermediate_size,
        vocabulary: json.vocab_size,
        context: json.max_position_embeddings,
        rope_theta: rope.rope_theta.unwrap_or(usual_base(architecture)),
        norm_epsilon: json.rms_norm_eps.unwrap_or(if gemma { 1e-6 } else { 1e-5 }),
        family,
    };
    config.validated(path)
}

/// GGUF writers use integers of different widths.
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
    rope_theta: Option<f64>,
    rope_local_base_freq: Option<f64>,
    rms_norm_eps: Option<f64>,
    /// The older name, and the newer one, which includes the base.
    rope_scaling: Option<Rope>,
    rope_parameters: Option<RopeParameters>,
    attention_bias: Option<bool>,
    #[serde(default)]
    mlp_bias: bool,
    hidden_act: Option<String>,
    hidden_activation: Option<String>,
    query_pre_attn_scalar: Option<f64>,
    sliding_window: Option<usize>,
    sliding_window_pattern: Option<usize>,
    #[serde(default)]
    use_sliding_window: bool,
    use_bidirectional_attention: Option<bool>,
    partial_rotary_factor: Option<f64>,
    layer_types: Option<Vec<String>>,
    final_logit_softcapping: Option<f64>,
    attn_logit_softcapping: Option<f64>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum RopeParameters {
    ByLayer { full_attention: Rope, sliding_attention: Rope },
    One(Rope),
}

#[derive(Clone, Default, Deserialize)]
struct Rope {
    #[serde(alias = "type")]
    rope_type: Option<String>,
    rope_theta: Option<f64>,
    factor: Option<f64>,
    low_freq_factor: Option<f64>,
    high_freq_factor: Option<f64>,
    original_max_position_embeddings: Option<f64>,
}

impl JsonConfig {
    /// The RoPE parameters of global blocks.
    fn rope(&self, architecture: Architecture) -> Rope {
        let stated = match &self.rope_parameters {
            Some(RopeParameters::ByLayer { full_attention: rope, .. } | RopeParameters::One(rope)) => Some(rope),
            None => self.rope_scaling.as_ref(),
        };
        let stated = stated.cloned().unwrap_or_default();
        let base = stated.rope_theta.or(self.rope_theta).unwrap_or(usual_base(architecture));
        Rope { rope_theta: Some(base), ..stated }
    }

    fn local_theta(&self) -> f64 {
        match &self.rope_parameters {
            Some(RopeParameters::ByLayer { sliding_attention, .. }) => sliding_attention.rope_theta,
            _ => None,
        }
        .or(self.rope_local_base_freq)
        .unwrap_or(GEMMA_LOCAL_THETA)
    }
}

impl Rope {
    /// The divisor of each frequency. The error names an unsupported kind of scaling.
    fn divisors(&self, head_dim: usize) -> std::result::Result<Vec<f64>, String> {
        let half = head_dim / 2;
        match (self.rope_type.as_deref(), self.factor) {
            (None | Some("default"), _) => Ok(Vec::new()),
            (Some("linear"), Some(factor)) => Ok(vec![factor; half]),
            (Some("llama3"), Some(factor)) => {
                let theta = self.rope_theta.unwrap_or(10_000.0);
                let low = self.low_freq_factor.unwrap_or(1.0);
                let high = self.high_freq_factor.unwrap_or(4.0);
                let trained = self.original_max_position_embeddings.unwrap_or(8192.0);
                Ok((0..half).map(|i| llama3_divisor(theta, i, head_dim, factor, low, high, trained)).collect())
            }
            (Some(kind), _) => Err(format!("rope scaling {kind:?}")),
        }
    }
}

/// Llama 3.1's scaling: wavelengths longer than the original context are stretched by `factor`, short ones are
/// unchanged, those in between are interpolated.
fn llama3_divisor(theta: f64, i: usize, head_dim: usize, factor: f64, low: f64, high: f64, trained: f64) -> f64 {
    let wavelength = 2.0 * std::f64::consts::PI * theta.powf(2.0 * i as f64 / head_dim as f64);
    let turns = trained / wavelength;
    if turns < low {
        factor
    } else if turns > high {
        1.0
    } else {
        let share = (turns - low) / (high - low);
        1.0 / ((1.0 - share) / factor + share)
    }
}
