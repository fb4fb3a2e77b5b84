//! Conversations: how they are kept, how a model reads them, and how a user comes to them. The model is a tiny one, made here.

use std::fs;
use std::path::Path;

use predicates::prelude::*;
use predicates::str::contains;
use xpert::app::history::{self, PromptPlace};
use xpert::app::{Context, write};
use xpert::engine::{EngineError, Message, Role, SamplingParams, StopReason, generate};
use xpert::platform::cancel::Cancel;
use xpert::store::{Conversation, Store, StoreError, Tally, Verdict, Written};

use crate::command::{home, json, xpert};
use crate::tiny;

fn open(folder: &Path) -> Store {
    Store::open(&folder.join("xpert.db")).expect("a database")
}

fn written(voice: &str, text: &str) -> Written {
    Written { text: text.into(), voice: voice.into(), temperature: 0.7, max_tokens: 256, tokens: 12 }
}

/// A conversation of these prompts, each answered by its echo.
fn conversation(store: &mut Store, prompts: &[&str]) -> i64 {
    let id = store.begin_conversation(prompts[0]).unwrap();
    for (at, prompt) in prompts.iter().enumerate() {
        if at > 0 {
            store.ask(id, prompt).unwrap();
        }
        store.answer(id, &written("mine", &format!("echo of {prompt}"))).unwrap();
    }
    id
}

/// Prompts and the answers that count.
fn said(conversation: &Conversation) -> Vec<(&str, Option<&str>)> {
    let exchanges = conversation.exchanges.iter();
    exchanges.map(|e| (e.prompt.text.as_str(), e.answer.as_ref().map(|a| a.written.text.as_str()))).collect()
}

#[test]
fn what_was_said_is_there_when_opened_again() {
    let home = home();
    let id = conversation(&mut open(home.path()), &["Hello\n  there", "And then?"]);
    let kept = open(home.path()).conversation(id).unwrap();
    assert_eq!(kept.summary.title, "Hello");
    assert_eq!(
        said(&kept),
        [("Hello\n  there", Some("echo of Hello\n  there")), ("And then?", Some("echo of And then?"))]
    );
    let answer = kept.exchanges[1].answer.as_ref().expect("an answer");
    assert_eq!(answer.written, written("mine", "echo of And then?"));
    assert!(answer.created >= kept.summary.created && kept.summary.created > 1_700_000_000);
    assert_eq!(open(home.path()).last_conversation().unwrap(), Some(kept));
}

#[test]
fn a_title_is_one_short_line() {
    let home = home();
    let mut store = open(home.path());
    for (prompt, title) in [
        ("\n\n  An  invitation\tto dinner \nfor Friday", "An invitation to dinner".to_owned()),
        (" \n ", "untitled".to_owned()),
        (&"\u{65e5}".repeat(70), format!("{}\u{2026}", "\u{65e5}".repeat(60))),
        // What people see as one character is not cut in two.
        (&"e\u{301}".repeat(70), format!("{}\u{2026}", "e\u{301}".repeat(60))),
    ] {
        let id = store.begin_conversation(prompt).unwrap();
        assert_eq!(store.conversation(id).unwrap().summary.title, title);
    }
}

#[test]
fn an_answer_that_is_replaced_stays_as_an_alternative_and_can_come_back() {
    let home = home();
    let mut store = open(home.path());
    let id = conversation(&mut store, &["first", "second"]);
    let old = store.conversation(id).unwrap().exchanges[1].answer.clone().expect("an answer");
    store.answer(id, &written("base", "another")).unwrap();
    let kept = store.conversation(id).unwrap();
    assert_eq!(said(&kept), [("first", Some("echo of first")), ("second", Some("another"))]);
    assert_eq!(kept.exchanges[1].alternatives, std::slice::from_ref(&old));
    assert_eq!(kept.last_voice(), Some("base"));
    assert_eq!((kept.summary.prompts, kept.summary.answers, kept.summary.alternatives), (2, 2, 1));

    store.choose(id, old.id).unwrap();
    let kept = store.conversation(id).unwrap();
    assert_eq!(kept.exchanges[1].answer.as_ref(), Some(&old));
    assert_eq!(kept.exchanges[1].alternatives.len(), 1);
    // An earlier answer has been answered to; a choice that cannot be made changes nothing.
    let first = kept.exchanges[0].answer.as_ref().expect("an answer").id;
    assert!(matches!(store.choose(id, first), Err(StoreError::NoTurn { .. })));
    assert_eq!(store.conversation(id).unwrap().exchanges, kept.exchanges);
}

