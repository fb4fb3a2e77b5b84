//! The base model: finds it, downloads it when the user asks, and loads it.

use std::time::Instant;

use serde::Serialize;

use super::context::Context;
use super::error::AppError;
use super::log;
use crate::engine::{Model, ModelPath, Precision};
use crate::models::{Event, Form, ModelEntry, ModelFiles, Obtain, Verification};
use crate::platform::cancel::Cancel;

/// A model of the catalog, and whether it is here.
#[derive(Clone, Debug, Serialize)]
pub struct Listed {
    #[serde(flatten)]
    pub entry: ModelEntry,
    pub bytes: u64,
    pub default: bool,
    /// Where it is, if it is here.
    pub found: Option<String>,
}

/// Every model of the catalog. Uses no network.
///
/// # Errors
/// When a model that is here is damaged.
pub fn list(context: &Context) -> Result<Vec<Listed>, AppError> {
    let default = context.catalog.default_model().id.clone();
    let entries = context.catalog.entries().iter();
    entries
        .map(|entry| {
            let found = Obtain::new(&context.catalog, &context.paths).choose(&entry.id).locate()?;
            Ok(Listed {
                entry: entry.clone(),
                bytes: entry.file.bytes,
                default: entry.id == default,
                found: found.map(|files| files.source),
            })
        })
        .collect()
}

/// The model's files, if they are on this machine. Uses no network.
///
/// # Errors
/// When they are damaged, or the user named a path where there is none.
pub fn locate(context: &Context) -> Result<Option<ModelFiles>, AppError> {
    Ok(obtain(context).locate()?)
}

/// Fetches the model unless it is here: the one use case that may use the network, and only when asked.
///
/// # Errors
/// When no source has it, the disk is full, or the user stopped.
pub fn pull(context: &Context, progress: &mut dyn FnMut(Event), cancel: &Cancel) -> Result<ModelFiles, AppError> {
    let started = Instant::now();
    let files = obtain(context).with_network().obtain(progress, cancel)?;
    let verified = <&str>::from(files.verified);
    log::event!(INFO, "model obtained", bytes = files.bytes, verified = verified, seconds = started.elapsed());
    Ok(files)
}

/// Hashes every byte of the model against the catalog.
///
/// # Errors
/// When they differ or cannot be read.
pub fn verify(
    context: &Context,
    files: &ModelFiles,
    progress: &mut dyn FnMut(Event),
    cancel: &Cancel,
) -> Result<Verification, AppError> {
    Ok(obtain(context).verify_in_full(files, progress, cancel)?)
}

/// Loads the model; its id comes with it, since adapters are made for one base.
///
/// # Errors
/// When it is not here or cannot be used.
pub fn load(context: &Context, precision: Precision) -> Result<(Model, String), AppError> {
    let files = locate(context)?.ok_or(AppError::NoModel)?;
    let started = Instant::now();
    let path = match files.form {
        Form::Gguf(file) => ModelPath::Gguf(file),
        Form::Folder(folder) => ModelPath::Folder(folder),
    };
    let model = Model::load(&path, precision)?;
    let (held, layers) = (<&str>::from(precision), model.config.layers);
    log::event!(INFO, "model loaded", bytes = files.bytes, layers = layers, held = held, seconds = started.elapsed());
    Ok((model, files.id))
}

fn obtain(context: &Context) -> Obtain<'_> {
    let obtain = Obtain::new(&context.catalog, &context.paths);
    match &context.model {
        Some(named) => obtain.choose(named),
        None => obtain,
    }
}
