//! Who answers beside the base model: the run in use, another run, or the library; and that runs are told apart in all that is kept.

use crate::made_up::*;
use crate::scenes::*;
use xpert::app::write::Voice;
use xpert::store::Tally;
use xpert::ui::harness::Harness;
use xpert::ui::message::{Job, JobKind, Report, Request};
use xpert::ui::screens::write::{answer_with, second_voice};

const SIZES: [(u16, u16); 3] = [(80, 24), (120, 40), (40, 15)];

/// Compares the screen at every size with its pictures.
fn pictures(name: &str, mut harness: impl FnMut(u16, u16) -> Harness) {
    for (width, height) in SIZES {
        insta::assert_snapshot!(format!("{name}_{width}x{height}"), harness(width, height).screen());
    }
}

/// Runs of these numbers are there, the first in use.
fn look(harness: &mut Harness, runs: &[u32]) {
    drop(harness.model.jobs.start(Job::Look));
    harness.report(JobKind::Look, Report::Looked(Box::new(status_with_runs(runs))));
}

/// The library is ranked, three runs are there, and the second of them answers beside the base; or nobody was asked yet.
fn owned(width: u16, height: u16, prompt: Option<&str>) -> Harness {
    let mut harness = ranked(width, height);
    look(&mut harness, &[2, 3, 1]);
    harness.press("5");
    if let Some(prompt) = prompt {
        say(&mut harness, prompt);
        own_reply(&mut harness, 2, "Hello Ann, I hope all is well.", "Ann! Saturday?");
    }
    harness
}

fn own_reply(harness: &mut Harness, run: u32, base: &str, own: &str) {
    answer(harness, Voice::Base, base);
    answer(harness, Voice::Run(run), own);
    harness.report(JobKind::Write, Report::Written);
}

#[test]
fn the_run_in_use_answers_once_it_is_there_and_others_in_turn() {
    pictures("begun", |width, height| owned(width, height, None));
    pictures("answered", |width, height| owned(width, height, Some("Say hello to Ann.")));
    let mut harness = owned(80, 24, None);
    assert_eq!(second_voice(&harness.model), Some(Voice::Run(2)));
    harness.press("v");
    assert_eq!(second_voice(&harness.model), Some(warm()));
    for _ in 1..selected().candidates.len() {
        harness.press("v");
    }
    harness.press("v");
    assert_eq!(second_voice(&harness.model), Some(Voice::Run(2)));
    look(&mut harness, &[4, 2]);
    assert_eq!(second_voice(&harness.model), Some(Voice::Run(4)), "whichever is in use");
}

#[test]
fn a_run_that_is_not_in_use_answers_where_it_was_chosen_while_it_is_there() {
    let mut harness = owned(80, 24, None);
    answer_with(&mut harness.model, Voice::Run(3));
    let ask = say(&mut harness, "Say hello to Ann.");
    assert_eq!(ask.voices.iter().map(|(voice, _)| voice.to_string()).collect::<Vec<_>>(), ["base", "run:3"]);
    own_reply(&mut harness, 3, "Hello.", "Hi.");
    harness.press("v");
    assert_eq!(second_voice(&harness.model), Some(Voice::Run(2)), "after one that is not gone through comes the first");
    answer_with(&mut harness.model, Voice::Run(3));
    look(&mut harness, &[2, 1]);
    assert_eq!(second_voice(&harness.model), Some(Voice::Run(2)), "it was deleted");
    // Without a ranked library the key still leads back to the run in use.
    let mut harness = looked(80, 24);
    look(&mut harness, &[2, 1]);
    harness.press("5");
    harness.press("v");
    assert_eq!(second_voice(&harness.model), Some(Voice::Run(2)), "nobody else is there");
    answer_with(&mut harness.model, Voice::Run(1));
    assert!(words(&mut harness).contains("v chooses who answers beside the base model"), "{}", harness.screen());
    harness.press("v");
    assert_eq!(second_voice(&harness.model), Some(Voice::Run(2)));
}

#[test]
fn a_run_that_was_deleted_meanwhile_is_found_missing_and_the_one_in_use_asked_instead() {
    let mut harness = owned(80, 24, None);
    answer_with(&mut harness.model, Voice::Run(3));
    say(&mut harness, "Say hello to Ann.");
    harness.report(JobKind::Write, Report::Failed("Run 3 is not there any more.".into()));
    assert!(matches!(job(&mut harness), Job::Look));
    harness.report(JobKind::Look, Report::Looked(Box::new(status_with_runs(&[2, 1]))));
    harness.started();
    harness.press("r");
    assert!(asked(&mut harness).voices.iter().any(|(voice, _)| *voice == Voice::Run(2)));
}

