//! Pieces of screens that need no shell: the conversation on Write, and a blend that is built on Library.

use xpert::app::answers::Ending;
use xpert::app::conversation::{Conversation, Progress, Response, Turn};
use xpert::app::write::Voice;
use xpert::engine::{Message, SamplingParams, StopReason};
use xpert::selection::BlendPart;
use xpert::ui::screens::library::{Draft, MAX_WEIGHT};

fn answered(prompt: &str, answers: &[(Voice, &str)]) -> Turn {
    let answer = |(voice, text): &(Voice, &str)| Response {
        voice: voice.clone(),
        text: (*text).into(),
        progress: Progress::Done(Ending { tokens: 3, tokens_per_s: 20.0, stop: StopReason::End, omitted: 0 }),
    };
    let mut turn = Turn::new(prompt.into(), &[], false, SamplingParams::default());
    turn.responses = answers.iter().map(answer).collect();
    turn
}

fn texts(messages: &[Message]) -> Vec<&str> {
    messages.iter().map(|message| message.content.as_str()).collect()
}

#[test]
fn each_voice_reads_its_own_responses_and_one_that_comes_later_those_before_it() {
    let warm = Voice::Library("warm".into());
    let talk = Conversation {
        turns: vec![
            answered("one", &[(Voice::Base, "b1"), (warm.clone(), "w1")]),
            answered("lost", &[(Voice::Base, " ")]),
            answered("two", &[(Voice::Base, "b2"), (Voice::Mine, "m2")]),
        ],
        ..Conversation::default()
    };
    assert_eq!(texts(&talk.messages_for(&Voice::Base, "three")), ["one", "b1", "two", "b2", "three"]);
    assert_eq!(texts(&talk.messages_for(&Voice::Mine, "three")), ["one", "w1", "two", "m2", "three"]);
    assert_eq!(texts(&talk.messages_for(&warm, "three")), ["one", "w1", "two", "m2", "three"]);
    let spoken =
        [(Voice::Base, vec!["b1".into(), "b2".into()]), (warm, vec!["w1".into()]), (Voice::Mine, vec!["m2".into()])];
    assert_eq!(talk.by_voice(), spoken);
}

#[test]
fn the_answer_that_counts_is_kept_last_whatever_the_order_on_the_screen() {
    let talk = Conversation {
        turns: vec![answered("one", &[(Voice::Mine, "m"), (Voice::Base, "b")]), answered("none", &[(Voice::Base, "")])],
        ..Conversation::default()
    };
    let voices = |talk: &Conversation| -> Vec<String> {
        let kept = talk.to_keep();
        assert_eq!((kept.len(), kept[0].0.as_str()), (1, "one"));
        kept[0].1.iter().map(|written| written.voice.clone()).collect()
    };
    assert_eq!(voices(&talk), ["base", "mine"]);
    let mut judged = talk;
    judged.turns[0].preferred = Some(Voice::Base);
    assert_eq!(voices(&judged), ["mine", "base"], "what was said to be better counts");
}

#[test]
fn nobody_is_named_before_they_are_judged() {
    let mut turn = answered("one", &[(Voice::Mine, "m"), (Voice::Base, "b")]);
    assert_eq!((turn.name(0), turn.name(1)), ("your model".into(), "the base model".into()));
    turn.hidden = true;
    assert_eq!((turn.name(0), turn.name(1), turn.is_complete()), ("A".into(), "B".into(), true));
    turn.responses[1].progress = Progress::Broken;
    assert!(!turn.is_complete(), "half an answer is not judged");
}

fn draft(weight: f64) -> Draft {
    Draft { parts: vec![BlendPart { id: "a".into(), weight }], cursor: 0 }
}

#[test]
fn weights_go_by_steps_and_stay_within_bounds() {
    let mut draft = draft(0.437);
    draft.change(true);
    assert_eq!(draft.parts[0].weight, 0.45);
    for _ in 0..9 {
        draft.change(false);
    }
    assert_eq!((draft.parts[0].weight, draft.counted().len()), (0.0, 0));
    draft.change(false);
    assert_eq!(draft.parts[0].weight, 0.0);
    for _ in 0..60 {
        draft.change(true);
    }
    assert_eq!(draft.parts[0].weight, MAX_WEIGHT);
}

#[test]
fn what_selection_sets_above_the_bound_is_not_lowered_by_asking_for_more() {
    let mut draft = draft(2.63);
    draft.change(true);
    assert_eq!(draft.parts[0].weight, 2.63);
    draft.change(false);
    assert_eq!(draft.parts[0].weight, 2.6);
}

#[test]
fn a_new_blend_has_parts_of_the_same_weight() {
    let ids = ["a".to_owned(), "b".to_owned(), "c".to_owned()];
    let weights = |ids: &[String]| Draft::equal(ids).parts.iter().map(|part| part.weight).collect::<Vec<_>>();
    assert_eq!(weights(&ids[..2]), [0.5, 0.5]);
    assert_eq!(weights(&ids), [0.35, 0.35, 0.35]);
}
