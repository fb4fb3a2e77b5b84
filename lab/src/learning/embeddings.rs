//! Learns the statistics that texts' embeddings are measured against. Knows how they are pooled and whitened, not what encodes texts.

use xpert::style::space::embedding::mean;
use xpert::style::{Counts, Embedding, EmbeddingBlock, StyleError, StyleSpace, TextEncoder};

use super::covariance::{inverse_root, typical, within_author};
use super::error::LearningError;
use super::texts::Domain;
use super::windows::{joined, pieces};

/// Weight of the identity in the within-author correlation; .2 did as well on IRC (docs/benchmarks.md).
const SHRINKAGE: f64 = 0.4;

/// The statistics of windows of some words of each author, every kind of text alike: the covariance around each author's own
/// mean, shrunk towards the diagonal, inverted to the root as that of features is.
///
/// # Errors
/// [`LearningError::Reference`] where there is too little text; whatever the encoder fails with.
pub fn learn_embeddings(
    space: &StyleSpace,
    encoder: &dyn TextEncoder,
    domains: &[Domain],
    progress: &mut dyn FnMut(&str),
) -> Result<EmbeddingBlock, LearningError> {
    let mut windows = Vec::with_capacity(domains.len());
    for domain in domains {
        progress(&format!("embedding {}", domain.name));
        let authors = domain.authors.values().map(|texts| author_windows(space, encoder, texts));
        windows.push(authors.collect::<Result<Vec<_>, _>>()?);
    }
    of(space, encoder, &windows)
}

fn of(
    space: &StyleSpace,
    encoder: &dyn TextEncoder,
    domains: &[Vec<Vec<Counts>>],
) -> Result<EmbeddingBlock, LearningError> {
    let (features, width) = (space.reference.features().slots(), encoder.width());
    let typical = typical(domains, features + 1 + width);
    let (_, covariance) = within_author(domains, width, |window| mean(&window.0[features..]))?;
    let scale: Vec<f64> = (0..width).map(|at| covariance[(at, at)].max(1e-12).sqrt()).collect();
    let whitening = inverse_root(&covariance, &scale, SHRINKAGE);
    Ok(EmbeddingBlock { encoder: encoder.name(), typical: typical.0[features..].to_vec(), scale, whitening })
}

fn author_windows(
    space: &StyleSpace,
    encoder: &dyn TextEncoder,
    texts: &[String],
) -> Result<Vec<Counts>, LearningError> {
    let size = space.reference.description.window_words as f64;
    let pieces: Vec<String> = texts.iter().flat_map(|text| pieces(text, size)).collect();
    let pieces: Vec<&str> = pieces.iter().map(String::as_str).collect();
    Ok(joined(count_with(space, &pieces, encoder)?, size))
}

/// Counts the texts one by one, with the embedding of each.
///
/// # Errors
/// Whatever the encoder fails with.
pub fn count_with(space: &StyleSpace, texts: &[&str], encoder: &dyn TextEncoder) -> Result<Vec<Counts>, StyleError> {
    let add = |(text, embedding): (&&str, Embedding)| {
        let mut counts = space.reference.counter.count(text);
        counts.0.extend(embedding.into_slots());
        counts
    };
    Ok(texts.iter().zip(space.embed(texts, encoder)?).map(add).collect())
}
