//! The database as the rest of the program meets it: private, whole, and clear about what is wrong.

use std::fs;
use std::path::Path;

use xpert::platform::cancel::Cancel;
use xpert::store::{Added, Document, Format, Store, StoreError, Text, content_hash, count_words};

fn document(source: &str, format: Format, text: &str, timestamp: Option<i64>) -> Document {
    Document {
        source: source.into(),
        format,
        thread: Some("thread".into()),
        message_id: Some("id".into()),
        parent_id: None,
        author: Some("Ann".into()),
        timestamp,
        title: Some("A title".into()),
        context: Some("What?".into()),
        text: text.into(),
        hash: content_hash(text, Some("What?")),
    }
}

fn some_documents() -> Vec<Document> {
    vec![
        document("a.mbox", Format::Mbox, "one two three four", Some(200)),
        document("b.txt", Format::Text, "five six seven eight nine", None),
        document("a.mbox", Format::Mbox, "na\u{ef}ve \u{1f600} ten eleven", Some(100)),
    ]
}

/// Every file of a folder with its bytes, to tell whether anything was touched.
fn snapshot(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), fs::read(&path).unwrap()))
        .collect();
    files.sort();
    files
}

#[test]
fn what_is_added_is_there_when_opened_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("deep/er/xpert.db");
    let documents = some_documents();
    let added = Store::open(&path).unwrap().add(&documents, &Cancel::new()).unwrap();
    assert_eq!(added, Added { added: 3, already_there: 0 });

    let mut store = Store::open(&path).unwrap();
    let texts = store.texts().unwrap();
    assert!(texts.windows(2).all(|pair| pair[0].id < pair[1].id));
    assert!(texts.iter().all(|text| text.hash == text.document.hash));
    assert_eq!(texts.iter().map(|text| text.words).collect::<Vec<_>>(), [4, 5, 3]);
    assert_eq!(texts.into_iter().map(|text| text.document).collect::<Vec<_>>(), documents);
    assert_eq!(store.add(&documents, &Cancel::new()).unwrap(), Added { added: 0, already_there: 3 });

    let summary = store.summary().unwrap();
    assert_eq!((summary.texts, summary.words, summary.first, summary.last), (3, 12, Some(100), Some(200)));
    let sources: Vec<_> = summary.sources.iter().map(|s| (s.source.as_str(), s.format, s.texts, s.words)).collect();
    assert_eq!(sources, [("a.mbox", Format::Mbox, 2, 7), ("b.txt", Format::Text, 1, 5)]);
    assert_eq!(
        summary.formats.iter().map(|f| (f.format, f.texts)).collect::<Vec<_>>(),
        [(Format::Mbox, 2), (Format::Text, 1)]
    );
}

#[test]
fn an_empty_database_is_summed_up_too() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&folder.path().join("xpert.db")).unwrap();
    assert_eq!(store.summary().unwrap(), xpert::store::Summary::default());
    assert!(store.texts().unwrap().is_empty());
}

#[cfg(unix)]
#[test]
fn only_the_user_can_read_it() {
    use std::os::unix::fs::PermissionsExt;
    let outer = tempfile::tempdir().unwrap();
    let folder = outer.path().join("data");
    fs::create_dir(&folder).unwrap();
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o755)).unwrap();
    let path = folder.join("xpert.db");
    // As another program with looser habits would have left it.
    fs::write(&path, "").unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    let mut store = Store::open(&path).unwrap();
    store.add(&some_documents(), &Cancel::new()).unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&folder), 0o700);
    let files: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(files.len(), 3, "{files:?}");
    for file in files {
        assert_eq!(mode(&file), 0o600, "{}", file.display());
    }
}

#[cfg(unix)]
#[test]
fn a_folder_shared_by_all_is_not_closed_to_the_others() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o1777)).unwrap();
    Store::open(&folder.path().join("xpert.db")).unwrap();
    assert_eq!(fs::metadata(folder.path()).unwrap().permissions().mode() & 0o7777, 0o1777);
}

