//! Turns decoded text into clean text: one kind of newline, nothing invisible, no line breaks that only a mail program made.
//! It knows nothing of any one format.

/// `text` with newlines as `\n`, no control or invisible characters, no trailing spaces, no white space
/// around the whole, and at most one blank line in a row.
///
/// The zero-width joiner and non-joiner stay: emoji and several scripts are wrong without them.
pub(super) fn clean(text: &str) -> String {
    let mut cleaned = String::with_capacity(text.len());
    let mut blank_lines = 0;
    for line in visible(text).split('\n') {
        let line = line.trim_end();
        if line.is_empty() {
            blank_lines += 1;
            continue;
        }
        if cleaned.is_empty() {
            cleaned.push_str(line.trim_start());
        } else {
            cleaned.push_str(if blank_lines > 0 { "\n\n" } else { "\n" });
            cleaned.push_str(line);
        }
        blank_lines = 0;
    }
    cleaned
}

/// `text` with `\n` newlines, plain spaces for no-break spaces, and nothing that cannot be seen; white space otherwise untouched.
pub(super) fn visible(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '\r' => {
                if characters.peek() != Some(&'\n') {
                    shown.push('\n');
                }
            }
            '\u{2028}' | '\u{2029}' | '\u{85}' | '\u{b}' | '\u{c}' => shown.push('\n'),
            '\u{a0}' | '\u{202f}' | '\u{2007}' => shown.push(' '),
            _ if is_invisible(character) => {}
            _ => shown.push(character),
        }
    }
    shown
}

fn is_invisible(character: char) -> bool {
    (character.is_control() && !matches!(character, '\n' | '\t'))
        || matches!(character,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}' // soft hyphen, marks of direction
            | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
            | '\u{fff9}'..='\u{fffd}' // annotations, object and replacement characters
            | '\u{e0000}'..='\u{e007f}') // tags
}

/// Longest line that a wrapping program leaves; longer ones are someone's own paragraphs.
const WRAP_COLUMN: usize = 100;
/// A line shorter than this with the next word added was not broken for lack of room.
const WRAP_FROM: usize = 62;
/// Where lines end that a program wrapped at one of the usual columns (72 to 80).
const USUAL_COLUMNS: std::ops::RangeInclusive<usize> = 58..=82;
/// A greeting and a sign-off make this many breaks in any letter.
const FEW_BREAKS: usize = 6;
/// Below this a line that ends in mid-sentence may be verse, or an address.
const MID_SENTENCE_FROM: usize = 40;

