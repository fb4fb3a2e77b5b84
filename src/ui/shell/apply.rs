//! Does what screens ask for: each effect changes the shell's state, tells screens something, or becomes an act. Pure, as `update` is.

use super::data::{FetchBase, Look, Measure, Save, Select};
use super::effect::{Effect, Event, Need, Scroll, Tone};
use super::job::{Job, Kind};
use super::jobs::State;
use super::overlays::Overlay;
use super::overlays::dialog::Question;
use super::screen::Message;
use super::shared::Fetch;
use super::state::{Act, Shell};
use crate::ui::widgets::Hits;

/// Who asked for an effect: a screen by its place, or the shell.
pub type Owner = Option<usize>;

impl Shell {
    /// Does what was asked for, in order, each with what comes of it.
    pub fn apply(&mut self, effects: Vec<Effect>, owner: Owner) {
        for effect in effects {
            self.apply_one(effect, owner);
        }
    }

    pub(super) fn apply_own(&mut self, effect: Effect) {
        self.apply_one(effect, None);
    }

    fn apply_one(&mut self, effect: Effect, owner: Owner) {
        match effect {
            Effect::Start(job) => {
                let kind = job.kind();
                self.abandon(kind);
                self.shared.failures.remove(kind.id);
                // Whoever starts it: what several screens share is the shell's.
                let is_shared = [&Look::KIND, &Measure::KIND, &Select::KIND, &FetchBase::KIND].contains(&kind);
                let id = self.shared.jobs.add(kind, owner.filter(|_| !is_shared));
                self.acts.push(Act::Start { id, job });
            }
            Effect::Stop(kind) => {
                if let Some(job) = self.shared.jobs.get_mut(kind) {
                    job.state = State::Stopping;
                    self.acts.push(Act::Cancel(job.id));
                }
            }
            Effect::Abandon(kind) => {
                self.shared.failures.remove(kind.id);
                self.abandon(kind);
            }
            Effect::Pause(kind, wait) => {
                if let Some(job) = self.shared.jobs.get_mut(kind) {
                    job.state = if wait { State::Paused } else { State::Running };
                    self.acts.push(Act::Pause(job.id, wait));
                }
            }
            Effect::Progress(kind, progress) => {
                if let Some(job) = self.shared.jobs.get_mut(kind) {
                    job.progress = progress;
                }
            }
            Effect::Need(need) => self.apply(self.need(need).into_iter().collect(), None),
            Effect::FetchBase => {
                if !self.shared.has_base() && !self.shared.runs::<FetchBase>() {
                    self.shared.fetch = Some(Fetch { source: "starting".into(), ..Fetch::default() });
                    self.notice = None;
                    self.apply_own(Effect::start(FetchBase));
                }
            }
            Effect::Say(tone, text) => self.say(tone, text),
            Effect::Dismiss => self.notice = None,
            Effect::Show(screen) => {
                if let Some(place) = self.screens.iter().position(|known| known.about().id == screen) {
                    self.show(place);
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
                self.emit(&Event::StartChosen);
            }
            Effect::SetBudget(budget) => {
                self.shared.budget = budget;
                self.emit(&Event::BudgetChanged);
            }
            Effect::SetForecast(forecast) => self.shared.forecast = forecast,
            Effect::SetMouse(ours) => {
                self.shared.mouse = ours;
                let whose = if ours { "used by XPerT" } else { "left to the terminal, to select text" };
                self.acts.push(Act::Mouse(ours));
                self.say(Tone::Plain, format!("The mouse is now {whose}."));
                self.apply_own(Effect::start(Save::Mouse(ours)));
            }
            Effect::Emit(event) => self.emit(&event),
            Effect::Request(request) => {
                let asked = self.tell_all(Message::Request(&request));
                self.apply_all(asked);
            }
            Effect::Ask(dialog) => self.overlay = Some(Overlay::Dialog(Question::new(dialog))),
            Effect::Copy(text) => self.acts.push(Act::Copy(text)),
            Effect::Theme(name) => self.acts.push(Act::Theme(name)),
            Effect::Edit(text) => self.acts.push(Act::Edit(text)),
            Effect::Open(path) => self.acts.push(Act::Open(path)),
            Effect::Demo => self.acts.push(Act::Demo),
        }
    }

    /// Stops a kind of job, if it runs, and hears nothing more of it.
    fn abandon(&mut self, kind: &Kind) {
        if let Some(job) = self.shared.jobs.get(kind) {
            let id = job.id;
            self.shared.jobs.remove(id);
            self.acts.push(Act::Cancel(id));
        }
    }

    /// The job for something shared, unless it is there, on its way, or failed.
    fn need(&self, need: Need) -> Option<Effect> {
        let open = |kind: &Kind| self.shared.jobs.get(kind).is_none() && self.shared.failure(kind).is_none();
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
    fn emit(&mut self, event: &Event) {
        if matches!(event, Event::TextsChanged) {
            (self.shared.profile, self.shared.selected, self.shared.basis) = (None, None, None);
            self.shared.forecast = None;
        }
        let asked = self.tell_all(Message::Event(event));
        if self.guide.as_mut().is_some_and(|guide| guide.hears(event, &self.shared)) {
            self.guide = None;
            self.shared.guided = false;
        }
        if matches!(event, Event::TextsChanged) {
            let outdated = [Effect::Abandon(&Measure::KIND), Effect::Abandon(&Select::KIND), Effect::start(Look)];
            self.apply(outdated.into(), None);
        }
        self.apply_all(asked);
    }

    /// Tells every screen; returns what each asks for.
    fn tell_all(&mut self, message: Message<'_>) -> Vec<Vec<Effect>> {
        self.screens.iter_mut().map(|screen| screen.update(message, &self.shared)).collect()
    }

    fn apply_all(&mut self, asked: Vec<Vec<Effect>>) {
        for (place, effects) in asked.into_iter().enumerate() {
            self.apply(effects, Some(place));
        }
    }

    /// Goes to a screen, which starts what it lacks.
    pub(super) fn show(&mut self, place: usize) {
        if self.here != place {
            self.here = place;
            self.hits = Hits { area: self.hits.area, ..Hits::default() };
            self.notice = self.notice.take().filter(|notice| notice.tone == Tone::Bad);
            self.rewind();
        }
        self.tell(place, Message::Shown);
    }

    /// To where reading begins: the top of a page, or the end of one that grows there.
    fn rewind(&mut self) {
        let first = if self.screen().follows_end() { usize::MAX } else { 0 };
        self.scroll[self.here].clear();
        self.set_scroll(0, first);
    }

    /// Tells a screen something, and does what it asks for then.
    pub(super) fn tell(&mut self, place: usize, message: Message<'_>) {
        let effects = self.screens[place].update(message, &self.shared);
        self.apply(effects, Some(place));
    }
}
