//! The list of screens. A new one is a file here, a line in each list below, and its rows in the action table.

pub mod explain;
pub mod import;
pub mod library;
pub mod runs;
pub mod settings;
pub mod style;
pub mod train;
pub mod write;

use ratatui::Frame;
use ratatui::layout::Rect;
use tui_input::Input;

use super::action::Action;
use super::message::{Effect, Job, JobKind};
use super::model::Model;
use super::theme::Theme;
use super::widgets::Seen;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Screen {
    Import,
    Style,
    Library,
    Train,
    Write,
    Explain,
    Runs,
    Settings,
}

/// What each screen remembers.
#[derive(Debug, Default)]
pub struct Screens {
    pub import: import::State,
    pub style: style::State,
    pub library: library::State,
    pub train: train::State,
    pub write: write::State,
    pub explain: explain::State,
    pub runs: runs::State,
    pub settings: settings::State,
}

impl Screen {
    pub const ALL: [Self; 8] =
        [Self::Import, Self::Style, Self::Library, Self::Train, Self::Write, Self::Explain, Self::Runs, Self::Settings];

    /// How this screen behaves.
    #[must_use]
    pub fn behaviour(self) -> &'static dyn Behaviour {
        match self {
            Self::Import => &import::Import,
            Self::Style => &style::Style,
            Self::Library => &library::Library,
            Self::Train => &train::Train,
            Self::Write => &write::Write,
            Self::Explain => &explain::Explain,
            Self::Runs => &runs::Runs,
            Self::Settings => &settings::Settings,
        }
    }

    #[must_use]
    pub fn name(self) -> &'static str {
        self.behaviour().name()
    }

    #[must_use]
    pub fn index(self) -> usize {
        self as usize
    }

    #[must_use]
    pub fn next(self) -> Self {
        Self::ALL[(self.index() + 1) % Self::ALL.len()]
    }

    #[must_use]
    pub fn previous(self) -> Self {
        Self::ALL[(self.index() + Self::ALL.len() - 1) % Self::ALL.len()]
    }

    /// Where a job's result, or what went wrong with it, is seen: the first screen that says so.
    #[must_use]
    pub fn of(kind: JobKind) -> Self {
        Self::ALL.into_iter().find(|screen| screen.behaviour().jobs().contains(&kind)).unwrap_or(Self::Import)
    }
}

/// What the rest of the interface asks of a screen. Everything but its name, its purpose and its picture may be left out.
pub trait Behaviour {
    /// One word, for its tab.
    fn name(&self) -> &'static str;

    /// What it is for, in a sentence or two that begin the help.
    fn about(&self) -> &'static str;

    /// Draws it; returns how far it can be scrolled, and where its list stands.
    fn draw(&self, model: &Model, theme: &Theme, frame: &mut Frame<'_>, area: Rect) -> Seen;

    /// The jobs whose results are seen here.
    fn jobs(&self) -> &'static [JobKind] {
        &[]
    }

    /// Of the jobs, those that the stop key stops first here.
    fn stops(&self) -> &'static [JobKind] {
        &[]
    }

    /// Whether it has nothing to work out before there are texts.
    fn needs_texts(&self) -> bool {
        true
    }

    /// The job whose result it lacks, if it lacks one.
    fn missing(&self, _model: &Model) -> Option<Job> {
        None
    }

    /// Forgets what it worked out, so that it is worked out anew.
    fn forget(&self, _model: &mut Model) {}

    /// Tries again what failed here, where that is more than looking around and working out what is missing.
    fn retry(&self, _model: &mut Model) -> Option<Vec<Effect>> {
        None
    }

    /// The cursor of its list and the length of that, where it has one.
    fn list<'m>(&self, _model: &'m mut Model) -> Option<(&'m mut usize, usize)> {
        None
    }

    /// The row of its list that has the cursor, and how many rows there are, counted as they are drawn.
    fn cursor(&self, model: &mut Model) -> Option<(usize, usize)> {
        let (cursor, length) = self.list(model)?;
        Some(((*cursor).min(length.saturating_sub(1)), length))
    }

    /// Moves the cursor to a row, counted as they are drawn.
    fn go_to(&self, model: &mut Model, row: usize) {
        if let Some((cursor, length)) = self.list(model) {
            *cursor = row.min(length.saturating_sub(1));
        }
    }

    /// What a click on the row that has the cursor already does: what Enter does there, where that opens or selects something and
    /// nothing else.
    fn click_again(&self) -> Option<Action> {
        None
    }

    /// Whether what it shows grows at its end, which is then what is seen.
    fn follows_end(&self, _model: &Model) -> bool {
        false
    }

    /// The field that takes what is typed, if one does.
    fn field<'m>(&self, _model: &'m Model) -> Option<&'m Input> {
        None
    }

    fn field_mut<'m>(&self, _model: &'m mut Model) -> Option<&'m mut Input> {
        None
    }

    /// What is in the field has changed.
    fn typed(&self, _model: &mut Model) -> Vec<Effect> {
        Vec::new()
    }

    /// Takes up typing where something is pasted and no field is typed into.
    fn take_up_typing(&self, _model: &mut Model) {}

    /// Ends typing.
    fn leave_field(&self, _model: &mut Model) {}
}
