//! Writing as a conversation: who hears what, asking again and otherwise, the blind test, and what is kept.

use crate::made_up::*;
use crate::scenes::*;
use xpert::app::history::PromptPlace;
use xpert::app::write::{Score, Voice};
use xpert::engine::StopReason;
use xpert::ui::harness::Harness;
use xpert::ui::message::{Effect, Job, JobKind, Judgement, Report, Request};

const SIZES: [(u16, u16); 3] = [(80, 24), (120, 40), (40, 15)];

/// Compares the screen at every size with its pictures.
fn pictures(name: &str, mut harness: impl FnMut(u16, u16) -> Harness) {
    for (width, height) in SIZES {
        insta::assert_snapshot!(format!("{name}_{width}x{height}"), harness(width, height).screen());
    }
}

fn reply(harness: &mut Harness, base: &str, other: &str) {
    answer(harness, Voice::Base, base);
    answer(harness, warm(), other);
    harness.report(JobKind::Write, Report::Written);
}

/// Two turns of a conversation.
fn talked(width: u16, height: u16) -> Harness {
    let mut harness = written(width, height);
    say(&mut harness, "Shorter, please.");
    reply(&mut harness, "Hello Ann.", "Ann! Saturday?");
    harness
}

#[test]
fn both_answer_side_by_side_and_each_hears_its_own_answers_when_talk_goes_on() {
    pictures("write", written);
    pictures("write_conversation", talked);
    let mut harness = ranked(80, 24);
    harness.press("5");
    let first = say(&mut harness, "Say hello to Ann.");
    let voices: Vec<&Voice> = first.voices.iter().map(|(voice, _)| voice).collect();
    assert_eq!(voices, [&Voice::Base, &warm()], "the best fit answers while there is no own model");
    assert_eq!(heard(&first, &warm()), ["Say hello to Ann."]);
    reply(&mut harness, "Hello Ann.", "Ann!");
    let second = say(&mut harness, "And to Bob.");
    assert_eq!(heard(&second, &Voice::Base), ["Say hello to Ann.", "Hello Ann.", "And to Bob."]);
    assert_eq!(heard(&second, &warm()), ["Say hello to Ann.", "Ann!", "And to Bob."]);
    assert_eq!(second.kept, None, "nothing is kept unasked");
}

#[test]
fn the_same_prompt_again_draws_other_words_and_an_answer_can_be_copied() {
    let mut harness = written(80, 24);
    harness.started();
    harness.press("w");
    let (once, twice) = (asked(&mut harness), {
        reply(&mut harness, "Hello again, Ann.", "Ann! ");
        harness.effects.clear();
        harness.press("y");
        assert!(matches!(&harness.effects[..], [Effect::Copy(text)] if text == "Ann!"), "{:?}", harness.effects);
        assert!(words(&mut harness).contains(": 1 word of `warm` of the library"));
        harness.press("w");
        asked(&mut harness)
    });
    assert_eq!((twice.sampling.seed, &twice.prompt), (once.sampling.seed + 1, &once.prompt));
    assert_eq!(heard(&twice, &warm()), ["Say hello to Ann."], "what it said before is not held against it");
    harness.press("x");
    harness.report(JobKind::Write, Report::Stopped);
    assert!(words(&mut harness).contains("not answered"));
}

#[test]
fn a_prompt_can_be_asked_otherwise_and_what_came_after_it_goes() {
    let mut harness = talked(80, 24);
    harness.press("E");
    assert!(words(&mut harness).contains("Instead of 2 Shorter, please."), "{}", harness.screen());
    harness.press("Up");
    harness.press("Up");
    assert!(words(&mut harness).contains("Instead of 1 Say hello to Ann."));
    harness.press("Down");
    harness.press("Down");
    assert!(words(&mut harness).contains("Prompt"), "{}", harness.screen());
    harness.type_text("Also");
    harness.press("Up");
    harness.press("Up");
    harness.type_text(" Now!");
    harness.started();
    harness.press("Enter");
    let ask = asked(&mut harness);
    assert_eq!(heard(&ask, &Voice::Base), ["Say hello to Ann. Now!"]);
    assert_eq!(harness.model.screens.write.talk.turns.len(), 1);
    reply(&mut harness, "Hello Ann!", "Ann!");
    assert_eq!(harness.model.screens.write.prompt.value(), "Also", "what was begun is not lost");
    harness.press("E");
    harness.press("Esc");
    assert_eq!(harness.model.screens.write.prompt.value(), "Also", "the field is as it was");
}

