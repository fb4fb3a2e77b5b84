//! What every use case needs to know: where files are stored, which base model, how many threads.

use std::collections::BTreeMap;
use std::path::Path;

use super::error::AppError;
use super::settings::Settings;
use crate::engine::threads;
use crate::models::Catalog;
use crate::platform::paths::Paths;
use crate::store::{Store, Text};

/// The settings of one run of the program. Cheap to clone: jobs take their own.
#[derive(Clone, Debug)]
pub struct Context {
    pub paths: Paths,
    /// The user's `--model` or setting: a catalog id or a path.
    pub model: Option<String>,
    pub threads: usize,
    /// What the user wishes of the screens.
    pub interface: Interface,
    pub catalog: Catalog,
    /// What a training may use where it is not told.
    pub budget: Budget,
}

/// The limits of a training.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Budget {
    /// Resident memory of the whole program, MiB; what the machine has to spare where absent.
    pub memory_mb: Option<u64>,
    /// Of work; as long as it takes where absent.
    pub minutes: Option<f64>,
}

/// How the screens look and what they listen to.
#[derive(Clone, Debug)]
pub struct Interface {
    /// The name of a theme; the default one where absent.
    pub theme: Option<String>,
    pub mouse: bool,
    /// Whether a first run is guided.
    pub guide: bool,
    /// For an action's name, the keys that stand for it instead of the shipped ones.
    pub keys: BTreeMap<String, Vec<String>>,
}

impl Context {
    /// What is not given here comes from `config.toml` in the data folder, and else is the default.
    ///
    /// # Errors
    /// When no home folder is known, or the settings or the shipped catalog are malformed.
    pub fn new(data_dir: Option<&Path>, model: Option<String>, threads: Option<usize>) -> Result<Self, AppError> {
        let paths = Paths::resolve(data_dir)?;
        let settings = Settings::read(&paths.settings())?;
        let threads = threads.or(settings.threads.map(usize::from)).unwrap_or_else(threads::available).max(1);
        let model = model.or_else(|| settings.model.clone());
        let budget = Budget { memory_mb: settings.training_memory, minutes: settings.training_minutes };
        let Settings { theme, mouse, guide, keys, .. } = settings;
        let interface = Interface { theme, mouse: mouse.unwrap_or(true), guide: guide.unwrap_or(true), keys };
        Ok(Self { model, paths, threads, interface, catalog: Catalog::shipped()?, budget })
    }

    /// Opens the user's texts, making the database on first use.
    ///
    /// # Errors
    /// When it cannot be opened.
    pub fn store(&self) -> Result<Store, AppError> {
        Ok(Store::open(&self.paths.database())?)
    }

    /// The user's texts.
    ///
    /// # Errors
    /// When there are none, or they cannot be read.
    pub fn texts(&self) -> Result<Vec<Text>, AppError> {
        let texts = self.store()?.texts()?;
        if texts.is_empty() { Err(AppError::NoTexts) } else { Ok(texts) }
    }
}
