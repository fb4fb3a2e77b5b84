//! Makes text from outside safe for a terminal. Does not know where the text is shown.

use std::borrow::Cow;
use std::fmt::Write;

/// `text` with every character made visible that could move the cursor, change colours, ring the bell, or hide or
/// reorder text.
///
/// Newlines and tabs stay. C0 controls and DEL become their Unicode pictures (`␛`, `␍`, `␇`), all others their code
/// point, such as `<U+202E>`. The zero-width joiner and non-joiner stay: emoji and several scripts need them.
#[must_use]
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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn ordinary_text_is_borrowed_as_it_is() {
        let text = "Caf\u{e9} \u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467}\n\tna\u{ef}ve \u{65e5}\u{672c}\u{8a9e}";
        assert!(matches!(escape_for_terminal(text), Cow::Borrowed(same) if same == text));
    }

    #[test]
    fn real_escape_sequences_become_visible() {
        let cases = [
            ("\x1b[2J\x1b[Hgone", "\u{241b}[2J\u{241b}[Hgone"),
            ("\x1b]0;title\x07", "\u{241b}]0;title\u{2407}"),
            ("\x1b]52;c;ZXZpbA==\x1b\\", "\u{241b}]52;c;ZXZpbA==\u{241b}\\"),
            ("\u{9b}31mred", "<U+009B>31mred"),
            ("safe\rover", "safe\u{240d}over"),
            ("ab\x08c\x7f", "ab\u{2408}c\u{2421}"),
            ("file\u{202e}txt.exe", "file<U+202E>txt.exe"),
            ("a\u{2066}b\u{2069}", "a<U+2066>b<U+2069>"),
            ("\0", "\u{2400}"),
            ("pay\u{200b}pal", "pay<U+200B>pal"),
        ];
        for (raw, shown) in cases {
            assert_eq!(escape_for_terminal(raw), shown);
        }
    }

    proptest! {
        #[test]
        fn nothing_unsafe_survives_and_escaping_twice_changes_nothing(text in any::<String>()) {
            let shown = escape_for_terminal(&text).into_owned();
            prop_assert!(!shown.chars().any(|c| c.is_control() && c != '\n' && c != '\t'));
            prop_assert_eq!(escape_for_terminal(&shown), shown.as_str());
        }
    }
}
