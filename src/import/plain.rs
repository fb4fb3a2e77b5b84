//! Plain text to drafts: a long file becomes many texts of whole paragraphs, a short one stays whole. It knows nothing of markup.

use super::clean::{clean, reflow, starts_item};
use super::draft::Draft;
use crate::store::count_words;

/// A text is closed once it has this many words...
const ENOUGH_WORDS: usize = 120;
/// ...and a file, a section or a paragraph of at most this many stays whole.
const WHOLE_WORDS: usize = 250;
/// A line up to this long, alone or above a paragraph, may be a title.
const TITLE_CHARS: usize = 70;

/// A paragraph, or a piece of one.
pub(super) struct Paragraph<'a> {
    pub text: &'a str,
    /// What stands between it and the one before, where they are of one text.
    pub before: &'static str,
}

impl<'a> Paragraph<'a> {
    pub fn new(text: &'a str) -> Self {
        Self { text, before: "\n\n" }
    }
}

/// Splits a whole file.
pub(super) fn drafts(text: &str) -> Vec<Draft> {
    let text = reflow(&clean(text));
    let paragraphs = paragraphs(&text);
    let mut sections: Vec<(Option<&str>, Vec<Paragraph<'_>>)> = Vec::new();
    for (index, paragraph) in paragraphs.iter().enumerate() {
        let next = paragraphs.get(index + 1).map(|next| next.text);
        // Where every line is a text of its own, short lines are short texts and no titles.
        let is_line = paragraph.before == "\n";
        let (title, rest) = if is_line { (None, paragraph.text) } else { title_of(paragraph.text, next) };
        if title.is_some() || sections.is_empty() {
            sections.push((title, Vec::new()));
        }
        if let (Some((_, body)), false) = (sections.last_mut(), rest.is_empty() || is_rule(rest)) {
            body.push(Paragraph { text: rest, before: paragraph.before });
        }
    }
    sections.iter().flat_map(|(title, body)| pack(*title, body)).collect()
}

/// Paragraphs between blank lines; where such a block is too long for one text, its lines.
fn paragraphs(text: &str) -> Vec<Paragraph<'_>> {
    let blocks = text.split("\n\n").filter(|block| !block.trim().is_empty());
    blocks
        .flat_map(|block| {
            if count_words(block) > WHOLE_WORDS && block.contains('\n') {
                block.split('\n').map(|text| Paragraph { text, before: "\n" }).collect()
            } else {
                vec![Paragraph::new(block)]
            }
        })
        .collect()
}

/// A line of asterisks or dashes that only separates.
fn is_rule(paragraph: &str) -> bool {
    !paragraph.contains(char::is_alphanumeric)
}

/// The title a paragraph begins with, and what is left of the paragraph.
///
/// A paragraph of one short line without a full stop is a title when more than its own length follows; a first line above
/// its own paragraph is one when it is much shorter than what follows it.
fn title_of<'a>(paragraph: &'a str, next: Option<&str>) -> (Option<&'a str>, &'a str) {
    let (first, rest) = paragraph.split_once('\n').unwrap_or((paragraph, ""));
    let looks_like_one = first.chars().count() <= TITLE_CHARS
        && !first.trim_end().ends_with(['.', ',', ';', '!', '?', '"', ')', '\u{2026}', '-'])
        && first.chars().any(char::is_alphabetic)
        && first.trim_start().starts_with(|c: char| c.is_uppercase() || c.is_numeric())
        && !starts_item(first)
        && !is_greeting(first);
    let follows = if rest.is_empty() { next.unwrap_or_default() } else { rest };
    let stands_above =
        count_words(follows) > 2 * count_words(first).max(3) && !(rest.is_empty() && first.ends_with(':'));
    if looks_like_one && stands_above && (rest.is_empty() || !rest.contains('\n')) {
        (Some(first.trim()), rest)
    } else {
        (None, paragraph)
    }
}

/// A letter's opening is part of its style, not a title.
fn is_greeting(line: &str) -> bool {
    const GREETINGS: &str = "dear hi hello hey good greetings hallo liebe lieber bonjour cher ch\u{e8}re hola";
    let first = line.split_whitespace().next().unwrap_or_default().trim_end_matches([',', '!']).to_lowercase();
    GREETINGS.split(' ').any(|greeting| greeting == first)
}

/// Groups the paragraphs of one section into texts of a sensible size.
pub(super) fn pack(title: Option<&str>, paragraphs: &[Paragraph<'_>]) -> Vec<Draft> {
    let total: usize = paragraphs.iter().map(|paragraph| count_words(paragraph.text)).sum();
    let pieces = paragraphs.iter().flat_map(|paragraph| {
        let pieces = split_long(paragraph.text).into_iter().enumerate();
        pieces.map(|(index, piece)| (if index == 0 { paragraph.before } else { " " }, piece))
    });
    let mut texts: Vec<String> = Vec::new();
    let mut last_words = ENOUGH_WORDS;
    for (before, piece) in pieces {
        let words = count_words(&piece);
        let fits = total <= WHOLE_WORDS || (last_words < ENOUGH_WORDS && last_words + words <= WHOLE_WORDS);
        if let Some(text) = texts.last_mut().filter(|_| fits) {
            text.push_str(before);
            text.push_str(&piece);
            last_words += words;
        } else {
            texts.push(piece);
            last_words = words;
        }
    }
    let draft = |text| Draft { title: title.map(str::to_owned), text, ..Draft::default() };
    texts.into_iter().map(draft).collect()
}

/// A paragraph of more than [`WHOLE_WORDS`] words, cut at the ends of sentences.
fn split_long(paragraph: &str) -> Vec<String> {
    use unicode_segmentation::UnicodeSegmentation;
    if count_words(paragraph) <= WHOLE_WORDS {
        return vec![paragraph.to_owned()];
    }
    let mut pieces = vec![String::new()];
    let mut words = 0;
    for sentence in paragraph.unicode_sentences() {
        let more = count_words(sentence);
        if words >= ENOUGH_WORDS || (words > 0 && words + more > WHOLE_WORDS) {
            pieces.push(String::new());
            words = 0;
        }
        if let Some(piece) = pieces.last_mut() {
            piece.push_str(sentence);
        }
        words += more;
    }
    pieces.iter().map(|piece| piece.trim().to_owned()).filter(|piece| !piece.is_empty()).collect()
}
