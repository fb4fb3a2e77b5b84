//! The open database: one connection, queries and transactions. Knows no tables.

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, Row, Transaction, TransactionBehavior};

use super::error::StoreError;
use super::open;

/// How long to wait for another process that is writing.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// The open database. Its methods fail when it cannot be read or written; they name only what else can go wrong.
#[derive(Debug)]
pub struct Store {
    pub(super) connection: Connection,
    pub(super) path: PathBuf,
}

impl Store {
    /// Opens the database at `path`. Creates it and its folder, readable by the user alone.
    ///
    /// # Errors
    /// When the folder or file cannot be used, is not a database of this program, or has a newer version; it is then left
    /// unchanged.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        Self::open_with(path, BUSY_TIMEOUT)
    }

    pub(super) fn open_with(path: &Path, busy_timeout: Duration) -> Result<Self, StoreError> {
        Ok(Self { connection: open::open(path, busy_timeout)?, path: path.to_path_buf() })
    }

    pub(super) fn read<T>(&self, query: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T, StoreError> {
        query(&self.connection).map_err(|cause| StoreError::from_sql(&self.path, cause))
    }

    /// Runs `work` in one transaction. Where it returns `None`, nothing is changed and the error is `missing`.
    pub(super) fn change<T>(
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

pub(super) fn count_of_row(row: &Row<'_>, column: usize) -> rusqlite::Result<usize> {
    let count: i64 = row.get(column)?;
    usize::try_from(count).map_err(|_| rusqlite::Error::IntegralValueOutOfRange(column, count))
}
