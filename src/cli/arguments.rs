//! What may be typed on the command line, with help and examples. Does nothing.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

use crate::app::bench::{self, Part};
use crate::app::profile::By;
use crate::app::train;
use crate::app::write::{NoNumber, Voice};
use crate::app::{AppError, Context};
use crate::engine::SamplingParams;
use crate::engine::projection::Projection;
use crate::import::FieldMap;
use crate::platform::log;
use crate::platform::paths::Paths;
use crate::training::Preset;

/// A language model that writes like you, on your own machine.
#[derive(Debug, Parser)]
#[command(
    name = "xpert",
    version,
    about,
    long_about = "A language model that writes like you, on your own machine.\n\n\
        XPerT measures how you write, finds the personalized model that is closest to you, tells you why, trains it \
        further on your texts and writes with it. Your words never leave this machine.\n\n\
        Without a command, it opens the full-screen interface.",
    after_help = "Examples:\n  xpert demo                        the whole process, with a fictional person's texts\n  \
        xpert import ~/mail.mbox notes/   import your writing\n  \
        xpert select --explain            which model is closest, and why\n  \
        xpert train --minutes 5           make it yours\n  \
        xpert write \"An invitation to dinner on Friday\"\n\n\
        Exit codes: 0 done, 1 failed, 2 invalid command line, 3 something must be done first, 130 stopped."
)]
pub struct Arguments {
    #[command(subcommand)]
    pub command: Option<Command>,
    #[command(flatten)]
    pub common: Common,
}

/// The options that every command takes, and those of `xpert-lab`, too.
#[derive(Debug, Args)]
pub struct Common {
    /// Keep your data in this folder instead of the default one
    #[arg(long, global = true, value_name = "DIR", env = "XPERT_DATA_DIR")]
    pub data_dir: Option<PathBuf>,
    /// The base model: an id from the catalog, a GGUF file, or a folder of safetensors files
    #[arg(long, global = true, value_name = "ID|PATH", env = "XPERT_MODEL")]
    pub model: Option<String>,
    /// Use this many processor cores
    #[arg(long, global = true, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=512))]
    pub threads: Option<u16>,
    /// Print JSON instead of text
    #[arg(long, global = true)]
    pub json: bool,
    /// How much to write to the log in the data folder: off, error, warn, info or debug; your texts are never logged
    #[arg(long, global = true, value_name = "LEVEL", env = "XPERT_LOG", default_value = "info", value_parser = level)]
    pub log_level: log::Level,
}

impl Common {
    /// # Errors
    /// As [`Context::new`].
    pub fn context(&self) -> Result<Context, AppError> {
        Context::new(self.data_dir.as_deref(), self.model.clone(), self.threads.map(usize::from))
    }

    /// Starts the log in the data folder. Where no place for one is known there is none; [`Self::context`] says so.
    pub fn start_log(&self) {
        if let Ok(paths) = Paths::resolve(self.data_dir.as_deref()) {
            log::start(paths.data(), self.log_level);
        }
    }
}

