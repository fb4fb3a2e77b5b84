//! Counts what a space's feature list needs in texts. Fast: one pass, no regular expressions; knows no reference numbers.

use std::collections::{HashMap, HashSet};
use std::ops::RangeInclusive;

use serde::Deserialize;
use sha2::{Digest, Sha256};
use strum::VariantArray;
use unicode_segmentation::UnicodeSegmentation;

use super::counts::{Counts, SLOTS, Slot};
use super::features::{FeatureList, WINDOW};
use super::tokens::{Token, is_list_item, normalise, sentences, words};
use super::word::{add_endings, is_elided, start, syllables};
use crate::style::error::StyleError;

const LEXICON: &str = include_str!("../../../assets/style/lexicon.toml");
const LONG_WORD: usize = 7;
const SHORT_SENTENCE: u32 = 4;
const LONG_SENTENCE: u32 = 25;
const USUAL_TEXT: f64 = 60.0;
const WEIGHT_EXPONENT: f64 = 0.25;

/// The sums of words that a group of `lexicon.toml` lists, which has the sum's name.
const GROUPS: RangeInclusive<usize> = Slot::FirstPerson as usize..=Slot::BareContractions as usize;

/// A digest of everything that decides what is counted, besides the lists a reference brings itself.
pub fn definitions() -> String {
    let mut hash = Sha256::new();
    hash.update(LEXICON.replace('\r', "").as_bytes());
    for named in super::features::NAMED {
        hash.update(named.id.as_bytes());
        hash.update([0]);
    }
    hash.update(USUAL_TEXT.to_le_bytes());
    hash.update(WEIGHT_EXPONENT.to_le_bytes());
    hex::encode(&hash.finalize()[..6])
}

#[derive(Deserialize)]
struct Lexicon {
    abbreviations: String,
    groups: HashMap<String, String>,
}

/// What is known of a word: the slots it counts towards.
#[derive(Clone, Default)]
struct Entry {
    slots: Vec<u16>,
    listed: bool,
    be_form: bool,
}

#[derive(Clone)]
pub struct Counter {
    entries: HashMap<String, Entry>,
    trigrams: HashMap<[char; 3], usize>,
    abbreviations: HashSet<String>,
    length: usize,
}

impl Counter {
    /// # Errors
    /// [`StyleError::Asset`] where the shipped word groups cannot be read.
    pub fn new(features: &FeatureList) -> Result<Self, StyleError> {
        let lexicon: Lexicon = toml::from_str(LEXICON).map_err(|error| StyleError::asset("lexicon.toml", error))?;
        let group = |name: &str| {
            let words = lexicon.groups.get(name);
            words.ok_or_else(|| {
                StyleError::asset("lexicon.toml", format!("the group \u{201c}{name}\u{201d} is missing"))
            })
        };
        let mut entries: HashMap<String, Entry> = HashMap::new();
        for slot in GROUPS {
            for word in group(Slot::VARIANTS[slot].into())?.split_whitespace() {
                let entry = entries.entry(word.to_owned()).or_default();
                if !entry.slots.contains(&slot_number(slot)) {
                    entry.slots.push(slot_number(slot));
                }
            }
        }
        for word in group("be_forms")?.split_whitespace() {
            entries.entry(word.to_owned()).or_default().be_form = true;
        }
        for (index, word) in features.words.iter().enumerate() {
            let entry = entries.entry(word.clone()).or_default();
            entry.slots.push(slot_number(SLOTS + index));
            entry.listed = true;
        }
        let offset = SLOTS + features.words.len();
        let mut trigrams = HashMap::new();
        for (index, trigram) in features.trigrams.iter().enumerate() {
            let characters: Vec<char> = trigram.chars().collect();
            let key = characters
                .try_into()
                .map_err(|_| StyleError::asset("reference.json", format!("{trigram:?} is not three characters")))?;
            trigrams.insert(key, offset + index);
        }
        let abbreviations = lexicon.abbreviations.split_whitespace().map(String::from).collect();
        Ok(Self { entries, trigrams, abbreviations, length: features.slots() })
    }

    /// The sums over all the texts together, each with its [`weight`].
    pub fn pool<T: AsRef<str>>(&self, texts: &[T]) -> Counts {
        let mut sums = Counts::zero(self.length);
        for text in texts {
            let mut counts = Counts::zero(self.length);
            self.add_text(text.as_ref(), &mut counts);
            let (texts, words) = (counts.get(Slot::Texts), counts.words());
            sums.add(&counts, weight(words));
            sums.bump(Slot::WrittenTexts, texts);
            sums.bump(Slot::WrittenWords, words);
        }
        sums
    }

