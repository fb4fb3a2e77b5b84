//! Pictures of the screens for the documents: runs the built program through its demo on a pseudo-terminal and writes what the terminal
//! shows as `docs/screens/NAME.svg`.
//!
//! usage: `cargo build --release`, then `xpert-lab study screenshots [--until PICTURE] [--into DIR]`
//!
//! The demo trains a model, so the last two pictures take minutes. If the base model is neither on the machine nor available for
//! download, only the pictures that do not need it are taken. The pictures hold what the program measured: times differ from run to
//! run.

mod svg;
mod terminal;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use clap::{Parser, ValueEnum};
use terminal::Program;

use super::setup::{Fallible, program};

const SHORT: Duration = Duration::from_secs(60);
const TRAINING: Duration = Duration::from_secs(60 * 60);

/// The data folder, below a temporary one: as a relative path it looks the same in every picture.
const DATA: [&str; 2] = ["--data-dir", "data"];

#[derive(Parser)]
#[command(about = "Writes pictures of the screens")]
struct Options {
    /// The last picture to take; those from `training` on take minutes
    #[arg(long, value_enum, default_value_t = Picture::Writing)]
    until: Picture,
    /// Where the pictures are written
    #[arg(long, value_name = "DIR", default_value = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/screens"))]
    into: PathBuf,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Picture {
    Import,
    Style,
    Library,
    Training,
    Writing,
}

impl Picture {
    /// As it is written on the command line.
    fn name(self) -> String {
        self.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
    }
}

/// Keys to press, what the screen shows when they have done their work, and whether that is a picture.
struct Step {
    keys: String,
    shows: String,
    patience: Duration,
    picture: Option<Picture>,
}

fn step(keys: &str, shows: &str, picture: impl Into<Option<Picture>>) -> Step {
    Step { keys: keys.to_owned(), shows: shows.to_owned(), patience: SHORT, picture: picture.into() }
}

/// Through the demo, by what its guide offers when a step's result is there.
fn guided() -> Vec<Step> {
    vec![
        step("", "read the demo's files", None),
        step("\r", "save these texts", Picture::Import),
        step("\r", "see how you write", None),
        step("\r", "see which model fits", Picture::Style),
        step("\r", "set up training", Picture::Library),
        step("\r", "start training", None),
        Step { patience: TRAINING, ..step("\r", "20/", Picture::Training) },
        Step { patience: TRAINING, ..step("", "go to Write", None) },
        step("\r", "ask both models", None),
        Step { patience: TRAINING, ..step("\r", "tokens/s", Picture::Writing) },
    ]
}

/// The demo person's files by hand, where the guide would wait for the base model.
fn without_base_model() -> Vec<Step> {
    let fields = "edata/demo/writing\ttext=answer,context=question,date=date\tnell@example.org, Nell Ashdown\r";
    vec![
        step("", "writes like you", None),
        step(fields, "nothing is saved yet", Picture::Import),
        step("\r", "saved", None),
        step("2", "coefficient", Picture::Style),
        step("3", "from the cards alone", Picture::Library),
    ]
}

pub fn run(arguments: &[String]) -> Fallible<()> {
    let options = Options::try_parse_from(std::iter::once("screenshots").chain(arguments.iter().map(String::as_str)))?;
    let program = program()?;
    let home = tempfile::tempdir()?;
    fs::create_dir_all(&options.into).map_err(|e| format!("{}: {e}", options.into.display()))?;
    if has_base_model(&program, home.path())? {
        let shown = Program::start(&program, home.path(), &[DATA[0], DATA[1], "demo"])?;
        return take(shown, &guided(), &options);
    }
    println!("taking the pictures that need no base model: import, style and library");
    // Starting the demo unpacks the files.
    Program::start(&program, home.path(), &[DATA[0], DATA[1], "demo"])?.wait_for("Nell", SHORT)?;
    take(Program::start(&program, home.path(), &DATA)?, &without_base_model(), &options)
}

/// Fetches it where it is not on the machine; says why where that fails.
fn has_base_model(program: &Path, home: &Path) -> Fallible<bool> {
    let mut pull = Command::new(program);
    let pulled = pull.current_dir(home).args(DATA).args(["model", "pull"]).env_remove("XPERT_MODEL").output()?;
    if !pulled.status.success() {
        println!("no base model: {}", String::from_utf8_lossy(&pulled.stderr).trim());
    }
    Ok(pulled.status.success())
}

fn take(mut shown: Program, steps: &[Step], options: &Options) -> Fallible<()> {
    for step in steps {
        shown.press(&step.keys)?;
        let screen = shown.wait_for(&step.shows, step.patience)?;
        let Some(picture) = step.picture else { continue };
        let file = options.into.join(picture.name()).with_extension("svg");
        fs::write(&file, svg::render(&screen, "xpert demo")).map_err(|e| format!("{}: {e}", file.display()))?;
        println!("{}", file.display());
        if picture == options.until {
            break;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_picture_is_taken_once_and_in_order() {
        let taken: Vec<Picture> = guided().iter().filter_map(|step| step.picture).collect();
        assert_eq!(taken, Picture::value_variants());
        let without: Vec<Picture> = without_base_model().iter().filter_map(|step| step.picture).collect();
        assert_eq!(without, taken[..3]);
    }
}