#[test]
fn a_new_conversation_forgets_the_one_before_only_when_something_is_asked() {
    let mut harness = talked(80, 24);
    harness.press("n");
    assert!(words(&mut harness).contains("can be brought back; it was not kept"));
    harness.press("u");
    assert!(words(&mut harness).contains("Ann! Saturday?"));
    harness.press("n");
    say(&mut harness, "Good night.");
    reply(&mut harness, "Good night.", "Sleep well!");
    assert!(!words(&mut harness).contains("Ann! Saturday?"));
    harness.press("u");
    assert!(words(&mut harness).contains("Ann! Saturday?"), "whatever was asked since");
    harness.press("u");
    assert!(words(&mut harness).contains("Sleep well!"), "and the other one is put away instead");
    // A kept one does not push out what is kept nowhere else.
    harness.press("o");
    harness.report(JobKind::Conversations, Report::Conversations(found()));
    harness.press("Enter");
    harness.report(JobKind::Conversation, Report::Opened(Box::new(conversation())));
    harness.press("n");
    harness.press("u");
    assert!(words(&mut harness).contains("Sleep well!"), "{}", harness.screen());
}

#[test]
fn temperature_and_length_go_into_the_next_answers() {
    let mut harness = written(80, 24);
    for key in ["+", "+", "-", "<", ">", ">"] {
        harness.press(key);
    }
    assert!(words(&mut harness).contains("base and `warm` of the library; temperature 0.8; up to 512 tokens"));
    let ask = say(&mut harness, "Again.");
    assert_eq!((ask.sampling.temperature, ask.sampling.max_tokens), (0.8, 512));
    reply(&mut harness, "Hello.", "Hi.");
    for _ in 0..20 {
        harness.press("-");
        harness.press("<");
    }
    assert!(words(&mut harness).contains("temperature 0; up to 32 tokens"));
}

/// A blind test with both answers there, in the order that chance gave.
fn blind(width: u16, height: u16) -> Harness {
    let mut harness = written(width, height);
    harness.press("B");
    harness.report(JobKind::Judge, Report::Judged(vec![tally(1, 3)]));
    assert!(say(&mut harness, "Thank Ann for the cake.").shuffled);
    harness.report(JobKind::Write, Report::Order(vec![warm(), Voice::Base]));
    answer(&mut harness, warm(), "What a cake, Ann!");
    answer(&mut harness, Voice::Base, "Thank you for the cake, Ann.");
    harness.report(JobKind::Write, Report::Written);
    harness
}

#[test]
fn in_a_blind_test_nobody_is_named_before_one_is_preferred() {
    pictures("write_blind", blind);
    let mut harness = blind(120, 40);
    let shown = words(&mut harness);
    let after = shown.split("Thank Ann for the cake.").nth(1).unwrap();
    assert!(after.contains("Which is better? a: A, b: B, u: cannot tell"), "{after}");
    assert!(!after.contains("warm") && !after.contains("the base model") && !after.contains("21.5"), "{after}");
    harness.started();
    harness.press("a");
    let verdict = Job::Judge(Some(Judgement {
        verdict: xpert::store::Verdict { preferred: "warm".into(), against: "base".into(), blind: true },
        kept: None,
    }));
    assert_eq!(format!("{:?}", job(&mut harness)), format!("{verdict:?}"));
    harness.report(JobKind::Judge, Report::Judged(vec![tally(1, 4)]));
    let shown = words(&mut harness);
    assert!(
        shown.contains("You preferred `warm` of the library.") && shown.contains("so far base 1, other 4"),
        "{shown}"
    );
    harness.press("b");
    assert!(harness.started().is_empty(), "judged once");
}

