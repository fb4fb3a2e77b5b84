//! Learns the statistics that texts' embeddings are measured against. Knows how they are pooled and whitened, not what encodes texts.

use xpert::style::part::mean;
use xpert::style::{Counts, Part, Reader, StyleSpace};

use super::LearningError;
use super::covariance::{inverse_root, typical, within_author};
use super::texts::Domain;
use super::windows::{joined, pieces};

/// Weight of the identity in the within-author correlation; .2 did as well on IRC (docs/benchmarks.md).
const SHRINKAGE: f64 = 0.4;

/// The statistics of windows of some words of each author, every kind of text alike: the covariance around each author's own
/// mean, shrunk towards the diagonal, inverted to the root as that of features is.
///
/// # Errors
/// [`LearningError::Reference`] where there is too little text; whatever the reader fails with.
pub fn learn_embeddings(
    space: &StyleSpace,
    reader: &dyn Reader,
    domains: &[Domain],
    progress: &mut dyn FnMut(&str),
) -> Result<Part, LearningError> {
    let mut windows = Vec::with_capacity(domains.len());
    for domain in domains {
        progress(&format!("reading {}", domain.name));
        let authors = domain.authors.values().map(|texts| author_windows(space, reader, texts));
        windows.push(authors.collect::<Result<Vec<_>, _>>()?);
    }
    of(space, reader, &windows)
}

fn of(space: &StyleSpace, reader: &dyn Reader, domains: &[Vec<Vec<Counts>>]) -> Result<Part, LearningError> {
    let (features, width) = (space.reference.features().slots(), reader.width());
    let typical = typical(domains, features + 1 + width);
    let (_, covariance) = within_author(domains, width, |window| mean(&window.0[features..]))?;
    let scale: Vec<f64> = (0..width).map(|at| covariance[(at, at)].max(1e-12).sqrt()).collect();
    let whitening = inverse_root(&covariance, &scale, SHRINKAGE);
    Ok(Part { reader: reader.name(), typical: typical.0[features..].to_vec(), scale, whitening })
}

fn author_windows(space: &StyleSpace, reader: &dyn Reader, texts: &[String]) -> Result<Vec<Counts>, LearningError> {
    let size = space.reference.description().window_words as f64;
    let pieces: Vec<String> = texts.iter().flat_map(|text| pieces(text, size)).collect();
    let pieces: Vec<&str> = pieces.iter().map(String::as_str).collect();
    Ok(joined(space.count_with(&pieces, reader)?, size))
}
