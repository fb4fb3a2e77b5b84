//! Converts text to token ids and back, as the model was trained. Knows no chat format.
//!
//! | file | job |
//! |---|---|
//! | `vocabulary` | the tokens a GGUF file lists |
//! | `byte_level` | BPE over bytes, by the file's splitting rule and merges |
//! | `sentence_piece` | BPE over characters, by the file's scores |

mod byte_level;
mod sentence_piece;
mod vocabulary;

use std::collections::BTreeSet;
use std::path::Path;

use candle_core::quantized::gguf_file::{Content, Value};

use crate::engine::error::{EngineError, Result};
use sentence_piece::SPACE;
use vocabulary::{ENDS, Metadata, Vocabulary};

/// A BPE tokenizer with its begin and end tokens.
#[derive(Clone, Debug)]
pub struct Tokenizer {
    inner: tokenizers::Tokenizer,
    /// The token that ends a response.
    pub end: u32,
    /// The token that a text starts with, if the model was trained with one.
    pub begin: Option<u32>,
    /// All tokens that end a response.
    ends: BTreeSet<u32>,
    /// Whether a space is prepended to every text.
    space_first: bool,
}

/// Special tokens by the files beside `tokenizer.json`.
#[derive(Clone, Debug, Default)]
pub struct SpecialTokens<'a> {
    /// The token that ends a response.
    pub end: &'a str,
    /// Ids of other tokens that end one.
    pub other_ends: &'a [u32],
    /// The token that a text may start with.
    pub begin: &'a str,
    /// Whether a text starts with the begin token; if unknown, `tokenizer.json` decides.
    pub add_begin: Option<bool>,
}

impl Tokenizer {
    /// Builds the tokenizer that a GGUF file describes.
    ///
    /// # Errors
    /// When the metadata is incomplete, or names an unknown kind of tokenizer or rule: guessing would silently give
    /// wrong ids.
    pub fn from_gguf(content: &Content, path: &Path) -> Result<Self> {
        let metadata = Metadata::of(content, path);
        let model = metadata.text("model")?;
        let (mut inner, add_begin, vocabulary) = match model {
            "gpt2" => {
                let vocabulary = Vocabulary::read(&metadata)?;
                let (tokenizer, add_begin) = byte_level::build(&metadata, &vocabulary)?;
                (tokenizer, add_begin, vocabulary)
            }
            "llama" => {
                let mut vocabulary = Vocabulary::read(&metadata)?;
                (sentence_piece::build(&metadata, &mut vocabulary)?, true, vocabulary)
            }
            _ => {
                let known = "byte-level BPE (\"gpt2\") and SentencePiece's BPE (\"llama\")";
                return Err(metadata.bad(format!("tokenizer model {model:?} is not supported, only {known}")));
            }
        };
        let id = |name: &str| match metadata.find(&format!("{name}_token_id")) {
            Some(Value::U32(id)) if (*id as usize) < vocabulary.tokens.len() => Ok(Some(*id)),
            Some(_) => Err(metadata.bad(format!("tokenizer.ggml.{name}_token_id is not the id of a token"))),
            None => Ok(None),
        };
        inner.add_tokens(vocabulary.added()).map_err(|e| metadata.bad(e.to_string()))?;
        let (turn, text) = (id("eot")?, id("eos")?);
        let end = turn.or(text).ok_or_else(|| metadata.bad("the file has no tokenizer.ggml.eos_token_id"))?;
        let begin = match (metadata.flag("add_bos_token")?, id("bos")?) {
            (Some(true), None) => return Err(metadata.bad("the file has no tokenizer.ggml.bos_token_id")),
            (stated, begin) => begin.filter(|_| stated.unwrap_or(add_begin)),
        };
        let ends = [turn, text, id("eom")?].into_iter().flatten();
        Ok(Self::new(inner, end, ends, begin))
    }

