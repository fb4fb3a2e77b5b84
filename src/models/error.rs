//! What can go wrong on the way to a verified model. It only words the troubles; others find them.

use std::fmt::{self, Display, Formatter};
use std::io;
use std::path::{Path, PathBuf};

use super::catalog::{ModelEntry, ModelFile};

/// Why there is no usable base model. Each message says what the user can do.
#[derive(Debug, strum::IntoStaticStr, thiserror::Error)]
pub enum ModelError {
    #[error("stopped on request; of the model, nothing unfinished was kept")]
    Cancelled,
    #[error(
        "there is no model `{id}` in the catalogue (there are: {known}): name one of them, or the path of a GGUF file \
         or a model folder"
    )]
    Unknown { id: String, known: String },
    #[error("cannot use {} as the base model: {reason}", path.display())]
    Given { path: PathBuf, reason: String },
    #[error("{0}")]
    Mismatch(Box<Mismatch>),
    #[error("the disk that holds {} is full: make room for {} and try again", folder.display(), megabytes(*needed))]
    DiskFull { folder: PathBuf, needed: u64 },
    #[error("could not {doing} {}: {source}", path.display())]
    Io { doing: &'static str, path: PathBuf, source: io::Error },
    #[error("no source gave the model {name} ({}):\n{}{advice}", megabytes(*bytes), list(attempts))]
    NoSource { name: String, bytes: u64, attempts: Vec<Attempt>, advice: String },
}

impl ModelError {
    /// `found` differs from what the catalogue says of `entry`: compared by size, and by SHA-256 where it was computed.
    pub(super) fn mismatch(path: &Path, entry: &ModelEntry, found: Fingerprint, advice: String) -> Self {
        let file = entry.file();
        let expected = Fingerprint { bytes: file.bytes, sha256: found.sha256.as_ref().map(|_| file.sha256.clone()) };
        let (path, name) = (path.to_path_buf(), entry.name.clone());
        Self::Mismatch(Box::new(Mismatch { path, name, expected, found, advice }))
    }

    pub(super) fn io(doing: &'static str, path: &Path, source: io::Error) -> Self {
        Self::Io { doing, path: path.to_path_buf(), source }
    }

    /// The error of writing `file` into `folder`, which names a full disk as what it is.
    pub(super) fn writing(folder: &Path, file: &ModelFile, source: io::Error) -> Self {
        match source.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
                Self::DiskFull { folder: folder.to_path_buf(), needed: file.bytes }
            }
            _ => Self::io("write the model into", folder, source),
        }
    }
}

/// A file that is not the model its place or its name says it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mismatch {
    pub path: PathBuf,
    /// Of the model.
    pub name: String,
    pub expected: Fingerprint,
    pub found: Fingerprint,
    /// What the user can do.
    pub advice: String,
}

impl Display for Mismatch {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self { path, name, expected, found, advice } = self;
        write!(f, "{} is not the {name} it should be: expected {expected}, found {found}; {advice}", path.display())
    }
}

/// One source that was tried in vain, or not tried, and why.
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

/// How the try of one source ended when it did not give the file.
#[derive(Debug)]
pub(super) enum Failure {
    /// Another source may still do: the reason, for the user.
    PassOver(String),
    /// No other source would fare better.
    Final(ModelError),
}

impl From<ModelError> for Failure {
    fn from(error: ModelError) -> Self {
        Self::Final(error)
    }
}

/// A size as a person reads it: millions of bytes, or the bare count where it is small.
pub(super) fn megabytes(bytes: u64) -> String {
    if bytes < 1_000_000 { format!("{bytes} bytes") } else { format!("{} MB", bytes.div_ceil(1_000_000)) }
}

fn list(attempts: &[Attempt]) -> String {
    attempts.iter().fold(String::new(), |text, attempt| format!("{text}  - {}: {}\n", attempt.source, attempt.reason))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_of_all_sources_reads_as_a_list_with_advice() {
        let attempt = |source: &str, reason: &str| Attempt { source: source.into(), reason: reason.into() };
        let error = ModelError::NoSource {
            name: "Tiny".into(),
            bytes: 98_362_432,
            attempts: vec![attempt("the hub", "no answer"), attempt("the package", "python3 was not found")],
            advice: "Name a copy of your own with --model PATH.".into(),
        };
        assert_eq!(
            error.to_string(),
            "no source gave the model Tiny (99 MB):\n  - the hub: no answer\n  - the package: python3 was not found\n\
             Name a copy of your own with --model PATH."
        );
    }

    #[test]
    fn a_full_disk_is_told_from_other_write_errors() {
        let file = ModelFile {
            form: super::super::FileForm::Gguf,
            name: "tiny.gguf".into(),
            bytes: 2_500_000,
            sha256: String::new(),
            chat_template: super::super::TemplateSource::Gguf,
            sources: Vec::new(),
        };
        let full = ModelError::writing(Path::new("there"), &file, io::ErrorKind::StorageFull.into());
        assert_eq!(full.to_string(), "the disk that holds there is full: make room for 3 MB and try again");
        let refused = ModelError::writing(Path::new("there"), &file, io::ErrorKind::PermissionDenied.into());
        assert!(matches!(refused, ModelError::Io { .. }), "{refused}");
    }
}
