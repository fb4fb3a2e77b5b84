//! Import: choosing a file from a list, the preview with its texts, and the last import undone. Folders are made up, and listed by hand.

use std::path::PathBuf;
use std::sync::Arc;

use crate::harness::Harness;
use crate::made_up::{profile, scan, status};
use crate::scenes::{looked, open, open_demo, pictures, words};
use xpert::app::Context;
use xpert::app::demo::Demo;
use xpert::import::{Entry, EntryKind, Folder, ImportOptions, Scan};
use xpert::store::{Added, Format, Import as LastImport, Summary};
use xpert::ui::screens::import::{Import, Keep, List, Preview, Previewing, Undo};
use xpert::ui::shell::data::{Look, Measure};
use xpert::ui::shell::shared::Status;
use xpert::ui::shell::state::Msg;

const HOME: &str = "/home/ann";

fn there() -> Status {
    let last =
        LastImport { id: 1, created: 1_715_883_956, texts: 52, sources: vec!["/home/ann/mail/sent.mbox".into()] };
    Status { last_import: Some(last), ..status() }
}

/// On Import, with texts and an import that can be undone.
fn imported(width: u16, height: u16) -> Harness {
    let mut harness = open(width, height);
    harness.finish::<Look>(there());
    harness.started();
    harness
}

fn folder(path: &str, entries: &[(&str, EntryKind)]) -> Arc<Folder> {
    let entry = |&(name, kind): &(&str, EntryKind)| Entry { name: name.into(), kind };
    Arc::new(Folder { path: path.into(), entries: entries.iter().map(entry).collect(), hidden: 2, beyond: 0 })
}

fn home() -> Arc<Folder> {
    let file = EntryKind::File;
    let entries = [
        ("Documents", EntryKind::Folder),
        ("日本語のメモ", EntryKind::Folder),
        ("chats.jsonl", file(Some(Format::Jsonl))),
        ("diary.md", file(Some(Format::Markdown))),
        ("evil\u{1b}[2J\u{202e}.txt", file(Some(Format::Text))),
        ("photo.jpg", file(None)),
    ];
    folder(HOME, &entries)
}

/// The folder that was asked for last, and whether with hidden files.
fn asked(harness: &mut Harness) -> (Option<PathBuf>, bool) {
    let list = harness.started_as::<List>();
    (list.folder.clone(), list.hidden)
}

fn choosing(width: u16, height: u16) -> Harness {
    let mut harness = imported(width, height);
    harness.press("o");
    assert_eq!(asked(&mut harness), (None, false), "the home folder comes first");
    harness.finish::<List>(Ok(home()));
    harness
}

fn press(harness: &mut Harness, keys: &str) {
    for key in keys.split_whitespace() {
        harness.press(key);
    }
}

/// The name under the cursor.
fn here(harness: &Harness) -> String {
    let picker = harness.screen_of::<Import>().picker.as_ref().expect("the list is open");
    picker.highlighted().map(|row| row.name().into_owned()).unwrap_or_default()
}

fn is_picking(harness: &Harness) -> bool {
    harness.screen_of::<Import>().picker.is_some()
}

fn previewed(harness: &mut Harness) -> PathBuf {
    harness.started_as::<Preview>().path.clone()
}

fn found(scan: Arc<Scan>) -> Previewing {
    Previewing::Found(scan, Vec::new())
}

/// With a preview of a file whose path was typed.
fn previewing(width: u16, height: u16) -> Harness {
    let mut harness = open(width, height);
    harness.finish::<Look>(Status::default());
    harness.started();
    harness.press("Enter");
    harness.type_text("~/mail/sent.mbox");
    harness.expect_started(&[]);
    harness.press("Enter");
    assert_eq!(previewed(&mut harness), PathBuf::from("~/mail/sent.mbox"));
    harness.finish::<Preview>(found(scan()));
    harness
}

#[test]
fn a_newcomer_sees_what_to_do() {
    pictures("import_empty", |width, height| {
        let mut harness = open(width, height);
        harness.finish::<Look>(Status { texts: Summary::default(), ..status() });
        harness
    });
}

