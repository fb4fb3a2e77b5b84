//! What may be typed on the command line, with help and examples. Does nothing.

mod runs;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

use crate::app::bench::Part;
use crate::app::profile::By;
use crate::app::train;
use crate::app::write::Voice;
use crate::engine::Drawing;
use crate::engine::projection::Projection;
use crate::import::FieldMap;
use crate::platform::log;
use crate::training::Preset;
pub use runs::RunsCommand;

/// A language model that writes like you, on your own machine.
#[derive(Debug, Parser)]
#[command(
    name = "xpert",
    version,
    about,
    long_about = "A language model that writes like you, on your own machine.\n\n\
        XPerT measures how you write, finds the personalized model that is closest to you, tells you why, trains it \
        further on your texts and writes with it. Your words never leave this machine.\n\n\
        Without a command it opens the screens.",
    after_help = "Examples:\n  xpert demo                        the whole job on an invented person\n  \
        xpert import ~/mail.mbox notes/   bring your writing in\n  \
        xpert select --explain            which model is closest, and why\n  \
        xpert train --minutes 5           make it yours\n  \
        xpert write \"An invitation to dinner on Friday\"\n\n\
        Exit codes: 0 done, 1 failed, 2 wrong command line, 3 something must be done first, 130 stopped."
)]
pub struct Arguments {
    #[command(subcommand)]
    pub command: Option<Command>,
    /// Keep everything in this folder instead of the usual place
    #[arg(long, global = true, value_name = "DIR", env = "XPERT_DATA_DIR")]
    pub data_dir: Option<PathBuf>,
    /// The base model: an id of the catalogue, a GGUF file, or a folder with safetensors
    #[arg(long, global = true, value_name = "ID|PATH", env = "XPERT_MODEL")]
    pub model: Option<String>,
    /// Use this many processor cores
    #[arg(long, global = true, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=512))]
    pub threads: Option<u16>,
    /// Print JSON instead of text
    #[arg(long, global = true)]
    pub json: bool,
    /// What goes into the log in the data folder: off, error, warn, info or debug; never a word of yours
    #[arg(long, global = true, value_name = "LEVEL", env = "XPERT_LOG", default_value = "info", value_parser = level)]
    pub log_level: log::Level,
}