#[derive(Debug, Subcommand, strum::IntoStaticStr)]
#[strum(serialize_all = "kebab-case")]
pub enum Command {
    /// Show the whole process with a fictional person's texts, in a separate data folder
    #[command(
        after_help = "In a terminal, the demo opens a full-screen interface that you control; elsewhere, or with --headless, it prints a report.\n\n\
        Examples:\n  xpert demo\n  xpert demo --continue\n  xpert demo --headless"
    )]
    Demo(DemoArguments),
    /// Import texts you wrote: plain text, Markdown, mbox / .eml, JSON lines, CSV
    #[command(after_help = "Examples:\n  xpert import --dry-run ~/Documents/notes\n  \
        xpert import sent.mbox --me ann@example.org\n  \
        xpert import mail.jsonl --map text=email,context=subject\n  \
        xpert import --undo                removes what the last import added")]
    Import(ImportArguments),
    /// Describe your style: a score on each axis, and the reasons for it
    #[command(after_help = "Examples:\n  xpert profile\n  xpert profile --by source\n  xpert profile --by time --json")]
    Profile(ProfileArguments),
    /// Show the personalized models that training can start from
    #[command(subcommand)]
    Library(LibraryCommand),
    /// Find the personalized model that is closest to your style
    #[command(after_help = "Examples:\n  xpert select\n  xpert select --explain\n  xpert select --html why.html\n  \
        xpert select --verify 3\n  xpert select --json")]
    Select(SelectArguments),
    /// Train a model on your texts, starting from the closest one
    #[command(after_help = "Ctrl-C stops within a second, discards the unfinished step, and keeps a checkpoint.\n\n\
        Examples:\n  xpert train\n  xpert train --from warm --steps 40\n  xpert train --minutes 5\n  xpert train --resume\n  \
        xpert train --forecast\n  xpert train --sample \"Thank Sam for the lift\"")]
    Train(TrainArguments),
    /// Write a response to a prompt with your model, a library model, or the base model
    #[command(after_help = "The prompt and the response are saved only with --keep or --continue.\n\n\
        Examples:\n  xpert write \"Thank Sam for the lift\"\n  \
        xpert write \"Why is the sky blue?\" --adapter base\n  xpert write \"A postcard\" --seed 7 --temperature 0.9\n  \
        xpert write \"A postcard\" --adapter run:2\n  xpert write \"An invitation for Friday\" --keep\n  xpert write \"Shorter, please\" --continue")]
    Write(WriteArguments),
    /// Manage the conversations saved on this machine
    #[command(
        subcommand,
        after_help = "A conversation is saved if it was started with `xpert write PROMPT --keep` or saved on the Write screen.\n\n\
        Examples:\n  xpert history list\n  xpert history search brakes\n  xpert history show 3\n  \
        xpert history rename 3 \"The lift on Friday\"\n  xpert history delete 3\n  \
        xpert write \"Shorter, please\" --continue 3"
    )]
    History(HistoryCommand),
    /// Manage the models you have trained: list, compare, rename, export and delete them, or choose which one is in use
    #[command(
        subcommand,
        after_help = "When training ends, the new model becomes the one in use and the previous one is kept.\n\n\
        Examples:\n  xpert runs list\n  xpert runs show 2\n  xpert runs compare 1 2\n  \
        xpert runs rename 2 \"Letters only\"\n  xpert runs use 1\n  xpert runs export 2 ~/adapters/letters\n  \
        xpert runs delete 2"
    )]
    Runs(RunsCommand),
    /// The base models: list the known ones, and download one
    #[command(subcommand)]
    Model(ModelCommand),
    /// Measure how fast this machine trains and writes, and how much memory that takes
    #[command(
        after_help = "This takes a few minutes, and other running programs slow it down. Each kind of training runs in a \
        separate process.\n\nExamples:\n  xpert bench\n  xpert bench --json"
    )]
    Bench(BenchArguments),
    /// Check that everything is in order
    Doctor,
    /// Print the manual page, or write the pages of all commands into a folder
    #[command(after_help = "Examples:\n  xpert man | man -l -\n  xpert man ~/.local/share/man/man1")]
    Man(ManArguments),
    /// Print a shell completion script for commands and options
    #[command(
        after_help = "Examples:\n  xpert completions bash > ~/.local/share/bash-completion/completions/xpert\n  \
        xpert completions zsh > ~/.zfunc/_xpert\n  xpert completions fish > ~/.config/fish/completions/xpert.fish"
    )]
    Completions(CompletionsArguments),
}

#[derive(Debug, Args)]
pub struct BenchArguments {
    /// Measure one part only, in this process
    #[arg(
        long,
        value_name = "PART",
        long_help = "Measure one part only, in this process: products, generation, or a preset (full, \
        checkpointed, last-layers) with :chat for chat pairs or :COUNTxLENGTH for random tokens, such as full:4x256"
    )]
    pub part: Option<Part>,
    /// Measure matrix products and each kind of training for at least this many seconds
    #[arg(long, value_name = "S", value_parser = positive_real, default_value_t = bench::DEFAULT_SECONDS)]
    pub seconds: f64,
}

