//! Makes text from outside safe for a terminal. Does not know where the text is shown.

use std::borrow::Cow;
use std::fmt::Write;

/// `text` with every character made visible that could move the cursor, change colours, ring the bell, or hide or
/// reorder text.
///
/// Newlines and tabs stay. C0 controls and DEL become their Unicode pictures (`␛`, `␍`, `␇`), all others their code
/// point, such as `<U+202E>`. The zero-width joiner and non-joiner stay: emoji and several scripts need them.
pub fn escape_for_terminal(text: &str) -> Cow<'_, str> {
    if !text.contains(is_unsafe) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        match character {
            _ if !is_unsafe(character) => shown.push(character),
            // Unicode has a picture for each C0 control, in the same order, from U+2400.
            '\0'..='\u{1f}' => shown.push(char::from_u32(0x2400 + character as u32).unwrap_or('?')),
            '\u{7f}' => shown.push('\u{2421}'),
            _ => {
                // Writing to a string cannot fail.
                let _ = write!(shown, "<U+{:04X}>", u32::from(character));
            }
        }
    }
    Cow::Owned(shown)
}

fn is_unsafe(character: char) -> bool {
    matches!(character,
        '\0'..='\u{8}' | '\u{b}'..='\u{1f}' | '\u{7f}'..='\u{9f}' // C0 but tab and newline, DEL, C1
        | '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' // direction marks and overrides
        | '\u{200b}' | '\u{2060}'..='\u{2064}' | '\u{206a}'..='\u{206f}' | '\u{feff}' // invisible
        | '\u{2028}' | '\u{2029}' // line and paragraph separators, which some terminals act on
        | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}') // annotations and tags
}