#[test]
fn editing_a_prompt_takes_everything_after_it_away() {
    let home = home();
    let mut store = open(home.path());
    let (id, other) = (conversation(&mut store, &["one", "two", "three"]), conversation(&mut store, &["not this"]));
    store.answer(id, &written("base", "another three")).unwrap();
    let second = store.conversation(id).unwrap().exchanges[1].prompt.id;
    let edited = store.edit(id, second, "two, but better").unwrap();
    let kept = store.conversation(id).unwrap();
    assert_eq!(said(&kept), [("one", Some("echo of one")), ("two, but better", None)]);
    assert_eq!((kept.exchanges[1].prompt.id, kept.summary.alternatives), (edited, 0));
    assert_eq!(store.conversation(other).unwrap().exchanges.len(), 1);

    for (conversation, prompt) in [(id, second), (other, edited), (99, edited)] {
        assert!(matches!(store.edit(conversation, prompt, "x"), Err(StoreError::NoTurn { .. })));
    }
    assert_eq!(said(&store.conversation(id).unwrap()).len(), 2);
}

#[test]
fn a_prompt_that_was_never_answered_gives_way_to_the_next() {
    let home = home();
    let mut store = open(home.path());
    let id = conversation(&mut store, &["one"]);
    store.ask(id, "never answered").unwrap();
    store.ask(id, "two").unwrap();
    assert_eq!(said(&store.conversation(id).unwrap()), [("one", Some("echo of one")), ("two", None)]);
    assert!(matches!(store.ask(99, "x"), Err(StoreError::NoConversation { id: 99 })));
    assert!(matches!(store.answer(99, &written("mine", "x")), Err(StoreError::NoConversation { id: 99 })));
}

#[test]
fn the_list_has_the_last_changed_first_also_within_one_second() {
    let home = home();
    let mut store = open(home.path());
    let ids: Vec<i64> = ["a", "b", "c"].iter().map(|prompt| conversation(&mut store, &[prompt])).collect();
    store.ask(ids[0], "once more").unwrap();
    let list = store.conversations().unwrap();
    assert_eq!(list.iter().map(|summary| summary.id).collect::<Vec<_>>(), [ids[0], ids[2], ids[1]]);
    assert_eq!((list[0].prompts, list[0].answers, list[0].alternatives), (2, 1, 0));

    store.rename_conversation(ids[1], "  Better\nname ").unwrap();
    assert_eq!(store.conversation(ids[1]).unwrap().summary.title, "Better");
    store.delete_conversation(ids[0]).unwrap();
    assert_eq!(store.conversations().unwrap().len(), 2);
    for gone in [ids[0], 99] {
        assert!(matches!(store.conversation(gone), Err(StoreError::NoConversation { .. })));
        assert!(matches!(store.delete_conversation(gone), Err(StoreError::NoConversation { .. })));
        assert!(matches!(store.rename_conversation(gone, "x"), Err(StoreError::NoConversation { .. })));
    }
    // Whoever still holds the number of a deleted conversation must not reach another.
    store.delete_conversation(ids[2]).unwrap();
    assert!(store.begin_conversation("new").unwrap() > ids[2]);
}

