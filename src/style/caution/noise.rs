//! Which lines of a text are not its author's prose: quotations, code, logs, tables, links. Knows no styles.

use std::ops::Range;

use serde::{Deserialize, Serialize};
use strum::EnumCount;

/// What a line is instead of prose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, strum::EnumCount, strum::VariantArray)]
#[serde(rename_all = "snake_case")]
pub enum NoiseKind {
    /// Lines of someone else's: "> ", and the "Ann wrote:" above them.
    Quotation,
    /// Program text, markup, what was pasted set in.
    Code,
    /// Lines that begin with a date and a time, a prompt, or the mark of a program's message.
    Log,
    /// Cells between bars, tabs or wide gaps, and values with only commas between them.
    Table,
    Link,
    /// Long runs without a space, as of base64 or of a key.
    Encoded,
    /// Mostly digits or signs.
    Numbers,
}

/// A text without what is not prose, and how much that was.
#[derive(Default)]
pub(super) struct Sifted {
    pub(super) prose: String,
    /// Visible characters of the whole text.
    pub(super) characters: usize,
    /// Visible characters of the lines of each kind, in the order of the enum.
    pub(super) noise: [usize; NoiseKind::COUNT],
}

/// Parts a text's lines.
pub(super) fn sift(text: &str) -> Sifted {
    let lines: Vec<&str> = text.lines().collect();
    let mut kinds: Vec<Option<NoiseKind>> = Vec::with_capacity(lines.len());
    let mut fenced = false;
    for line in &lines {
        let fence = line.trim_start().starts_with("```");
        kinds.push(if fence || fenced { Some(NoiseKind::Code) } else { kind_of(line.trim()) });
        fenced ^= fence;
    }
    for block in pasted(&lines) {
        for at in block {
            kinds[at] = kinds[at].or(Some(NoiseKind::Code));
        }
    }
    // A line of code may consist of words ("return result;"): between two noisy lines, what is not a sentence is noise too.
    for at in 1..lines.len().saturating_sub(1) {
        if kinds[at].is_none() && kinds[at + 1].is_some() && !is_sentence(lines[at]) {
            kinds[at] = kinds[at - 1];
        }
    }
    let mut sifted = Sifted { prose: String::with_capacity(text.len()), ..Sifted::default() };
    for (line, kind) in lines.iter().zip(kinds) {
        let visible = line.chars().filter(|c| !c.is_whitespace()).count();
        sifted.characters += visible;
        match kind {
            Some(kind) => sifted.noise[kind as usize] += visible,
            None => {
                sifted.prose.push_str(line);
                sifted.prose.push('\n');
            }
        }
    }
    sifted
}

/// Paragraphs set in by four spaces or a tab in a text that is otherwise not, which is how output and code are pasted into
/// messages. Where all of it are sentences, they are only set in.
fn pasted(lines: &[&str]) -> Vec<Range<usize>> {
    let set_in = |line: &&str| line.starts_with("    ") || line.starts_with('\t');
    let written: Vec<&&str> = lines.iter().filter(|line| !line.trim().is_empty()).collect();
    if 2 * written.iter().filter(|line| set_in(line)).count() > written.len() {
        return Vec::new();
    }
    let mut runs = Vec::new();
    let mut start = 0;
    for paragraph in lines.chunk_by(|a, b| a.trim().is_empty() == b.trim().is_empty()) {
        let end = start + paragraph.len();
        if paragraph.iter().all(set_in) && !paragraph.iter().all(|line| is_sentence(line)) {
            runs.push(start..end);
        }
        start = end;
    }
    runs
}

fn is_sentence(line: &str) -> bool {
    line.split_whitespace().nth(2).is_some() && line.trim_end().ends_with(['.', '!', '?', '"', '\u{201d}'])
}

/// What a trimmed line is, if it is not prose.
fn kind_of(line: &str) -> Option<NoiseKind> {
    match line {
        _ if is_quotation(line) => Some(NoiseKind::Quotation),
        _ if is_message(line) => Some(NoiseKind::Log),
        _ if is_statement(line) => Some(NoiseKind::Code),
        _ if is_table(line) => Some(NoiseKind::Table),
        _ => {
            let mut tally = Tally::default();
            line.split_whitespace().for_each(|token| tally.add(token));
            tally.verdict()
        }
    }
}