#[test]
fn a_stop_half_way_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = Store::open(&folder.path().join("xpert.db")).unwrap();
    let cancel = Cancel::new();
    cancel.request();
    assert!(matches!(store.add(&some_documents(), &cancel), Err(StoreError::Cancelled(_))));
    assert!(store.texts().unwrap().is_empty());

    // From another thread, in the middle of the work: all or nothing, whichever came first.
    let many: Vec<_> =
        (0..50_000).map(|n| document("m", Format::Text, &format!("text {n} of many words"), None)).collect();
    let cancel = Cancel::new();
    let stopper = std::thread::spawn({
        let cancel = cancel.clone();
        move || {
            std::thread::sleep(std::time::Duration::from_millis(20));
            cancel.request();
        }
    });
    let outcome = store.add(&many, &cancel);
    stopper.join().unwrap();
    let left = store.summary().unwrap();
    match outcome {
        Ok(added) => assert_eq!((added.added, left.texts), (many.len(), many.len())),
        Err(StoreError::Cancelled(_)) => assert_eq!((left.texts, left.sources.len()), (0, 0)),
        Err(other) => panic!("{other}"),
    }
}

#[test]
fn a_newer_database_is_left_exactly_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("xpert.db");
    drop(Store::open(&path).unwrap());
    rusqlite::Connection::open(&path).unwrap().pragma_update(None, "user_version", 99).unwrap();
    let before = snapshot(folder.path());
    let error = Store::open(&path).unwrap_err();
    assert!(matches!(error, StoreError::Newer { found: 99, .. }), "{error}");
    assert!(error.to_string().contains("newer"));
    assert_eq!(snapshot(folder.path()), before);
}

#[test]
fn what_is_not_ours_is_left_exactly_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("xpert.db");
    for content in ["Dear diary, this is no database.", "SQLite format 3\0 but cut off"] {
        fs::write(&path, content).unwrap();
        assert!(matches!(Store::open(&path), Err(StoreError::NotADatabase { .. })));
        assert_eq!(fs::read_to_string(&path).unwrap(), content);
    }
    fs::remove_file(&path).unwrap();
    rusqlite::Connection::open(&path).unwrap().execute_batch("CREATE TABLE birds (name TEXT)").unwrap();
    let before = snapshot(folder.path());
    assert!(matches!(Store::open(&path), Err(StoreError::Foreign { .. })));
    assert_eq!(snapshot(folder.path()), before);
}

#[test]
fn a_damaged_database_is_said_to_be_damaged() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("xpert.db");
    let many: Vec<_> =
        (0..500).map(|n| document("m", Format::Text, &format!("text {n} of many words"), None)).collect();
    Store::open(&path).unwrap().add(&many, &Cancel::new()).unwrap();
    let mut bytes = fs::read(&path).unwrap();
    let length = bytes.len();
    bytes[4096..length].fill(0x5a);
    fs::write(&path, &bytes).unwrap();
    let error = Store::open(&path).and_then(|store| store.texts()).unwrap_err();
    assert!(matches!(error, StoreError::Corrupt { .. }), "{error}");
}

#[test]
fn a_place_that_cannot_be_used_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "in the way").unwrap();
    let error = Store::open(&file.join("xpert.db")).unwrap_err();
    assert!(matches!(error, StoreError::Folder { .. }), "{error}");
    let explained = xpert::cli::explain(&error.into());
    assert!(explained.contains("--data-dir"), "{explained}");
    let error = Store::open(folder.path()).unwrap_err();
    assert!(matches!(error, StoreError::Unusable { .. }), "{error}");
}

#[test]
fn two_that_open_a_new_database_at_once_both_succeed() {
    let folder = tempfile::tempdir().unwrap();
    for round in 0..10 {
        let path = folder.path().join(format!("{round}.db"));
        let open = |n: usize| {
            let path = path.clone();
            std::thread::spawn(move || {
                let text = format!("words of thread number {n}");
                Store::open(&path)?.add(&[document("s", Format::Text, &text, None)], &Cancel::new())
            })
        };
        let threads: Vec<_> = (0..4).map(open).collect();
        for thread in threads {
            thread.join().unwrap().unwrap();
        }
        assert_eq!(Store::open(&path).unwrap().summary().unwrap().texts, 4);
    }
}

/// The database as version 1 left it, with one text.
fn version_1(path: &Path) {
    let old = rusqlite::Connection::open(path).unwrap();
    old.execute_batch(include_str!("../../src/store/schema_1.sql")).unwrap();
    old.execute_batch(
        "INSERT INTO sources (path, format) VALUES ('old.txt', 'text');
         INSERT INTO texts (source_id, text, words, hash) VALUES (1, 'from long ago', 3, 'a hash')",
    )
    .unwrap();
    old.pragma_update(None, "user_version", 1).unwrap();
}

