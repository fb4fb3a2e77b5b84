//! Which base models exist and how a verified copy is obtained on this machine. Does not know how a model is run.
//!
//! [`Catalog`] lists them, [`Obtain`] finds or downloads one, and [`ModelFiles`] is the result: the files, and how they were
//! verified. Nothing is downloaded unless [`Obtain::obtain`] is called with the network allowed.

mod catalog;
mod checksums;
mod download;
mod error;
mod given;
mod hub;
mod obtain;
mod package;
mod progress;

use std::path::PathBuf;

pub use catalog::{Catalog, CatalogError, ModelEntry, ModelFile, Source};
pub use download::Limits;
pub use error::{Attempt, ModelError, Origin};
pub use obtain::Obtain;
pub use progress::Event;

/// A base model that is on this machine and may be loaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelFiles {
    /// The catalog's id, or `local:NAME` for a model that is not in the catalog.
    pub id: String,
    pub name: String,
    pub form: Form,
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
    /// A folder in Hugging Face's layout, with safetensors.
    Folder(PathBuf),
}

/// How a model was verified.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::IntoStaticStr, strum::Display)]
pub enum Verification {
    /// Every byte was hashed now, and the checksum is the catalog's.
    #[strum(to_string = "verified")]
    Checked,
    /// It was verified earlier, and the file has not changed since.
    #[strum(to_string = "verified earlier, unchanged since")]
    Remembered,
    /// The user's own model: there is no checksum to compare with.
    #[strum(to_string = "unverified, your own file")]
    Unverified,
}

impl Verification {
    fn by_catalog(fresh: bool) -> Self {
        if fresh { Self::Checked } else { Self::Remembered }
    }
}