#[derive(Debug, Subcommand, strum::IntoStaticStr)]
#[strum(serialize_all = "kebab-case")]
pub enum Command {
    /// Show the whole job on an invented person, with her own data folder
    #[command(
        after_help = "In a terminal the demo is screens that you drive; elsewhere, or with --headless, a report.\n\n\
        Examples:\n  xpert demo\n  xpert demo --headless"
    )]
    Demo(DemoArguments),
    /// Bring texts you wrote in: plain text, Markdown, mbox / .eml, JSON lines
    #[command(after_help = "Examples:\n  xpert import --dry-run ~/Documents/notes\n  \
        xpert import sent.mbox --me ann@example.org\n  \
        xpert import mail.jsonl --map text=email,context=subject\n  \
        xpert import --undo                removes what the last import added")]
    Import(ImportArguments),
    /// Describe your style: a score on each axis, and what is behind it
    #[command(after_help = "Examples:\n  xpert profile\n  xpert profile --by source\n  xpert profile --by time --json")]
    Profile(ProfileArguments),
    /// Look at the personalized models that training can start from
    #[command(subcommand)]
    Library(LibraryCommand),
    /// Find the personalized model that is closest to your style
    #[command(after_help = "Examples:\n  xpert select\n  xpert select --explain\n  xpert select --html why.html\n  \
        xpert select --verify 3\n  xpert select --json")]
    Select(SelectArguments),
    /// Train a model on your texts, from the closest one
    #[command(after_help = "Ctrl-C stops after the step at hand and keeps a checkpoint.\n\n\
        Examples:\n  xpert train\n  xpert train --from warm --steps 40\n  xpert train --minutes 5\n  xpert train --resume\n  \
        xpert train --forecast\n  xpert train --sample \"Thank Sam for the lift\"")]
    Train(TrainArguments),
    /// Write: answer a prompt with your model, a library model, or the base
    #[command(after_help = "Neither prompt nor answer is kept, unless you say so with --keep or --continue.\n\n\
        Examples:\n  xpert write \"Thank Sam for the lift\"\n  \
        xpert write \"Why is the sky blue?\" --adapter base\n  xpert write \"A postcard\" --seed 7 --temperature 0.9\n  \
        xpert write \"A postcard\" --adapter run:2\n  xpert write \"An invitation for Friday\" --keep\n  xpert write \"Shorter, please\" --continue")]
    Write(WriteArguments),
    /// The conversations that are kept on this machine
    #[command(
        subcommand,
        after_help = "A conversation is kept where it was begun with `xpert write PROMPT --keep`.\n\n\
        Examples:\n  xpert history list\n  xpert history search brakes\n  xpert history show 3\n  \
        xpert history rename 3 \"The lift on Friday\"\n  xpert history delete 3\n  \
        xpert write \"Shorter, please\" --continue 3"
    )]
    History(HistoryCommand),
    /// The models that your trainings left: which is in use, and what becomes of the others
    #[command(
        subcommand,
        after_help = "A training puts its model in use and keeps the one before.\n\n\
        Examples:\n  xpert runs list\n  xpert runs show 2\n  xpert runs compare 1 2\n  \
        xpert runs rename 2 \"Letters only\"\n  xpert runs use 1\n  xpert runs export 2 ~/adapters/letters\n  \
        xpert runs delete 2"
    )]
    Runs(RunsCommand),
    /// The base models: which are known, and fetching one
    #[command(subcommand)]
    Model(ModelCommand),
    /// Measure how fast this machine trains and writes, and in how much memory
    #[command(
        after_help = "Takes some minutes; other programs at work make it slower. Each kind of training runs in a \
        process of its own.\n\nExamples:\n  xpert bench\n  xpert bench --json"
    )]
    Bench(BenchArguments),
    /// Measure the style space and selection on data with known answers
    #[command(
        after_help = "Examples:\n  xpert eval selection --data paper --simulate\n  xpert eval authors --data chat.jsonl --json\n  \
        xpert eval axes --data requests.csv\n  xpert eval axes --data prose.txt --data poems.txt --group 5\n  \
        xpert eval levels --data assets/styles/levels --write docs/benchmarks.md"
    )]
    Eval(EvalArguments),
    /// Check that everything is in order
    Doctor,
    /// Print the manual page, or write the pages of all commands into a folder
    #[command(after_help = "Examples:\n  xpert man | man -l -\n  xpert man ~/.local/share/man/man1")]
    Man(ManArguments),
    /// Print what a shell needs to complete commands and options
    #[command(
        after_help = "Examples:\n  xpert completions bash > ~/.local/share/bash-completion/completions/xpert\n  \
        xpert completions zsh > ~/.zfunc/_xpert\n  xpert completions fish > ~/.config/fish/completions/xpert.fish"
    )]
    Completions(CompletionsArguments),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum SuiteName {
    /// Choosing among models that are only partly in their style; a folder of STYLE.jsonl files with `response`, and default.jsonl
    Selection,
    /// Steps, time and texts until a start is as good as from scratch; a folder as for `selection`
    Cost,
    /// Telling people apart; JSON lines with `author` and `text`, or a folder of files, one a person
    Authors,
    /// How well each axis separates labelled texts; quadruples (.tsv), texts with scores (.csv), or two files of texts
    Axes,
    /// Graded levels of one quality in their order; a folder of QUALITY-LEVEL.jsonl files with `prompt` and `text`
    Levels,
    /// Bytes and time to select among 14 to 100,000 models; a user's texts, as JSON lines or a text a line
    Communication,
    /// What is said of short, misspelt, quoted, mixed and one-sided text; a folder as for `selection`
    Noise,
}

#[derive(Debug, Args)]
pub struct EvalArguments {
    /// What is measured
    #[arg(value_enum)]
    pub suite: SuiteName,
    /// The data; twice for two files to compare
    #[arg(long, required = true, value_name = "PATH")]
    pub data: Vec<PathBuf>,
    /// With `axes`: so many texts that follow each other are pooled
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = positive)]
    pub group: usize,
    /// With `selection`: make models from mixed texts instead of training them
    #[arg(long)]
    pub simulate: bool,
    /// With `selection --simulate` and `authors`: let the base model read the texts, too
    #[arg(long)]
    pub neural: bool,
    /// With `selection`: draw the users from this folder
    #[arg(long, value_name = "DIR")]
    pub test: Option<PathBuf>,
    /// Percent of a trained model's texts that have its style; several with commas [default: 30,50,70,80,90]
    #[arg(long, value_name = "PERCENT", value_delimiter = ',', value_parser = clap::value_parser!(u8).range(1..=100))]
    pub similarity: Vec<u8>,
    /// With `cost`: of how many styles the users' texts are; several with commas
    #[arg(long, value_name = "STYLES", value_delimiter = ',', value_parser = positive, default_value = "1")]
    pub mix: Vec<usize>,
    /// With `cost`: how many users are tried
    #[arg(long, value_name = "N", value_parser = positive, default_value_t = 8)]
    pub users: usize,
    /// Steps that a model is trained for [default: 96, with `cost` 150]
    #[arg(long, value_name = "N", value_parser = positive)]
    pub model_steps: Option<usize>,
    /// Where trained models are kept, to go on with or to use again [default: in the data folder]
    #[arg(long, value_name = "DIR")]
    pub work: Option<PathBuf>,
    /// Add a dated table to this file
    #[arg(long, value_name = "FILE")]
    pub write: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct BenchArguments {
    /// Measure one part only, in this process
    #[arg(
        long,
        value_name = "PART",
        long_help = "Measure one part only, in this process: products, generation, or a preset (full, \
        checkpointed, board) with :chat for chat pairs or :COUNTxLENGTH for random tokens, such as full:4x256"
    )]
    pub part: Option<Part>,
}