    /// The sums of one text (or one sentence).
    pub fn count(&self, text: &str) -> Counts {
        self.pool(&[text])
    }

    /// The sentences of a text, wrapped lines joined.
    pub fn sentences(&self, text: &str) -> Vec<String> {
        sentences(&normalise(text), &self.abbreviations).into_iter().map(String::from).collect()
    }

    fn add_text(&self, text: &str, counts: &mut Counts) {
        let normal = normalise(text);
        if normal.is_empty() {
            return;
        }
        counts.bump(Slot::Texts, 1.0);
        let mut window = Window::default();
        for sentence in sentences(&normal, &self.abbreviations) {
            self.add_sentence(sentence, &mut window, counts);
        }
        for line in normal.lines().filter(|line| is_list_item(line)) {
            counts.bump(Slot::ListItems, 1.0);
            counts.bump_if(Slot::Emphasis, line.starts_with('#'));
        }
        self.add_characters(&normal, counts);
    }

    fn add_sentence(&self, sentence: &str, window: &mut Window, counts: &mut Counts) {
        let mut length = 0_u32;
        let mut lower = String::new();
        let mut after_be = 0_u8;
        words(sentence, |token| {
            length += 1;
            counts.bump(Slot::Words, 1.0);
            let Token::Word(word) = token else {
                counts.bump(Slot::Links, 1.0);
                return;
            };
            lower.clear();
            lower.extend(word.chars().flat_map(char::to_lowercase));
            let be_form = self.add_word(word, &lower, length == 1, counts);
            if length == 1
                && let Some(slot) = start(&lower)
            {
                counts.bump(slot, 1.0);
            }
            let participle = lower.len() > 3 && (lower.ends_with("ed") || lower.ends_with("own"));
            counts.bump_if(Slot::Passives, after_be > 0 && participle);
            after_be = if be_form { 2 } else { after_be.saturating_sub(1) };
            window.push(&lower, counts);
        });
        if length == 0 {
            return;
        }
        counts.bump(Slot::Sentences, 1.0);
        counts.bump(Slot::SquaredSentences, f64::from(length * length));
        counts.bump_if(Slot::ShortSentences, length <= SHORT_SENTENCE);
        counts.bump_if(Slot::LongSentences, length >= LONG_SENTENCE);
        let first = sentence.chars().find(|c| c.is_alphanumeric());
        counts.bump_if(Slot::LowerStarts, first.is_some_and(char::is_lowercase));
        counts.bump_if(Slot::Unstopped, sentence.ends_with(|c: char| c.is_alphanumeric()));
    }

    /// Counts one word; says whether it is a form of "to be".
    fn add_word(&self, word: &str, lower: &str, first: bool, counts: &mut Counts) -> bool {
        let mut letters = 0_usize;
        let mut upper = 0_usize;
        let mut digits = 0_usize;
        for character in word.chars().filter(|c| c.is_alphanumeric()) {
            letters += 1;
            upper += usize::from(character.is_uppercase());
            digits += usize::from(character.is_numeric());
        }
        counts.bump(Slot::Letters, letters as f64);
        counts.bump_if(Slot::LongWords, letters >= LONG_WORD);
        if digits > 0 {
            counts.bump(Slot::Numbers, 1.0);
        } else if upper == letters && letters > 1 {
            counts.bump(Slot::AllCapitals, 1.0);
        } else if !first && upper > 0 && letters > 1 && !lower.starts_with("i'") {
            counts.bump(Slot::Capitalised, 1.0);
        }
        let pronoun = matches!(lower, "it's" | "that's" | "what's" | "here's" | "there's" | "let's" | "he's" | "she's");
        counts.bump_if(Slot::Contractions, pronoun || lower.split_once('\'').is_some_and(|(_, ending)| ending != "s"));
        counts.bump_if(Slot::LowerI, word == "i");
        counts.bump_if(Slot::Elisions, is_elided(lower));
        let syllables = syllables(lower);
        counts.bump(Slot::Syllables, f64::from(syllables));
        counts.bump_if(Slot::LongSounds, syllables >= 3);
        add_endings(lower, letters, counts);
        let entry = self.entries.get(lower);
        for &slot in entry.map_or(&[][..], |entry| &entry.slots) {
            counts.0[usize::from(slot)] += 1.0;
        }
        counts.bump_if(Slot::UnlistedWords, !entry.is_some_and(|entry| entry.listed));
        entry.is_some_and(|entry| entry.be_form)
    }

