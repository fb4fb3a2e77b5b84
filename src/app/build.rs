//! Rebuilds the library from the shipped corpora. For developers; `docs/library.md` has the command.

use std::path::PathBuf;

use super::base;
use super::context::Context;
use super::error::AppError;
use crate::engine::Precision;
use crate::library::{AdapterBuilder, LibraryBuilder};
use crate::platform::cancel::Cancel;

/// Where the library's parts are, and where intermediate results are kept.
pub struct Folders {
    pub assets: PathBuf,
    pub work: PathBuf,
}

/// Trains the adapters of the manifest in the assets, lets them answer the probes, and writes adapters and cards. A build that was
/// stopped continues from the intermediate results.
///
/// # Errors
/// When a corpus is malformed, the base model is not on this machine, or a file cannot be written.
pub fn library(
    context: &Context,
    folders: &Folders,
    cancel: &Cancel,
    report: &mut dyn FnMut(&str),
) -> Result<(), AppError> {
    let library = LibraryBuilder::new(&folders.assets, &folders.work)?;
    with_builder(context, Precision::Stored, cancel, |builder| Ok(library.train(builder, report)?))?;
    with_builder(context, Precision::Dense, cancel, |builder| Ok(library.write(builder, report)?))
}

/// Keeps models and cards as they are, and writes only the measurements with the base model's embeddings.
///
/// # Errors
/// As [`library`].
pub fn embeddings(
    context: &Context,
    folders: &Folders,
    cancel: &Cancel,
    report: &mut dyn FnMut(&str),
) -> Result<(), AppError> {
    let library = LibraryBuilder::new(&folders.assets, &folders.work)?;
    with_builder(context, Precision::Dense, cancel, |builder| Ok(library.write_embeddings(builder, report)?))
}

fn with_builder(
    context: &Context,
    precision: Precision,
    cancel: &Cancel,
    job: impl FnOnce(&AdapterBuilder<'_>) -> Result<(), AppError>,
) -> Result<(), AppError> {
    let (model, base) = base::load(context, precision)?;
    job(&AdapterBuilder { model: &model, base: &base, threads: context.threads, cancel })
}
