//! Tokenizer and chat template of a model in Hugging Face layout. Knows no weights.

use std::path::Path;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::chat::ChatTemplate;
use super::error::{EngineError, Result};
use super::tokenizer::{SpecialTokens, Tokenizer};

/// # Errors
/// When a file is missing or malformed, or names a token that does not exist.
pub fn tokenizer_and_chat(folder: &Path) -> Result<(Tokenizer, ChatTemplate)> {
    let config: TokenizerConfig = json(&folder.join("tokenizer_config.json"))?;
    let source = match config.chat_template.map(Template::source) {
        Some(source) => source?,
        None => String::from_utf8_lossy(&read(&folder.join("chat_template.jinja"))?).into_owned(),
    };
    let generation = folder.join("generation_config.json");
    let generation: GenerationConfig =
        if generation.exists() { json(&generation)? } else { GenerationConfig::default() };
    let text = |token: Option<SpecialToken>| token.map(SpecialToken::text).unwrap_or_default();
    let (bos, eos) = (text(config.bos_token), text(config.eos_token));
    let other_ends = generation.eos_token_id.map(Ids::list).unwrap_or_default();
    let tokens = SpecialTokens { end: &eos, other_ends: &other_ends, begin: &bos, add_begin: config.add_bos_token };
    let tokenizer = Tokenizer::from_json(&folder.join("tokenizer.json"), &tokens)?;
    Ok((tokenizer, ChatTemplate::new(&source, &bos, &eos)?))
}

fn read(path: &Path) -> Result<Vec<u8>> {
    std::fs::read(path).map_err(|source| EngineError::Read { path: path.into(), source })
}

fn json<T: DeserializeOwned>(path: &Path) -> Result<T> {
    let malformed = |e: serde_json::Error| EngineError::Tokenizer { path: path.into(), why: e.to_string() };
    serde_json::from_slice(&read(path)?).map_err(malformed)
}

#[derive(Deserialize)]
struct TokenizerConfig {
    chat_template: Option<Template>,
    bos_token: Option<SpecialToken>,
    eos_token: Option<SpecialToken>,
    add_bos_token: Option<bool>,
}

#[derive(Default, Deserialize)]
struct GenerationConfig {
    eos_token_id: Option<Ids>,
}

/// One template, or several, one of which is the default.
#[derive(Deserialize)]
#[serde(untagged)]
enum Template {
    One(String),
    Named(Vec<NamedTemplate>),
}

#[derive(Deserialize)]
struct NamedTemplate {
    name: String,
    template: String,
}

impl Template {
    fn source(self) -> Result<String> {
        match self {
            Self::One(source) => Ok(source),
            Self::Named(templates) => templates
                .into_iter()
                .find(|named| named.name == "default")
                .map(|named| named.template)
                .ok_or_else(|| EngineError::Template("the model has no template named \"default\"".into())),
        }
    }
}

/// A plain string in some files, an object in others.
#[derive(Deserialize)]
#[serde(untagged)]
enum SpecialToken {
    Text(String),
    Object { content: String },
}

impl SpecialToken {
    fn text(self) -> String {
        match self {
            Self::Text(text) | Self::Object { content: text } => text,
        }
    }
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Ids {
    One(u32),
    Many(Vec<u32>),
}

impl Ids {
    fn list(self) -> Vec<u32> {
        match self {
            Self::One(id) => vec![id],
            Self::Many(ids) => ids,
        }
    }
}
