//! Near-duplicate texts: copies with another greeting, quoted replies, drafts of one letter. Knows no split and no
//! token.
//!
//! Texts are compared as sets of five-word shingles (Broder, *On the resemblance and containment of documents*,
//! 1997), through an index from shingles to texts, so that the work grows with the number of texts and candidate
//! pairs, not with its square.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

/// Words per shingle: shorter ones are common to unrelated texts, longer ones miss light editing.
const SHINGLE_WORDS: usize = 5;
/// Minimum share of common shingles among all of both texts. A changed word changes five shingles, so texts of a
/// hundred words may differ in about seven.
const MIN_RESEMBLANCE: f64 = 0.5;
/// Minimum share of common shingles in the shorter text for it to be contained in the longer.
const MIN_CONTAINMENT: f64 = 0.8;
/// For a shingle in more texts than this, such as one in a signature, only neighbours in its list are candidates, not
/// all pairs.
const MAX_SHINGLE_TEXTS: usize = 50;

/// For each text, the index of the first text that it duplicates, directly or through others; its own index if there
/// is none.
pub fn groups(texts: &[&str]) -> Vec<usize> {
    let mut groups = Groups((0..texts.len()).collect());
    let words: Vec<Vec<String>> = texts.iter().map(|text| words(text)).collect();
    let mut seen: HashMap<&[String], usize> = HashMap::new();
    let mut distinct = Vec::new();
    for (i, words) in words.iter().enumerate() {
        match seen.get(words.as_slice()) {
            // Texts without words are compared character by character.
            Some(&first) if !words.is_empty() || texts[first] == texts[i] => groups.join(first, i),
            _ => {
                seen.insert(words, i);
                distinct.push(i);
            }
        }
    }
    let shingles: Vec<Vec<u64>> = distinct.iter().map(|i| shingles(&words[*i])).collect();
    for (a, b) in candidates(&shingles) {
        if are_duplicates(&shingles[a], &shingles[b]) {
            groups.join(distinct[a], distinct[b]);
        }
    }
    (0..texts.len()).map(|i| groups.first(i)).collect()
}

/// The words of letters and digits, in lower case.
fn words(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect()
}

/// The distinct shingles in ascending order; a shorter text is one shingle.
fn shingles(words: &[String]) -> Vec<u64> {
    let hash = |words: &[String]| {
        let mut hasher = DefaultHasher::new();
        words.hash(&mut hasher);
        hasher.finish()
    };
    let mut all: Vec<u64> = match words {
        [] => Vec::new(),
        short if short.len() < SHINGLE_WORDS => vec![hash(short)],
        long => long.windows(SHINGLE_WORDS).map(hash).collect(),
    };
    all.sort_unstable();
    all.dedup();
    all
}

fn candidates(shingles: &[Vec<u64>]) -> Vec<(usize, usize)> {
    let mut index: HashMap<u64, Vec<usize>> = HashMap::new();
    for (i, shingles) in shingles.iter().enumerate() {
        for shingle in shingles {
            index.entry(*shingle).or_default().push(i);
        }
    }
    let mut pairs = Vec::new();
    for texts in index.values() {
        if texts.len() > MAX_SHINGLE_TEXTS {
            pairs.extend(texts.windows(2).map(|pair| (pair[0], pair[1])));
        } else {
            for (k, a) in texts.iter().enumerate() {
                pairs.extend(texts[k + 1..].iter().map(|b| (*a, *b)));
            }
        }
    }
    pairs.sort_unstable();
    pairs.dedup();
    pairs
}

fn are_duplicates(a: &[u64], b: &[u64]) -> bool {
    let (mut i, mut k, mut shared) = (0, 0, 0usize);
    while i < a.len() && k < b.len() {
        match a[i].cmp(&b[k]) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => k += 1,
            std::cmp::Ordering::Equal => (i, k, shared) = (i + 1, k + 1, shared + 1),
        }
    }
    let shared_of = |all: usize| shared as f64 / all.max(1) as f64;
    shared_of(a.len() + b.len() - shared) >= MIN_RESEMBLANCE || shared_of(a.len().min(b.len())) >= MIN_CONTAINMENT
}

/// Disjoint sets, each identified by its first member.
struct Groups(Vec<usize>);

impl Groups {
    fn first(&mut self, mut i: usize) -> usize {
        while self.0[i] != i {
            self.0[i] = self.0[self.0[i]];
            i = self.0[i];
        }
        i
    }

    fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.first(a), self.first(b));
        self.0[a.max(b)] = a.min(b);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thousand_texts_with_one_signature_give_few_candidates() {
        let texts: Vec<String> = (0..1000)
            .map(|i| {
                let own: Vec<String> = (0..30).map(|k| format!("w{}", i * 31 + k)).collect();
                format!("{} Kind regards from all of us here at the bicycle workshop", own.join(" "))
            })
            .collect();
        let shingles: Vec<Vec<u64>> = texts.iter().map(|text| shingles(&words(text))).collect();
        let pairs = candidates(&shingles).len();
        assert!(pairs < 3 * texts.len(), "{pairs} pairs");
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        assert_eq!(groups(&texts), (0..1000).collect::<Vec<_>>());
    }
}
