//! What can go wrong while obtaining a verified model, as facts: the front ends add what to type or press.

use std::io;
use std::path::{Path, PathBuf};

use super::catalog::{ModelEntry, ModelFile};
use crate::platform::cancel::Cancelled;

/// Why there is no usable base model.
#[derive(Debug, strum::IntoStaticStr, thiserror::Error)]
pub enum ModelError {
    #[error("{0}")]
    Cancelled(#[from] Cancelled),
    #[error(
        "the catalog has no model `{id}` (it has {known}): give one of them, or the path of a GGUF file or a model folder"
    )]
    Unknown { id: String, known: String },
    #[error("cannot use {} as the base model: {reason}", path.display())]
    Given { path: PathBuf, reason: String },
    /// A file that is not the model its name stands for; `id` is the catalog's.
    #[error("{} does not match {name}: {difference}; {}", path.display(), origin.cause())]
    Mismatch { path: PathBuf, id: String, name: String, difference: String, origin: Origin },
    #[error("the disk holding {} is full: free {} and try again", folder.display(), megabytes(*needed))]
    DiskFull { folder: PathBuf, needed: u64 },
    #[error("could not {doing} {}: {source}", path.display())]
    Io { doing: &'static str, path: PathBuf, source: io::Error },
    #[error("no source has the model {name} ({}):\n{}", megabytes(*bytes), list(attempts))]
    NoSource {
        name: String,
        bytes: u64,
        attempts: Vec<Attempt>,
        /// The catalog's id, and the name of its file.
        id: String,
        file: String,
        /// Whether sources on the network were tried.
        network: bool,
    },
}

impl ModelError {
    /// The file at `path` differs from the catalog's `entry`: in size, or in SHA-256 where that was computed.
    pub(super) fn mismatch(path: &Path, entry: &ModelEntry, bytes: u64, sha256: Option<&str>, origin: Origin) -> Self {
        let file = &entry.file;
        let describe = |bytes: u64, sha256: &str| match sha256 {
            "" => exactly(bytes),
            _ => format!("{} with SHA-256 {sha256}", exactly(bytes)),
        };
        let expected = describe(file.bytes, sha256.map_or("", |_| &file.sha256));
        let difference = format!("expected {expected}, found {}", describe(bytes, sha256.unwrap_or_default()));
        Self::Mismatch { path: path.into(), id: entry.id.clone(), name: entry.name.clone(), difference, origin }
    }

    pub(super) fn io(doing: &'static str, path: &Path, source: io::Error) -> Self {
        Self::Io { doing, path: path.to_path_buf(), source }
    }

    /// The error of writing `file` into `folder`; a full disk has a variant of its own.
    pub(super) fn writing(folder: &Path, file: &ModelFile, source: io::Error) -> Self {
        match source.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
                Self::DiskFull { folder: folder.to_path_buf(), needed: file.bytes }
            }
            _ => Self::io("write the model into", folder, source),
        }
    }
}

/// Where a file came from that is not what it should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The models folder or a cache.
    Downloaded,
    /// The user named it: it may be another build of the same name.
    Given,
}

impl Origin {
    fn cause(self) -> &'static str {
        match self {
            Self::Downloaded => "it is damaged or has been changed",
            Self::Given => "it is damaged, or is another build with the same name",
        }
    }
}

/// One source that failed or was not tried, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    pub source: String,
    pub reason: String,
}

/// How trying one source failed.
#[derive(Debug)]
pub(super) enum Failure {
    /// The next source may have the file; the reason, for the user.
    TryNext(String),
    /// No other source would help.
    Final(ModelError),
}

impl From<String> for Failure {
    fn from(reason: String) -> Self {
        Self::TryNext(reason)
    }
}

impl From<Cancelled> for Failure {
    fn from(stop: Cancelled) -> Self {
        Self::Final(stop.into())
    }
}

impl From<ModelError> for Failure {
    fn from(error: ModelError) -> Self {
        Self::Final(error)
    }
}

/// A size to the byte.
pub(super) fn exactly(bytes: u64) -> String {
    format!("{bytes} byte{}", if bytes == 1 { "" } else { "s" })
}

/// A size for people: in MB, or in bytes where it is small.
fn megabytes(bytes: u64) -> String {
    if bytes < 1_000_000 { exactly(bytes) } else { format!("{} MB", bytes.div_ceil(1_000_000)) }
}

fn list(attempts: &[Attempt]) -> String {
    let lines: Vec<String> =
        attempts.iter().map(|Attempt { source, reason }| format!("  - {source}: {reason}")).collect();
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_and_attempts_are_listed_and_a_full_disk_differs_from_other_write_errors() {
        let attempt = |source: &str, reason: &str| Attempt { source: source.into(), reason: reason.into() };
        let attempts = [attempt("the hub", "no answer"), attempt("the package", "python3 was not found")];
        assert_eq!(list(&attempts), "  - the hub: no answer\n  - the package: python3 was not found");
        assert_eq!((megabytes(98_362_432), megabytes(7)), ("99 MB".into(), "7 bytes".into()));
        let (name, sha256) = ("tiny.gguf".into(), String::new());
        let file = ModelFile { name, bytes: 2_500_000, sha256, sources: Vec::new() };
        let full = ModelError::writing(Path::new("there"), &file, io::ErrorKind::StorageFull.into());
        assert_eq!(full.to_string(), "the disk holding there is full: free 3 MB and try again");
        let refused = ModelError::writing(Path::new("there"), &file, io::ErrorKind::PermissionDenied.into());
        assert!(matches!(refused, ModelError::Io { .. }), "{refused}");
    }
}