#[test]
fn a_blind_test_may_be_left_undecided_and_a_broken_one_names_everybody() {
    let mut harness = blind(80, 24);
    harness.started();
    harness.press("u");
    assert!(harness.started().is_empty());
    assert!(words(&mut harness).contains("Not counted."));
    say(&mut harness, "Once more.");
    harness.report(JobKind::Write, Report::Order(vec![warm(), Voice::Base]));
    answer(&mut harness, warm(), "Again?");
    harness.report(JobKind::Write, Report::Answering(Voice::Base));
    harness.report(JobKind::Write, Report::Piece("Once".into()));
    harness.report(
        JobKind::Write,
        Report::Answered { tokens: 1, tokens_per_s: 20.0, stop: StopReason::Cancelled, left_out: 0 },
    );
    harness.report(JobKind::Write, Report::Stopped);
    assert!(words(&mut harness).contains("1 token, 20.0 tokens/s, stopped"), "{}", harness.screen());
    assert!(!harness.model.screens.write.talk.turns.last().unwrap().hidden);
    harness.started();
    harness.press("a");
    assert!(harness.started().is_empty(), "half an answer is not judged");
}

#[test]
fn what_is_kept_is_kept_on_request_and_goes_on_being_kept() {
    let mut harness = talked(80, 24);
    harness.started();
    harness.press("K");
    let Job::Conversation(Request::Keep(turns)) = job(&mut harness) else { panic!("not kept") };
    let voices: Vec<&str> = turns[1].1.iter().map(|written| written.voice.as_str()).collect();
    assert_eq!((turns.len(), turns[1].0.as_str(), voices), (2, "Shorter, please.", vec!["base", "warm"]));
    harness.report(JobKind::Conversation, Report::ConversationKept(7));
    assert!(words(&mut harness).contains("Kept on this machine as conversation 7"));
    harness.press("K");
    assert!(harness.started().is_empty(), "kept once");
    assert_eq!(say(&mut harness, "Thanks.").kept, Some((7, PromptPlace::Next)));
    reply(&mut harness, "You are welcome.", "Any time!");
    harness.started();
    harness.press("w");
    assert_eq!(asked(&mut harness).kept, Some((7, PromptPlace::Again)));
    reply(&mut harness, "Welcome.", "Always!");
    harness.press("E");
    harness.press("Up");
    harness.started();
    harness.press("Enter");
    assert_eq!(asked(&mut harness).kept, Some((7, PromptPlace::InsteadOf(1))));
}

/// The list of kept conversations.
fn listed(width: u16, height: u16) -> Harness {
    let mut harness = written(width, height);
    harness.press("o");
    harness.report(JobKind::Conversations, Report::Conversations(found()));
    harness
}

#[test]
fn kept_conversations_are_found_opened_and_deleted() {
    pictures("write_kept", listed);
    pictures("write_kept_none", |width, height| {
        let mut harness = written(width, height);
        harness.press("o");
        harness.report(JobKind::Conversations, Report::Conversations(Vec::new()));
        harness
    });
    let mut harness = listed(80, 24);
    assert!(!harness.screen().contains('\u{1b}'), "what was said cannot harm the terminal");
    harness.started();
    harness.press("/");
    harness.type_text("li");
    assert!(matches!(job(&mut harness), Job::Conversations(words) if words == "li"));
    harness.report(JobKind::Conversations, Report::Conversations(found()));
    harness.press("Down");
    harness.press("Enter");
    assert!(matches!(job(&mut harness), Job::Conversation(Request::Open(2))));
    harness.report(JobKind::Conversation, Report::Opened(Box::new(conversation())));
    insta::assert_snapshot!("write_opened", harness.screen());
    assert!(words(&mut harness).contains("temperature 1; up to 512 tokens; kept as 3"));
    assert_eq!(say(&mut harness, "And to Cy.").kept, Some((3, PromptPlace::Next)));

    let mut harness = listed(80, 24);
    harness.started();
    harness.press("D");
    harness.type_text("delete");
    harness.press("Enter");
    assert!(matches!(job(&mut harness), Job::Conversation(Request::Delete(3))));
    harness.report(JobKind::Conversation, Report::Deleted { id: 3, title: "Say hello to Ann.".into() });
    assert!(matches!(job(&mut harness), Job::Conversations(_)), "the list is looked up again");
    harness.press("Esc");
    assert!(words(&mut harness).contains("lovely! So glad"), "{}", harness.screen());
}

