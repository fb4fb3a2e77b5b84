//! The Import screen: choosing a file from a list, the preview with its texts, and the last import taken back. Folders are made up, and
//! listed by hand; pictures are compared with those in `snapshots`.

use std::path::PathBuf;
use std::sync::Arc;

use crate::made_up::*;
use xpert::app::Context;
use xpert::app::demo::Demo;
use xpert::import::{Entry, EntryKind, Folder, ImportOptions, Scan};
use xpert::store::{Format, Import, Summary};
use xpert::ui::guide::Guide;
use xpert::ui::harness::Harness;
use xpert::ui::message::{Job, JobKind, Report, Status};
use xpert::ui::screens::import::Row;

const SIZES: [(u16, u16); 3] = [(80, 24), (120, 40), (40, 15)];
const HOME: &str = "/home/ann";

fn pictures(name: &str, mut harness: impl FnMut(u16, u16) -> Harness) {
    for (width, height) in SIZES {
        insta::assert_snapshot!(format!("{name}_{width}x{height}"), harness(width, height).screen());
    }
}

fn there() -> Status {
    let last = Import { id: 1, created: 1_715_883_956, texts: 52, sources: vec!["/home/ann/mail/sent.mbox".into()] };
    Status { last_import: Some(last), ..status() }
}

fn looked(width: u16, height: u16) -> Harness {
    let mut harness = Harness::new(width, height);
    harness.report(JobKind::Look, Report::Looked(Box::new(there())));
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

/// The folder that is asked for last.
fn asked(harness: &mut Harness) -> (Option<PathBuf>, bool) {
    match harness.started().pop() {
        Some((_, Job::List { folder, hidden })) => (folder, hidden),
        other => panic!("no folder is asked for: {other:?}"),
    }
}

fn choosing(width: u16, height: u16) -> Harness {
    let mut harness = looked(width, height);
    harness.press("o");
    assert_eq!(asked(&mut harness), (None, false), "the home folder comes first");
    harness.report(JobKind::List, Report::Listed(Ok(home())));
    harness
}

fn press(harness: &mut Harness, keys: &str) {
    for key in keys.split_whitespace() {
        harness.press(key);
    }
}

/// The name under the cursor.
fn here(harness: &Harness) -> String {
    let picker = &harness.model.screens.import.picker;
    match picker.highlighted() {
        Some(Row::Entry(at)) => picker.entries()[at].name.to_string_lossy().into_owned(),
        Some(Row::Recent(at)) => picker.recent[at].display().to_string(),
        None => String::new(),
    }
}

fn previewed(harness: &mut Harness) -> PathBuf {
    match &harness.started()[..] {
        [(_, Job::Preview { path, .. })] => path.clone(),
        other => panic!("nothing is previewed: {other:?}"),
    }
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
    assert!(!harness.model.screens.import.picker.open);
    harness.report(JobKind::Preview, Report::Languages(vec![("German", 3), ("French", 1)]));
    harness.report(JobKind::Preview, Report::Found(scan()));
    let shown = harness.screen();
    let shown =
        shown.lines().map(|line| line.split("  ").next().unwrap_or_default().trim()).collect::<Vec<_>>().join(" ");
    assert!(shown.contains("Only English can be measured: 3 texts in German, 1 text in French."), "{shown}");
    harness.press("Esc");
    harness.press("o");
    assert_eq!(asked(&mut harness).0, Some(HOME.into()), "it opens where it was");
}

#[test]
fn recent_places_stand_at_the_top_until_one_has_moved_on() {
    let mut harness = choosing(80, 24);
    assert_eq!(here(&harness), "/home/ann/mail");
    harness.press("Enter");
    assert_eq!(asked(&mut harness).0, Some("/home/ann/mail".into()));
    harness.report(JobKind::List, Report::Listed(Ok(folder("/home/ann/mail", &[]))));
    assert!(harness.screen().contains("Nothing is in here.") && harness.screen().contains("hidden (2)"));
    assert!(harness.model.screens.import.picker.recent.is_empty());
}

#[test]
fn one_goes_into_folders_and_out_again() {
    let mut harness = choosing(80, 24);
    press(&mut harness, "Down Enter");
    assert_eq!(asked(&mut harness).0, Some("/home/ann/Documents".into()));
    let file = EntryKind::File(Some(Format::Text));
    harness.report(JobKind::List, Report::Listed(Ok(folder("/home/ann/Documents", &[("a.txt", file)]))));
    harness.press("Ctrl-F");
    assert_eq!(previewed(&mut harness), PathBuf::from("/home/ann/Documents"));
    harness.report(JobKind::Preview, Report::Stopped);
    harness.press("o");
    harness.report(JobKind::List, Report::Listed(Ok(folder("/home/ann/Documents", &[("a.txt", file)]))));
    harness.type_text("a");
    harness.press("Backspace");
    assert!(harness.model.screens.import.picker.folder.is_some(), "a letter is taken away first");
    for key in ["Backspace", "Left"] {
        harness.started();
        harness.press(key);
        let above = if key == "Left" { "/home" } else { HOME };
        assert_eq!(asked(&mut harness).0, Some(above.into()));
        if key == "Backspace" {
            harness.report(JobKind::List, Report::Listed(Ok(home())));
            assert_eq!(here(&harness), "Documents", "where one comes from");
        }
    }
}

#[test]
fn what_cannot_be_seen_is_said_in_its_place() {
    let closed = |width, height| {
        let mut harness = choosing(width, height);
        press(&mut harness, "Down Enter");
        let why = "/home/ann/Documents: you may not look into it: change its permissions, or choose another folder";
        harness.report(JobKind::List, Report::Listed(Err(why.into())));
        harness
    };
    pictures("import_closed", closed);
    let mut harness = closed(80, 24);
    harness.started();
    harness.press("Left");
    assert_eq!(asked(&mut harness).0, Some(HOME.into()));
    assert!(harness.model.failure().is_none());
}

#[test]
fn keys_of_the_list_do_what_they_say() {
    let mut harness = choosing(80, 24);
    press(&mut harness, "Down Down");
    let name = here(&harness);
    harness.press(".");
    assert_eq!(asked(&mut harness), (Some(HOME.into()), true));
    harness.report(JobKind::List, Report::Listed(Ok(home())));
    assert_eq!(here(&harness), name, "the highlight stays");
    harness.type_text("zzzz");
    assert!(harness.screen().contains("Nothing here is called that."));
    harness.press("Enter");
    assert!(harness.started().is_empty());
    harness.press("Esc");
    assert!(harness.model.screens.import.picker.open, "first what is typed goes");
    harness.type_text("~/mail");
    harness.press("Enter");
    assert_eq!(previewed(&mut harness), PathBuf::from("~/mail"), "a path may be typed, too");
}

#[test]
fn thousands_of_files_are_found_among_and_moved_through() {
    let mut harness = looked(80, 24);
    harness.press("o");
    let entry = |at: usize| Entry { name: format!("note-{at:04}.txt").into(), kind: EntryKind::File(None) };
    let entries: Vec<Entry> = (0..5000).map(entry).collect();
    let many = Folder { path: HOME.into(), entries, hidden: 0, beyond: 1234 };
    harness.report(JobKind::List, Report::Listed(Ok(Arc::new(many))));
    assert!(harness.screen().contains("5 000 of 6 234") && harness.screen().contains("Too many for a list"));
    harness.press("PgDn");
    let paged = here(&harness);
    assert!(paged.starts_with("note-00") && harness.screen().contains(&paged), "{paged}");
    harness.type_text("4321");
    assert_eq!(here(&harness), "note-4321.txt");
}

#[test]
fn enter_in_an_empty_field_opens_the_list() {
    let mut harness = looked(80, 24);
    press(&mut harness, "e Enter");
    assert_eq!(asked(&mut harness).0, None);
    press(&mut harness, "Esc");
    assert!(!harness.model.screens.import.picker.open && harness.model.field().is_none());
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
        harness.report(JobKind::Preview, Report::Found(Arc::new(scan)));
        harness
    };
    pictures("import_texts", shown);
    let screen = shown(80, 24).screen();
    assert!(screen.contains("See you at noon, then.") && screen.contains("2024-05-16, mbox, Lunch"), "{screen}");
}

