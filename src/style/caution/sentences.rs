//! Cautions as sentences: what was found, where, and what to do.

use std::fmt;

use super::kinds::Caution;
use super::noise::NoiseKind;

/// How many texts, or runs of them, are named before the rest is only counted.
const NAMED: usize = 6;

impl fmt::Display for Caution {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OtherLanguage { language, texts, share_of_words } => write!(
                f,
                "{} of the words may be in {language} ({}). Only English can be measured: exclude such texts.",
                percent(*share_of_words),
                places(texts),
            ),
            Self::Noisy { share, kinds, texts } => write!(
                f,
                "{} of the characters may not be your own prose, but {} (mostly in {}). \
                 Remove such lines, or add texts that you wrote yourself.",
                percent(*share),
                listed(&kinds.iter().map(|kind| kind.words()).collect::<Vec<_>>()),
                places(texts),
            ),
            Self::Garbled { share_of_words, texts } => write!(
                f,
                "{} of the words look garbled: digits inside, repeated letters, no vowels (mostly in {}). \
                 Exclude such texts unless you want the model to write like that.",
                percent(*share_of_words),
                places(texts),
            ),
            Self::Repetitive { share, texts } => {
                let ones = || format!("texts (in {})", places(texts));
                let earlier = if texts.is_empty() { "passages".to_owned() } else { ones() };
                write!(
                    f,
                    "{} of the words repeat earlier {earlier}. \
                     Keep one of each: repeats add no information and make the measurement look more certain than it is.",
                    percent(*share),
                )
            }
            Self::MultipleAuthors { separation, texts_each: [larger, smaller], apart } => write!(
                f,
                "Two people may have written these texts, or you may write in two very different ways: {smaller} of the {} \
                 that were compared read differently from the others ({}; {separation:.1} times as far apart as one author's texts usually are). \
                 Exclude what is not yours, or keep the kind of text that the model should write.",
                larger + smaller,
                places(apart),
            ),
        }
    }
}

fn percent(share: f64) -> String {
    format!("{:.0} %", 100.0 * share)
}

/// "text 3", "texts 1, 4 to 9 and 12", counted from 1; long lists end in a number.
fn places(texts: &[usize]) -> String {
    let runs: Vec<&[usize]> = texts.chunk_by(|a, b| a + 1 == *b).collect();
    let mut parts: Vec<String> = Vec::new();
    for run in runs.iter().take(NAMED) {
        let (first, last) = (run[0] + 1, run[run.len() - 1] + 1);
        parts.push(if first == last { first.to_string() } else { format!("{first} to {last}") });
    }
    let unnamed: usize = runs.iter().skip(NAMED).map(|run| run.len()).sum();
    if unnamed > 0 {
        parts.push(format!("{unnamed} more"));
    }
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    format!("{} {}", if texts.len() == 1 { "text" } else { "texts" }, listed(&parts))
}

fn listed(parts: &[&str]) -> String {
    match parts {
        [] => String::new(),
        [only] => (*only).to_owned(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

impl NoiseKind {
    fn words(self) -> &'static str {
        match self {
            Self::Quotation => "quoted lines",
            Self::Code => "code",
            Self::Log => "log lines",
            Self::Table => "tables",
            Self::Link => "web addresses",
            Self::Encoded => "long runs without a space",
            Self::Numbers => "digits and symbols",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_counted_from_one_and_long_lists_end_in_a_number() {
        assert_eq!(places(&[2]), "text 3");
        assert_eq!(places(&[0, 3, 4, 5, 11]), "texts 1, 4 to 6 and 12");
        assert_eq!(places(&[0, 2, 4, 6, 8, 10, 12, 14, 15]), "texts 1, 3, 5, 7, 9, 11 and 3 more");
    }
}
