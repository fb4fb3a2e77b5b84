//! The program's folders, and writes that are atomic and readable by the user alone. Does not know what is in the
//! files.

use std::ffi::OsStr;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::{fs, io};

/// The folders of one installation. Everything of the user's is under `data`; what is under `models` can be
/// downloaded again.
#[derive(Clone, Debug)]
pub struct Paths {
    data: PathBuf,
    models: PathBuf,
}

/// The platform has no home folder, and no data folder was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no home folder is set, so there is no place for XPerT's data")]
pub struct NoHome;

impl Paths {
    /// The platform's usual folders (XDG on Linux), or everything below `data_dir` if given.
    /// Base models stay in the shared cache either way: they are large, public, and the same for every data folder.
    ///
    /// # Errors
    /// When no home folder is set and `data_dir` is not given.
    pub fn resolve(data_dir: Option<&Path>) -> Result<Self, NoHome> {
        let project = directories::ProjectDirs::from("", "", "xpert");
        let models = match (std::env::var_os("XPERT_MODELS_DIR"), &project, data_dir) {
            (Some(dir), _, _) => PathBuf::from(dir),
            (None, Some(project), _) => project.cache_dir().join("models"),
            (None, None, Some(data)) => data.join("models"),
            (None, None, None) => return Err(NoHome),
        };
        let data = match (data_dir, &project) {
            (Some(dir), _) => dir.to_path_buf(),
            (None, Some(project)) => project.data_dir().to_path_buf(),
            (None, None) => unreachable!("returned above"),
        };
        Ok(Self { data, models })
    }

    /// The same models, with another data folder.
    #[must_use]
    pub fn with_data(self, data: PathBuf) -> Self {
        Self { data, ..self }
    }

    pub fn data(&self) -> &Path {
        &self.data
    }

    pub fn database(&self) -> PathBuf {
        self.data.join("xpert.db")
    }

    pub fn settings(&self) -> PathBuf {
        self.data.join("config.toml")
    }

    /// The user's own themes, one file each.
    pub fn themes(&self) -> PathBuf {
        self.data.join("themes")
    }

    /// The user's own adapter, its checkpoint and its training log.
    pub fn personal(&self) -> PathBuf {
        self.data.join("mine")
    }

    pub fn models(&self) -> &Path {
        &self.models
    }
}

/// Creates `dir` (and its parents), readable by the user alone.
///
/// # Errors
/// When the folder cannot be created or its permissions cannot be set.
pub fn private_dir(dir: &Path) -> io::Result<()> {
    fs::create_dir_all(dir)?;
    restrict(dir, 0o700)
}

/// Sets the permission bits of `path` where the platform has them; does nothing elsewhere.
#[cfg(unix)]
pub fn restrict(path: &Path, mode: u32) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(mode))
}

#[cfg(not(unix))]
pub fn restrict(_path: &Path, _mode: u32) -> io::Result<()> {
    Ok(())
}

/// Makes renames and new names in `dir` survive a power failure, where the system supports it.
pub fn sync_folder(dir: &Path) {
    // Systems that cannot sync a folder keep their own order.
    if let Ok(folder) = fs::File::open(dir) {
        drop(folder.sync_all());
    }
}

/// `path` with a leading `~` as the home folder, where there is one.
pub fn expand_home(path: &Path) -> PathBuf {
    let home = directories::UserDirs::new().map(|user| user.home_dir().to_path_buf());
    match (path.strip_prefix("~"), home) {
        (Ok(rest), Some(home)) => home.join(rest),
        _ => path.to_path_buf(),
    }
}

/// Writes `bytes` to `path` so that readers see either the old file or the whole new one, whatever happens.
///
/// # Errors
/// When the folder cannot be written to or the disk is full; the old file is then untouched.
pub fn write_atomically(path: &Path, bytes: &[u8]) -> io::Result<()> {
    write_atomically_with(path, |to| fs::write(to, bytes))
}

/// As [`write_atomically`], and readable by the user alone.
///
/// # Errors
/// When the folder cannot be written; the earlier file is then untouched.
pub fn write_private(path: &Path, bytes: &[u8]) -> io::Result<()> {
    write_atomically_with(path, |to| {
        restrict(to, 0o600)?;
        fs::write(to, bytes)
    })
}

/// Writes `bytes` to a new file, readable by the user alone: to `place`, or, where that is a folder, to a file called `usual` in it.
/// What `place` lacks of a name and an ending comes from `usual`, too. Where there is such a file, it is `stem-2.extension`, and so on:
/// never replaces a file, not even one created at the same moment. Returns the path.
///
/// # Errors
/// When the folder does not exist or cannot be written to, or the disk is full.
pub fn write_private_new(place: &Path, usual: &str, bytes: &[u8]) -> io::Result<PathBuf> {
    let (place, usual) = (if place.is_dir() { place.join(usual) } else { place.to_owned() }, Path::new(usual));
    let folder = place.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let piece = |of: fn(&Path) -> Option<&OsStr>| of(&place).or(of(usual)).unwrap_or_default().to_string_lossy();
    let (stem, extension) = (piece(Path::file_stem), piece(Path::extension));
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    restrict(file.path(), 0o600)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    let mut path = folder.join(format!("{stem}.{extension}"));
    let mut number = 1;
    loop {
        match file.persist_noclobber(&path) {
            Ok(_) => {
                sync_folder(folder);
                return Ok(path);
            }
            Err(taken) if taken.error.kind() == io::ErrorKind::AlreadyExists => file = taken.file,
            Err(failed) => return Err(failed.error),
        }
        number += 1;
        path = folder.join(format!("{stem}-{number}.{extension}"));
    }
}

/// As [`write_atomically`], with `write` filling the temporary file, or putting another file in its place.
///
/// # Errors
/// When the folder cannot be written, or `write` fails; the earlier file is then untouched.
pub fn write_atomically_with(path: &Path, write: impl FnOnce(&Path) -> io::Result<()>) -> io::Result<()> {
    let dir = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let file = tempfile::NamedTempFile::new_in(dir)?;
    write(file.path())?;
    // Opened again: where `write` renamed a file of its own over ours, that one has to be on the disk before it gets the name.
    fs::OpenOptions::new().write(true).open(file.path())?.sync_all()?;
    file.persist(path).map_err(|e| e.error)?;
    sync_folder(dir);
    Ok(())
}
