//! The pure heart of the screens: a message changes the state and may ask for acts. No clock, no disk, no terminal.

use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, MouseButton, MouseEvent, MouseEventKind};

use super::apply::Owner;
use super::data::{FetchBase, Fetching, Look, Measure, Save, Select};
use super::effect::{Effect, Event, Tone};
use super::job::{Job, JobId, Kind, Report};
use super::keys::{Command, Entry, Target};
use super::overlays::Overlay;
use super::overlays::palette::Palette;
use super::runner::{Outcome, Shutdown};
use super::screen::{About, Message};
use super::state::{Act, Msg, Shell};
use super::view::entry_at;
use crate::ui::widgets::Hits;

/// Rows that a page key scrolls.
const PAGE: isize = 8;

impl Shell {
    /// What the program begins with.
    #[must_use]
    pub fn begin(&mut self) -> Vec<Act> {
        self.apply_own(Effect::start(Look));
        self.acts.push(Act::Mouse(self.shared.mouse));
        std::mem::take(&mut self.acts)
    }

    #[must_use]
    pub fn update(&mut self, msg: Msg) -> Vec<Act> {
        match msg {
            Msg::Key(key) => self.on_key(&key),
            Msg::Paste(text) => self.paste(&text),
            Msg::Mouse(event) => self.on_mouse(event),
            Msg::Tick => self.tick(),
            Msg::Redraw => {}
            Msg::Drawn(hits) => self.drawn(hits),
            Msg::Edited(Ok(text)) => self.tell(self.here, Message::Edited(&text)),
            Msg::Edited(Err(why)) => self.say(Tone::Bad, why),
            Msg::ThemeRead(Ok(name)) => self.say(Tone::Good, format!("The theme {name} was reloaded.")),
            Msg::ThemeRead(Err(why)) => self.say(Tone::Bad, format!("The theme stays as it was: {why}")),
            Msg::Terminate => self.leave(),
            Msg::Job(id, outcome) => self.on_job(id, outcome),
        }
        std::mem::take(&mut self.acts)
    }

    fn drawn(&mut self, hits: Hits) {
        let follows = self.overlay.is_none() && self.screen().follows_end() && self.is_at_end();
        for panel in 0..self.scroll[self.here].len().max(1) {
            let limit = hits.limit(panel);
            let rows = if panel == 0 && follows { limit } else { self.scrolled(panel).min(limit) };
            self.set_scroll(panel, rows);
        }
        if let Some(Overlay::Help(scroll)) = &mut self.overlay {
            *scroll = (*scroll).min(hits.above_limit);
        }
        self.shared.field = hits.field;
        self.hits = hits;
    }

    /// Whether the end of the first panel was seen when it was drawn last.
    pub(super) fn is_at_end(&self) -> bool {
        self.scrolled(0) >= self.hits.limit(0)
    }

    fn on_key(&mut self, key: &KeyEvent) {
        if key.kind == KeyEventKind::Release {
            return;
        }
        if let Some(entry) = self.resolve(key) {
            self.run(entry);
        } else if let Some(overlay) = &mut self.overlay {
            overlay.field().into_iter().for_each(|field| Message::Key(key).type_into(field));
        } else if self.screen().is_typing() {
            self.tell(self.here, Message::Key(key));
        }
    }

    /// Pasted text never acts as keys.
    fn paste(&mut self, text: &str) {
        let Some(overlay) = &mut self.overlay else { return self.tell(self.here, Message::Paste(text)) };
        overlay.field().into_iter().for_each(|field| Message::Paste(text).type_into(field));
    }

