//! What is read of JSON records: by a mapping of fields, given or guessed; dates and authors as exports write them; and whose texts
//! they are.

use xpert::import::{DropReason, FieldMap, ImportError, ImportOptions, MapError, Scan};

use super::{Desk, mapped, read};
use xpert::store::Format;

#[test]
fn a_map_is_read_and_written_back() {
    let map: FieldMap = " text = email , context=subject,date=sent".parse().unwrap();
    assert_eq!((map.text.as_str(), map.context.as_deref(), map.author.as_deref()), ("email", Some("subject"), None));
    assert_eq!(map.to_string(), "text=email,context=subject,date=sent");
    assert_eq!(map.to_string().parse::<FieldMap>().unwrap(), map);
}

#[test]
fn an_invalid_map_is_refused_with_its_error() {
    let error = |map: &str| map.parse::<FieldMap>().unwrap_err();
    assert_eq!(error("email"), MapError::NotAPair("email".into()));
    assert_eq!(error("text="), MapError::NotAPair("text=".into()));
    assert_eq!(error("body=email"), MapError::UnknownRole("body".into()));
    assert_eq!(error("text=a,text=b"), MapError::Twice("text"));
    assert_eq!(error("context=a"), MapError::NoText);
    assert_eq!(error(""), MapError::NoText);
}

fn scanned(lines: &str, options: &ImportOptions) -> Scan {
    match read(&Desk::new().put("records.jsonl", lines), &ImportOptions { min_words: 0, ..options.clone() }) {
        Ok(scan) => scan,
        Err(ImportError::NothingFound(scan)) => *scan,
        Err(other) => panic!("{other}"),
    }
}

#[test]
fn a_mapping_is_followed_and_dotted_names_reach_inside() {
    let line = r#"{"m": {"said": "One two three.\r\nFour."}, "subject": "Re: Lunch", "who": "Ann <ANN@example.org>", "at": 1715883956}"#;
    let scan = scanned(line, &mapped("text=m.said,context=subject,author=who,date=at"));
    let found = &scan.documents[0];
    assert_eq!((found.text.as_str(), found.context.as_deref()), ("One two three.\nFour.", Some("Re: Lunch")));
    assert_eq!((found.author.as_deref(), found.timestamp), (Some("Ann <ann@example.org>"), Some(1_715_883_956)));
}

#[test]
fn obvious_fields_are_guessed_and_said() {
    let scan = scanned("{\"Email\": \"a b c d\", \"subject\": \"s\", \"id\": 3}\n", &ImportOptions::default());
    assert!(scan.notes[0].contains("text=Email,context=subject"), "{:?}", scan.notes);
}

#[test]
fn rows_of_a_table_are_records() {
    let table = "id;Date;Author;Message\n1;2024-05-16;Ann;\"See you at noon; bring\nthe pump.\"\n2;;Ann;\n3;2024-05-17;Ann;Back \u{201c}soon\u{201d}.\n";
    let options = ImportOptions { min_words: 0, ..ImportOptions::default() };
    let scan = read(&Desk::new().put("chat.csv", table), &options).unwrap();
    let texts: Vec<&str> = scan.documents.iter().map(|document| document.text.as_str()).collect();
    assert_eq!(texts, ["See you at noon; bring\nthe pump.", "Back \u{201c}soon\u{201d}."]);
    assert_eq!(scan.documents[0].author.as_deref(), Some("Ann"));
    assert!(scan.documents[0].timestamp < scan.documents[1].timestamp);
    assert_eq!(scan.dropped.into_iter().collect::<Vec<_>>(), [(DropReason::NoText, 1)]);
    assert_eq!(scan.files[0].format, Format::Csv);
    // Names without rows, and names of which none is a text.
    for (table, what) in
        [("text,date\n", "no rows below the header row"), ("id,price\n1,2\n", "no field is obviously the text")]
    {
        let Err(ImportError::NothingFound(scan)) = read(&Desk::new().put("prices.csv", table), &options) else {
            panic!("{table}");
        };
        assert!(scan.problems[0].what.contains(what), "{:?}", scan.problems);
    }
}

