//! From drafts to documents: who wrote them, what they reply to, and which are omitted and why. Reads no file.

use std::collections::{HashMap, HashSet};

use super::clean::shorten;
use super::draft::Draft;
use super::mine;
use super::options::{ImportOptions, MAX_CONTEXT_CHARS};
use super::report::{DropReason, Hint, ImportError, Scan};
use crate::platform::cancel::Cancel;
use crate::store::{Document, Format, content_hash, count_words};

/// A draft with the file it came from.
pub(super) struct Placed {
    pub draft: Draft,
    /// Index into the scan's files.
    pub file: usize,
    pub source: String,
    pub format: Format,
}

pub(super) fn finish(
    scan: &mut Scan,
    mut placed: Vec<Placed>,
    options: &ImportOptions,
    cancel: &Cancel,
) -> Result<(), ImportError> {
    choose_authors(scan, &mut placed, options);
    let parents = texts_by_message(&placed);
    let mut seen = HashSet::new();
    let mut documents = Vec::new();
    for item in &placed {
        cancel.check()?;
        match document(item, &parents, options, &mut seen) {
            Ok(document) => {
                scan.files[item.file].kept += 1;
                documents.push(document);
            }
            Err(reason) => scan.drop_texts(reason, 1),
        }
    }
    scan.documents = documents;
    Ok(())
}

fn choose_authors(scan: &mut Scan, placed: &mut [Placed], options: &ImportOptions) {
    let mut of = |wanted: &dyn Fn(Format) -> bool, me: &[String], kind| {
        let mut drafts: Vec<&mut Draft> =
            placed.iter_mut().filter(|item| wanted(item.format)).map(|item| &mut item.draft).collect();
        mine::keep_mine(&mut drafts, me, kind)
    };
    let mut notes = Vec::new();
    notes.extend(of(&|format| format.is_mail(), &options.me, "mail"));
    notes.extend(of(&|format| matches!(format, Format::Jsonl | Format::Csv), &options.me, "text"));
    if options.me.is_empty() {
        scan.hints.extend((!notes.is_empty()).then_some(Hint::OwnName));
    } else {
        // Notes count as the user's own unless their front matter names an author and the user has given names.
        notes.extend(of(&|format| format == Format::Markdown, &options.me, "text"));
    }
    scan.notes.extend(notes);
}

/// The text of every message, also of other people: the user's messages reply to them.
fn texts_by_message(placed: &[Placed]) -> HashMap<&str, &str> {
    let texts = placed.iter().filter(|item| !item.draft.text.is_empty());
    texts.filter_map(|item| Some((item.draft.message_id.as_deref()?, item.draft.text.as_str()))).collect()
}

fn document(
    item: &Placed,
    parents: &HashMap<&str, &str>,
    options: &ImportOptions,
    seen: &mut HashSet<String>,
) -> Result<Document, DropReason> {
    let draft = &item.draft;
    if let Some(reason) = draft.dropped {
        return Err(reason);
    }
    if draft.text.is_empty() {
        return Err(DropReason::NothingOwn);
    }
    if count_words(&draft.text) < options.min_words {
        return Err(DropReason::TooShort);
    }
    let parent = draft.parent_id.as_deref().and_then(|parent| parents.get(parent).copied());
    let context = parent.or(draft.context.as_deref()).map(|context| shorten(context, MAX_CONTEXT_CHARS).to_owned());
    let hash = content_hash(&draft.text, context.as_deref());
    if !seen.insert(hash.clone()) {
        return Err(DropReason::Duplicate);
    }
    Ok(Document {
        source: item.source.clone(),
        format: item.format,
        thread: draft.thread.clone(),
        message_id: draft.message_id.clone(),
        parent_id: draft.parent_id.clone(),
        author: draft.author.as_ref().map(super::draft::Author::shown),
        timestamp: draft.timestamp,
        title: draft.title.clone(),
        context,
        text: draft.text.clone(),
        hash,
    })
}
