//! What goes into [`update`](super::update::update) and what comes out of it: messages, effects, jobs and their reports.
//! Knows neither how a job is done nor how anything is drawn.

use std::path::PathBuf;
use std::sync::Arc;

use crossterm::event::{KeyEvent, MouseEvent};
use ratatui::layout::Rect;

use crate::app::basis::Basis;
use crate::app::doctor::Check;
use crate::app::forecast::Forecast;
use crate::app::history::PromptPlace;
use crate::app::profile::{By, Parts};
use crate::app::runs::{Curve, Record, Run, Runs};
use crate::app::select::Selected;
use crate::app::train::Options;
use crate::app::transcript::Transcript;
use crate::app::write::{Score, Voice};
use crate::engine::{Message, SamplingParams, StopReason};
use crate::import::{Folder, ImportOptions, Scan, ScanProgress};
use crate::models::Event as FetchEvent;
use crate::store::{Added, Conversation, Found, Import, Summary, Tally, Verdict, Written};
use crate::style::Profile;
use crate::training::Event as TrainEvent;

use super::widgets::Seen;

/// Names one run of a job. Never used twice.
pub type JobId = u64;

/// Everything that can happen to the screens.
#[derive(Clone, Debug)]
pub enum Msg {
    Key(KeyEvent),
    Paste(String),
    Mouse(MouseEvent),
    /// Time has passed; moves the spinner.
    Tick,
    /// The terminal has another size now.
    Redraw,
    /// The screen was drawn here, and this is what drawing left behind.
    Drawn {
        area: Rect,
        seen: Seen,
    },
    /// The system asked the program to end.
    Terminate,
    Job(JobId, Report),
}

/// Everything `update` can ask for.
#[derive(Clone, Debug)]
pub enum Effect {
    Start {
        id: JobId,
        job: Job,
    },
    /// Ask a job to stop; it reports when it has.
    Cancel(JobId),
    /// Let a job wait where it is, or go on.
    Pause(JobId, bool),
    /// Look as this theme says.
    Theme(String),
    /// Listen to the mouse, or leave it to the terminal.
    Mouse(bool),
    /// Put this into the clipboard of the terminal, also of one that is far away (OSC 52).
    Copy(String),
    /// Leave this data folder alone and open the demo.
    Demo,
    /// Hand the terminal back to the shell until it wakes us (Ctrl-Z).
    Suspend,
    Quit,
}

/// Work that takes time or touches the disk.
#[derive(Clone, Debug)]
pub enum Job {
    /// See what is there: texts, base model, personal model.
    Look,
    /// See what a folder holds; the home folder where none is named.
    List {
        folder: Option<PathBuf>,
        hidden: bool,
    },
    Preview {
        path: PathBuf,
        options: ImportOptions,
    },
    Keep(Arc<Scan>),
    /// Take the last import back.
    Undo,
    Profile,
    /// Measure the texts in parts.
    Parts(By),
    Select,
    Pull,
    /// See whether everything is in order.
    Check,
    /// Keep a setting.
    Save(Setting),
    /// See what a training from each start would take.
    Forecast(Options),
    /// Delete the checkpoint of a stopped training.
    Discard,
    Train(Options),
    /// Answer a prompt in each voice, one after the other.
    Write(Box<Ask>),
    /// Measure what each voice wrote.
    Score(Vec<(Voice, Vec<String>)>),
    /// Keep a verdict, if there is one, and count those that are kept.
    Judge(Option<Judgement>),
    /// Find the kept conversations that have these words; all where there are none.
    Conversations(String),
    /// Do something with one conversation.
    Conversation(Request),
    /// Write the explanation of this selection as a page for a browser.
    Export(Box<Selected>),
    /// See which models trainings left.
    Runs,
    /// Do something with the run of this number.
    ChangeRun(u32, RunChange),
}

/// What is done with a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RunChange {
    Use,
    Rename(String),
    Delete,
    /// Copy it into the folder that the program was started in.
    Export,
}

/// What the models are asked.
#[derive(Clone, Debug, PartialEq)]
pub struct Ask {
    pub prompt: String,
    /// Who answers, and what each has heard by then, the prompt last.
    pub voices: Vec<(Voice, Vec<Message>)>,
    pub sampling: SamplingParams,
    /// Whether they answer in an order left to chance, which [`Report::Order`] tells.
    pub shuffled: bool,
    /// The kept conversation that it goes into, and where in it.
    pub kept: Option<(i64, PromptPlace)>,
}

/// Which answer to the last prompt was preferred, and the kept conversation that it stands in, if any.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judgement {
    pub verdict: Verdict,
    pub kept: Option<i64>,
}

/// What is to be done with a conversation.
#[derive(Clone, Debug, PartialEq)]
pub enum Request {
    /// Keep it: each prompt with its answers, the one that counts last.
    Keep(Vec<(String, Vec<Written>)>),
    Open(i64),
    Delete(i64),
    /// Write it into a file in the folder that the program was started in.
    Save(Transcript),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::IntoStaticStr)]
