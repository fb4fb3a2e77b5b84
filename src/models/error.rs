//! What can go wrong on the way to a verified model, as facts: the front ends add what to type or press.

use std::fmt::{self, Display, Formatter};
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
        "the catalog has no model `{id}` (it has {known}): name one of them, or the path of a GGUF file or a model folder"
    )]
    Unknown { id: String, known: String },
    #[error("cannot use {} as the base model: {reason}", path.display())]
    Given { path: PathBuf, reason: String },
    #[error("{0}")]
    Mismatch(Box<Mismatch>),
    #[error("the disk with {} is full: free {} and try again", folder.display(), megabytes(*needed))]
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
    /// `found` differs from the catalog's `entry`: compared by size, and by SHA-256 where it was computed.
    pub(super) fn mismatch(path: &Path, entry: &ModelEntry, found: Fingerprint, origin: Origin) -> Self {
        let file = entry.file();
        let expected = Fingerprint { bytes: file.bytes, sha256: found.sha256.as_ref().map(|_| file.sha256.clone()) };
        let (path, id, name) = (path.to_path_buf(), entry.id.clone(), entry.name.clone());
        Self::Mismatch(Box::new(Mismatch { path, id, name, expected, found, origin }))
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

/// A file that is not the model its name stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mismatch {
    pub path: PathBuf,
    /// The catalog's id and name of the model.
    pub id: String,
    pub name: String,
    pub expected: Fingerprint,
    pub found: Fingerprint,
    pub origin: Origin,
}

/// Where a file came from that is not what it should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The models folder or a cache.
    Downloaded,
    /// The user named it: it may be another build of the same name.
    Given,
}

impl Display for Mismatch {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self { path, name, expected, found, origin, .. } = self;
        let cause = match origin {
            Origin::Downloaded => "it is damaged or was changed",
            Origin::Given => "it is damaged, or another build under the same name",
        };
        write!(f, "{} is not the {name} it should be: expected {expected}, found {found}; {cause}", path.display())
    }
}

/// One source that failed or was not tried, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    pub source: String,
    pub reason: String,
}

/// What tells one file from another: its size, and its SHA-256 where the size alone does not settle it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fingerprint {
    pub bytes: u64,
    pub sha256: Option<String>,
}

impl Display for Fingerprint {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match &self.sha256 {
            Some(sha256) => write!(f, "{} bytes with SHA-256 {sha256}", self.bytes),
            None => write!(f, "{} bytes", self.bytes),
        }
    }
}

/// How trying one source failed.
#[derive(Debug)]
pub(super) enum Failure {
    /// The next source may have the file; the reason, for the user.
    TryNext(String),
    /// No other source would help.
    Final(ModelError),
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

/// A size for people: in MB, or in bytes where it is small.
pub(super) fn megabytes(bytes: u64) -> String {
    if bytes < 1_000_000 { format!("{bytes} bytes") } else { format!("{} MB", bytes.div_ceil(1_000_000)) }
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
    fn a_failure_of_all_sources_is_a_list() {
        let attempt = |source: &str, reason: &str| Attempt { source: source.into(), reason: reason.into() };
        let error = ModelError::NoSource {
            name: "Tiny".into(),
            bytes: 98_362_432,
            attempts: vec![attempt("the hub", "no answer"), attempt("the package", "python3 was not found")],
            id: "tiny".into(),
            file: "tiny.gguf".into(),
            network: true,
        };
        assert_eq!(
            error.to_string(),
            "no source has the model Tiny (99 MB):\n  - the hub: no answer\n  - the package: python3 was not found"
        );
    }

    #[test]
    fn a_full_disk_differs_from_other_write_errors() {
        let file = ModelFile {
            form: super::super::FileForm::Gguf,
            name: "tiny.gguf".into(),
            bytes: 2_500_000,
            sha256: String::new(),
            chat_template: super::super::TemplateSource::Gguf,
            sources: Vec::new(),
        };
        let full = ModelError::writing(Path::new("there"), &file, io::ErrorKind::StorageFull.into());
        assert_eq!(full.to_string(), "the disk with there is full: free 3 MB and try again");
        let refused = ModelError::writing(Path::new("there"), &file, io::ErrorKind::PermissionDenied.into());
        assert!(matches!(refused, ModelError::Io { .. }), "{refused}");
    }
}
