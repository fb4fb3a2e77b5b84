//! Which base models exist and how a verified copy gets onto this machine. Does not know how a model is run.
//!
//! [`Catalog`] says what exists, [`Obtain`] finds or fetches it, [`ModelFiles`] is the outcome: files in place, and how
//! sure we are of them. Nothing is fetched unless [`Obtain::obtain`] is called with the network allowed.

mod catalog;
mod error;
mod given;
mod hub;
mod landing;
mod obtain;
mod package;
mod progress;
mod verify;

use std::fmt::{self, Display, Formatter};
use std::path::PathBuf;

pub use catalog::{Catalog, CatalogError, FileForm, ModelEntry, ModelFile, Source, TemplateSource};
pub use error::{Attempt, Fingerprint, Mismatch, ModelError};
pub use obtain::{Limits, Obtain};
pub use progress::{Event, Progress, Silent};

/// A base model that is on this machine and may be loaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelFiles {
    /// The catalogue's id, or `local:NAME` for a model the catalogue does not vouch for.
    pub id: String,
    pub name: String,
    pub form: Form,
    pub chat_template: TemplateSource,
    /// Of a single file, where it was computed.
    pub sha256: Option<String>,
    pub verified: Verification,
    /// Where it was found or came from, for the user.
    pub source: String,
    /// Of the weights, all files together.
    pub bytes: u64,
}

/// The files of a model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Form {
    /// One file with everything in it.
    Gguf(PathBuf),
    /// A folder as Hugging Face's programs write it; `weights` is never empty.
    Safetensors { config: PathBuf, tokenizer: PathBuf, tokenizer_config: Option<PathBuf>, weights: Vec<PathBuf> },
}

/// How sure we are that a model is what it says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::IntoStaticStr)]
pub enum Verification {
    /// Every byte was hashed just now, and the checksum is the catalogue's.
    Checked,
    /// So it was at an earlier time, and the file has not changed since.
    Remembered,
    /// The user's own model: there is nothing to compare it with.
    Yours,
}

impl Verification {
    fn by_catalogue(fresh: bool) -> Self {
        if fresh { Self::Checked } else { Self::Remembered }
    }
}

impl Display for Verification {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Checked => "verified",
            Self::Remembered => "verified earlier, unchanged since",
            Self::Yours => "unverified, yours",
        })
    }
}
