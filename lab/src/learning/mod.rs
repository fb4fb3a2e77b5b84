//! Learning the style space: the reference from other people's texts, the axes from the parallel corpus, the statistics of embeddings.
//! Knows texts and numbers; neither the user's texts nor how the space is used.
//!
//! | file | job |
//! |---|---|
//! | `texts` | the texts by kind and author |
//! | `windows` | texts cut into windows of words |
//! | `covariance` | statistics of windows |
//! | `reference` | the features, and what they are measured against |
//! | `axes` | the named axes |
//! | `embeddings` | what embeddings are measured against |
//! | `files` | the files that ship |
//! | `error` | what can go wrong |

pub mod axes;
mod covariance;
mod embeddings;
pub(crate) mod error;
pub mod files;
mod reference;
pub mod texts;
mod windows;

use std::path::{Path, PathBuf};

use axes::{CONTROL_DIRECTIONS, SHIPPED, learn_axes, parallel};
pub use embeddings::{count_with, learn_embeddings};
pub use error::LearningError;
use files::{write, write_embeddings};
pub use reference::{BuildOptions, build_reference};
use texts::{Domain, corpus_domain, read_domain};
use windows::population;
use xpert::app::{Context, base};
use xpert::engine::Precision;
use xpert::library::{Corpus, LibraryError};
use xpert::style::StyleSpace;

use crate::error::LabError;

/// Words of each kind of text that the base model encodes for the statistics of embeddings, spread evenly over the authors: encoding
/// takes a thousand times as long as counting.
const ENCODED_WORDS: usize = 40_000;
/// Where the parallel corpus and the style space are, among the assets.
const STYLES: &str = "styles";
const STYLE: &str = "style";

/// Learns the style space from people's texts in `paths` and the corpus in `assets`, and writes it there. Returns its version.
///
/// # Errors
/// When a file cannot be read or holds too little.
pub fn learn_space(paths: &[PathBuf], assets: &Path) -> Result<String, LearningError> {
    let domains = paths.iter().map(|path| read_domain(path)).collect::<Result<Vec<_>, _>>()?;
    let space = build_space(domains, &Corpus::read(&assets.join(STYLES))?, &BuildOptions::default())?;
    write(&space, &assets.join(STYLE))?;
    Ok(space.version().to_owned())
}

/// Learns what the base model's embeddings are measured against, on the texts that [`learn_space`] has. Returns the text encoder's name.
///
/// # Errors
/// When a file cannot be read or holds too little, or the base model is not here.
pub fn learn_embedding_statistics(
    context: &Context,
    paths: &[PathBuf],
    assets: &Path,
    report: &mut dyn FnMut(&str),
) -> Result<String, LabError> {
    let read = || -> Result<Vec<Domain>, LibraryError> {
        let mut domains = paths.iter().map(|path| read_domain(path)).collect::<Result<Vec<_>, _>>()?;
        domains.push(corpus_domain(&Corpus::read(&assets.join(STYLES))?)?);
        domains.iter_mut().for_each(|domain| domain.keep_words(ENCODED_WORDS));
        Ok(domains)
    };
    let domains = read().map_err(LearningError::from)?;
    let (model, base) = base::load(context, Precision::Dense)?;
    let encoder = xpert::neural::encoder(&model, &base, context.threads);
    let shipped = StyleSpace::shipped().map_err(LearningError::from)?;
    let block = learn_embeddings(shipped, &encoder, &domains, report)?;
    write_embeddings(&block, &assets.join(STYLE))?;
    Ok(block.encoder)
}

/// The whole space: the reference from people's texts, a kind of text each, together with the parallel corpus; the axes from that
/// corpus alone.
///
/// # Errors
/// [`LearningError::Reference`], [`LearningError::Axes`] where there is too little text.
pub fn build_space(
    mut domains: Vec<Domain>,
    corpus: &Corpus,
    options: &BuildOptions,
) -> Result<StyleSpace, LearningError> {
    domains.push(corpus_domain(corpus)?);
    let reference = build_reference(&domains, options)?;
    let members = population(&domains, &reference);
    let axes = learn_axes(&reference, &parallel(corpus, SHIPPED)?, &parallel(corpus, CONTROL_DIRECTIONS)?, &members)?;
    Ok(StyleSpace::new(reference, axes)?)
}
