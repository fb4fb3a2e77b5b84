//! What may be typed, with help and examples. Does nothing.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use xpert::cli::{Common, positive};

/// The laboratory of XPerT: measures and learns what the program ships.
#[derive(Debug, Parser)]
#[command(
    name = "xpert-lab",
    version,
    about,
    after_help = "Examples:\n  xpert-lab eval selection --data paper --simulate\n  xpert-lab reference chat.jsonl commits.jsonl\n  \
        xpert-lab study caution-rates ../shared\n  xpert-lab documents\n\n\
        Exit codes: 0 done, 1 failed, 2 wrong command line, 3 something must be done first, 130 stopped."
)]
pub struct Arguments {
    #[command(subcommand)]
    pub command: Command,
    #[command(flatten)]
    pub common: Common,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Measure the style space and selection on data with known answers
    #[command(after_help = "Examples:\n  xpert-lab eval selection --data paper --simulate\n  \
        xpert-lab eval authors --data chat.jsonl --json\n  xpert-lab eval axes --data requests.csv\n  \
        xpert-lab eval axes --data prose.txt --data poems.txt --group 5\n  \
        xpert-lab eval levels --data assets/styles/levels --write docs/benchmarks.md")]
    Eval(EvalArguments),
    /// Learn the style space from reference texts and the corpora; then build the program and the library
    Reference(ReferenceArguments),
    /// Run a study: what the program's limits and defaults were set by
    Study(StudyArguments),
    /// Write docs/commands.md and docs/keys.md from the program's definitions
    Documents {
        /// The folder of the documents
        #[arg(long, value_name = "DIR", default_value = "docs")]
        folder: PathBuf,
    },
}

#[derive(Debug, Args)]
pub struct ReferenceArguments {
    /// JSON lines with `author` and `text`, one file for each kind of writing
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Keep features and axes; only learn what the base model's embeddings are compared with
    #[arg(long)]
    pub neural: bool,
    /// The repository's assets folder
    #[arg(long, default_value = "assets")]
    pub assets: PathBuf,
}

#[derive(Debug, Args)]
pub struct StudyArguments {
    /// Which study
    #[arg(value_enum)]
    pub study: Study,
    /// What the study takes
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "ARGUMENT")]
    pub arguments: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Study {
    /// How well each axis does on texts it was not learned from; writes the evidence file: SHARED [FILE]
    AxisEvidence,
    /// How often the texts of one writer are taken for those of two: [SHARED]
    CautionRates,
    /// How often two random halves of one writer's texts are said to differ: [SHARED]
    PartsChance,
    /// Whether selection chooses the start with the lowest loss: DATA_DIR...
    SelectionBenchmark,
    /// Time to held-out loss, for comparison with another trainer: MODEL.gguf PAIRS.jsonl [NAME=VALUE ...]
    TimeToLoss,
    /// How soon the screens appear and answer: [NAME=VALUE ...]
    ScreensAnswer,
    /// What the screens cost a training: [NAME=VALUE ...]
    ScreensWhileTraining,
    /// Pictures of the screens for the documents: [--until PICTURE] [--into DIR]
    Screenshots,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum SuiteName {
    /// Choosing among models of which only a share of the texts is in their style; a folder of STYLE.jsonl files with `response`, and default.jsonl
    Selection,
    /// Steps, time and texts until a start point is as good as from scratch; a folder as for `selection`
    Cost,
    /// Recognising authors; JSON lines with `author` and `text`, or a folder of files, one a person
    Authors,
    /// How well each axis separates labelled texts; quadruples (.tsv), texts with scores (.csv), or two files of texts
    Axes,
    /// Graded levels of one quality in their order; a folder of QUALITY-LEVEL.jsonl files with `prompt` and `text`
    Levels,
    /// Bytes and time to select among 14 to 100,000 models; a user's texts, as JSON lines or a text a line
    Communication,
    /// What selection says about short, misspelt, quoted, mixed and one-sided text; a folder as for `selection`
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
    /// With `axes`: pool this many consecutive texts
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = positive)]
    pub group: usize,
    /// With `selection`: make models from mixed texts instead of training them
    #[arg(long)]
    pub simulate: bool,
    /// With `selection --simulate` and `authors`: also use the base model's embeddings of the texts
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
    /// Where trained models are kept, to continue or to use again [default: in the data folder]
    #[arg(long, value_name = "DIR")]
    pub work: Option<PathBuf>,
    /// Add a dated table to this file
    #[arg(long, value_name = "FILE")]
    pub write: Option<PathBuf>,
}
