//! The pure heart of the screens: a message changes the state and may ask for acts. No clock, no disk, no terminal.

use std::collections::VecDeque;

use crossterm::event::{
    Event as TerminalEvent, KeyCode, KeyEvent, KeyEventKind, MouseButton, MouseEvent, MouseEventKind,
};
use tui_input::InputRequest;
use tui_input::backend::crossterm::to_input_request;

use super::data::{FetchBase, Fetching, Look, Measure, Save, Select};
use super::effect::{Dialog, Effect, Event, Need, Scroll, Tone};
use super::job::{Job, JobId, Kind, Report};
use super::jobs::State;
use super::keys::{Command, Entry, Target};
use super::overlays::Overlay;
use super::overlays::dialog::Question;
use super::overlays::palette::Palette;
use super::runner::{Outcome, Shutdown};
use super::screen::Message;
use super::shared::Fetch;
use super::state::{Act, Msg, Shell};
use super::view::entry_at;
use crate::ui::widgets::Hits;

/// Rows that a page key scrolls.
const PAGE: usize = 8;

/// More than this is not pasted into a field of one line: each character is inserted on its own.
const LONGEST_PASTE: usize = 8000;

/// Who asked for an effect: a screen by its place, or the shell.
type Owner = Option<usize>;

impl Shell {
    /// What the program begins with.
    #[must_use]
    pub fn begin(&mut self) -> Vec<Act> {
        let mut acts = self.apply(vec![Effect::start(Look)], None);
        acts.push(Act::Mouse(self.shared.mouse));
        acts
    }

