//! `config.toml` in the data folder: the user's settings, unless the command line overrides them.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde::Deserialize;

use super::error::AppError;
use crate::platform::paths::{private_dir, write_atomically};

/// The settings a file may hold; every one is optional.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// As `--model`: a catalog id or a path.
    pub model: Option<String>,
    /// As `--threads`.
    pub threads: Option<u16>,
    /// How the screens look: the name of a shipped theme, or of a file in `themes` in the data folder.
    pub theme: Option<String>,
    /// Whether the screens listen to the mouse; they do where nothing is said.
    pub mouse: Option<bool>,
    /// Whether the screens guide through a first run; they do until it is over or was left.
    pub guide: Option<bool>,
    /// As `train --memory` and `train --minutes`.
    pub training_memory: Option<u64>,
    pub training_minutes: Option<f64>,
    /// Keys instead of the shipped ones: for an action's name, the keys that stand for it.
    #[serde(default)]
    pub keys: BTreeMap<String, Vec<String>>,
}

impl Settings {
    /// Reads the file; a missing file means no settings.
    ///
    /// # Errors
    /// When it cannot be read or holds something else.
    pub fn read(path: &Path) -> Result<Self, AppError> {
        let Some(text) = AppError::if_there(path, fs::read_to_string(path))? else { return Ok(Self::default()) };
        let unusable = |why: String| AppError::Settings { path: path.into(), why };
        let settings: Self = toml::from_str(&text).map_err(|e| unusable(e.to_string()))?;
        if settings.training_minutes.is_some_and(|minutes| !(minutes.is_finite() && minutes > 0.0)) {
            return Err(unusable("training_minutes must be above 0".into()));
        }
        Ok(settings)
    }
}

/// A setting that can be changed without an editor, with its new value.
#[derive(Clone, Debug, PartialEq)]
pub enum Setting {
    Theme(String),
    Mouse(bool),
    /// Whether the first run's guide comes back.
    Guide(bool),
    /// MiB; none for whatever is free.
    TrainingMemory(Option<u64>),
    /// None for as long as it takes.
    TrainingMinutes(Option<f64>),
}

impl Setting {
    /// Writes it into the file.
    ///
    /// # Errors
    /// As [`save`].
    pub fn save(&self, path: &Path) -> Result<(), AppError> {
        match self {
            Self::Theme(name) => save(path, "theme", Some(name.into())),
            Self::Mouse(ours) => save(path, "mouse", Some((*ours).into())),
            Self::Guide(wanted) => save(path, "guide", Some((*wanted).into())),
            Self::TrainingMemory(mebibytes) => {
                let mebibytes = mebibytes.and_then(|mebibytes| i64::try_from(mebibytes).ok());
                save(path, "training_memory", mebibytes.map(Into::into))
            }
            Self::TrainingMinutes(minutes) => save(path, "training_minutes", minutes.map(Into::into)),
        }
    }
}

/// Writes one setting into the file, or removes it where there is no value, and leaves everything else in it, including comments, as it is.
/// Makes the file where there is none.
///
/// # Errors
/// When the file is malformed or cannot be written; it is then as it was.
pub fn save(path: &Path, name: &str, value: Option<toml_edit::Value>) -> Result<(), AppError> {
    let text = AppError::if_there(path, fs::read_to_string(path))?.unwrap_or_default();
    let malformed = |e: toml_edit::TomlError| AppError::Settings { path: path.into(), why: e.to_string() };
    let mut file: toml_edit::DocumentMut = text.parse().map_err(malformed)?;
    match value {
        Some(mut value) => {
            if let Some(old) = file.get(name).and_then(toml_edit::Item::as_value) {
                *value.decor_mut() = old.decor().clone();
            }
            file[name] = toml_edit::Item::Value(value);
        }
        None => drop(file.remove(name)),
    }
    let folder = path.parent().unwrap_or(Path::new("."));
    private_dir(folder).and_then(|()| write_atomically(path, file.to_string().as_bytes())).map_err(AppError::file(path))
}
