//! `config.toml` as it is read and saved.

use std::fs;
use std::path::Path;

use xpert::app::AppError;
use xpert::app::settings::{Settings, save};

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
    let text = "# mine\nthreads = 3 # not all of them\ntheme = \"dark\" # for the evening\n\n[keys]\nquit = [\"Q\"]\n";
    fs::write(&path, text).expect("writable");
    save(&path, "theme", Some("light".into())).expect("writable");
    save(&path, "mouse", Some(false.into())).expect("writable");
    let saved = fs::read_to_string(&path).expect("readable");
    assert!(saved.contains("# mine\nthreads = 3 # not all of them\ntheme = \"light\" # for the evening\n"), "{saved}");
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
