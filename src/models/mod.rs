//! Which base models exist and how a verified copy gets onto this machine. Does not know how a model is run.
//!
//! [`Catalog`] lists them, [`Obtain`] finds or downloads one, and [`ModelFiles`] is the result: the files, and how they were
//! verified. Nothing is downloaded unless [`Obtain::obtain`] is called with the network allowed.

mod catalog;
mod checksums;
mod download;
mod error;
mod given;
mod hub;
mod limits;
mod obtain;
mod package;
mod progress;

use std::fmt::{self, Display, Formatter};
use std::path::PathBuf;

pub use catalog::{Catalog, CatalogError, FileForm, ModelEntry, ModelFile, Source, TemplateSource};
pub use error::{Attempt, Fingerprint, Mismatch, ModelError, Origin};
pub use limits::Limits;
pub use obtain::Obtain;
pub use progress::{Event, Progress, Silent};

/// A base model that is on this machine and may be loaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelFiles {
    /// The catalog's id, or `local:NAME` for a model that is not in the catalog.
    pub id: String,
    pub name: String,
    pub form: Form,
    pub chat_template: TemplateSource,
    /// Of a single file, if it was computed.
    pub sha256: Option<String>,
    pub verified: Verification,
    /// Where it was found or downloaded from, for the user.
    pub source: String,
    /// Of all files of the weights.
    pub bytes: u64,
}

/// The files of a model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Form {
    /// One file with everything in it.
    Gguf(PathBuf),
    /// A folder in Hugging Face's layout; `weights` is never empty.
    Safetensors { config: PathBuf, tokenizer: PathBuf, tokenizer_config: Option<PathBuf>, weights: Vec<PathBuf> },
}

/// How a model was verified.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::IntoStaticStr)]
pub enum Verification {
    /// Every byte was hashed now, and the checksum is the catalog's.
    Checked,
    /// It was verified earlier, and the file has not changed since.
    Remembered,
    /// The user's own model: there is no checksum to compare with.
    Unverified,
}

impl Verification {
    fn by_catalog(fresh: bool) -> Self {
        if fresh { Self::Checked } else { Self::Remembered }
    }
}

impl Display for Verification {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Checked => "verified",
            Self::Remembered => "verified earlier, unchanged since",
            Self::Unverified => "unverified, your own file",
        })
    }
}