/// Verdicts between the base and this voice.
fn tally_of(voice: &str, base: usize, other: usize) -> Tally {
    Tally { voices: ["base".into(), voice.into()], ..tally(base, other) }
}

#[test]
fn an_answer_counts_for_the_run_that_gave_it_whichever_is_in_use_when_it_is_judged() {
    let mut harness = owned(120, 40, None);
    harness.press("B");
    harness.report(JobKind::Judge, Report::Judged(vec![tally_of("mine", 5, 6), tally_of("run:2", 0, 1)]));
    assert!(
        words(&mut harness).contains("so far base 0, other 1"),
        "what was kept of nobody knows whom is not counted"
    );
    say(&mut harness, "Thank Ann for the cake.");
    harness.report(JobKind::Write, Report::Order(vec![Voice::Run(2), Voice::Base]));
    answer(&mut harness, Voice::Run(2), "What a cake, Ann!");
    answer(&mut harness, Voice::Base, "Thank you for the cake, Ann.");
    harness.report(JobKind::Write, Report::Written);
    look(&mut harness, &[3, 2, 1]);
    harness.started();
    harness.press("a");
    let Job::Judge(Some(judgement)) = job(&mut harness) else { panic!("not judged") };
    assert_eq!((judgement.verdict.preferred.as_str(), judgement.verdict.against.as_str()), ("run:2", "base"));
    harness.report(JobKind::Judge, Report::Judged(vec![tally_of("run:2", 0, 2)]));
    let shown = words(&mut harness);
    assert!(
        shown.contains("You preferred your model (run 2).") && shown.contains("base and your model (run 3)"),
        "{shown}"
    );
    assert!(!shown.contains("so far"), "run 3 was not compared yet: {shown}");
}

#[test]
fn answers_of_two_runs_are_kept_and_measured_apart() {
    let mut harness = owned(80, 24, Some("Say hello to Ann."));
    look(&mut harness, &[3, 2, 1]);
    let ask = say(&mut harness, "And to Bob.");
    assert_eq!(heard(&ask, &Voice::Run(3)), ["Say hello to Ann.", "Ann! Saturday?", "And to Bob."]);
    own_reply(&mut harness, 3, "Hello Bob.", "Bob! Sunday?");
    harness.started();
    harness.press("s");
    let Job::Score(spoken) = job(&mut harness) else { panic!("not measured") };
    let spoken: Vec<(String, usize)> = spoken.iter().map(|(voice, texts)| (voice.to_string(), texts.len())).collect();
    assert_eq!(spoken, [("base".to_owned(), 2), ("run:2".to_owned(), 1), ("run:3".to_owned(), 1)]);
    harness.press("s");
    harness.press("K");
    let Job::Conversation(Request::Keep(turns)) = job(&mut harness) else { panic!("not kept") };
    let voices: Vec<&str> = turns.iter().flat_map(|turn| &turn.1).map(|written| written.voice.as_str()).collect();
    assert_eq!(voices, ["base", "run:2", "base", "run:3"]);
}

/// A kept conversation in which this voice answered beside the base.
fn kept_with(harness: &mut Harness, voice: &str) {
    let mut kept = conversation();
    let answer = kept.exchanges[0].answer.as_mut().expect("an answer");
    answer.written.voice = voice.into();
    harness.press("o");
    harness.report(JobKind::Conversations, Report::Conversations(found()));
    harness.press("Enter");
    harness.report(JobKind::Conversation, Report::Opened(Box::new(kept)));
}

#[test]
fn a_kept_conversation_goes_on_with_its_run_while_that_is_there() {
    let mut harness = owned(80, 24, None);
    for (kept, shown, next) in [
        ("run:3", "your model (run 3)", Voice::Run(3)),
        ("warm", "`warm` of the library", warm()),
        ("run:9", "your model (run 9)", Voice::Run(2)),
        // As an earlier version kept it: nobody knows which run that was.
        ("mine", "your model", Voice::Run(2)),
        // As nobody should have kept it.
        ("run:x", "`run:x` of the library", Voice::Run(2)),
    ] {
        kept_with(&mut harness, kept);
        assert!(words(&mut harness).contains(shown), "{kept}: {}", harness.screen());
        assert_eq!(second_voice(&harness.model), Some(next), "{kept}");
    }
}
