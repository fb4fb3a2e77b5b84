//! Windows with about the same number of words, cut from each author's texts, and the population made of them. Knows no statistics.

use xpert::style::Counts;
use xpert::style::space::counter::Counter;
use xpert::style::space::reference::Reference;
use xpert::style::space::tokens::normalise;

use super::texts::Domain;

/// Per author, the sums of consecutive windows of about `size` words: long texts are cut between sentences, short ones joined.
pub(super) fn windows(domain: &Domain, counter: &Counter, size: usize) -> Vec<Vec<Counts>> {
    domain.authors.values().map(|texts| author_windows(texts, counter, size)).collect()
}

pub(super) fn author_windows(texts: &[String], counter: &Counter, size: usize) -> Vec<Counts> {
    let size = size as f64;
    joined(texts.iter().flat_map(|text| pieces(text, size)).map(|piece| counter.count(&piece)), size)
}

/// Sums of consecutive pieces of `size` words or more each.
pub(super) fn joined(pieces: impl IntoIterator<Item = Counts>, size: f64) -> Vec<Counts> {
    let mut done = Vec::new();
    let mut open: Option<Counts> = None;
    for counts in pieces {
        let sums = match open.take() {
            Some(mut sums) => {
                sums.add(&counts, 1.0);
                sums
            }
            None => counts,
        };
        if sums.words() >= size {
            done.push(sums);
        } else {
            open = Some(sums);
        }
    }
    // A rest too small for a window of its own joins the last one.
    if let Some(rest) = open {
        match done.last_mut() {
            Some(last) if rest.words() < size / 2.0 => last.add(&rest, 1.0),
            _ => done.push(rest),
        }
    }
    done
}

/// Cuts a text of more than one and a half windows between its lines or sentences.
pub(super) fn pieces(text: &str, size: f64) -> Vec<String> {
    let total = text.split_whitespace().count() as f64;
    if total < 1.5 * size {
        return vec![text.to_owned()];
    }
    let normal = normalise(text);
    let mut pieces = vec![String::new()];
    let mut filled = 0.0;
    for chunk in normal.split_inclusive(['.', '!', '?', '\n']) {
        if filled >= size && chunk.starts_with(char::is_whitespace) {
            pieces.push(String::new());
            filled = 0.0;
        }
        filled += chunk.split_whitespace().count() as f64;
        if let Some(last) = pieces.last_mut() {
            last.push_str(chunk);
        }
    }
    pieces
}

/// Words of one author in a member of the reference population.
const MEMBER_WORDS: usize = 350;

/// The reference population that percentiles are taken in: members of some 350 words, as many of each domain as of the others.
#[must_use]
pub fn population(domains: &[Domain], reference: &Reference) -> Vec<Counts> {
    let members: Vec<Vec<Counts>> = domains
        .iter()
        .filter(|domain| domain.people)
        .map(|domain| windows(domain, &reference.counter, MEMBER_WORDS).concat())
        .collect();
    let most = members.iter().map(Vec::len).max().unwrap_or(0);
    // Smaller domains are repeated evenly up to the size of the largest.
    members
        .iter()
        .filter(|domain| !domain.is_empty())
        .flat_map(|domain| (0..most).map(|index| domain[index * domain.len() / most].clone()))
        .collect()
}
