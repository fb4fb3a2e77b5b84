//! A model the user names by its path: whether it can be one, and whether it matches its name. Does not read the weights,
//! which is the engine's job.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::platform::cancel::Cancel;

use super::catalog::{Catalog, ModelEntry};
use super::checksums::ChecksumCache;
use super::error::{ModelError, Origin, exactly};
use super::{Form, ModelFiles, Verification};

const INDEX: &str = "model.safetensors.index.json";
const WHOLE: &str = "model.safetensors";

/// Inspects the file or folder at `path`.
pub(super) fn inspect(
    path: &Path,
    catalog: &Catalog,
    checksums: &ChecksumCache,
    cancel: &Cancel,
) -> Result<ModelFiles, ModelError> {
    let metadata = fs::metadata(path).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => {
            let known = catalog.known_ids();
            unusable(path, format!("there is no such file or folder, and no model with that id (known ids: {known})"))
        }
        _ => unusable(path, error.to_string()),
    })?;
    if metadata.is_dir() {
        folder(path)
    } else if metadata.is_file() {
        gguf(path, metadata.len(), catalog, checksums, cancel)
    } else {
        Err(unusable(path, "it is neither a file nor a folder"))
    }
}

fn unusable(path: &Path, reason: impl Into<String>) -> ModelError {
    ModelError::Given { path: path.to_path_buf(), reason: reason.into() }
}

/// The id of a model that is not in the catalog. No catalog id has a colon.
fn own_id(path: &Path) -> String {
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
    let name = if path.is_dir() { path.file_name() } else { path.file_stem() };
    format!("local:{}", name.unwrap_or_default().to_string_lossy())
}

fn gguf(
    path: &Path,
    bytes: u64,
    catalog: &Catalog,
    checksums: &ChecksumCache,
    cancel: &Cancel,
) -> Result<ModelFiles, ModelError> {
    let mut head = [0; 8];
    let read = File::open(path).and_then(|mut file| file.read_exact(&mut head));
    match read {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
            return Err(unusable(path, format!("it has only {}, too few for a model", exactly(bytes))));
        }
        Err(error) => return Err(unusable(path, error.to_string())),
        Ok(()) if !head.starts_with(b"GGUF") => {
            return Err(unusable(
                path,
                "it is not a GGUF file (such files begin with `GGUF`). For safetensors, give the folder that contains them",
            ));
        }
        Ok(()) => {}
    }
    let mut found = ModelFiles {
        id: own_id(path),
        name: path.file_stem().unwrap_or_default().to_string_lossy().into_owned(),
        form: Form::Gguf(path.to_path_buf()),
        sha256: None,
        verified: Verification::Unverified,
        source: "the path you gave".into(),
        bytes,
    };
    // The catalog's model that this one appears to be: by its name, else by its size.
    let same_name = |entry: &&ModelEntry| path.file_name().is_some_and(|name| name == entry.file.name.as_str());
    let mut entries = catalog.entries().iter();
    let named = entries.clone().find(same_name);
    let Some(entry) = named.or_else(|| entries.find(|entry| entry.file.bytes == bytes)) else { return Ok(found) };
    if bytes == entry.file.bytes {
        let checksum = checksums.checksum(path, cancel)?;
        if checksum.sha256 == entry.file.sha256 {
            (found.id, found.name) = (entry.id.clone(), entry.name.clone());
            found.verified = Verification::by_catalog(checksum.fresh);
        }
        found.sha256 = Some(checksum.sha256);
    }
    // A file with a catalog name must be that file. One that only has the same size may be another model of the same shape and
    // counts as the user's own.
    if named.is_some() && found.verified == Verification::Unverified {
        return Err(ModelError::mismatch(path, entry, bytes, found.sha256.as_deref(), Origin::Given));
    }
    Ok(found)
}

