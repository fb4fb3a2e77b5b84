//! Finds words in a text in any case and script, and makes excerpts. Knows no tables.
//!
//! Not a full-text index: those split text at white space, which Chinese and Japanese do not have, or need three characters.

/// Characters of an excerpt before the match, and from its start on.
const BEFORE: usize = 30;
const AFTER: usize = 70;

/// Words to search for, case-folded once.
pub(super) struct Wanted(String);

impl Wanted {
    /// `None` for white space alone.
    pub(super) fn new(words: &str) -> Option<Self> {
        Some(words.trim()).filter(|words| !words.is_empty()).map(|words| Self(fold(words)))
    }

    /// The first match in `text`, as an offset in bytes.
    pub(super) fn place(&self, text: &str) -> Option<usize> {
        let at = fold(text).find(&self.0)?;
        let mut folded = 0;
        text.char_indices()
            .map(|(place, character)| (place, fold_character(character).map(char::len_utf8).sum::<usize>()))
            .find(|(_, length)| {
                folded += length;
                folded > at
            })
            .map(|(place, _)| place)
    }
}

/// Folds case: to upper case first, so that a sharp s becomes two, and every sigma the same.
fn fold(text: &str) -> String {
    text.chars().flat_map(fold_character).collect()
}

fn fold_character(character: char) -> impl Iterator<Item = char> {
    character.to_uppercase().flat_map(char::to_lowercase)
}

/// One line with the text around `place`, an offset in bytes.
pub(super) fn excerpt(text: &str, place: usize) -> String {
    let (before, after) = text.split_at(place);
    let from = before.char_indices().rev().nth(BEFORE - 1).map_or(0, |(at, _)| at);
    let to = after.char_indices().nth(AFTER).map_or(text.len(), |(at, _)| place + at);
    let words: Vec<&str> = text[from..to].split_whitespace().collect();
    let cut = |is_cut: bool| if is_cut { "\u{2026}" } else { "" };
    format!("{}{}{}", cut(from > 0), words.join(" "), cut(to < text.len()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn place(text: &str, words: &str) -> Option<usize> {
        Wanted::new(words).and_then(|wanted| wanted.place(text))
    }

    #[test]
    fn case_does_not_matter_in_any_script() {
        for (text, words, at) in [
            ("The Brakes squeak", "brAKES", 4),
            ("\u{41f}\u{440}\u{438}\u{432}\u{435}\u{442}, \u{43c}\u{438}\u{440}", "\u{41c}\u{418}\u{420}", 14),
            ("\u{5929}\u{6c17}\u{306f}\u{3069}\u{3046}", "\u{306f}", 6),
            ("\u{39f}\u{394}\u{39f}\u{3a3}", "\u{3bf}\u{3b4}\u{3bf}\u{3c2}", 0),
            ("die Stra\u{df}e", "STRASSE", 4),
            // The dotted capital I folds to two characters, which must not shift later offsets.
            ("\u{130}stanbul'da bisiklet", "BISIKLET", 13),
        ] {
            assert_eq!(place(text, words), Some(at), "{words} in {text}");
        }
        assert_eq!(place("nothing here", "  "), None);
        assert_eq!(place("nothing here", "squeak"), None);
    }

    #[test]
    fn an_excerpt_is_one_line_and_marks_where_it_was_cut() {
        let text = format!("{} the\n\nbrakes squeak {}", "before ".repeat(20), "after ".repeat(40));
        let shown = excerpt(&text, place(&text, "brakes").unwrap());
        assert!(shown.starts_with('\u{2026}') && shown.ends_with('\u{2026}'), "{shown}");
        assert!(shown.contains("the brakes squeak after"), "{shown}");
        assert!(shown.chars().count() <= BEFORE + AFTER + 2);
        assert_eq!(excerpt("short and whole", 6), "short and whole");
    }

    proptest! {
        #[test]
        fn every_part_of_a_text_is_found(text in any::<String>(), from in 0usize..40, length in 1usize..10) {
            let part: String = text.chars().skip(from).take(length).collect();
            if let Some(wanted) = Wanted::new(&part) {
                let place = wanted.place(&text).expect("a part of the text");
                prop_assert!(fold(&text[place..]).contains(&fold(part.trim())) );
                excerpt(&text, place);
            }
        }
    }
}
