//! The blind test: answers come as A and B in an order left to chance, and the user says which is better before anyone is named.

use super::Turn;
use crate::store::{Tally, Verdict};
use crate::ui::message::{Effect, Job, JobKind, Judgement};
use crate::ui::model::{Model, Tone};

#[derive(Debug, Default)]
pub struct State {
    /// Whether the next answers come without names.
    pub on: bool,
    /// The verdicts kept so far, of everyone against everyone.
    pub tally: Vec<Tally>,
    /// A verdict that is not kept yet.
    pub pending: Option<Judgement>,
}

#[must_use]
pub fn may_toggle(model: &Model) -> bool {
    super::may_type(model) && super::second_voice(model).is_some()
}

pub fn toggle(model: &mut Model) -> Vec<Effect> {
    let blind = &mut model.screens.write.blind;
    blind.on = !blind.on;
    if !blind.on {
        if let Some(turn) = model.screens.write.talk.turns.last_mut() {
            turn.hidden = false;
        }
        model.say(Tone::Plain, "The answers come with names again.");
        return Vec::new();
    }
    model.say(
        Tone::Plain,
        "Blind test: the next answers come as A and B, in an order left to chance. Say which is better.",
    );
    model.jobs.start(Job::Judge(None))
}

fn judged(model: &Model) -> Option<&Turn> {
    model.screens.write.talk.turns.last().filter(|turn| turn.hidden && turn.is_complete())
}

/// Whether there are two whole answers without names.
#[must_use]
pub fn may_judge(model: &Model) -> bool {
    super::may_type(model) && !model.jobs.is_running(JobKind::Judge) && judged(model).is_some()
}

pub fn prefer_first(model: &mut Model) -> Vec<Effect> {
    prefer(model, 0)
}

pub fn prefer_second(model: &mut Model) -> Vec<Effect> {
    prefer(model, 1)
}

/// Says who wrote which, and counts nothing.
pub fn prefer_neither(model: &mut Model) -> Vec<Effect> {
    reveal(model);
    model.say(Tone::Plain, "Not counted. Above the answers stands who wrote them.");
    Vec::new()
}

fn prefer(model: &mut Model, place: usize) -> Vec<Effect> {
    let Some(turn) = judged(model) else { return Vec::new() };
    let (better, worse) = (&turn.answers[place].voice, &turn.answers[1 - place].voice);
    let verdict = Verdict { preferred: better.to_string(), against: worse.to_string(), blind: true };
    let (said, better) = (format!("You preferred {}.", better.spoken()), better.clone());
    reveal(model);
    if let Some(turn) = model.screens.write.talk.turns.last_mut() {
        turn.preferred = Some(better);
    }
    model.screens.write.pane = place;
    model.say(Tone::Good, said);
    let judgement = Some(Judgement { verdict, kept: model.screens.write.talk.kept });
    model.screens.write.blind.pending.clone_from(&judgement);
    model.jobs.start(Job::Judge(judgement))
}

fn reveal(model: &mut Model) {
    if let Some(turn) = model.screens.write.talk.turns.last_mut() {
        turn.hidden = false;
    }
}

pub fn hear(model: &mut Model, tally: Vec<Tally>) {
    let blind = &mut model.screens.write.blind;
    (blind.tally, blind.pending) = (tally, None);
}

/// How the voices that answer now did in blind tests so far: (base, other).
#[must_use]
pub fn standing(model: &Model) -> Option<(usize, usize)> {
    let other = super::second_voice(model)?.to_string();
    let base = crate::app::write::Voice::Base.to_string();
    let tallies = model.screens.write.blind.tally.iter();
    let mut own = tallies.filter(|tally| tally.blind && tally.voices.contains(&base) && tally.voices.contains(&other));
    let tally = own.next()?;
    let [first, second] = tally.preferred;
    Some(if tally.voices[0] == base { (first, second) } else { (second, first) })
}