fn words_of(store: &Store) -> Vec<String> {
    let text = |text: Text| text.document.text;
    store.texts().unwrap().into_iter().map(text).collect()
}

#[test]
fn a_database_of_version_1_keeps_its_texts_and_they_belong_to_no_import() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("xpert.db");
    version_1(&path);
    let mut store = Store::open(&path).unwrap();
    assert_eq!(words_of(&store), ["from long ago"]);
    assert_eq!(store.last_import().unwrap(), None);

    store.add(&some_documents(), &Cancel::new()).unwrap();
    let last = store.last_import().unwrap().expect("the new one");
    assert_eq!((last.texts, last.sources.as_slice()), (3, ["a.mbox".to_owned(), "b.txt".to_owned()].as_slice()));
    assert!(last.created > 1_700_000_000);
    assert_eq!(store.undo_import(last.id).unwrap(), last);
    assert_eq!(words_of(&store), ["from long ago"]);
    assert_eq!(store.last_import().unwrap(), None);
    assert_eq!(store.conversations().unwrap(), []);
}

#[test]
fn undoing_an_import_removes_exactly_what_it_added() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = Store::open(&folder.path().join("xpert.db")).unwrap();
    let shared = document("a.txt", Format::Text, "brought by both of them", None);
    store.add(&[document("a.txt", Format::Text, "the first alone", None), shared.clone()], &Cancel::new()).unwrap();
    let (before, first) = (store.summary().unwrap(), store.last_import().unwrap().unwrap());
    let again = document("b.mbox", Format::Mbox, "the second alone", None);
    let more = document("a.txt", Format::Text, "the second, from the same file", None);
    let added = store.add(&[shared, again, more], &Cancel::new()).unwrap();
    assert_eq!(added, Added { added: 2, already_there: 1 });

    let second = store.last_import().unwrap().unwrap();
    assert_eq!((second.texts, second.sources.len()), (2, 2));
    store.undo_import(second.id).unwrap();
    assert_eq!(words_of(&store), ["the first alone", "brought by both of them"]);
    assert_eq!(store.summary().unwrap(), before, "the source that only the second had is gone, too");

    // It cannot be undone twice, and its number is never that of another.
    let error = store.undo_import(second.id).unwrap_err();
    assert!(matches!(error, StoreError::NoImport { .. }), "{error}");
    store.add(&[document("c.txt", Format::Text, "a third", None)], &Cancel::new()).unwrap();
    let third = store.last_import().unwrap().unwrap();
    assert!(third.id > second.id);
    store.undo_import(third.id).unwrap();
    assert_eq!(store.last_import().unwrap(), Some(first));
}

#[test]
fn an_import_that_added_nothing_is_not_the_last_one() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = Store::open(&folder.path().join("xpert.db")).unwrap();
    store.add(&some_documents(), &Cancel::new()).unwrap();
    let last = store.last_import().unwrap();
    store.add(&some_documents(), &Cancel::new()).unwrap();
    assert_eq!(store.last_import().unwrap(), last);
    let stopped = Cancel::new();
    stopped.request();
    store.add(&[document("d", Format::Text, "never there", None)], &stopped).unwrap_err();
    assert_eq!(store.last_import().unwrap(), last);
}

#[test]
fn hash_ignores_wrapping_but_not_words_or_context() {
    let hash = content_hash("See you  at\nnoon.", None);
    assert_eq!(hash, content_hash(" See you at noon.\r\n", None));
    assert_eq!(content_hash("abc", None).len(), 64);
    assert!(hash.chars().all(|c| matches!(c, '0'..='9' | 'a'..='f')));
    assert_ne!(hash, content_hash("See you at noon!", None));
    assert_ne!(hash, content_hash("See you at noon.", Some("When?")));
    assert_ne!(content_hash("a b", Some("c")), content_hash("a", Some("b c")));
    assert_ne!(content_hash("a", None), content_hash("a", Some("")));
}

#[test]
fn words_need_a_letter_or_digit() {
    assert_eq!(count_words("Well -- that's 3 words, * no?"), 5);
    assert_eq!(count_words(" \n "), 0);
}

#[test]
fn format_names_are_read_back() {
    for format in [Format::Text, Format::Markdown, Format::Mbox, Format::Eml, Format::Jsonl] {
        assert_eq!(format.as_str().parse::<Format>().unwrap(), format);
    }
    assert!("docx".parse::<Format>().unwrap_err().contains("docx"));
}