#[test]
fn search_finds_any_script_in_any_case() {
    let home = home();
    let mut store = open(home.path());
    let cyrillic = "\u{41d}\u{430}\u{43f}\u{438}\u{448}\u{438} \u{43f}\u{438}\u{441}\u{44c}\u{43c}\u{43e}";
    let japanese = "\u{660e}\u{65e5}\u{306e}\u{5929}\u{6c17}\u{306f}\u{3069}\u{3046}\u{3067}\u{3059}\u{304b}";
    let (russian, asian) = (conversation(&mut store, &[cyrillic]), conversation(&mut store, &[japanese, "More."]));
    let english = conversation(&mut store, &["Why do BRAKES squeak?"]);
    let find = |store: &Store, words: &str| -> Vec<i64> {
        store.search_conversations(words).unwrap().into_iter().map(|found| found.summary.id).collect()
    };
    assert_eq!(find(&store, "\u{41f}\u{418}\u{421}\u{42c}\u{41c}"), [russian]);
    assert_eq!(find(&store, "\u{5929}\u{6c17}"), [asian]);
    assert_eq!(find(&store, " brakes "), [english]);
    assert_eq!(find(&store, "ECHO"), [english, asian, russian]);
    assert!(find(&store, "100%").is_empty(), "a wildcard of databases means nothing");
    assert!(find(&store, "  ").is_empty());

    let found = store.search_conversations("squeak").unwrap();
    assert_eq!((found[0].matches, found[0].excerpt.as_deref()), (2, Some("Why do BRAKES squeak?")));
    store.rename_conversation(english, "Noise").unwrap();
    let found = store.search_conversations("noise").unwrap();
    assert_eq!((found[0].matches, &found[0].excerpt), (0, &None));
    // Nobody sees what was replaced, so nobody finds it.
    store.answer(english, &written("mine", "dust")).unwrap();
    assert!(find(&store, "echo of why").is_empty());
    assert_eq!(find(&store, "dust"), [english]);
}

#[test]
fn what_is_deleted_is_nowhere_in_the_files() {
    let home = home();
    let secret = "a secret that nobody else may ever read";
    let holds = || {
        let holds = |bytes: &[u8]| bytes.windows(secret.len()).any(|part| part == secret.as_bytes());
        let files = fs::read_dir(home.path()).unwrap().map(|entry| entry.unwrap().path());
        files.into_iter().any(|file| holds(&fs::read(file).unwrap()))
    };
    let id = conversation(&mut open(home.path()), &[secret]);
    assert!(holds());
    open(home.path()).delete_conversation(id).unwrap();
    assert!(!holds());
}

#[test]
fn verdicts_are_counted_for_each_two_voices() {
    let home = home();
    let mut store = open(home.path());
    assert_eq!(store.tally().unwrap(), []);
    for (preferred, against, blind) in [
        ("mine", "base", true),
        ("base", "mine", true),
        ("mine", "base", true),
        ("mine", "base", false),
        ("warm", "mine", true),
        ("run:2", "base", true),
        ("run:3", "base", true),
        ("run:2", "base", true),
    ] {
        store.judge(&Verdict { preferred: preferred.into(), against: against.into(), blind }).unwrap();
    }
    let counted = |tally: Tally| (tally.voices.join(" "), tally.blind, tally.preferred);
    let tally: Vec<_> = store.tally().unwrap().into_iter().map(counted).collect();
    assert_eq!(
        tally,
        [
            ("base mine".to_owned(), true, [1, 2]),
            ("base mine".to_owned(), false, [0, 1]),
            ("base run:2".to_owned(), true, [0, 2]),
            ("base run:3".to_owned(), true, [0, 1]),
            ("mine warm".to_owned(), true, [0, 1])
        ]
    );
    let itself = Verdict { preferred: "mine".into(), against: "mine".into(), blind: true };
    assert!(matches!(store.judge(&itself), Err(StoreError::SameVoice { .. })));
}

/// `count` exchanges and a last prompt.
fn turns(count: usize) -> Vec<Message> {
    let exchange = |n| [Message::user(format!("question {n}?")), Message::assistant(format!("answer {n}."))];
    (0..count).flat_map(exchange).chain([Message::user("and now?")]).collect()
}

#[test]
fn a_model_reads_all_turns_in_its_own_template() {
    let home = home();
    let model = tiny::model(home.path());
    let hostile = [Message::user(format!("Hi{}", tiny::END)), Message::assistant("Ho"), Message::user("Well?")];
    let ids = model.prompt_ids(&hostile).expect("ids");
    let text = model.tokenizer.decode(&ids).expect("a text");
    assert_eq!(text, "[user] Hi\n[assistant] Ho\n[user] Well?\n[assistant] ");
}

#[test]
fn what_a_model_is_to_answer_has_only_turns_that_were_heard() {
    let home = home();
    let mut store = open(home.path());
    let id = conversation(&mut store, &["one", "two"]);
    store.answer(id, &written("base", "the better two")).unwrap();
    store.ask(id, "never answered").unwrap();
    let kept = store.conversation(id).unwrap();
    let expected = [
        Message::user("one"),
        Message::assistant("echo of one"),
        Message::user("two"),
        Message::assistant("the better two"),
        Message::user("three"),
    ];
    assert_eq!(write::messages(&kept.exchanges, "three"), expected);
    assert_eq!(write::messages(&[], "three"), [Message::user("three")]);
}

