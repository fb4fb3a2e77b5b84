//! The one trait by which the shell knows a screen: its names, its keys, what changes it, and how it is drawn. Knows no screen.

use std::any::Any;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt::Debug;

use crossterm::event::{Event as TerminalEvent, KeyEvent};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use tui_input::backend::crossterm::EventHandler;
use tui_input::{Input, InputRequest};

use super::binding::{Binding, Run};
use super::data::{FetchBase, Measure, Select};
use super::effect::{Effect, Event, Request, ScreenId};
use super::job::{Job, Kind, Report};
use super::keys::{Entry, Key, Row};
use super::shared::Shared;
use crate::ui::format::{megabytes, one_line};
use crate::ui::theme::Theme;
use crate::ui::values::moved;
use crate::ui::widgets::{Hits, ListPlace, Page, Panel, gauge};

/// More than this is not pasted into a field of one line: each character is inserted on its own.
const LONGEST_PASTE: usize = 8000;

/// A screen: a struct with its own state. What it shares with others is in [`Shared`], which it cannot change.
pub trait Screen: Debug + Sized + 'static {
    const ID: ScreenId;
    /// What it is for, in a sentence or two that begin the help.
    const ABOUT: &'static str;
    /// A few words for the palette: "how you write, measured".
    const SUMMARY: &'static str;
    const KEYS: &'static [Binding<Self>];
    /// The jobs whose failures are shown here and that the stop key stops first here: its own, and shared ones that it waits for.
    const JOBS: &'static [&'static Kind] = &[];
    /// The action that a click on the row with the cursor does, where that opens or selects something and nothing else.
    const CLICK_AGAIN: Option<&'static str> = None;

    /// Changes the state; nothing else changes it. No clock, no disk, no terminal.
    fn update(&mut self, message: Message<'_>, shared: &Shared) -> Vec<Effect>;

    /// Draws it. Changes nothing; where its panels and rows stand goes into [`View::hits`].
    fn view(&self, view: &View<'_>, frame: &mut Frame<'_>, area: Rect);

    /// How many panels can have the focus now. Up and Down move a list or scroll a page in the one that has it.
    fn panels(&self, _shared: &Shared) -> usize {
        1
    }

    /// Whether what is typed goes into a field, so that only keys for typing are keys.
    fn is_typing(&self) -> bool {
        false
    }

    /// The row of its list that has the cursor, and how many rows there are; none where no list has the focus.
    fn cursor(&self, _shared: &Shared, _focus: usize) -> Option<(usize, usize)> {
        None
    }

    /// What would be lost if the program ended now, as a sentence.
    fn unsaved(&self) -> Option<String> {
        None
    }

    /// Whether its first panel grows at its end and stays there while nobody scrolls up.
    fn follows_end(&self) -> bool {
        false
    }
}

/// Moves the cursor of the list on a screen, while what is typed takes the keys that do so elsewhere.
pub fn move_cursor<S: Screen>(screen: &mut S, shared: &Shared, by: isize) -> Vec<Effect> {
    let Some((row, rows)) = screen.cursor(shared, 0) else { return Vec::new() };
    screen.update(Message::Select(moved(row, rows.saturating_sub(1), by)), shared)
}