    /// Reads a `tokenizer.json`.
    ///
    /// # Errors
    /// When the file is malformed or does not contain one of `tokens`.
    pub fn from_json(path: &Path, tokens: &SpecialTokens) -> Result<Self> {
        let bad = |why: String| EngineError::Tokenizer { path: path.into(), why };
        let inner = tokenizers::Tokenizer::from_file(path).map_err(|e| bad(e.to_string()))?;
        let id = |token: &str, which: &str| {
            inner.token_to_id(token).ok_or_else(|| bad(format!("it has no token {token:?}, which {which}")))
        };
        let end = id(tokens.end, "ends a response")?;
        let begin = match tokens.add_begin {
            Some(true) => Some(id(tokens.begin, "begins a text")?),
            Some(false) => None,
            None => {
                let empty = inner.encode_fast("", true).map_err(|e| bad(e.to_string()))?;
                inner.token_to_id(tokens.begin).filter(|id| empty.get_ids().first() == Some(id))
            }
        };
        let ends = tokens.other_ends.iter().copied();
        Ok(Self::new(inner, end, ends, begin))
    }

    fn new(inner: tokenizers::Tokenizer, end: u32, ends: impl Iterator<Item = u32>, begin: Option<u32>) -> Self {
        let known = inner.get_added_tokens_decoder();
        let known = known.iter().filter(|(_, token)| ENDS.contains(&token.content.as_str())).map(|(id, _)| *id);
        let ends = ends.chain([end]).chain(known).collect();
        let first = inner.encode_fast("a", false).ok().and_then(|a| a.get_ids().first().copied());
        let space_first = first.and_then(|id| inner.id_to_token(id)).is_some_and(|token| token.starts_with(SPACE));
        Self { inner, end, begin, ends, space_first }
    }

    /// The same tokenizer with responses ended by the first token of `after`, which a chat template writes after a
    /// response. Without effect if that is not a control token.
    #[must_use]
    pub fn with_end_of(mut self, after: &str) -> Self {
        let first = self.encode(after.trim_start()).ok().and_then(|ids| ids.first().copied());
        let control = self.inner.get_added_tokens_decoder();
        if let Some(id) = first.filter(|id| control.get(id).is_some_and(|token| token.special)) {
            self.end = id;
            self.ends.insert(id);
        }
        self
    }

    /// The ids of `text`, with no token added before or after. Control tokens spelled out in it (`<|im_end|>`) become
    /// control ids, so this is for rendered templates only.
    pub fn encode(&self, text: &str) -> Result<Vec<u32>> {
        let encoding = self.inner.encode_fast(text, false).map_err(|e| EngineError::Encode(e.to_string()))?;
        Ok(encoding.get_ids().to_vec())
    }

    /// The ids of `reply` after `prompt`: without the space that some tokenizers prepend to a text, if the prompt
    /// ends with white space.
    pub fn encode_reply(&self, prompt: &str, reply: &str) -> Result<Vec<u32>> {
        if self.space_first && prompt.ends_with(char::is_whitespace) {
            let (before, whole) = (self.encode(prompt)?, self.encode(&format!("{prompt}{reply}"))?);
            if let Some(ids) = whole.strip_prefix(before.as_slice()) {
                return Ok(ids.to_vec());
            }
        }
        self.encode(reply)
    }

    /// The text of `ids` without control tokens. Some tokenizers prepend a space to every text and strip it here, so
    /// the joined texts of two parts may lack the space between them.
    pub fn decode(&self, ids: &[u32]) -> Result<String> {
        self.inner.decode(ids, true).map_err(|e| EngineError::Encode(e.to_string()))
    }

    pub fn is_end(&self, id: u32) -> bool {
        self.ends.contains(&id)
    }

    /// The texts of the control tokens, which must not be read as such in a user's text.
    pub fn control_texts(&self) -> impl Iterator<Item = String> {
        self.inner.get_added_tokens_decoder().into_values().filter(|token| token.special).map(|token| token.content)
    }
}