fn folder(path: &Path) -> Result<ModelFiles, ModelError> {
    let mut missing = vec!["config.json", "tokenizer.json"];
    missing.retain(|name| !path.join(name).is_file());
    if !missing.is_empty() {
        return Err(unusable(path, format!("the folder has no {}{}", missing.join(" and no "), hint(path))));
    }
    let mut bytes = 0;
    for file in &weights(path)? {
        bytes += check_safetensors(file).map_err(|reason| unusable(file, reason))?;
    }
    Ok(ModelFiles {
        id: own_id(path),
        name: own_id(path).trim_start_matches("local:").to_owned(),
        form: Form::Folder(path.to_path_buf()),
        sha256: None,
        verified: Verification::Unverified,
        source: "the folder you gave".into(),
        bytes,
    })
}

/// What the user may have meant by a folder that is not a model.
fn hint(path: &Path) -> String {
    if path.join("adapter_config.json").is_file() {
        return ": it contains an adapter, not the model that the adapter is for".into();
    }
    match files_ending(path, "gguf").as_slice() {
        [] => String::new(),
        [only] => format!(": give the GGUF file in it, {}", only.display()),
        [..] => ": give one of the GGUF files in it".into(),
    }
}

fn files_ending(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).map(|entries| entries.flatten().map(|entry| entry.path()).collect());
    let mut files: Vec<PathBuf> = entries.unwrap_or_default();
    files.retain(|path| path.extension().is_some_and(|found| found == extension) && path.is_file());
    files.sort();
    files
}

/// The weights that the index lists, else the single file, else all files.
fn weights(folder: &Path) -> Result<Vec<PathBuf>, ModelError> {
    let index = folder.join(INDEX);
    if index.is_file() {
        return listed(folder, &index);
    }
    let whole = folder.join(WHOLE);
    if whole.is_file() {
        return Ok(vec![whole]);
    }
    let files = files_ending(folder, "safetensors");
    if files.is_empty() { Err(unusable(folder, "the folder has no .safetensors file")) } else { Ok(files) }
}

fn listed(folder: &Path, index: &Path) -> Result<Vec<PathBuf>, ModelError> {
    let text = fs::read(index).map_err(|error| unusable(index, error.to_string()))?;
    let value: Value = serde_json::from_slice(&text).map_err(|error| unusable(index, error.to_string()))?;
    let map = value.get("weight_map").and_then(Value::as_object);
    let map = map.ok_or_else(|| unusable(index, "it has no `weight_map`"))?;
    let mut files = Vec::new();
    for name in map.values() {
        let name = name.as_str().filter(|name| !name.is_empty() && !name.contains(['/', '\\']));
        let name =
            name.ok_or_else(|| unusable(index, "its `weight_map` names something other than a file beside it"))?;
        files.push(folder.join(name));
    }
    files.sort();
    files.dedup();
    match files.iter().find(|file| !file.is_file()) {
        Some(missing) => Err(unusable(folder, format!("its index lists {}, which is missing", missing.display()))),
        None if files.is_empty() => Err(unusable(index, "its `weight_map` is empty")),
        None => Ok(files),
    }
}

/// The size of a safetensors file, after checking that it is complete: its header says where the data end.
fn check_safetensors(path: &Path) -> Result<u64, String> {
    const MAX_HEADER: u64 = 100_000_000;
    let mut file = File::open(path).map_err(|error| error.to_string())?;
    let bytes = file.metadata().map_err(|error| error.to_string())?.len();
    let mut length = [0; 8];
    file.read_exact(&mut length).map_err(|_| format!("it has only {}, too few for a model", exactly(bytes)))?;
    let length = u64::from_le_bytes(length);
    if length > MAX_HEADER || length + 8 > bytes {
        return Err("it is not a safetensors file, or is only the beginning of one".into());
    }
    let mut header = Vec::new();
    file.take(length).read_to_end(&mut header).map_err(|error| error.to_string())?;
    let header: Value = serde_json::from_slice(&header).map_err(|error| format!("its header is not JSON: {error}"))?;
    let tensors = header.as_object().ok_or("its header is not a JSON object")?;
    let end = |tensor: &Value| tensor.get("data_offsets")?.get(1)?.as_u64();
    let end = tensors.values().filter_map(end).max().ok_or("it has no tensors")?;
    let whole = end.saturating_add(length + 8);
    if whole == bytes { Ok(bytes) } else { Err(format!("it is damaged: it should be {whole} bytes, but is {bytes}")) }
}
