//! `config.toml` in the data folder: what the user wants always, unless the command line says otherwise.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use serde::Deserialize;

use super::error::AppError;

/// The settings a file may hold; every one is optional.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// As `--model`: a catalogue id or a path.
    pub model: Option<String>,
    /// As `--threads`.
    pub threads: Option<u16>,
    /// How the screens look: the name of a shipped theme, or of a file in `themes` in the data folder.
    pub theme: Option<String>,
}

impl Settings {
    /// Reads the file; no file is no settings.
    ///
    /// # Errors
    /// When it cannot be read or holds something else.
    pub fn read(path: &Path) -> Result<Self, AppError> {
        let text = match fs::read_to_string(path) {
            Ok(text) => text,
            Err(e) if e.kind() == ErrorKind::NotFound => return Ok(Self::default()),
            Err(source) => return Err(AppError::File { path: path.into(), source }),
        };
        toml::from_str(&text).map_err(|e| AppError::Settings { path: path.into(), why: e.to_string() })
    }
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
        let settings = read("model = \"/models/x.gguf\"\nthreads = 3\ntheme = \"dark\"\n").expect("well formed");
        let expected = Settings { model: Some("/models/x.gguf".into()), threads: Some(3), theme: Some("dark".into()) };
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
        ] {
            let error = read(text).expect_err("malformed").to_string();
            assert!(error.contains("config.toml") && error.contains(named), "{text:?}: {error}");
        }
    }
}
