//! Writing a model's file into the models folder: to a temporary file, hashed while it is written and renamed when complete.
//!
//! So a partial download never has the model's name, and of two downloads of one file, the second waits for the first. Does not know
//! where the bytes come from.

use std::fs::{self, File, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use sha2::{Digest, Sha256};
use tempfile::{Builder, NamedTempFile, TempDir};

use crate::platform::cancel::{Cancel, Cancelled};
use crate::platform::lock::Lock;
use crate::platform::paths;

use super::catalog::ModelFile;
use super::error::{Failure, ModelError};
use super::progress::Event;

const UNFINISHED: &str = ".part";

/// How long a source may be silent before the next one is tried.
#[derive(Clone, Debug)]
pub struct Limits {
    /// For resolving a server's name, and again for connecting.
    pub connect: Duration,
    /// For the first byte of a response.
    pub response: Duration,
    /// Between two bytes.
    pub stall: Duration,
    /// Between two signs of progress of pip, which reports less.
    pub package_stall: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        let seconds = Duration::from_secs;
        Self { connect: seconds(4), response: seconds(15), stall: seconds(20), package_stall: seconds(60) }
    }
}

/// A file being written into the models folder. If dropped before it is finished, it leaves nothing.
pub(super) struct Download<'a> {
    folder: &'a Path,
    pub file: &'a ModelFile,
    temporary: NamedTempFile,
    hasher: Sha256,
    written: u64,
}

impl<'a> Download<'a> {
    pub(super) fn new(folder: &'a Path, file: &'a ModelFile) -> Result<Self, ModelError> {
        // `tempfile` makes files that only the user can read.
        let temporary = Builder::new().prefix(&unfinished_prefix(file)).suffix(UNFINISHED).tempfile_in(folder);
        let temporary = temporary.map_err(|error| ModelError::writing(folder, file, error))?;
        Ok(Self { folder, file, temporary, hasher: Sha256::new(), written: 0 })
    }

    pub(super) fn written(&self) -> u64 {
        self.written
    }

    /// Appends bytes. More than the catalog's size is an error at once.
    pub(super) fn push(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        if self.written + bytes.len() as u64 > self.file.bytes {
            return Err(format!("it sent more than the expected {} bytes", self.file.bytes).into());
        }
        self.temporary.write_all(bytes).map_err(|error| self.failed(error))?;
        self.hasher.update(bytes);
        self.written += bytes.len() as u64;
        Ok(())
    }

    /// The error of writing into the models folder.
    pub(super) fn failed(&self, error: io::Error) -> ModelError {
        ModelError::writing(self.folder, self.file, error)
    }

    /// A private folder for temporary files, removed with its contents when dropped.
    pub(super) fn temporary_folder(&self) -> Result<TempDir, ModelError> {
        Builder::new()
            .prefix(&unfinished_prefix(self.file))
            .suffix(UNFINISHED)
            .tempdir_in(self.folder)
            .and_then(|temporary| paths::restrict(temporary.path(), 0o700).map(|()| temporary))
            .map_err(|error| self.failed(error))
    }

    /// Compares size and checksum and, only if both match, renames the file to its final name.
    pub(super) fn finish(self) -> Result<PathBuf, Failure> {
        let Self { folder, file, temporary, hasher, written } = self;
        let expected = file.bytes;
        if written != expected {
            let text = "the connection was lost";
            return Err(format!("{text}: expected {expected} bytes, got {written}; trying again may help").into());
        }
        let (expected, found) = (&file.sha256, hex::encode(hasher.finalize()));
        if found != *expected {
            let text = "its file differs from the catalog's";
            return Err(format!("{text}: expected SHA-256 {expected}, found {found}").into());
        }
        let target = folder.join(&file.name);
        let failed = |error| ModelError::writing(folder, file, error);
        temporary.as_file().sync_all().map_err(failed)?;
        temporary.persist(&target).map_err(|error| failed(error.error))?;
        paths::sync_folder(folder);
        Ok(target)
    }
}

/// Exclusive use of one download on this machine; released when dropped or when the process ends.
pub(super) struct DownloadLock {
    _lock: Option<Lock>,
}

impl DownloadLock {
    /// Waits for the lock, then removes what killed downloads left. On a file system without locks it continues without one
    /// and removes nothing, which could be another download in progress.
    pub(super) fn acquire(
        folder: &Path,
        file: &ModelFile,
        progress: &mut dyn FnMut(Event),
        cancel: &Cancel,
    ) -> Result<Self, ModelError> {
        let path = folder.join(format!(".{}.lock", file.name));
        let mut reported = false;
        let lock = loop {
            let opened = File::options().create(true).truncate(false).write(true).open(&path);
            match Lock::try_acquire(opened.map_err(|error| ModelError::writing(folder, file, error))?) {
                Ok(lock) => break lock,
                Err(TryLockError::WouldBlock) if cancel.is_requested() => return Err(Cancelled.into()),
                Err(TryLockError::WouldBlock) => {
                    if !reported {
                        progress(Event::Note("waiting for another XPerT process to download this model".into()));
                        reported = true;
                    }
                    thread::sleep(Duration::from_millis(50));
                }
                // Some network file systems have no locks. Then two downloads may race, and the rename of either is complete.
                Err(TryLockError::Error(_)) => return Ok(Self { _lock: None }),
            }
        };
        remove_leftovers(folder, file);
        Ok(Self { _lock: Some(lock) })
    }
}

