//! Which texts become of a file of plain text or Markdown.

use proptest::prelude::*;
use xpert::import::{ImportError, ImportOptions};
use xpert::store::{Document, count_words};

use super::{Desk, read};

/// No text is longer than this many words.
const MOST_WORDS: usize = 250;

fn texts(name: &str, content: &str) -> Vec<Document> {
    let options = ImportOptions { min_words: 0, ..ImportOptions::default() };
    match read(&Desk::new().put(name, content), &options) {
        Ok(scan) => scan.documents,
        Err(ImportError::NothingFound(_)) => Vec::new(),
        Err(other) => panic!("{other}"),
    }
}

fn paragraph(seed: usize, words: usize) -> String {
    let words: Vec<String> =
        (0..words).map(|n| format!("word{seed}x{n}{}", if n % 12 == 11 { "." } else { "" })).collect();
    format!("W{}.", words.join(" ").trim_end_matches('.'))
}

#[test]
fn a_short_note_is_one_text_with_its_title() {
    let body = "I need to go to the shop later today, and then home.\n\nMaybe by bus, maybe not.";
    let texts = texts("note.txt", &format!("Groceries and more\n\n{body}\n"));
    assert_eq!(texts.len(), 1);
    assert_eq!((texts[0].title.as_deref(), texts[0].text.as_str()), (Some("Groceries and more"), body));
}

#[test]
fn a_letter_keeps_its_greeting_and_close() {
    let letter = "Dear Ann,\n\nThanks for the lovely evening, we all had a great time.\n\nBest,\nDavid";
    let texts = texts("letter.txt", letter);
    assert_eq!(texts.len(), 1);
    assert_eq!((texts[0].title.as_deref(), texts[0].text.as_str()), (None, letter));
}

#[test]
fn a_diary_becomes_many_texts_titled_by_day() {
    let diary: String = (1..=50)
        .map(|day| format!("{day} March 2021\n\n{}\n\n{}\n\n", paragraph(day, 150), paragraph(day + 100, 200)))
        .collect();
    let texts = texts("diary.txt", &diary);
    assert_eq!(texts.len(), 100);
    assert_eq!(texts[98].title.as_deref(), Some("50 March 2021"));
    assert!(texts.iter().all(|text| count_words(&text.text) <= MOST_WORDS));
}

#[test]
fn a_file_of_one_endless_paragraph_is_cut_at_sentences() {
    let texts = texts("long.txt", &format!("{} {}", paragraph(1, 600), paragraph(2, 600)).replace(". w", ". W"));
    assert!(texts.len() >= 5);
    assert!(texts.iter().all(|text| count_words(&text.text) <= MOST_WORDS && text.text.ends_with('.')));
}

#[test]
fn a_file_of_one_text_a_line_is_grouped_by_lines() {
    let lines: String = (0..100).map(|n| format!("{}\n", paragraph(n, 12))).collect();
    let texts = texts("lines.txt", &lines);
    assert!((5..=12).contains(&texts.len()), "{}", texts.len());
    assert!(texts.iter().all(|text| text.title.is_none() && !text.text.contains("\n\n")));
}

proptest! {
    #[test]
    fn no_word_is_lost_but_in_titles(blocks in prop::collection::vec("([a-z]{1,9}[ .\n]){1,60}", 0..30)) {
        let all = blocks.join("\n\n");
        let words = |text: &str| -> Vec<String> {
            text.split_whitespace().filter(|word| word.contains(char::is_alphanumeric)).map(str::to_owned).collect()
        };
        // All lower case: no line can be a title.
        let kept: Vec<String> = texts("words.txt", &all).iter().flat_map(|text| words(&text.text)).collect();
        prop_assert_eq!(kept, words(&all));
    }
}

const NOTE: &str = "---\ntitle: \"A walk\"\nauthor: Ann\ndate: 2024-05-16\n---\n\nBefore any heading I say\nthis [and that](https://example.org/x).\n\n\
    # The *hill*\n\nWe went up. <b>Slowly</b>. ![a view](view.png)\n\n> Someone else said this.\n\n```rust\nfn main() {}\n```\n\n\
    | a | b |\n|---|---|\n| 1 | 2 |\n\n<div>\nraw html\n</div>\n\nWe came down with `xpert` and [[My Note|a note]].\n\n\
    ## What I took\n\n- a tent\n- [x] two lamps\n  1. one red\n  2. one blue\n\n<!-- secret -->\n";

#[test]
fn of_markdown_only_the_prose_is_left() {
    let texts = texts("note.md", NOTE);
    let shown: Vec<(Option<&str>, &str)> =
        texts.iter().map(|text| (text.title.as_deref(), text.text.as_str())).collect();
    assert_eq!(
        shown,
        [
            (Some("A walk"), "Before any heading I say this and that."),
            (Some("The hill"), "We went up. Slowly.\n\nWe came down with xpert and a note."),
            (Some("What I took"), "- a tent\n- two lamps\n  1. one red\n  2. one blue"),
        ]
    );
    assert_eq!((texts[0].author.as_deref(), texts[0].timestamp), (Some("Ann"), Some(1_715_817_600)));
}

#[test]
fn a_file_name_is_a_title_only_where_it_says_something() {
    for (name, title) in [("my-trip_to Rome.md", Some("my trip to Rome")), ("2024-05-01.md", None), ("README.md", None)]
    {
        assert_eq!(texts(name, "A few words of prose.")[0].title.as_deref(), title, "{name}");
    }
}
