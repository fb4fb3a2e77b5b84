//! What a screen asks of the shell, the events that every screen receives, and the requests that one screen makes of another without
//! knowing it. Plain data.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use super::job::{AnyJob, Job, Kind};
use crate::app::context::Budget;
use crate::app::forecast::Forecast;
use crate::app::train::StartPoint;
use crate::app::write::Voice;
use crate::import::ImportOptions;

/// A screen by its name, one word, as on its tab.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ScreenId(pub &'static str);

impl ScreenId {
    pub const IMPORT: Self = Self("Import");
    pub const STYLE: Self = Self("Style");
    pub const LIBRARY: Self = Self("Library");
    pub const TRAIN: Self = Self("Train");
    pub const WRITE: Self = Self("Write");
    pub const EXPLAIN: Self = Self("Explain");
    pub const RUNS: Self = Self("Runs");
    pub const SETTINGS: Self = Self("Settings");
}

/// What `update` of a screen can ask for. Done in order.
#[derive(Clone, Debug)]
pub enum Effect {
    /// Start a job; a running one of the same kind is stopped and forgotten.
    Start(Arc<dyn AnyJob>),
    /// Ask a job to stop; it reports when it has.
    Stop(&'static Kind),
    /// Stop a job and ignore what it still says: its result is out of date.
    Abandon(&'static Kind),
    Pause(&'static Kind, bool),
    /// How far a running job is, for the status line.
    Progress(&'static Kind, String),
    /// Get something that several screens share, unless it is there, on its way, or failed.
    Need(Need),
    /// Get the base model (uses the network).
    FetchBase,
    Say(Tone, String),
    Dismiss,
    Show(ScreenId),
    /// Scroll the focused panel.
    Scroll(Scroll),
    /// Give a panel of this screen the focus.
    Focus(usize),
    ChooseStart(StartPoint),
    SetBudget(Budget),
    /// What a training from each start point would take, as it was estimated; none where that is out of date.
    SetForecast(Option<Arc<Forecast>>),
    SetMouse(bool),
    Emit(Event),
    Request(Request),
    Ask(Dialog),
    /// Put this into the terminal's clipboard, also of one far away (OSC 52).
    Copy(String),
    Theme(String),
    /// Let the user edit this text in `$VISUAL` or `$EDITOR`; [`super::screen::Message::Edited`] brings it back.
    Edit(String),
    Open(PathBuf),
}

impl Effect {
    pub fn start(job: impl Job) -> Self {
        Self::Start(Arc::new(job))
    }

    pub fn ask(title: &'static str, question: impl Into<String>, answer: Answer) -> Self {
        Self::Ask(Dialog { title, question: question.into(), answer })
    }

    pub fn say(text: impl Into<String>) -> Self {
        Self::Say(Tone::Plain, text.into())
    }

    pub fn say_good(text: impl Into<String>) -> Self {
        Self::Say(Tone::Good, text.into())
    }

    pub fn say_bad(text: impl Into<String>) -> Self {
        Self::Say(Tone::Bad, text.into())
    }
}

/// What several screens share and none owns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    Profile,
    Selection,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    Plain,
    Good,
    /// Stays until it is dismissed or replaced.
    Bad,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scroll {
    Top,
    End,
    /// To the row where what came last begins.
    Newest,
}

/// What happened, for every screen and for the guide.
#[derive(Clone, Debug)]
pub enum Event {
    /// The data folder was looked at: [`super::shared::Shared::status`] is new.
    Looked,
    /// Texts came or went: what was measured of them is out of date.
    TextsChanged,
    /// A preview of texts can be kept.
    Previewed,
    PreviewDiscarded,
    TextsKept,
    Selected,
    StartChosen,
    BudgetChanged,
    /// A training has ended; `stopped` where it can be resumed.
    Trained {
        stopped: bool,
    },
    /// The user asked the models this.
    Prompted(String),
    Answered,
}

/// What a screen wants done by whichever screen does such things.
#[derive(Clone, Debug)]
pub enum Request {
    ChooseFile,
    Preview {
        path: PathBuf,
        options: ImportOptions,
    },
    KeepPreview,
    /// Start or resume a training, for so many steps where a number is given.
    Train {
        steps: Option<usize>,
    },
    Restart,
    /// Let this voice answer beside the base model.
    WriteWith(Voice),
    Ask(String),
    /// Let the user type a prompt.
    EditPrompt,
}

/// A question over the screen. A typed word or a text may be asked for.
#[derive(Clone)]
pub struct Dialog {
    pub title: &'static str,
    pub question: String,
    pub answer: Answer,
}

/// What must be given before it is done, and what is done then.
#[derive(Clone)]
pub enum Answer {
    Yes(Vec<Effect>),
    Word(&'static str, Vec<Effect>),
    /// A text, with a suggestion to start from.
    Text {
        label: &'static str,
        suggestion: String,
        then: Arc<dyn Fn(String) -> Vec<Effect> + Send + Sync>,
    },
}

impl Answer {
    pub fn text(
        label: &'static str,
        suggestion: String,
        then: impl Fn(String) -> Vec<Effect> + Send + Sync + 'static,
    ) -> Self {
        Self::Text { label, suggestion, then: Arc::new(then) }
    }

    /// What the field for it is called; none where nothing is typed.
    pub fn label(&self) -> Option<&'static str> {
        match self {
            Self::Yes(_) => None,
            Self::Word(..) => Some("Word"),
            Self::Text { label, .. } => Some(label),
        }
    }
}

impl fmt::Debug for Dialog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Dialog").field("title", &self.title).field("question", &self.question).finish_non_exhaustive()
    }
}
