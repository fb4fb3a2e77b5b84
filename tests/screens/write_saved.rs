//! Saved conversations on Write: saved on request, found, opened, deleted, and written to a file.

use super::made_up_talk::{conversation, found};
use super::scenes::{SIZES, pictures, words};
use super::write::{job, reply, say, talked, written};
use crate::harness::Harness;
use xpert::app::answers::Answer;
use xpert::app::history::PromptPlace;
use xpert::store::Found;
use xpert::ui::screens::write::{Delete, Find, Keep, Open, Save};

#[test]
fn what_is_kept_is_kept_on_request_and_with_what_follows() {
    let mut harness = talked(80, 24);
    harness.started();
    harness.press("K");
    let keep = job::<Keep>(&mut harness);
    let names: Vec<&str> = keep.0[1].1.iter().map(|written| written.voice.as_str()).collect();
    assert_eq!((keep.0.len(), keep.0[1].0.as_str(), names), (2, "Shorter, please.", vec!["base", "warm"]));
    harness.press("n");
    assert!(words(&mut harness).contains("Ann! Saturday?"), "it waits until it is kept");
    harness.finish::<Keep>(7);
    assert!(words(&mut harness).contains("Saved on this machine as conversation 7"));
    harness.press("K");
    assert!(harness.started().is_empty(), "kept once");
    assert_eq!(say(&mut harness, "Thanks.").kept, Some((7, PromptPlace::Next)));
    reply(&mut harness, "You are welcome.", "Any time!");
    harness.started();
    harness.press("w");
    assert_eq!(job::<Answer>(&mut harness).kept, Some((7, PromptPlace::Again)));
    reply(&mut harness, "Welcome.", "Always!");
    harness.press("E");
    harness.press("Up");
    harness.started();
    harness.press("Enter");
    assert_eq!(job::<Answer>(&mut harness).kept, Some((7, PromptPlace::InsteadOf(1))));
}

/// The list of kept conversations.
fn listed(width: u16, height: u16) -> Harness {
    let mut harness = written(width, height);
    harness.press("o");
    harness.finish::<Find>(found());
    harness
}

pub fn open_first(harness: &mut Harness) {
    harness.press("o");
    harness.finish::<Find>(found());
    harness.press("Enter");
}

#[test]
fn kept_conversations_are_found_opened_and_deleted() {
    pictures("write_kept", listed);
    pictures("write_kept_none", |width, height| {
        let mut harness = written(width, height);
        harness.press("o");
        harness.finish::<Find>(Vec::new());
        harness
    });
    let mut harness = listed(80, 24);
    assert!(!harness.screen().contains('\u{1b}'), "what was said cannot harm the terminal");
    harness.started();
    harness.press("/");
    harness.type_text("li");
    assert_eq!(harness.started().len(), 2, "it looks with each letter");
    harness.finish::<Find>(found());
    harness.press("Down");
    harness.press("Enter");
    assert_eq!(job::<Open>(&mut harness).0, 2);
    harness.finish::<Open>(conversation());
    insta::assert_snapshot!("write_opened", harness.screen());
    let shown = words(&mut harness);
    assert!(shown.contains("saved as 3") && shown.contains("temperature 1 · 512 tokens"), "{shown}");
    assert_eq!(say(&mut harness, "And to Cy.").kept, Some((3, PromptPlace::Next)));
}

#[test]
fn a_deleted_conversation_that_is_on_the_screen_can_be_kept_again() {
    let mut harness = talked(80, 24);
    harness.press("K");
    harness.finish::<Keep>(3);
    harness.press("o");
    harness.finish::<Find>(found());
    harness.press("D");
    harness.started();
    harness.press("Enter");
    assert!(harness.started().is_empty(), "the word has to be typed");
    harness.type_text("delete");
    harness.press("Enter");
    assert_eq!(job::<Delete>(&mut harness).0, 3);
    harness.finish::<Delete>((3, "Say hello to Ann.".into()));
    assert_eq!(job::<Find>(&mut harness).0, "", "the list is looked up again");
    harness.finish::<Find>(Vec::new());
    harness.press("Esc");
    assert!(words(&mut harness).contains("Ann! Saturday?"), "{}", harness.screen());
    harness.started();
    harness.press("K");
    harness.expect_started(&["keep-conversation"]);
}

#[test]
fn a_click_finds_the_conversation_under_it_and_a_second_one_opens_it() {
    for (width, height) in SIZES {
        let mut harness = written(width, height);
        harness.press("o");
        let several = |id| {
            let mut one: Found = found().swap_remove(0);
            (one.summary.id, one.summary.title) = (id, format!("Talk {id}."));
            one
        };
        harness.finish::<Find>((1..=50).map(several).collect());
        harness.started();
        let click = |harness: &mut Harness, text: &str| {
            let screen = harness.screen();
            let row = screen.lines().position(|line| line.contains(text)).expect("it is on the screen");
            harness.click(10, u16::try_from(row).unwrap());
        };
        (0..35).for_each(|_| harness.press("Down"));
        click(&mut harness, "Talk 34.");
        assert!(harness.started().is_empty(), "a first click moves the cursor");
        click(&mut harness, "Talk 34.");
        assert_eq!(job::<Open>(&mut harness).0, 34);
    }
}

#[test]
fn a_conversation_is_saved_where_the_user_says() {
    let mut harness = talked(80, 24);
    harness.started();
    harness.press("f");
    assert!(harness.started().is_empty(), "it asks first");
    let shown = words(&mut harness);
    assert!(shown.contains("Export the conversation") && shown.contains("xpert-conversation.md"), "{shown}");
    harness.press("Enter");
    let save = job::<Save>(&mut harness);
    let here = std::env::current_dir().unwrap().join("xpert-conversation.md");
    assert_eq!((&save.path, save.transcript.turns.len()), (&here.display().to_string(), 2));
    harness.finish::<Save>("/home/ann/talk.md".into());
    assert!(words(&mut harness).contains("Exported to /home/ann/talk.md"));
    harness.press("f");
    harness.press("Ctrl-U");
    harness.type_text("~/talk.md");
    harness.press("Enter");
    assert_eq!(job::<Save>(&mut harness).path, "~/talk.md");
}
