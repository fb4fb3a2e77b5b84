//! Measures every axis on texts that it was not learned from and writes `assets/style/evidence.toml`, from which the program
//! says how far an axis can be trusted. Run it whenever the style space changes, then build the program again.
//!
//! usage: `xpert-lab study axis-evidence SHARED [assets/style/evidence.toml]`
//! where SHARED holds `eval`, `paper` and `reference`.

use std::path::{Path, PathBuf};

use xpert::style::StyleSpace;

use super::setup::Fallible;
use crate::evaluation::{Value, axes};

/// An axis, the texts in words, the files (the low side first where there are two), and how many texts are pooled.
type Source = (&'static str, &'static str, &'static [&'static str], usize);

const SOURCES: &[Source] = &[
    (
        "concise-elaborate",
        "concise and elaborate answers by a large model, one text at a time",
        &["paper/expert-concise-plain.jsonl", "paper/expert-elaborate-plain.jsonl"],
        1,
    ),
    (
        "casual-formal",
        "informal and formal versions of the same sentences (STEL), one text at a time",
        &["eval/stel-quad_stel-dimension_formal-100_sample.tsv"],
        1,
    ),
    (
        "simple-expert",
        "simple and complex versions of the same sentences (STEL), one text at a time",
        &["eval/stel-quad_stel-dimension_simple-100_sample.tsv"],
        1,
    ),
    (
        "reserved-warm",
        "plain and friendly answers by a large model, one text at a time",
        &["paper/elementary-concise-plain.jsonl", "paper/elementary-concise-friendly.jsonl"],
        1,
    ),
    (
        "blunt-polite",
        "requests on Wikipedia rated least and most polite, one text at a time",
        &["eval/politeness-wikipedia.csv"],
        1,
    ),
    (
        "calm-enthusiastic",
        "prose of the 1990s and tweets, five sentences at a time",
        &["eval/cds/coha_1990-2000.txt", "eval/cds/english_tweets.txt"],
        5,
    ),
    (
        "tentative-assertive",
        "telephone conversations and prose of the 1990s, five sentences at a time",
        &["eval/cds/switchboard.txt", "eval/cds/coha_1990-2000.txt"],
        5,
    ),
    (
        "plain-poetic",
        "prose of the 1990s and Romantic poetry, five sentences at a time",
        &["eval/cds/coha_1990-2000.txt", "eval/cds/romantic_poetry.txt"],
        5,
    ),
    (
        "reporting-narrating",
        "commit messages and chapters of novels, one text at a time",
        &["reference/commits.jsonl", "reference/novels.jsonl"],
        1,
    ),
    (
        "modern-archaic",
        "prose of the 1990s and plays of Shakespeare, five sentences at a time",
        &["eval/cds/coha_1990-2000.txt", "eval/cds/shakespeare.txt"],
        5,
    ),
    (
        "flowing-structured",
        "chapters of novels and commit messages, one text at a time",
        &["reference/novels.jsonl", "reference/commits.jsonl"],
        1,
    ),
];

pub fn run(arguments: &[String]) -> Fallible<()> {
    let [shared, rest @ ..] = arguments else {
        return Err("usage: axis-evidence SHARED [assets/style/evidence.toml]".into());
    };
    let shared = Path::new(shared);
    let target = rest.first().map_or("assets/style/evidence.toml", String::as_str);
    let space = StyleSpace::shipped()?;
    let mut text = format!(
        "# Written by `xpert-lab study axis-evidence SHARED`: areas under the curve on texts that no axis was \
         learned from.\n\nspace = \"{}\"\n",
        space.version()
    );
    for (axis, between, files, group) in SOURCES {
        let paths: Vec<PathBuf> = files.iter().map(|file| shared.join(file)).collect();
        let auc = area(space, axis, &paths, *group)?;
        println!("{axis:<22} {auc:.3}  {between}");
        text += &format!("\n[axes.{axis}]\nauc = {auc:.3}\nbetween = \"{between}\"\n");
    }
    Ok(std::fs::write(target, text).map_err(|error| format!("{target}: {error}"))?)
}

/// The area of the axis' high pole for the second side; below one half where the axis points the other way.
fn area(space: &StyleSpace, axis: &str, paths: &[PathBuf], group: usize) -> Fallible<f64> {
    let report = axes(space, paths, group)?;
    let row = report.rows.iter().find(|row| row.get("axis") == Some(&Value::Word(axis.to_owned())));
    let (Some(Value::Number(auc, _)), Some(high)) =
        (row.and_then(|row| row.get("auc")), row.and_then(|row| row.get("high")))
    else {
        return Err(format!("the shipped space has no axis {axis}").into());
    };
    let second = high == &Value::Word("second".into());
    Ok(if second { *auc } else { 1.0 - auc })
}