#[derive(Debug, Args)]
pub struct DemoArguments {
    /// Print a report instead of opening screens
    #[arg(long)]
    pub headless: bool,
    /// Train for this many steps
    #[arg(long, value_name = "N")]
    pub steps: Option<usize>,
}

#[derive(Debug, Args)]
pub struct ImportArguments {
    /// Files and folders
    #[arg(required_unless_present = "undo", value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Which fields of JSON lines hold what
    #[arg(long, value_name = "text=FIELD[,context=FIELD,author=FIELD,date=FIELD]")]
    pub map: Option<FieldMap>,
    /// An address or name that is yours; repeatable. Texts of others are left out
    #[arg(long, value_name = "ADDRESS|NAME")]
    pub me: Vec<String>,
    /// Show what would be imported, and import nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Remove the texts that the last import added; your files stay as they are
    #[arg(long, conflicts_with_all = ["paths", "map", "me", "dry_run"])]
    pub undo: bool,
}

#[derive(Debug, Args)]
pub struct ProfileArguments {
    /// Measure the texts in parts, and say where these differ more than by chance
    #[arg(long, value_enum, value_name = "WHAT")]
    pub by: Option<ByName>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ByName {
    /// Where the texts come from: files, folders, or kinds of files where those are many
    Source,
    /// When they were written: up to six spans of equal words
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
    /// Make the library anew from the corpora (for developers; takes long)
    Build {
        /// Leave models and cards as they are; only let the base model read what they write
        #[arg(long)]
        readings: bool,
        /// The repository's assets folder
        #[arg(long, default_value = "assets")]
        assets: PathBuf,
        /// Where what is made on the way is kept, to go on from
        #[arg(long, default_value = "target/library")]
        work: PathBuf,
    },
    /// Measure the style space anew from reference texts and the corpora (for developers; the library must follow)
    Reference {
        /// JSON lines with `author` and `text`, one file a kind of writing
        #[arg(required = true, value_name = "PATH")]
        paths: Vec<PathBuf>,
        /// Leave features and axes as they are; only measure what the base model's readings are compared with
        #[arg(long)]
        neural: bool,
        /// The repository's assets folder
        #[arg(long, default_value = "assets")]
        assets: PathBuf,
    },
}

#[derive(Debug, Default, Args)]
pub struct SelectArguments {
    /// Say why: the reasons in words, every axis that counts, and sentences of yours that show it
    #[arg(long)]
    pub explain: bool,
    /// Also write the explanation as a page for a browser, everything in one file; it quotes your texts
    #[arg(long, value_name = "FILE")]
    pub html: Option<PathBuf>,
    /// Let the base model itself read your texts, too: surer where there are few; needs the base model and some seconds
    #[arg(long)]
    pub neural: bool,
    /// Also compute how well the first N models predict texts of yours; needs the base model and some seconds for each
    #[arg(long, value_name = "N", value_parser = positive)]
    pub verify: Option<usize>,
}

#[derive(Debug, Default, Args)]
pub struct TrainArguments {
    /// Where to start: what selection chooses, from nothing, a model of the library, or a blend such as warm:0.7+formal:0.4
    #[arg(long, default_value = "auto", value_name = "auto|scratch|ID|BLEND")]
    pub from: train::From,
    /// Train for this many steps (by default about three passes over your texts)
    #[arg(long, value_name = "N", value_parser = positive)]
    pub steps: Option<usize>,
    /// Stop after this many minutes of work
    #[arg(long, value_name = "M", value_parser = positive_real)]
    pub minutes: Option<f64>,
    /// The highest learning rate
    #[arg(long, value_name = "RATE", value_parser = positive_real)]
    pub learning_rate: Option<f64>,
    /// Tokens of a step: texts are taken until there are so many, and their gradients are added up
    #[arg(long, value_name = "N", value_parser = positive)]
    pub tokens_per_step: Option<usize>,
    /// Resident memory that the program may use, in MiB (by default `training_memory` of config.toml, or what the machine has to spare)
    #[arg(long, value_name = "MIB", value_parser = positive)]
    pub memory: Option<usize>,
    /// How to train instead of the best that fits: full, checkpointed (less memory) or board (the last blocks only)
    #[arg(long, value_name = "PRESET")]
    pub preset: Option<Preset>,
    /// Rank of a new adapter
    #[arg(long, value_name = "N", value_parser = positive)]
    pub rank: Option<usize>,
    /// Alpha of a new adapter: its update is scaled by alpha over rank (by default twice the rank)
    #[arg(long, value_name = "A", value_parser = positive_real)]
    pub alpha: Option<f64>,
    /// Linear maps that a new adapter changes, such as q_proj,v_proj (by default all seven)
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    pub target_modules: Vec<Projection>,
    /// Train to the last step even when the held-out loss no longer falls
    #[arg(long)]
    pub no_early_stop: bool,
    /// Go on from the last checkpoint, with its settings
    #[arg(long, conflicts_with_all = [
        "from", "steps", "learning_rate", "restart", "minutes", "no_early_stop", "memory", "preset", "rank", "alpha",
        "target_modules", "tokens_per_step",
    ])]
    pub resume: bool,
    /// Give up a stopped training and begin anew
    #[arg(long)]
    pub restart: bool,
    /// Only delete the checkpoint of a stopped training; your model stays
    #[arg(long, conflicts_with_all = ["from", "steps", "minutes", "resume", "restart"])]
    pub discard: bool,
    /// Train nothing: say what it would take, and where a training from each start would begin
    #[arg(long, conflicts_with_all = ["resume", "restart", "discard", "sample"])]
    pub forecast: bool,
    /// Let the model answer this whenever it has become better, and the base before it
    #[arg(long, value_name = "PROMPT", num_args = 0..=1, default_missing_value = train::SAMPLE_PROMPT)]
    pub sample: Option<String>,
}

