//! Writing as a conversation: who reads what, asking again and differently, and the field for prompts.

use std::sync::Arc;

use super::made_up::{library, selected, status};
use super::made_up_talk::{conversation, scores};
use super::scenes::{looked, open, pictures, words};
use super::write_saved::open_first;
use crate::harness::Harness;
use xpert::app::answers::{Answer, Answering, Ending};
use xpert::app::write::{Score as Measured, Voice};
use xpert::engine::StopReason;
use xpert::models::Event as FetchEvent;
use xpert::ui::screens::write::{Keep, Open, Score, Write};
use xpert::ui::shell::data::{FetchBase, Fetching, Look, Select};
use xpert::ui::shell::effect::ScreenId;
use xpert::ui::shell::job::Job;
use xpert::ui::shell::shared::Status;
use xpert::ui::shell::state::{Act, Msg};

pub fn warm() -> Voice {
    Voice::Library("warm".into())
}

pub fn go_to_write(harness: &mut Harness) {
    harness.press(":");
    harness.type_text("write");
    harness.press("Enter");
    assert_eq!(harness.shell.id(), ScreenId::WRITE);
}

/// On Write, with a ranked library.
pub fn ready(width: u16, height: u16) -> Harness {
    let mut harness = looked(width, height);
    go_to_write(&mut harness);
    harness.finish::<Select>((Arc::new(selected()), Arc::new(library().1)));
    harness.started();
    harness
}

/// The same after one prompt.
pub fn written(width: u16, height: u16) -> Harness {
    let mut harness = ready(width, height);
    say(&mut harness, "Say hello to Ann.");
    let hello = "Ann, lovely! So glad you wrote \u{2013} come by on Saturday?";
    reply(&mut harness, "Hello Ann,\n\nI hope this message finds you well.", hello);
    harness
}

/// Two turns of a conversation.
pub fn talked(width: u16, height: u16) -> Harness {
    let mut harness = written(width, height);
    say(&mut harness, "Shorter, please.");
    reply(&mut harness, "Hello Ann.", "Ann! Saturday?");
    harness
}

pub fn answer(harness: &mut Harness, voice: Voice, text: &str) {
    harness.tell::<Answer>(Answering::Begins(voice));
    for piece in text.split_inclusive(' ') {
        harness.tell::<Answer>(Answering::Piece(piece.into()));
    }
    harness.tell::<Answer>(ended(StopReason::End));
}

pub fn ended(stop: StopReason) -> Answering {
    Answering::Ended(Ending { tokens: 12, tokens_per_s: 21.5, stop, omitted: 0 })
}

pub fn reply(harness: &mut Harness, base: &str, other: &str) {
    answer(harness, Voice::Base, base);
    answer(harness, warm(), other);
    harness.finish::<Answer>(Answering::Done);
}

/// The job of this type that was started since this was last asked.
pub fn job<J: Job>(harness: &mut Harness) -> Arc<J> {
    harness.started_as()
}

/// Asks this next.
pub fn say(harness: &mut Harness, prompt: &str) -> Arc<Answer> {
    harness.press("Enter");
    harness.type_text(prompt);
    harness.started();
    harness.press("Enter");
    job(harness)
}

/// What a voice is to answer, with what it reads before.
pub fn read_by(ask: &Answer, voice: &Voice) -> Vec<String> {
    let (_, messages) = ask.voices.iter().find(|(other, _)| other == voice).expect("the voice is asked");
    messages.iter().map(|message| message.content.clone()).collect()
}

pub fn voices(ask: &Answer) -> Vec<String> {
    ask.voices.iter().map(|(voice, _)| voice.to_string()).collect()
}

fn prompt(harness: &Harness) -> &str {
    harness.screen_of::<Write>().prompt()
}

#[test]
fn both_answer_side_by_side_and_each_reads_its_own_responses() {
    pictures("write_begun", ready);
    pictures("write", written);
    pictures("write_conversation", talked);
    let mut harness = ready(80, 24);
    let first = say(&mut harness, "Say hello to Ann.");
    assert_eq!(voices(&first), ["base", "warm"], "the closest library model answers while there is no personal one");
    assert_eq!(read_by(&first, &warm()), ["Say hello to Ann."]);
    reply(&mut harness, "Hello Ann.", "Ann!");
    let second = say(&mut harness, "And to Bob.");
    assert_eq!(read_by(&second, &Voice::Base), ["Say hello to Ann.", "Hello Ann.", "And to Bob."]);
    assert_eq!(read_by(&second, &warm()), ["Say hello to Ann.", "Ann!", "And to Bob."]);
    assert_eq!(second.kept, None, "nothing is kept unless it is asked for");
}

