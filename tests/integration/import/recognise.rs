//! What a file is taken for, by its content and its name; encodings; and what a folder lists.

use std::path::Path;

use xpert::import::{EntryKind, Folder, ImportError, ImportOptions, MOST_ENTRIES, Scan, list};
use xpert::platform::cancel::Cancel;
use xpert::store::Format;

use super::{Desk, read};

/// The scan of a file that the user named, whatever was found in it.
fn scanned(name: &str, content: impl AsRef<[u8]>) -> Scan {
    let options = ImportOptions { min_words: 0, ..ImportOptions::default() };
    match read(&Desk::new().put(name, content), &options) {
        Ok(scan) => scan,
        Err(ImportError::NothingFound(scan)) => *scan,
        Err(other) => panic!("{other}"),
    }
}

#[test]
fn the_content_decides() {
    let mail = "From: Ann <ann@example.org>\nDate: Thu, 16 May 2024 20:25:56 +0200\nSubject: Lunch\n\nNoon?\n";
    let mbox = format!("From ann@example.org Thu May 16 20:25:56 2024\n{mail}");
    for (name, content, format, texts) in [
        ("mail.txt", mbox.as_str(), Format::Mbox, 1),
        ("mail", mail, Format::Eml, 1),
        ("letter.txt", "From the hill one sees it all.\nTo: nobody in particular\n", Format::Text, 1),
        ("memo.txt", "To: everyone\nSubject: lunch\n\nCome at noon.\n", Format::Text, 1),
        ("noname", "{\"text\": \"a\"}\n{\"text\": \"b\"}\n", Format::Jsonl, 2),
        ("one.json", "{\"text\": \"a\"}", Format::Jsonl, 1),
        ("many.json", "[\n {\"text\": \"a\"},\n {\"text\": \"b\"}\n]", Format::Jsonl, 2),
        ("broken.jsonl", "{\"text\": \"a\"}\n{\"text\": \n", Format::Jsonl, 2),
        ("prose.jsonl", "Today I went out.\nIt rained.", Format::Text, 1),
        ("aside.txt", "[Note to self] Buy milk.\n", Format::Text, 1),
        ("brace.txt", "{curious} way to begin\n", Format::Text, 1),
        ("note.md", "Just words.", Format::Markdown, 1),
        ("note.txt", "# Trip\n\nWe saw [a hill](http://example.org).\n", Format::Markdown, 1),
        ("note", "---\ntitle: Trip\ntags: [a]\n---\nWords.\n", Format::Markdown, 1),
        ("plain.txt", "#1 on my list:\n- milk\n", Format::Text, 1),
    ] {
        let files = scanned(name, content).files;
        assert_eq!((files[0].format, files[0].found), (format, texts), "{name}");
    }
    for (name, content, what) in [
        ("deep.json", "{\n \"text\": {\n \"a\": 1\n }\n}", "neither one object per line nor an array"),
        ("broken.json", "[{\"text\": \"a\"},", "neither one object per line nor an array"),
        ("page", "<!DOCTYPE html><html><body>x</body></html>", "web page"),
        ("thesis", "%PDF-1.7 ...", "a PDF"),
        ("blob", "\0\u{1}\u{2}\u{3}\0\0\t\u{b}\0\u{e}\0\0\u{1f}", "not text"),
        ("program", "\u{7f}ELF\u{2}\u{1}\u{1}\0\0\0\0\0\0\0\0\0\u{3}\0\u{3e}\0\u{1}\0\0\0", "not text"),
    ] {
        let problems = scanned(name, content).problems;
        assert!(problems[0].what.contains(what), "{name}: {problems:?}");
    }
    assert_eq!(scanned("stray", "one stray \u{1} control in a long enough line of text").documents.len(), 1);
}

