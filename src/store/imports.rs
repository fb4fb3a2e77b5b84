//! Which texts came with which import, and undoing an import. Does not know how files are read.

use rusqlite::{Connection, OptionalExtension};
use serde::Serialize;

use super::database::{Store, count_of_row};
use super::error::StoreError;

/// One import that added texts. One that added none is not recorded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Import {
    pub id: i64,
    /// Unix seconds.
    pub created: i64,
    pub texts: usize,
    /// Their files, in the order of reading.
    pub sources: Vec<String>,
}

impl Store {
    /// The last import that is not undone. Texts from before imports were recorded belong to none.
    pub fn last_import(&self) -> Result<Option<Import>, StoreError> {
        self.read(|connection| {
            let last = connection.query_row("SELECT max(id) FROM imports", [], |row| row.get::<_, Option<i64>>(0))?;
            Ok(last.map(|id| find(connection, id)).transpose()?.flatten())
        })
    }

    /// Removes exactly the texts that an import added, and returns what they were. A text that an earlier import had added
    /// already stays.
    ///
    /// # Errors
    /// When there is no such import, or the database cannot be written; nothing is removed then.
    pub fn undo_import(&mut self, id: i64) -> Result<Import, StoreError> {
        self.change(StoreError::NoImport { id }, |transaction| {
            let Some(import) = find(transaction, id)? else { return Ok(None) };
            transaction.execute("DELETE FROM texts WHERE import_id = ?1", [id])?;
            transaction.execute("DELETE FROM imports WHERE id = ?1", [id])?;
            transaction.execute("DELETE FROM sources WHERE id NOT IN (SELECT source_id FROM texts)", [])?;
            Ok(Some(import))
        })
    }
}

/// Records an import, before it adds its first text.
pub(super) fn begin(connection: &Connection) -> rusqlite::Result<i64> {
    connection.query_row("INSERT INTO imports DEFAULT VALUES RETURNING id", [], |row| row.get(0))
}

fn find(connection: &Connection, id: i64) -> rusqlite::Result<Option<Import>> {
    let found = connection
        .query_row(
            "SELECT i.created_at, count(t.id) FROM imports i LEFT JOIN texts t ON t.import_id = i.id
             WHERE i.id = ?1 GROUP BY i.id",
            [id],
            |row| Ok(Import { id, created: row.get(0)?, texts: count_of_row(row, 1)?, sources: Vec::new() }),
        )
        .optional()?;
    let Some(mut import) = found else { return Ok(None) };
    import.sources = connection
        .prepare(
            "SELECT s.path FROM texts t JOIN sources s ON s.id = t.source_id WHERE t.import_id = ?1
             GROUP BY s.path ORDER BY min(t.id)",
        )?
        .query_map([id], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    Ok(Some(import))
}