fn unfinished_prefix(file: &ModelFile) -> String {
    format!(".{}.", file.name)
}

fn remove_leftovers(folder: &Path, file: &ModelFile) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    let prefix = unfinished_prefix(file);
    for entry in entries.flatten() {
        let name = entry.file_name();
        let ours = name.to_str().is_some_and(|name| name.starts_with(&prefix) && name.ends_with(UNFINISHED));
        if ours {
            let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
            // What cannot be removed now is tried again at the next download; it never counts as a model.
            let _ = if is_folder { fs::remove_dir_all(entry.path()) } else { fs::remove_file(entry.path()) };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn abc() -> ModelFile {
        ModelFile {
            name: "abc.gguf".into(),
            bytes: 3,
            sha256: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad".into(),
            sources: Vec::new(),
        }
    }

    fn names(folder: &Path) -> Vec<String> {
        let names = fs::read_dir(folder).expect("a folder").flatten().map(|e| e.file_name().to_string_lossy().into());
        names.collect()
    }

    fn download(folder: &Path, file: &ModelFile, pieces: &[&[u8]]) -> Result<PathBuf, Failure> {
        let mut download = Download::new(folder, file)?;
        pieces.iter().try_for_each(|piece| download.push(piece))?;
        download.finish()
    }

    #[test]
    fn the_right_bytes_are_kept_and_private() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = download(folder.path(), &abc(), &[b"a", b"", b"bc"]).expect("downloaded");
        assert_eq!(fs::read(&path).expect("readable"), b"abc");
        assert_eq!(names(folder.path()), ["abc.gguf"]);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(fs::metadata(&path).expect("there").permissions().mode() & 0o777, 0o600);
        }
    }

    #[test]
    fn wrong_bytes_leave_nothing_and_give_a_reason() {
        let folder = tempfile::tempdir().expect("a folder");
        let cases: [(&[&[u8]], &str); 3] = [
            (&[b"ab"], "expected 3 bytes, got 2"),
            (&[b"ab", b"cd"], "more than the expected 3 bytes"),
            (&[b"abd"], "found a52d159f262b2c6ddb724a61840befc36eb30c88877a4030b65cbe86298449c9"),
        ];
        for (pieces, expected) in cases {
            match download(folder.path(), &abc(), pieces) {
                Err(Failure::TryNext(reason)) => assert!(reason.contains(expected), "{reason}"),
                other => panic!("{pieces:?} gave {other:?}"),
            }
            assert!(names(folder.path()).is_empty(), "{:?}", names(folder.path()));
        }
    }

    #[test]
    fn a_folder_that_is_gone_is_a_final_error() {
        let folder = tempfile::tempdir().expect("a folder");
        let gone = folder.path().join("gone");
        assert!(matches!(download(&gone, &abc(), &[b"abc"]), Err(Failure::Final(ModelError::Io { .. }))));
    }

    #[test]
    fn the_next_lock_removes_what_a_killed_download_left_and_nothing_else() {
        let folder = tempfile::tempdir().expect("a folder");
        for name in [".abc.gguf.x1.part", "abc.gguf", ".other.gguf.x1.part", "notes.part"] {
            fs::write(folder.path().join(name), b"half").expect("written");
        }
        fs::create_dir_all(folder.path().join(".abc.gguf.x2.part/inside")).expect("made");
        DownloadLock::acquire(folder.path(), &abc(), &mut |_| {}, &Cancel::new()).expect("the lock");
        let mut left = names(folder.path());
        left.sort();
        assert_eq!(left, [".abc.gguf.lock", ".other.gguf.x1.part", "abc.gguf", "notes.part"]);
    }

    #[test]
    fn waiting_for_another_download_is_reported_and_can_be_cancelled() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = abc();
        let held = DownloadLock::acquire(folder.path(), &file, &mut |_| {}, &Cancel::new()).expect("the first lock");
        let cancel = Cancel::new();
        let requester = cancel.clone();
        let mut notes = Vec::new();
        let mut progress = |event| {
            notes.push(event);
            requester.request();
        };
        let second = DownloadLock::acquire(folder.path(), &file, &mut progress, &cancel);
        assert!(matches!(second, Err(ModelError::Cancelled(_))));
        assert_eq!(notes.len(), 1, "{notes:?}");
        drop(held);
        DownloadLock::acquire(folder.path(), &file, &mut |_| {}, &Cancel::new()).expect("free again");
    }
}
