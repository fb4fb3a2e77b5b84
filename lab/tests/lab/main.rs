//! The laboratory against texts whose answers are known, and the documents against the program.

mod documents;
mod evaluation;
mod learning;
#[path = "../../../tests/support/tiny.rs"]
#[allow(dead_code)]
mod tiny;
#[cfg(unix)]
mod trained_suites;

use std::path::{Path, PathBuf};

/// A file or folder of the repository.
fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path)
}