#[test]
fn the_usual_encodings_are_told_apart() {
    let text = "Caf\u{e9} au lait, 3 \u{20ac}";
    let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    for (bytes, charset, note) in [
        (text.as_bytes().to_vec(), "UTF-8", None),
        ([b"\xef\xbb\xbf", text.as_bytes()].concat(), "UTF-8", None),
        ([&b"\xff\xfe"[..], &little].concat(), "UTF-16LE", Some("UTF-16")),
        ([&b"\xfe\xff"[..], &big].concat(), "UTF-16BE", Some("UTF-16")),
        (little, "UTF-16LE", Some("UTF-16")),
        (b"Caf\xe9 au lait, 3 \x80".to_vec(), "windows-1252", Some("Windows-1252")),
    ] {
        let scan = scanned("menu.txt", bytes);
        assert_eq!((scan.documents[0].text.as_str(), scan.files[0].charset), (text, Some(charset)));
        assert!(scan.notes.len() == usize::from(note.is_some()), "{:?}", scan.notes);
        assert!(scan.notes.iter().zip(note).all(|(said, note)| said.contains(note)), "{:?}", scan.notes);
    }
    let damaged = ["\u{e9}\u{e8}\u{ea}\u{eb} and ".repeat(5).as_bytes(), b"\xff"].concat();
    let scan = scanned("damaged.txt", damaged);
    assert_eq!(scan.files[0].charset, Some("UTF-8"), "one damaged byte does not turn UTF-8 into Latin");
    assert!(scan.documents[0].text.starts_with("\u{e9}\u{e8}"));
}

fn names(folder: &Folder) -> Vec<String> {
    folder.entries.iter().map(|entry| entry.name.to_string_lossy().into_owned()).collect()
}

#[test]
fn folders_come_first_and_files_are_known_by_name_or_content() {
    let place = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &[u8]| std::fs::write(place.path().join(name), text).unwrap();
    std::fs::create_dir(place.path().join("Zebra")).unwrap();
    std::fs::create_dir(place.path().join("attic")).unwrap();
    write("b.txt", b"words");
    write(
        "Sent",
        b"From ann@x Thu May 16 20:25:56 2024\nFrom: Ann <ann@x>\nDate: Thu, 16 May 2024 20:25:56 +0200\n\nHello.\n",
    );
    write("chat.json", format!("[{{\"text\": \"{}\"}},\n{{\"text\": \"b\"}}]", "a ".repeat(3000)).as_bytes());
    write("long.json", format!("[{}{{}}]", "{\"text\": \"a\"},\n".repeat(3000)).as_bytes());
    write("diary", "Il pleut, et la rivière monte.".as_bytes());
    write("photo.jpg", b"\xff\xd8\xff\xe0\0\0");
    write("main.rs", b"fn main() {}");
    write("empty", b"");
    write(".secret.txt", b"words");
    let listed = list(place.path(), false, &Cancel::new()).unwrap();
    assert_eq!(
        names(&listed),
        ["attic", "Zebra", "b.txt", "chat.json", "diary", "empty", "long.json", "main.rs", "photo.jpg", "Sent"]
    );
    let file = EntryKind::File;
    let kinds: Vec<EntryKind> = listed.entries.iter().map(|entry| entry.kind).collect();
    assert_eq!(kinds[..2], [EntryKind::Folder; 2]);
    assert_eq!(
        kinds[2..],
        [
            file(Some(Format::Text)),
            file(Some(Format::Jsonl)),
            file(Some(Format::Text)),
            file(None),
            file(Some(Format::Jsonl)),
            file(None),
            file(None),
            file(Some(Format::Mbox)),
        ]
    );
    assert_eq!((listed.hidden, listed.beyond), (1, 0));
    let all = list(place.path(), true, &Cancel::new()).unwrap();
    assert_eq!((all.hidden, all.entries.len()), (0, listed.entries.len() + 1));
}

#[test]
fn a_huge_folder_is_cut_and_says_so() {
    let place = tempfile::tempdir().unwrap();
    for number in 0..MOST_ENTRIES + 3 {
        std::fs::write(place.path().join(format!("{number:05}")), b"").unwrap();
    }
    let listed = list(place.path(), false, &Cancel::new()).unwrap();
    assert_eq!((listed.entries.len(), listed.beyond), (MOST_ENTRIES, 3));
    assert_eq!(names(&listed)[0], "00000");
}

#[test]
fn what_cannot_be_listed_says_why_and_a_stop_is_heard() {
    let place = tempfile::tempdir().unwrap();
    let said = |path: &Path| list(path, false, &Cancel::new()).unwrap_err().to_string();
    let gone = place.path().join("gone");
    assert!(said(&gone).contains("gone: it no longer exists"), "{}", said(&gone));
    std::fs::write(place.path().join("a.txt"), b"words").unwrap();
    assert!(said(&place.path().join("a.txt")).contains("it is not a folder"));
    let stop = Cancel::new();
    stop.request();
    assert!(matches!(list(place.path(), false, &stop), Err(ImportError::Cancelled(_))));
}
