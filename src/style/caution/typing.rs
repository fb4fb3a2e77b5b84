//! Garbled words: digits inside, repeated letters, no vowel. Knows no styles.

/// A letter this many times in a row is a held key.
const HELD: usize = 4;
/// Shorter words without a vowel are abbreviations.
const CONSONANTS: usize = 5;

/// How many words of an English text look garbled, and all words of letters.
pub(super) fn garbled(text: &str) -> (usize, usize) {
    let (mut bad, mut all) = (0, 0);
    for token in text.split_whitespace() {
        let word = token.trim_matches(|c: char| !c.is_alphanumeric());
        if word.chars().next().is_some_and(char::is_alphabetic) {
            all += 1;
            bad += usize::from(is_garbled(word));
        }
    }
    (bad, all)
}

fn is_garbled(word: &str) -> bool {
    let letters: Vec<char> = word.chars().collect();
    let held = letters.chunk_by(|a, b| a == b).any(|run| run.len() >= HELD && run[0].is_alphabetic());
    let digits = letters.windows(2).any(|pair| pair[0].is_alphabetic() && pair[1].is_numeric())
        && letters.windows(2).any(|pair| pair[0].is_numeric() && pair[1].is_alphabetic());
    // Capitals are an abbreviation; letters beyond ASCII may be vowels.
    let consonants = letters.len() >= CONSONANTS
        && letters.iter().all(|c| c.is_ascii_lowercase() && !matches!(c, 'a' | 'e' | 'i' | 'o' | 'u' | 'y'));
    held || digits || consonants
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_of_the_hand_are_counted_and_abbreviations_are_not() {
        assert_eq!(garbled("th1s iss soooooo bdly tpyd wrtng pls"), (3, 7), "th1s, soooooo, wrtng");
        assert_eq!(garbled("The MP3 and HTML5 files, 10am or 3rd try, rhythm, BTW hmm \u{e9}t\u{e9}s"), (0, 11));
        assert_eq!(garbled("12 -- ... \u{1f602}"), (0, 0));
    }
}
