//! Decides which texts are the user's own. Knows no files.

use std::collections::{BTreeMap, BTreeSet};

use super::draft::{Author, Draft};
use super::report::DropReason;
use crate::store::count_words;

/// How many authors a note names.
const MAX_NAMED: usize = 3;

/// Drops the texts of others among `drafts`, which are of one kind (mail, or records). Returns what the user should know.
///
/// With `me`, the texts of everyone else are dropped. Without, and with several authors, those of the most frequent one are
/// kept, at every address with the same name.
pub(super) fn keep_mine(drafts: &mut [&mut Draft], me: &[String], kind: &str) -> Option<String> {
    let authors = count(drafts);
    if authors.is_empty() {
        return None;
    }
    if !me.is_empty() {
        let mut kept = 0;
        for draft in drafts.iter_mut().filter(|draft| draft.dropped.is_none()) {
            match &draft.author {
                Some(author) if !author.is_any_of(me) => draft.dropped = Some(DropReason::NotMine),
                _ => kept += 1,
            }
        }
        return (kept == 0)
            .then(|| format!("none of the {kind} is by {}; it is by {}", me.join(" or "), named(&authors)));
    }
    let anonymous = drafts.iter().any(|draft| draft.dropped.is_none() && draft.author.is_none());
    if authors.len() == 1 && !anonymous {
        return None;
    }
    let chosen = &authors[0];
    for draft in drafts.iter_mut().filter(|draft| draft.dropped.is_none()) {
        if !draft.author.as_ref().is_some_and(|author| chosen.keys.contains(&author.key())) {
            draft.dropped = Some(DropReason::NotMine);
        }
    }
    (authors.len() > 1).then(|| {
        format!(
            "the {kind} has {} authors: only the texts by {}, who wrote the most, were kept (others: {})",
            authors.len(),
            chosen.shown,
            named(&authors[1..])
        )
    })
}

struct Person {
    shown: String,
    keys: BTreeSet<String>,
    texts: usize,
    words: usize,
}

/// The authors of the texts that could become documents, most texts first (then most words, then by name).
fn count(drafts: &[&mut Draft]) -> Vec<Person> {
    let mut people: BTreeMap<String, Person> = BTreeMap::new();
    for draft in drafts.iter().filter(|draft| draft.dropped.is_none()) {
        let Some(author) = &draft.author else { continue };
        let person = people.entry(same_person(author)).or_insert_with(|| Person {
            shown: author.shown(),
            keys: BTreeSet::new(),
            texts: 0,
            words: 0,
        });
        person.keys.insert(author.key());
        person.texts += 1;
        person.words += count_words(&draft.text);
    }
    let mut people: Vec<Person> = people.into_values().collect();
    people.sort_by_key(|person| std::cmp::Reverse((person.texts, person.words)));
    people
}

/// A full name is one person at every address; a first name alone is not.
fn same_person(author: &Author) -> String {
    match &author.name {
        Some(name) if name.split_whitespace().count() >= 2 => name.to_lowercase(),
        _ => author.key(),
    }
}

fn named(people: &[Person]) -> String {
    let mut shown: Vec<String> =
        people.iter().take(MAX_NAMED).map(|person| format!("{} ({})", person.shown, person.texts)).collect();
    if people.len() > MAX_NAMED {
        shown.push(format!("{} more", people.len() - MAX_NAMED));
    }
    shown.join(", ")
}
