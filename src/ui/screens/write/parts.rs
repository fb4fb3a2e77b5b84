//! What the state of Write is made of: the panes, the field for prompts, the list of kept conversations, the blind test. Knows no keys.

use tui_input::Input;

use super::jobs::{Delete, Find, Judgement, Keep, Open, Save};
use crate::app::write::{Score, Voice};
use crate::store::{Found, Tally};
use crate::ui::shell::effect::Effect;
use crate::ui::shell::shared::Shared;
use crate::ui::widgets::TextArea;

/// What is shown.
#[derive(Debug, Default)]
pub enum Pane {
    #[default]
    Talk,
    /// How the voices answered, measured; empty before it is.
    Style(Vec<(Voice, Score)>),
    Kept(List),
}

/// The field for prompts.
#[derive(Debug, Default)]
pub struct Prompt {
    pub field: TextArea,
    pub typing: bool,
    pub place: Place,
}

/// Which prompt is in the field.
#[derive(Debug, Default, PartialEq, Eq)]
pub enum Place {
    #[default]
    New,
    /// That of a turn, to be asked in its place; the new prompt that was begun before comes back.
    InsteadOf { turn: usize, draft: String },
}

impl Prompt {
    /// Puts the new prompt back that was begun, if any.
    pub fn restore(&mut self) {
        if let Place::InsteadOf { draft, .. } = std::mem::take(&mut self.place) {
            self.field = draft.as_str().into();
        }
    }
}

/// The list of kept conversations.
#[derive(Debug, Default)]
pub struct List {
    /// What is looked for.
    pub words: Input,
    pub finding: bool,
    /// Absent until the first search is done.
    pub found: Option<Vec<Found>>,
    pub cursor: usize,
}

impl List {
    pub fn highlighted(&self) -> Option<&Found> {
        self.found.as_ref()?.get(self.cursor)
    }

    pub fn find(&self) -> Effect {
        Effect::start(Find(self.words.value().to_owned()))
    }

    pub fn found(&mut self, found: &[Found]) {
        self.cursor = self.cursor.min(found.len().saturating_sub(1));
        self.found = Some(found.to_vec());
    }

    pub fn step(&mut self, by: isize) {
        let last = self.found.as_ref().map_or(0, Vec::len).saturating_sub(1);
        self.cursor = self.cursor.saturating_add_signed(by).min(last);
    }
}

/// Whether no conversation is being kept, opened, deleted or saved.
pub fn is_idle(shared: &Shared) -> bool {
    !(shared.runs::<Keep>() || shared.runs::<Open>() || shared.runs::<Delete>() || shared.runs::<Save>())
}

#[derive(Debug, Default)]
pub struct BlindTest {
    /// Whether the next responses come without names.
    pub on: bool,
    /// The verdicts kept so far, between any two voices.
    pub tally: Vec<Tally>,
    /// A verdict that is not kept yet.
    pub pending: Option<Judgement>,
}
