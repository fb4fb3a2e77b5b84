//! The shell's own state: the screens, which one is in front, what lies over it, the message, and what makes sense now. Knows screens
//! by their trait only.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::data::FetchBase;
use super::effect::{ScreenId, Tone};
use super::guide::{Guide, Step};
use super::job::{AnyJob, Job, JobId, Kind};
use super::jobs::State;
use super::keys::{Command, Entry, Key, Keymap, Layer, Place, Target};
use super::overlays::Overlay;
use super::runner::{Outcome, Shutdown};
use super::screen::{About, AnyScreen};
use super::shared::Shared;
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
    /// The tick that it is shown until.
    until: usize,
}

/// About ten seconds.
const NOTICE_TICKS: usize = 80;

#[derive(Debug, Default)]
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
    pub(super) scroll: Vec<BTreeMap<usize, usize>>,
    /// What drawing left behind last.
    pub(super) hits: Hits,
    /// What was asked of the program since it last did something.
    pub acts: Vec<Act>,
}

impl Shell {
    /// The screens in the order of their tabs, with the user's keys for their rows, in front the first.
    pub fn new(screens: Vec<Box<dyn AnyScreen>>, keymap: Arc<Keymap>, guide: Option<Guide>) -> Self {
        let in_demo = guide.as_ref().is_some_and(|guide| guide.demo.is_some());
        let shared = Shared { keymap, mouse: true, in_demo, guided: guide.is_some(), ..Shared::default() };
        let (focus, scroll) = (vec![0; screens.len()], vec![BTreeMap::new(); screens.len()]);
        Self { shared, screens, guide, focus, scroll, ..Self::default() }
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
        self.notice = Some(Notice { tone, text: text.into(), until: self.shared.tick + NOTICE_TICKS });
    }

    /// Moves the spinner; a notice that has been shown long enough goes.
    pub(super) fn tick(&mut self) {
        self.shared.tick += 1;
        self.notice.take_if(|notice| notice.tone != Tone::Bad && notice.until <= self.shared.tick);
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
        let jobs = &self.shared.jobs;
        let long = jobs.all().iter().map(|job| job.kind).filter(|kind| kind.long);
        let mut kinds = self.about().jobs.iter().copied().chain(long);
        kinds.find(|kind| matches!(jobs.state(kind), Some(State::Running | State::Paused)))
    }

    pub(super) fn panels(&self) -> usize {
        self.screen().panels(&self.shared).max(1)
    }

    pub(super) fn focused(&self) -> usize {
        self.focus[self.here].min(self.panels() - 1)
    }

    pub(super) fn scrolled(&self, panel: usize) -> usize {
        self.scroll[self.here].get(&panel).copied().unwrap_or(0)
    }

    pub(super) fn scroll_panel(&mut self, panel: usize, rows: usize) {
        self.scroll[self.here].insert(panel, rows);
    }

    /// Whether a command of the shell makes sense now.
    fn can(&self, command: Command) -> bool {
        let focus = self.focused();
        match command {
            Command::Suspend => cfg!(unix),
            Command::PageDown => self.scrolled(focus) < self.hits.limit(focus) || self.overlay.is_some(),
            Command::PageUp => self.scrolled(focus) > 0 || self.overlay.is_some(),
            Command::Confirm => match &self.overlay {
                Some(Overlay::Palette(palette)) => palette.highlighted().is_some(),
                Some(Overlay::Dialog(question)) => question.is_answered(),
                _ => true,
            },
            Command::StopJob => self.highlighted_job().is_some(),
            Command::Advance => self.guide.is_some() && Step::of(self.id()).is_some(),
            Command::EndGuide => self.guide.is_some(),
            Command::OpenDemo => self.guide.as_ref().is_some_and(|guide| guide.demo.is_none() && guide.is_fresh()),
            Command::Stop => self.stoppable().is_some(),
            Command::Retry => !self.failures().is_empty(),
            Command::Dismiss => self.notice.is_some() || !self.failures().is_empty(),
            Command::Panel(_) => self.panels() > 1,
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

    fn is_enabled(&self, entry: &Entry) -> bool {
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
        self.counts(entry, self.overlay.as_ref().map(Overlay::layer), self.screen().is_typing())
    }

    /// Whether it would count if nothing lay over the screen and nothing were typed.
    fn is_available_below(&self, entry: &Entry) -> bool {
        self.counts(entry, None, false)
    }

    fn counts(&self, entry: &Entry, above: Option<Layer>, typing: bool) -> bool {
        let here = match entry.place {
            Place::Always => true,
            Place::Over(layer) => above == Some(layer),
            _ if above.is_some() => false,
            Place::TypingOn(screen) => typing && screen == self.id(),
            Place::Typing => typing,
            Place::On(screen) => !typing && screen == self.id(),
            Place::Everywhere => !typing,
        };
        here && self.is_enabled(entry)
    }

    /// The first row that passes and makes sense now.
    pub(super) fn first(&self, passes: impl Fn(&Entry, &[Key]) -> bool) -> Option<Entry> {
        let mut rows = self.shared.keymap.entries().filter(|(entry, keys)| passes(entry, keys));
        rows.find(|(entry, _)| self.is_available(entry)).map(|(entry, _)| *entry)
    }

    /// Rows that pass, the most important first, each with the first of its keys that no earlier row has taken.
    pub(super) fn offered(&self, passes: impl Fn(&Entry) -> bool) -> Vec<(Entry, Key)> {
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

    /// What the screen's explanations can name: what makes sense once nothing lies over it; while something is typed, only keys for that.
    pub(super) fn available(&self) -> Vec<(Entry, Key)> {
        if self.screen().is_typing() {
            return self.offered(|entry| self.is_available(entry));
        }
        self.offered(|entry| self.is_available_below(entry))
    }

    /// What the palette offers: every command that makes sense on this screen, its own first.
    pub(super) fn commands(&self) -> Vec<(Entry, Key)> {
        use Command as C;
        let is_offered = |entry: &Entry| match entry.target {
            Target::Shell(C::Move(_) | C::PageUp | C::PageDown | C::Palette | C::Leave | C::Dismiss) => false,
            Target::Shell(C::Advance | C::Panel(_)) => false,
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

    /// Why quitting now would lose something.
    pub(super) fn at_stake(&self) -> Option<String> {
        let unsaved = self.screens.iter().filter_map(|screen| screen.unsaved());
        let running = self.shared.jobs.long_besides(&[&FetchBase::KIND]);
        let running = running.map(|title| format!("{title} is running. It stops first and keeps what it saved."));
        let stakes: Vec<String> = running.into_iter().chain(unsaved).collect();
        (!stakes.is_empty()).then(|| stakes.join(" "))
    }
}
