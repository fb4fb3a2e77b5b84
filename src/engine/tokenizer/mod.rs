//! Text to token ids and back, as the model was trained with. Knows no chat format.
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

/// A BPE tokenizer, with the tokens that begin and end what the model reads.
#[derive(Clone, Debug)]
pub struct Tokenizer {
    inner: tokenizers::Tokenizer,
    /// The token that ends a reply.
    pub end: u32,
    /// The token that a text begins with, where the model was trained so.
    pub begin: Option<u32>,
    /// All tokens after which nothing of a reply follows.
    ends: BTreeSet<u32>,
    /// Whether a space is put before every text.
    space_first: bool,
}

/// What stands beside a `tokenizer.json` about the tokens in it.
#[derive(Clone, Debug, Default)]
pub struct Tokens<'a> {
    /// The token that ends a reply.
    pub end: &'a str,
    /// Ids of others that do.
    pub also_end: &'a [u32],
    /// The token that a text may begin with.
    pub begin: &'a str,
    /// Whether a text begins with the begin token; when this is not said, `tokenizer.json` says it.
    pub begins: Option<bool>,
}

impl Tokenizer {
    /// Builds the tokenizer a GGUF file describes.
    ///
    /// # Errors
    /// When the metadata is incomplete, or names a kind of tokenizer or a rule that is not known: to guess would give wrong
    /// ids in silence.
    pub fn from_gguf(content: &Content, path: &Path) -> Result<Self> {
        let metadata = Metadata::of(content, path);
        let model = metadata.text("model")?;
        let (mut inner, begins, vocabulary) = match model {
            "gpt2" => {
                let vocabulary = Vocabulary::read(&metadata)?;
                let (tokenizer, begins) = byte_level::build(&metadata, &vocabulary)?;
                (tokenizer, begins, vocabulary)
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
            (asked, begin) => begin.filter(|_| asked.unwrap_or(begins)),
        };
        let ends = [turn, text, id("eom")?].into_iter().flatten();
        Ok(Self::new(inner, end, ends, begin))
    }

    /// Reads a `tokenizer.json`.
    ///
    /// # Errors
    /// When the file is malformed or lacks a token that is named.
    pub fn from_json(path: &Path, tokens: &Tokens) -> Result<Self> {
        let bad = |why: String| EngineError::Tokenizer { path: path.into(), why };
        let inner = tokenizers::Tokenizer::from_file(path).map_err(|e| bad(e.to_string()))?;
        let id = |token: &str, which: &str| {
            inner.token_to_id(token).ok_or_else(|| bad(format!("it has no token {token:?}, which {which}")))
        };
        let end = id(tokens.end, "ends a reply")?;
        let begin = match tokens.begins {
            Some(true) => Some(id(tokens.begin, "begins a text")?),
            Some(false) => None,
            None => {
                let empty = inner.encode_fast("", true).map_err(|e| bad(e.to_string()))?;
                inner.token_to_id(tokens.begin).filter(|id| empty.get_ids().first() == Some(id))
            }
        };
        let ends = tokens.also_end.iter().copied();
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

    /// The same tokenizer, replies ended by the token that `after` begins with: what a chat template writes after one.
    /// Without effect when that is no control token.
    #[must_use]
    pub fn ended_like(mut self, after: &str) -> Self {
        let first = self.encode(after.trim_start()).ok().and_then(|ids| ids.first().copied());
        let control = self.inner.get_added_tokens_decoder();
        if let Some(id) = first.filter(|id| control.get(id).is_some_and(|token| token.special)) {
            self.end = id;
            self.ends.insert(id);
        }
        self
    }

    /// The ids of `text`. Control tokens written out in it (`<|im_end|>`) become control ids: for rendered templates only.
    /// Nothing is put before or after them.
    ///
    /// # Errors
    /// When the tokenizer refuses the text.
    pub fn encode(&self, text: &str) -> Result<Vec<u32>> {
        let encoding = self.inner.encode_fast(text, false).map_err(|e| EngineError::Encode(e.to_string()))?;
        Ok(encoding.get_ids().to_vec())
    }

    /// The ids of `reply` where it follows `prompt`: without the space that some tokenizers put before a text, when the prompt
    /// ends with space of its own.
    ///
    /// # Errors
    /// When the tokenizer refuses the text.
    pub fn encode_reply(&self, prompt: &str, reply: &str) -> Result<Vec<u32>> {
        if self.space_first && prompt.ends_with(char::is_whitespace) {
            let (before, whole) = (self.encode(prompt)?, self.encode(&format!("{prompt}{reply}"))?);
            if let Some(ids) = whole.strip_prefix(before.as_slice()) {
                return Ok(ids.to_vec());
            }
        }
        self.encode(reply)
    }

    /// The text of `ids`, control tokens left out. Some tokenizers begin every text with a space, which is taken off again:
    /// so the texts of two parts, joined, may lack a space between them.
    ///
    /// # Errors
    /// When an id is unknown.
    pub fn decode(&self, ids: &[u32]) -> Result<String> {
        self.inner.decode(ids, true).map_err(|e| EngineError::Encode(e.to_string()))
    }

    /// Whether a reply ends at this token.
    #[must_use]
    pub fn is_end(&self, id: u32) -> bool {
        self.ends.contains(&id)
    }

    /// The control tokens, as text: what must not be read as control in a person's writing.
    pub fn control_texts(&self) -> impl Iterator<Item = String> {
        self.inner.get_added_tokens_decoder().into_values().filter(|token| token.special).map(|token| token.content)
    }
}
