//! Who answers beside the base model: the run in use, another run, or the library; and that runs are told apart in all that is kept.

use std::sync::Arc;

use super::made_up::{library, selected, status_with_runs};
use super::made_up_talk::{conversation, found, tally};
use super::scenes::{looked, open, pictures, words};
use super::write::{answer, go_to_write, job, read_by, say, voices, warm};
use crate::harness::Harness;
use xpert::app::answers::{Answer, Answering};
use xpert::app::write::Voice;
use xpert::store::Tally;
use xpert::ui::screens::write::{Find, Judge, Keep, Open, Score, Write};
use xpert::ui::shell::data::{Look, Select};
use xpert::ui::shell::effect::{Effect, Request};

fn second(harness: &Harness) -> Option<Voice> {
    harness.screen_of::<Write>().second_voice(&harness.shell.shared)
}

/// Runs of these numbers exist, the first in use.
fn look(harness: &mut Harness, runs: &[u32]) {
    harness.apply(Effect::start(Look));
    harness.finish::<Look>(status_with_runs(runs));
}

/// Runs, say, asks for this one.
fn write_with(harness: &mut Harness, run: u32) {
    harness.apply(Effect::Request(Request::WriteWith(Voice::Run(run))));
}

/// The library is ranked, three runs exist, and the second of them answers beside the base; or nobody was asked yet.
fn owned(width: u16, height: u16, prompt: Option<&str>) -> Harness {
    let mut harness = open(width, height);
    harness.finish::<Look>(status_with_runs(&[2, 3, 1]));
    go_to_write(&mut harness);
    harness.finish::<Select>((Arc::new(selected()), Arc::new(library().1)));
    harness.started();
    if let Some(prompt) = prompt {
        say(&mut harness, prompt);
        own_reply(&mut harness, 2, "Hello Ann, I hope all is well.", "Ann! Saturday?");
    }
    harness
}

fn own_reply(harness: &mut Harness, run: u32, base: &str, own: &str) {
    answer(harness, Voice::Base, base);
    answer(harness, Voice::Run(run), own);
    harness.finish::<Answer>(Answering::Done);
}

#[test]
fn the_run_in_use_answers_once_there_is_one_and_others_in_turn() {
    pictures("write_own_begun", |width, height| owned(width, height, None));
    pictures("write_own", |width, height| owned(width, height, Some("Say hello to Ann.")));
    let mut harness = owned(80, 24, None);
    assert_eq!(second(&harness), Some(Voice::Run(2)));
    harness.press("v");
    assert_eq!(second(&harness), Some(warm()));
    (0..selected().candidates.len()).for_each(|_| harness.press("v"));
    assert_eq!(second(&harness), Some(Voice::Run(2)));
    look(&mut harness, &[4, 2]);
    assert_eq!(second(&harness), Some(Voice::Run(4)), "whichever is in use");
}

#[test]
fn a_run_that_is_not_in_use_answers_where_it_was_chosen_while_it_exists() {
    let mut harness = owned(80, 24, None);
    write_with(&mut harness, 3);
    let ask = say(&mut harness, "Say hello to Ann.");
    assert_eq!(voices(&ask), ["base", "run:3"]);
    own_reply(&mut harness, 3, "Hello.", "Hi.");
    harness.press("v");
    assert_eq!(second(&harness), Some(Voice::Run(2)), "after one that is not gone through comes the first");
    write_with(&mut harness, 3);
    look(&mut harness, &[2, 1]);
    assert_eq!(second(&harness), Some(Voice::Run(2)), "it was deleted");
    // Without a ranked library the key still leads back to the run in use.
    let mut harness = looked(80, 24);
    look(&mut harness, &[2, 1]);
    go_to_write(&mut harness);
    harness.press("v");
    assert_eq!(second(&harness), Some(Voice::Run(2)), "there is nobody else");
    write_with(&mut harness, 1);
    assert!(words(&mut harness).contains("v choose who responds beside the base model"), "{}", harness.screen());
    harness.press("v");
    assert_eq!(second(&harness), Some(Voice::Run(2)));
}

