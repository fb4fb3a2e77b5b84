//! The shell's own state: the screens, which one is in front, what lies over it, the message, and what makes sense now. Knows screens
//! by their trait only.

use std::sync::Arc;

use super::data::FetchBase;
use super::effect::{ScreenId, Tone};
use super::guide::{Guide, Step};
use super::job::{AnyJob, Job, JobId, Kind};
use super::jobs::State;
use super::keys::{Command, Entry, Key, Keymap, Place, Target};
use super::overlays::Overlay;
use super::runner::{Outcome, Shutdown};
use super::screen::{About, AnyScreen};
use super::shared::Shared;
use super::table::table;
use crate::ui::widgets::Hits;

use crossterm::event::{KeyEvent, MouseEvent};

/// Everything that can happen to the program.
#[derive(Clone, Debug)]
pub enum Msg {
    Key(KeyEvent),
    Paste(String),
    Mouse(MouseEvent),
    /// Time has passed; moves the spinner.
    Tick,
    /// The terminal has another size now.
    Redraw,
    /// The screen was drawn, and this is what drawing left behind.
    Drawn(Hits),
    /// The text that came back from the user's editor, or why there is none.
    Edited(Result<String, String>),
    /// The theme was read again, or why it stays as it was.
    ThemeRead(Result<String, String>),
    /// The system asked the program to end.
    Terminate,
    Job(JobId, Outcome),
}

/// What the program does outside of its own state.
#[derive(Clone, Debug)]
pub enum Act {
    Start {
        id: JobId,
        job: Arc<dyn AnyJob>,
    },
    Cancel(JobId),
    Pause(JobId, bool),
    Theme(String),
    Mouse(bool),
    Copy(String),
    Edit(String),
    Open(std::path::PathBuf),
    Demo,
    /// Hand the terminal back to the shell until it wakes us (Ctrl-Z).
    Suspend,
    Quit(Shutdown),
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
pub struct Shell {
    pub shared: Shared,
    pub screens: Vec<Box<dyn AnyScreen>>,
    /// The place of the screen in front.
    pub(super) here: usize,
    pub(super) overlay: Option<Overlay>,
    pub(super) guide: Option<Guide>,
    pub notice: Option<Notice>,
    /// The user wants to leave as soon as the training has saved its checkpoint.
    pub(super) leaving: bool,
    /// The focused panel of each screen, and how far its panels are scrolled.
    pub(super) focus: Vec<usize>,
    pub(super) scroll: Vec<Vec<usize>>,
    /// What drawing left behind last.
    pub(super) hits: Hits,
    /// What was asked of the program since it last did something.
    pub acts: Vec<Act>,
}

impl Shell {
    /// The screens in the order of their tabs, with the user's keys for their rows, in front the first.
    pub fn new(screens: Vec<Box<dyn AnyScreen>>, keymap: Arc<Keymap>, guide: Option<Guide>) -> Self {
        let count = screens.len();
        let mut shared = Shared::new(keymap);
        shared.in_demo = guide.as_ref().is_some_and(|guide| guide.demo.is_some());
        shared.guided = guide.is_some();
        Self {
            shared,
            screens,
            here: 0,
            overlay: None,
            guide,
            notice: None,
            leaving: false,
            focus: vec![0; count],
            scroll: vec![Vec::new(); count],
            hits: Hits::default(),
            acts: Vec::new(),
        }
    }

    /// The shipped keys for these screens.
    pub fn shipped_keys(screens: &[Box<dyn AnyScreen>]) -> Keymap {
        Keymap::shipped(table(screens))
    }

    pub fn screen(&self) -> &dyn AnyScreen {
        &*self.screens[self.here]
    }

    pub(super) fn about(&self) -> &'static About {
        self.screen().about()
    }

    pub fn id(&self) -> ScreenId {
        self.about().id
    }

    pub fn say(&mut self, tone: Tone, text: impl Into<String>) {
        self.notice = Some(Notice { tone, text: text.into(), ticks: NOTICE_TICKS });
    }