    /// The wheel moves as the arrows do; a click does what stands under it. Events after the mouse was switched off are ignored.
    fn on_mouse(&mut self, event: MouseEvent) {
        let typing = self.overlay.is_none() && self.screen().is_typing();
        match event.kind {
            _ if !self.shared.mouse => {}
            // In a field the arrows may be for what is typed.
            MouseEventKind::ScrollDown if typing => self.move_by(1),
            MouseEventKind::ScrollUp if typing => self.move_by(-1),
            MouseEventKind::ScrollDown => self.on_key(&KeyEvent::from(KeyCode::Down)),
            MouseEventKind::ScrollUp => self.on_key(&KeyEvent::from(KeyCode::Up)),
            MouseEventKind::Down(MouseButton::Left) => self.click(event.column, event.row),
            _ => {}
        }
    }

    fn click(&mut self, column: u16, row: u16) {
        if let Some(entry) = entry_at(self, column, row) {
            if self.is_available(&entry) {
                self.run(entry);
            }
            return;
        }
        let lists = &self.hits;
        let list = if self.overlay.is_some() { &lists.list_above } else { &lists.list };
        let Some(row) = list.as_ref().and_then(|list| list.row_at(column, row)) else { return };
        match &mut self.overlay {
            None => self.point(row),
            // What lies over a screen only gets the cursor: its rows start, stop and delete things.
            Some(Overlay::Palette(palette)) => palette.cursor = row,
            Some(Overlay::Jobs(cursor)) => *cursor = row,
            Some(_) => {}
        }
    }

    /// Gives the list the focus and moves the cursor to a row. Where it is already, a second click may open it.
    fn point(&mut self, row: usize) {
        let has_list = |panel: &usize| self.screen().cursor(&self.shared, *panel).is_some();
        let focus = std::iter::once(self.focused()).chain(0..self.panels()).find(has_list).unwrap_or_default();
        self.focus[self.here] = focus;
        match self.screen().cursor(&self.shared, focus) {
            Some((here, rows)) if here == row && row < rows => {
                if let Some(entry) = self.about().click_again.and_then(|action| self.entry(action)) {
                    self.run(entry);
                }
            }
            Some((_, rows)) if row < rows => self.tell(self.here, Message::Select(row)),
            _ => {}
        }
    }

    /// Moves the spinner; a notice that has been shown long enough goes.
    fn tick(&mut self) {
        self.shared.tick = self.shared.tick.wrapping_add(1);
        if let Some(notice) = self.notice.as_mut().filter(|notice| notice.tone != Tone::Bad) {
            notice.ticks = notice.ticks.saturating_sub(1);
        }
        self.notice.take_if(|notice| notice.ticks == 0);
    }

    /// Does what a row stands for.
    fn run(&mut self, entry: Entry) {
        match entry.target {
            Target::Shell(command) => self.perform(command),
            Target::Screen { screen, binding } => {
                let effects = self.screens[screen].run(binding, &self.shared);
                self.apply(effects, Some(screen));
            }
        }
    }

