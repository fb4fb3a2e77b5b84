//! `docs/architecture.md` says which part knows which; this keeps it true.

mod graph;
mod planted;
mod rules;
mod source;

use std::fs;
use std::path::{Path, PathBuf};

/// Files and folders of `src` that still break a rule. An entry that is no longer needed fails the test too.
const NOT_YET: &[&str] = &[];

fn source_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

#[test]
fn the_program_keeps_its_rules() {
    let (known, new): (Vec<_>, Vec<_>) = rules::violations(&source_folder())
        .into_iter()
        .partition(|violation| NOT_YET.iter().any(|entry| within(violation, entry)));
    let mended: Vec<_> =
        NOT_YET.iter().filter(|entry| !known.iter().any(|violation| within(violation, entry))).collect();
    let new: Vec<_> = new.iter().map(|violation| format!("{}: {}", violation.rule, violation.text)).collect();
    assert!(new.is_empty(), "{} places break a rule:\n{}", new.len(), new.join("\n"));
    assert!(mended.is_empty(), "strike these from NOT_YET, they keep the rules now: {mended:?}");
}

fn within(violation: &rules::Violation, entry: &str) -> bool {
    violation.files.iter().all(|file| Path::new(file).starts_with(entry))
}

#[test]
fn every_layer_is_listed_and_documented() {
    let listed: Vec<&str> = rules::LAYERS.iter().map(|(layer, _)| *layer).collect();
    let picture = fs::read_to_string(source_folder().join("../docs/architecture.md")).expect("docs/architecture.md");
    for entry in fs::read_dir(source_folder()).expect("src") {
        let path = entry.expect("a readable folder").path();
        if path.is_dir() {
            let name = path.file_name().and_then(|n| n.to_str()).expect("a plain name");
            assert!(listed.contains(&name), "src/{name} has no rule here");
            assert!(picture.contains(&format!("`{name}`")), "docs/architecture.md does not speak of {name}");
        }
    }
}
