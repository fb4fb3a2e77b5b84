//! The user's texts and conversations in SQLite. Knows nothing of how files are read, nor of styles or models.
//!
//! [`Document`] is the record: import fills it, the store keeps it, everything later reads it as [`Text`].

mod document;
mod error;
mod find;
mod history;
mod imports;
mod open;

use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, Row, Transaction, TransactionBehavior, params};
use serde::Serialize;

pub use document::{Document, Format, UnknownFormat, content_hash, count_words};
pub use error::StoreError;
pub use history::{Answer, Conversation, ConversationSummary, Exchange, Found, Prompt, Tally, Verdict, Written};
pub use imports::Import;

use crate::platform::cancel::{Cancel, Cancelled};

/// How long to wait for another process that is writing.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// The open database.
#[derive(Debug)]
pub struct Store {
    connection: Connection,
    path: PathBuf,
}

/// What one import changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Added {
    pub added: usize,
    pub already_there: usize,
}

/// A kept text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Text {
    pub id: i64,
    pub words: usize,
    pub document: Document,
}

/// A kept text is read as the document it is: `text.hash` is `text.document.hash`.
impl Deref for Text {
    type Target = Document;

    fn deref(&self) -> &Document {
        &self.document
    }
}

/// How many texts and words came from one place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SourceSummary {
    pub source: String,
    pub format: Format,
    pub texts: usize,
    pub words: usize,
}

/// How many texts and words came in one format.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FormatSummary {
    pub format: Format,
    pub texts: usize,
    pub words: usize,
}

/// What the database holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    pub texts: usize,
    pub words: usize,
    /// In the order in which they were first imported.
    pub sources: Vec<SourceSummary>,
    /// Most texts first.
    pub formats: Vec<FormatSummary>,
    /// Unix seconds of the oldest dated text.
    pub first: Option<i64>,
    /// Unix seconds of the newest dated text.
    pub last: Option<i64>,
}

impl Store {
    /// Opens the database at `path`, making it, and its folder, readable by the user alone.
    ///
    /// # Errors
    /// When the folder or file cannot be used, is no database of this program, or is of a newer version; it is then left
    /// as it was.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        Self::open_with(path, BUSY_TIMEOUT)
    }

    fn open_with(path: &Path, busy_timeout: Duration) -> Result<Self, StoreError> {
        Ok(Self { connection: open::open(path, busy_timeout)?, path: path.to_path_buf() })
    }

    /// Adds the documents that are not there yet, all of them or, on an error or a stop, none. What it adds is one import,
    /// which [`Self::undo_import`] takes back.
    ///
    /// # Errors
    /// When the disk is full, the database is locked or damaged, or `cancel` was requested.
    pub fn add(&mut self, documents: &[Document], cancel: &Cancel) -> Result<Added, StoreError> {
        let added = insert_all(&mut self.connection, documents, cancel);
        match added {
            Ok(Some(added)) => Ok(added),
            Ok(None) => Err(Cancelled.into()),
            Err(cause) => Err(StoreError::from_sql(&self.path, cause)),
        }
    }

    /// Every text, in the order of adding.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn texts(&self) -> Result<Vec<Text>, StoreError> {
        self.read(|connection| {
            let mut statement = connection.prepare(
                "SELECT t.id, t.words, s.path, s.format, t.thread, t.message_id, t.parent_id, t.author, t.timestamp,
                        t.title, t.context, t.text, t.hash
                 FROM texts t JOIN sources s ON s.id = t.source_id ORDER BY t.id",
            )?;
            statement.query_map([], text_of_row)?.collect()
        })
    }

    /// What the database holds, counted.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn summary(&self) -> Result<Summary, StoreError> {
        self.read(|connection| {
            let mut summary = connection.query_row(
                "SELECT count(*), coalesce(sum(words), 0), min(timestamp), max(timestamp) FROM texts",
                [],
                |row| {
                    Ok(Summary {
                        texts: count_of_row(row, 0)?,
                        words: count_of_row(row, 1)?,
                        first: row.get(2)?,
                        last: row.get(3)?,
                        ..Summary::default()
                    })
                },
            )?;
            summary.sources = connection
                .prepare(
                    "SELECT s.path, s.format, count(*), sum(t.words) FROM texts t JOIN sources s ON s.id = t.source_id
                     GROUP BY s.id ORDER BY s.id",
                )?
                .query_map([], |row| {
                    let (source, format) = (row.get(0)?, format_of_row(row, 1)?);
                    Ok(SourceSummary { source, format, texts: count_of_row(row, 2)?, words: count_of_row(row, 3)? })
                })?
                .collect::<rusqlite::Result<_>>()?;
            summary.formats = connection
                .prepare(
                    "SELECT s.format, count(*), sum(t.words) FROM texts t JOIN sources s ON s.id = t.source_id
                     GROUP BY s.format ORDER BY count(*) DESC, s.format",
                )?
                .query_map([], |row| {
                    Ok(FormatSummary {
                        format: format_of_row(row, 0)?,
                        texts: count_of_row(row, 1)?,
                        words: count_of_row(row, 2)?,
                    })
                })?
                .collect::<rusqlite::Result<_>>()?;
            Ok(summary)
        })
    }

    fn read<T>(&self, query: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T, StoreError> {
        query(&self.connection).map_err(|cause| StoreError::from_sql(&self.path, cause))
    }

    /// One transaction; `missing` where `work` finds nothing to change, and then nothing is.
    fn change<T>(
        &mut self,
        missing: StoreError,
        work: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<Option<T>>,
    ) -> Result<T, StoreError> {
        let done = self.connection.transaction_with_behavior(TransactionBehavior::Immediate).and_then(|transaction| {
            let done = work(&transaction)?;
            if done.is_some() {
                transaction.commit()?;
            }
            Ok(done)
        });
        done.map_err(|cause| StoreError::from_sql(&self.path, cause))?.ok_or(missing)
    }
}