    /// Punctuation, layout, faces and trigrams of character shapes.
    fn add_characters(&self, normal: &str, counts: &mut Counts) {
        let mut last = ['\n'; 3];
        let mut quoted = false;
        let step = |next: char, last: &mut [char; 3], counts: &mut Counts| {
            *last = [last[1], last[2], shape(next)];
            if let Some(&slot) = self.trigrams.get(last) {
                counts.0[slot] += 1.0;
            }
        };
        for character in normal.chars() {
            let before = last[2];
            step(character, &mut last, counts);
            counts.bump(Slot::Characters, 1.0);
            match character {
                ',' => counts.bump(Slot::Commas, 1.0),
                '!' => counts.bump(Slot::Exclamations, 1.0),
                '?' => counts.bump(Slot::Questions, 1.0),
                ';' => counts.bump(Slot::Semicolons, 1.0),
                ':' => counts.bump(Slot::Colons, 1.0),
                '\u{2014}' | '\u{2013}' => counts.bump(Slot::Dashes, 1.0),
                '-' if matches!(before, ' ' | '-') => counts.bump(Slot::Dashes, 0.5),
                '-' if before.is_alphanumeric() => counts.bump(Slot::Hyphens, 1.0),
                '(' | '[' => counts.bump(Slot::Parentheses, 1.0),
                '"' => {
                    quoted = !quoted;
                    counts.bump(Slot::Quotes, if quoted { 1.0 } else { 0.0 });
                }
                '\u{2026}' => counts.bump(Slot::Ellipses, 1.0),
                '\n' if before != '\n' => counts.bump(Slot::Breaks, 1.0),
                '*' | '_' | '`' => counts.bump(Slot::Emphasis, 0.5),
                _ => {}
            }
            if last == ['.', '.', '.'] {
                counts.bump(Slot::Ellipses, 0.5);
            }
        }
        step('\n', &mut last, counts);
        counts.bump(Slot::Faces, faces(normal));
    }
}

/// The weight of a text by its words: (60 / words)^0.25. So a text twice as long as another counts 1.7 times as much: a
/// writer's few long texts do not drown the many short ones, and a model that writes partly in a style shows it in its short
/// answers too. The exponent was measured (`docs/style.md`); sixty words is a usual text.
fn weight(words: f64) -> f64 {
    (USUAL_TEXT / words.max(1.0)).powf(WEIGHT_EXPONENT)
}

fn slot_number(slot: usize) -> u16 {
    u16::try_from(slot).expect("a space has a few hundred sums")
}

/// The class a character stands for in a trigram: capitals `A`, other letters `a` (which letter it is would carry topic),
/// digits `0`; punctuation and line ends stay themselves, anything rare becomes `~`.
pub fn shape(character: char) -> char {
    match character {
        c if c.is_uppercase() => 'A',
        c if c.is_alphabetic() => 'a',
        c if c.is_numeric() => '0',
        '\u{2014}' | '\u{2013}' => '\u{2014}',
        '\u{2026}' => '\u{2026}',
        ' ' | '\n' => character,
        c if c.is_ascii_punctuation() => c,
        _ => '~',
    }
}

/// Emoji (by grapheme, so that a family counts once) and emoticons.
fn faces(normal: &str) -> f64 {
    const EMOTICONS: &[&str] = &[
        ":)", ":-)", ";)", ";-)", ":(", ":-(", ":D", ":-D", ":P", ":p", ":/", "<3", "^^", "xD", "XD", ":o", ":O", "=)",
    ];
    let emoji = |grapheme: &&str| {
        let first = grapheme.chars().next().unwrap_or(' ');
        matches!(first, '\u{2600}'..='\u{27bf}' | '\u{1f300}'..='\u{1faff}')
    };
    let drawn = if normal.is_ascii() { 0 } else { normal.graphemes(true).filter(emoji).count() };
    let typed = normal.split([' ', '\n']).filter(|chunk| chunk.len() < 5 && EMOTICONS.contains(chunk)).count();
    (drawn + typed) as f64
}

/// Distinct words in consecutive windows of a text; an incomplete window counts for nothing.
#[derive(Default)]
struct Window {
    seen: HashSet<String>,
    filled: usize,
}

impl Window {
    fn push(&mut self, lower: &str, counts: &mut Counts) {
        if !self.seen.contains(lower) {
            self.seen.insert(lower.to_owned());
        }
        self.filled += 1;
        if self.filled == WINDOW {
            counts.bump(Slot::WindowWords, WINDOW as f64);
            counts.bump(Slot::DistinctWords, self.seen.len() as f64);
            self.seen.clear();
            self.filled = 0;
        }
    }
}