    fn perform(&mut self, command: Command) {
        let (screens, panels) = (self.screens.len(), self.panels());
        match command {
            Command::Leave => self.leave_or_insist(),
            Command::Suspend => self.acts.push(Act::Suspend),
            Command::StopAndQuit => self.leave(),
            Command::Quit => self.ask_to_leave(),
            Command::Close => self.overlay = None,
            Command::Help => self.overlay = Some(Overlay::Help(0)),
            Command::Palette => self.overlay = Some(Overlay::Palette(Palette::new(self.commands()))),
            Command::Jobs => self.overlay = Some(Overlay::Jobs(0)),
            Command::Up => self.move_by(-1),
            Command::Down => self.move_by(1),
            Command::PageUp => self.scroll_by(-PAGE),
            Command::PageDown => self.scroll_by(PAGE),
            Command::RunMatch => {
                if let Some(Overlay::Palette(palette)) = self.overlay.take()
                    && let Some(entry) = palette.highlighted()
                {
                    self.run(entry);
                }
            }
            Command::StopJob => {
                if let Some(kind) = self.highlighted_job() {
                    self.apply_own(Effect::Stop(kind));
                }
            }
            Command::Confirm => {
                if let Some(Overlay::Dialog(question)) = self.overlay.take() {
                    self.apply(question.into_effects(), Some(self.here));
                }
            }
            Command::LeaveField => self.tell(self.here, Message::LeaveField),
            Command::Advance => {
                let here = self.id();
                let effects = self.guide.as_mut().map_or_else(Vec::new, |guide| guide.advance(here, &self.shared));
                self.apply(effects, None);
            }
            Command::EndGuide => self.end_guide(),
            Command::OpenDemo => self.acts.push(Act::Demo),
            Command::Stop => {
                if let Some(kind) = self.stoppable() {
                    self.say(Tone::Plain, format!("{} is stopping.", kind.title));
                    self.apply_own(Effect::Stop(kind));
                }
            }
            Command::Retry => {
                self.dismiss();
                self.apply_own(Effect::start(Look));
                self.tell(self.here, Message::Retry);
                self.tell(self.here, Message::Shown);
            }
            Command::Dismiss => self.dismiss(),
            Command::Show(place) => self.show(place),
            Command::NextPanel => self.focus[self.here] = (self.focused() + 1) % panels,
            Command::PreviousPanel => self.focus[self.here] = (self.focused() + panels - 1) % panels,
            Command::NextScreen => self.show((self.here + 1) % screens),
            Command::PreviousScreen => self.show((self.here + screens - 1) % screens),
            Command::ToggleMouse => self.apply_own(Effect::SetMouse(!self.shared.mouse)),
        }
    }

    /// Moves the cursor where a list has the focus, scrolls where not.
    fn move_by(&mut self, rows: isize) {
        let moved = |cursor: usize, length: usize| cursor.saturating_add_signed(rows).min(length.saturating_sub(1));
        match &mut self.overlay {
            Some(Overlay::Palette(palette)) => palette.step(rows),
            Some(Overlay::Jobs(cursor)) => *cursor = moved(*cursor, self.shared.jobs.all().len()),
            Some(_) => self.scroll_by(rows),
            None => match self.screen().cursor(&self.shared, self.focused()) {
                Some((cursor, length)) if length > 0 => self.tell(self.here, Message::Select(moved(cursor, length))),
                _ => self.scroll_by(rows),
            },
        }
    }

    /// Scrolls the help, or the panel with the focus.
    fn scroll_by(&mut self, rows: isize) {
        let moved = |scroll: usize, limit: usize| scroll.min(limit).saturating_add_signed(rows).min(limit);
        if let Some(Overlay::Help(scroll)) = &mut self.overlay {
            *scroll = moved(*scroll, self.hits.above_limit);
        } else {
            let focus = self.focused();
            self.set_scroll(focus, moved(self.scrolled(focus), self.hits.limit(focus)));
        }
    }

    /// Puts the guide away; the first run's for good.
    fn end_guide(&mut self) {
        self.shared.guided = false;
        if self.guide.take().is_some_and(|guide| guide.demo.is_none()) {
            self.apply_own(Effect::start(Save::Guide(false)));
        }
    }

    fn dismiss(&mut self) {
        self.notice = None;
        for kind in self.about().jobs {
            self.shared.failures.remove(kind.id);
        }
    }

    fn ask_to_leave(&mut self) {
        match self.at_stake() {
            Some(stake) => self.overlay = Some(Overlay::Quit(stake)),
            None => self.leave(),
        }
    }

    /// As [`Self::ask_to_leave`]; asked for again, there is no question and no waiting.
    fn leave_or_insist(&mut self) {
        if self.leaving {
            self.acts.push(Act::Quit(Shutdown::Now));
        } else if matches!(self.overlay, Some(Overlay::Quit(_))) {
            self.leave();
        } else {
            self.ask_to_leave();
        }
    }