#[derive(Debug, Args)]
pub struct DemoArguments {
    /// Print a report instead of opening the full-screen interface
    #[arg(long)]
    pub headless: bool,
    /// Train for this many steps
    #[arg(long, value_name = "N")]
    pub steps: Option<usize>,
    /// Reopen the last demo as you left it, with the model that it trained
    #[arg(long = "continue", conflicts_with = "headless")]
    pub resume: bool,
}

#[derive(Debug, Args)]
pub struct ImportArguments {
    /// Files and folders
    #[arg(required_unless_present = "undo", value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Which fields of JSON lines or CSV hold the text, its context, its author and its date
    #[arg(long, value_name = "text=FIELD[,context=FIELD,author=FIELD,date=FIELD]")]
    pub map: Option<FieldMap>,
    /// Your address or name; can be given more than once. Texts by other people are omitted
    #[arg(long, value_name = "ADDRESS|NAME")]
    pub me: Vec<String>,
    /// Show what would be imported, without importing it
    #[arg(long)]
    pub dry_run: bool,
    /// Remove the texts that the last import added; your files are not changed
    #[arg(long, conflicts_with_all = ["paths", "map", "me", "dry_run"])]
    pub undo: bool,
}

#[derive(Debug, Args)]
pub struct ProfileArguments {
    /// Measure the texts in groups, and show where the groups differ by more than chance
    #[arg(long, value_enum, value_name = "WHAT")]
    pub by: Option<ByName>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ByName {
    /// Where the texts come from: files, or folders or kinds of files if there are many
    Source,
    /// When the texts were written: up to six periods with about the same number of words
    Time,
}

impl From<ByName> for By {
    fn from(name: ByName) -> Self {
        match name {
            ByName::Source => Self::Source,
            ByName::Time => Self::Time,
        }
    }
}

#[derive(Debug, Subcommand)]
pub enum LibraryCommand {
    /// List the models
    List,
    /// Show one model's card
    Show {
        /// Its id, as `xpert library list` shows it
        id: String,
    },
    /// Rebuild the library from the corpora (for developers; takes hours)
    Build {
        /// Keep the models and cards; only compute the base model's embeddings of the models' responses
        #[arg(long)]
        readings: bool,
        /// The repository's assets folder
        #[arg(long, default_value = "assets")]
        assets: PathBuf,
        /// The folder for intermediate results, from which an interrupted build resumes
        #[arg(long, default_value = "target/library")]
        work: PathBuf,
    },
}

#[derive(Debug, Default, Args)]
pub struct SelectArguments {
    /// Explain the choice: the reasons in words, every axis that matters, and sentences of yours that show it
    #[arg(long)]
    pub explain: bool,
    /// Also write the explanation to FILE as a self-contained HTML page; it quotes your texts
    #[arg(long, value_name = "FILE")]
    pub html: Option<PathBuf>,
    /// Also use the base model's embeddings of your texts: more certain with few texts; needs the base model and a few seconds
    #[arg(long)]
    pub neural: bool,
    /// Also compute how well the top N models predict some of your texts; needs the base model and a few seconds per model
    #[arg(long, value_name = "N", value_parser = positive)]
    pub verify: Option<usize>,
}

#[derive(Debug, Default, Args)]
pub struct TrainArguments {
    /// Starting point: the one that selection chooses (auto), scratch, a library model, or a blend such as warm:0.7+formal:0.4
    #[arg(long, default_value = "auto", value_name = "auto|scratch|ID|BLEND")]
    pub from: train::StartPoint,
    /// How long to train: quick (a third of the usual steps), normal (about three passes over your texts), or thorough (twice as long)
    #[arg(long, value_name = "EFFORT", default_value_t, conflicts_with = "steps")]
    pub effort: train::Effort,
    /// Train for this many steps
    #[arg(long, value_name = "N", value_parser = positive)]
    pub steps: Option<usize>,
    /// Stop after this many minutes of training
    #[arg(long, value_name = "M", value_parser = positive_real)]
    pub minutes: Option<f64>,
    /// The peak learning rate
    #[arg(long, value_name = "RATE", value_parser = positive_real)]
    pub learning_rate: Option<f64>,
    /// Tokens per step: texts are added until there are this many, and their gradients are summed
    #[arg(long, value_name = "N", value_parser = positive)]
    pub tokens_per_step: Option<usize>,
    /// Resident memory that the program may use, in MiB (by default `training_memory` in config.toml, or most of the free memory)
    #[arg(long, value_name = "MIB", value_parser = positive)]
    pub memory: Option<usize>,
    /// The preset, instead of the best that fits: full, checkpointed (less memory) or last-layers (only the last blocks are trained)
    #[arg(long, value_name = "PRESET")]
    pub preset: Option<Preset>,
    /// Rank of a new adapter
    #[arg(long, value_name = "N", value_parser = positive)]
    pub rank: Option<usize>,
    /// Alpha of a new adapter: its update is scaled by alpha over rank (by default twice the rank)
    #[arg(long, value_name = "A", value_parser = positive_real)]
    pub alpha: Option<f64>,
    /// Projections that a new adapter changes, such as q_proj,v_proj (by default all seven)
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    pub target_modules: Vec<Projection>,
    /// Train to the last step even if the held-out loss stops falling
    #[arg(long)]
    pub no_early_stop: bool,
    /// Continue from the last checkpoint, with its settings
    #[arg(long, conflicts_with_all = [
        "from", "effort", "steps", "learning_rate", "restart", "minutes", "no_early_stop", "memory", "preset", "rank", "alpha",
        "target_modules", "tokens_per_step",
    ])]
    pub resume: bool,
    /// Discard a stopped training run and start over
    #[arg(long)]
    pub restart: bool,
    /// Only delete the checkpoint of a stopped training run; your model is kept
    #[arg(long, conflicts_with_all = ["from", "steps", "minutes", "resume", "restart"])]
    pub discard: bool,
    /// Do not train: estimate what training would take, and the held-out loss at each starting point
    #[arg(long, conflicts_with_all = ["resume", "restart", "discard", "sample"])]
    pub forecast: bool,
    /// Show the base model's response to this prompt before training, and the model's response whenever it has improved
    #[arg(long, value_name = "PROMPT", num_args = 0..=1, default_missing_value = train::SAMPLE_PROMPT)]
    pub sample: Option<String>,
}

