//! Files and folders as people have them, read through the public door of `import`.

use std::fs;
use std::path::{Path, PathBuf};

use xpert::import::{DropReason, Hint, ImportError, ImportOptions, Scan, SkipReason, scan};
use xpert::platform::cancel::Cancel;
use xpert::store::{Format, Store};

use crate::shared;

mod mail;
mod prose;
mod recognise;
mod records;

struct Desk(tempfile::TempDir);

impl Desk {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn put(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, content).unwrap();
        path
    }

    fn scan(&self) -> Result<Scan, ImportError> {
        read(self.0.path(), &ImportOptions::default())
    }
}

fn read(path: &Path, options: &ImportOptions) -> Result<Scan, ImportError> {
    scan(&[path.to_path_buf()], options, &Cancel::new(), &mut |_| ())
}

fn mapped(map: &str) -> ImportOptions {
    ImportOptions { map: Some(map.parse().unwrap()), ..ImportOptions::default() }
}

fn me(me: &str) -> ImportOptions {
    ImportOptions { me: vec![me.into()], ..ImportOptions::default() }
}

fn mail(from: &str, id: u32, reply_to: Option<u32>, body: &str) -> String {
    let reply = reply_to.map(|id| format!("In-Reply-To: <{id}@example.org>\n")).unwrap_or_default();
    format!(
        "From: {from}\nDate: Thu, 16 May 2024 20:25:56 +0200\nSubject: Plans {id}\nMessage-ID: <{id}@example.org>\n{reply}\n{body}\n"
    )
}

const ANN: &str = "Ann Lee <ann@example.org>";
const BO: &str = "Bo Ek <bo@example.org>";

fn mailbox() -> String {
    let mails = [
        mail(BO, 1, None, "Shall we all meet on Sunday?"),
        mail(ANN, 2, Some(1), "Sunday suits me very well.\n\nBest,\nAnn"),
        mail(ANN, 3, None, "Could you bring the blue tent?\n\nOn Monday I will not need it."),
        mail(ANN, 4, None, "Could you bring the blue tent?\n\nOn Monday I will not need it."),
        mail(ANN, 5, None, "Ok."),
        mail(ANN, 6, None, "---------- Forwarded message ---------\nFrom: Cy\n\nLook at this one."),
        mail("no-reply@example.org", 7, None, "Your parcel has been sent today."),
    ];
    mails.iter().map(|mail| format!("From x@example.org Thu May 16 20:25:56 2024\n{mail}\n")).collect()
}

