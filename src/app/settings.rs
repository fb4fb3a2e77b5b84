//! `config.toml` in the data folder: what the user wants always, unless the command line says otherwise.

use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
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
        let text = match fs::read_to_string(path) {
            Ok(text) => text,
            Err(e) if e.kind() == ErrorKind::NotFound => return Ok(Self::default()),
            Err(source) => return Err(AppError::File { path: path.into(), source }),
        };
        let settings: Self =
            toml::from_str(&text).map_err(|e| AppError::Settings { path: path.into(), why: e.to_string() })?;
        if settings.training_minutes.is_some_and(|minutes| !(minutes.is_finite() && minutes > 0.0)) {
            return Err(AppError::Settings { path: path.into(), why: "training_minutes must be above 0".into() });
        }
        Ok(settings)
    }
}

/// Writes one setting into the file, or removes it where there is no value, and leaves everything else in it, including comments, as it is.
/// Makes the file where there is none.
///
/// # Errors
/// When the file is malformed or cannot be written; it is then as it was.
pub fn save(path: &Path, name: &str, value: Option<toml_edit::Value>) -> Result<(), AppError> {
    let text = match fs::read_to_string(path) {
        Err(e) if e.kind() == ErrorKind::NotFound => String::new(),
        read => read.map_err(AppError::file(path))?,
    };
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

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Settings, AppError> {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("config.toml");
        fs::write(&path, text).expect("writable");
        Settings::read(&path)
    }

    #[test]
    fn settings_are_read_and_their_absence_is_fine() {
        let settings =
            read("model = \"/models/x.gguf\"\nthreads = 3\ntheme = \"dark\"\nmouse = false\ntraining_minutes = 2.5\n[keys]\nquit = [\"Q\"]\n")
                .expect("well formed");
        let expected = Settings {
            model: Some("/models/x.gguf".into()),
            threads: Some(3),
            theme: Some("dark".into()),
            mouse: Some(false),
            guide: None,
            training_memory: None,
            training_minutes: Some(2.5),
            keys: [("quit".to_owned(), vec!["Q".to_owned()])].into(),
        };
        assert_eq!(settings, expected);
        assert_eq!(Settings::read(Path::new("/nonexistent/config.toml")).expect("no file"), Settings::default());
    }

    #[test]
    fn a_misspelt_or_malformed_setting_is_named_with_its_line() {
        for (text, named) in [
            ("modle = \"x\"", "modle"),
            ("threads = \"two\"", "line 1"),
            ("\ntheme = 3", "line 2"),
            ("\n\nmodel =", "line 3"),
            ("training_minutes = 0.0", "above 0"),
            ("training_memory = -3", "line 1"),
        ] {
            let error = read(text).expect_err("malformed").to_string();
            assert!(error.contains("config.toml") && error.contains(named), "{text:?}: {error}");
        }
    }

    #[test]
    fn one_setting_is_saved_and_the_rest_of_the_file_stays() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("new/config.toml");
        save(&path, "theme", Some("light".into())).expect("writable");
        assert_eq!(Settings::read(&path).expect("well formed").theme.as_deref(), Some("light"));
        let text =
            "# mine\nthreads = 3 # not all of them\ntheme = \"dark\" # for the evening\n\n[keys]\nquit = [\"Q\"]\n";
        fs::write(&path, text).expect("writable");
        save(&path, "theme", Some("light".into())).expect("writable");
        save(&path, "mouse", Some(false.into())).expect("writable");
        let saved = fs::read_to_string(&path).expect("readable");
        assert!(
            saved.contains("# mine\nthreads = 3 # not all of them\ntheme = \"light\" # for the evening\n"),
            "{saved}"
        );
        let settings = Settings::read(&path).expect("well formed");
        assert_eq!((settings.mouse, settings.keys.len()), (Some(false), 1), "{saved}");
        save(&path, "training_memory", Some(800.into())).expect("writable");
        assert_eq!(Settings::read(&path).expect("well formed").training_memory, Some(800));
        save(&path, "training_memory", None).expect("writable");
        save(&path, "training_minutes", None).expect("what is not there can be taken out");
        assert_eq!(fs::read_to_string(&path).expect("readable"), saved);
        fs::write(&path, "theme =").expect("writable");
        assert!(save(&path, "theme", Some("light".into())).expect_err("malformed").to_string().contains("config.toml"));
        assert_eq!(fs::read_to_string(&path).expect("readable"), "theme =");
    }
}
