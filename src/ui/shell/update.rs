//! The pure core of the screens: a message changes the state and may ask for acts. No clock, no disk, no terminal.

use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, MouseButton, MouseEvent, MouseEventKind};
use ratatui::layout::{Position, Rect};

use super::apply::Owner;
use super::data::{FetchBase, Fetching, Look, Measure, Save, Select};
use super::effect::{Effect, Event, Tone};
use super::job::{Job, JobId, Kind, Report};
use super::jobs::Running;
use super::keys::{Command, Entry, Target};
use super::overlays::Overlay;
use super::overlays::palette::Palette;
use super::runner::{Outcome, Shutdown};
use super::screen::{About, Message};
use super::state::{Act, Msg, Shell};
use crate::app::settings::Setting;
use crate::ui::values::{moved, turn};
use crate::ui::widgets::Hits;

/// Rows that a page key scrolls.
const PAGE: isize = 8;

impl Shell {
    /// What the program begins with.
    #[must_use]
    pub fn begin(&mut self) -> Vec<Act> {
        self.start(Look);
        self.acts.push(Act::Mouse(self.shared.mouse));
        std::mem::take(&mut self.acts)
    }

    #[must_use]
    pub fn update(&mut self, msg: Msg) -> Vec<Act> {
        match msg {
            Msg::Key(key) => self.on_key(&key),
            // Pasted text never acts as keys.
            Msg::Paste(text) => self.type_in(Message::Paste(&text)),
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
        for (panel, rows) in &mut self.scroll[self.here] {
            *rows = (*rows).min(hits.limit(*panel));
        }
        if follows {
            self.scroll_panel(0, hits.limit(0));
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
        if let Some(entry) = self.first(|_, keys| keys.iter().any(|bound| bound.is(key))) {
            self.run(entry);
        } else if self.overlay.is_some() || self.screen().is_typing() {
            self.type_in(Message::Key(key));
        }
    }

    /// Into the field of what lies over the screen, if it has one, or into the screen's.
    fn type_in(&mut self, message: Message<'_>) {
        match &mut self.overlay {
            Some(overlay) => overlay.field().into_iter().for_each(|field| message.type_into(field)),
            None => self.tell(self.here, message),
        }
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
        let under = |(place, _): &&(Rect, _)| place.contains(Position::new(column, row));
        if let Some(&(_, action)) = self.hits.buttons.iter().find(under) {
            return self.first(|entry, _| entry.row.id == action).into_iter().for_each(|entry| self.run(entry));
        }
        let list = if self.overlay.is_some() { &self.hits.list_above } else { &self.hits.list };
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
                let again = self.about().click_again;
                if let Some(entry) = self.first(|entry, _| again == Some(entry.row.id)) {
                    self.run(entry);
                }
            }
            Some((_, rows)) if row < rows => self.tell(self.here, Message::Select(row)),
            _ => {}
        }
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
        match command {
            // Asked for again, there is no question and no waiting.
            Command::Leave if self.leaving => self.acts.push(Act::Quit(Shutdown::Now)),
            Command::Leave if matches!(self.overlay, Some(Overlay::Quit(_))) => self.leave(),
            Command::Leave | Command::Quit => match self.at_stake() {
                Some(stake) => self.overlay = Some(Overlay::Quit(stake)),
                None => self.leave(),
            },
            Command::Confirm => self.confirm(),
            Command::Suspend => self.acts.push(Act::Suspend),
            Command::Close => self.overlay = None,
            Command::Help => self.overlay = Some(Overlay::Help(0)),
            Command::Palette => {
                let palette = Palette { commands: self.commands(), ..Palette::default() };
                self.overlay = Some(Overlay::Palette(palette));
            }
            Command::Jobs => self.overlay = Some(Overlay::Jobs(0)),
            Command::Move(by) => self.move_by(by),
            Command::PageUp => self.scroll_by(-PAGE),
            Command::PageDown => self.scroll_by(PAGE),
            Command::StopJob => self.apply(self.highlighted_job().map(Effect::Stop), None),
            Command::LeaveField => self.tell(self.here, Message::LeaveField),
            Command::Advance => {
                let here = self.id();
                let effects = self.guide.as_mut().map(|guide| guide.advance(here, &self.shared));
                self.apply(effects.into_iter().flatten(), None);
            }
            Command::EndGuide => {
                self.shared.guided = false;
                // The first run's goes for good.
                if self.guide.take().is_some_and(|guide| guide.demo.is_none()) {
                    self.start(Save(Setting::Guide(false)));
                }
            }
            Command::OpenDemo => self.acts.push(Act::Demo),
            Command::Stop => {
                if let Some(kind) = self.stoppable() {
                    self.say(Tone::Plain, format!("{} is stopping.", kind.title));
                    self.apply([Effect::Stop(kind)], None);
                }
            }
            Command::Retry => {
                self.dismiss();
                self.start(Look);
                self.tell(self.here, Message::Retry);
                self.tell(self.here, Message::Shown);
            }
            Command::Dismiss => self.dismiss(),
            Command::Show(place) => self.show(place),
            Command::Panel(by) => self.focus[self.here] = turn(self.focused(), self.panels(), by),
            Command::Screen(by) => self.show(turn(self.here, self.screens.len(), by)),
            Command::ToggleMouse => self.apply([Effect::SetMouse(!self.shared.mouse)], None),
        }
    }