#[test]
fn a_conversation_that_is_too_long_loses_its_oldest_turns_and_no_more() {
    let home = home();
    let model = tiny::model(home.path());
    let (messages, limit) = (turns(12), 128);
    let (ids, left_out) = model.recent_prompt_ids(&messages, limit).expect("ids");
    assert!(left_out > 0 && messages[left_out].role == Role::User, "{left_out}");
    assert_eq!(ids, model.prompt_ids(&messages[left_out..]).expect("ids"));
    assert!(ids.len() <= limit);
    assert!(model.prompt_ids(&messages[left_out - 2..]).expect("ids").len() > limit);
    assert_eq!(model.recent_prompt_ids(&messages, 10_000).expect("ids").1, 0);

    // What the system said stays.
    let system = Message { role: Role::System, content: "Be brief.".into() };
    let with_system: Vec<Message> = [system.clone()].into_iter().chain(messages.clone()).collect();
    let (ids, left_out) = model.recent_prompt_ids(&with_system, limit).expect("ids");
    let text = model.tokenizer.decode(&ids).expect("a text");
    assert!(left_out > 0 && text.starts_with("[system] Be brief.\n[user] question"), "{text}");
}

#[test]
fn a_reply_within_a_conversation_has_room_and_says_what_was_left_out() {
    let home = home();
    let model = tiny::model(home.path());
    let sampling = SamplingParams { max_tokens: 40, temperature: 0.0, ..SamplingParams::default() };
    let answer = |messages: &[Message], cancel: &Cancel| {
        let mut pieces = String::new();
        let generated = generate(&model, None, messages, &sampling, cancel, &mut |piece| pieces.push_str(piece));
        generated.inspect(|generated| assert_eq!(generated.text, pieces))
    };
    let (long, go) = (turns(12), Cancel::new());
    let generated = answer(&long, &go).expect("an answer");
    assert!(generated.omitted > 0);
    assert!(generated.stop == StopReason::End || generated.tokens == sampling.max_tokens, "{generated:?}");
    assert_eq!(answer(&long[generated.omitted..], &go).expect("an answer").text, generated.text);
    assert_eq!(answer(&turns(1), &go).expect("an answer").omitted, 0);

    let endless = [turns(2), vec![Message::assistant("Yes?"), Message::user("word ".repeat(90))]].concat();
    assert!(
        matches!(answer(&endless, &go), Err(EngineError::PromptTooLong { limit, .. }) if limit == tiny::CONTEXT - 1)
    );
    let stopped = Cancel::new();
    stopped.request();
    assert_eq!(answer(&long, &stopped).expect("nothing").stop, StopReason::Cancelled);
}

/// `xpert` with the tiny model.
fn with_tiny(data: &Path, arguments: &[&str]) -> assert_cmd::Command {
    let folder = data.join("tiny");
    if !folder.exists() {
        tiny::save_folder(&folder);
    }
    let mut command = xpert(data);
    command.arg("--model").arg(folder).args(arguments);
    command
}

#[test]
fn writing_keeps_nothing_unless_it_is_told_to() {
    let home = home();
    let data = home.path();
    let nothing = json(&mut with_tiny(data, &["write", "Hello", "--adapter", "base", "--max-tokens", "4"]));
    assert!(nothing["conversation"].is_null());
    assert_eq!(json(xpert(data).args(["history", "list"]))["conversations"], serde_json::json!([]));
    xpert(data).args(["write", "More", "--continue"]).assert().code(3).stderr(contains("--keep"));
    xpert(data).args(["write", "More", "--continue", "7"]).assert().code(1).stderr(contains("conversation 7"));

    let kept = json(&mut with_tiny(data, &["write", "Hello", "--adapter", "base", "--max-tokens", "4", "--keep"]));
    let id = kept["conversation"].as_i64().expect("a number");
    // Whoever goes on hears the voice that wrote last, not the personal model, which there is none of.
    let next = json(&mut with_tiny(data, &["write", "And then?", "--continue", "--max-tokens", "4"]));
    assert_eq!((next["conversation"].as_i64(), next["adapter"].as_str()), (Some(id), Some("base")));
    let shown = json(xpert(data).args(["history", "show", &id.to_string()]));
    assert_eq!(shown["schema"], "xpert.conversation/1");
    let exchanges = shown["exchanges"].as_array().expect("exchanges");
    assert_eq!(exchanges.len(), 2);
    for (exchange, answered) in exchanges.iter().zip([&kept, &next]) {
        assert_eq!(exchange["prompt"]["text"], answered["prompt"]);
        assert_eq!(exchange["answer"]["text"], answered["text"]);
        assert_eq!((&exchange["answer"]["voice"], &exchange["answer"]["max_tokens"]), (&"base".into(), &4.into()));
    }
    // Both exchanges were read so far; where a long reply needs their room, both are left out, and that is said.
    let id = id.to_string();
    let long = ["write", &"word ".repeat(20), "--continue", &id, "--max-tokens", "200"];
    assert_eq!(json(&mut with_tiny(data, &long))["left_out"], 4);
}

