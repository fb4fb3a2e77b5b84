//! Byte-level BPE from GGUF metadata: text is split by a named rule, then merged by a list of pairs. Knows no scores.

use tokenizers::models::bpe::BPE;
use tokenizers::normalizers::NFC;
use tokenizers::pre_tokenizers::byte_level::ByteLevel;
use tokenizers::pre_tokenizers::digits::Digits;
use tokenizers::pre_tokenizers::sequence::Sequence;
use tokenizers::pre_tokenizers::split::{Split, SplitPattern};
use tokenizers::{PreTokenizerWrapper, SplitDelimiterBehavior, Tokenizer};

use super::vocabulary::{Metadata, Vocabulary};
use crate::engine::error::Result;

struct Rule {
    splitting: PreTokenizerWrapper,
    /// Whether a piece that is a token is kept whole even where the merges would split it.
    ignore_merges: bool,
    /// Whether decomposed characters are composed first (NFC).
    nfc: bool,
    /// Whether a text starts with the begin token unless the file states otherwise.
    add_begin: bool,
}

/// The tokenizer, and whether a text starts with the begin token unless the file states otherwise.
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
    let rule = rule(name).ok_or_else(|| metadata.bad(format!("the pre-tokenizer {name:?} is unknown")))?;
    let bpe = BPE::builder().vocab_and_merges(vocabulary.ids(), merges.collect::<Result<_>>()?);
    let bpe = bpe.ignore_merges(rule.ignore_merges).build().map_err(|e| metadata.bad(e.to_string()))?;
    let mut tokenizer = Tokenizer::new(bpe);
    if rule.nfc {
        tokenizer.with_normalizer(Some(NFC)).map_err(|e| metadata.bad(e.to_string()))?;
    }
    tokenizer.with_pre_tokenizer(Some(rule.splitting));
    tokenizer.with_decoder(Some(ByteLevel::default()));
    Ok((tokenizer, rule.add_begin))
}

/// The rule with this name in GGUF files. Only those whose ids were compared with a reference in `tests/engine/tokenizer`.
/// candle's own reader supports few and silently falls back to GPT-2's, which gives wrong ids.
fn rule(name: &str) -> Option<Rule> {
    let gpt2 = || ByteLevel::new(false, true, true);
    let plain = |splitting| Rule { splitting, ignore_merges: false, nfc: false, add_begin: false };
    match name {
        "gpt-2" => Some(plain(gpt2().into())),
        "smollm" => Some(plain(Sequence::new(vec![Digits::new(true).into(), gpt2().into()]).into())),
        "llama-bpe" | "llama3" | "llama-v3" => {
            Some(Rule { ignore_merges: true, add_begin: true, ..plain(by_pattern(r"\p{N}{1,3}")) })
        }
        "qwen2" => Some(Rule { nfc: true, ..plain(by_pattern(r"\p{N}")) }),
        _ => None,
    }
}

/// Llama 3 and Qwen 2 split alike, except for the number of digits in a piece. In order: English contractions;
/// letters with at most one other character before them; digits; other characters with following line ends; line ends
/// with preceding space; space except the last one before a word; other space.
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
        .expect("a valid constant pattern");
    Sequence::new(vec![split.into(), ByteLevel::new(false, true, false).into()]).into()
}
