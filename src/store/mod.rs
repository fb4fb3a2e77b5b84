//! The user's texts and conversations in SQLite. Knows nothing about how files are read, or about styles and models.
//!
//! [`Document`] is the record of a text: import fills it, the store keeps it, everything later reads it as [`Text`].

mod database;
mod document;
mod error;
mod find;
mod history;
mod imports;
mod open;
mod texts;

pub use database::Store;
pub use document::{Document, Format, content_hash, count_words};
pub use error::StoreError;
pub use history::{Answer, Conversation, ConversationSummary, Exchange, Found, Prompt, Tally, Verdict, Written};
pub use imports::Import;
pub use texts::{Added, FormatSummary, SourceSummary, Summary, Text};
