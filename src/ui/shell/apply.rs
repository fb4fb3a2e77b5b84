//! Does what screens ask for: each effect changes the shell's state, tells screens something, or becomes an act. Pure, as `update` is.

use std::collections::VecDeque;

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
    /// Does what was asked for, in order, with what comes of it.
    pub fn apply(&mut self, effects: Vec<Effect>, owner: Owner) -> Vec<Act> {
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
                // Whoever starts it: what several screens share is the shell's.
                let is_shared = [&Look::KIND, &Measure::KIND, &Select::KIND, &FetchBase::KIND].contains(&kind);
                let id = self.shared.jobs.add(kind, owner.filter(|_| !is_shared));
                acts.push(Act::Start { id, job });
            }
            Effect::Stop(kind) => {
                if let Some(job) = self.shared.jobs.get_mut(kind) {
                    job.state = State::Stopping;
                    acts.push(Act::Cancel(job.id));
                }
            }
            Effect::Abandon(kind) => {
                self.shared.failures.remove(kind.id);
                acts.extend(self.abandon(kind));
            }
            Effect::Pause(kind, wait) => {
                if let Some(job) = self.shared.jobs.get_mut(kind) {
                    job.state = if wait { State::Paused } else { State::Running };
                    acts.push(Act::Pause(job.id, wait));
                }
            }
            Effect::Progress(kind, progress) => {
                if let Some(job) = self.shared.jobs.get_mut(kind) {
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
                if let Some(place) = self.screens.iter().position(|known| known.about().id == screen) {
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
            Effect::SetForecast(forecast) => self.shared.forecast = forecast,
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
            Effect::Request(request) => return self.tell_all(Message::Request(&request)),
            Effect::Ask(dialog) => self.overlay = Some(Overlay::Dialog(Question::new(dialog))),
            Effect::Copy(text) => acts.push(Act::Copy(text)),
            Effect::Theme(name) => acts.push(Act::Theme(name)),
            Effect::Edit(text) => acts.push(Act::Edit(text)),
            Effect::Open(path) => acts.push(Act::Open(path)),
            Effect::Demo => acts.push(Act::Demo),
        }
        Vec::new()
    }

    /// Stops a kind of job, if it runs, and hears nothing more of it.
    fn abandon(&mut self, kind: &Kind) -> Option<Act> {
        let id = self.shared.jobs.get(kind)?.id;
        self.shared.jobs.remove(id);
        Some(Act::Cancel(id))
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
    fn emit(&mut self, event: &Event) -> Vec<(Effect, Owner)> {
        let mut effects = Vec::new();
        if matches!(event, Event::TextsChanged) {
            (self.shared.profile, self.shared.selected, self.shared.basis) = (None, None, None);
            self.shared.forecast = None;
            let outdated = [Effect::Abandon(&Measure::KIND), Effect::Abandon(&Select::KIND), Effect::start(Look)];
            effects.extend(outdated.map(|effect| (effect, None)));
        }
        effects.extend(self.tell_all(Message::Event(event)));
        if self.guide.as_mut().is_some_and(|guide| guide.hears(event, &self.shared)) {
            self.guide = None;
            self.shared.guided = false;
        }
        effects
    }

    /// Tells every screen.
    fn tell_all(&mut self, message: Message<'_>) -> Vec<(Effect, Owner)> {
        let mut effects = Vec::new();
        for (place, screen) in self.screens.iter_mut().enumerate() {
            effects.extend(screen.update(message, &self.shared).into_iter().map(|effect| (effect, Some(place))));
        }
        effects
    }

    /// Goes to a screen, which starts what it lacks.
    pub(super) fn show(&mut self, place: usize) -> Vec<Act> {
        if self.here != place {
            self.here = place;
            self.hits = Hits { area: self.hits.area, ..Hits::default() };
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

    /// Tells a screen something, and does what it asks for then.
    pub(super) fn tell(&mut self, place: usize, message: Message<'_>) -> Vec<Act> {
        let effects = self.screens[place].update(message, &self.shared);
        self.apply(effects, Some(place))
    }
}