#[test]
fn answers_are_measured_on_the_axes_of_the_user() {
    let measured = |width, height| {
        let mut harness = written(width, height);
        harness.press("s");
        harness.report(JobKind::Score, Report::Scored(scores()));
        harness
    };
    pictures("write_style", measured);
    let mut harness = written(80, 24);
    harness.started();
    harness.press("s");
    let Job::Score(spoken) = job(&mut harness) else { panic!("not measured") };
    assert_eq!(spoken[0], (Voice::Base, vec!["Hello Ann,\n\nI hope this message finds you well.".to_owned()]));
    let short = |voice| (voice, Score { words: 12, missing_words: 288, axes: Vec::new() });
    harness.report(JobKind::Score, Report::Scored(vec![short(Voice::Base), short(warm())]));
    assert!(words(&mut harness).contains("About 288 more words of answers are needed."), "{}", harness.screen());
    harness.press("Esc");
    assert!(words(&mut harness).contains("I hope this message finds you well."));
}

#[test]
fn a_long_conversation_is_seen_at_its_end_and_can_be_read_from_its_beginning() {
    let mut harness = written(80, 24);
    for number in 0..8 {
        say(&mut harness, &format!("Question {number}"));
        reply(&mut harness, &"Well. ".repeat(30), "Yes.");
    }
    let shown = harness.screen();
    assert!(shown.contains("Question 7") && !shown.contains("Say hello to Ann."), "{shown}");
    for _ in 0..20 {
        harness.press("PgUp");
        harness.screen();
    }
    assert!(harness.screen().contains("Say hello to Ann."));
    say(&mut harness, "Question 8");
    assert!(harness.screen().contains("Question 8"), "what is asked is seen");
}

#[test]
fn a_conversation_that_is_deleted_elsewhere_on_the_screen_can_be_kept_anew() {
    let mut harness = talked(80, 24);
    harness.press("K");
    harness.press("n");
    assert!(words(&mut harness).contains("Ann! Saturday?"), "it waits until it is kept");
    harness.report(JobKind::Conversation, Report::ConversationKept(3));
    harness.press("o");
    harness.report(JobKind::Conversations, Report::Conversations(found()));
    harness.press("D");
    // Whatever is found meanwhile, the one that was asked about is deleted.
    harness.type_text("delete");
    harness.started();
    harness.press("Enter");
    assert!(matches!(job(&mut harness), Job::Conversation(Request::Delete(3))));
    harness.report(JobKind::Conversation, Report::Deleted { id: 3, title: "Say hello to Ann.".into() });
    harness.report(JobKind::Conversations, Report::Conversations(Vec::new()));
    harness.press("Esc");
    harness.started();
    harness.press("K");
    assert!(matches!(job(&mut harness), Job::Conversation(Request::Keep(_))));
}

#[test]
fn a_verdict_that_could_not_be_kept_is_tried_again() {
    let mut harness = blind(80, 24);
    harness.press("b");
    harness.report(JobKind::Judge, Report::Failed("the database is locked".into()));
    harness.started();
    harness.press("r");
    assert!(matches!(job(&mut harness), Job::Judge(Some(judgement)) if judgement.verdict.preferred == "base"));
    harness.report(JobKind::Judge, Report::Judged(vec![tally(2, 3)]));
    assert!(words(&mut harness).contains("so far base 2, other 3"));
}

#[test]
fn a_long_answer_is_followed_while_it_comes_and_then_read_from_its_beginning() {
    let mut harness = written(80, 24);
    say(&mut harness, "Tell me all about it.");
    harness.report(JobKind::Write, Report::Answering(Voice::Base));
    for number in 0..120 {
        harness.report(JobKind::Write, Report::Piece(format!("Sentence {number} of many. ")));
        harness.screen();
    }
    let shown = harness.screen();
    assert!(shown.contains("Sentence 119") && !shown.contains("Tell me all about it."), "{shown}");
    harness.report(
        JobKind::Write,
        Report::Answered { tokens: 600, tokens_per_s: 21.5, stop: StopReason::End, left_out: 0 },
    );
    answer(&mut harness, warm(), "It is short.");
    harness.screen();
    harness.report(JobKind::Write, Report::Written);
    let shown = harness.screen();
    assert!(shown.contains("> Tell me all about it.") && shown.contains("Sentence 0 of many."), "{shown}");
    assert!(shown.contains("It is short."), "both answers are seen from their beginnings: {shown}");
    harness.press("PgDn");
    assert!(!harness.screen().contains("> Tell me all about it."), "and it can be read on");
}
