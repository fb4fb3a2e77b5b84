//! Scenes that several tests begin with: the program after its first look, with a profile, a ranking, a training, answers.

use crate::made_up::*;
use xpert::app::write::Voice;
use xpert::engine::StopReason;
use xpert::ui::harness::Harness;
use xpert::ui::message::{Ask, Job, JobKind, Report};

/// The screen as one line, however it was wrapped.
pub fn words(harness: &mut Harness) -> String {
    harness.screen().split_whitespace().collect::<Vec<_>>().join(" ")
}

pub fn looked(width: u16, height: u16) -> Harness {
    let mut harness = Harness::new(width, height);
    harness.report(JobKind::Look, Report::Looked(Box::new(status())));
    harness.started();
    harness
}

pub fn profiled(width: u16, height: u16) -> Harness {
    let mut harness = looked(width, height);
    harness.press("2");
    harness.report(JobKind::Profile, Report::Profiled(Box::new(profile())));
    harness
}

pub fn ranked(width: u16, height: u16) -> Harness {
    let mut harness = looked(width, height);
    harness.press("3");
    harness.report(JobKind::Select, Report::Selected(Box::new(selected())));
    harness.started();
    harness
}

pub fn training(width: u16, height: u16) -> Harness {
    let mut harness = ranked(width, height);
    harness.press("4");
    harness.press("Enter");
    harness.report(JobKind::Train, Report::Phase("loading the base model".into()));
    for event in run_events() {
        harness.report(JobKind::Train, Report::Training(event));
    }
    harness
}

pub fn written(width: u16, height: u16) -> Harness {
    let mut harness = ranked(width, height);
    harness.press("5");
    harness.press("Enter");
    harness.type_text("Say hello to Ann.");
    harness.press("Enter");
    answer(&mut harness, Voice::Base, "Hello Ann,\n\nI hope this message finds you well.");
    answer(&mut harness, Voice::Library("warm".into()), "Ann, lovely! So glad you wrote \u{2013} come by on Saturday?");
    harness.report(JobKind::Write, Report::Written);
    harness
}

pub fn answer(harness: &mut Harness, voice: Voice, text: &str) {
    harness.report(JobKind::Write, Report::Answering(voice));
    for piece in text.split_inclusive(' ') {
        harness.report(JobKind::Write, Report::Piece(piece.into()));
    }
    harness.report(
        JobKind::Write,
        Report::Answered { tokens: 12, tokens_per_s: 21.5, stop: StopReason::End, left_out: 0 },
    );
}

pub fn warm() -> Voice {
    Voice::Library("warm".into())
}

/// What the models were asked last; nothing else was started.
pub fn asked(harness: &mut Harness) -> Ask {
    match harness.started().pop() {
        Some((_, Job::Write(ask))) => *ask,
        other => panic!("{other:?}"),
    }
}

/// The job that was started last.
pub fn job(harness: &mut Harness) -> Job {
    let (_, job) = harness.started().pop().expect("a job");
    job
}

/// Asks this next.
pub fn say(harness: &mut Harness, prompt: &str) -> Ask {
    harness.press("Enter");
    harness.type_text(prompt);
    harness.started();
    harness.press("Enter");
    asked(harness)
}

/// What a voice is to answer, with what it was told before.
pub fn heard(ask: &Ask, voice: &Voice) -> Vec<String> {
    let (_, messages) = ask.voices.iter().find(|(other, _)| other == voice).expect("the voice is asked");
    messages.iter().map(|message| message.content.clone()).collect()
}
