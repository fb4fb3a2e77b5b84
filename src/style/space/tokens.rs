//! Cuts text into layout-free paragraphs, sentences and words. Knows nothing of features or of style.
//!
//! The rules favour counting over grammar: they must give the same answer for hard-wrapped mail, chat without full stops
//! and typeset prose. Unicode's own sentence rules break at every line end and never before a lower-case letter, which
//! would make wrapped mail look terse and lower-case chat look endless; hence rules of our own.

use std::collections::HashSet;

/// A line of such a length, followed by one that is not a list item, is taken to be wrapped by the mail program; longer
/// lines are paragraphs written without wrapping.
const WRAPPED_LINE: std::ops::RangeInclusive<usize> = 50..=100;

/// Brings text to one form: `\n` line ends, straight apostrophes and quotes, wrapped lines joined, at most one blank line,
/// runs of spaces closed up. What the writer chose (capitals, dashes, paragraphs, list items) stays.
pub fn normalise(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 1);
    let mut previous_length = 0_usize;
    let mut blank = false;
    for line in text.lines() {
        let line = line.trim();
        if line.is_empty() {
            blank = !out.is_empty();
            continue;
        }
        if !out.is_empty() {
            let wrapped = !blank && WRAPPED_LINE.contains(&previous_length) && !is_list_item(line);
            out.push_str(if blank {
                "\n\n"
            } else if wrapped {
                " "
            } else {
                "\n"
            });
        }
        push_line(&mut out, line);
        previous_length = line.chars().count();
        blank = false;
    }
    out
}

fn push_line(out: &mut String, line: &str) {
    let mut space = false;
    for character in line.chars() {
        let plain = match character {
            '\u{2018}' | '\u{2019}' | '\u{02bc}' => '\'',
            '\u{201c}' | '\u{201d}' => '"',
            '\u{2010}' | '\u{2011}' => '-',
            c if c.is_whitespace() => ' ',
            c if c.is_control() || matches!(c, '\u{200b}'..='\u{200f}' | '\u{feff}' | '\u{ad}') => continue,
            c => c,
        };
        if plain == ' ' {
            space = true;
            continue;
        }
        if space {
            out.push(' ');
            space = false;
        }
        out.push(plain);
    }
}

/// Whether a (trimmed) line begins as a list item, a heading or a quotation does.
pub fn is_list_item(line: &str) -> bool {
    let mut characters = line.chars();
    match characters.next() {
        Some('-' | '*' | '+' | '\u{2022}' | '#' | '>') => {
            characters.next().is_none_or(|c| c == ' ' || c == '#' || c == '*')
        }
        Some(c) if c.is_ascii_digit() => {
            let rest = line.trim_start_matches(|c: char| c.is_ascii_digit());
            rest.starts_with(". ") || rest.starts_with(") ")
        }
        _ => false,
    }
}

/// The sentences of a [normalised](normalise) text, in order, without surrounding space. A line end always ends a sentence.
pub fn sentences<'t>(normal: &'t str, abbreviations: &HashSet<String>) -> Vec<&'t str> {
    let mut found = Vec::new();
    for line in normal.split('\n') {
        let mut start = 0;
        let mut characters = line.char_indices().peekable();
        while let Some((at, character)) = characters.next() {
            if !matches!(character, '.' | '!' | '?' | '\u{2026}') {
                continue;
            }
            let mut end = at + character.len_utf8();
            while let Some(&(next, closing)) = characters.peek() {
                if !matches!(closing, '.' | '!' | '?' | '\u{2026}' | '"' | '\'' | ')' | ']' | '*') {
                    break;
                }
                end = next + closing.len_utf8();
                characters.next();
            }
            if line[end..].starts_with(' ') && !continues(&line[start..end], &line[end + 1..], abbreviations) {
                push_sentence(&mut found, &line[start..end]);
                start = end;
            }
        }
        push_sentence(&mut found, &line[start..]);
    }
    found
}

fn push_sentence<'t>(found: &mut Vec<&'t str>, sentence: &'t str) {
    let sentence = sentence.trim();
    if sentence.chars().any(char::is_alphanumeric) {
        found.push(sentence);
    }
}

/// Whether the full stop that ends `before` belongs to an abbreviation, an initial, a list number or a trailing-off.
fn continues(before: &str, after: &str, abbreviations: &HashSet<String>) -> bool {
    let lower_follows = after.chars().next().is_some_and(char::is_lowercase);
    if before.ends_with("...") || before.ends_with('\u{2026}') {
        return lower_follows;
    }
    let Some(stem) = before.strip_suffix('.') else {
        return false;
    };
    let last = stem.rsplit([' ', '(', '"']).next().unwrap_or(stem);
    let initial = last.chars().count() == 1 && last.chars().all(char::is_uppercase) && last != "I";
    let number = last.len() == stem.trim_start().len() && !last.is_empty() && last.chars().all(|c| c.is_ascii_digit());
    initial || number || last.contains('.') && lower_follows || abbreviations.contains(&last.to_lowercase())
}

/// One word as written, or a link (anything with `://` or `www.`), which is counted but not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Token<'t> {
    Word(&'t str),
    Link,
}

/// Calls `visit` with every word of a sentence: a run of letters and digits with apostrophes inside it.
pub fn words<'t>(sentence: &'t str, mut visit: impl FnMut(Token<'t>)) {
    for chunk in sentence.split(' ') {
        if chunk.contains("://") || chunk.starts_with("www.") {
            visit(Token::Link);
            continue;
        }
        let mut start = None;
        let mut end = 0;
        for (at, character) in chunk.char_indices() {
            if character.is_alphanumeric() {
                start.get_or_insert(at);
                end = at + character.len_utf8();
            } else if !(character == '\'' && start.is_some() && end == at)
                && let Some(from) = start.take()
            {
                visit(Token::Word(&chunk[from..end]));
            }
        }
        if let Some(from) = start {
            visit(Token::Word(&chunk[from..end]));
        }
    }
}