#[test]
fn a_folder_of_everything_becomes_documents_of_each_kind() {
    let desk = Desk::new();
    desk.put(
        "diary.txt",
        "A good day\n\nToday we walked up the hill and back down again.\n\nIt was warm and I was tired.\n",
    );
    desk.put("notes/trip.md", "# The trip\n\nWe took the early train to the coast.\n\n```\ncode\n```\n");
    desk.put("mailbox.txt", mailbox());
    desk.put("mail/one.eml", mail(ANN, 9, None, "This one lay in a file of its own."));
    desk.put("chat", "{\"text\": \"hello there, how are you?\"}\n{\"text\": \"I am fine, thank you all.\"}\n");
    desk.put("story.jsonl", "Once upon a time there was a file with a wrong name.\n");
    desk.put(".hidden/secret.txt", "This must never be read by anyone.\n");
    desk.put("picture.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR");
    desk.put("blob.dat", [0_u8, 1, 2, 3, 4, 5, 6, 7, 0, 0, 0, 0]);
    desk.put("empty.txt", " \n");
    desk.put("program.py", "print('this is not prose at all')\n");
    desk.put("main.RS", "fn main() {}\n");
    let scan = desk.scan().unwrap();

    let format_of = |part: &str| scan.files.iter().find(|file| file.path.ends_with(part)).map(|file| file.format);
    assert_eq!(format_of("diary.txt"), Some(Format::Text));
    assert_eq!(format_of("trip.md"), Some(Format::Markdown));
    assert_eq!(format_of("mailbox.txt"), Some(Format::Mbox));
    assert_eq!(format_of("one.eml"), Some(Format::Eml));
    assert_eq!(format_of("chat"), Some(Format::Jsonl));
    assert_eq!(format_of("story.jsonl"), Some(Format::Text));
    assert_eq!(scan.files.len(), 6);
    let skipped = |reason| scan.skipped.get(&reason).copied().unwrap_or(0);
    assert_eq!((skipped(SkipReason::Hidden), skipped(SkipReason::Binary)), (1, 2));
    assert_eq!((skipped(SkipReason::Empty), skipped(SkipReason::NotProse)), (1, 2));
    assert!(scan.problems.is_empty(), "{:?}", scan.problems);

    let dropped = |reason| scan.dropped.get(&reason).copied().unwrap_or(0);
    assert_eq!((dropped(DropReason::NotMine), dropped(DropReason::Duplicate)), (1, 1));
    assert_eq!((dropped(DropReason::TooShort), dropped(DropReason::Forward)), (1, 1));
    assert_eq!(dropped(DropReason::Automatic), 1);
    assert!(!scan.documents.iter().any(|document| document.text.contains("never be read")));
    assert!(scan.notes.iter().any(|note| note.contains("Ann Lee")), "{:?}", scan.notes);
    assert!(scan.hints.contains(&Hint::OwnName));

    let found: usize = scan.files.iter().map(|file| file.found).sum();
    let kept: usize = scan.files.iter().map(|file| file.kept).sum();
    assert_eq!(kept, scan.documents.len());
    assert_eq!(found - kept, scan.dropped.values().sum::<usize>(), "every text is accounted for");
}

#[test]
fn a_reply_carries_what_it_answers_even_from_someone_else() {
    let desk = Desk::new();
    let path = desk.put("mail.mbox", mailbox());
    let scan = read(&path, &me("ANN@example.org")).unwrap();
    let reply = scan.documents.iter().find(|document| document.parent_id.is_some()).unwrap();
    assert_eq!(reply.context.as_deref(), Some("Shall we all meet on Sunday?"));
    assert_eq!(reply.text, "Sunday suits me very well.\n\nBest,\nAnn");
    assert_eq!(reply.title.as_deref(), Some("Plans 2"));
    assert_eq!(reply.author.as_deref(), Some("Ann Lee <ann@example.org>"));
    assert!(scan.documents.iter().all(|document| document.author == reply.author));
    assert!(scan.notes.is_empty());

    let bo = read(&path, &me("Bo Ek")).unwrap();
    assert_eq!(bo.documents.len(), 1);
    let ImportError::NothingFound(nobody) = read(&path, &me("cy@example.org")).unwrap_err() else { panic!() };
    assert!(nobody.notes[0].contains("cy@example.org") && nobody.notes[0].contains("Ann Lee"));
}

#[test]
fn json_lines_follow_the_mapping_or_say_what_is_wrong() {
    let desk = Desk::new();
    let path = desk.put(
        "mails.jsonl",
        "{\"email\": \"Dear Tom,\\r\\n\\r\\nThank you very much.\\r\\n\\r\\nBest,\\r\\nDavid\", \"subject\": \"Re: Tent\", \"sent\": \"2024-05-16\"}\n",
    );
    let scan = read(&path, &mapped("text=email,context=subject,date=sent")).unwrap();
    let document = &scan.documents[0];
    assert_eq!(document.text, "Dear Tom,\n\nThank you very much.\n\nBest,\nDavid");
    assert_eq!((document.context.as_deref(), document.timestamp), (Some("Re: Tent"), Some(1_715_817_600)));

    let error = read(&path, &mapped("text=body")).unwrap_err().to_string();
    assert!(error.contains("`body`") && error.contains("email, subject, sent"), "{error}");
    let error = read(&path, &mapped("text=email,author=who")).unwrap_err().to_string();
    assert!(error.contains("`who`") && error.contains("author"), "{error}");

    // A second file with other fields does not spoil the first.
    desk.put("other.jsonl", "{\"words\": \"nothing that the mapping names\"}\n");
    let scan = read(desk.0.path(), &mapped("text=email")).unwrap();
    assert_eq!((scan.documents.len(), scan.problems.len()), (1, 1));
    assert!(scan.problems[0].what.contains("words"));

    let strange = desk.put("strange.json", "[{\"words\": \"a b c d e\"}, {\"words\": \"f g h i j\"}]");
    let ImportError::NothingFound(scan) = read(&strange, &ImportOptions::default()).unwrap_err() else { panic!() };
    assert!(scan.problems[0].what.contains("words") && scan.hints.contains(&Hint::FieldMap), "{scan:?}");
    assert_eq!(read(&strange, &mapped("text=words")).unwrap().documents.len(), 2);
}

