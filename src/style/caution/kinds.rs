//! The kinds of caution, with what was found. Finds nothing itself.

use serde::{Deserialize, Serialize};

use super::noise::NoiseKind;

/// What makes a style measured on these texts doubtful. Texts are given by their index, from 0; the sentence that
/// [`Display`](std::fmt::Display) writes counts them from 1, in the same order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Caution {
    /// Texts in a language that the style space does not measure: it is made for English.
    OtherLanguage {
        /// Its English name.
        language: String,
        texts: Vec<usize>,
        /// Share (0 to 1) of all words of prose that are in these texts.
        share_of_words: f64,
    },
    /// Much that is not the author's own prose, such as quoted mail, code, logs and tables.
    Noisy {
        /// Share (0 to 1) of all visible characters that are in such lines.
        share: f64,
        /// What most of it is, the most frequent kind first.
        kinds: Vec<NoiseKind>,
        /// The texts that are over [`NOISE_SHARE`](super::NOISE_SHARE) themselves.
        texts: Vec<usize>,
    },
    /// Many words with digits inside, with a letter four times in a row or without a vowel.
    Garbled {
        /// Share (0 to 1) of the words.
        share_of_words: f64,
        /// The texts that are over [`GARBLED_SHARE`](super::GARBLED_SHARE) themselves.
        texts: Vec<usize>,
    },
    /// Repeated text, apart from capitals, digits, punctuation and a few words.
    Repetitive {
        /// Share (0 to 1) of the words that are in runs of five that occurred before.
        share: f64,
        /// The texts that repeat earlier ones as a whole; empty where passages within texts repeat.
        texts: Vec<usize>,
    },
    /// The texts read as if two people had written them, or one person in two very different ways.
    #[serde(rename = "several_hands")]
    MultipleAuthors {
        /// How far apart the groups are, in units of what one author's texts hardly ever reach; above 1.
        separation: f64,
        /// Texts in the larger and in the smaller group. Of very many texts not all are looked at.
        texts_each: [usize; 2],
        apart: Vec<usize>,
    },
}

impl Caution {
    /// The texts it is about; of multiple authors the smaller group.
    pub fn texts(&self) -> &[usize] {
        match self {
            Self::OtherLanguage { texts, .. }
            | Self::Noisy { texts, .. }
            | Self::Garbled { texts, .. }
            | Self::Repetitive { texts, .. }
            | Self::MultipleAuthors { apart: texts, .. } => texts,
        }
    }
}