    /// Whether something on the screen changes with time alone.
    pub fn moves(&self) -> bool {
        !self.shared.jobs.all().is_empty() || self.notice.as_ref().is_some_and(|notice| notice.tone != Tone::Bad)
    }

    /// What went wrong with the jobs that the screen waits for.
    pub(super) fn failures(&self) -> Vec<&str> {
        self.about().jobs.iter().filter_map(|kind| self.shared.failure(kind)).collect()
    }

    /// The job that the stop key stops: of the screen's own first, then the long ones.
    pub(super) fn stoppable(&self) -> Option<&'static Kind> {
        let running =
            |kind: &&'static Kind| matches!(self.shared.jobs.state(kind), Some(State::Running | State::Paused));
        let own = self.about().jobs.iter().copied().find(running);
        let long = || self.shared.jobs.all().iter().map(|job| job.kind).filter(|kind| kind.long).find(running);
        own.or_else(long)
    }

    pub(super) fn panels(&self) -> usize {
        self.screen().panels(&self.shared).max(1)
    }

    pub(super) fn focused(&self) -> usize {
        self.focus[self.here].min(self.panels() - 1)
    }

    pub(super) fn scrolled(&self, panel: usize) -> usize {
        self.scroll[self.here].get(panel).copied().unwrap_or(0)
    }

    pub(super) fn set_scroll(&mut self, panel: usize, rows: usize) {
        let scroll = &mut self.scroll[self.here];
        if scroll.len() <= panel {
            scroll.resize(panel + 1, 0);
        }
        scroll[panel] = rows;
    }

    /// Whether a command of the shell makes sense now.
    fn can(&self, command: Command) -> bool {
        let focus = self.focused();
        match command {
            Command::Suspend => cfg!(unix),
            Command::PageDown => self.scrolled(focus) < self.hits.limit(focus) || self.overlay.is_some(),
            Command::PageUp => self.scrolled(focus) > 0 || self.overlay.is_some(),
            Command::RunMatch => {
                matches!(&self.overlay, Some(Overlay::Palette(palette)) if palette.highlighted().is_some())
            }
            Command::StopJob => self.highlighted_job().is_some(),
            Command::Confirm => matches!(&self.overlay, Some(Overlay::Dialog(question)) if question.is_answered()),
            Command::Advance => self.guide.is_some() && Step::of(self.id()).is_some(),
            Command::EndGuide => self.guide.is_some(),
            Command::OpenDemo => self.guide.as_ref().is_some_and(|guide| guide.demo.is_none() && guide.is_fresh()),
            Command::Stop => self.stoppable().is_some(),
            Command::Retry => !self.failures().is_empty(),
            Command::Dismiss => self.notice.is_some() || !self.failures().is_empty(),
            Command::NextPanel | Command::PreviousPanel => self.panels() > 1,
            Command::Jobs => !self.shared.jobs.all().is_empty(),
            _ => true,
        }
    }

    /// The highlighted job that can still be asked to stop.
    pub(super) fn highlighted_job(&self) -> Option<&'static Kind> {
        let Some(Overlay::Jobs(cursor)) = &self.overlay else { return None };
        let jobs = self.shared.jobs.all();
        let job = jobs.get((*cursor).min(jobs.len().saturating_sub(1)))?;
        (job.state != State::Stopping).then_some(job.kind)
    }

    pub(super) fn is_enabled(&self, entry: &Entry) -> bool {
        let yields = || entry.row.unless.is_some_and(|command| self.can(command));
        match entry.target {
            Target::Shell(command) => self.can(command),
            Target::Screen { screen, binding } => {
                screen == self.here && !yields() && self.screens[screen].is_enabled(binding, &self.shared)
            }
        }
    }

    /// Whether the row's key counts now.
    pub(super) fn is_available(&self, entry: &Entry) -> bool {
        let typing = self.screen().is_typing();
        let here = match (entry.place, &self.overlay) {
            (Place::Always, _) => true,
            (Place::Over(layer), Some(overlay)) => overlay.layer() == layer,
            (Place::Over(_), None) | (_, Some(_)) => false,
            (Place::TypingOn(screen), None) => typing && screen == self.id(),
            (Place::Typing, None) => typing,
            (Place::On(screen), None) => !typing && screen == self.id(),
            (Place::Everywhere, None) => !typing,
        };
        here && self.is_enabled(entry)
    }

    /// Whether it would count if nothing lay over the screen and nothing were typed.
    fn is_available_below(&self, entry: &Entry) -> bool {
        let here = match entry.place {
            Place::Always | Place::Everywhere => true,
            Place::On(screen) => screen == self.id(),
            Place::Over(_) | Place::TypingOn(_) | Place::Typing => false,
        };
        here && self.is_enabled(entry)
    }

    /// The row that a key stands for now.
    pub(super) fn resolve(&self, event: &KeyEvent) -> Option<Entry> {
        let mut rows = self.shared.keymap.entries().filter(|(_, keys)| keys.iter().any(|key| key.is(event)));
        rows.find(|(entry, _)| self.is_available(entry)).map(|(entry, _)| *entry)
    }

    /// Rows that pass, each with the first of its keys that no earlier row has taken.
    fn offered(&self, passes: impl Fn(&Entry) -> bool) -> Vec<(Entry, Key)> {
        let mut taken: Vec<Key> = Vec::new();
        let mut rows = Vec::new();
        for (entry, keys) in self.shared.keymap.entries().filter(|(entry, _)| passes(entry)) {
            if let Some(free) = keys.iter().find(|key| !taken.contains(key)) {
                rows.push((*entry, *free));
            }
            taken.extend(keys);
        }
        rows
    }

    /// What the command bar offers now, the most important first.
    pub fn bar(&self) -> Vec<(Entry, Key)> {
        self.offered(|entry| entry.row.in_bar && self.is_available(entry))
    }

    /// What the screen's explanations can name: what makes sense once nothing lies over it and nothing is typed, and what is typed by.
    pub(super) fn available(&self) -> Vec<(&'static str, Key)> {
        let below = self.offered(|entry| self.is_available_below(entry));
        let now = self.offered(|entry| self.is_available(entry));
        below.into_iter().chain(now).map(|(entry, key)| (entry.row.id, key)).collect()
    }

    /// What the palette offers: every command that makes sense on this screen, its own first.
    pub(super) fn commands(&self) -> Vec<(Entry, Key)> {
        use Command as C;
        let is_offered = |entry: &Entry| match entry.target {
            Target::Shell(C::Up | C::Down | C::PageUp | C::PageDown | C::Palette | C::Leave | C::Dismiss) => false,
            Target::Shell(C::Advance | C::NextPanel | C::PreviousPanel) => false,
            _ => self.is_available_below(entry),
        };
        let mut found: Vec<(Entry, Key)> = Vec::new();
        for (entry, keys) in self.shared.keymap.entries() {
            let (Some(key), true) = (keys.first(), is_offered(entry)) else { continue };
            if !found.iter().any(|(other, _)| other.row.id == entry.row.id) {
                found.push((*entry, *key));
            }
        }
        found.sort_by_key(|(entry, _)| !matches!(entry.place, Place::On(_)));
        found
    }

    /// The row for an action that makes sense now.
    pub(super) fn entry(&self, action: &str) -> Option<Entry> {
        let mut rows = self.shared.keymap.entries().map(|(entry, _)| entry).filter(|entry| entry.row.id == action);
        rows.find(|entry| self.is_available(entry)).copied()
    }

    /// Why quitting now would lose something.
    pub(super) fn at_stake(&self) -> Option<String> {
        let unsaved = self.screens.iter().filter_map(|screen| screen.unsaved());
        let running = self.shared.jobs.all().iter().find(|job| job.kind.long && job.kind.id != FetchBase::KIND.id);
        let running =
            running.map(|job| format!("{} is running. It stops first and keeps what it saved.", job.kind.title));
        let stakes: Vec<String> = running.into_iter().chain(unsaved).collect();
        (!stakes.is_empty()).then(|| stakes.join(" "))
    }
}