#[test]
fn import_goes_from_typing_to_preview_to_saved() {
    pictures("import_preview", previewing);
    let mut harness = previewing(80, 24);
    harness.press("Enter");
    assert_eq!(harness.started_as::<Keep>().0.documents.len(), 2);
    harness.finish::<Keep>(Added { added: 1, already_there: 1 });
    harness.expect_started(&["look"]);
    harness.finish::<Look>(status());
    insta::assert_snapshot!("import_saved_80x24", harness.screen());
    assert!(harness.screen().contains("1 text saved; 1 text already saved."));
}

#[test]
fn what_could_not_be_saved_is_still_there() {
    let mut harness = previewing(80, 24);
    harness.press("Enter");
    harness.fail::<Keep>("the disk is full");
    assert!(harness.screen().contains("the disk is full"));
    harness.started();
    harness.press("Enter");
    assert_eq!(harness.started_as::<Keep>().0.documents.len(), 2);
}

#[test]
fn a_preview_can_be_discarded() {
    let mut harness = previewing(80, 24);
    harness.press("Esc");
    assert!(!harness.screen().contains("Preview"));
    harness.expect_started(&[]);
}

#[test]
fn a_wrong_mapping_is_reported_before_anything_is_read() {
    let mut harness = looked(80, 24);
    harness.press("Enter");
    harness.type_text("chats.jsonl");
    harness.press("Tab");
    harness.type_text("body=email");
    harness.press("Enter");
    harness.expect_started(&[]);
    assert!(harness.screen().contains("`body` is not a role"));
    for _ in 0..10 {
        harness.press("Backspace");
    }
    harness.type_text("text=email");
    harness.press("Tab");
    harness.type_text("ann@example.org, Ann");
    harness.press("Enter");
    let job = harness.started_as::<Preview>();
    assert_eq!(job.options.map.as_ref().map(|map| map.text.as_str()), Some("email"));
    assert_eq!(job.options.me, ["ann@example.org", "Ann"]);
}

#[test]
fn files_are_chosen_from_a_list() {
    pictures("import_picker", choosing);
    pictures("import_narrowed", |width, height| {
        let mut harness = choosing(width, height);
        harness.type_text("dia");
        harness
    });
    let mut harness = choosing(80, 24);
    harness.type_text("dia");
    assert_eq!(here(&harness), "diary.md");
    harness.press("Enter");
    assert_eq!(previewed(&mut harness), PathBuf::from("/home/ann/diary.md"));
    assert!(!is_picking(&harness));
    harness.finish::<Preview>(Previewing::Found(scan(), vec![("German", 3), ("French", 1)]));
    harness.resize(200, 50);
    let shown = words(&mut harness);
    assert!(shown.contains("only English can be measured: 3 texts in German, 1 text in French"), "{shown}");
    press(&mut harness, "Esc o");
    assert_eq!(asked(&mut harness).0, Some(HOME.into()), "it opens where it was");
}

#[test]
fn recent_places_stand_at_the_top_until_one_has_moved_on() {
    let mut harness = choosing(80, 24);
    assert_eq!(here(&harness), "/home/ann/mail");
    harness.press("Enter");
    assert_eq!(asked(&mut harness).0, Some("/home/ann/mail".into()));
    harness.finish::<List>(Ok(folder("/home/ann/mail", &[])));
    assert!(harness.screen().contains("This folder is empty.") && harness.screen().contains("hidden files (2)"));
    assert!(harness.screen_of::<Import>().picker.as_ref().unwrap().recent.is_empty());
}

