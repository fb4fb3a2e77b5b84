//! Texts to learn from, with their prompts if known: permanently split into training and held-out texts, and
//! tokenized. Knows no step.

use crate::engine::{Model, Sequence};

use super::duplicates::groups;
use super::error::TrainingError;

/// One text to learn from: what the user wrote, and the prompt it replies to. Only the reply is scored; a text
/// without a prompt is scored as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Example {
    /// A hash of the text's document, which determines its side of the split.
    pub key: String,
    pub prompt: Option<String>,
    pub reply: String,
}

#[derive(Clone, Debug)]
pub struct Split {
    pub train: Vec<Example>,
    pub held_out: Vec<Example>,
    /// Number of texts moved from held-out to training because they duplicate others there.
    pub moved: usize,
}

/// With fewer, there is too little to learn from and to validate on.
pub const MIN_TEXTS: usize = 8;

/// One text in this many is held out.
const HELD_OUT_ONE_IN: u64 = 8;

impl Split {
    /// Splits by document key, so that a text stays on its side when more are imported. Near-duplicates are never on
    /// both sides: where they would be, all are training texts. Only that can move a text out of the held-out set
    /// later.
    ///
    /// # Errors
    /// When there are fewer than [`MIN_TEXTS`] texts, or all are near-duplicates.
    pub fn of(mut examples: Vec<Example>) -> Result<Self, TrainingError> {
        examples.sort_by(|a, b| a.key.cmp(&b.key));
        examples.dedup_by(|a, b| a.key == b.key && a.reply == b.reply);
        if examples.len() < MIN_TEXTS {
            return Err(TrainingError::TooFewTexts { found: examples.len(), needed: MIN_TEXTS });
        }
        let replies: Vec<&str> = examples.iter().map(|example| example.reply.as_str()).collect();
        let groups = groups(&replies);
        let chosen: Vec<bool> = examples.iter().map(|example| bucket(&example.key) == 0).collect();
        // A group is held out if all of its texts would be.
        let mut whole = vec![true; examples.len()];
        for (group, chosen) in groups.iter().zip(&chosen) {
            whole[*group] &= chosen;
        }
        // By chance a small collection may have only one side; then the first group by key changes sides.
        let mut firsts: Vec<usize> = groups.clone();
        firsts.sort_unstable();
        firsts.dedup();
        let held: Vec<usize> = firsts.iter().copied().filter(|group| whole[*group]).collect();
        if firsts.len() < 2 {
            return Err(TrainingError::TooFewTexts { found: firsts.len(), needed: MIN_TEXTS });
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
    /// At most about [`MAX_HELD_OUT_TOKENS`] tokens, since every validation reads all of them.
    pub held_out: Vec<Sequence>,
    /// Number of training replies truncated to the maximum sequence length. Texts without a prompt are divided instead.
    pub cut: usize,
    /// As [`Split::moved`].
    pub moved: usize,
    /// Identifies the training texts, so that a resumed run knows whether they have changed.
    pub fingerprint: String,
}

/// Few enough to read in seconds at every validation.
const MAX_HELD_OUT_TOKENS: usize = 3072;

impl Encoded {
    /// Sequences of at most `max_length` tokens, or of the model's context.
    pub fn new(model: &Model, split: &Split, max_length: usize) -> Result<Self, TrainingError> {
        use sha2::{Digest, Sha256};
        let max_length = max_length.min(model.config.context);
        let mut cut = 0;
        let mut train = Vec::with_capacity(split.train.len());
        let mut hash = Sha256::new();
        for example in &split.train {
            let (sequences, was_cut) = example.encode(model, max_length)?;
            cut += usize::from(was_cut);
            for part in [&example.key, example.prompt.as_deref().unwrap_or_default(), &example.reply] {
                hash.update(part.as_bytes());
                hash.update([0]);
            }
            train.extend(sequences);
        }
        let mut held_out = Vec::new();
        let mut tokens = 0;
        for example in &split.held_out {
            for sequence in example.encode(model, max_length)?.0 {
                if tokens == 0 || tokens + sequence.ids.len() <= MAX_HELD_OUT_TOKENS {
                    tokens += sequence.ids.len();
                    held_out.push(sequence);
                }
            }
        }
        let fingerprint = hex::encode(hash.finalize());
        if train.is_empty() || held_out.is_empty() {
            return Err(TrainingError::TooFewTexts { found: train.len(), needed: MIN_TEXTS });
        }
        Ok(Self { train, held_out, cut, moved: split.moved, fingerprint })
    }

    /// Tokens of the longest sequence, training or held out.
    pub fn longest(&self) -> usize {
        self.train.iter().chain(&self.held_out).map(|sequence| sequence.ids.len()).max().unwrap_or(1)
    }

    /// Tokens of one epoch.
    pub fn train_tokens(&self) -> usize {
        self.train.iter().map(|sequence| sequence.ids.len()).sum()
    }
}

impl Example {
    /// The text as sequences with scored tokens, and whether it was truncated.
    fn encode(&self, model: &Model, max_length: usize) -> Result<(Vec<Sequence>, bool), TrainingError> {
        let (mut sequences, cut) = match &self.prompt {
            Some(prompt) => {
                let (sequence, cut) = model.encode_pair(&shortened(prompt), &self.reply, max_length)?;
                (vec![sequence], cut)
            }
            None => (model.encode_text(&self.reply, max_length)?, false),
        };
        // A prompt that fills the whole sequence leaves no scored token.
        sequences.retain(|sequence| sequence.labels() > 0);
        Ok((sequences, cut))
    }
}

/// A long quoted mail must not push the reply out of the sequence; its beginning tells what it is about.
const MAX_PROMPT_CHARS: usize = 600;

fn shortened(prompt: &str) -> String {
    match prompt.char_indices().nth(MAX_PROMPT_CHARS) {
        None => prompt.to_owned(),
        Some((end, _)) => {
            let end = prompt[..end].rfind(char::is_whitespace).filter(|i| *i > 0).unwrap_or(end);
            format!("{} …", prompt[..end].trim_end())
        }
    }
}

/// The bucket of a key: 0 is held out. Keys are hexadecimal hashes; any other key is hashed here.
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

    #[test]
    fn long_prompts_are_cut_between_words() {
        let long = "word ".repeat(400);
        let cut = shortened(&long);
        assert!(cut.chars().count() <= MAX_PROMPT_CHARS + 2 && cut.ends_with("word …"));
        assert_eq!(shortened("short"), "short");
        assert!(shortened(&"é".repeat(900)).starts_with('é'));
    }
}