/// One transaction; `None` when it was stopped and rolled back.
fn insert_all(connection: &mut Connection, documents: &[Document], cancel: &Cancel) -> rusqlite::Result<Option<Added>> {
    // The write lock is taken at the start: a database that is busy says so before any work is done.
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let (mut added, mut import) = (Added::default(), None);
    {
        let mut known = transaction.prepare("SELECT 1 FROM texts WHERE hash = ?1")?;
        let mut source = transaction.prepare(
            "INSERT INTO sources (path, format) VALUES (?1, ?2)
             ON CONFLICT (path, format) DO UPDATE SET path = excluded.path RETURNING id",
        )?;
        let mut text = transaction.prepare(
            "INSERT INTO texts (source_id, thread, message_id, parent_id, author, timestamp, title, context, text, words, hash,
                                import_id)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
        )?;
        for document in documents {
            if cancel.is_requested() {
                return Ok(None);
            }
            if known.exists([&document.hash])? {
                added.already_there += 1;
                continue;
            }
            let import_id = match import {
                Some(id) => id,
                None => *import.insert(imports::begin(&transaction)?),
            };
            let source_id: i64 =
                source.query_row(params![document.source, document.format.as_str()], |row| row.get(0))?;
            text.execute(params![
                source_id,
                document.thread,
                document.message_id,
                document.parent_id,
                document.author,
                document.timestamp,
                document.title,
                document.context,
                document.text,
                i64::try_from(count_words(&document.text)).unwrap_or(i64::MAX),
                document.hash,
                import_id,
            ])?;
            added.added += 1;
        }
    }
    if cancel.is_requested() {
        return Ok(None);
    }
    transaction.commit()?;
    Ok(Some(added))
}

fn text_of_row(row: &Row<'_>) -> rusqlite::Result<Text> {
    Ok(Text {
        id: row.get(0)?,
        words: count_of_row(row, 1)?,
        document: Document {
            source: row.get(2)?,
            format: format_of_row(row, 3)?,
            thread: row.get(4)?,
            message_id: row.get(5)?,
            parent_id: row.get(6)?,
            author: row.get(7)?,
            timestamp: row.get(8)?,
            title: row.get(9)?,
            context: row.get(10)?,
            text: row.get(11)?,
            hash: row.get(12)?,
        },
    })
}

fn count_of_row(row: &Row<'_>, column: usize) -> rusqlite::Result<usize> {
    let count: i64 = row.get(column)?;
    usize::try_from(count).map_err(|_| rusqlite::Error::IntegralValueOutOfRange(column, count))
}

fn format_of_row(row: &Row<'_>, column: usize) -> rusqlite::Result<Format> {
    let name: String = row.get(column)?;
    name.parse().map_err(|error: UnknownFormat| {
        rusqlite::Error::FromSqlConversionFailure(column, rusqlite::types::Type::Text, Box::new(error))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(text: &str) -> Document {
        Document::new("notes.txt", Format::Text, text)
    }

    #[test]
    fn a_full_disk_is_said_and_leaves_nothing_behind() {
        let folder = tempfile::tempdir().unwrap();
        let mut store = Store::open(&folder.path().join("xpert.db")).unwrap();
        store.add(&[document("kept from before")], &Cancel::new()).unwrap();
        let pages: i64 = store.connection.pragma_query_value(None, "page_count", |row| row.get(0)).unwrap();
        store.connection.pragma_update(None, "max_page_count", pages + 4).unwrap();
        let many: Vec<_> = (0..2000).map(|n| document(&format!("text number {n} with some words"))).collect();
        assert!(matches!(store.add(&many, &Cancel::new()), Err(StoreError::Full { .. })));
        assert_eq!(store.summary().unwrap().texts, 1);
        store.connection.pragma_update(None, "max_page_count", 100_000).unwrap();
        assert_eq!(store.add(&many, &Cancel::new()).unwrap().added, 2000);
    }

    #[test]
    fn a_database_that_another_process_writes_to_is_said_to_be_in_use() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("xpert.db");
        let mut store = Store::open_with(&path, Duration::from_millis(20)).unwrap();
        let other = Connection::open(&path).unwrap();
        other.execute_batch("BEGIN IMMEDIATE").unwrap();
        assert!(matches!(store.add(&[document("a b c d")], &Cancel::new()), Err(StoreError::Locked { .. })));
        assert_eq!(store.texts().unwrap(), [], "readers are not kept out");
        other.execute_batch("ROLLBACK").unwrap();
        assert_eq!(store.add(&[document("a b c d")], &Cancel::new()).unwrap().added, 1);
    }
}
