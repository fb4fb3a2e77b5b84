//! Studies: what limits and defaults were set by, how the screens do beside a training, and pictures of them. Each prints what it found.

mod axis_evidence;
mod caution_rates;
mod parts_chance;
mod screens_answer;
mod screens_while_training;
mod screenshots;
mod selection_benchmark;
mod time_to_loss;

use std::collections::HashMap;
use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::str::FromStr;

use crate::arguments::Study;

type Fallible<T> = Result<T, Box<dyn Error>>;

/// Runs a study with its arguments.
///
/// # Errors
/// Whatever the study fails with, and where it lacks an argument.
pub fn run(study: Study, arguments: &[String]) -> Fallible<()> {
    match study {
        Study::AxisEvidence => axis_evidence::run(arguments),
        Study::CautionRates => caution_rates::run(&shared(arguments)),
        Study::PartsChance => parts_chance::run(&shared(arguments)),
        Study::SelectionBenchmark => selection_benchmark::run(arguments),
        Study::TimeToLoss => time_to_loss::run(arguments),
        Study::ScreensAnswer => screens_answer::run(&Settings::of(arguments)),
        Study::ScreensWhileTraining => screens_while_training::run(&Settings::of(arguments)),
        Study::Screenshots => screenshots::run(arguments),
    }
}

/// The folder of the developers' shared data.
fn shared(arguments: &[String]) -> PathBuf {
    arguments.first().map_or("../shared", String::as_str).into()
}

/// Settings given as NAME=VALUE.
struct Settings<'a>(HashMap<&'a str, &'a str>);

impl<'a> Settings<'a> {
    fn of(arguments: &'a [String]) -> Self {
        Self(arguments.iter().filter_map(|text| text.split_once('=')).collect())
    }

    fn get(&self, name: &str) -> Option<&'a str> {
        self.0.get(name).copied()
    }

    fn number<T: FromStr>(&self, name: &str, default: T) -> Result<T, T::Err> {
        self.get(name).map_or(Ok(default), str::parse)
    }
}

/// A folder of the repository.
fn repository(folder: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(folder)
}

/// The program that was built beside this one.
fn program() -> Fallible<PathBuf> {
    let program = std::env::current_exe()?.with_file_name("xpert");
    Ok(program.canonicalize().map_err(|e| format!("{}: {e}; run `cargo build --release` first", program.display()))?)
}

/// Imports the demo person's answers and mail as texts to train on.
fn import_demo(program: &Path, data: &Path) -> Fallible<()> {
    let mut command = Command::new(program);
    command.arg("--data-dir").arg(data).arg("import").arg(repository("assets/demo"));
    command.args(["--map", "text=answer,context=question,date=date", "--me", "nell@example.org"]);
    let output = command.output()?;
    if output.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&output.stderr).into_owned().into()) }
}