#[derive(Debug, Args)]
pub struct WriteArguments {
    /// The prompt: what to write, or a question
    pub prompt: String,
    /// Which model writes: a library model, the closest library model (auto), your run N, your run in use (mine), or the base model [default: mine; with --continue, the last one that wrote]
    #[arg(long, value_name = "ID|auto|run:N|mine|base", value_parser = voice)]
    pub adapter: Option<Voice>,
    /// Write at most this many tokens (about three quarters of a word each)
    #[arg(long, value_name = "N", default_value_t = SamplingParams::default().max_tokens, value_parser = positive)]
    pub max_tokens: usize,
    /// Randomness: 0 always takes the most likely word, and higher values give more varied text
    #[arg(long, value_name = "T", default_value_t = SamplingParams::default().temperature, value_parser = temperature)]
    pub temperature: f64,
    /// The random seed: the same seed gives the same text
    #[arg(long, value_name = "N", default_value_t = SamplingParams::default().seed)]
    pub seed: u64,
    /// Start a conversation with this prompt, and keep it on this machine
    #[arg(long)]
    pub keep: bool,
    /// Continue a saved conversation: the last one, or the one with this number
    #[arg(long = "continue", value_name = "ID", num_args = 0..=1, conflicts_with = "keep")]
    pub continued: Option<Option<i64>>,
}

