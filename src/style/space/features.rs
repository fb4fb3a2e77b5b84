//! The features: which ratio of counts each is, how it is transformed, and what it is called. Knows no reference numbers.

use serde::{Deserialize, Serialize};

use super::counts::{Counts, SLOTS, Slot};

/// Words in the running window over which distinct words are counted.
pub const WINDOW: usize = 40;

/// How a ratio becomes a feature value with an even spread.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Transform {
    /// Square root: makes the variance of a rate independent of the rate.
    Root,
    /// Natural logarithm, for lengths.
    Log,
    Identity,
}

/// A named stylometric feature: a ratio of two sums.
#[derive(Clone, Copy, Debug)]
pub struct Named {
    pub id: &'static str,
    /// What a reader sees after the number, e.g. "words per sentence".
    pub unit: &'static str,
    pub numerator: Slot,
    pub denominator: Slot,
    pub transform: Transform,
    /// Natural units: the ratio times this (100 for "per hundred words").
    pub scale: f64,
}

const fn length(id: &'static str, unit: &'static str, numerator: Slot, denominator: Slot) -> Named {
    Named { id, unit, numerator, denominator, transform: Transform::Log, scale: 1.0 }
}

const fn share(id: &'static str, unit: &'static str, numerator: Slot, denominator: Slot) -> Named {
    Named { id, unit, numerator, denominator, transform: Transform::Root, scale: 100.0 }
}