#[test]
fn a_run_that_was_deleted_meanwhile_is_found_missing_and_the_one_in_use_asked_instead() {
    let mut harness = owned(80, 24, None);
    write_with(&mut harness, 3);
    say(&mut harness, "Say hello to Ann.");
    harness.fail::<Answer>("Run 3 does not exist any more.");
    harness.finish::<Look>(status_with_runs(&[2, 1]));
    harness.started();
    harness.press("r");
    assert_eq!(voices(&job::<Answer>(&mut harness)), ["base", "run:2"]);
}

/// Verdicts between the base and this voice.
fn tally_of(voice: &str, base: usize, other: usize) -> Tally {
    Tally { voices: ["base".into(), voice.into()], ..tally(base, other) }
}

#[test]
fn a_response_counts_for_the_run_that_wrote_it_whichever_is_in_use_when_it_is_judged() {
    let mut harness = owned(120, 40, None);
    harness.press("B");
    harness.finish::<Judge>(vec![tally_of("mine", 5, 6), tally_of("run:2", 0, 1)]);
    assert!(words(&mut harness).contains("base: 0, run 2: 1"), "what was kept of no known run does not count");
    say(&mut harness, "Thank Ann for the cake.");
    harness.tell::<Answer>(Answering::Order(vec![Voice::Run(2), Voice::Base]));
    answer(&mut harness, Voice::Run(2), "What a cake, Ann!");
    answer(&mut harness, Voice::Base, "Thank you for the cake, Ann.");
    harness.finish::<Answer>(Answering::Done);
    look(&mut harness, &[3, 2, 1]);
    harness.started();
    harness.press("a");
    let verdict = job::<Judge>(&mut harness).verdict.clone().expect("a verdict");
    assert_eq!((verdict.preferred.as_str(), verdict.against.as_str()), ("run:2", "base"));
    harness.finish::<Judge>(vec![tally_of("run:2", 0, 2)]);
    let shown = words(&mut harness);
    assert!(shown.contains("You preferred your model (run 2).") && shown.contains("base and run 3"), "{shown}");
    assert!(!shown.contains("on; base"), "run 3 was not compared yet: {shown}");
}

#[test]
fn responses_of_two_runs_are_kept_and_measured_apart() {
    let mut harness = owned(80, 24, Some("Say hello to Ann."));
    look(&mut harness, &[3, 2, 1]);
    let ask = say(&mut harness, "And to Bob.");
    assert_eq!(read_by(&ask, &Voice::Run(3)), ["Say hello to Ann.", "Ann! Saturday?", "And to Bob."]);
    own_reply(&mut harness, 3, "Hello Bob.", "Bob! Sunday?");
    harness.started();
    harness.press("s");
    let spoken: Vec<(String, usize)> =
        job::<Score>(&mut harness).0.iter().map(|(voice, texts)| (voice.to_string(), texts.len())).collect();
    assert_eq!(spoken, [("base".to_owned(), 2), ("run:2".to_owned(), 1), ("run:3".to_owned(), 1)]);
    harness.press("s");
    harness.press("K");
    let keep = job::<Keep>(&mut harness);
    let names: Vec<&str> = keep.0.iter().flat_map(|turn| &turn.1).map(|written| written.voice.as_str()).collect();
    assert_eq!(names, ["base", "run:2", "base", "run:3"]);
}

/// A kept conversation in which this voice answered beside the base.
fn kept_with(harness: &mut Harness, voice: &str) {
    let mut kept = conversation();
    let answer = kept.exchanges[0].answer.as_mut().expect("an answer");
    answer.written.voice = voice.into();
    harness.press("o");
    harness.finish::<Find>(found());
    harness.press("Enter");
    harness.finish::<Open>(kept);
}

#[test]
fn a_kept_conversation_continues_with_its_run_while_that_exists() {
    let mut harness = owned(80, 24, None);
    for (kept, shown, next) in [
        ("run:3", "Your model (run 3)", Voice::Run(3)),
        ("warm", "`warm` from the library", warm()),
        ("run:9", "Your model (run 9)", Voice::Run(2)),
        // As an earlier version kept it: nobody knows which run that was.
        ("mine", "Your model", Voice::Run(2)),
        // As nobody should have kept it.
        ("run:x", "`run:x` from the library", Voice::Run(2)),
    ] {
        kept_with(&mut harness, kept);
        assert!(words(&mut harness).contains(shown), "{kept}: {}", harness.screen());
        assert_eq!(second(&harness), Some(next), "{kept}");
    }
}
