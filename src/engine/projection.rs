//! The seven projections (linear maps) of a block, and their names in every format. Holds no weight.

use serde::{Deserialize, Serialize};
use strum::VariantNames;

use super::config::Config;

/// One of the projections of a transformer block, in the order of application. Serialized as its module name.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    strum::EnumString,
    strum::IntoStaticStr,
    strum::VariantNames,
)]
#[serde(into = "&'static str", try_from = "String")]
#[strum(parse_err_ty = String, parse_err_fn = unknown)]
pub enum Projection {
    #[strum(serialize = "q_proj")]
    Query,
    #[strum(serialize = "k_proj")]
    Key,
    #[strum(serialize = "v_proj")]
    Value,
    #[strum(serialize = "o_proj")]
    Output,
    #[strum(serialize = "gate_proj")]
    Gate,
    #[strum(serialize = "up_proj")]
    Up,
    #[strum(serialize = "down_proj")]
    Down,
}

impl TryFrom<String> for Projection {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

fn unknown(text: &str) -> String {
    format!("there is no projection {text:?}; the projections are {}", Projection::VARIANTS.join(", "))
}

impl Projection {
    pub const ALL: [Self; 7] = [Self::Query, Self::Key, Self::Value, Self::Output, Self::Gate, Self::Up, Self::Down];

    /// The module's name in Hugging Face checkpoints, such as `q_proj`; PEFT lists these as `target_modules`.
    pub fn module(self) -> &'static str {
        self.into()
    }

    /// The path within a layer of a Hugging Face checkpoint, such as `self_attn.q_proj`.
    pub fn path(self) -> String {
        let part = match self {
            Self::Query | Self::Key | Self::Value | Self::Output => "self_attn",
            Self::Gate | Self::Up | Self::Down => "mlp",
        };
        format!("{part}.{}", self.module())
    }

    /// The name within a block of a GGUF file, such as `attn_q`.
    pub fn gguf(self) -> &'static str {
        match self {
            Self::Query => "attn_q",
            Self::Key => "attn_k",
            Self::Value => "attn_v",
            Self::Output => "attn_output",
            Self::Gate => "ffn_gate",
            Self::Up => "ffn_up",
            Self::Down => "ffn_down",
        }
    }

    /// (outputs, inputs) of the projection.
    pub fn dims(self, config: &Config) -> (usize, usize) {
        let queries = config.heads * config.head_dim;
        let keys = config.kv_heads * config.head_dim;
        match self {
            Self::Query => (queries, config.hidden),
            Self::Key | Self::Value => (keys, config.hidden),
            Self::Output => (config.hidden, queries),
            Self::Gate | Self::Up => (config.feed_forward, config.hidden),
            Self::Down => (config.hidden, config.feed_forward),
        }
    }
}
