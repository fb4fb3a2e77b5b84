//! The record of one text. Does not know how the text was read or what it is used for.

use serde::Serialize;
use sha2::{Digest, Sha256};

/// What kind of file a text came from.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    strum::Display,
    strum::EnumString,
    strum::IntoStaticStr,
)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase", parse_err_ty = String, parse_err_fn = unknown)]
pub enum Format {
    Text,
    Markdown,
    /// A mailbox of many messages.
    Mbox,
    /// One message per file.
    Eml,
    /// One JSON object per line, or an array of objects.
    Jsonl,
    /// Rows of values below a row of names.
    Csv,
}

impl Format {
    /// The name kept in the database and shown to people.
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// Whether texts of this format are messages, whose title is a subject.
    pub fn is_mail(self) -> bool {
        matches!(self, Self::Mbox | Self::Eml)
    }
}

fn unknown(name: &str) -> String {
    format!("`{name}` is not a known format (text, markdown, mbox, eml, jsonl, csv)")
}

/// One text by the user, cleaned, with what is known about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Document {
    /// Path of the file it came from.
    pub source: String,
    pub format: Format,
    /// What messages (or parts of one file) have in common.
    pub thread: Option<String>,
    pub message_id: Option<String>,
    /// The message id of what it replies to.
    pub parent_id: Option<String>,
    pub author: Option<String>,
    /// Unix seconds.
    pub timestamp: Option<i64>,
    /// Subject, heading, or first line.
    pub title: Option<String>,
    /// What it replies to, or the prompt it answers.
    pub context: Option<String>,
    /// The cleaned text itself. Never empty.
    pub text: String,
    /// [`content_hash`] of `text` and `context`.
    pub hash: String,
}

impl Document {
    /// A text of which only the source is known.
    pub fn new(source: impl Into<String>, format: Format, text: impl Into<String>) -> Self {
        let (source, text) = (source.into(), text.into());
        let hash = content_hash(&text, None);
        Self {
            source,
            format,
            thread: None,
            message_id: None,
            parent_id: None,
            author: None,
            timestamp: None,
            title: None,
            context: None,
            text,
            hash,
        }
    }
}

/// SHA-256, in hexadecimal, of a text and its context, with every run of white space replaced by one space.
///
/// Texts that differ only in line wrapping have one hash; the same words in reply to another text do not.
pub fn content_hash(text: &str, context: Option<&str>) -> String {
    let mut hasher = Sha256::new();
    for (index, part) in [Some(text), context].into_iter().enumerate() {
        if index > 0 {
            // A byte that is in no text, so that moving words between text and context changes the hash.
            hasher.update([0, u8::from(part.is_some())]);
        }
        for (position, word) in part.unwrap_or_default().split_whitespace().enumerate() {
            if position > 0 {
                hasher.update(b" ");
            }
            hasher.update(word.as_bytes());
        }
    }
    hex::encode(hasher.finalize())
}

/// The number of words: pieces between white space with a letter or a digit.
pub fn count_words(text: &str) -> usize {
    text.split_whitespace().filter(|piece| piece.chars().any(char::is_alphanumeric)).count()
}
