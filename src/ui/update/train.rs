//! The Train screen's part of `update`, the fetching of the base model included.

use super::Effect;
use crate::app::train::{From as Start, Options};
use crate::models::Event as FetchEvent;
use crate::ui::message::{Job, JobKind, Report};
use crate::ui::model::{Fetch, Model, Run, Screen, Tone};

/// What the step keys go through; beside them, "as many as the texts ask for".
const STEPS: [usize; 9] = [10, 20, 40, 80, 120, 200, 300, 500, 1000];

/// Starts, resumes or restarts a training, unless something is missing, which it says.
#[must_use]
pub fn start(model: &mut Model, resume: bool, restart: bool) -> Vec<Effect> {
    if model.jobs.is_running(JobKind::Train) {
        return Vec::new();
    }
    let missing = if !model.has_texts() {
        Some("There is nothing to learn from yet: 1 goes to Import.")
    } else if model.jobs.is_running(JobKind::Pull) {
        Some("The base model is still being fetched; train when it is here.")
    } else if !model.has_base() {
        Some("The base model is not on this machine yet: b fetches it.")
    } else if model.jobs.is_running(JobKind::Write) {
        Some("A model is writing; x stops it, then train.")
    } else {
        None
    };
    if let Some(missing) = missing {
        model.say(Tone::Bad, missing);
        return Vec::new();
    }
    let options =
        Options { from: model.train.from.clone(), steps: model.train.steps, resume, restart, ..Options::default() };
    let mut run = Run { phase: "starting".into(), ..Run::default() };
    if let (true, Some(before)) = (resume, model.train.run.take()) {
        // The curve goes on where it was.
        (run.losses, run.held_out, run.best) = (before.losses, before.held_out, before.best);
    }
    model.train.run = Some(run);
    (model.train.record, model.notice) = (None, None);
    model.failures[Screen::Train.index()] = None;
    model.jobs.start(Job::Train(options))
}

pub fn set_start(model: &mut Model, start: Start) {
    model.train.from = start;
    model.failures[Screen::Train.index()] = None;
    if model.unfinished().is_some() {
        model.say(
            Tone::Plain,
            "A stopped training goes on from where it was; this start is for a new one (n on Train).",
        );
    } else {
        model.notice = None;
    }
}

pub fn change_steps(model: &mut Model, more: bool) {
    let place = model.train.steps.map(|steps| STEPS.iter().position(|&step| step >= steps).unwrap_or(STEPS.len() - 1));
    model.train.steps = match (place, more) {
        (None, true) => Some(STEPS[0]),
        (None, false) | (Some(0), false) => None,
        (Some(place), true) => Some(STEPS[(place + 1).min(STEPS.len() - 1)]),
        (Some(place), false) => Some(STEPS[place - 1]),
    };
}

#[must_use]
pub fn fetch(model: &mut Model) -> Vec<Effect> {
    if model.jobs.is_running(JobKind::Pull) || model.has_base() {
        return Vec::new();
    }
    model.train.fetch = Some(Fetch { source: "starting".into(), ..Fetch::default() });
    model.notice = None;
    model.failures[model.screen.index()] = None;
    model.jobs.start(Job::Pull)
}

#[must_use]
pub fn hear(model: &mut Model, report: Report) -> Vec<Effect> {
    match report {
        Report::Fetching(event) => {
            let fetch = model.train.fetch.get_or_insert_default();
            match event {
                FetchEvent::Source(source) => {
                    (fetch.source, fetch.done, fetch.total) = (source, 0, None);
                }
                FetchEvent::Bytes { done, total } => (fetch.done, fetch.total) = (done, total),
                FetchEvent::Note(note) => fetch.notes.push(note),
            }
        }
        Report::Fetched(name) => {
            model.train.fetch = None;
            model.say(Tone::Good, format!("The base model is here: {name}."));
            return model.jobs.start(Job::Look);
        }
        Report::Phase(phase) => model.train.run.get_or_insert_default().phase = phase,
        Report::Training(event) => model.train.run.get_or_insert_default().hear(event),
        Report::Trained(record) => {
            if model.screen != Screen::Train {
                let end = if record.is_stopped() { "Training was stopped" } else { "Training is done" };
                model.say(Tone::Good, format!("{end}: 4 shows how it went."));
            } else {
                model.notice = None;
            }
            model.train.record = Some(record);
            // The new model answers beside the base unless the user says otherwise again.
            model.write.second = None;
            return model.jobs.start(Job::Look);
        }
        _ => {}
    }
    Vec::new()
}