pub const NAMED: &[Named] = &[
    length("sentence_length", "words per sentence", Slot::Words, Slot::Sentences),
    // The root mean square over the mean, squared: 1 where all sentences are equally long.
    length("sentence_spread", "spread of sentence lengths (squared)", Slot::SquaredSentences, Slot::Words),
    Named { transform: Transform::Identity, ..length("word_length", "letters per word", Slot::Letters, Slot::Words) },
    share("long_words", "% words of seven letters or more", Slot::LongWords, Slot::Words),
    Named {
        transform: Transform::Identity,
        ..share("distinct_words", "% distinct words in every 40", Slot::DistinctWords, Slot::WindowWords)
    },
    Named {
        transform: Transform::Identity,
        ..share("unlisted_words", "% words not among the most common", Slot::UnlistedWords, Slot::Words)
    },
    share("short_sentences", "% sentences of four words or fewer", Slot::ShortSentences, Slot::Sentences),
    share("long_sentences", "% sentences of twenty-five words or more", Slot::LongSentences, Slot::Sentences),
    share("lower_starts", "% sentences starting in lower case", Slot::LowerStarts, Slot::Sentences),
    share("unstopped", "% sentences without final punctuation", Slot::Unstopped, Slot::Sentences),
    share("capitalised", "capitalised words inside sentences per 100 words", Slot::Capitalised, Slot::Words),
    share("all_capitals", "words in capitals per 100 words", Slot::AllCapitals, Slot::Words),
    share("numbers", "numbers per 100 words", Slot::Numbers, Slot::Words),
    share("commas", "commas per 100 words", Slot::Commas, Slot::Words),
    share("exclamations", "exclamation marks per 100 sentences", Slot::Exclamations, Slot::Sentences),
    share("questions", "question marks per 100 sentences", Slot::Questions, Slot::Sentences),
    share("semicolons", "semicolons per 100 words", Slot::Semicolons, Slot::Words),
    share("colons", "colons per 100 words", Slot::Colons, Slot::Words),
    share("dashes", "dashes per 100 words", Slot::Dashes, Slot::Words),
    share("hyphens", "hyphenated words per 100 words", Slot::Hyphens, Slot::Words),
    share("parentheses", "brackets per 100 words", Slot::Parentheses, Slot::Words),
    share("quotes", "quotation marks per 100 words", Slot::Quotes, Slot::Words),
    share("ellipses", "ellipses per 100 sentences", Slot::Ellipses, Slot::Sentences),
    share("breaks", "line breaks per 100 words", Slot::Breaks, Slot::Words),
    share("list_items", "list items per 100 words", Slot::ListItems, Slot::Words),
    share("emphasis", "emphasis marks per 100 words", Slot::Emphasis, Slot::Words),
    share("faces", "emoji and emoticons per 100 words", Slot::Faces, Slot::Words),
    share("contractions", "contractions per 100 words", Slot::Contractions, Slot::Words),
    share("nominalisations", "abstract nouns (-tion, -ment, -ity) per 100 words", Slot::Nominalisations, Slot::Words),
    share("adverbs", "adverbs in -ly per 100 words", Slot::Adverbs, Slot::Words),
    share("gerunds", "words in -ing per 100 words", Slot::Gerunds, Slot::Words),
    share("past_forms", "words in -ed per 100 words", Slot::PastForms, Slot::Words),
    share("passives", "passive forms per 100 words", Slot::Passives, Slot::Words),
    share("first_person", "\u{201c}I\u{201d} words per 100 words", Slot::FirstPerson, Slot::Words),
    share("second_person", "\u{201c}you\u{201d} words per 100 words", Slot::SecondPerson, Slot::Words),
    share("first_plural", "\u{201c}we\u{201d} words per 100 words", Slot::FirstPlural, Slot::Words),
    share("third_person", "\u{201c}he, she, it, they\u{201d} words per 100 words", Slot::ThirdPerson, Slot::Words),
    share("slang", "chat words per 100 words", Slot::Slang, Slot::Words),
    share("formal", "formal words per 100 words", Slot::Formal, Slot::Words),
    share("hedges", "hedging words per 100 words", Slot::Hedges, Slot::Words),
    share("boosters", "intensifiers per 100 words", Slot::Boosters, Slot::Words),
    share("courtesy", "words of courtesy per 100 words", Slot::Courtesy, Slot::Words),
    share("warmth", "words of affection per 100 words", Slot::Warmth, Slot::Words),
    share("connectives", "connectives per 100 words", Slot::Connectives, Slot::Words),
    share("subordinators", "subordinating words per 100 words", Slot::Subordinators, Slot::Words),
    share("negations", "negations per 100 words", Slot::Negations, Slot::Words),
    share("imagery", "imagery words per 100 words", Slot::Imagery, Slot::Words),
    share("comparison", "comparison words per 100 words", Slot::Comparison, Slot::Words),
    share("archaic", "old-fashioned words per 100 words", Slot::Archaic, Slot::Words),
    share("vague", "vague words per 100 words", Slot::Vague, Slot::Words),
    share("playful", "playful words per 100 words", Slot::Playful, Slot::Words),
    share("modals", "modal verbs per 100 words", Slot::Modals, Slot::Words),
    share("quantities", "measurement words per 100 words", Slot::Quantities, Slot::Words),
    share("gratitude", "words of thanks per 100 words", Slot::Gratitude, Slot::Words),
    share("apology", "words of apology per 100 words", Slot::Apology, Slot::Words),
    share("greeting", "greetings per 100 words", Slot::Greeting, Slot::Words),
    share("approval", "approving words per 100 words", Slot::Approval, Slot::Words),
    share("disapproval", "disapproving words per 100 words", Slot::Disapproval, Slot::Words),
    share("bare_contractions", "contractions without an apostrophe per 100 words", Slot::BareContractions, Slot::Words),
    share("lower_i", "\u{201c}i\u{201d} for \u{201c}I\u{201d} per 100 words", Slot::LowerI, Slot::Words),
    share("elisions", "words with a letter left out per 100 words", Slot::Elisions, Slot::Words),
    Named { transform: Transform::Identity, ..length("syllables", "syllables per word", Slot::Syllables, Slot::Words) },
    share("long_sounds", "% words of three syllables or more", Slot::LongSounds, Slot::Words),
    share("question_starts", "% sentences starting with a question word", Slot::QuestionStarts, Slot::Sentences),
    share("joined_starts", "% sentences starting with and, but, so, or", Slot::JoinedStarts, Slot::Sentences),
    share("first_starts", "% sentences starting with \u{201c}I\u{201d}", Slot::FirstStarts, Slot::Sentences),
    share("second_starts", "% sentences starting with \u{201c}you\u{201d}", Slot::SecondStarts, Slot::Sentences),
    length("text_length", "words in a typical text", Slot::Words, Slot::Texts),
];

