//! Texts, with what they answer where that is known, split for good into trained-on and held out; and the same as tokens.
//! Knows no step.

use crate::engine::{Model, Sequence};

use super::duplicates::groups;
use super::error::TrainingError;

/// One text to learn from: what the person wrote, and what it answers. A text that answers nothing is learned whole; of an
/// answer the request is only read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Example {
    /// A hash of the document the text belongs to; decides on which side of the split it falls.
    pub key: String,
    pub request: Option<String>,
    pub reply: String,
}

/// Texts that training may see, and texts that only judge it.
#[derive(Clone, Debug)]
pub struct Split {
    pub train: Vec<Example>,
    pub held_out: Vec<Example>,
    /// Texts that would have been held out, but are nearly the same as one that is trained on.
    pub moved: usize,
}

/// Below this there is nothing to learn and nothing to judge it by.
pub const FEWEST_TEXTS: usize = 8;

/// One text in this many is held out.
const HELD_OUT_ONE_IN: u64 = 8;

impl Split {
    /// Splits by document key, so that a text stays on its side when more are imported later; but near-duplicates never
    /// stand on both sides. Where they would, all of them are trained on: that, and only that, can take a text out of the
    /// held-out ones later.
    ///
    /// # Errors
    /// When there are fewer than [`FEWEST_TEXTS`] texts, or all are nearly the same.
    pub fn of(mut examples: Vec<Example>) -> Result<Self, TrainingError> {
        examples.sort_by(|a, b| a.key.cmp(&b.key));
        examples.dedup_by(|a, b| a.key == b.key && a.reply == b.reply);
        if examples.len() < FEWEST_TEXTS {
            return Err(TrainingError::TooFewTexts { found: examples.len(), needed: FEWEST_TEXTS });
        }
        let replies: Vec<&str> = examples.iter().map(|example| example.reply.as_str()).collect();
        let groups = groups(&replies);
        let chosen: Vec<bool> = examples.iter().map(|example| bucket(&example.key) == 0).collect();
        // A group is held out when all of it would be.
        let mut whole = vec![true; examples.len()];
        for (group, chosen) in groups.iter().zip(&chosen) {
            whole[*group] &= chosen;
        }
        // Chance may leave a small collection without one side; then the first group by key goes over.
        let mut firsts: Vec<usize> = groups.clone();
        firsts.sort_unstable();
        firsts.dedup();
        let held: Vec<usize> = firsts.iter().copied().filter(|group| whole[*group]).collect();
        if firsts.len() < 2 {
            return Err(TrainingError::TooFewTexts { found: firsts.len(), needed: FEWEST_TEXTS });
        } else if held.is_empty() {
            whole[firsts[0]] = true;
        } else if held.len() == firsts.len() {
            whole[firsts[0]] = false;
        }
        let moved = groups.iter().zip(&chosen).filter(|(group, chosen)| **chosen && !whole[**group]).count();
        let (mut train, mut held_out) = (Vec::new(), Vec::new());
        for (example, group) in examples.into_iter().zip(&groups) {
            if whole[*group] { held_out.push(example) } else { train.push(example) }
        }
        Ok(Self { train, held_out, moved })
    }
}

/// The split as token sequences.
#[derive(Clone, Debug)]
pub struct Encoded {
    pub train: Vec<Sequence>,
    /// At most about [`HELD_OUT_TOKENS`], since they are all read at every validation.
    pub held_out: Vec<Sequence>,
    /// Number of trained-on answers that were cut at the longest sequence. Texts that answer nothing are divided instead.
    pub cut: usize,
    /// As [`Split::moved`].
    pub moved: usize,
    /// Tells whether a resumed run sees the same texts.
    pub fingerprint: String,
}

/// Few enough to read in seconds at every validation.
const HELD_OUT_TOKENS: usize = 3072;

impl Encoded {
    /// Sequences of at most `longest` tokens, or what the model reads at most.
    ///
    /// # Errors
    /// When the tokenizer fails.
    pub fn new(model: &Model, split: &Split, longest: usize) -> Result<Self, TrainingError> {
        use sha2::{Digest, Sha256};
        let longest = longest.min(model.config.context);
        let mut cut = 0;
        let mut train = Vec::with_capacity(split.train.len());
        let mut hash = Sha256::new();
        for example in &split.train {
            let (sequences, was_cut) = example.encode(model, longest)?;
            cut += usize::from(was_cut);
            for part in [&example.key, example.request.as_deref().unwrap_or_default(), &example.reply] {
                hash.update(part.as_bytes());
                hash.update([0]);
            }
            train.extend(sequences);
        }
        let mut held_out = Vec::new();
        let mut tokens = 0;
        for example in &split.held_out {
            for sequence in example.encode(model, longest)?.0 {
                if tokens == 0 || tokens + sequence.ids.len() <= HELD_OUT_TOKENS {
                    tokens += sequence.ids.len();
                    held_out.push(sequence);
                }
            }
        }
        let fingerprint = hex::encode(&hash.finalize());
        if train.is_empty() || held_out.is_empty() {
            return Err(TrainingError::TooFewTexts { found: train.len(), needed: FEWEST_TEXTS });
        }
        Ok(Self { train, held_out, cut, moved: split.moved, fingerprint })
    }