fn is_quotation(line: &str) -> bool {
    let quoted = line.strip_prefix('>').is_some_and(|rest| {
        // ">:(" is a face.
        rest.chars().next().is_none_or(|c| c.is_whitespace() || c.is_alphanumeric() || c == '>')
    });
    quoted || line.ends_with("wrote:")
}

/// A prompt, the "==1234==" of a checking program, or a date and a time at the beginning.
fn is_message(line: &str) -> bool {
    let marked = line.strip_prefix("==").is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    if marked || line.starts_with("$ ") {
        return true;
    }
    let head: Vec<&str> = line.split_whitespace().take(2).collect();
    let count = |test: fn(&char) -> bool| head.iter().flat_map(|token| token.chars()).filter(test).count();
    let digits = count(char::is_ascii_digit);
    digits >= 8 && count(char::is_ascii_alphabetic) <= 4 && head.iter().any(|token| token.contains(':'))
}

/// What only source code has: braces at the ends, an assignment that ends in a semicolon.
fn is_statement(line: &str) -> bool {
    line.ends_with('{') || line.starts_with('}') || line.ends_with(['}', ';']) && line.contains(['=', '{'])
}

fn is_table(line: &str) -> bool {
    let barred = line.len() > 2 && line.starts_with('|') && line.ends_with('|') || line.matches(" | ").count() >= 2;
    let values = |token: &str| token.split([',', ';']).filter(|value| !value.is_empty()).count() >= 4;
    if barred || line.split_whitespace().any(values) {
        return true;
    }
    // Cells hold a few words; some writers leave wide gaps in their sentences too.
    let cells = line.split("   ").flat_map(|part| part.split('\t')).filter(|cell| !cell.trim().is_empty()).count();
    cells >= 3 && line.split_whitespace().count() <= 3 * cells
}

/// Lines with fewer visible characters are nobody's code: "ok", ":)", "--".
const SHORT: usize = 6;
/// So long is no word; the longest that people write have about forty letters.
const UNSPACED: usize = 45;
/// A sentence may name one long address or file: each counts for no more characters than a long word.
const LONG: usize = 12;
/// Where less of a line (by characters) is words of prose, the line is not prose.
const PROSE_SHARE: f64 = 0.5;

/// Visible characters of a line by the kind of token they are in.
#[derive(Default)]
struct Tally {
    prose: usize,
    code: usize,
    link: usize,
    encoded: usize,
    numbers: usize,
}

impl Tally {
    fn add(&mut self, token: &str) {
        // Most tokens are plain words.
        if token.len() < UNSPACED && token.bytes().all(|byte| byte.is_ascii_lowercase()) {
            self.prose += token.len();
            return;
        }
        let length = token.chars().count();
        let bare = bare(token);
        let (own, most) = if token.contains("://") || token.starts_with("www.") {
            (&mut self.link, LONG)
        } else if length >= UNSPACED && token.is_ascii() {
            (&mut self.encoded, usize::MAX)
        } else if bare.is_empty() {
            // Marks and emoji that stand alone belong to the words around them; other signs do not.
            (if token.chars().all(is_mark) { &mut self.prose } else { &mut self.numbers }, LONG)
        } else if !bare.contains(char::is_alphabetic) {
            (&mut self.numbers, LONG)
        } else if token.split("..").all(is_word) {
            (&mut self.prose, usize::MAX)
        } else {
            (&mut self.code, LONG)
        };
        *own += length.min(most);
    }

    fn verdict(&self) -> Option<NoiseKind> {
        let noise = [
            (self.code, NoiseKind::Code),
            (self.link, NoiseKind::Link),
            (self.encoded, NoiseKind::Encoded),
            (self.numbers, NoiseKind::Numbers),
        ];
        let all = self.prose + noise.iter().map(|(characters, _)| characters).sum::<usize>();
        if all < SHORT || self.prose as f64 >= PROSE_SHARE * all as f64 {
            return None;
        }
        noise.into_iter().max_by_key(|(characters, _)| *characters).map(|(_, kind)| kind)
    }
}

fn bare(token: &str) -> &str {
    token.trim_matches(|c: char| !c.is_alphanumeric())
}

/// Punctuation of prose, and anything outside ASCII, such as emoji.
fn is_mark(character: char) -> bool {
    !character.is_ascii() || matches!(character, '.' | ',' | '!' | '?' | ';' | ':' | '-' | '\'' | '"' | '(' | ')' | '&')
}

