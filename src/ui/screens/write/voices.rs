//! Who answers beside the base: who can, who does, and how another is chosen.

use crate::app::write::Voice;
use crate::ui::message::Effect;
use crate::ui::model::Model;

fn in_use(model: &Model) -> Option<Voice> {
    model.run_in_use().map(Voice::Run)
}

/// Those that are gone through: the run in use, then the library in its ranked order. Another run is chosen where the runs are shown.
fn voices(model: &Model) -> Vec<Voice> {
    let candidates = model.screens.library.selected.iter().flat_map(|selected| &selected.candidates);
    in_use(model).into_iter().chain(candidates.map(|candidate| Voice::Library(candidate.id.clone()))).collect()
}

/// Who answers beside the base: the user's choice while it is there, else the run in use, else the library model that fits best.
#[must_use]
pub fn second_voice(model: &Model) -> Option<Voice> {
    let chosen = model.screens.write.second.as_ref();
    let there = chosen.filter(|voice| !matches!(voice, Voice::Run(number) if !model.has_run(*number)));
    there.cloned().or_else(|| voices(model).into_iter().next())
}

/// Whether somebody else could answer.
#[must_use]
pub fn may_change(model: &Model) -> bool {
    let now = second_voice(model);
    voices(model).into_iter().any(|voice| Some(voice) != now)
}

/// The next of those who can answer; the first of them after one that is not among them.
pub fn next_voice(model: &mut Model) -> Vec<Effect> {
    let (voices, now) = (voices(model), second_voice(model));
    let now = now.and_then(|now| voices.iter().position(|voice| *voice == now));
    let next = now.map_or(0, |now| (now + 1) % voices.len().max(1));
    if let Some(voice) = voices.into_iter().nth(next) {
        answer_with(model, voice);
    }
    Vec::new()
}

/// Lets this voice answer from now on. Whoever takes the run in use means whichever that is.
pub fn answer_with(model: &mut Model, voice: Voice) {
    model.screens.write.second = (in_use(model).as_ref() != Some(&voice)).then_some(voice);
}

/// Goes on with who spoke in a conversation that is opened, as far as they are there; what an earlier version kept of the user's model
/// goes on with the run in use.
pub(super) fn go_on_with(model: &mut Model, voice: Voice) {
    match voice {
        Voice::Mine => model.screens.write.second = None,
        Voice::Library(_) if !voices(model).contains(&voice) => {}
        _ => answer_with(model, voice),
    }
}
