//! The style space that is shipped, the texts that were written for its styles, and cards that no model stands behind.

use std::path::Path;

use xpert::library::Corpus;
use xpert::selection::{Card, Signature};
use xpert::style::{Estimate, StyleSpace};

pub fn space() -> &'static StyleSpace {
    StyleSpace::shipped().expect("the shipped space")
}

pub fn corpus() -> Corpus {
    Corpus::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/styles")).expect("the corpus")
}

/// The card of a model that was never trained: its difference was measured on texts in its style.
pub fn simulated(id: &str, estimate: Estimate) -> Card {
    Card { id: id.to_owned(), name: id.to_owned(), signature: Signature::new(space(), estimate), ..Card::default() }
}