/// Whether a token reads as one of a sentence: letters with at most marks, apostrophes, hyphens or a slash between them.
fn is_word(token: &str) -> bool {
    let bare = bare(token);
    let framed = token.chars().all(|c| c.is_alphanumeric() || is_mark(c) || matches!(c, '*' | '[' | ']' | '/'));
    let path = token.starts_with('/') || bare.matches(['/', '.']).count() >= 3 || is_file(bare);
    let called = bare.contains(['(', '[', '*']) || token.contains("()") || token.ends_with(");");
    let neighbours = || bare.chars().zip(bare.chars().skip(1));
    let camel = neighbours().any(|(a, b)| a.is_lowercase() && b.is_uppercase());
    // "mp3" and "10am" are words, a checksum is none.
    let turns = neighbours().filter(|(a, b)| a.is_ascii_digit() != b.is_ascii_digit() && a.is_alphanumeric()).count();
    framed && !path && !called && !camel && turns <= 2
}

/// "add.c", "notes/today.txt"; not "e.g".
fn is_file(bare: &str) -> bool {
    bare.rsplit_once('.').is_some_and(|(name, ending)| {
        name.len() > 1 && ending.len() <= 4 && ending.chars().all(|c| c.is_ascii_lowercase())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use strum::VariantArray;

    fn kinds(text: &str) -> Vec<NoiseKind> {
        let sifted = sift(text);
        NoiseKind::VARIANTS.iter().copied().filter(|kind| sifted.noise[*kind as usize] > 0).collect()
    }

    #[test]
    fn every_kind_of_line_is_known() {
        for (line, kind) in [
            ("> I think we should meet on Friday.", NoiseKind::Quotation),
            ("On 3 May 2024 at 10:12, Ann Lee wrote:", NoiseKind::Quotation),
            ("if (count > limit) { return reset(&state); }", NoiseKind::Code),
            ("  <div class=\"menu\"><a href='#top'>", NoiseKind::Code),
            ("2024-05-03 10:12:44 worker started and listens on all ports", NoiseKind::Log),
            ("$ make install", NoiseKind::Log),
            ("| name | size | owner |", NoiseKind::Table),
            ("north,12,14,south,19", NoiseKind::Table),
            ("alpha      12      yes      open", NoiseKind::Table),
            ("https://www.example.org/a/long/path?with=query&and=more", NoiseKind::Link),
            ("TWFueSBoYW5kcyBtYWtlIGxpZ2h0IHdvcmsuIE1hbnkgaGFuZHMgbWFrZQ==", NoiseKind::Encoded),
            ("12.5 18.25 33.1 +4 -7 99", NoiseKind::Numbers),
        ] {
            assert_eq!(kinds(line), [kind], "{line}");
            assert_eq!(sift(line).prose, "", "{line}");
        }
    }

    #[test]
    fn prose_in_any_coat_stays() {
        for line in [
            "ok :)",
            ">:( not again",
            "\u{1f602}\u{1f602} no way",
            "See https://www.example.org/a/long/path?with=query&and=more for the details of it.",
            "I put it into /etc/hosts and it works now, thanks!",
            "well...you know how it is,,, right",
            "It cost 3.50 at the Well-Known Shop (and/or online), e.g. on Monday.",
            "- milk, eggs and two loaves of bread",
            "\u{6211}\u{5011}\u{660e}\u{5929}\u{4e0b}\u{5348}\u{5728}\u{8eca}\u{7ad9}\u{898b}\u{9762}",
            "the mp3 starts at 10am, ok?",
        ] {
            assert_eq!(kinds(line), [], "{line}");
            assert_eq!(sift(line).prose.trim_end(), line);
        }
    }

    #[test]
    fn what_stands_inside_pasted_lines_goes_with_them() {
        let code = "Look at this:\n\nfn main() {\n    let total = sum(&values);\n    return total;\n}\n\nIt is slow.";
        let sifted = sift(code);
        assert_eq!(sifted.prose.split_whitespace().collect::<Vec<_>>().join(" "), "Look at this: It is slow.");
        assert_eq!(sifted.characters, code.chars().filter(|c| !c.is_whitespace()).count());
        let output = "It said\n\n    error: no branch named first\n    fatal: could not copy\n\nand stopped there.";
        assert_eq!(sift(output).prose.split_whitespace().collect::<Vec<_>>().join(" "), "It said and stopped there.");
        let novel = "    He went out into the yard.\n\n    She did not follow him\n    until much later.";
        assert_eq!(kinds(novel), [], "paragraphs may be set in");
        assert_eq!(sift("```\nplain words\n```").prose, "");
    }
}
