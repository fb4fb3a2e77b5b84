//! SentencePiece BPE from GGUF metadata: tokens with scores, no list of merges. Knows no byte-level alphabet.

use tokenizers::decoders::DecoderWrapper;
use tokenizers::decoders::byte_fallback::ByteFallback;
use tokenizers::decoders::fuse::Fuse;
use tokenizers::decoders::sequence::Sequence as Decoders;
use tokenizers::decoders::strip::Strip;
use tokenizers::models::bpe::{BPE, Merges, Vocab};
use tokenizers::normalizers::{NormalizerWrapper, Prepend, Replace, Sequence as Normalizers};
use tokenizers::{Result as MadeOf, Tokenizer};

use super::vocabulary::{Kind, Metadata, Vocabulary};
use crate::engine::error::Result;

/// Represents a space within tokens.
pub const SPACE: &str = "\u{2581}";

/// The tokenizer. Changes `vocabulary` where the file writes spaces in tokens differently from texts.
///
/// # Errors
/// When the metadata is incomplete, or requires an unsupported normalization.
pub fn build(metadata: &Metadata, vocabulary: &mut Vocabulary) -> Result<Tokenizer> {
    let scores = metadata.reals("scores")?;
    if scores.len() != vocabulary.tokens.len() {
        let (tokens, scores) = (vocabulary.tokens.len(), scores.len());
        return Err(metadata.bad(format!("it has {tokens} tokens and {scores} scores")));
    }
    if metadata.flag("remove_extra_whitespaces")? == Some(true) {
        return Err(metadata.bad("tokenizer.ggml.remove_extra_whitespaces is not supported"));
    }
    if metadata.find("precompiled_charsmap").is_some() {
        return Err(metadata.bad("tokenizer.ggml.precompiled_charsmap is not supported"));
    }
    // Texts are searched for these before their spaces are replaced. Some writers store them with spaces replaced.
    for (token, kind) in vocabulary.tokens.iter_mut().zip(&vocabulary.kinds) {
        if *kind == Kind::UserDefined {
            *token = token.replace(SPACE, " ");
        }
    }
    let space_first = metadata.flag("add_space_prefix")?.unwrap_or(true);
    assemble(vocabulary, &scores, space_first).map_err(|e| metadata.bad(e.to_string()))
}

fn assemble(vocabulary: &Vocabulary, scores: &[f32], space_first: bool) -> MadeOf<Tokenizer> {
    let mut bpe = BPE::builder()
        .vocab_and_merges(vocabulary.ids(), merges(vocabulary, scores))
        .byte_fallback(true)
        .fuse_unk(true);
    if let Some((_, unknown, _)) = vocabulary.used().find(|(_, _, kind)| *kind == Kind::Unknown) {
        bpe = bpe.unk_token(unknown.to_owned());
    }
    let mut tokenizer = Tokenizer::new(bpe.build()?);
    let mut normalizers: Vec<NormalizerWrapper> = vec![Replace::new(" ", SPACE)?.into()];
    let mut decoders: Vec<DecoderWrapper> =
        vec![Replace::new(SPACE, " ")?.into(), ByteFallback::new().into(), Fuse::new().into()];
    if space_first {
        normalizers.insert(0, Prepend::new(SPACE.to_owned()).into());
        decoders.push(Strip::new(' ', 1, 0).into());
    }
    tokenizer.with_normalizer(Some(Normalizers::new(normalizers)))?;
    tokenizer.with_decoder(Some(Decoders::new(decoders)));
    Ok(tokenizer)
}

/// The pairs that make up each token, the best first.
///
/// SentencePiece merges the two neighbours whose joint token has the highest score. So every split of a token in two
/// is a merge with the token's score. Only in a token that can overlap itself (`haha`) do two merges compete;
/// SentencePiece takes the left one, and published tokenizers list the longer left half first.
fn merges(vocabulary: &Vocabulary, scores: &[f32]) -> Merges {
    let normal = || vocabulary.used().filter(|(_, _, kind)| *kind == Kind::Normal);
    let ids: Vocab = normal().map(|(id, token, _)| (token.to_owned(), id)).collect();
    let mut ranked: Vec<(f32, u32, &str, &str)> = Vec::new();
    for (id, token, _) in normal() {
        let splits = token.char_indices().skip(1).map(|(at, _)| token.split_at(at));
        let parts = splits.filter(|(left, right)| ids.contains_key(*left) && ids.contains_key(*right));
        ranked.extend(parts.map(|(left, right)| (scores[id as usize], id, left, right)));
    }
    ranked.sort_by(|(a, a_id, a_left, _), (b, b_id, b_left, _)| {
        b.total_cmp(a).then(a_id.cmp(b_id)).then(b_left.len().cmp(&a_left.len()))
    });
    ranked.into_iter().map(|(_, _, left, right)| (left.to_owned(), right.to_owned())).collect()
}