/// Joins the lines that a mail program or editor broke at a fixed column; breaks that the writer made stay.
///
/// A break counts as made by a program when the next word would not have fitted on the line. Texts with lines of natural
/// length are returned as they are. Expects [`clean`] text.
pub(super) fn reflow(text: &str) -> String {
    let lines: Vec<&str> = text.split('\n').collect();
    let breaks: Vec<Break> = lines.windows(2).map(|pair| judge_break(pair[0], pair[1])).collect();
    // Ends of sentences at the margin say little: only mid-sentence breaks show that a program did it.
    let count = |kind: Break| breaks.iter().filter(|found| **found == kind).count();
    let (by_program, by_writer) = (count(Break::MidSentence) + count(Break::AtMargin), count(Break::Meant));
    // Verse, chat, and one text a line: a few lines happen to be long and to have no full stop.
    let is_lines = by_writer > FEW_BREAKS && by_writer > by_program;
    // A pasted address may be too long to wrap; a whole text of long lines was not wrapped at all.
    let is_wide = |line: &&&str| line.chars().count() > WRAP_COLUMN && !line.contains("://");
    let wide = lines.iter().filter(is_wide).count();
    // A program's lines all end near the same column; a long text whose lines do not was broken by its writer.
    let at_column = |(line, found): &(&&str, &Break)| {
        matches!(found, Break::MidSentence | Break::AtMargin) && USUAL_COLUMNS.contains(&line.chars().count())
    };
    let ragged = by_program > FEW_BREAKS && lines.iter().zip(&breaks).filter(at_column).count() * 4 < by_program * 3;
    let mid_sentence = count(Break::MidSentence);
    if mid_sentence == 0 || wide > mid_sentence || is_lines || ragged {
        return text.to_owned();
    }
    let mut joined = String::with_capacity(text.len());
    for (index, line) in lines.iter().enumerate() {
        let (line, before) = match index.checked_sub(1).map(|previous| breaks[previous]) {
            None => (*line, ""),
            Some(Break::MidSentence | Break::AtMargin) => (line.trim_start(), " "),
            Some(Break::Meant | Break::Blank) => (*line, "\n"),
        };
        joined.push_str(before);
        joined.push_str(line);
    }
    joined
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Break {
    /// The next word did not fit, and the sentence goes on.
    MidSentence,
    /// The next word did not fit, but a sentence ends here.
    AtMargin,
    /// Made by the writer.
    Meant,
    /// Beside a blank line or above a list item, which says nothing of who made it.
    Blank,
}

fn judge_break(line: &str, next: &str) -> Break {
    let (line, next) = (line.trim_end(), next.trim_start());
    if line.trim().is_empty() || next.is_empty() || starts_item(next) {
        return Break::Blank;
    }
    let width = line.chars().count();
    let word = next.split_whitespace().next().map_or(0, |word| word.chars().count());
    let no_room = width + 1 + word > WRAP_FROM && width >= MID_SENTENCE_FROM;
    let ends_sentence = line.ends_with(['.', '!', '?', ':', ';']) || line.ends_with(".\"") || line.ends_with(".)");
    // A name may follow; then only a full line shows that the sentence goes on.
    let goes_on = !ends_sentence && next.starts_with(|first: char| !first.is_uppercase());
    match (no_room, goes_on) {
        (true, false) if line.ends_with(|last: char| last.is_alphanumeric() || last == ',') => Break::MidSentence,
        (_, true) if width >= MID_SENTENCE_FROM => Break::MidSentence,
        (true, _) => Break::AtMargin,
        _ => Break::Meant,
    }
}

/// Whether a line begins a list item, a quotation or a heading, which is never a continuation.
pub(super) fn starts_item(line: &str) -> bool {
    let line = line.trim_start();
    if line.starts_with("- ") || line.starts_with("* ") || line.starts_with("+ ") || line.starts_with("\u{2022}") {
        return true;
    }
    if line.starts_with(['>', '#', '|']) {
        return true;
    }
    let rest = line.trim_start_matches(|c: char| c.is_ascii_digit());
    rest.len() < line.len() && line.len() - rest.len() <= 3 && (rest.starts_with(". ") || rest.starts_with(") "))
}

/// At most `limit` characters of `text`, cut at white space.
pub(super) fn shorten(text: &str, limit: usize) -> &str {
    let Some((end, _)) = text.char_indices().nth(limit) else { return text };
    let cut = &text[..end];
    cut.rfind(char::is_whitespace).map_or(cut, |space| cut[..space].trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn newlines_become_one_kind_and_invisible_marks_go() {
        assert_eq!(clean("a\r\nb\rc\n\n\n\nd  \n"), "a\nb\nc\n\nd");
        assert_eq!(clean("\u{feff}pay\u{200b}pal\u{202e}\0 \x1b[31mred\u{a0}x"), "paypal [31mred x");
        assert_eq!(clean(" \n\t\n"), "");
        assert_eq!(clean("\u{1f468}\u{200d}\u{1f469}"), "\u{1f468}\u{200d}\u{1f469}");
    }

    #[test]
    fn lines_that_a_program_wrapped_are_joined_and_others_are_not() {
        let wrapped = "Dear Ann,\n\nI wanted to ask if you could please share the contact of the person who\n\
                       dealt with the technical details of the move, as it would help us a lot.\n\
                       Thanks again for all the work that you and your colleagues have put in.\n\nBest,\nDavid";
        let joined = reflow(wrapped);
        assert!(joined.contains("the person who dealt with"));
        assert!(joined.contains("help us a lot. Thanks again"));
        assert!(joined.ends_with("\n\nBest,\nDavid"));
        let name = "No worries; I hope the move went smoothly. I have booked a call for\nTuesday next week.";
        assert_eq!(reflow(name), name.replace('\n', " "));
        let verse = "The road goes down\nto where the river was\nand stops.";
        assert_eq!(reflow(verse), verse);
        let sentences = "This is one sentence that fills a line of its own quite well today.\n\
                         This is another sentence that fills a line of its own quite well too.";
        assert_eq!(reflow(sentences), sentences);
        let lines: Vec<String> = (0..20)
            .map(|n| {
                if n % 4 == 0 {
                    format!("{n} a rather long line that has no full stop and goes on")
                } else {
                    format!("line {n}")
                }
            })
            .collect();
        assert_eq!(reflow(&lines.join("\n")), lines.join("\n"));
        let list = "Please bring these things with you when you come over on Saturday,\n- a tent\n- two lamps";
        assert_eq!(reflow(list), list);
    }

    #[test]
    fn shortening_cuts_between_words() {
        assert_eq!(shorten("one two three", 9), "one two");
        assert_eq!(shorten("\u{e9}\u{e9}\u{e9}", 2), "\u{e9}\u{e9}");
        assert_eq!(shorten("short", 9), "short");
    }

    proptest! {
        #[test]
        fn cleaning_is_idempotent_and_leaves_no_controls(text in any::<String>()) {
            let once = clean(&text);
            prop_assert_eq!(clean(&once), once.as_str());
            prop_assert!(!once.chars().any(|c| c.is_control() && c != '\n' && c != '\t'));
            prop_assert!(!once.contains("\n\n\n") && !once.ends_with('\n') && !once.starts_with('\n'));
        }

        #[test]
        fn reflowing_keeps_every_word(text in "([a-zA-Z,.]{1,12}[ \n]){0,80}") {
            let cleaned = clean(&text);
            let reflowed = reflow(&cleaned);
            prop_assert!(cleaned.split_whitespace().eq(reflowed.split_whitespace()));
        }
    }
}