    #[must_use]
    pub fn update(&mut self, msg: Msg) -> Vec<Act> {
        match msg {
            Msg::Key(key) => self.on_key(&key),
            Msg::Paste(text) => self.paste(&text),
            Msg::Mouse(event) => self.on_mouse(event),
            Msg::Tick => {
                self.tick();
                Vec::new()
            }
            Msg::Redraw => Vec::new(),
            Msg::Drawn { area, hits } => {
                self.drawn(hits);
                self.area = area;
                Vec::new()
            }
            Msg::Edited(Ok(text)) => self.tell(self.here, Message::Edited(&text)),
            Msg::Edited(Err(why)) => self.apply(vec![Effect::say_bad(why)], None),
            Msg::ThemeRead(Ok(name)) => {
                self.apply(vec![Effect::say_good(format!("The theme {name} was read again."))], None)
            }
            Msg::ThemeRead(Err(why)) => {
                self.apply(vec![Effect::say_bad(format!("The theme stays as it was: {why}"))], None)
            }
            Msg::Terminate => self.leave(),
            Msg::Job(id, outcome) => self.on_job(id, outcome),
        }
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
    fn is_at_end(&self) -> bool {
        self.scrolled(0) >= self.hits.limit(0)
    }

    fn on_key(&mut self, key: &KeyEvent) -> Vec<Act> {
        if key.kind == KeyEventKind::Release {
            return Vec::new();
        }
        if let Some(entry) = self.resolve(key) {
            return self.run(entry);
        }
        if let Some(overlay) = &mut self.overlay {
            if let (Some(field), Some(request)) = (overlay.field(), to_input_request(&TerminalEvent::Key(*key))) {
                field.handle(request);
            }
            return Vec::new();
        }
        if self.screen().is_typing() { self.tell(self.here, Message::Key(key)) } else { Vec::new() }
    }

    /// Pasted text never acts as keys.
    fn paste(&mut self, text: &str) -> Vec<Act> {
        let Some(overlay) = &mut self.overlay else { return self.tell(self.here, Message::Paste(text)) };
        if let Some(field) = overlay.field() {
            for character in text.trim_end_matches(['\r', '\n']).chars().take(LONGEST_PASTE) {
                let character = if character.is_control() { ' ' } else { character };
                field.handle(InputRequest::InsertChar(character));
            }
        }
        Vec::new()
    }

    /// The wheel moves as the arrows do; a click does what stands under it. Events after the mouse was switched off are ignored.
    fn on_mouse(&mut self, event: MouseEvent) -> Vec<Act> {
        if !self.shared.mouse {
            return Vec::new();
        }
        let typing = self.overlay.is_none() && self.screen().is_typing();
        match event.kind {
            // In a field the arrows may be for what is typed.
            MouseEventKind::ScrollDown if typing => self.move_by(1),
            MouseEventKind::ScrollUp if typing => self.move_by(-1),
            MouseEventKind::ScrollDown => self.on_key(&KeyEvent::from(KeyCode::Down)),
            MouseEventKind::ScrollUp => self.on_key(&KeyEvent::from(KeyCode::Up)),
            MouseEventKind::Down(MouseButton::Left) => self.click(event.column, event.row),
            _ => Vec::new(),
        }
    }

    fn click(&mut self, column: u16, row: u16) -> Vec<Act> {
        if let Some(entry) = entry_at(self, column, row) {
            return if self.is_available(&entry) { self.run(entry) } else { Vec::new() };
        }
        // What lies over a screen only gets the cursor: its rows start, stop and delete things.
        let above = self.hits.list_above.as_ref().and_then(|list| list.row_at(column, row));
        match (&mut self.overlay, above) {
            (Some(Overlay::Palette(palette)), Some(row)) => palette.cursor = row,
            (Some(Overlay::Jobs(cursor)), Some(row)) => *cursor = row,
            (Some(_), _) => {}
            (None, _) => {
                let row = self.hits.list.as_ref().and_then(|list| list.row_at(column, row));
                return row.map_or_else(Vec::new, |row| self.point(row));
            }
        }
        Vec::new()
    }

    /// Moves the cursor to a row. Where it is already, a second click may open it.
    fn point(&mut self, row: usize) -> Vec<Act> {
        let focus = self.focused();
        match self.screen().cursor(&self.shared, focus) {
            Some((here, rows)) if here == row && row < rows => {
                let entry = self.screen().click_again().and_then(|action| self.entry(action));
                entry.map_or_else(Vec::new, |entry| self.run(entry))
            }
            Some((_, rows)) if row < rows => self.tell(self.here, Message::Select(row)),
            _ => Vec::new(),
        }
    }

    /// Moves the spinner; a notice that has been shown long enough goes.
    fn tick(&mut self) {
        self.shared.tick = self.shared.tick.wrapping_add(1);
        if let Some(notice) = &mut self.notice
            && notice.tone != Tone::Bad
        {
            notice.ticks = notice.ticks.saturating_sub(1);
            if notice.ticks == 0 {
                self.notice = None;
            }
        }
    }

    /// Does what a row stands for.
    fn run(&mut self, entry: Entry) -> Vec<Act> {
        match entry.target {
            Target::Shell(command) => self.perform(command),
            Target::Screen { screen, binding } => {
                let effects = self.screens[screen].run(binding, &self.shared);
                self.apply(effects, Some(screen))
            }
        }
    }

    fn perform(&mut self, command: Command) -> Vec<Act> {
        match command {
            Command::Leave => return self.leave_or_insist(),
            Command::Suspend => return vec![Act::Suspend],
            Command::StopAndQuit => return self.leave(),
            Command::Quit => return self.ask_to_leave(),
            Command::Close => self.overlay = None,
            Command::Help => self.overlay = Some(Overlay::Help(0)),
            Command::Palette => self.overlay = Some(Overlay::Palette(Palette::new(self.commands()))),
            Command::Jobs => self.overlay = Some(Overlay::Jobs(0)),
            Command::Up => return self.move_by(-1),
            Command::Down => return self.move_by(1),
            Command::PageUp => self.page(false),
            Command::PageDown => self.page(true),
            Command::NextMatch | Command::PreviousMatch => {
                if let Some(Overlay::Palette(palette)) = &mut self.overlay {
                    palette.step(if command == Command::NextMatch { 1 } else { -1 });
                }
            }
            Command::RunMatch => return self.run_match(),
            Command::NextJob | Command::PreviousJob => {
                let last = self.shared.jobs.all().len().saturating_sub(1);
                if let Some(Overlay::Jobs(cursor)) = &mut self.overlay {
                    *cursor = cursor.saturating_add_signed(if command == Command::NextJob { 1 } else { -1 }).min(last);
                }
            }
            Command::StopJob => {
                let kind = self.highlighted_job();
                return kind.map_or_else(Vec::new, |kind| self.apply(vec![Effect::Stop(kind)], None));
            }
            Command::Confirm => {
                if let Some(Overlay::Dialog(question)) = self.overlay.take() {
                    return self.apply(question.into_effects(), Some(self.here));
                }
            }
            Command::LeaveField => return self.tell(self.here, Message::LeaveField),
            Command::Advance => return self.advance(),
            Command::EndGuide => return self.end_guide(),
            Command::OpenDemo => return vec![Act::Demo],
            Command::Stop => return self.stop(),
            Command::Retry => return self.retry(),
            Command::Dismiss => self.dismiss(),
            Command::Show(place) => return self.show(place),
            Command::NextPanel => self.focus[self.here] = (self.focused() + 1) % self.panels(),
            Command::PreviousPanel => self.focus[self.here] = (self.focused() + self.panels() - 1) % self.panels(),
            Command::NextScreen => return self.show((self.here + 1) % self.screens.len()),
            Command::PreviousScreen => return self.show((self.here + self.screens.len() - 1) % self.screens.len()),
            Command::ToggleMouse => return self.apply(vec![Effect::SetMouse(!self.shared.mouse)], None),
        }
        Vec::new()
    }

    /// Moves the cursor where a list has the focus, scrolls where not.
    fn move_by(&mut self, rows: isize) -> Vec<Act> {
        if let Some(Overlay::Help(scroll)) = &mut self.overlay {
            *scroll = scroll.saturating_add_signed(rows).min(self.hits.above_limit);
            return Vec::new();
        }
        let focus = self.focused();
        match self.screen().cursor(&self.shared, focus) {
            Some((cursor, length)) if length > 0 => {
                let row = cursor.saturating_add_signed(rows).min(length - 1);
                self.tell(self.here, Message::Select(row))
            }
            _ => {
                let limit = self.hits.limit(focus);
                self.set_scroll(focus, self.scrolled(focus).min(limit).saturating_add_signed(rows).min(limit));
                Vec::new()
            }
        }
    }

    fn page(&mut self, down: bool) {
        let turn = |scroll: usize, limit: usize| {
            if down { (scroll + PAGE).min(limit) } else { scroll.min(limit).saturating_sub(PAGE) }
        };
        if let Some(Overlay::Help(scroll)) = &mut self.overlay {
            *scroll = turn(*scroll, self.hits.above_limit);
            return;
        }
        let focus = self.focused();
        self.set_scroll(focus, turn(self.scrolled(focus), self.hits.limit(focus)));
    }

    /// Closes the palette and does what was highlighted.
    fn run_match(&mut self) -> Vec<Act> {
        let Some(Overlay::Palette(palette)) = self.overlay.take() else { return Vec::new() };
        palette.highlighted().map_or_else(Vec::new, |entry| self.run(entry))
    }

    fn advance(&mut self) -> Vec<Act> {
        let here = self.id();
        let effects = self.guide.as_mut().map_or_else(Vec::new, |guide| guide.advance(here, &self.shared));
        self.apply(effects, None)
    }

    /// Puts the guide away; the first run's for good.
    fn end_guide(&mut self) -> Vec<Act> {
        self.shared.guided = false;
        match self.guide.take() {
            Some(guide) if guide.is_own() => self.apply(vec![Effect::start(Save::Guide(false))], None),
            _ => Vec::new(),
        }
    }

    fn stop(&mut self) -> Vec<Act> {
        let Some(kind) = self.stoppable() else { return Vec::new() };
        self.say(Tone::Plain, format!("{} is being stopped.", kind.title));
        self.apply(vec![Effect::Stop(kind)], None)
    }

    fn retry(&mut self) -> Vec<Act> {
        self.dismiss();
        let mut acts = self.apply(vec![Effect::start(Look)], None);
        acts.extend(self.tell(self.here, Message::Retry));
        acts.extend(self.tell(self.here, Message::Shown));
        acts
    }

    fn dismiss(&mut self) {
        self.notice = None;
        for kind in self.screen().jobs() {
            self.shared.failures.remove(kind.id);
        }
    }

    /// Goes to a screen, which starts what it lacks.
    fn show(&mut self, place: usize) -> Vec<Act> {
        if self.here != place {
            self.here = place;
            self.hits = Hits::default();
            self.notice = self.notice.take().filter(|notice| notice.tone == Tone::Bad);
            self.rewind();
        }
        self.tell(place, Message::Shown)
    }

    /// To where reading begins: the top of a page, or the end of one that grows there.
    fn rewind(&mut self) {
        let first = if self.screen().follows_end() { usize::MAX } else { 0 };
        self.scroll[self.here].clear();
        self.set_scroll(0, first);
    }

    fn ask_to_leave(&mut self) -> Vec<Act> {
        if let Some(stake) = self.at_stake() {
            self.overlay = Some(Overlay::Quit(stake));
            return Vec::new();
        }
        self.leave()
    }

    /// As [`Self::ask_to_leave`]; asked for again, there is no question and no waiting.
    fn leave_or_insist(&mut self) -> Vec<Act> {
        if self.leaving {
            return vec![Act::Quit(Shutdown::Now)];
        }
        if matches!(self.overlay, Some(Overlay::Quit(_))) { self.leave() } else { self.ask_to_leave() }
    }

    /// Quits, or, where a long job runs, stops it and quits when it has ended.
    fn leave(&mut self) -> Vec<Act> {
        self.overlay = None;
        let long: Vec<&'static Kind> =
            self.shared.jobs.all().iter().map(|job| job.kind).filter(|kind| kind.long).collect();
        if long.is_empty() {
            return vec![Act::Quit(Shutdown::Wait)];
        }
        self.leaving = true;
        self.say(Tone::Bad, format!("Stopping: {} ends first, then XPerT quits. Ctrl-C quits at once.", long[0].title));
        self.apply(long.into_iter().map(Effect::Stop).collect(), None)
    }

    fn on_job(&mut self, id: JobId, outcome: Outcome) -> Vec<Act> {
        // Of a job that was replaced or is over.
        let Some(job) = self.shared.jobs.by_id(id) else { return Vec::new() };
        let (kind, owner) = (job.kind, job.owner);
        let last = outcome.is_last();
        if last {
            self.shared.jobs.remove(id);
        }
        let mut acts = match (outcome, owner) {
            (Outcome::Report(report), None) => self.on_shared(&report),
            (Outcome::Report(report), Some(owner)) => self.tell(owner, Message::Report(&report)),
            (Outcome::Stopped, owner) => {
                self.say(Tone::Plain, format!("{} was stopped.", kind.title));
                self.ended(kind, owner)
            }
            (Outcome::Failed(why), owner) => self.failed(kind, why, owner),
        };
        if last {
            acts.extend(self.tell(self.here, Message::Shown));
        }
        if self.leaving && !self.shared.jobs.all().iter().any(|job| job.kind.long) {
            acts.push(Act::Quit(Shutdown::Wait));
        }
        acts
    }

    fn ended(&mut self, kind: &'static Kind, owner: Owner) -> Vec<Act> {
        if kind.id == FetchBase::KIND.id {
            self.shared.fetch = None;
        }
        owner.map_or_else(Vec::new, |owner| self.tell(owner, Message::Ended(kind)))
    }

    fn failed(&mut self, kind: &'static Kind, why: String, owner: Owner) -> Vec<Act> {
        if kind.id == Look::KIND.id {
            self.shared.status.get_or_insert_default();
        }
        let shows = |screen: &dyn super::screen::AnyScreen| screen.jobs().iter().any(|known| known.id == kind.id);
        let place = owner.or_else(|| self.screens.iter().position(|screen| shows(&**screen)));
        match place {
            _ if shows(self.screen()) => {}
            Some(place) if shows(&*self.screens[place]) => {
                self.say(Tone::Bad, format!("{} failed: {} shows why.", kind.title, self.screens[place].name()));
            }
            _ => self.say(Tone::Bad, format!("{} failed: {why}", kind.title)),
        }
        self.shared.failures.insert(kind.id, why);
        self.ended(kind, owner)
    }

    /// What a job reports whose result several screens share.
    fn on_shared(&mut self, report: &Report) -> Vec<Act> {
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
                    effects.push(Effect::say_good(format!("The base model is here: {name}.")));
                    effects.push(Effect::start(Look));
                    effects.push(Effect::Emit(Event::BaseFetched));
                }
            }
            if let Some(fetch) = &self.shared.fetch {
                effects.push(Effect::Progress(&FetchBase::KIND, fetch.progress()));
            }
        }
        self.apply(effects, None)
    }

    /// Tells a screen something, and does what it asks for then.
    fn tell(&mut self, place: usize, message: Message<'_>) -> Vec<Act> {
        let effects = self.screens[place].update(message, &self.shared);
        self.apply(effects, Some(place))
    }

    /// Does what was asked for, in order, with what comes of it.
    pub(super) fn apply(&mut self, effects: Vec<Effect>, owner: Owner) -> Vec<Act> {
        let mut queue: VecDeque<(Effect, Owner)> = effects.into_iter().map(|effect| (effect, owner)).collect();
        let mut acts = Vec::new();
        while let Some((effect, owner)) = queue.pop_front() {
            let more = self.apply_one(effect, owner, &mut acts);
            for (effect, owner) in more.into_iter().rev() {
                queue.push_front((effect, owner));
            }
        }
        acts
    }

    fn apply_one(&mut self, effect: Effect, owner: Owner, acts: &mut Vec<Act>) -> Vec<(Effect, Owner)> {
        match effect {
            Effect::Start(job) => {
                let kind = job.kind();
                acts.extend(self.abandon(kind));
                self.shared.failures.remove(kind.id);
                let id = self.shared.jobs.add(kind, owner);
                acts.push(Act::Start { id, job });
            }
            Effect::Stop(kind) => {
                if let Some(job) = self.shared.jobs.get_mut(kind.id) {
                    job.state = State::Stopping;
                    acts.push(Act::Cancel(job.id));
                }
            }
            Effect::Abandon(kind) => {
                self.shared.failures.remove(kind.id);
                acts.extend(self.abandon(kind));
            }
            Effect::Pause(kind, wait) => {
                if let Some(job) = self.shared.jobs.get_mut(kind.id) {
                    job.state = if wait { State::Paused } else { State::Running };
                    acts.push(Act::Pause(job.id, wait));
                }
            }
            Effect::Progress(kind, progress) => {
                if let Some(job) = self.shared.jobs.get_mut(kind.id) {
                    job.progress = progress;
                }
            }
            Effect::Need(need) => return self.need(need).map(|effect| (effect, None)).into_iter().collect(),
            Effect::FetchBase => {
                if !self.shared.has_base() && !self.shared.runs::<FetchBase>() {
                    self.shared.fetch = Some(Fetch { source: "starting".into(), ..Fetch::default() });
                    return vec![(Effect::Dismiss, None), (Effect::start(FetchBase), None)];
                }
            }
            Effect::Say(tone, text) => self.say(tone, text),
            Effect::Dismiss => self.notice = None,
            Effect::Show(screen) => {
                if let Some(place) = self.place_of(screen) {
                    acts.extend(self.show(place));
                }
            }
            Effect::Scroll(scroll) => self.scroll_to(scroll, owner),
            Effect::Focus(panel) => {
                if let Some(owner) = owner {
                    self.focus[owner] = panel;
                }
            }
            Effect::ChooseStart(start) => {
                self.shared.start = start;
                return vec![(Effect::Emit(Event::StartChosen), None)];
            }
            Effect::SetBudget(budget) => {
                self.shared.budget = budget;
                return vec![(Effect::Emit(Event::BudgetChanged), None)];
            }
            Effect::SetMouse(ours) => {
                self.shared.mouse = ours;
                let whose = if ours { "XPerT's" } else { "the terminal's, to select text with" };
                acts.push(Act::Mouse(ours));
                return vec![
                    (Effect::say(format!("The mouse is {whose} now.")), None),
                    (Effect::start(Save::Mouse(ours)), None),
                ];
            }
            Effect::Emit(event) => return self.emit(&event),
            Effect::Request(request) => {
                return self.to_all(|screen, shared| screen.update(Message::Request(&request), shared));
            }
            Effect::Ask(dialog) => self.ask(dialog),
            Effect::Copy(text) => acts.push(Act::Copy(text)),
            Effect::Theme(name) => acts.push(Act::Theme(name)),
            Effect::Edit(text) => acts.push(Act::Edit(text)),
            Effect::Open(path) => acts.push(Act::Open(path)),
            Effect::Demo => acts.push(Act::Demo),
        }
        Vec::new()
    }

    fn ask(&mut self, dialog: Dialog) {
        self.overlay = Some(Overlay::Dialog(Question::new(dialog)));
    }

    /// Stops a kind of job, if it runs, and hears nothing more of it.
    fn abandon(&mut self, kind: &Kind) -> Option<Act> {
        let id = self.shared.jobs.get(kind)?.id;
        self.shared.jobs.remove(id);
        Some(Act::Cancel(id))
    }

    /// The job for something shared, unless it is there, on its way, or failed.
    fn need(&self, need: Need) -> Option<Effect> {
        let open = |kind: &Kind| !self.shared.jobs.is_running(kind) && self.shared.failure(kind).is_none();
        match need {
            Need::Status => Some(Effect::start(Look)),
            _ if !self.shared.has_texts() => None,
            Need::Profile => (self.shared.profile.is_none() && open(&Measure::KIND)).then(|| Effect::start(Measure)),
            Need::Selection => (self.shared.selected.is_none() && open(&Select::KIND)).then(|| Effect::start(Select)),
        }
    }

    fn scroll_to(&mut self, scroll: Scroll, owner: Owner) {
        // A screen that is not in front begins at its top when it is.
        if owner.is_some_and(|owner| owner != self.here) {
            return;
        }
        match scroll {
            Scroll::Top => self.rewind(),
            Scroll::End => self.set_scroll(0, usize::MAX),
            Scroll::Newest => {
                if let (true, Some(row)) = (self.is_at_end(), self.hits.newest) {
                    self.set_scroll(0, row.min(self.hits.limit(0)));
                }
            }
        }
    }

    /// Every screen and the guide hear of it.
    fn emit(&mut self, event: &Event) -> Vec<(Effect, Owner)> {
        let mut effects = Vec::new();
        if matches!(event, Event::TextsChanged) {
            (self.shared.profile, self.shared.selected, self.shared.basis) = (None, None, None);
            let outdated = [Effect::Abandon(&Measure::KIND), Effect::Abandon(&Select::KIND), Effect::start(Look)];
            effects.extend(outdated.map(|effect| (effect, None)));
        }
        effects.extend(self.to_all(|screen, shared| screen.update(Message::Event(event), shared)));
        if self.guide.as_mut().is_some_and(|guide| guide.hears(event, &self.shared)) {
            self.guide = None;
            self.shared.guided = false;
        }
        effects
    }

    fn to_all(
        &mut self,
        mut tell: impl FnMut(&mut dyn super::screen::AnyScreen, &super::shared::Shared) -> Vec<Effect>,
    ) -> Vec<(Effect, Owner)> {
        let mut effects = Vec::new();
        for (place, screen) in self.screens.iter_mut().enumerate() {
            effects.extend(tell(&mut **screen, &self.shared).into_iter().map(|effect| (effect, Some(place))));
        }
        effects
    }
}