    /// Quits, or, where a long job runs, stops it and quits when it has ended.
    fn leave(&mut self) {
        self.overlay = None;
        let running = self.shared.jobs.all().iter().map(|job| job.kind);
        let long: Vec<&'static Kind> = running.filter(|kind| kind.long).collect();
        let Some(first) = long.first() else { return self.acts.push(Act::Quit(Shutdown::Wait)) };
        self.leaving = true;
        self.say(Tone::Bad, format!("Stopping: {} ends first, then XPerT quits. Ctrl-C quits at once.", first.title));
        self.apply(long.into_iter().map(Effect::Stop).collect(), None);
    }

    fn on_job(&mut self, id: JobId, outcome: Outcome) {
        // Of a job that was replaced or is over.
        let Some(job) = self.shared.jobs.by_id(id) else { return };
        let (kind, owner) = (job.kind, job.owner);
        let last = outcome.is_last();
        // What was stopped or failed is not started again unasked.
        let done = last && matches!(outcome, Outcome::Report(_));
        if last {
            self.shared.jobs.remove(id);
        }
        match (outcome, owner) {
            (Outcome::Report(report), None) => self.on_shared(&report),
            (Outcome::Report(report), Some(owner)) => self.tell(owner, Message::Report(&report)),
            (Outcome::Stopped, owner) => {
                self.say(Tone::Plain, format!("{} was stopped.", kind.title));
                self.ended(kind, owner);
            }
            (Outcome::Failed(why), owner) => self.failed(kind, why, owner),
        }
        if done {
            self.tell(self.here, Message::Shown);
        }
        if self.leaving && !self.shared.jobs.all().iter().any(|job| job.kind.long) {
            self.acts.push(Act::Quit(Shutdown::Wait));
        }
    }

    fn ended(&mut self, kind: &'static Kind, owner: Owner) {
        if kind.id == FetchBase::KIND.id {
            self.shared.fetch = None;
        }
        if let Some(owner) = owner {
            self.tell(owner, Message::Ended(kind));
        }
    }

    fn failed(&mut self, kind: &'static Kind, why: String, owner: Owner) {
        if kind.id == Look::KIND.id {
            self.shared.status.get_or_insert_default();
        }
        let shows = |screen: &&About| screen.jobs.contains(&kind);
        let mut screens = self.screens.iter().map(|screen| screen.about());
        let place = match owner {
            Some(owner) => screens.nth(owner).filter(shows),
            None => screens.find(shows),
        };
        match place {
            _ if shows(&self.about()) => {}
            Some(screen) => self.say(Tone::Bad, format!("{} failed: {} shows why.", kind.title, screen.name)),
            None => self.say(Tone::Bad, format!("{} failed: {why}", kind.title)),
        }
        self.shared.failures.insert(kind.id, why);
        self.ended(kind, owner);
    }

    /// What a job reports whose result several screens share.
    fn on_shared(&mut self, report: &Report) {
        let mut effects = Vec::new();
        if let Some(status) = report.from::<Look>() {
            effects.extend(status.problems.first().map(Effect::say_bad));
            self.shared.status = Some(status.clone());
            effects.push(Effect::Emit(Event::Looked));
        } else if let Some(profile) = report.from::<Measure>() {
            self.shared.profile = Some(profile.clone());
            effects.push(Effect::Emit(Event::Profiled));
        } else if let Some((selected, basis)) = report.from::<Select>() {
            (self.shared.selected, self.shared.basis) = (Some(selected.clone()), Some(basis.clone()));
            effects.push(Effect::Emit(Event::Selected));
        } else if let Some(fetching) = report.from::<FetchBase>() {
            match fetching {
                Fetching::Event(event) => self.shared.fetch.get_or_insert_default().add(event),
                Fetching::Done(name) => {
                    self.shared.fetch = None;
                    effects.push(Effect::say_good(format!("The base model is ready: {name}.")));
                    effects.push(Effect::start(Look));
                    effects.push(Effect::Emit(Event::BaseFetched));
                }
            }
            if let Some(fetch) = &self.shared.fetch {
                effects.push(Effect::Progress(&FetchBase::KIND, fetch.progress()));
            }
        }
        self.apply(effects, None);
    }
}
