//! The user's texts in the database: adding them, reading them, counting them. Does not know how files are read.

use std::ops::Deref;

use rusqlite::{Connection, Row, TransactionBehavior, params};
use serde::Serialize;

use super::database::{Store, count_of_row};
use super::document::{Document, Format, count_words};
use super::error::StoreError;
use super::imports;
use crate::platform::cancel::{Cancel, Cancelled};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Added {
    pub added: usize,
    pub already_there: usize,
}

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

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SourceSummary {
    pub source: String,
    pub format: Format,
    pub texts: usize,
    pub words: usize,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FormatSummary {
    pub format: Format,
    pub texts: usize,
    pub words: usize,
}

/// The texts and words in the database, counted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    pub texts: usize,
    pub words: usize,
    /// In the order of their first import.
    pub sources: Vec<SourceSummary>,
    /// Most texts first.
    pub formats: Vec<FormatSummary>,
    /// Unix seconds of the oldest dated text.
    pub first: Option<i64>,
    /// Unix seconds of the newest dated text.
    pub last: Option<i64>,
}

impl Store {
    /// Adds the documents that are not in the database yet: all of them or, after an error or cancelling, none. They are one
    /// import, which [`Self::undo_import`] removes.
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
}

/// One transaction; `None` if it was cancelled and rolled back.
fn insert_all(connection: &mut Connection, documents: &[Document], cancel: &Cancel) -> rusqlite::Result<Option<Added>> {
    // Takes the write lock at the start: a busy database is an error before any work is done.
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

fn format_of_row(row: &Row<'_>, column: usize) -> rusqlite::Result<Format> {
    let name: String = row.get(column)?;
    name.parse().map_err(|error: String| {
        rusqlite::Error::FromSqlConversionFailure(column, rusqlite::types::Type::Text, error.into())
    })
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn document(text: &str) -> Document {
        Document::new("notes.txt", Format::Text, text)
    }

    #[test]
    fn a_full_disk_is_reported_and_leaves_nothing_behind() {
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
    fn a_database_that_another_process_writes_to_is_locked() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("xpert.db");
        let mut store = Store::open_with(&path, Duration::from_millis(20)).unwrap();
        let other = Connection::open(&path).unwrap();
        other.execute_batch("BEGIN IMMEDIATE").unwrap();
        assert!(matches!(store.add(&[document("a b c d")], &Cancel::new()), Err(StoreError::Locked { .. })));
        assert_eq!(store.texts().unwrap(), [], "readers do not wait");
        other.execute_batch("ROLLBACK").unwrap();
        assert_eq!(store.add(&[document("a b c d")], &Cancel::new()).unwrap().added, 1);
    }
}