#[derive(Debug, Subcommand)]
pub enum HistoryCommand {
    /// List the conversations, latest first
    List,
    /// Show one conversation
    Show {
        /// Its number, as `xpert history list` shows it
        id: i64,
    },
    /// Find the conversations that contain these words, ignoring case
    Search {
        /// Part of a title, a prompt or a response
        #[arg(value_parser = words)]
        words: String,
    },
    /// Give a conversation a new title
    Rename {
        /// Its number, as `xpert history list` shows it
        id: i64,
        /// The new title
        #[arg(value_parser = words)]
        title: String,
    },
    /// Delete a conversation permanently
    Delete {
        /// Its number, as `xpert history list` shows it
        id: i64,
    },
    /// Save a conversation as a Markdown file, in this folder or another; no existing file is replaced
    Save {
        /// Its number, as `xpert history list` shows it; the last one if omitted
        id: Option<i64>,
        /// The folder for the file
        #[arg(long, value_name = "DIR", default_value = ".")]
        folder: PathBuf,
    },
    /// Count how often one model was preferred to another; each of your runs is counted separately
    Tally,
}

#[derive(Debug, Subcommand)]
pub enum RunsCommand {
    /// List the runs: first the one in use, marked with a star, then the others, latest first
    List,
    /// Show everything known about one run
    Show {
        /// Its number, as `xpert runs list` shows it
        number: u32,
    },
    /// Give a run a new name of at most 60 characters
    Rename {
        /// Its number, as `xpert runs list` shows it
        number: u32,
        /// The new name; an empty one ("") removes the name
        name: String,
    },
    /// Switch to another run; the previous one is kept
    Use {
        /// Its number, as `xpert runs list` shows it
        number: u32,
    },
    /// Delete a run permanently; the one in use can be deleted only if there is no other
    Delete {
        /// Its number, as `xpert runs list` shows it
        number: u32,
    },
    /// Show two runs side by side
    Compare {
        /// The number of the first run
        one: u32,
        /// The number of the second
        other: u32,
    },
    /// Copy a run into a folder for other programs: the adapter in PEFT's layout, and a record of its training
    Export {
        /// Its number, as `xpert runs list` shows it
        number: u32,
        /// An empty or new folder
        #[arg(value_name = "FOLDER")]
        folder: PathBuf,
    },
}

#[derive(Debug, Subcommand)]
pub enum ModelCommand {
    /// List the known base models
    List,
    /// Download the base model (the only command, besides the demo, that uses the network)
    Pull,
}

#[derive(Debug, Args)]
pub struct ManArguments {
    /// Write a page for the program and one for each command into this folder
    #[arg(value_name = "DIR")]
    pub folder: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct CompletionsArguments {
    /// The shell that the script is for
    #[arg(value_enum)]
    pub shell: Shell,
}

fn voice(text: &str) -> Result<Voice, String> {
    text.parse().map_err(|error: NoNumber| format!("{error}; `xpert runs list` shows the available numbers"))
}

fn words(text: &str) -> Result<String, String> {
    if text.trim().is_empty() { Err("at least one word is needed".into()) } else { Ok(text.to_owned()) }
}

fn level(text: &str) -> Result<log::Level, String> {
    text.parse().map_err(|_| "must be off, error, warn, info or debug".into())
}

/// A whole number above zero.
///
/// # Errors
/// When the text is none.
pub fn positive(text: &str) -> Result<usize, String> {
    text.parse().ok().filter(|n| *n > 0).ok_or_else(|| "a whole number above zero is needed".into())
}

fn positive_real(text: &str) -> Result<f64, String> {
    let number = text.parse::<f64>().ok().filter(|x| x.is_finite() && *x > 0.0);
    number.ok_or_else(|| "a number above zero is needed".into())
}

fn temperature(text: &str) -> Result<f64, String> {
    let number = text.parse::<f64>().ok().filter(|x| (0.0..=5.0).contains(x));
    number.ok_or_else(|| "a number from 0 to 5 is needed".into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_well_formed() {
        Arguments::command().debug_assert();
    }
}