#[derive(Debug, Args)]
pub struct WriteArguments {
    /// What to write, or a question to answer
    pub prompt: String,
    /// Whose model writes: of the library, your run N, your run in use, or the base [default: mine; with --continue, who wrote last]
    #[arg(long, value_name = "ID|run:N|mine|base")]
    pub adapter: Option<Voice>,
    /// Write at most this many tokens (about three quarters of a word each)
    #[arg(long, value_name = "N", default_value_t = Drawing::default().max_tokens, value_parser = positive)]
    pub max_tokens: usize,
    /// 0 is always the likeliest word; higher is more varied
    #[arg(long, value_name = "T", default_value_t = Drawing::default().temperature, value_parser = temperature)]
    pub temperature: f64,
    /// The same seed writes the same text
    #[arg(long, value_name = "N", default_value_t = Drawing::default().seed)]
    pub seed: u64,
    /// Begin a conversation with it, which is kept on this machine
    #[arg(long)]
    pub keep: bool,
    /// Go on with a kept conversation: the last one, or the one with this number
    #[arg(long = "continue", value_name = "ID", num_args = 0..=1, conflicts_with = "keep")]
    pub go_on: Option<Option<i64>>,
}

#[derive(Debug, Subcommand)]
pub enum HistoryCommand {
    /// List the conversations, the last one first
    List,
    /// Show one conversation
    Show {
        /// Its number, as `xpert history list` shows it
        id: i64,
    },
    /// Find the conversations that have these words, in capitals or not
    Search {
        /// Part of a title, a prompt or an answer
        #[arg(value_parser = words)]
        words: String,
    },
    /// Give a conversation another title
    Rename {
        /// Its number, as `xpert history list` shows it
        id: i64,
        /// The new title
        #[arg(value_parser = words)]
        title: String,
    },
    /// Delete a conversation for good
    Delete {
        /// Its number, as `xpert history list` shows it
        id: i64,
    },
    /// Write a conversation as Markdown, into this folder or another; no file there is replaced
    Save {
        /// Its number, as `xpert history list` shows it; the last one where it is left away
        id: Option<i64>,
        /// Where the file goes
        #[arg(long, value_name = "DIR", default_value = ".")]
        folder: PathBuf,
    },
    /// How often one voice was preferred to another, each of your runs by itself
    Tally,
}

#[derive(Debug, Subcommand)]
pub enum ModelCommand {
    /// List the models this program knows
    List,
    /// Fetch the base model (the only command, with the demo, that uses the network)
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
    /// The shell they are for
    #[arg(value_enum)]
    pub shell: Shell,
}

fn words(text: &str) -> Result<String, String> {
    if text.trim().is_empty() { Err("at least one word is needed".into()) } else { Ok(text.to_owned()) }
}

fn level(text: &str) -> Result<log::Level, String> {
    text.parse().map_err(|_| "off, error, warn, info or debug is needed".into())
}

fn positive(text: &str) -> Result<usize, String> {
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