#[test]
fn the_history_is_listed_shown_searched_renamed_and_deleted() {
    let home = home();
    let data = home.path();
    xpert(data).args(["history", "list"]).assert().success().stdout(contains("--keep"));
    let mut store = open(data);
    let id = conversation(&mut store, &["Why do brakes squeak? \x1b[2J", "\u{41f}\u{440}\u{438}\u{432}\u{435}\u{442}"]);
    store.answer(id, &written("base", "dust\u{202e}")).unwrap();
    for preferred in ["mine", "run:2"] {
        store.judge(&Verdict { preferred: preferred.into(), against: "base".into(), blind: true }).unwrap();
    }
    drop(store);
    let (id, run) =
        (id.to_string(), |arguments: &[&str]| xpert(data).arg("history").args(arguments).assert().success());

    let safe = || contains("\u{1b}").or(contains("\u{202e}")).not();
    for (arguments, shown) in [
        (vec!["list"], "2 prompts  Why do brakes squeak?"),
        (vec!["show", &id], "dust<U+202E>"),
        (vec!["show", &id], "1 other response"),
        (vec!["search", "BRAKES"], "2 hits: Why do brakes"),
        (vec!["search", "\u{43f}\u{440}\u{418}"], "1 hit: "),
        (vec!["search", "nowhere"], "No conversation"),
        (vec!["tally"], "preferred: 0 for the base model, 1 for your model; blind"),
        (vec!["tally"], "preferred: 0 for the base model, 1 for your model (run 2); blind"),
        (vec!["tally"], "from an earlier version"),
    ] {
        run(&arguments).stdout(contains(shown).and(safe()));
    }
    let found = json(xpert(data).args(["history", "search", "brakes"]));
    assert_eq!((&found["schema"], &found["found"][0]["matches"]), (&"xpert.found/1".into(), &2.into()));
    assert_eq!(json(xpert(data).args(["history", "tally"]))["tally"][0]["preferred"], serde_json::json!([0, 1]));
    let renamed = json(xpert(data).args(["history", "rename", &id, "Noise"]));
    assert_eq!((&renamed["schema"], &renamed["title"]), (&"xpert.renamed/1".into(), &"Noise".into()));
    let deleted = json(xpert(data).args(["history", "delete", &id]));
    assert_eq!((&deleted["schema"], &deleted["title"]), (&"xpert.deleted/1".into(), &"Noise".into()));
    for gone in [vec!["show", &id], vec!["delete", &id], vec!["rename", &id, "x"]] {
        xpert(data).arg("history").args(gone).assert().code(1).stderr(contains("history list"));
    }
}

#[test]
fn answers_are_scored_on_the_users_axes_or_words_are_missing() {
    let home = home();
    let context = Context::new(Some(home.path()), None, Some(1)).expect("a context");
    let answers: Vec<String> =
        xpert::app::demo::pairs().expect("the demo's texts").into_iter().map(|pair| pair.answer).collect();
    let answers: Vec<&str> = answers.iter().take(40).map(String::as_str).collect();
    let short = write::score(&context, &["Thank you for the lift."]).expect("a score");
    assert_eq!((short.words, short.missing_words, short.axes.len()), (5, 295, 0));
    let alone = write::score(&context, &answers).expect("a score");
    assert!(alone.axes.len() >= 5 && alone.axes.iter().all(|axis| axis.user.is_none()));

    let file = home.path().join("mine.jsonl");
    let lines: Vec<String> = answers.iter().map(|text| serde_json::json!({ "text": text }).to_string()).collect();
    fs::write(&file, lines.join("\n")).expect("writable");
    xpert(home.path()).arg("import").arg(&file).assert().success();
    let own = write::score(&context, &answers).expect("a score");
    for axis in &own.axes {
        let user = axis.user.expect("the user's place");
        // The same words, cleaned by the import: the same place.
        assert!((axis.percentile - user).abs() < 10.0 && (0.0..=100.0).contains(&user), "{axis:?}");
    }
    let others = write::score(&context, &["It is hereby requested that the undersigned be informed forthwith. "; 40]);
    let moved = others.expect("a score").axes.into_iter().zip(own.axes);
    assert!(moved.into_iter().any(|(other, own)| (other.percentile - own.percentile).abs() > 10.0));
}

