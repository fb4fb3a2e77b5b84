//! The tokens listed in a GGUF file, each with its kind. Does not know how text is split.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use candle_core::quantized::gguf_file::{Content, Value};
use tokenizers::AddedToken;
use tokenizers::models::bpe::Vocab;

use crate::engine::error::{EngineError, Result};

/// `tokenizer.ggml.token_type`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::FromRepr)]
#[repr(i64)]
pub enum Kind {
    /// The result of merges.
    Normal = 1,
    /// Represents text that has no token.
    Unknown,
    /// A control token, such as those between chat turns: never part of a text.
    Control,
    /// Text that is always one token.
    UserDefined,
    /// A row of the embedding without a token.
    Unused,
    /// One byte of a character that has no token.
    Byte,
}

/// End tokens of a turn or a text. A response ends at any of these that the vocabulary contains.
pub const ENDS: [&str; 8] =
    ["<|im_end|>", "<|endoftext|>", "<|eot_id|>", "<|eom_id|>", "<|end_of_text|>", "<end_of_turn>", "<eos>", "<|end|>"];

/// Other control tokens of chats. Some files give them, and the end tokens, a kind that a user's text could spell out.
const CONTROL: [&str; 6] =
    ["<|im_start|>", "<|begin_of_text|>", "<|start_header_id|>", "<|end_header_id|>", "<start_of_turn>", "<bos>"];

/// The metadata under `tokenizer.ggml`; errors name the file.
pub struct Metadata<'a> {
    content: &'a Content,
    path: &'a Path,
}

impl<'a> Metadata<'a> {
    pub fn of(content: &'a Content, path: &'a Path) -> Self {
        Self { content, path }
    }

    pub fn bad(&self, why: impl Into<String>) -> EngineError {
        EngineError::Tokenizer { path: PathBuf::from(self.path), why: why.into() }
    }

    pub fn find(&self, name: &str) -> Option<&'a Value> {
        self.content.metadata.get(&format!("tokenizer.ggml.{name}"))
    }

    pub fn text(&self, name: &str) -> Result<&'a str> {
        let value = self.needed(name)?;
        value.to_string().map(String::as_str).map_err(|_| self.bad(format!("tokenizer.ggml.{name} is not a string")))
    }

    pub fn texts(&self, name: &str) -> Result<Vec<String>> {
        self.list(name, "strings", |value| value.to_string().ok().cloned())
    }

    pub fn reals(&self, name: &str) -> Result<Vec<f32>> {
        self.list(name, "numbers", |value| value.to_f32().ok())
    }

    /// # Errors
    /// When the key exists and is not a boolean.
    pub fn flag(&self, name: &str) -> Result<Option<bool>> {
        self.find(name)
            .map(|value| value.to_bool().map_err(|_| self.bad(format!("tokenizer.ggml.{name} is not a boolean"))))
            .transpose()
    }

    fn needed(&self, name: &str) -> Result<&'a Value> {
        self.find(name).ok_or_else(|| self.bad(format!("the file has no tokenizer.ggml.{name}")))
    }

    fn list<T>(&self, name: &str, what: &str, item: impl Fn(&Value) -> Option<T>) -> Result<Vec<T>> {
        self.needed(name)?
            .to_vec()
            .ok()
            .and_then(|values| values.iter().map(item).collect())
            .ok_or_else(|| self.bad(format!("tokenizer.ggml.{name} is not a list of {what}")))
    }
}

pub struct Vocabulary {
    pub tokens: Vec<String>,
    pub kinds: Vec<Kind>,
}

impl Vocabulary {
    /// # Errors
    /// When tokens or kinds are missing, malformed, of an unknown kind, or ambiguous.
    pub fn read(metadata: &Metadata) -> Result<Self> {
        let tokens = metadata.texts("tokens")?;
        let numbers = metadata.list("token_type", "integers", |value| match value {
            Value::I32(number) => Some(i64::from(*number)),
            Value::U32(number) => Some(i64::from(*number)),
            _ => None,
        })?;
        if numbers.len() != tokens.len() {
            return Err(metadata.bad(format!("it has {} tokens and {} token types", tokens.len(), numbers.len())));
        }
        let kinds = numbers.iter().zip(&tokens).map(|(number, token)| match Kind::from_repr(*number) {
            Some(_) if ENDS.contains(&token.as_str()) || CONTROL.contains(&token.as_str()) => Ok(Kind::Control),
            Some(kind) => Ok(kind),
            None => Err(metadata.bad(format!("the token {token:?} has the unknown type {number}"))),
        });
        let vocabulary = Self { kinds: kinds.collect::<Result<_>>()?, tokens };
        match vocabulary.repeated() {
            Some(token) => Err(metadata.bad(format!("the token {token:?} is listed twice, so its id is ambiguous"))),
            None => Ok(vocabulary),
        }
    }

    pub fn used(&self) -> impl Iterator<Item = (u32, &str, Kind)> {
        let all = (0u32..).zip(&self.tokens).zip(&self.kinds).map(|((id, token), kind)| (id, token.as_str(), *kind));
        all.filter(|(_, _, kind)| *kind != Kind::Unused)
    }

    pub fn ids(&self) -> Vocab {
        self.used().map(|(id, token, _)| (token.to_owned(), id)).collect()
    }

    /// Tokens matched in a text before merging: control tokens, and texts that are always one token.
    pub fn added(&self) -> Vec<AddedToken> {
        self.used()
            .filter_map(|(_, token, kind)| match kind {
                Kind::Control | Kind::Unknown => Some(AddedToken::from(token, true)),
                Kind::UserDefined => Some(AddedToken::from(token, false).normalized(false)),
                Kind::Normal | Kind::Byte | Kind::Unused => None,
            })
            .collect()
    }

    fn repeated(&self) -> Option<&str> {
        let mut seen = BTreeMap::new();
        self.used().find(|(id, token, _)| seen.insert(*token, *id).is_some()).map(|(_, token, _)| token)
    }
}