#[test]
fn one_goes_into_folders_and_out_again() {
    let mut harness = choosing(80, 24);
    press(&mut harness, "Down Enter");
    assert_eq!(asked(&mut harness).0, Some("/home/ann/Documents".into()));
    let file = EntryKind::File(Some(Format::Text));
    harness.finish::<List>(Ok(folder("/home/ann/Documents", &[("a.txt", file)])));
    harness.press("Ctrl-F");
    assert_eq!(previewed(&mut harness), PathBuf::from("/home/ann/Documents"));
    harness.stopped::<Preview>();
    harness.press("o");
    harness.finish::<List>(Ok(folder("/home/ann/Documents", &[("a.txt", file)])));
    harness.type_text("a");
    harness.press("Backspace");
    assert!(harness.screen().contains("a.txt"), "a letter is taken away first");
    for key in ["Backspace", "Left"] {
        harness.started();
        harness.press(key);
        let above = if key == "Left" { "/home" } else { HOME };
        assert_eq!(asked(&mut harness).0, Some(above.into()));
        if key == "Backspace" {
            harness.finish::<List>(Ok(home()));
            assert_eq!(here(&harness), "Documents", "where one comes from");
        }
    }
}

#[test]
fn what_cannot_be_seen_is_said_in_its_place() {
    let closed = |width, height| {
        let mut harness = choosing(width, height);
        press(&mut harness, "Down Enter");
        let why = "/home/ann/Documents: access is not allowed: change its permissions, or choose another folder";
        harness.finish::<List>(Err(why.into()));
        harness
    };
    pictures("import_closed", closed);
    let mut harness = closed(80, 24);
    harness.started();
    harness.press("Left");
    assert_eq!(asked(&mut harness).0, Some(HOME.into()));
}

#[test]
fn keys_of_the_list_do_what_they_say() {
    let mut harness = choosing(80, 24);
    press(&mut harness, "Down Down");
    let name = here(&harness);
    harness.press(".");
    assert_eq!(asked(&mut harness), (Some(HOME.into()), true));
    harness.finish::<List>(Ok(home()));
    assert_eq!(here(&harness), name, "the highlight stays");
    harness.type_text("zzzz");
    assert!(harness.screen().contains("Nothing here matches."));
    harness.press("Enter");
    harness.expect_started(&[]);
    harness.press("Esc");
    assert!(is_picking(&harness), "first what is typed goes");
    harness.type_text("~/mail");
    harness.press("Enter");
    assert_eq!(previewed(&mut harness), PathBuf::from("~/mail"), "a path may be typed, too");
}

#[test]
fn thousands_of_files_are_found_among_and_moved_through() {
    let mut harness = imported(80, 24);
    harness.press("o");
    let entry = |at: usize| Entry { name: format!("note-{at:04}.txt").into(), kind: EntryKind::File(None) };
    let entries: Vec<Entry> = (0..5000).map(entry).collect();
    harness.finish::<List>(Ok(Arc::new(Folder { path: HOME.into(), entries, hidden: 0, beyond: 1234 })));
    let shown = harness.screen();
    assert!(shown.contains("of 6") && shown.contains("Too many to list"), "{shown}");
    harness.press("PgDn");
    let paged = here(&harness);
    assert!(paged.starts_with("note-00") && harness.screen().contains(&paged), "{paged}");
    harness.type_text("4321");
    assert_eq!(here(&harness), "note-4321.txt");
}

#[test]
fn enter_in_an_empty_field_opens_the_list() {
    let mut harness = imported(80, 24);
    press(&mut harness, "e Enter");
    assert_eq!(asked(&mut harness).0, None);
    press(&mut harness, "Esc");
    assert!(!is_picking(&harness));
}

#[test]
fn a_pasted_path_starts_the_field_and_never_acts_as_keys() {
    let mut harness = imported(80, 24);
    harness.deliver(Msg::Paste("~/mail\nq\n".into()));
    harness.expect_started(&[]);
    assert!(harness.screen().contains("~/mail q"));
}

