//! Who answers beside the base model: who can, who does, and how another is chosen.

use super::state::Write;
use crate::app::write::Voice;
use crate::ui::shell::effect::Effect;
use crate::ui::shell::shared::Shared;

/// Those that the key goes through: the run in use, then the library as it is ranked. Another run is chosen on Runs.
fn voices(shared: &Shared) -> Vec<Voice> {
    let candidates = shared.selected.iter().flat_map(|selected| &selected.candidates);
    let library = candidates.map(|candidate| Voice::Library(candidate.id.clone()));
    shared.run_in_use().map(Voice::Run).into_iter().chain(library).collect()
}

impl Write {
    /// Who answers beside the base model: the user's choice while it exists, else the run in use, else the closest library model.
    #[must_use]
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
        let now = now.and_then(|now| voices.iter().position(|voice| *voice == now));
        let next = now.map_or(0, |now| (now + 1) % voices.len().max(1));
        if let Some(voice) = voices.into_iter().nth(next) {
            self.answer_with(voice, shared);
        }
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
}