#[test]
fn responses_stand_side_by_side_only_where_there_is_room() {
    for (width, beside) in [(60, false), (80, false), (99, false), (100, true), (120, true)] {
        let mut harness = written(width, 40);
        let screen = harness.screen();
        let both = screen.lines().any(|line| line.contains("The base model") && line.contains("`warm`"));
        assert_eq!(both, beside, "{width}: {screen}");
        assert!(words(&mut harness).contains("So glad you wrote"), "both are seen");
    }
}

#[test]
fn the_same_prompt_again_samples_other_words_and_a_response_can_be_copied() {
    let mut harness = written(80, 24);
    harness.started();
    harness.press("w");
    let once = job::<Answer>(&mut harness);
    reply(&mut harness, "Hello again, Ann.", "Ann! ");
    harness.acts.clear();
    harness.press("y");
    assert!(matches!(&harness.acts[..], [Act::Copy(text)] if text == "Ann!"), "{:?}", harness.acts);
    assert!(words(&mut harness).contains(": 1 word by `warm` from the library"));
    harness.press("Left");
    harness.press("y");
    assert!(matches!(harness.acts.last(), Some(Act::Copy(text)) if text == "Hello again, Ann."));
    harness.press("w");
    let twice = job::<Answer>(&mut harness);
    assert_eq!((twice.sampling.seed, &twice.prompt), (once.sampling.seed + 1, &once.prompt));
    assert_eq!(read_by(&twice, &warm()), ["Say hello to Ann."], "it does not read what it answered before");
    harness.press("x");
    assert!(matches!(harness.acts.last(), Some(Act::Cancel(_))));
    harness.stopped::<Answer>();
    assert!(words(&mut harness).contains("no response"));
}

#[test]
fn a_prompt_can_be_asked_differently_and_what_came_after_it_goes() {
    let mut harness = talked(80, 24);
    harness.press("E");
    assert!(words(&mut harness).contains("Replacing prompt 2"), "{}", harness.screen());
    assert_eq!(prompt(&harness), "Shorter, please.");
    harness.press("Up");
    harness.press("Up");
    assert_eq!(prompt(&harness), "Say hello to Ann.");
    harness.press("Down");
    harness.press("Down");
    assert_eq!(prompt(&harness), "");
    harness.type_text("Also");
    harness.press("Up");
    harness.press("Up");
    harness.type_text(" Now!");
    harness.started();
    harness.press("Enter");
    let ask = job::<Answer>(&mut harness);
    assert_eq!(read_by(&ask, &Voice::Base), ["Say hello to Ann. Now!"]);
    assert_eq!(harness.screen_of::<Write>().turns().len(), 1);
    reply(&mut harness, "Hello Ann!", "Ann!");
    assert_eq!(prompt(&harness), "Also", "what was begun is not lost");
    harness.press("E");
    harness.press("Esc");
    assert_eq!(prompt(&harness), "Also", "the field is as it was");
}

/// A prompt of three lines, pasted.
fn pasted(width: u16, height: u16) -> Harness {
    let mut harness = ready(width, height);
    harness.deliver(Msg::Paste(
        "Dear Ann,\r\nq\nthank you for the lift on Friday, and for the long talk on the way".into(),
    ));
    harness
}

#[test]
fn a_prompt_may_have_several_lines_and_pasted_ones_are_no_keys() {
    pictures("write_prompt", pasted);
    let mut harness = pasted(80, 24);
    harness.started();
    assert_eq!(prompt(&harness).lines().nth(1), Some("q"));
    harness.press("Ctrl-J");
    harness.type_text("Bye");
    assert!(words(&mut harness).contains("Dear Ann, q thank you for the lift"), "{}", harness.screen());
    assert!(harness.started().is_empty(), "only Enter asks");
    harness.press("Up");
    harness.press("Home");
    harness.type_text("and ");
    harness.press("Enter");
    let ask = job::<Answer>(&mut harness);
    let lines: Vec<&str> = ask.prompt.lines().collect();
    assert_eq!(lines[..2], ["Dear Ann,", "q"]);
    assert_eq!((&lines[2][..13], lines[3]), ("and thank you", "Bye"));
    assert_eq!(prompt(&harness), "");
    assert!(words(&mut harness).contains("> Dear Ann, q and thank you"), "{}", harness.screen());
    // Up goes to the rows above before it goes to the prompt before.
    reply(&mut harness, "Good.", "Fine.");
    harness.deliver(Msg::Paste("first\nsecond".into()));
    harness.screen();
    harness.press("Up");
    assert_eq!(prompt(&harness), "first\nsecond");
    harness.screen();
    harness.press("Up");
    assert!(prompt(&harness).starts_with("Dear Ann"));
}

