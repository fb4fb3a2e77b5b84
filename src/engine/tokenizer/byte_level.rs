//! Byte-level BPE as GGUF describes it: text is cut by a named rule, then merged by a list of pairs. Knows no scores.

use tokenizers::models::bpe::BPE;
use tokenizers::normalizers::NFC;
use tokenizers::pre_tokenizers::byte_level::ByteLevel;
use tokenizers::pre_tokenizers::digits::Digits;
use tokenizers::pre_tokenizers::sequence::Sequence;
use tokenizers::pre_tokenizers::split::{Split, SplitPattern};
use tokenizers::{PreTokenizerWrapper, SplitDelimiterBehavior, Tokenizer};

use super::vocabulary::{Metadata, Vocabulary};
use crate::engine::error::Result;

/// How one family cuts text before merging.
struct Rule {
    splitting: PreTokenizerWrapper,
    /// Whether a piece that is a token is taken as it is, though the merges would cut it otherwise.
    whole_pieces: bool,
    /// Whether characters written in parts are put together first.
    composed: bool,
    /// Whether a text begins with the begin token when the file does not say.
    begins: bool,
}

/// The tokenizer, and whether a text begins with the begin token when the file does not say.
///
/// # Errors
/// When the metadata is incomplete or the splitting rule is unknown.
pub fn build(metadata: &Metadata, vocabulary: &Vocabulary) -> Result<(Tokenizer, bool)> {
    let merges = metadata.texts("merges")?;
    let merges = merges.iter().map(|pair| match pair.split_once(' ') {
        Some((left, right)) => Ok((left.to_owned(), right.to_owned())),
        None => Err(metadata.bad(format!("the merge {pair:?} is not a pair of tokens"))),
    });
    let name = metadata.text("pre")?;
    let rule = rule(name)
        .ok_or_else(|| metadata.bad(format!("the splitting rule {name:?} is unknown; token ids would be wrong")))?;
    let bpe = BPE::builder().vocab_and_merges(vocabulary.ids(), merges.collect::<Result<_>>()?);
    let bpe = bpe.ignore_merges(rule.whole_pieces).build().map_err(|e| metadata.bad(e.to_string()))?;
    let mut tokenizer = Tokenizer::new(bpe);
    if rule.composed {
        tokenizer.with_normalizer(Some(NFC)).map_err(|e| metadata.bad(e.to_string()))?;
    }
    tokenizer.with_pre_tokenizer(Some(rule.splitting));
    tokenizer.with_decoder(Some(ByteLevel::default()));
    Ok((tokenizer, rule.begins))
}

/// The rule of a GGUF name. candle's own reader knows few and falls back to GPT-2's in silence, which gives wrong ids; so
/// only those are here whose ids were compared with a reference's, in `tests/engine/tokenizer`.
fn rule(name: &str) -> Option<Rule> {
    let gpt2 = || ByteLevel::new(false, true, true);
    let plain = |splitting| Rule { splitting, whole_pieces: false, composed: false, begins: false };
    match name {
        "gpt-2" => Some(plain(gpt2().into())),
        "smollm" => Some(plain(Sequence::new(vec![Digits::new(true).into(), gpt2().into()]).into())),
        "llama-bpe" | "llama3" | "llama-v3" => {
            Some(Rule { whole_pieces: true, begins: true, ..plain(by_pattern(r"\p{N}{1,3}")) })
        }
        "qwen2" => Some(Rule { composed: true, ..plain(by_pattern(r"\p{N}")) }),
        _ => None,
    }
}

/// Llama 3 and Qwen 2 cut alike, but for how many digits may stand together. In turn: English contractions; letters with
/// at most one other character before them; digits; other characters with the line ends after them; line ends with the
/// space before them; space up to the last before a word; other space.
fn by_pattern(digits: &str) -> PreTokenizerWrapper {
    let pattern = [
        r"(?i:'s|'t|'re|'ve|'m|'ll|'d)",
        r"[^\r\n\p{L}\p{N}]?\p{L}+",
        digits,
        r" ?[^\s\p{L}\p{N}]+[\r\n]*",
        r"\s*[\r\n]+",
        r"\s+(?!\S)",
        r"\s+",
    ]
    .join("|");
    let split = Split::new(SplitPattern::Regex(pattern), SplitDelimiterBehavior::Isolated, false)
        .expect("a constant pattern that tests use");
    Sequence::new(vec![split.into(), ByteLevel::new(false, true, false).into()]).into()
}
