//! The contents of one folder, and which of them can be imported, for a list to choose from. If a file's name does not show its type,
//! only its first bytes are read. Knows no screens.

use std::ffi::OsString;
use std::fs::{self, DirEntry, File};
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

use super::decode::decode;
use super::detect::{self, Kind};
use super::report::ImportError;
use crate::platform::cancel::Cancel;
use crate::store::Format;

/// More than this is not listed: nobody looks through so many names, and finding among them must not lag.
pub const MOST_ENTRIES: usize = 5000;
/// As many files of a folder are opened to see what they are. On a slow card or a network that takes time.
const MOST_OPENED: usize = 300;
/// Enough of a file to tell mail, Markdown and JSON lines.
const OPENING_BYTES: u64 = 8 * 1024;

/// A folder as it was when it was listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folder {
    pub path: PathBuf,
    /// Folders first, each in the order of their names.
    pub entries: Vec<Entry>,
    /// Hidden ones that are left out.
    pub hidden: usize,
    /// Those beyond [`MOST_ENTRIES`].
    pub beyond: usize,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub name: OsString,
    pub kind: EntryKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryKind {
    Folder,
    /// With what it seems to hold, where that can be imported.
    File(Option<Format>),
}

/// Lists a folder; links count as what they lead to.
///
/// # Errors
/// When the folder cannot be read, or `cancel` was requested.
pub fn list(path: &Path, hidden: bool, cancel: &Cancel) -> Result<Folder, ImportError> {
    let closed = |cause: std::io::Error| ImportError::Closed { path: path.to_path_buf(), why: why(&cause) };
    let mut folder = Folder { path: path.to_path_buf(), entries: Vec::new(), hidden: 0, beyond: 0 };
    for entry in fs::read_dir(path).map_err(closed)? {
        cancel.check()?;
        // One that vanishes meanwhile is not there.
        let Ok(entry) = entry else { continue };
        let name = entry.file_name();
        if !hidden && name.as_encoded_bytes().starts_with(b".") {
            folder.hidden += 1;
            continue;
        }
        let kind = if is_folder(&entry) { EntryKind::Folder } else { EntryKind::File(None) };
        folder.entries.push(Entry { name, kind });
    }
    let order = |entry: &Entry| (entry.kind != EntryKind::Folder, entry.name.to_string_lossy().to_lowercase());
    folder.entries.sort_by_cached_key(order);
    folder.beyond = folder.entries.len().saturating_sub(MOST_ENTRIES);
    folder.entries.truncate(MOST_ENTRIES);
    recognise(&mut folder, cancel)?;
    Ok(folder)
}

fn is_folder(entry: &DirEntry) -> bool {
    match entry.file_type() {
        Ok(kind) if kind.is_symlink() => fs::metadata(entry.path()).is_ok_and(|led_to| led_to.is_dir()),
        kind => kind.is_ok_and(|kind| kind.is_dir()),
    }
}

fn why(cause: &std::io::Error) -> String {
    match cause.kind() {
        ErrorKind::NotFound => "it no longer exists: go up, or choose another folder".into(),
        ErrorKind::PermissionDenied => "access is not allowed: change its permissions, or choose another folder".into(),
        ErrorKind::NotADirectory => "it is not a folder: go up, or choose another".into(),
        _ => format!("it cannot be read ({cause}): go up, or choose another folder"),
    }
}

fn recognise(folder: &mut Folder, cancel: &Cancel) -> Result<(), ImportError> {
    let mut opened = 0;
    for entry in &mut folder.entries {
        let EntryKind::File(format) = &mut entry.kind else { continue };
        cancel.check()?;
        let path = folder.path.join(&entry.name);
        *format = by_name(&path);
        if format.is_none() && opened < MOST_OPENED && detect::is_prose_by_name(&path) {
            opened += 1;
            *format = by_opening(&path);
        }
    }
    Ok(())
}

/// Where the ending leaves no doubt.
fn by_name(path: &Path) -> Option<Format> {
    match path.extension()?.to_string_lossy().to_ascii_lowercase().as_str() {
        "md" | "markdown" => Some(Format::Markdown),
        "mbox" => Some(Format::Mbox),
        "eml" => Some(Format::Eml),
        "jsonl" | "ndjson" => Some(Format::Jsonl),
        "csv" | "tsv" => Some(Format::Csv),
        "txt" => Some(Format::Text),
        _ => None,
    }
}

fn by_opening(path: &Path) -> Option<Format> {
    // Opening a pipe or a device may wait for ever.
    if !fs::metadata(path).ok()?.is_file() {
        return None;
    }
    let mut bytes = Vec::new();
    File::open(path).ok()?.take(OPENING_BYTES).read_to_end(&mut bytes).ok()?;
    let cut = bytes.len() as u64 == OPENING_BYTES;
    if cut && let Some(end) = bytes.iter().rposition(|byte| *byte == b'\n') {
        // Half a line is neither a header nor a record, and half a character no text.
        bytes.truncate(end);
    }
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return None;
    }
    let decoded = || decode(&bytes).ok().map(|decoded| detect::text_kind(&decoded.text, path));
    match detect::mail_kind(&bytes).or_else(decoded)? {
        Kind::Text => Some(Format::Text),
        Kind::Markdown => Some(Format::Markdown),
        Kind::Mbox => Some(Format::Mbox),
        Kind::Eml => Some(Format::Eml),
        Kind::JsonLines | Kind::JsonArray => Some(Format::Jsonl),
        Kind::Csv => Some(Format::Csv),
        // The beginning of an array is no whole one.
        Kind::OtherJson if cut && bytes.trim_ascii_start().starts_with(b"[") => Some(Format::Jsonl),
        Kind::OtherJson | Kind::Html => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_that_may_not_be_read_says_what_to_change() {
        assert!(why(&ErrorKind::PermissionDenied.into()).contains("permissions"));
    }
}