#[test]
fn a_long_prompt_is_shown_around_the_cursor() {
    let mut harness = ready(80, 24);
    let long: Vec<String> = (1..=40).map(|number| format!("line number {number}")).collect();
    harness.deliver(Msg::Paste(long.join("\n")));
    let shown = harness.screen();
    assert!(shown.contains("line number 40") && !shown.contains("line number 2\n"), "{shown}");
    assert!(shown.contains("above"), "it says that there is more: {shown}");
    (0..40).for_each(|_| harness.press("Up"));
    let shown = harness.screen();
    assert!(shown.contains("line number 1 ") && !shown.contains("line number 40"), "{shown}");
}

#[test]
fn a_prompt_can_be_written_in_the_users_editor() {
    let mut harness = ready(80, 24);
    harness.press("Enter");
    harness.type_text("Dear");
    harness.acts.clear();
    harness.press("Ctrl-O");
    assert!(matches!(&harness.acts[..], [Act::Edit(text)] if text == "Dear"), "{:?}", harness.acts);
    harness.deliver(Msg::Edited(Ok("Dear Ann,\nthanks.\n".into())));
    assert_eq!(prompt(&harness), "Dear Ann,\nthanks.");
    harness.press("Enter");
    assert_eq!(job::<Answer>(&mut harness).prompt, "Dear Ann,\nthanks.");
    reply(&mut harness, "Good.", "Fine.");
    harness.press("Ctrl-O");
    assert!(matches!(harness.acts.last(), Some(Act::Edit(text)) if text.is_empty()), "also before typing");
    harness.deliver(Msg::Edited(Err("The editor `vi` did not start.".into())));
    assert!(words(&mut harness).contains("did not start"));
}

#[test]
fn quitting_asks_while_a_conversation_is_not_kept() {
    let mut harness = ready(80, 24);
    harness.press("q");
    assert!(matches!(harness.acts.last(), Some(Act::Quit(_))), "there is nothing to lose");
    let mut harness = written(80, 24);
    harness.acts.clear();
    harness.press("q");
    assert!(harness.acts.is_empty() && words(&mut harness).contains("not saved and would be lost"));
    harness.press("n");
    harness.press("K");
    harness.finish::<Keep>(7);
    harness.acts.clear();
    harness.press("q");
    assert!(matches!(harness.acts.last(), Some(Act::Quit(_))));
}

#[test]
fn a_new_conversation_leaves_the_one_before_at_hand() {
    let mut harness = talked(80, 24);
    harness.press("n");
    assert!(words(&mut harness).contains("can be brought back; it is not saved"));
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
    open_first(&mut harness);
    harness.finish::<Open>(conversation());
    harness.press("n");
    harness.press("u");
    assert!(words(&mut harness).contains("Sleep well!"), "{}", harness.screen());
}

#[test]
fn temperature_and_length_count_for_the_next_responses() {
    let mut harness = written(80, 24);
    for key in ["+", "+", "-", "<", ">", ">"] {
        harness.press(key);
    }
    assert!(words(&mut harness).contains("base and warm · temperature 0.8 · 512 tokens"), "{}", harness.screen());
    let ask = say(&mut harness, "Again.");
    assert_eq!((ask.sampling.temperature, ask.sampling.max_tokens), (0.8, 512));
    reply(&mut harness, "Hello.", "Hi.");
    for _ in 0..20 {
        harness.press("-");
        harness.press("<");
    }
    assert!(words(&mut harness).contains("temperature 0 · 32 tokens"));
}