#[test]
fn a_file_named_outright_that_cannot_be_used_says_why_and_what_to_do() {
    let desk = Desk::new();
    let why = |path: &Path| read(path, &ImportOptions::default()).unwrap_err().to_string();
    assert!(why(&desk.put("empty.txt", "")).contains("empty"));
    let pdf = why(&desk.put("thesis.pdf", "%PDF-1.7\n..."));
    assert!(pdf.contains("a PDF") && pdf.contains("plain text"), "{pdf}");
    assert!(why(&desk.put("page.html", "<html><body>words words words words</body></html>")).contains("web page"));
    assert!(why(&desk.put("short.txt", "Two words\n")).contains("too short (1 text)"));
    assert!(why(&desk.path("nowhere.txt")).contains("does not exist"));
    assert!(matches!(scan(&[], &ImportOptions::default(), &Cancel::new(), &mut |_| ()), Err(ImportError::NoPaths)));
}

#[test]
fn sizes_have_limits() {
    let desk = Desk::new();
    let options = ImportOptions { max_file_bytes: 100, max_line_bytes: 60, ..ImportOptions::default() };
    let large = read(&desk.put("large.txt", "many words ".repeat(20)), &options).unwrap_err().to_string();
    assert!(large.contains("larger than") && large.contains("split it"), "{large}");
    let lines = format!("A line with a few words.\n{}\nAnother with some more.\n", "x".repeat(61));
    let options = ImportOptions { max_file_bytes: 1000, ..options };
    let scan = read(&desk.put("lines.txt", lines), &options).unwrap();
    assert_eq!(scan.documents[0].text, "A line with a few words.\nAnother with some more.");
    assert_eq!(scan.dropped[&DropReason::LongLine], 1);
}

#[cfg(unix)]
#[test]
fn link_loops_pipes_and_second_names_do_no_harm() {
    use std::os::unix::fs::symlink;
    let desk = Desk::new();
    let note = desk.put("a/note.txt", "Only one note with some words is here.\n");
    symlink(desk.path("a"), desk.path("a/again")).unwrap();
    symlink(&note, desk.path("b.txt")).unwrap();
    symlink("self", desk.path("self")).unwrap();
    symlink("missing", desk.path("dangling")).unwrap();
    assert!(std::process::Command::new("mkfifo").arg(desk.path("pipe.txt")).status().unwrap().success());
    let scan = desk.scan().unwrap();
    assert_eq!(scan.documents.len(), 1);
    let skipped = |reason| scan.skipped.get(&reason).copied().unwrap_or(0);
    assert_eq!(skipped(SkipReason::LinkLoop), 2, "{:?} {:?}", scan.skipped, scan.problems);
    assert_eq!((skipped(SkipReason::SameFile), skipped(SkipReason::NotAFile)), (1, 2));
    assert!(scan.problems.is_empty());
}