    /// Tokens of the longest sequence of either side.
    #[must_use]
    pub fn longest(&self) -> usize {
        self.train.iter().chain(&self.held_out).map(|sequence| sequence.ids.len()).max().unwrap_or(1)
    }

    /// Tokens of one pass over the trained-on texts.
    #[must_use]
    pub fn train_tokens(&self) -> usize {
        self.train.iter().map(|sequence| sequence.ids.len()).sum()
    }
}

impl Example {
    /// The text as sequences that have something to learn, and whether any of it was cut off.
    fn encode(&self, model: &Model, longest: usize) -> Result<(Vec<Sequence>, bool), TrainingError> {
        let (mut sequences, cut) = match &self.request {
            Some(request) => {
                let (sequence, cut) = model.pair(&shortened(request), &self.reply, longest)?;
                (vec![sequence], cut)
            }
            None => (model.plain(&self.reply, longest)?, false),
        };
        // A request that fills the whole sequence leaves nothing to learn.
        sequences.retain(|sequence| sequence.labels() > 0);
        Ok((sequences, cut))
    }
}

/// A long quoted mail must not crowd the reply out of the sequence: its beginning says what it is about.
const LONGEST_REQUEST: usize = 600;

fn shortened(request: &str) -> String {
    match request.char_indices().nth(LONGEST_REQUEST) {
        None => request.to_owned(),
        Some((end, _)) => {
            let end = request[..end].rfind(char::is_whitespace).filter(|i| *i > 0).unwrap_or(end);
            format!("{} …", request[..end].trim_end())
        }
    }
}

/// The side of the split: 0 is held out. Keys are hashes in hexadecimal; any other key is hashed by its bytes.
fn bucket(key: &str) -> u64 {
    let head = key.get(..8).and_then(|head| u64::from_str_radix(head, 16).ok());
    let number = head.unwrap_or_else(|| {
        key.bytes().fold(0xcbf2_9ce4_8422_2325, |hash: u64, b| (hash ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3))
    });
    number % HELD_OUT_ONE_IN
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::digest::sha256;

    fn example(i: usize) -> Example {
        let key = sha256(i.to_string().as_bytes());
        Example { key, request: Some(format!("r{i}")), reply: format!("t{i}") }
    }

    #[test]
    fn importing_more_moves_no_text_to_the_other_side() {
        let small = Split::of((0..60).map(example).collect()).unwrap();
        let large = Split::of((0..600).map(example).collect()).unwrap();
        assert!(small.held_out.iter().all(|e| large.held_out.contains(e)));
        assert!(small.train.iter().all(|e| large.train.contains(e)));
        let share = large.held_out.len() as f64 / 600.0;
        assert!((0.08..0.17).contains(&share), "{share}");
    }

    #[test]
    fn the_same_document_twice_counts_once() {
        let twice: Vec<Example> = (0..20).chain(0..20).map(example).collect();
        let split = Split::of(twice).unwrap();
        assert_eq!(split.train.len() + split.held_out.len(), 20);
    }

    #[test]
    fn near_duplicates_never_stand_on_both_sides() {
        let letter = |i: usize| {
            let words: Vec<String> = (0..40).map(|k| format!("w{}", (i / 3) * 50 + k)).collect();
            format!("Number {i}: {}", words.join(" "))
        };
        let examples = (0..120).map(|i| Example { reply: letter(i), ..example(i) }).collect();
        let split = Split::of(examples).unwrap();
        assert!(split.moved > 0 && !split.held_out.is_empty());
        assert_eq!(split.train.len() + split.held_out.len(), 120);
        for held in &split.held_out {
            let body = |example: &Example| example.reply.split_once(": ").unwrap().1.to_owned();
            assert!(split.train.iter().all(|train| body(train) != body(held)));
        }
        let one = Split::of((0..20).map(|i| Example { reply: letter(0), ..example(i) }).collect());
        assert!(matches!(one, Err(TrainingError::TooFewTexts { found: 1, .. })));
    }

    #[test]
    fn both_sides_have_something_however_few_texts_there_are() {
        for offset in 0..200 {
            let split = Split::of((offset..offset + FEWEST_TEXTS).map(example).collect()).unwrap();
            assert!(!split.train.is_empty() && !split.held_out.is_empty());
        }
        assert!(matches!(Split::of(vec![example(1)]), Err(TrainingError::TooFewTexts { found: 1, .. })));
    }

    #[test]
    fn long_requests_are_cut_between_words() {
        let long = "word ".repeat(400);
        let cut = shortened(&long);
        assert!(cut.chars().count() <= LONGEST_REQUEST + 2 && cut.ends_with("word …"));
        assert_eq!(shortened("short"), "short");
        assert!(shortened(&"é".repeat(900)).starts_with('é'));
    }
}