#[test]
fn responses_are_measured_on_the_axes_of_the_user() {
    pictures("write_style", |width, height| {
        let mut harness = written(width, height);
        harness.press("s");
        harness.finish::<Score>(scores());
        harness
    });
    let mut harness = written(80, 24);
    harness.started();
    harness.press("s");
    let score = job::<Score>(&mut harness);
    assert_eq!(score.0[0], (Voice::Base, vec!["Hello Ann,\n\nI hope this message finds you well.".to_owned()]));
    let short = |voice| (voice, Measured { words: 12, missing_words: 288, axes: Vec::new() });
    harness.finish::<Score>(vec![short(Voice::Base), short(warm())]);
    assert!(words(&mut harness).contains("needs 288 more words"), "{}", harness.screen());
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
fn a_long_response_is_followed_while_it_comes_and_then_read_from_its_beginning() {
    let mut harness = written(120, 24);
    say(&mut harness, "Tell me all about it.");
    harness.tell::<Answer>(Answering::Begins(Voice::Base));
    for number in 0..120 {
        harness.tell::<Answer>(Answering::Piece(format!("Sentence {number} of many. ")));
        harness.screen();
    }
    let shown = harness.screen();
    assert!(shown.contains("Sentence 119") && !shown.contains("Tell me all about it."), "{shown}");
    harness.tell::<Answer>(ended(StopReason::End));
    answer(&mut harness, warm(), "It is short.");
    harness.screen();
    harness.finish::<Answer>(Answering::Done);
    let shown = harness.screen();
    assert!(shown.contains("> Tell me all about it.") && shown.contains("Sentence 0 of many."), "{shown}");
    assert!(shown.contains("It is short."), "both responses are seen from their beginnings: {shown}");
    harness.press("PgDn");
    assert!(!harness.screen().contains("> Tell me all about it."), "and it can be read further");
}

/// On Write without a base model.
fn without_base(width: u16, height: u16) -> Harness {
    let mut harness = open(width, height);
    harness.finish::<Look>(Status { base: None, ..status() });
    go_to_write(&mut harness);
    harness.started();
    harness
}

#[test]
fn the_base_model_is_downloaded_from_here_where_it_is_missing() {
    pictures("write_no_base", without_base);
    let mut harness = without_base(80, 24);
    harness.press("Enter");
    harness.type_text("Hi");
    harness.press("Enter");
    assert!(words(&mut harness).contains("The base model is not on this machine yet: b downloads it."));
    assert_eq!(prompt(&harness), "Hi");
    harness.press("b");
    harness.expect_started(&["fetch-base"]);
    harness.tell::<FetchBase>(Fetching::Event(FetchEvent::Source("a mirror".into())));
    assert!(words(&mut harness).contains("Downloading the base model"), "{}", harness.screen());
}

#[test]
fn a_failure_is_shown_with_what_to_do_and_the_prompt_is_asked_again() {
    let failed = |width, height| {
        let mut harness = ready(width, height);
        say(&mut harness, "Say hello to Ann.");
        harness.tell::<Answer>(Answering::Begins(Voice::Base));
        harness.fail::<Answer>("The prompt is longer than the model reads (2048 tokens).");
        harness
    };
    pictures("write_failed", failed);
    pictures("write_writing", |width, height| {
        let mut harness = ready(width, height);
        say(&mut harness, "Say hello to Ann.");
        harness.tell::<Answer>(Answering::Begins(Voice::Base));
        harness.tell::<Answer>(Answering::Piece("Hello Ann, I hope".into()));
        harness
    });
    let mut harness = failed(80, 24);
    harness.started();
    harness.press("r");
    assert_eq!(job::<Answer>(&mut harness).prompt, "Say hello to Ann.");
}

#[test]
fn a_response_says_how_it_ended() {
    let mut harness = ready(99, 40);
    say(&mut harness, "Say hello to Ann.");
    answer(&mut harness, Voice::Base, "Hello Ann.");
    assert!(words(&mut harness).contains("12 tokens, 21.5 tokens/s `warm`"), "{}", harness.screen());
    harness.tell::<Answer>(Answering::Begins(warm()));
    harness.tell::<Answer>(Answering::Piece("Ann!".into()));
    harness.tell::<Answer>(ended(StopReason::Length));
    assert!(words(&mut harness).contains("12 tokens, 21.5 tokens/s, cut off at the limit"), "{}", harness.screen());
    harness.tell::<Answer>(Answering::Begins(warm()));
    let ending = Ending { tokens: 1, tokens_per_s: 9.0, stop: StopReason::End, omitted: 2 };
    harness.tell::<Answer>(Answering::Ended(ending));
    let said = "1 token, 9.0 tokens/s, without the oldest 2 messages, which no longer fit";
    assert!(words(&mut harness).contains(said), "{}", harness.screen());
}

#[test]
fn foreign_text_cannot_reach_the_terminal_raw() {
    let evil = "\x1b[2J\x1b]0;gone\x07\u{202e}abc\r\nnext";
    let mut harness = ready(80, 24);
    harness.deliver(Msg::Paste(evil.into()));
    let mut screens = harness.screen();
    harness.press("Enter");
    harness.tell::<Answer>(Answering::Begins(Voice::Base));
    harness.tell::<Answer>(Answering::Piece(evil.into()));
    screens += &harness.screen();
    harness.fail::<Answer>(evil);
    screens += &harness.screen();
    assert!(!screens.chars().any(|c| (c.is_control() && c != '\n') || c == '\u{202e}'), "{screens:?}");
    assert!(screens.contains('\u{241b}'), "it is made visible");
}
