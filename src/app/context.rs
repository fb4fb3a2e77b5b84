//! What every use case needs to know: where things are, which base model, how many threads.

use std::path::Path;

use super::error::AppError;
use crate::engine::threads;
use crate::models::Catalog;
use crate::paths::Paths;
use crate::store::Store;

/// The settings of one run of the program. Cheap to clone: jobs take their own.
#[derive(Clone, Debug)]
pub struct Context {
    pub paths: Paths,
    /// The user's `--model`: a catalogue id or a path.
    pub model: Option<String>,
    pub threads: usize,
    pub catalog: Catalog,
}

impl Context {
    /// # Errors
    /// When no home folder is known, or the shipped catalogue is malformed.
    pub fn new(data_dir: Option<&Path>, model: Option<String>, threads: Option<usize>) -> Result<Self, AppError> {
        let paths = Paths::resolve(data_dir).map_err(AppError::file(Path::new("data folder")))?;
        let threads = threads.unwrap_or_else(threads::available).max(1);
        Ok(Self { paths, model, threads, catalog: Catalog::shipped()? })
    }

    /// Opens the user's texts, making the database on first use.
    ///
    /// # Errors
    /// When it cannot be opened.
    pub fn store(&self) -> Result<Store, AppError> {
        Ok(Store::open(&self.paths.database())?)
    }
}