/// What happens to a screen.
#[derive(Clone, Copy, Debug)]
pub enum Message<'a> {
    /// It is in front now, or something new is there while it is: it starts what it lacks.
    Shown,
    /// The user wants to try again what failed here. The failures of [`Screen::JOBS`] are cleared already; [`Message::Shown`] follows.
    Retry,
    /// A key that is bound to nothing, while [`Screen::is_typing`].
    Key(&'a KeyEvent),
    /// Pasted text, whole. A screen that has a field may start typing with it.
    Paste(&'a str),
    /// A text that came back from the user's editor.
    Edited(&'a str),
    LeaveField,
    /// Move the cursor to this row.
    Select(usize),
    /// A job that this screen started reports.
    Report(&'a Report),
    /// A job that this screen started ended without a result, stopped or failed (its failure is in [`Shared::failure`]).
    Ended(&'static Kind),
    Event(&'a Event),
    Request(&'a Request),
}

impl<'a> Message<'a> {
    /// What the job says, where this is a report of it.
    pub fn report<J: Job>(&self) -> Option<&'a J::Report> {
        if let Self::Report(report) = self { report.from::<J>() } else { None }
    }

    /// Types into a field of one line, where this is a key or pasted text.
    pub fn type_into(&self, field: &mut Input) {
        match self {
            Self::Key(key) => {
                field.handle_event(&TerminalEvent::Key(**key));
            }
            Self::Paste(text) => {
                for character in text.trim().chars().take(LONGEST_PASTE) {
                    let character = if character.is_control() { ' ' } else { character };
                    field.handle(InputRequest::InsertChar(character));
                }
            }
            _ => {}
        }
    }
}

/// What drawing needs beside the screen's own state, and where it leaves what a click or a scroll key needs.
pub struct View<'a> {
    pub shared: &'a Shared,
    pub theme: &'a Theme,
    /// The panel with the focus.
    pub focus: usize,
    /// Rows that each panel is scrolled down by.
    pub(super) scroll: &'a BTreeMap<usize, usize>,
    /// Where the list was drawn before, so that its rows stay where they were.
    pub list: Option<&'a ListPlace>,
    /// What makes sense now, each with its key.
    pub(super) available: Vec<(Entry, Key)>,
    /// What went wrong with the jobs that the screen waits for.
    pub failures: Vec<&'a str>,
    pub hits: RefCell<Hits>,
}

impl View<'_> {
    /// The key that does this on the screen now; empty where it makes no sense now.
    pub fn key(&self, action: &str) -> String {
        debug_assert!(self.shared.keymap.knows(action), "no action is called {action}");
        let found = self.available.iter().find(|(entry, _)| entry.row.id == action);
        found.map(|(_, key)| key.to_string()).unwrap_or_default()
    }

    /// Whether the action makes sense now.
    pub fn can(&self, action: &str) -> bool {
        self.available.iter().any(|(entry, _)| entry.row.id == action)
    }

    /// A titled panel around what is drawn into the place that is returned.
    pub fn panel(&self, frame: &mut Frame<'_>, area: Rect, panel: usize, title: &str) -> Rect {
        Panel::new(self.theme, title).focused(panel == self.focus).draw(frame, area, (0, 0));
        Panel::inner(area)
    }

    /// A titled panel with a page of text that scrolls, some lines of which may be the rows of the list.
    pub fn page(
        &self,
        frame: &mut Frame<'_>,
        area: Rect,
        panel: usize,
        title: &str,
        write: impl FnOnce(&mut Page<'_>),
    ) {
        self.page_in(&Panel::new(self.theme, title).focused(panel == self.focus), frame, area, panel, write);
    }

    /// The same in a panel that may leave the focus to a field.
    pub fn page_in(
        &self,
        around: &Panel<'_>,
        frame: &mut Frame<'_>,
        area: Rect,
        panel: usize,
        write: impl FnOnce(&mut Page<'_>),
    ) {
        let inner = Panel::inner(area);
        let mut page = Page::new(self.theme, inner);
        write(&mut page);
        let height = page.height();
        let limit = height.saturating_sub(usize::from(inner.height));
        let scroll = self.scroll(panel).min(limit);
        around.draw(frame, area, (scroll, limit - scroll));
        if !page.rows.is_empty() {
            self.list_at(ListPlace::on_page(&page.rows, scroll, inner));
        }
        page.draw(frame, inner, scroll);
        self.scrolls(panel, limit);
    }

    /// What went wrong with the jobs that the screen waits for, and that there are no texts, where that is so; returns whether it is.
    pub fn write_why_empty(&self, page: &mut Page<'_>) -> bool {
        self.write_failures(page);
        self.write_no_texts(page)
    }

    /// Where the texts are not measured: that this is on its way, or which key starts it.
    pub fn write_unmeasured(&self, page: &mut Page<'_>, action: &str) {
        if self.shared.runs::<Measure>() {
            self.write_working(page, "Measuring how you write");
        } else if self.shared.runs::<Select>() {
            self.write_working(page, "Ranking the library");
        } else if self.failures.is_empty() {
            page.dim("Your texts have not been measured yet.");
            page.hint(&self.shared.key(action), "measure them");
        }
    }

    /// What went wrong with the jobs that the screen waits for, before anything else.
    pub fn write_failures(&self, page: &mut Page<'_>) {
        for why in &self.failures {
            page.text(self.theme.styles.bad, why);
            page.hint(&self.key("retry"), "try again; Esc dismisses this message");
            page.blank();
        }
    }

    /// A line that says that something is on its way.
    pub fn write_working(&self, page: &mut Page<'_>, what: &str) {
        page.line(vec![Span::styled(self.spinner(), self.theme.styles.key), Span::raw(format!(" {what} ..."))]);
    }

    pub fn spinner(&self) -> &'static str {
        self.theme.glyphs.spinner[self.shared.tick % self.theme.glyphs.spinner.len()]
    }

    /// What every screen but Import says where there are no texts; returns whether it did.
    pub fn write_no_texts(&self, page: &mut Page<'_>) -> bool {
        if self.shared.status.is_none() {
            self.write_working(page, "Checking the data folder");
            return true;
        }
        if !self.shared.has_texts() {
            page.plain("You have no texts yet.");
            page.hint(
                &self.shared.key("show-import"),
                "Import: choose a file or folder with things you wrote (mail, notes, chats)",
            );
        }
        !self.shared.has_texts()
    }

    /// Where the base model is not on this machine: how to download it, or how far that is.
    pub fn write_fetch(&self, page: &mut Page<'_>) {
        let Some(status) = self.shared.status.as_ref().filter(|status| status.base.is_none()) else { return };
        if !self.shared.runs::<FetchBase>() {
            let (name, licence, bytes) = &status.wanted;
            page.plain(&format!(
                "The base model, {name} ({}, {licence}), is not on this machine yet.",
                megabytes(*bytes)
            ));
            page.hint(&self.key("fetch-base"), "download it: the only time XPerT uses the network");
            page.blank();
            return;
        }
        let fetch = &self.shared.fetch;
        self.write_working(page, &format!("Downloading the base model: {}", one_line(&fetch.source)));
        if let Some((share, total)) = fetch.share().zip(fetch.total) {
            let width = page.width().saturating_sub(30).clamp(8, 40);
            let mut spans = gauge(self.theme, width, share, self.theme.styles.good);
            let so_far = format!(" {}  {} of {}", fetch.progress(), megabytes(fetch.done), megabytes(total));
            spans.push(Span::raw(so_far));
            page.line(spans);
        } else if fetch.done > 0 {
            page.plain(&megabytes(fetch.done));
        }
        for note in &fetch.notes {
            page.dim(&one_line(note));
        }
        page.hint(&self.key("stop"), "stop it");
        page.blank();
    }

    pub fn scroll(&self, panel: usize) -> usize {
        self.scroll.get(&panel).copied().unwrap_or(0)
    }

    /// Remembers how far a panel can be scrolled.
    pub fn scrolls(&self, panel: usize, limit: usize) {
        self.hits.borrow_mut().limits.insert(panel, limit);
    }

    /// Draws the rows around the cursor of a list of `length` rows, each of which `row` makes, given its number and whether it has the
    /// cursor; returns where they stand.
    #[must_use]
    pub fn rows<'l>(
        &self,
        frame: &mut Frame<'_>,
        area: Rect,
        (cursor, length): (usize, usize),
        row: impl Fn(usize, bool) -> Line<'l>,
    ) -> ListPlace {
        let place = ListPlace::around(self.list, length, cursor, area);
        for (at, line) in place.rows() {
            frame.render_widget(row(at, at == cursor), line);
        }
        place
    }

    /// Remembers where the rows of the list stand.
    pub fn list_at(&self, place: ListPlace) {
        self.hits.borrow_mut().list = Some(place);
    }
}

/// What a screen says about itself, as in [`Screen`].
pub struct About {
    pub id: ScreenId,
    pub about: &'static str,
    pub summary: &'static str,
    pub jobs: &'static [&'static Kind],
    pub click_again: Option<&'static str>,
}

/// A screen whose type is not known.
pub trait AnyScreen: Any + Debug {
    fn about(&self) -> &'static About;
    fn rows(&self) -> Vec<Row>;
    fn is_enabled(&self, binding: usize, shared: &Shared) -> bool;
    fn run(&mut self, binding: usize, shared: &Shared) -> Vec<Effect>;
    fn update(&mut self, message: Message<'_>, shared: &Shared) -> Vec<Effect>;
    fn view(&self, view: &View<'_>, frame: &mut Frame<'_>, area: Rect);
    fn panels(&self, shared: &Shared) -> usize;
    fn is_typing(&self) -> bool;
    fn cursor(&self, shared: &Shared, focus: usize) -> Option<(usize, usize)>;
    fn unsaved(&self) -> Option<String>;
    fn follows_end(&self) -> bool;
}

impl<S: Screen> AnyScreen for S {
    fn about(&self) -> &'static About {
        const { &About { id: S::ID, about: S::ABOUT, summary: S::SUMMARY, jobs: S::JOBS, click_again: S::CLICK_AGAIN } }
    }

    fn rows(&self) -> Vec<Row> {
        S::KEYS.iter().map(|binding| binding.row).collect()
    }

    fn is_enabled(&self, binding: usize, shared: &Shared) -> bool {
        (S::KEYS[binding].enabled)(self, shared)
    }

    fn run(&mut self, binding: usize, shared: &Shared) -> Vec<Effect> {
        match S::KEYS[binding].run {
            Run::Effects(run) => run(self, shared),
            Run::Change(change) => {
                change(self);
                Vec::new()
            }
        }
    }

    fn update(&mut self, message: Message<'_>, shared: &Shared) -> Vec<Effect> {
        Screen::update(self, message, shared)
    }

    fn view(&self, view: &View<'_>, frame: &mut Frame<'_>, area: Rect) {
        Screen::view(self, view, frame, area);
    }

    fn panels(&self, shared: &Shared) -> usize {
        Screen::panels(self, shared)
    }

    fn is_typing(&self) -> bool {
        Screen::is_typing(self)
    }

    fn cursor(&self, shared: &Shared, focus: usize) -> Option<(usize, usize)> {
        Screen::cursor(self, shared, focus)
    }

    fn unsaved(&self) -> Option<String> {
        Screen::unsaved(self)
    }

    fn follows_end(&self) -> bool {
        Screen::follows_end(self)
    }
}
