//! What is counted in a text: additive sums, so that texts pool by addition. Knows nothing of rates or of whitening.

use serde::{Deserialize, Serialize};

/// The named sums; the listed words and the character trigrams follow them in a [`Counts`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::IntoStaticStr, strum::VariantArray)]
#[repr(usize)]
#[strum(serialize_all = "snake_case")]
pub enum Slot {
    Texts,
    Sentences,
    Words,
    /// Letters and digits inside words.
    Letters,
    /// Characters of the normalised text, spaces included.
    Characters,
    /// Sum over sentences of the square of their words.
    SquaredSentences,
    LongWords,
    /// Words in a complete window of [`super::features::WINDOW`] words, and the distinct ones of each window.
    WindowWords,
    DistinctWords,
    UnlistedWords,
    ShortSentences,
    LongSentences,
    LowerStarts,
    Capitalised,
    AllCapitals,
    Numbers,
    Links,
    Commas,
    Exclamations,
    Questions,
    Semicolons,
    Colons,
    Dashes,
    Hyphens,
    Parentheses,
    Quotes,
    Ellipses,
    Breaks,
    ListItems,
    Emphasis,
    Faces,
    Unstopped,
    Contractions,
    Nominalisations,
    Adverbs,
    Gerunds,
    PastForms,
    Passives,
    FirstPerson,
    SecondPerson,
    FirstPlural,
    ThirdPerson,
    Slang,
    Formal,
    Hedges,
    Boosters,
    Courtesy,
    Warmth,
    Connectives,
    Subordinators,
    Negations,
    Imagery,
    Comparison,
    Archaic,
    Vague,
    Playful,
    Modals,
    Quantities,
    Gratitude,
    Apology,
    Greeting,
    Approval,
    Disapproval,
    BareContractions,
    /// "i" for "I".
    LowerI,
    /// Words with an elided letter: heav'n, o'er, 'tis, walk'd.
    Elisions,
    Syllables,
    /// Words of three syllables or more.
    LongSounds,
    /// Sentences that begin with a question word, with "and, but, so, or", with "I", with "you".
    QuestionStarts,
    JoinedStarts,
    FirstStarts,
    SecondStarts,
    /// Texts and words as written: without the weight of their text, and so in no feature.
    WrittenTexts,
    WrittenWords,
}

/// How many named sums there are.
pub const SLOTS: usize = Slot::WrittenWords as usize + 1;

/// Sums over any amount of text. The length is [`SLOTS`] + listed words + trigrams of the space that made it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Counts(pub Vec<f64>);

impl Counts {
    pub fn zero(length: usize) -> Self {
        Self(vec![0.0; length])
    }

    pub fn get(&self, slot: Slot) -> f64 {
        self.0[slot as usize]
    }

    pub(crate) fn bump(&mut self, slot: Slot, by: f64) {
        self.0[slot as usize] += by;
    }

    pub(crate) fn bump_if(&mut self, slot: Slot, condition: bool) {
        self.bump(slot, f64::from(u8::from(condition)));
    }

    /// Words, each with the weight of its text.
    pub fn words(&self) -> f64 {
        self.get(Slot::Words)
    }

    /// Adds `factor` times the other sums; both must come from the same space.
    pub fn add(&mut self, other: &Self, factor: f64) {
        for (sum, value) in self.0.iter_mut().zip(&other.0) {
            *sum += factor * value;
        }
    }

    /// The sums per word (all zero where there is no word).
    pub fn per_word(&self) -> Self {
        let words = self.words();
        Self(self.0.iter().map(|value| if words > 0.0 { value / words } else { 0.0 }).collect())
    }
}
