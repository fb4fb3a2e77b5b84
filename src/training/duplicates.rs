//! Which texts are nearly the same: copies with another greeting, quoted replies, drafts of one letter. Knows no split and no
//! token.
//!
//! Texts are compared as sets of five-word sequences ("shingles", after Broder, *On the resemblance and containment of
//! documents*, 1997), through an index from shingles to texts, so that work grows with the number of texts and of likely
//! pairs, not with its square.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

/// Words of a shingle: shorter ones are shared by texts that merely use the language, longer ones miss light editing.
const SHINGLE: usize = 5;
/// Shared shingles over all shingles of both, from which two texts count as one. A changed word changes five shingles, so a
/// text of a hundred words may differ in about seven.
const RESEMBLANCE: f64 = 0.5;
/// Shared shingles over those of the shorter, from which it counts as contained in the longer.
const CONTAINMENT: f64 = 0.8;
/// A shingle in more texts than this, a signature say, brings only neighbours in its list together rather than all pairs.
const COMMON: usize = 50;

/// For each text the number of the first text that it is nearly the same as, directly or through others; its own if there is
/// none.
#[must_use]
pub fn groups(texts: &[&str]) -> Vec<usize> {
    let mut groups = Groups((0..texts.len()).collect());
    let words: Vec<Vec<String>> = texts.iter().map(|text| words(text)).collect();
    let mut seen: HashMap<&[String], usize> = HashMap::new();
    let mut different = Vec::new();
    for (i, words) in words.iter().enumerate() {
        match seen.get(words.as_slice()) {
            // Texts without any word are compared letter for letter.
            Some(&first) if !words.is_empty() || texts[first] == texts[i] => groups.join(first, i),
            _ => {
                seen.insert(words, i);
                different.push(i);
            }
        }
    }
    let shingles: Vec<Vec<u64>> = different.iter().map(|i| shingles(&words[*i])).collect();
    for (a, b) in candidates(&shingles) {
        if nearly_same(&shingles[a], &shingles[b]) {
            groups.join(different[a], different[b]);
        }
    }
    (0..texts.len()).map(|i| groups.first(i)).collect()
}

/// Letters and digits in lower case; everything else separates.
fn words(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect()
}

/// The shingles in ascending order, each once; of a shorter text the whole of it.
fn shingles(words: &[String]) -> Vec<u64> {
    let hash = |words: &[String]| {
        let mut hasher = DefaultHasher::new();
        words.hash(&mut hasher);
        hasher.finish()
    };
    let mut all: Vec<u64> = match words {
        [] => Vec::new(),
        short if short.len() < SHINGLE => vec![hash(short)],
        long => long.windows(SHINGLE).map(hash).collect(),
    };
    all.sort_unstable();
    all.dedup();
    all
}

/// Pairs that share a shingle.
fn candidates(shingles: &[Vec<u64>]) -> Vec<(usize, usize)> {
    let mut index: HashMap<u64, Vec<usize>> = HashMap::new();
    for (i, shingles) in shingles.iter().enumerate() {
        for shingle in shingles {
            index.entry(*shingle).or_default().push(i);
        }
    }
    let mut pairs = Vec::new();
    for texts in index.values() {
        if texts.len() > COMMON {
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

fn nearly_same(a: &[u64], b: &[u64]) -> bool {
    let (mut i, mut k, mut shared) = (0, 0, 0usize);
    while i < a.len() && k < b.len() {
        match a[i].cmp(&b[k]) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => k += 1,
            std::cmp::Ordering::Equal => (i, k, shared) = (i + 1, k + 1, shared + 1),
        }
    }
    let shared_of = |all: usize| shared as f64 / all.max(1) as f64;
    shared_of(a.len() + b.len() - shared) >= RESEMBLANCE || shared_of(a.len().min(b.len())) >= CONTAINMENT
}

/// Disjoint sets, each known by its first member.
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

    const LETTER: &str = "Dear Sam, thank you for the lovely evening on Friday, and for the soup, which was the best I have \
        had this winter. We must do it again before the snow is gone. Give my love to the children and to the dog.";

    fn same(a: &str, b: &str) -> bool {
        groups(&[a, b]) == [0, 0]
    }

    #[test]
    fn light_editing_quoting_and_copies_are_found() {
        assert!(same(LETTER, &LETTER.to_uppercase().replace(',', " ;")));
        assert!(same(LETTER, &LETTER.replace("Dear Sam", "Hello Ann").replace("Friday", "Sunday")));
        let quoted =
            format!("I agree with every word of it and have nothing to add but this: {LETTER} So there it is again.");
        assert!(same(&LETTER[..120], &quoted), "a text within a longer one");
        assert!(same("Yes, please!", "yes please"));
        assert!(same("?!", "?!") && !same("?!", "..."));
    }

    #[test]
    fn what_only_shares_a_phrase_or_a_greeting_is_different() {
        assert!(!same(
            LETTER,
            "Dear Sam, thank you for the parcel. It came this morning and nothing in it was broken."
        ));
        assert!(!same("Thanks, see you soon", "Thanks, see you tomorrow"));
        assert!(!same(LETTER, ""));
    }

    #[test]
    fn sameness_is_passed_on() {
        let words: Vec<String> = (0..60).map(|i| format!("word{i}")).collect();
        let part = |from: usize| words[from..from + 30].join(" ");
        // Each shares two thirds with the next, and the first nothing with the last.
        assert_eq!(groups(&[&part(0), &part(8), &part(16), &part(30), "something else"]), [0, 0, 0, 3, 4]);
    }

    #[test]
    fn a_thousand_texts_with_one_signature_make_few_pairs() {
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
