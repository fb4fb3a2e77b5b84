//! Does what screens ask for: each effect changes the shell's state, tells screens something, or becomes an act. Pure, as `update` is.

use std::collections::BTreeMap;

use super::data::{FetchBase, Look, Measure, Save, Select};
use super::effect::{Effect, Event, Need, Scroll, Tone};
use super::job::{Job, Kind};
use super::jobs::State;
use super::overlays::Overlay;
use super::overlays::dialog::Question;
use super::screen::Message;
use super::shared::Fetch;
use super::state::{Act, Shell};
use crate::app::settings::Setting;
use crate::ui::widgets::Hits;

/// Who asked for an effect: a screen by its place, or the shell.
pub type Owner = Option<usize>;

impl Shell {
    /// Does what was asked for, in order, each with what comes of it.
    pub fn apply(&mut self, effects: impl IntoIterator<Item = Effect>, owner: Owner) {
        effects.into_iter().for_each(|effect| self.apply_one(effect, owner));
    }

    /// Starts a job of the shell's own.
    pub(super) fn start(&mut self, job: impl Job) {
        self.apply_one(Effect::start(job), None);
    }

    fn apply_one(&mut self, effect: Effect, owner: Owner) {
        match effect {
            Effect::Start(job) => {
                let kind = job.kind();
                self.abandon(kind);
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
            Effect::Abandon(kind) => self.abandon(kind),
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
            Effect::Need(Need::Profile) if self.shared.profile.is_none() => self.measure(Measure),
            Effect::Need(Need::Selection) if self.shared.selected.is_none() => self.measure(Select),
            Effect::Need(_) => {}
            Effect::FetchBase => {
                self.shared.fetch = Fetch { source: "starting".into(), ..Fetch::default() };
                self.notice = None;
                self.start(FetchBase);
            }
            Effect::Say(tone, text) => self.say(tone, text),
            Effect::Dismiss => self.notice = None,
            Effect::Show(screen) => {
                if let Some(place) = self.screens.iter().position(|known| known.about().id == screen) {
                    self.show(place);
                }
            }
            // A screen that is not in front begins at its top when it is.
            Effect::Scroll(_) if owner.is_some_and(|owner| owner != self.here) => {}
            Effect::Scroll(Scroll::Top) => self.rewind(),
            Effect::Scroll(Scroll::End) => self.scroll_panel(0, usize::MAX),
            Effect::Scroll(Scroll::Newest) => {
                if let (true, Some(row)) = (self.is_at_end(), self.hits.newest) {
                    self.scroll_panel(0, row.min(self.hits.limit(0)));
                }
            }
            Effect::Focus(panel) => self.focus[owner.unwrap_or(self.here)] = panel,
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
                self.start(Save(Setting::Mouse(ours)));
            }
            Effect::Emit(event) => self.emit(&event),
            Effect::Request(request) => self.tell_all(Message::Request(&request)),
            Effect::Ask(dialog) => self.overlay = Some(Overlay::Dialog(Question::new(dialog))),
            Effect::Copy(text) => self.acts.push(Act::Copy(text)),
            Effect::Theme(name) => self.acts.push(Act::Theme(name)),
            Effect::Edit(text) => self.acts.push(Act::Edit(text)),
            Effect::Open(path) => self.acts.push(Act::Open(path)),
        }
    }

    /// Stops a kind of job, if it runs, hears nothing more of it, and forgets why it failed.
    fn abandon(&mut self, kind: &Kind) {
        self.shared.failures.remove(kind.id);
        self.acts.extend(self.shared.jobs.remove(kind).map(|job| Act::Cancel(job.id)));
    }

    /// Starts a job that works on the texts, unless there are none, or it runs or failed.
    fn measure<J: Job>(&mut self, job: J) {
        if self.shared.has_texts() && self.shared.may_start::<J>() {
            self.start(job);
        }
    }

    /// Every screen and the guide hear of it.
    pub(super) fn emit(&mut self, event: &Event) {
        if matches!(event, Event::TextsChanged) {
            (self.shared.profile, self.shared.selected, self.shared.basis) = (None, None, None);
            self.shared.forecast = None;
            self.abandon(&Measure::KIND);
            self.abandon(&Select::KIND);
            self.start(Look);
        }
        self.guide.take_if(|guide| guide.hears(event, &self.shared));
        self.shared.guided = self.guide.is_some();
        self.tell_all(Message::Event(event));
    }

    /// Every screen hears of it before what any of them asks for is done.
    fn tell_all(&mut self, message: Message<'_>) {
        let asked: Vec<_> = self.screens.iter_mut().map(|screen| screen.update(message, &self.shared)).collect();
        for (place, effects) in asked.into_iter().enumerate() {
            self.apply(effects, Some(place));
        }
    }

    /// Goes to a screen, which starts what it lacks.
    pub(super) fn show(&mut self, place: usize) {
        if self.here != place {
            self.here = place;
            self.hits = Hits { buttons: std::mem::take(&mut self.hits.buttons), ..Hits::default() };
            self.notice = self.notice.take().filter(|notice| notice.tone == Tone::Bad);
            self.rewind();
        }
        self.tell(place, Message::Shown);
    }

    /// To where reading begins: the top of a page, or the end of one that grows there.
    fn rewind(&mut self) {
        let first = if self.screen().follows_end() { usize::MAX } else { 0 };
        self.scroll[self.here] = BTreeMap::from([(0, first)]);
    }

    /// Tells a screen something, and does what it asks for then.
    pub(super) fn tell(&mut self, place: usize, message: Message<'_>) {
        let effects = self.screens[place].update(message, &self.shared);
        self.apply(effects, Some(place));
    }
}
