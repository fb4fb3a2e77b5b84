//! SHA-256 of files, and a cache of checksums. Does not know what a checksum should be.
//!
//! Hashing a model at every start would take longer than the start itself. So the checksum of a file is cached in the models
//! folder, with the file's metadata: size, time of last modification and, on Unix, inode number and time of last status
//! change, which no program can set. Changing, replacing or restoring the file changes one of these, and the file is hashed
//! again. This does not detect bytes that decay on the disk, which hashing in full is for, nor someone who writes both the
//! file and this cache, which nothing beside the file can detect.

use std::fs::{self, File, Metadata};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::platform::cancel::Cancel;
use crate::platform::paths;

use super::error::ModelError;

/// File systems record times in steps of up to 10 ms: a file that changes twice within one step keeps its times.
const STAMP_STEP: Duration = Duration::from_millis(25);

/// The metadata of one version of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Stamp {
    bytes: u64,
    /// Nanoseconds since 1970, as a string: JSON's numbers have too few digits.
    modified: String,
    changed: String,
    inode: u64,
}

impl Stamp {
    fn of(metadata: &Metadata) -> Self {
        let (changed, inode) = changed_and_inode(metadata);
        let modified = metadata.modified().ok().map_or(0, nanoseconds);
        Self { bytes: metadata.len(), modified: modified.to_string(), changed: changed.to_string(), inode }
    }

    /// Time since the file last changed; `None` where its clock is ahead of ours.
    fn age(&self) -> Option<Duration> {
        let changed: i128 = self.changed.parse().unwrap_or(0).max(self.modified.parse().unwrap_or(0));
        u64::try_from(nanoseconds(SystemTime::now()) - changed).ok().map(Duration::from_nanos)
    }
}

fn nanoseconds(time: SystemTime) -> i128 {
    let signed = |duration: Duration| i128::try_from(duration.as_nanos()).unwrap_or(i128::MAX);
    time.duration_since(UNIX_EPOCH).map_or_else(|before| -signed(before.duration()), signed)
}

#[cfg(unix)]
fn changed_and_inode(metadata: &Metadata) -> (i128, u64) {
    use std::os::unix::fs::MetadataExt;
    (i128::from(metadata.ctime()) * 1_000_000_000 + i128::from(metadata.ctime_nsec()), metadata.ino())
}

#[cfg(not(unix))]
fn changed_and_inode(_metadata: &Metadata) -> (i128, u64) {
    (0, 0)
}

/// The cached checksum of one file.
#[derive(Debug, Serialize, Deserialize)]
struct CachedChecksum {
    /// For people who look into the folder, and to remove checksums of files that are gone.
    path: PathBuf,
    sha256: String,
    stamp: Stamp,
}

/// A file's checksum, and whether it was computed now rather than cached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Checksum {
    pub sha256: String,
    pub fresh: bool,
}

/// One small JSON file per hashed file, in a hidden folder of the models folder.
#[derive(Clone, Debug)]
pub(super) struct ChecksumCache {
    folder: PathBuf,
}

impl ChecksumCache {
    pub(super) fn in_models_folder(models: &Path) -> Self {
        Self { folder: models.join(".verified") }
    }

    /// The SHA-256 of `path`: cached if the file's metadata have not changed since it was hashed, else computed.
    pub(super) fn checksum(&self, path: &Path, cancel: &Cancel) -> Result<Checksum, ModelError> {
        if let (Ok(metadata), Some(cached)) = (fs::metadata(path), self.read(path))
            && cached.stamp == Stamp::of(&metadata)
        {
            return Ok(Checksum { sha256: cached.sha256, fresh: false });
        }
        self.hash(path, cancel, &mut |_| ())
    }

