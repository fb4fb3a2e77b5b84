//! Reads files and folders into documents. Knows nothing of the database but its record, [`crate::store::Document`].
//!
//! ```text
//! walk (which files) -> decode, detect (what is in them) -> mail | jsonl | csv | markdown | plain (drafts)
//!   -> mine (whose they are) -> finish (contexts, duplicates, too short) -> Scan
//! ```

mod browse;
mod clean;
mod csv;
mod dates;
mod decode;
mod detect;
mod draft;
mod finish;
mod jsonl;
mod mail;
mod markdown;
mod mine;
mod options;
mod plain;
mod report;
mod walk;

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

pub use browse::{Entry, EntryKind, Folder, MOST_ENTRIES, list};
pub use options::{FieldMap, ImportOptions, MAX_CONTEXT_CHARS, MAX_FILE_BYTES, MAX_LINE_BYTES, MIN_WORDS, MapError};
pub use report::{DropReason, FileProblem, FileReport, Hint, ImportError, Scan, ScanProgress, SkipReason};

use crate::platform::cancel::Cancel;
use crate::store::Format;
use detect::Kind;
use draft::{Pace, Parsed};
use finish::Placed;

/// Reads everything below `paths` into documents. Stores nothing; the scan is what a preview shows.
///
/// A file that cannot be read becomes one of the scan's problems, and the others are still read.
///
/// # Errors
/// When a path does not exist, when no JSON file has a field that `options.map` names, when no text was found (the error holds
/// the scan, which says why), or when `cancel` was requested.
pub fn scan(
    paths: &[PathBuf],
    options: &ImportOptions,
    cancel: &Cancel,
    progress: &mut dyn FnMut(&ScanProgress),
) -> Result<Scan, ImportError> {
    let listing = walk::list(paths, cancel)?;
    let mut reading = Reading {
        options,
        scan: Scan { skipped: listing.skipped, problems: listing.problems, ..Scan::default() },
        drafts: Vec::new(),
        unmapped: None,
        mapped: false,
    };
    let files_total = listing.files.len();
    for (files_done, found) in listing.files.iter().enumerate() {
        let so_far = reading.drafts.len();
        let mut tick = |texts: usize| {
            progress(&ScanProgress { file: found.path.clone(), files_done, files_total, texts: so_far + texts });
        };
        tick(0);
        let mut pace = Pace { cancel, tick: &mut tick };
        pace.step(0)?;
        reading.file(found, &mut pace)?;
    }
    if let (Some(error), false) = (reading.unmapped, reading.mapped) {
        return Err(error);
    }
    let mut scan = reading.scan;
    finish::finish(&mut scan, reading.drafts, options, cancel)?;
    if scan.documents.is_empty() { Err(ImportError::NothingFound(Box::new(scan))) } else { Ok(scan) }
}

struct Reading<'a> {
    options: &'a ImportOptions,
    scan: Scan,
    drafts: Vec<Placed>,
    /// The first JSON file without a field of the field map...
    unmapped: Option<ImportError>,
    /// ...which is an error only if no other file has it.
    mapped: bool,
}

enum Outcome {
    Read(Format, Option<&'static str>, Parsed),
    Skipped(SkipReason),
    Problem { what: String, advice: String },
}

impl Reading<'_> {
    fn file(&mut self, found: &walk::Found, pace: &mut Pace<'_>) -> Result<(), ImportError> {
        let path = &found.path;
        let outcome = if !found.named && !detect::is_prose_by_name(path) {
            Outcome::Skipped(SkipReason::NotProse)
        } else {
            match read_bytes(path, self.options.max_file_bytes) {
                Ok(bytes) => self.parse(found, &bytes, pace)?,
                Err(problem) => {
                    self.scan.problems.push(problem);
                    return Ok(());
                }
            }
        };
        match outcome {
            Outcome::Read(format, charset, parsed) => self.keep(found, format, charset, parsed),
            Outcome::Skipped(reason) => *self.scan.skipped.entry(reason).or_default() += 1,
            Outcome::Problem { what, advice } => {
                self.scan.problems.push(FileProblem { path: path.clone(), what, advice });
            }
        }
        Ok(())
    }

