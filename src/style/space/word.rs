//! What a single word shows: its syllables, its ending, an elided letter, the kind of sentence it begins.

use super::counts::{Counts, Slot};

/// What kind of sentence a first word begins.
pub(super) fn start(lower: &str) -> Option<Slot> {
    match lower {
        "what" | "why" | "how" | "who" | "where" | "when" | "which" | "whose" => Some(Slot::QuestionStarts),
        "and" | "but" | "so" | "or" => Some(Slot::JoinedStarts),
        "i" | "i'm" | "i've" | "i'd" | "i'll" => Some(Slot::FirstStarts),
        "you" | "your" | "you're" | "you've" | "you'd" | "you'll" => Some(Slot::SecondStarts),
        _ => None,
    }
}

/// Whether an apostrophe replaces a letter inside a word, as in verse and old prose: heav'n, o'er, walk'd.
pub(super) fn is_elided(lower: &str) -> bool {
    let Some((stem, ending)) = lower.split_once('\'') else { return false };
    match ending {
        "d" => {
            stem.len() > 2
                && !matches!(
                    stem,
                    "you" | "she" | "they" | "who" | "how" | "that" | "this" | "there" | "what" | "where"
                )
        }
        "er" | "en" | "n" | "ry" | "ring" => true,
        _ => false,
    }
}

/// Syllables by groups of vowels, without a silent final e: right for nine words in ten of English prose.
pub(super) fn syllables(lower: &str) -> u32 {
    let mut count = 0;
    let mut in_vowels = false;
    for character in lower.chars() {
        let vowel = matches!(character, 'a' | 'e' | 'i' | 'o' | 'u' | 'y' | 'é' | 'è' | 'ä' | 'ö' | 'ü');
        count += u32::from(vowel && !in_vowels);
        in_vowels = vowel;
    }
    let silent = lower.ends_with('e') && !lower.ends_with("le")
        || lower.ends_with("ed") && !lower.ends_with("ted") && !lower.ends_with("ded");
    if silent && count > 1 { count - 1 } else { count.max(1) }
}

pub(super) fn add_endings(lower: &str, letters: usize, counts: &mut Counts) {
    const ABSTRACT: &[&str] =
        &["tion", "tions", "sion", "sions", "ment", "ments", "ity", "ities", "ness", "ance", "ence"];
    if letters >= 6 && ABSTRACT.iter().any(|ending| lower.ends_with(ending)) {
        counts.bump(Slot::Nominalisations, 1.0);
    } else if letters >= 5 && lower.ends_with("ly") {
        counts.bump(Slot::Adverbs, 1.0);
    } else if letters >= 5 && lower.ends_with("ing") {
        counts.bump(Slot::Gerunds, 1.0);
    } else if letters >= 4 && lower.ends_with("ed") {
        counts.bump(Slot::PastForms, 1.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn syllables_are_heard_not_spelled() {
        for (word, heard) in
            [("the", 1), ("cake", 1), ("table", 2), ("walked", 1), ("wanted", 2), ("information", 4), ("idea", 2)]
        {
            assert_eq!(syllables(word), heard, "{word}");
        }
    }

    #[test]
    fn a_letter_left_out_is_no_contraction() {
        for word in ["o'er", "walk'd", "heav'n", "ne'er"] {
            assert!(is_elided(word), "{word}");
        }
        for word in ["don't", "you'd", "it's", "they'd", "dogs"] {
            assert!(!is_elided(word), "{word}");
        }
    }
}
