//! What studies share: their settings, the repository's folders, the built program and the demo person's texts.

use std::collections::HashMap;
use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::str::FromStr;

/// A study may fail with anything; it is only printed.
pub(super) type Fallible<T> = Result<T, Box<dyn Error>>;

/// The folder of the developers' shared data.
pub(super) fn shared(arguments: &[String]) -> PathBuf {
    arguments.first().map_or("../shared", String::as_str).into()
}

/// Settings given as NAME=VALUE.
pub(super) struct Settings<'a>(HashMap<&'a str, &'a str>);

impl<'a> Settings<'a> {
    pub(super) fn of(arguments: &'a [String]) -> Self {
        Self(arguments.iter().filter_map(|text| text.split_once('=')).collect())
    }

    pub(super) fn get(&self, name: &str) -> Option<&'a str> {
        self.0.get(name).copied()
    }

    pub(super) fn number<T: FromStr>(&self, name: &str, default: T) -> Result<T, T::Err> {
        self.get(name).map_or(Ok(default), str::parse)
    }
}

/// A folder of the repository.
pub(super) fn repository(folder: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(folder)
}

/// The program that was built beside this one.
pub(super) fn program() -> Fallible<PathBuf> {
    let program = std::env::current_exe()?.with_file_name("xpert");
    Ok(program.canonicalize().map_err(|e| format!("{}: {e}; run `cargo build --release` first", program.display()))?)
}

/// Imports the demo person's answers and mail as texts to train on.
pub(super) fn import_demo(program: &Path, data: &Path) -> Fallible<()> {
    let mut command = Command::new(program);
    command.arg("--data-dir").arg(data).arg("import").arg(repository("assets/demo"));
    command.args(["--map", "text=answer,context=question,date=date", "--me", "nell@example.org"]);
    let output = command.output()?;
    if output.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&output.stderr).into_owned().into()) }
}