#[test]
fn the_preview_shows_the_first_texts() {
    let shown = |width, height| {
        let mut scan = Scan::clone(&scan());
        scan.documents[0].timestamp = Some(1_715_883_956);
        scan.documents[0].title = Some("Lunch".into());
        scan.documents[1].timestamp = Some(1_731_000_000);
        scan.documents[1].text =
            "Dear Ann,\n\n".to_owned() + &"the roses are out and the gate still squeaks. ".repeat(9);
        let mut harness = choosing(width, height);
        harness.type_text("diary");
        harness.press("Enter");
        harness.finish::<Preview>(found(Arc::new(scan)));
        harness
    };
    pictures("import_texts", shown);
    let screen = shown(80, 24).screen();
    assert!(screen.contains("See you at noon, then.") && screen.contains("2024-05-16, mbox, Lunch"), "{screen}");
}

#[test]
fn the_opening_of_a_text_is_safe_and_says_that_there_is_more() {
    let mut scan = Scan::clone(&scan());
    scan.documents[0].text = "a\u{1b}[2J\n\nb".into();
    scan.documents[1].text = "日本語 and words ".repeat(500);
    let mut harness = previewing(60, 60);
    press(&mut harness, "e Enter");
    harness.finish::<Preview>(found(Arc::new(scan)));
    let shown = harness.screen();
    assert!(shown.contains("a\u{241b}[2J") && !shown.contains('\u{1b}'), "{shown}");
    let rows: Vec<&str> = shown.lines().filter(|line| line.contains("日本語")).collect();
    assert!(rows.len() == 4 && rows[3].contains('…'), "{shown}");
}

#[test]
fn many_files_share_a_row_for_their_folder() {
    let mut scan = Scan::clone(&scan());
    let file = scan.files[0].clone();
    scan.files = (0..40)
        .map(|at| {
            let path = format!("/home/ann/{}/{at}.txt", if at < 30 { "letters" } else { "notes" });
            xpert::import::FileReport { path: path.into(), ..file.clone() }
        })
        .collect();
    let mut harness = previewing(120, 40);
    press(&mut harness, "e Enter");
    harness.finish::<Preview>(found(Arc::new(scan)));
    let shown = harness.screen();
    assert!(shown.contains("/home/ann/letters (30 files)") && shown.contains("/home/ann/notes (10 files)"), "{shown}");
}

#[test]
fn the_last_import_is_undone_after_a_question() {
    let asked = |width, height| {
        let mut harness = imported(width, height);
        harness.press("u");
        harness
    };
    pictures("import_undo", asked);
    let mut harness = asked(80, 24);
    harness.press("Esc");
    harness.expect_started(&[]);
    press(&mut harness, "u Enter");
    harness.expect_started(&["undo"]);
    harness.finish::<Undo>(there().last_import.unwrap());
    harness.expect_started(&["look"]);
    harness.finish::<Look>(Status::default());
    assert!(harness.screen().contains("Removed the 52 texts added by the last import."));
    let mut none = looked(80, 24);
    none.press("u");
    assert!(!none.screen().contains("Undo the last import?"), "there is nothing to undo");
}

#[test]
fn what_was_known_of_texts_is_forgotten_with_them() {
    let mut harness = imported(80, 24);
    harness.shell.shared.profile = Some(Arc::new(profile()));
    press(&mut harness, "u Enter");
    harness.finish::<Undo>(there().last_import.unwrap());
    assert!(harness.shell.shared.profile.is_none() && !harness.shell.shared.runs::<Measure>());
}

#[test]
fn in_the_demo_nothing_is_chosen_while_it_is_guided() {
    let context = Context::new(Some(std::path::Path::new("/nowhere")), None, Some(1)).unwrap();
    let demo = Demo { context, writing: "/demo/writing".into(), options: ImportOptions::default(), steps: 40 };
    let mut harness = open_demo(&demo, 80, 24);
    harness.finish::<Look>(Status { texts: Summary::default(), ..there() });
    harness.started();
    press(&mut harness, "u");
    press(&mut harness, "o");
    harness.expect_started(&[]);
    assert!(!is_picking(&harness));
    harness.press("Enter");
    assert_eq!(previewed(&mut harness), PathBuf::from("/demo/writing"));
    harness.finish::<Preview>(found(scan()));
    harness.press("Enter");
    harness.expect_started(&["keep"]);
}
