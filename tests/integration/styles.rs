//! The style space that is shipped, and the texts that were written for its styles.

use std::path::Path;

use xpert::library::Corpus;
use xpert::style::StyleSpace;

pub fn space() -> &'static StyleSpace {
    StyleSpace::shipped().expect("the shipped space")
}

pub fn corpus() -> Corpus {
    Corpus::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/styles")).expect("the corpus")
}