#[test]
fn broken_long_and_textless_records_are_counted() {
    let long = format!("{{\"text\": \"{}\"}}", "x".repeat(300));
    let lines = format!(
        "{{\"text\": \"one\"}}\n{{\"text\": \"two\"}}\n{{\"text\": \n{{\"text\": null}}\n[1]\n{{\"text\": 5}}\n{long}\n"
    );
    let scan = scanned(&lines, &ImportOptions { max_line_bytes: 200, ..ImportOptions::default() });
    let dropped: Vec<_> = scan.dropped.into_iter().collect();
    assert_eq!(scan.documents.len(), 2);
    assert_eq!(dropped, [(DropReason::NoText, 2), (DropReason::Broken, 2), (DropReason::LongLine, 1)]);
}

#[test]
fn dates_in_the_usual_forms() {
    const DAY: i64 = 1_715_883_956;
    let cases = [
        ("2024-05-16T20:25:56+02:00", Some(DAY)),
        ("2024-05-16T18:25:56Z", Some(DAY)),
        ("2024-05-16 18:25:56", Some(DAY)),
        ("Thu, 16 May 2024 20:25:56 +0200", Some(DAY)),
        ("1715883956", Some(DAY)),
        ("1715883956000", Some(DAY)),
        ("1970-01-02", Some(86_400)),
        ("", None),
        ("yesterday", None),
        ("2024", None),
        ("99/99/9999", None),
        ("0000-00-00", None),
    ];
    let line =
        |(number, (date, _)): (usize, &(&str, _))| format!("{{\"text\": \"text {number}\", \"date\": \"{date}\"}}\n");
    let lines: String = cases.iter().enumerate().map(line).collect();
    let scan = scanned(&lines, &mapped("text=text,date=date"));
    for (found, (date, expected)) in scan.documents.iter().zip(cases) {
        assert_eq!(found.timestamp, expected, "{date}");
    }
    assert_eq!(scan.documents.len(), cases.len());
}

/// Texts by these authors: the numbers of those that are kept as the user's own, and what is said about that.
fn kept(authors: &[&str], me: &[&str]) -> (Vec<usize>, Vec<String>) {
    let record = |(number, author): (usize, &&str)| {
        let by = if author.is_empty() { String::new() } else { format!(", \"author\": \"{author}\"") };
        format!("{{\"text\": \"some words of text {number}\"{by}}}\n")
    };
    let lines: String = authors.iter().enumerate().map(record).collect();
    let map = if authors.iter().all(|author| author.is_empty()) { "text=text" } else { "text=text,author=author" };
    let me = me.iter().map(|me| (*me).to_owned()).collect();
    let scan = scanned(&lines, &ImportOptions { me, ..mapped(map) });
    let number = |text: &str| text.rsplit(' ').next().and_then(|number| number.parse().ok()).expect("a number");
    (scan.documents.iter().map(|document| number(&document.text)).collect(), scan.notes)
}

const AUTHORS: [&str; 5] = ["Bo Ek <bo@x>", "Ann Lee <ann@x>", "Ann Lee <ann@work>", "<ann@x>", "Bo Ek <bo@x>"];

#[test]
fn given_names_are_the_user() {
    assert_eq!(kept(&AUTHORS, &["bo@x"]), (vec![0, 4], vec![]));
    let (none, notes) = kept(&AUTHORS, &["cy@x"]);
    assert!(none.is_empty() && notes[0].contains("Bo Ek <bo@x> (2)"), "{notes:?}");
    let ann = |me: &str| !kept(&["Ann Lee <ann@example.org>"], &[me]).0.is_empty();
    assert!(ann("ANN@example.org") && ann("ann lee") && ann("Someone <ann@example.org>"));
    assert!(!ann("ann") && !ann("example.org") && !ann(""));
}

#[test]
fn without_names_the_most_frequent_author_is_kept_and_named() {
    let mut authors = AUTHORS.to_vec();
    authors.push("Ann Lee <ann@work>");
    let (mine, notes) = kept(&authors, &[]);
    assert_eq!(mine, [1, 2, 3, 5], "one name at two addresses, and one of them without the name");
    assert!(notes[0].contains("only the texts by Ann Lee <ann@x>") && notes[0].contains("Bo Ek"), "{notes:?}");
}

#[test]
fn a_single_author_needs_no_note() {
    assert_eq!(kept(&AUTHORS[..1], &[]), (vec![0], vec![]));
    assert_eq!(kept(&[""], &[]), (vec![0], vec![]));
}
