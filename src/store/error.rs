//! What can go wrong with the database, said so that a person can act on it.

use std::io;
use std::path::{Path, PathBuf};

use rusqlite::ErrorCode;

/// Why the database could not be opened, read or written. Whatever it says, nothing was half-written.
#[derive(Debug, strum::IntoStaticStr, thiserror::Error)]
pub enum StoreError {
    #[error("cannot make or use the folder {path}: {cause}. Name another place with --data-dir", path = path.display())]
    Folder { path: PathBuf, cause: io::Error },
    #[error("cannot use the database {path}: {cause}. Check its permissions, or name another place with --data-dir", path = path.display())]
    Unusable { path: PathBuf, cause: String },
    #[error("{path} is not a database. Move it away, or name another place with --data-dir", path = path.display())]
    NotADatabase { path: PathBuf },
    #[error("{path} is a database of another program; it was left as it is. Name another place with --data-dir", path = path.display())]
    Foreign { path: PathBuf },
    #[error(
        "the database {path} was made by a newer xpert (its version is {found}, this program knows {known}); it was left as it is. \
         Use the newer program, or name another place with --data-dir", path = path.display()
    )]
    Newer { path: PathBuf, found: i64, known: i64 },
    #[error("the database {path} is in use by another program. Try again when it has finished", path = path.display())]
    Locked { path: PathBuf },
    #[error("the disk that holds {path} is full; nothing was added. Make room and try again", path = path.display())]
    Full { path: PathBuf },
    #[error("the database {path} is damaged ({detail}). Move it away and import again", path = path.display())]
    Corrupt { path: PathBuf, detail: String },
    #[error("there is no conversation {id}; `xpert history list` shows which there are")]
    NoConversation { id: i64 },
    #[error(
        "conversation {conversation} has no such turn (any more); `xpert history show {conversation}` shows what it has"
    )]
    NoTurn { conversation: i64 },
    #[error("there is no import {id} (any more); nothing was removed")]
    NoImport { id: i64 },
    #[error("a voice is compared with another, not with itself ({voice}); nothing was kept")]
    SameVoice { voice: String },
    #[error("stopped; nothing was added")]
    Cancelled,
    #[error("the database {path} reported: {cause}", path = path.display())]
    Sql { path: PathBuf, cause: rusqlite::Error },
}

impl StoreError {
    /// Sorts SQLite's error codes into what a person can do about them.
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