    fn confirm(&mut self) {
        match self.overlay.take() {
            Some(Overlay::Palette(palette)) => palette.highlighted().into_iter().for_each(|entry| self.run(entry)),
            Some(Overlay::Dialog(question)) => self.apply(question.into_effects(), Some(self.here)),
            Some(Overlay::Quit(_)) => self.leave(),
            Some(Overlay::Help(_) | Overlay::Jobs(_)) | None => {}
        }
    }

    /// Moves the cursor where a list has the focus, scrolls where not.
    fn move_by(&mut self, rows: isize) {
        match &mut self.overlay {
            Some(Overlay::Palette(palette)) => palette.step(rows),
            Some(Overlay::Jobs(cursor)) => {
                *cursor = moved(*cursor, self.shared.jobs.all().len().saturating_sub(1), rows);
            }
            Some(_) => self.scroll_by(rows),
            None => match self.screen().cursor(&self.shared, self.focused()) {
                Some((cursor, length @ 1..)) => {
                    self.tell(self.here, Message::Select(moved(cursor, length - 1, rows)));
                }
                _ => self.scroll_by(rows),
            },
        }
    }

    /// Scrolls the help, or the panel with the focus.
    fn scroll_by(&mut self, rows: isize) {
        if let Some(Overlay::Help(scroll)) = &mut self.overlay {
            *scroll = moved(*scroll, self.hits.above_limit, rows);
        } else {
            let focus = self.focused();
            self.scroll_panel(focus, moved(self.scrolled(focus), self.hits.limit(focus), rows));
        }
    }

    fn dismiss(&mut self) {
        self.notice = None;
        for kind in self.about().jobs {
            self.shared.failures.remove(kind.id);
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
        self.apply(long.into_iter().map(Effect::Stop), None);
    }

    fn on_job(&mut self, id: JobId, outcome: Outcome) {
        // Of a job that was replaced or is over.
        let mut running = self.shared.jobs.all().iter();
        let Some(&Running { kind, owner, .. }) = running.find(|job| job.id == id) else { return };
        if outcome.is_last() {
            self.shared.jobs.remove(kind);
        }
        let reports = matches!(outcome, Outcome::Report(_));
        match outcome {
            Outcome::Report(report) => {
                match owner {
                    Some(owner) => self.tell(owner, Message::Report(&report)),
                    None => self.on_shared(&report),
                }
                // What was stopped or failed is not started again unasked.
                if report.last {
                    self.tell(self.here, Message::Shown);
                }
            }
            Outcome::Stopped => self.say(Tone::Plain, format!("{} was stopped.", kind.title)),
            Outcome::Failed(why) => self.failed(kind, why, owner),
        }
        if let (false, Some(owner)) = (reports, owner) {
            self.tell(owner, Message::Ended(kind));
        }
        if self.leaving && self.shared.jobs.long_besides(&[]).is_none() {
            self.acts.push(Act::Quit(Shutdown::Wait));
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
            Some(screen) => self.say(Tone::Bad, format!("{} failed: {} shows why.", kind.title, screen.id.0)),
            None => self.say(Tone::Bad, format!("{} failed: {why}", kind.title)),
        }
        self.shared.failures.insert(kind.id, why);
    }

    /// What a job reports whose result several screens share.
    fn on_shared(&mut self, report: &Report) {
        if let Some(status) = report.from::<Look>() {
            if let Some(problem) = status.problems.first() {
                self.say(Tone::Bad, problem);
            }
            self.shared.status = Some(status.clone());
            self.emit(&Event::Looked);
        } else if let Some(profile) = report.from::<Measure>() {
            self.shared.profile = Some(profile.clone());
        } else if let Some((selected, basis)) = report.from::<Select>() {
            (self.shared.selected, self.shared.basis) = (Some(selected.clone()), Some(basis.clone()));
            self.emit(&Event::Selected);
        } else if let Some(Fetching::Event(event)) = report.from::<FetchBase>() {
            self.shared.fetch.add(event);
            self.apply([Effect::Progress(&FetchBase::KIND, self.shared.fetch.progress())], None);
        } else if let Some(Fetching::Done(name)) = report.from::<FetchBase>() {
            self.say(Tone::Good, format!("The base model is ready: {name}."));
            self.start(Look);
        }
    }
}