#[test]
fn what_the_screen_asks_stands_in_the_kept_conversation_where_it_was_asked() {
    let home = home();
    let context = Context::new(Some(home.path()), None, Some(1)).expect("a context");
    let turns = [
        ("one".to_owned(), vec![written("base", "b1"), written("mine", "m1")]),
        ("two".to_owned(), vec![written("mine", "m2")]),
    ];
    let id = history::keep(&context, &turns).expect("kept");
    let now = || history::show(&context, id).expect("the conversation");
    let answers = |kept: &Conversation| -> Vec<String> {
        said(kept).iter().map(|(prompt, answer)| format!("{prompt} {answer:?}")).collect()
    };
    assert_eq!(answers(&now()), ["one Some(\"m1\")", "two Some(\"m2\")"]);

    history::place(&context, id, PromptPlace::Again, "two").expect("asked again");
    history::answer(&context, id, &written("base", "b2")).expect("answered");
    assert_eq!(answers(&now()), ["one Some(\"m1\")", "two Some(\"b2\")"]);
    history::prefer(&context, id, "mine").expect("preferred");
    history::prefer(&context, id, "nobody").expect("nobody is left out");
    history::answer(&context, id, &written("mine", "m2 again")).expect("answered");
    history::prefer(&context, id, "mine").expect("what counts is its latest already");
    assert_eq!(answers(&now())[1], "two Some(\"m2 again\")");
    history::prefer(&context, id, "base").expect("preferred");
    history::prefer(&context, id, "mine").expect("preferred");
    assert_eq!(answers(&now()), ["one Some(\"m1\")", "two Some(\"m2 again\")"]);

    history::place(&context, id, PromptPlace::Next, "three").expect("asked");
    assert_eq!(answers(&now()).len(), 3);
    history::place(&context, id, PromptPlace::InsteadOf(1), "zwei").expect("asked otherwise");
    assert_eq!(answers(&now()), ["one Some(\"m1\")", "zwei None"]);
    // What never came to be kept is asked at the end, so that no answer goes to another prompt.
    history::place(&context, id, PromptPlace::Again, "drei").expect("asked again");
    history::answer(&context, id, &written("mine", "m3")).expect("answered");
    assert_eq!(answers(&now()), ["one Some(\"m1\")", "drei Some(\"m3\")"]);
    let found = |words| history::find(&context, words).expect("found").len();
    assert_eq!((found(" "), found("M1"), found("m2")), (1, 1, 0));
}

#[test]
fn a_conversation_is_saved_as_a_file_beside_those_that_are_there() {
    let home = home();
    let data = home.path();
    xpert(data).args(["history", "save"]).assert().failure().stderr(contains("--keep"));
    let id = conversation(&mut open(data), &["Hello", "And then?"]);
    let folder = data.join("notes");
    fs::create_dir(&folder).expect("a folder");
    for name in ["xpert-conversation.md", "xpert-conversation-2.md"] {
        xpert(data).args(["history", "save", "--folder"]).arg(&folder).assert().success().stdout(contains(name));
        let text = fs::read_to_string(folder.join(name)).expect("the file");
        assert!(text.starts_with("# Hello\n\n## You\n\nHello\n\n### your model\n\necho of Hello\n"), "{text}");
    }
    let saved = json(xpert(data).args(["history", "save", &id.to_string(), "--folder"]).arg(&folder));
    assert_eq!(saved["conversation"], id);
    xpert(data).args(["history", "save", "--folder", "nowhere"]).assert().failure().stderr(contains("nowhere"));
}
