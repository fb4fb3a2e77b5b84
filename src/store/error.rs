//! What can go wrong with the database, as facts: the front ends add what to type or press.

use std::io;
use std::path::{Path, PathBuf};

use rusqlite::ErrorCode;

use crate::platform::cancel::Cancelled;

/// Why the database could not be opened, read or written. Nothing was written partly.
#[derive(Debug, strum::IntoStaticStr, thiserror::Error)]
pub enum StoreError {
    #[error("cannot create or use the folder {path}: {cause}", path = path.display())]
    Folder { path: PathBuf, cause: io::Error },
    #[error("cannot use the database {path}: {cause}", path = path.display())]
    Unusable { path: PathBuf, cause: String },
    #[error("{path} is not a database", path = path.display())]
    NotADatabase { path: PathBuf },
    #[error("{path} is another program's database; it was left unchanged", path = path.display())]
    Foreign { path: PathBuf },
    #[error(
        "the database {path} is from a newer version of this program (its version is {found}, and the highest supported is {known}); \
         it was left unchanged", path = path.display()
    )]
    Newer { path: PathBuf, found: i64, known: i64 },
    #[error("the database {path} is in use by another program. Try again when it has finished", path = path.display())]
    Locked { path: PathBuf },
    #[error("the disk holding {path} is full; nothing was added. Free some space and try again", path = path.display())]
    Full { path: PathBuf },
    #[error("the database {path} is damaged ({detail}). Move it elsewhere and import again", path = path.display())]
    Corrupt { path: PathBuf, detail: String },
    #[error("there is no conversation {id}")]
    NoConversation { id: i64 },
    #[error("conversation {conversation} has no such turn; it may have been deleted")]
    NoTurn { conversation: i64 },
    #[error("there is no import {id}, or it was already undone; nothing was removed")]
    NoImport { id: i64 },
    #[error("a model cannot be compared with itself ({voice}); nothing was saved")]
    SameVoice { voice: String },
    #[error("{0}")]
    Cancelled(#[from] Cancelled),
    #[error("the database {path} reported: {cause}", path = path.display())]
    Sql { path: PathBuf, cause: rusqlite::Error },
}

impl StoreError {
    /// Sorts SQLite's error codes by what a person can do about them.
    pub(super) fn from_sql(path: &Path, cause: rusqlite::Error) -> Self {
        let path = path.to_path_buf();
        match cause.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::Full { path },
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Locked { path },
            Some(ErrorCode::NotADatabase) => Self::NotADatabase { path },
            Some(ErrorCode::DatabaseCorrupt) => Self::Corrupt { path, detail: cause.to_string() },
            Some(
                ErrorCode::ReadOnly | ErrorCode::CannotOpen | ErrorCode::PermissionDenied | ErrorCode::SystemIoFailure,
            ) => Self::Unusable { path, cause: cause.to_string() },
            _ => Self::Sql { path, cause },
        }
    }

    pub(super) fn from_migration(path: &Path, error: rusqlite_migration::Error) -> Self {
        match error {
            rusqlite_migration::Error::RusqliteError { err, .. } => Self::from_sql(path, err),
            other => Self::Corrupt { path: path.to_path_buf(), detail: other.to_string() },
        }
    }
}
