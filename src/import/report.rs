//! What an import found, dropped and could not read, as data with readable descriptions. Decides nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::PathBuf;

use serde::Serialize;

use crate::platform::cancel::Cancelled;
use crate::store::{Document, Format};

/// Everything one scan found. Nothing is stored yet.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Scan {
    pub documents: Vec<Document>,
    pub dropped: BTreeMap<DropReason, usize>,
    pub skipped: BTreeMap<SkipReason, usize>,
    pub files: Vec<FileReport>,
    pub problems: Vec<FileProblem>,
    /// What was decided for the user.
    pub notes: Vec<String>,
    /// What the user could decide instead; the front ends say how.
    #[serde(skip)]
    pub hints: BTreeSet<Hint>,
}

/// Something the user could say to get another result.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Hint {
    /// Which fields of JSON records hold the text, its context, author and date.
    FieldMap,
    /// Which of several authors the user is.
    OwnName,
}

impl Scan {
    pub(super) fn drop_texts(&mut self, reason: DropReason, count: usize) {
        if count > 0 {
            *self.dropped.entry(reason).or_default() += count;
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FileReport {
    pub path: PathBuf,
    pub format: Format,
    /// Standard name of the file's encoding; none for mail, where each message has its own.
    pub charset: Option<&'static str>,
    /// Texts in the file.
    pub found: usize,
    /// Texts that became documents.
    pub kept: usize,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FileProblem {
    pub path: PathBuf,
    pub what: String,
    pub advice: String,
}

impl fmt::Display for FileProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}; {}", self.path.display(), self.what, self.advice)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DropReason {
    /// Fewer than [`super::MIN_WORDS`] words.
    TooShort,
    /// The same text with the same context was already in this scan.
    Duplicate,
    NotMine,
    /// Newsletters, out-of-office notes, invitations, delivery reports.
    Automatic,
    /// Someone else's mail, forwarded.
    Forward,
    /// Nothing remains without quotes, signatures, code and attachments.
    NothingOwn,
    /// A record without the field for the text.
    NoText,
    /// A line that is not a JSON object, or a message that cannot be parsed.
    Broken,
    /// A line over [`super::MAX_LINE_BYTES`].
    LongLine,
}

impl DropReason {
    /// For people: "12 texts were ...".
    pub fn describe(self) -> &'static str {
        match self {
            Self::TooShort => "too short",
            Self::Duplicate => "found more than once",
            Self::NotMine => "written by someone else",
            Self::Automatic => "automatic mail",
            Self::Forward => "forwarded mail",
            Self::NothingOwn => "empty after removing quotes, signatures, code and attachments",
            Self::NoText => "missing from the record",
            Self::Broken => "unreadable as a record",
            Self::LongLine => "too long for a line of prose",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SkipReason {
    Hidden,
    Empty,
    Binary,
    /// Programs, tables, settings, web pages.
    NotProse,
    /// A link back to a folder above it.
    LinkLoop,
    /// Reached a second time, by a link or by being named twice.
    SameFile,
    /// A device, pipe or socket, or a link to nothing.
    NotAFile,
}

impl SkipReason {
    /// For people: "3 files were ...".
    pub fn describe(self) -> &'static str {
        match self {
            Self::Hidden => "hidden",
            Self::Empty => "empty",
            Self::Binary => "not text",
            Self::NotProse => "source code, tables, settings or web pages",
            Self::LinkLoop => "links to a parent folder",
            Self::SameFile => "already read under another name",
            Self::NotAFile => "not regular (a device, a pipe or a broken link)",
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScanProgress {
    pub file: PathBuf,
    pub files_done: usize,
    pub files_total: usize,
    /// Texts found so far, before any is dropped.
    pub texts: usize,
}

/// Why a scan found nothing. Nothing was stored.
#[derive(Debug, strum::IntoStaticStr, thiserror::Error)]
pub enum ImportError {
    #[error("nothing to import: choose a file or a folder with your writing")]
    NoPaths,
    #[error("{path} does not exist; check the name", path = path.display())]
    Missing { path: PathBuf },
    #[error("{path}: {why}", path = path.display())]
    Closed { path: PathBuf, why: String },
    #[error(
        "no record in {path} has the field `{field}`, which was given for the {role}; the fields are: {existing}",
        path = path.display()
    )]
    NoSuchField { path: PathBuf, role: &'static str, field: String, existing: String },
    #[error("{}", describe_empty(.0))]
    NothingFound(Box<Scan>),
    #[error("{0}")]
    Cancelled(#[from] Cancelled),
}

fn describe_empty(scan: &Scan) -> String {
    let mut message = String::from("none of your texts were found");
    let count = |reason: &str, number: usize, what: &str| {
        format!("{reason} ({number} {what}{})", if number == 1 { "" } else { "s" })
    };
    let texts = scan.dropped.iter().map(|(reason, texts)| count(reason.describe(), *texts, "text"));
    let files = scan.skipped.iter().map(|(reason, files)| count(reason.describe(), *files, "file"));
    let reasons: Vec<String> = texts.chain(files).collect();
    if !reasons.is_empty() {
        message = format!("{message} (omitted: {})", reasons.join("; "));
    }
    for line in scan.problems.iter().map(ToString::to_string).chain(scan.notes.iter().cloned()).take(10) {
        message.push('\n');
        message.push_str(&line);
    }
    if scan.problems.is_empty() && scan.notes.is_empty() {
        message.push_str(". Choose files that contain plain text, Markdown, mail (mbox, .eml), JSON lines or CSV");
    }
    message
}