    fn parse(&mut self, found: &walk::Found, bytes: &[u8], pace: &mut Pace<'_>) -> Result<Outcome, ImportError> {
        if bytes.iter().all(u8::is_ascii_whitespace) {
            return Ok(unusable(found.named, SkipReason::Empty, "it is empty", "choose a file with your writing"));
        }
        if let Some(kind) = detect::mail_kind(bytes) {
            return self.mail(kind, bytes, pace);
        }
        let decoded = match decode::decode(bytes) {
            Ok(decoded) => decoded,
            Err(not) => {
                return Ok(unusable(found.named, SkipReason::Binary, &format!("it is {}", not.what), not.advice));
            }
        };
        // Mail saved in UTF-16 is recognised only after decoding.
        if decoded.charset != "UTF-8"
            && let Some(kind) = detect::mail_kind(decoded.text.as_bytes())
        {
            return self.mail(kind, decoded.text.as_bytes(), pace);
        }
        let kind = detect::text_kind(&decoded.text, &found.path);
        let (charset, note) = (Some(decoded.charset), decoded.note);
        let mut outcome = match kind {
            Kind::JsonLines | Kind::JsonArray => {
                let parsed = jsonl::drafts(&decoded.text, kind == Kind::JsonArray, self.options, pace);
                self.records(found, Format::Jsonl, charset, parsed)?
            }
            Kind::Csv => {
                let parsed = csv::drafts(&decoded.text, self.options, pace);
                self.records(found, Format::Csv, charset, parsed)?
            }
            Kind::OtherJson => Outcome::Problem {
                what: "it is JSON, but neither one object per line nor an array of objects".into(),
                advice: "save it as JSON lines, one record per line, and import that".into(),
            },
            Kind::Html => {
                let advice = "save its text as plain text or Markdown and import that";
                unusable(found.named, SkipReason::NotProse, "it is a web page", advice)
            }
            _ => {
                pace.step(0)?;
                let (text, long_lines) = draft::without_long_lines(decoded.text, self.options.max_line_bytes);
                let (format, drafts) = if kind == Kind::Markdown {
                    let name = found.path.file_stem().unwrap_or_default().to_string_lossy();
                    (Format::Markdown, markdown::drafts(&text, &name))
                } else {
                    (Format::Text, plain::drafts(&text))
                };
                Outcome::Read(format, charset, Parsed { drafts, long_lines, ..Parsed::default() })
            }
        };
        if let (Outcome::Read(_, _, parsed), Some(note)) = (&mut outcome, note) {
            parsed.notes.push(note.into());
        }
        Ok(outcome)
    }

    fn mail(&self, kind: Kind, bytes: &[u8], pace: &mut Pace<'_>) -> Result<Outcome, ImportError> {
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        Ok(if kind == Kind::Mbox {
            Outcome::Read(Format::Mbox, None, mail::mbox(bytes, self.options, pace)?)
        } else {
            Outcome::Read(Format::Eml, None, mail::eml(bytes, self.options))
        })
    }

    fn records(
        &mut self,
        found: &walk::Found,
        format: Format,
        charset: Option<&'static str>,
        parsed: Result<Parsed, jsonl::RecordError>,
    ) -> Result<Outcome, ImportError> {
        Ok(match parsed {
            Ok(parsed) => {
                self.mapped = true;
                Outcome::Read(format, charset, parsed)
            }
            Err(jsonl::RecordError::Stopped(error)) => return Err(error),
            Err(jsonl::RecordError::NoRecords) if format == Format::Csv => Outcome::Problem {
                what: "it has no rows below the header row".into(),
                advice: "export it again with a header row".into(),
            },
            Err(jsonl::RecordError::NoRecords) => Outcome::Problem {
                what: "it is JSON, but contains no object".into(),
                advice: "save it as JSON lines, one record per line, and import that".into(),
            },
            Err(jsonl::RecordError::CannotGuess { existing }) => {
                self.scan.hints.insert(Hint::FieldMap);
                Outcome::Problem {
                    what: format!("no field is obviously the text; the fields are: {existing}"),
                    advice: "specify the field with the text".into(),
                }
            }
            Err(jsonl::RecordError::NoSuchField { role, field, existing }) => {
                let what = format!("no record has the field `{field}` for the {role}; the fields are: {existing}");
                let path = found.path.clone();
                self.unmapped.get_or_insert(ImportError::NoSuchField { path, role, field, existing });
                Outcome::Problem { what, advice: "import it separately, and specify its fields".into() }
            }
        })
    }

    fn keep(&mut self, found: &walk::Found, format: Format, charset: Option<&'static str>, parsed: Parsed) {
        let path = found.path.clone();
        self.scan.drop_texts(DropReason::LongLine, parsed.long_lines);
        self.scan.hints.extend(parsed.hint);
        self.scan.notes.extend(parsed.notes.iter().map(|note| format!("{}: {note}", path.display())));
        let file = self.scan.files.len();
        self.scan.files.push(FileReport { path, format, charset, found: parsed.drafts.len(), kept: 0 });
        let source = found.canonical.to_string_lossy().into_owned();
        let placed = |draft| Placed { draft, file, source: source.clone(), format };
        self.drafts.extend(parsed.drafts.into_iter().map(placed));
    }
}

/// A file that the user named gets a problem of its own; one found in a folder is only counted.
fn unusable(named: bool, reason: SkipReason, what: &str, advice: &str) -> Outcome {
    if named { Outcome::Problem { what: what.to_owned(), advice: advice.to_owned() } } else { Outcome::Skipped(reason) }
}

/// The whole file, unless it is larger than `limit`.
fn read_bytes(path: &Path, limit: u64) -> Result<Vec<u8>, FileProblem> {
    let too_large = || FileProblem {
        path: path.to_path_buf(),
        what: format!("it is larger than {} MB", limit / (1024 * 1024)),
        advice: "split it (a mailbox by year or folder, for instance) and import the parts".into(),
    };
    let read = || -> std::io::Result<Option<Vec<u8>>> {
        let file = File::open(path)?;
        if file.metadata()?.len() > limit {
            return Ok(None);
        }
        // A file that grows while it is read must not grow past the limit either.
        let mut bytes = Vec::new();
        file.take(limit + 1).read_to_end(&mut bytes)?;
        Ok(Some(bytes).filter(|bytes| bytes.len() as u64 <= limit))
    };
    match read() {
        Ok(Some(bytes)) => Ok(bytes),
        Ok(None) => Err(too_large()),
        Err(cause) => Err(walk::unreadable(path, &cause)),
    }
}
