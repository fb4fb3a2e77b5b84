//! The whole state of the screens as plain data. Changed by updates alone, read by views. What a screen remembers is its own.

use std::sync::Arc;

use ratatui::layout::Rect;
use tui_input::Input;

use super::action::Keymap;
use super::guide::Guide;
use super::jobs::Jobs;
use super::message::Status;
use super::overlays::{self, confirm, palette};
use super::screens::{Screen, Screens};
use super::widgets::ListPlace;
use crate::app::train::StartPoint as Start;
use crate::selection::{BlendPart, blend_notation};

/// What lies over the screen and takes the keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Overlay {
    Help,
    /// A training runs: really quit?
    Quit,
    /// Every command, found by its name.
    Palette,
    /// What is at work.
    Jobs,
    /// Before what cannot be undone.
    Confirm,
}

impl Overlay {
    pub const ALL: [Self; 5] = [Self::Palette, Self::Jobs, Self::Confirm, Self::Quit, Self::Help];

    /// As the help heads its keys.
    #[must_use]
    pub fn place(self) -> &'static str {
        match self {
            Self::Help => "In this help",
            Self::Quit => "When asked whether to quit",
            Self::Palette => "In the palette",
            Self::Jobs => "In the list of jobs",
            Self::Confirm => "Before what cannot be undone",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    Plain,
    Good,
    Bad,
}

/// A line for the user. What is bad stays until it is dismissed or replaced; the rest goes by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    pub tone: Tone,
    pub text: String,
    /// Ticks that it is still shown for.
    pub ticks: usize,
}

/// About ten seconds.
const NOTICE_TICKS: usize = 80;

#[derive(Debug)]
pub struct Model {
    pub screen: Screen,
    pub overlay: Option<Overlay>,
    /// In the demo: where it is.
    pub guide: Option<Guide>,
    /// Absent until looked at for the first time.
    pub status: Option<Status>,
    pub notice: Option<Notice>,
    /// What went wrong last on each screen, by [`Screen::index`].
    pub failures: [Option<String>; Screen::ALL.len()],
    pub jobs: Jobs,
    pub keymap: Arc<Keymap>,
    /// Whether the mouse is listened to.
    pub mouse: bool,
    /// The user wants to leave as soon as the training has kept its checkpoint.
    pub leaving: bool,
    pub tick: usize,
    /// Where it was drawn last.
    pub area: Rect,
    /// Rows the page (or the help) is scrolled down by, and how far that can go.
    pub scroll: usize,
    pub scroll_limit: usize,
    /// The row at which what came last begins, where the page grows at its end.
    pub newest: Option<usize>,
    /// Where the list of the screen was drawn last, and that of what lies over it; nothing where there is none.
    pub list: Option<ListPlace>,
    pub list_above: Option<ListPlace>,
    pub palette: palette::State,
    pub jobs_cursor: usize,
    pub confirm: Option<confirm::State>,
    pub screens: Screens,
}

impl Model {
    #[must_use]
    pub fn new(guide: Option<Guide>) -> Self {
        Self {
            screen: Screen::Import,
            overlay: None,
            guide,
            status: None,
            notice: None,
            failures: Default::default(),
            jobs: Jobs::default(),
            keymap: Arc::default(),
            mouse: true,
            leaving: false,
            tick: 0,
            area: Rect::ZERO,
            scroll: 0,
            scroll_limit: 0,
            newest: None,
            list: None,
            list_above: None,
            palette: palette::State::default(),
            jobs_cursor: 0,
            confirm: None,
            screens: Screens::default(),
        }
    }

    /// The field that takes what is typed, if one does.
    #[must_use]
    pub fn field(&self) -> Option<&Input> {
        match self.overlay {
            None => self.screen.behaviour().field(self),
            Some(overlay) => overlays::field(self, overlay),
        }
    }

    pub fn field_mut(&mut self) -> Option<&mut Input> {
        match self.overlay {
            None => self.screen.behaviour().field_mut(self),
            Some(overlay) => overlays::field_mut(self, overlay),
        }
    }

    #[must_use]
    pub fn has_texts(&self) -> bool {
        self.status.as_ref().is_some_and(|status| status.texts.texts > 0)
    }

    #[must_use]
    pub fn has_base(&self) -> bool {
        self.status.as_ref().is_some_and(|status| status.base.is_some())
    }

    #[must_use]
    pub fn has_personal_model(&self) -> bool {
        self.run_in_use().is_some()
    }

    /// The number of the run that is the personal model.
    #[must_use]
    pub fn run_in_use(&self) -> Option<u32> {
        self.status.as_ref()?.in_use.as_ref().map(|(number, _)| *number)
    }

    #[must_use]
    pub fn has_run(&self, number: u32) -> bool {
        self.status.as_ref().is_some_and(|status| status.runs.contains(&number))
    }

    #[must_use]
    pub fn unfinished(&self) -> Option<&(String, usize, usize)> {
        self.status.as_ref().and_then(|status| status.unfinished.as_ref())
    }

    #[must_use]
    pub fn failure(&self) -> Option<&str> {
        self.failures[self.screen.index()].as_deref()
    }

    pub fn say(&mut self, tone: Tone, text: impl Into<String>) {
        self.notice = Some(Notice { tone, text: text.into(), ticks: NOTICE_TICKS });
    }

    /// Whether something on the screen changes with time alone.
    #[must_use]
    pub fn moves(&self) -> bool {
        self.jobs.any() || self.notice.as_ref().is_some_and(|notice| notice.tone != Tone::Bad)
    }

    /// To where reading begins: the top of a page, or the end of one that grows there.
    pub fn rewind(&mut self) {
        self.scroll = if self.follows_end() { usize::MAX } else { 0 };
    }

    /// Whether what is shown grows at its end and stays there while nobody scrolls up.
    #[must_use]
    pub fn follows_end(&self) -> bool {
        self.overlay.is_none() && self.screen.behaviour().follows_end(self)
    }

    /// To where what came last begins, for whoever has watched it come to its end.
    pub fn read_newest(&mut self) {
        if let (true, true, Some(row)) = (self.follows_end(), self.is_at_end(), self.newest) {
            self.scroll = row.min(self.scroll_limit);
        }
    }

    /// Whether the end of what was drawn last is seen.
    #[must_use]
    pub fn is_at_end(&self) -> bool {
        self.scroll >= self.scroll_limit
    }

    /// What training would start from now, as `xpert train --from` reads it; none from scratch, or where it is not known yet.
    #[must_use]
    pub fn start(&self) -> Option<String> {
        let parts = self.start_parts();
        (!parts.is_empty()).then(|| blend_notation(&parts))
    }

    /// The models that it would start from, each with its weight.
    #[must_use]
    pub fn start_parts(&self) -> Vec<BlendPart> {
        let selected = self.screens.library.selected.as_ref();
        match &self.screens.train.from {
            Start::Auto => selected.map_or_else(Vec::new, |selected| selected.choice.parts()),
            Start::Scratch => Vec::new(),
            Start::Library(id) => vec![BlendPart { id: id.clone(), weight: 1.0 }],
            Start::Blend(parts) => parts.clone(),
        }
    }
}
