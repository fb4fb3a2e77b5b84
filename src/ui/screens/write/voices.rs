//! Who answers beside the base model: who can, who does, how another is chosen, and the blind test, in which responses come as A and B in
//! random order and the user says which is better before anyone is named.

use super::jobs::Judge;
use super::state::Write;
use crate::app::conversation::Turn;
use crate::app::write::Voice;
use crate::store::{Tally, Verdict};
use crate::ui::format::one_line;
use crate::ui::shell::{Effect, Shared};

/// Those that the key goes through: the run in use, then the library as it is ranked. Another run is chosen on Runs.
fn voices(shared: &Shared) -> Vec<Voice> {
    let candidates = shared.selected.iter().flat_map(|selected| &selected.candidates);
    let library = candidates.map(|candidate| Voice::Library(candidate.id.clone()));
    shared.run_in_use().map(Voice::Run).into_iter().chain(library).collect()
}

impl Write {
    /// Who answers beside the base model: the user's choice while it exists, else the run in use, else the closest library model.
    pub fn second_voice(&self, shared: &Shared) -> Option<Voice> {
        let exists = |voice: &&Voice| !matches!(voice, Voice::Run(number) if !shared.has_run(*number));
        self.second.as_ref().filter(exists).cloned().or_else(|| voices(shared).into_iter().next())
    }

    pub(super) fn may_change_voice(&self, shared: &Shared) -> bool {
        let now = self.second_voice(shared);
        self.may_type(shared) && voices(shared).into_iter().any(|voice| Some(voice) != now)
    }

    /// The next of those who can answer; the first of them after one that is not among them.
    pub(super) fn next_voice(&mut self, shared: &Shared) -> Vec<Effect> {
        let (voices, now) = (voices(shared), self.second_voice(shared));
        let next = voices.iter().position(|voice| Some(voice) == now.as_ref()).map_or(0, |now| now + 1);
        let next = voices.get(next).or(voices.first());
        next.cloned().into_iter().for_each(|voice| self.answer_with(voice, shared));
        Vec::new()
    }

    /// Whoever chooses the run in use means whichever that is.
    pub(super) fn answer_with(&mut self, voice: Voice, shared: &Shared) {
        self.second = (shared.run_in_use().map(Voice::Run).as_ref() != Some(&voice)).then_some(voice);
    }

    /// Continues with who answered in a conversation that is opened, as far as they exist; with the run in use for what an earlier version
    /// kept of the personal model without a number.
    pub(super) fn continue_with(&mut self, voice: Voice, shared: &Shared) {
        match voice {
            Voice::Mine | Voice::Auto => self.second = None,
            Voice::Library(_) if !voices(shared).contains(&voice) => {}
            _ => self.answer_with(voice, shared),
        }
    }

    pub(super) fn may_test(&self, shared: &Shared) -> bool {
        self.may_type(shared) && self.second_voice(shared).is_some()
    }

    pub(super) fn toggle_blind_test(&mut self, _: &Shared) -> Vec<Effect> {
        self.blind = !self.blind;
        if self.blind {
            let say = "Blind test: the next responses appear as A and B, in random order. Say which is better.";
            return vec![Effect::say(say), Effect::start(Judge::default())];
        }
        self.reveal();
        vec![Effect::say("The responses have names again.")]
    }

    fn judged(&self) -> Option<&Turn> {
        self.talk.turns.last().filter(|turn| turn.hidden && turn.is_complete())
    }

    pub(super) fn may_judge(&self, shared: &Shared) -> bool {
        self.may_type(shared) && !shared.runs::<Judge>() && self.judged().is_some()
    }

    pub(super) fn prefer_neither(&mut self, _: &Shared) -> Vec<Effect> {
        self.reveal();
        vec![Effect::say("Not counted. The names are above the responses.")]
    }

    pub(super) fn prefer(&mut self, place: usize) -> Vec<Effect> {
        let Some(turn) = self.judged() else { return Vec::new() };
        let [better, worse] = [place, 1 - place].map(|place| turn.responses[place].voice.clone());
        let verdict = Verdict { preferred: better.to_string(), against: worse.to_string(), blind: true };
        let say = Effect::say_good(format!("You preferred {}.", better.spoken()));
        self.reveal();
        if let Some(turn) = self.talk.turns.last_mut() {
            turn.preferred = Some(better);
        }
        self.looked_at = place;
        let judge = Judge { verdict: Some(verdict), kept: self.talk.kept };
        self.pending = Some(judge.clone());
        vec![say, Effect::start(judge)]
    }

    pub(super) fn reveal(&mut self) {
        self.talk.turns.iter_mut().for_each(|turn| turn.hidden = false);
    }

    /// In a blind test: how often each of the voices that answer now was preferred in such tests so far.
    pub(super) fn standing(&self, shared: &Shared) -> Option<String> {
        let other = self.second_voice(shared).filter(|_| self.blind)?;
        let names = [&Voice::Base, &other].map(ToString::to_string);
        let between = |tally: &&Tally| tally.blind && names.iter().all(|name| tally.voices.contains(name));
        let tally = self.tally.iter().find(between)?;
        let [first, second] = tally.preferred;
        let (base, times) = if tally.voices[0] == names[0] { (first, second) } else { (second, first) };
        Some(format!("base: {base}, {}: {times}", short(&other)))
    }
}

/// A voice in a word or two.
pub(super) fn short(voice: &Voice) -> String {
    match voice {
        Voice::Base => "base model".to_owned(),
        Voice::Mine => "your model".to_owned(),
        Voice::Auto => "closest model".to_owned(),
        Voice::Run(number) => format!("run {number}"),
        Voice::Library(id) => one_line(id),
    }
}
