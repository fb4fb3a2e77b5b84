//! The blind test: responses come as A and B in random order, and the user says which is better before anyone is named.

use super::conversation::Turn;
use super::jobs::{Judge, Judgement};
use super::state::Write;
use crate::app::write::Voice;
use crate::store::{Tally, Verdict};
use crate::ui::shell::effect::Effect;
use crate::ui::shell::shared::Shared;

impl Write {
    pub(super) fn may_test(&self, shared: &Shared) -> bool {
        self.may_type(shared) && self.second_voice(shared).is_some()
    }

    pub(super) fn toggle_blind_test(&mut self, _: &Shared) -> Vec<Effect> {
        self.blind.on = !self.blind.on;
        if self.blind.on {
            let say = "Blind test: the next responses come as A and B, in random order. Say which is better.";
            return vec![Effect::say(say), Effect::start(Judge(None))];
        }
        self.reveal();
        vec![Effect::say("The responses come with names again.")]
    }

    fn judged(&self) -> Option<&Turn> {
        self.talk.turns.last().filter(|turn| turn.hidden && turn.is_complete())
    }

    /// Whether there are two whole responses without names.
    pub(super) fn may_judge(&self, shared: &Shared) -> bool {
        self.may_type(shared) && !shared.runs::<Judge>() && self.judged().is_some()
    }

    pub(super) fn prefer_first(&mut self, _: &Shared) -> Vec<Effect> {
        self.prefer(0)
    }

    pub(super) fn prefer_second(&mut self, _: &Shared) -> Vec<Effect> {
        self.prefer(1)
    }

    /// Names them, and counts nothing.
    pub(super) fn prefer_neither(&mut self, _: &Shared) -> Vec<Effect> {
        self.reveal();
        vec![Effect::say("Not counted. The names are above the responses.")]
    }

    fn prefer(&mut self, place: usize) -> Vec<Effect> {
        let Some(turn) = self.judged() else { return Vec::new() };
        let [better, worse] = [place, 1 - place].map(|place| turn.responses[place].voice.clone());
        let verdict = Verdict { preferred: better.to_string(), against: worse.to_string(), blind: true };
        let say = Effect::say_good(format!("You preferred {}.", better.spoken()));
        self.reveal();
        if let Some(turn) = self.talk.turns.last_mut() {
            turn.preferred = Some(better);
        }
        self.looked_at = place;
        let judgement = Some(Judgement { verdict, kept: self.talk.kept });
        self.blind.pending.clone_from(&judgement);
        vec![say, Effect::start(Judge(judgement))]
    }

    /// Names everybody.
    pub(super) fn reveal(&mut self) {
        self.talk.turns.iter_mut().for_each(|turn| turn.hidden = false);
    }

    pub(super) fn judge_done(&mut self, tally: &[Tally]) {
        (self.blind.tally, self.blind.pending) = (tally.to_vec(), None);
    }

    /// How often the voices that answer now were preferred in blind tests so far: the base model, the other.
    pub(super) fn standing(&self, shared: &Shared) -> Option<(usize, usize)> {
        let names = [Voice::Base, self.second_voice(shared)?].map(|voice| voice.to_string());
        let between = |tally: &&Tally| tally.blind && names.iter().all(|name| tally.voices.contains(name));
        let tally = self.blind.tally.iter().find(between)?;
        let [first, second] = tally.preferred;
        Some(if tally.voices[0] == names[0] { (first, second) } else { (second, first) })
    }
}
