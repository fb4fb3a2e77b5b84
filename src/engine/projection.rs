//! The seven projections (linear maps) of a block, and their names in every format. Holds no weight.

use serde::{Deserialize, Serialize};

use super::config::Config;

/// One of the projections of a transformer block, in the order of application. Serialized as its module name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "&'static str", try_from = "String")]
pub enum Projection {
    Query,
    Key,
    Value,
    Output,
    Gate,
    Up,
    Down,
}

impl From<Projection> for &'static str {
    fn from(projection: Projection) -> Self {
        projection.module()
    }
}

impl TryFrom<String> for Projection {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl std::str::FromStr for Projection {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let known = || Self::ALL.map(Self::module).join(", ");
        let found = Self::ALL.into_iter().find(|projection| projection.module() == text);
        found.ok_or_else(|| format!("there is no linear map {text:?}; known are {}", known()))
    }
}

impl Projection {
    pub const ALL: [Self; 7] = [Self::Query, Self::Key, Self::Value, Self::Output, Self::Gate, Self::Up, Self::Down];

    /// The module's name in Hugging Face checkpoints, such as `q_proj`; PEFT lists these as `target_modules`.
    #[must_use]
    pub fn module(self) -> &'static str {
        match self {
            Self::Query => "q_proj",
            Self::Key => "k_proj",
            Self::Value => "v_proj",
            Self::Output => "o_proj",
            Self::Gate => "gate_proj",
            Self::Up => "up_proj",
            Self::Down => "down_proj",
        }
    }

    /// The path within a layer of a Hugging Face checkpoint, such as `self_attn.q_proj`.
    #[must_use]
    pub fn path(self) -> String {
        let part = match self {
            Self::Query | Self::Key | Self::Value | Self::Output => "self_attn",
            Self::Gate | Self::Up | Self::Down => "mlp",
        };
        format!("{part}.{}", self.module())
    }

    /// The name within a block of a GGUF file, such as `attn_q`.
    #[must_use]
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
    #[must_use]
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
