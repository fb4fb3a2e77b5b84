//! A blind test on Write: nobody is named before one response is preferred, and verdicts are counted.

use super::made_up_talk::tally;
use super::scenes::{pictures, words};
use super::write::{answer, ended, job, say, warm, written};
use crate::harness::Harness;
use xpert::app::answers::{Answer, Answering};
use xpert::app::write::Voice;
use xpert::engine::StopReason;
use xpert::store::Verdict;
use xpert::ui::screens::write::{Judge, Write};

/// A blind test with both responses complete, in the order of chance.
fn blind(width: u16, height: u16) -> Harness {
    let mut harness = written(width, height);
    harness.press("B");
    harness.finish::<Judge>(vec![tally(1, 3)]);
    assert!(say(&mut harness, "Thank Ann for the cake.").shuffled);
    harness.tell::<Answer>(Answering::Order(vec![warm(), Voice::Base]));
    answer(&mut harness, warm(), "What a cake, Ann!");
    answer(&mut harness, Voice::Base, "Thank you for the cake, Ann.");
    harness.finish::<Answer>(Answering::Done);
    harness
}

#[test]
fn in_a_blind_test_nobody_is_named_before_one_is_preferred() {
    pictures("write_blind", blind);
    let mut harness = blind(120, 40);
    let shown = words(&mut harness);
    let after = shown.split("Thank Ann for the cake.").nth(1).unwrap();
    assert!(after.contains("a A is better"), "{after}");
    let responses = after.split("Next responses").next().unwrap();
    assert!(!responses.contains("warm") && !responses.contains("base model"), "{responses}");
    assert!(!responses.contains("21.5"), "{responses}");
    harness.started();
    harness.press("a");
    let verdict = Verdict { preferred: "warm".into(), against: "base".into(), blind: true };
    assert_eq!(*job::<Judge>(&mut harness), Judge { verdict: Some(verdict), kept: None });
    harness.finish::<Judge>(vec![tally(1, 4)]);
    let shown = words(&mut harness);
    assert!(shown.contains("You preferred `warm` from the library."), "{shown}");
    assert!(shown.contains("base: 1, warm: 4"), "{shown}");
    harness.press("b");
    assert!(harness.started().is_empty(), "judged once");
    harness.press("B");
    assert!(words(&mut harness).contains("have names again"));
}

#[test]
fn a_blind_test_may_be_left_undecided_and_a_broken_one_names_everybody() {
    let mut harness = blind(80, 24);
    harness.started();
    harness.press("u");
    assert!(harness.started().is_empty());
    assert!(words(&mut harness).contains("Not counted."));
    say(&mut harness, "Once more.");
    harness.tell::<Answer>(Answering::Order(vec![warm(), Voice::Base]));
    answer(&mut harness, warm(), "Again?");
    harness.tell::<Answer>(Answering::Begins(Voice::Base));
    harness.tell::<Answer>(Answering::Piece("Once".into()));
    harness.tell::<Answer>(ended(StopReason::Cancelled));
    harness.stopped::<Answer>();
    assert!(words(&mut harness).contains("12 tokens, 21.5 tokens/s, stopped"), "{}", harness.screen());
    assert!(!harness.screen_of::<Write>().turns().last().unwrap().hidden);
    harness.started();
    harness.press("a");
    assert!(harness.started().is_empty(), "half a response is not judged");
}

#[test]
fn a_verdict_that_could_not_be_kept_is_tried_again() {
    let mut harness = blind(80, 24);
    harness.press("b");
    harness.fail::<Judge>("the database is locked");
    harness.started();
    harness.press("r");
    let again = job::<Judge>(&mut harness);
    assert!(matches!(&again.verdict, Some(verdict) if verdict.preferred == "base"));
    harness.finish::<Judge>(vec![tally(2, 3)]);
    assert!(words(&mut harness).contains("base: 2, warm: 3"));
}