#[strum(serialize_all = "kebab-case")]
pub enum JobKind {
    Look,
    List,
    Preview,
    Keep,
    Undo,
    Profile,
    Parts,
    Select,
    Pull,
    Check,
    Save,
    Forecast,
    Discard,
    Train,
    Write,
    Score,
    Judge,
    Conversations,
    Conversation,
    Export,
    Runs,
    ChangeRun,
}

/// A setting as it is kept.
#[derive(Clone, Debug, PartialEq)]
pub enum Setting {
    Theme(String),
    Mouse(bool),
    /// Whether the first run's guide comes again.
    Guide(bool),
    /// What a training may use: memory in MiB, and minutes of work.
    TrainingMemory(Option<u64>),
    TrainingMinutes(Option<f64>),
}

impl Job {
    #[must_use]
    pub fn kind(&self) -> JobKind {
        match self {
            Self::Look => JobKind::Look,
            Self::List { .. } => JobKind::List,
            Self::Preview { .. } => JobKind::Preview,
            Self::Keep(_) => JobKind::Keep,
            Self::Undo => JobKind::Undo,
            Self::Profile => JobKind::Profile,
            Self::Parts(_) => JobKind::Parts,
            Self::Select => JobKind::Select,
            Self::Pull => JobKind::Pull,
            Self::Check => JobKind::Check,
            Self::Forecast(_) => JobKind::Forecast,
            Self::Discard => JobKind::Discard,
            Self::Save(_) => JobKind::Save,
            Self::Train(_) => JobKind::Train,
            Self::Write(_) => JobKind::Write,
            Self::Score(_) => JobKind::Score,
            Self::Judge(_) => JobKind::Judge,
            Self::Conversations(_) => JobKind::Conversations,
            Self::Conversation(_) => JobKind::Conversation,
            Self::Export(_) => JobKind::Export,
            Self::Runs => JobKind::Runs,
            Self::ChangeRun(..) => JobKind::ChangeRun,
        }
    }
}

/// What a job says while it runs, and, last, how it ended.
#[derive(Clone, Debug)]
pub enum Report {
    Reading(ScanProgress),
    /// The languages but English of what is found, with how many texts are in each.
    Languages(Vec<(&'static str, usize)>),
    Fetching(FetchEvent),
    Phase(String),
    Training(TrainEvent),
    /// The curve of an earlier training from scratch on the same texts.
    Reference(Curve),
    /// What the ranking that follows rests on.
    Basis(Arc<Basis>),
    /// The order in which the voices answer.
    Order(Vec<Voice>),
    /// The next answer begins.
    Answering(Voice),
    Piece(String),
    Answered {
        tokens: usize,
        tokens_per_s: f64,
        stop: StopReason,
        /// Turns of the conversation for which the model had no room.
        left_out: usize,
    },

    Looked(Box<Status>),
    /// What a folder holds, or why that cannot be seen.
    Listed(Result<Arc<Folder>, String>),
    Found(Arc<Scan>),
    Kept(Added),
    /// The import that was taken back.
    Undone(Import),
    Profiled(Box<Profile>),
    Parted(Box<Parts>),
    Selected(Box<Selected>),
    Checked(Vec<Check>),
    Saved,
    Forecast(Box<Forecast>),
    Discarded,
    /// The base model is here; its name.
    Fetched(String),
    Trained(Box<Record>),
    Written,
    Scored(Vec<(Voice, Score)>),
    Judged(Vec<Tally>),
    Conversations(Vec<Found>),
    /// The conversation is kept, under this number.
    ConversationKept(i64),
    Opened(Box<Conversation>),
    /// The conversation that was deleted.
    Deleted {
        id: i64,
        title: String,
    },
    /// The page, or the conversation, is in this file.
    Exported(PathBuf),
    Runs(Arc<Runs>),
    /// What was done, and the run as it is then, or was.
    RunChanged(RunChange, Box<Run>),
    /// The copy is in this folder.
    RunExported(PathBuf),
    /// The job did as asked and stopped.
    Stopped,
    /// What went wrong and what to do about it.
    Failed(String),
}

impl Report {
    /// Whether the job is over with this.
    #[must_use]
    pub fn is_last(&self) -> bool {
        !matches!(
            self,
            Self::Reading(_)
                | Self::Languages(_)
                | Self::Fetching(_)
                | Self::Phase(_)
                | Self::Training(_)
                | Self::Reference(_)
                | Self::Basis(_)
                | Self::Order(_)
                | Self::Answering(_)
                | Self::Piece(_)
                | Self::Answered { .. }
        )
    }
}

/// What is there to work with.
#[derive(Clone, Debug, Default)]
pub struct Status {
    pub texts: Summary,
    /// The import that can be taken back.
    pub last_import: Option<Import>,
    /// Name and place of the base model, if it is on this machine.
    pub base: Option<(String, String)>,
    /// The base model that would be fetched: name, licence and bytes.
    pub wanted: (String, String, u64),
    /// The run in use, which is the personal model, and how it came to be, if there is one.
    pub in_use: Option<(u32, Record)>,
    /// The numbers of all runs.
    pub runs: Vec<u32>,
    /// A stopped training: start, step, steps.
    pub unfinished: Option<(String, usize, usize)>,
    /// What could not be looked at, and why.
    pub problems: Vec<String>,
}