#[test]
fn the_last_import_is_taken_back() {
    let undone = |width, height| {
        let mut harness = looked(width, height);
        harness.press("u");
        assert!(matches!(&harness.started()[..], [(_, Job::Undo)]));
        harness.report(JobKind::Undo, Report::Undone(there().last_import.unwrap()));
        assert!(matches!(&harness.started()[..], [(_, Job::Look)]), "what is there is looked at again");
        harness.report(JobKind::Look, Report::Looked(Box::default()));
        harness
    };
    pictures("import_undone", undone);
    let mut harness = looked(80, 24);
    harness.press("2");
    harness.report(JobKind::Profile, Report::Profiled(Box::new(profile())));
    press(&mut harness, "1 u");
    harness.report(JobKind::Undo, Report::Undone(there().last_import.unwrap()));
    assert!(harness.model.screens.style.profile.is_none(), "what was known of the texts is forgotten");
    let mut none = Harness::new(80, 24);
    none.report(JobKind::Look, Report::Looked(Box::new(status())));
    none.started();
    none.press("u");
    assert!(none.started().is_empty(), "there is nothing to take back");
}

#[test]
fn in_the_demo_nothing_is_chosen_while_a_step_is_at_work() {
    let context = Context::new(Some(std::path::Path::new("/nowhere")), None, Some(1)).unwrap();
    let demo = Demo { context, writing: "/demo/writing".into(), options: ImportOptions::default(), steps: 40 };
    let mut harness = Harness::with_guide(80, 24, Some(Guide::new(&demo)));
    harness.report(JobKind::Look, Report::Looked(Box::new(there())));
    harness.started();
    harness.press("u");
    assert!(harness.started().is_empty(), "the guide's texts stay");
    harness.press("Enter");
    assert!(matches!(&harness.started()[..], [(_, Job::Profile)]), "an earlier demo is gone on with");
    let mut harness = Harness::with_guide(80, 24, Some(Guide::new(&demo)));
    let nothing = Status { texts: Summary::default(), ..there() };
    harness.report(JobKind::Look, Report::Looked(Box::new(nothing)));
    harness.started();
    harness.press("Enter");
    assert!(matches!(&harness.started()[..], [(_, Job::Preview { .. })]));
    harness.press("o");
    assert!(harness.started().is_empty() && !harness.model.screens.import.picker.open);
}
