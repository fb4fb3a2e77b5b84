//! Text to token ids and back, as the model was trained with. Knows no chat format.

use std::path::Path;

use candle_core::quantized::gguf_file::{Content, Value};
use tokenizers::models::bpe::{BPE, Vocab};
use tokenizers::pre_tokenizers::byte_level::ByteLevel;
use tokenizers::pre_tokenizers::digits::Digits;
use tokenizers::pre_tokenizers::sequence::Sequence;
use tokenizers::{AddedToken, PreTokenizerWrapper};

use super::error::{EngineError, Result};

/// `tokenizer.ggml.token_type` of a control token, such as the marks between chat turns.
const CONTROL: i64 = 3;

/// A byte-level BPE tokenizer.
#[derive(Clone, Debug)]
pub struct Tokenizer {
    inner: tokenizers::Tokenizer,
    /// The token that ends a reply.
    pub end: u32,
    /// Other tokens after which nothing of a reply follows.
    also_end: Vec<u32>,
}

impl Tokenizer {
    /// Builds the tokenizer a GGUF file describes.
    ///
    /// candle's own reader knows few splitting rules and falls back to GPT-2's in silence, which gives wrong ids for
    /// SmolLM (it splits digits one by one); so an unknown rule is an error here.
    ///
    /// # Errors
    /// When the metadata is incomplete or the splitting rule is unknown.
    pub fn from_gguf(content: &Content, path: &Path) -> Result<Self> {
        let bad = |why: String| EngineError::Tokenizer { path: path.into(), why };
        let key = |name: &str| {
            content
                .metadata
                .get(&format!("tokenizer.ggml.{name}"))
                .ok_or_else(|| bad(format!("the file has no tokenizer.ggml.{name}")))
        };
        let model = key("model")?.to_string().map_err(|e| bad(e.to_string()))?;
        if model != "gpt2" {
            return Err(bad(format!("tokenizer model {model:?} is not supported, only byte-level BPE (\"gpt2\")")));
        }
        let tokens = strings(key("tokens")?).ok_or_else(|| bad("the tokens are not strings".into()))?;
        let merges = strings(key("merges")?)
            .and_then(|merges| {
                merges.iter().map(|m| m.split_once(' ').map(|(a, b)| (a.to_owned(), b.to_owned()))).collect()
            })
            .ok_or_else(|| bad("the merges are not pairs of tokens".into()))?;
        let rule = key("pre").and_then(|v| v.to_string().map_err(|e| bad(e.to_string())))?;

        let vocabulary: Vocab = tokens.iter().cloned().zip(0u32..).collect();
        let bpe = BPE::builder().vocab_and_merges(vocabulary, merges);
        let mut inner = tokenizers::Tokenizer::new(bpe.build().map_err(|e| bad(e.to_string()))?);
        inner.with_pre_tokenizer(Some(
            splitting(rule)
                .ok_or_else(|| bad(format!("the splitting rule {rule:?} is unknown; token ids would be wrong")))?,
        ));
        inner.with_decoder(Some(ByteLevel::default()));
        inner.add_special_tokens(control_tokens(key("token_type")?, &tokens)).map_err(|e| bad(e.to_string()))?;
        let end = key("eos_token_id")?.to_u32().map_err(|e| bad(e.to_string()))?;
        Ok(Self::new(inner, end))
    }

    /// Reads a `tokenizer.json`; `end` is the text of the token that ends a reply.
    ///
    /// # Errors
    /// When the file is malformed or lacks the end token.
    pub fn from_json(path: &Path, end: &str) -> Result<Self> {
        let bad = |why: String| EngineError::Tokenizer { path: path.into(), why };
        let inner = tokenizers::Tokenizer::from_file(path).map_err(|e| bad(e.to_string()))?;
        let end = inner.token_to_id(end).ok_or_else(|| bad(format!("it has no token {end:?}, which ends a reply")))?;
        Ok(Self::new(inner, end))
    }

    fn new(inner: tokenizers::Tokenizer, end: u32) -> Self {
        let also_end = inner.token_to_id("<|endoftext|>").into_iter().filter(|id| *id != end).collect();
        Self { inner, end, also_end }
    }

    /// The ids of `text`. Control tokens written out in it (`<|im_end|>`) become control ids: for rendered templates only.
    ///
    /// # Errors
    /// When the tokenizer refuses the text.
    pub fn encode(&self, text: &str) -> Result<Vec<u32>> {
        let encoding = self.inner.encode_fast(text, false).map_err(|e| EngineError::Encode(e.to_string()))?;
        Ok(encoding.get_ids().to_vec())
    }

    /// The text of `ids`, control tokens left out.
    ///
    /// # Errors
    /// When an id is unknown.
    pub fn decode(&self, ids: &[u32]) -> Result<String> {
        self.inner.decode(ids, true).map_err(|e| EngineError::Encode(e.to_string()))
    }

    /// Whether a reply ends at this token.
    #[must_use]
    pub fn is_end(&self, id: u32) -> bool {
        id == self.end || self.also_end.contains(&id)
    }

    /// The control tokens, as text: what must not be read as control in a person's writing.
    pub fn control_texts(&self) -> impl Iterator<Item = String> {
        self.inner.get_added_tokens_decoder().into_values().filter(|token| token.special).map(|token| token.content)
    }
}

/// How text is cut before merging, by the GGUF name of the rule; checked against reference ids in `tests/tokenizer.rs`.
fn splitting(rule: &str) -> Option<PreTokenizerWrapper> {
    let byte_level = || ByteLevel::new(false, true, true);
    match rule {
        "smollm" => Some(Sequence::new(vec![Digits::new(true).into(), byte_level().into()]).into()),
        "gpt-2" => Some(byte_level().into()),
        _ => None,
    }
}

fn strings(value: &Value) -> Option<Vec<String>> {
    value.to_vec().ok()?.iter().map(|v| v.to_string().ok().cloned()).collect()
}

fn control_tokens(types: &Value, tokens: &[String]) -> Vec<AddedToken> {
    let types = types.to_vec().map(Vec::as_slice).unwrap_or_default();
    let control = |value: &Value| match value {
        Value::I32(kind) => i64::from(*kind) == CONTROL,
        Value::U32(kind) => i64::from(*kind) == CONTROL,
        _ => false,
    };
    types
        .iter()
        .zip(tokens)
        .filter(|(kind, _)| control(kind))
        .map(|(_, token)| AddedToken::from(token.clone(), true).normalized(false))
        .collect()
}
