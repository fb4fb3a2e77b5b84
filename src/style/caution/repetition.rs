//! Which texts repeat earlier ones. Knows no styles.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};

/// Words in a run that is compared. One author seldom writes the same five words in a row twice.
const RUN: usize = 5;
/// Words of a text that are looked at.
const MAX_WORDS: usize = 300;
/// A text repeats others where this share of its runs occurred before: one changed word in twenty is still a repeat.
const REPEATED: f64 = 0.6;

pub(super) struct Repetition {
    /// Texts that repeat earlier ones.
    pub(super) texts: Vec<usize>,
    /// Words in runs that occurred before, and all words.
    pub(super) repeated: usize,
    pub(super) words: usize,
}

/// Looks for runs of words again, whatever their capitals, digits and punctuation. Texts shorter than a run are compared whole.
pub(super) fn repetition(texts: &[(usize, &str)]) -> Repetition {
    let mut seen: HashSet<u64> = HashSet::new();
    let mut found = Repetition { texts: Vec::new(), repeated: 0, words: 0 };
    for (index, text) in texts {
        let words = hashes(text);
        if words.is_empty() {
            continue;
        }
        let runs = words.windows(RUN.min(words.len()));
        let all = runs.len();
        let again = runs.filter(|run| !seen.insert(hash(run))).count();
        // Runs overlap, so that there are about as many as words.
        found.repeated += again * words.len() / all;
        found.words += words.len();
        if again as f64 >= REPEATED * all as f64 {
            found.texts.push(*index);
        }
    }
    found
}

fn hashes(text: &str) -> Vec<u64> {
    let plain = |word: &str| -> String {
        let letters = word.chars().filter(|c| c.is_alphanumeric());
        letters.flat_map(char::to_lowercase).map(|c| if c.is_numeric() { '0' } else { c }).collect()
    };
    text.split_whitespace().map(plain).filter(|word| !word.is_empty()).take(MAX_WORDS).map(|word| hash(&word)).collect()
}

fn hash<H: Hash + ?Sized>(value: &H) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(texts: &[&str]) -> Repetition {
        repetition(&texts.iter().copied().enumerate().collect::<Vec<_>>())
    }

    #[test]
    fn the_same_text_is_found_whatever_its_dress() {
        let found = of(&[
            "Your order 1234 left our house today and will be with you on Friday.",
            "We were all rather late for the train, as it happened.",
            "your order 9876 left our house TODAY, and will be with you on Friday!",
            "Ok, thanks.",
            "ok thanks",
        ]);
        assert_eq!(found.texts, [2, 4]);
        assert_eq!((found.repeated, found.words), (14 + 2, 14 + 11 + 14 + 2 + 2));
    }

    #[test]
    fn passages_within_a_text_count_as_repeats_without_making_it_one() {
        let line = "this is the one line that comes again";
        let found = of(&[&format!("{line} at first {line} and then something else that is quite new to us all")]);
        assert!(found.texts.is_empty());
        assert!((3..=8).contains(&found.repeated), "{}", found.repeated);
        let none = of(&["", "...", "one two three four five six", "seven eight nine"]);
        assert_eq!((none.texts.len(), none.repeated, none.words), (0, 0, 9));
    }
}
