//! The Write screen's part of `update`.

use super::Effect;
use crate::app::write::Voice;
use crate::ui::message::{Job, JobKind, Report};
use crate::ui::model::{Answer, Model, Progress, Screen, Tone};

/// Lets the base and the other voice answer, unless something is missing, which it says.
#[must_use]
pub fn ask(model: &mut Model, prompt: String) -> Vec<Effect> {
    let missing = if prompt.trim().is_empty() {
        Some("Type what is to be written, then Enter.")
    } else if model.jobs.is_running(JobKind::Write) {
        Some("A model is still writing; x stops it.")
    } else if model.jobs.is_running(JobKind::Train) {
        Some("A training is running and needs the machine; x on Train stops it and keeps a checkpoint.")
    } else if !model.has_base() {
        model.write.editing = false;
        Some("The base model is not on this machine yet: b fetches it.")
    } else {
        None
    };
    if let Some(missing) = missing {
        model.say(Tone::Bad, missing);
        return Vec::new();
    }
    let voices: Vec<Voice> = std::iter::once(Voice::Base).chain(model.second_voice()).collect();
    let answer = |voice: &Voice| Answer { voice: voice.clone(), text: String::new(), progress: Progress::Waiting };
    model.write.answers = voices.iter().map(answer).collect();
    if model.write.prompt.value() != prompt {
        model.write.prompt = prompt.clone().into();
    }
    model.write.asked.clone_from(&prompt);
    (model.write.editing, model.write.pane, model.scroll) = (false, 0, 0);
    model.notice = None;
    model.failures[Screen::Write.index()] = None;
    model.jobs.start(Job::Write { prompt, voices })
}

/// The next of those who can answer beside the base.
pub fn next_voice(model: &mut Model) {
    let voices = model.voices();
    let now = model.second_voice().and_then(|now| voices.iter().position(|voice| *voice == now));
    let next = now.map_or(0, |now| (now + 1) % voices.len().max(1));
    model.write.second = voices.get(next).cloned();
}

pub fn other_pane(model: &mut Model) {
    model.write.pane = (model.write.pane + 1) % model.write.answers.len().max(1);
    model.scroll = 0;
}

pub fn hear(model: &mut Model, report: Report) {
    let write = &mut model.write;
    match report {
        Report::Answering(voice) => {
            if let Some(place) = write.answers.iter().position(|answer| answer.voice == voice) {
                write.answers[place].progress = Progress::Writing;
                write.pane = place;
            }
        }
        Report::Piece(piece) => {
            if let Some(answer) = writing(&mut write.answers) {
                answer.text.push_str(&piece);
            }
        }
        Report::Answered { tokens, tokens_per_s, stop } => {
            if let Some(answer) = writing(&mut write.answers) {
                answer.progress = Progress::Done { tokens, tokens_per_s, stop };
            }
        }
        _ => {}
    }
}

/// What was not done will not be.
pub fn broken(model: &mut Model) {
    for answer in &mut model.write.answers {
        if matches!(answer.progress, Progress::Waiting | Progress::Writing) {
            answer.progress = Progress::Broken;
        }
    }
}

fn writing(answers: &mut [Answer]) -> Option<&mut Answer> {
    answers.iter_mut().find(|answer| answer.progress == Progress::Writing)
}