/// What kind of thing a feature measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Named(usize),
    Word(usize),
    Trigram(usize),
}

/// The ordered list of features of one space.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeatureList {
    /// Lower-case words, each a feature: the root of its rate per word.
    pub words: Vec<String>,
    /// Trigrams of character shapes (see [`super::counter::shape`]), each a feature: the root of its rate per character.
    pub trigrams: Vec<String>,
}

impl FeatureList {
    pub fn count(&self) -> usize {
        NAMED.len() + self.words.len() + self.trigrams.len()
    }

    /// Number of sums a [`Counts`] of this space holds.
    pub fn slots(&self) -> usize {
        SLOTS + self.words.len() + self.trigrams.len()
    }

    pub fn kind(&self, feature: usize) -> Kind {
        if feature < NAMED.len() {
            Kind::Named(feature)
        } else if feature < NAMED.len() + self.words.len() {
            Kind::Word(feature - NAMED.len())
        } else {
            Kind::Trigram(feature - NAMED.len() - self.words.len())
        }
    }

    /// (numerator slot, denominator slot, transform) of a feature.
    pub fn ratio_of(&self, feature: usize) -> (usize, usize, Transform) {
        match self.kind(feature) {
            Kind::Named(index) => {
                let named = &NAMED[index];
                (named.numerator as usize, named.denominator as usize, named.transform)
            }
            Kind::Word(index) => (SLOTS + index, Slot::Words as usize, Transform::Root),
            Kind::Trigram(index) => (SLOTS + self.words.len() + index, Slot::Characters as usize, Transform::Root),
        }
    }

    /// Whether a sum enters a feature.
    pub fn depends_on(&self, feature: usize, slot: usize) -> bool {
        let (numerator, denominator, _) = self.ratio_of(feature);
        slot == numerator || slot == denominator
    }

    /// The transformed value of every feature; zero where the denominator is zero.
    pub fn values(&self, counts: &Counts) -> Vec<f64> {
        (0..self.count()).map(|feature| self.value(feature, counts)).collect()
    }

    /// The transformed value of one feature.
    pub fn value(&self, feature: usize, counts: &Counts) -> f64 {
        let (numerator, denominator, transform) = self.ratio_of(feature);
        let below = counts.0[denominator];
        if below <= 0.0 {
            return 0.0;
        }
        let ratio = (counts.0[numerator] / below).max(0.0);
        match transform {
            Transform::Root => ratio.sqrt(),
            Transform::Log => ratio.max(1e-3).ln(),
            Transform::Identity => ratio,
        }
    }

    /// The value a person reads: in the unit that [`label`](Self::label) names.
    pub fn natural(&self, feature: usize, counts: &Counts) -> f64 {
        let (numerator, denominator, _) = self.ratio_of(feature);
        let ratio = if counts.0[denominator] > 0.0 { counts.0[numerator] / counts.0[denominator] } else { 0.0 };
        match self.kind(feature) {
            Kind::Named(index) => ratio * NAMED[index].scale,
            Kind::Word(_) => ratio * 100.0,
            Kind::Trigram(_) => ratio * 1000.0,
        }
    }

    /// A stable short name, e.g. `sentence_length`, `word:the`, `shape:. A`.
    pub fn name(&self, feature: usize) -> String {
        match self.kind(feature) {
            Kind::Named(index) => NAMED[index].id.to_owned(),
            Kind::Word(index) => format!("word:{}", self.words[index]),
            Kind::Trigram(index) => format!("shape:{}", self.trigrams[index].escape_debug()),
        }
    }

    /// What follows the number when a feature is shown to a person.
    pub fn label(&self, feature: usize) -> String {
        match self.kind(feature) {
            Kind::Named(index) => NAMED[index].unit.to_owned(),
            Kind::Word(index) => format!("\u{201c}{}\u{201d} per 100 words", self.words[index]),
            Kind::Trigram(index) => {
                format!("\u{201c}{}\u{201d} patterns per 1000 characters", self.trigrams[index].escape_debug())
            }
        }
    }
}
