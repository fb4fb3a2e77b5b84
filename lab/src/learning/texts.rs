//! The texts that a style space is learned from: people's, by kind and author, and the project's own answers in styles. Knows no numbers.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;
use xpert::library::{Corpus, LibraryError, Use, read_lines};

/// What the kinds of text in the project's shared reference are, by file name; another file is called by its own name.
const KNOWN_SOURCES: &[(&str, &str)] = &[
    ("chat", "help and team chat (CC-BY)"),
    ("commits", "commit messages of open-source projects"),
    ("novels", "chapters of public-domain novels"),
];

/// One kind of writing (mail, chat, novels) by several authors. Each domain counts alike, whatever its size.
#[derive(Clone, Debug)]
pub struct Domain {
    /// What it is and where it comes from; kept in the description.
    pub name: String,
    /// Whether its authors are people, who make up the reference population, or styles of written-to-order answers, which only
    /// teach how much an answer's topic moves the features.
    pub people: bool,
    pub authors: BTreeMap<String, Vec<String>>,
}

impl Domain {
    /// Keeps of each author the first texts, up to an equal share of `words`.
    pub fn keep_words(&mut self, words: usize) {
        let share = words / self.authors.len().max(1);
        for texts in self.authors.values_mut() {
            let mut before = 0;
            texts.retain(|text| {
                let keep = before < share;
                before += text.split_whitespace().count();
                keep
            });
        }
    }
}

#[derive(Deserialize)]
struct PersonLine {
    author: String,
    text: String,
}

/// Reads one kind of people's texts.
///
/// # Errors
/// [`LibraryError::File`] with the path and line.
pub fn read_domain(path: &Path) -> Result<Domain, LibraryError> {
    let mut authors: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for PersonLine { author, text } in read_lines::<PersonLine>(path)? {
        authors.entry(author).or_default().push(text);
    }
    let stem = path.file_stem().map_or_else(String::new, |stem| stem.to_string_lossy().into_owned());
    let known = KNOWN_SOURCES.iter().find(|(name, _)| *name == stem);
    Ok(Domain { name: known.map_or(stem.clone(), |(_, name)| (*name).to_owned()), people: true, authors })
}

/// The corpus's answers that axes are learned from, as a kind of text: they show how much a topic moves an answer's features while
/// the style stays the same.
///
/// # Errors
/// None for a corpus that was read.
pub fn corpus_domain(corpus: &Corpus) -> Result<Domain, LibraryError> {
    let name = format!("answers in {} styles, written for this project (assets/styles)", corpus.styles().count());
    let authors = corpus.styles().map(|style| Ok((style.to_owned(), corpus.texts(style, Use::Axes)?)));
    Ok(Domain { name, people: false, authors: authors.collect::<Result<_, LibraryError>>()? })
}