#[test]
fn a_stop_is_heeded_and_progress_is_told() {
    let desk = Desk::new();
    for n in 0..5 {
        desk.put(&format!("{n}.txt"), format!("Note number {n} has a few words.\n"));
    }
    let cancel = Cancel::new();
    let mut told = Vec::new();
    let stopped = scan(&[desk.0.path().to_path_buf()], &ImportOptions::default(), &cancel, &mut |progress| {
        told.push((progress.files_done, progress.files_total, progress.texts));
        if progress.files_done == 2 {
            cancel.request();
        }
    });
    assert!(matches!(stopped, Err(ImportError::Cancelled(_))));
    assert_eq!(told, [(0, 5, 0), (1, 5, 1), (2, 5, 2)]);
}

#[test]
fn invisible_and_control_characters_never_reach_a_document() {
    let desk = Desk::new();
    desk.put("n.jsonl", "{\"text\": \"one\\u0000 two \\u001b[31mthree\\u200b \\u202efour\"}\n");
    assert_eq!(desk.scan().unwrap().documents[0].text, "one two [31mthree four");
}

#[test]
fn importing_twice_adds_nothing() {
    let desk = Desk::new();
    let path = desk.put("mail.mbox", mailbox());
    let documents = read(&path, &ImportOptions::default()).unwrap().documents;
    let mut store = Store::open(&desk.path("data/xpert.db")).unwrap();
    let first = store.add(&documents, &Cancel::new()).unwrap();
    assert_eq!((first.added, first.already_there), (documents.len(), 0));
    let again = read(&path, &ImportOptions::default()).unwrap().documents;
    let second = store.add(&again, &Cancel::new()).unwrap();
    assert_eq!((second.added, second.already_there), (0, documents.len()));
    let kept: Vec<_> = store.texts().unwrap().into_iter().map(|text| text.document).collect();
    assert_eq!(kept, documents);
}

/// Sent mail of three people; only counts and shapes are looked at.
#[test]
fn real_sent_mail_is_read_whole() {
    let Some(folder) = shared::find("eval/emails") else { return };
    for file in fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()) {
        let records = fs::read_to_string(&file).unwrap().lines().count();
        let scan = read(&file, &mapped("text=email,context=subject")).unwrap();
        assert!(scan.documents.len() * 10 >= records * 8, "{}: {} of {records}", file.display(), scan.documents.len());
        assert!(scan.documents.iter().all(|document| !document.text.contains('\r')));
        let with_context = scan.documents.iter().filter(|document| document.context.is_some()).count();
        assert!(with_context * 10 >= records * 9, "a subject may be empty, but seldom is");
        assert_eq!(scan.documents.len() + scan.dropped.values().sum::<usize>(), records);
    }
}

#[test]
fn of_the_demo_persona_exactly_her_own_words_are_read() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/demo");
    let mails = fs::read_to_string(folder.join("mail.mbox")).unwrap();
    let lines = |start: &str| mails.lines().filter(|line| line.starts_with(start)).count();
    // Hers but for the automatic replies; those who write to her are context only.
    let (hers, automatic) = (lines("From: Nell Ashdown"), lines("Auto-Submitted:"));
    let scan = read(&folder.join("mail.mbox"), &ImportOptions::default()).unwrap();
    let dropped: Vec<_> = scan.dropped.iter().map(|(reason, count)| (*reason, *count)).collect();
    assert_eq!(scan.documents.len(), hers - automatic);
    assert_eq!(dropped, [(DropReason::NotMine, lines("Message-ID:") - hers), (DropReason::Automatic, automatic)]);
    assert!(scan.documents.iter().all(|document| document.timestamp.is_some() && document.title.is_some()));
    assert!(!scan.documents.iter().any(|document| document.text.contains("wrote:") || document.text.contains("\n>")));
    let notes = read(&folder.join("notes"), &ImportOptions::default()).unwrap();
    assert!(notes.documents.iter().all(|document| document.title.is_some() && document.format == Format::Markdown));
    assert_eq!((notes.dropped.len(), notes.problems.len()), (0, 0), "{:?}", notes.dropped);
}