    /// Hashes all of `path` and caches the result. `report` gets the bytes read so far.
    pub(super) fn hash(
        &self,
        path: &Path,
        cancel: &Cancel,
        report: &mut dyn FnMut(u64),
    ) -> Result<Checksum, ModelError> {
        let read_error = |source| ModelError::io("read", path, source);
        let mut file = File::open(path).map_err(read_error)?;
        // From here on, any change to the file changes its stamp.
        settle(&Stamp::of(&file.metadata().map_err(read_error)?));
        let before = Stamp::of(&file.metadata().map_err(read_error)?);
        let mut hasher = Sha256::new();
        let mut block = vec![0; 1 << 18];
        let mut done = 0;
        loop {
            cancel.check()?;
            match file.read(&mut block) {
                Ok(0) => break,
                Ok(count) => {
                    hasher.update(&block[..count]);
                    done += count as u64;
                    report(done);
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(read_error(error)),
            }
        }
        let sha256 = hex::encode(hasher.finalize());
        self.remember(path, &before, &sha256);
        Ok(Checksum { sha256, fresh: true })
    }

    /// Caches the checksum of a file that was hashed while it was downloaded and has just been renamed to `path`.
    pub(super) fn remember_downloaded(&self, path: &Path, sha256: &str) {
        if let Ok(metadata) = fs::metadata(path) {
            let stamp = Stamp::of(&metadata);
            settle(&stamp);
            self.remember(path, &stamp, sha256);
        }
    }

    /// Removes the checksums of files that are gone.
    pub(super) fn prune(&self) {
        let Ok(entries) = fs::read_dir(&self.folder) else { return };
        for entry in entries.flatten() {
            if read_cached(&entry.path()).is_none_or(|cached| !cached.path.exists()) {
                let _ = fs::remove_file(entry.path());
            }
        }
    }

    fn remember(&self, path: &Path, stamp: &Stamp, sha256: &str) {
        let Ok(path) = fs::canonicalize(path) else { return };
        // Where it was changed while it was hashed, the checksum is of another version.
        if !fs::metadata(&path).is_ok_and(|now| Stamp::of(&now) == *stamp) {
            return;
        }
        let place = self.place(&path);
        let cached = CachedChecksum { path, sha256: sha256.to_owned(), stamp: stamp.clone() };
        // A checksum that cannot be cached is computed again next time: slower, equally safe.
        let _ = make_folders(&self.folder)
            .and_then(|()| Ok(serde_json::to_vec_pretty(&cached)?))
            .and_then(|bytes| paths::write_atomically(&place, &bytes));
    }

    fn read(&self, path: &Path) -> Option<CachedChecksum> {
        let path = fs::canonicalize(path).ok()?;
        read_cached(&self.place(&path)).filter(|cached| cached.path == path)
    }

    fn place(&self, canonical: &Path) -> PathBuf {
        let key = hex::encode(&Sha256::digest(canonical.as_os_str().as_encoded_bytes())[..12]);
        self.folder.join(format!("{key}.json"))
    }
}

/// Waits until a file with this stamp can no longer be changed and keep it.
fn settle(stamp: &Stamp) {
    if let Some(rest) = stamp.age().and_then(|age| STAMP_STEP.checked_sub(age)) {
        thread::sleep(rest);
    }
}

fn read_cached(path: &Path) -> Option<CachedChecksum> {
    serde_json::from_slice(&fs::read(path).ok()?).ok()
}

/// Creates the models folder or one in it, private; an existing folder keeps its permissions.
pub(super) fn make_folders(folder: &Path) -> io::Result<()> {
    if folder.is_dir() { Ok(()) } else { paths::private_dir(folder) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ABC: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    fn folder_with(bytes: &[u8]) -> (tempfile::TempDir, PathBuf, ChecksumCache) {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("model.gguf");
        fs::write(&path, bytes).expect("written");
        let checksums = ChecksumCache::in_models_folder(folder.path());
        (folder, path, checksums)
    }

    #[test]
    fn the_hash_is_sha_256_and_is_remembered() {
        let (_folder, path, checksums) = folder_with(b"abc");
        let cancel = Cancel::new();
        let first = checksums.checksum(&path, &cancel).expect("hashed");
        assert_eq!(first, Checksum { sha256: ABC.into(), fresh: true }, "the standard's own example");
        let second = checksums.checksum(&path, &cancel).expect("remembered");
        assert_eq!(second, Checksum { sha256: ABC.into(), fresh: false });
        let mut told = Vec::new();
        let third = checksums.hash(&path, &cancel, &mut |done| told.push(done)).expect("hashed in full");
        assert!(third.fresh);
        assert_eq!(told, [3]);
    }

    #[test]
    fn a_change_is_noticed_even_if_size_and_modification_time_are_put_back() {
        let (_folder, path, checksums) = folder_with(b"abc");
        let cancel = Cancel::new();
        checksums.checksum(&path, &cancel).expect("hashed");
        let modified = fs::metadata(&path).and_then(|m| m.modified()).expect("a time");
        fs::write(&path, b"abd").expect("tampered");
        File::options().write(true).open(&path).and_then(|f| f.set_modified(modified)).expect("time put back");
        let after = checksums.checksum(&path, &cancel).expect("hashed again");
        if cfg!(unix) {
            assert!(after.fresh && after.sha256 != ABC, "{after:?}");
        }
        assert_ne!(checksums.hash(&path, &cancel, &mut |_| ()).expect("in full").sha256, ABC);
    }

    #[test]
    fn a_replaced_file_a_broken_mark_and_a_cancel_are_met() {
        let (folder, path, checksums) = folder_with(b"abc");
        let cancel = Cancel::new();
        checksums.checksum(&path, &cancel).expect("hashed");
        let other = folder.path().join("other");
        fs::write(&other, b"abd").expect("written");
        fs::rename(&other, &path).expect("replaced");
        assert!(checksums.checksum(&path, &cancel).expect("hashed again").fresh);
        let cached = fs::read_dir(&checksums.folder).expect("checksums").flatten().next().expect("one").path();
        fs::write(&cached, b"{ not json").expect("broken");
        assert!(checksums.checksum(&path, &cancel).expect("hashed again").fresh);
        cancel.request();
        assert!(matches!(checksums.hash(&path, &cancel, &mut |_| ()), Err(ModelError::Cancelled(_))));
        fs::remove_file(&path).expect("removed");
        checksums.prune();
        assert_eq!(fs::read_dir(&checksums.folder).expect("checksums").count(), 0);
    }

    #[test]
    fn marks_that_cannot_be_written_do_no_harm() {
        let (folder, path, _) = folder_with(b"abc");
        // A file where the folder should be: it can be neither made nor written into.
        let checksums = ChecksumCache { folder: path.join("below-a-file") };
        assert_eq!(checksums.checksum(&path, &Cancel::new()).expect("hashed").sha256, ABC);
        assert!(checksums.checksum(&path, &Cancel::new()).expect("hashed").fresh);
        drop(folder);
    }
}
