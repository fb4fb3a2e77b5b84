//! The files that suites read: answers by style, texts by author, labelled sentences. Every error names the file and line.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::path::Path;

use serde::Deserialize;
use xpert::library::read_lines;

use super::error::EvaluationError;

pub(super) fn problem(path: &Path, reason: impl std::fmt::Display) -> EvaluationError {
    EvaluationError::Data { path: path.into(), reason: reason.to_string() }
}

fn text(path: &Path) -> Result<String, EvaluationError> {
    fs::read_to_string(path).map_err(|error| problem(path, error))
}

/// A text and what it answers.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Response {
    #[serde(default)]
    context: String,
    #[serde(default)]
    input: String,
    pub response: String,
}

impl Response {
    /// The instruction with what it is about.
    pub(super) fn prompt(&self) -> String {
        [self.context.trim(), self.input.trim()]
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join("\n\n")
    }
}

/// Answers by style: one `STYLE.jsonl` with `response` a style, and with `context` and `input` where it answers something.
pub(super) fn styles(folder: &Path) -> Result<BTreeMap<String, Vec<Response>>, EvaluationError> {
    let mut styles = BTreeMap::new();
    for entry in fs::read_dir(folder).map_err(|error| problem(folder, error))? {
        let path = entry.map_err(|error| problem(folder, error))?.path();
        let Some(name) = path.file_stem().and_then(OsStr::to_str) else { continue };
        if path.extension() != Some(OsStr::new("jsonl")) {
            continue;
        }
        styles.insert(name.to_owned(), read_lines(&path)?);
    }
    if styles.is_empty() {
        return Err(problem(folder, "no STYLE.jsonl file with \u{201c}response\u{201d} is here"));
    }
    Ok(styles)
}

#[derive(Deserialize)]
struct Authored {
    author: Option<String>,
    #[serde(alias = "response", alias = "email")]
    text: String,
}

/// Texts by author, in order. In a folder of files without `author`, each file is one author.
pub(super) fn authors(path: &Path) -> Result<BTreeMap<String, Vec<String>>, EvaluationError> {
    let mut files = vec![path.to_owned()];
    if path.is_dir() {
        let entries = fs::read_dir(path).map_err(|error| problem(path, error))?;
        files = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
        files.retain(|file| file.extension() == Some(OsStr::new("jsonl")));
        files.sort();
    }
    let mut authors: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for file in &files {
        let stem = file.file_stem().map_or_else(String::new, |stem| stem.to_string_lossy().into_owned());
        for Authored { author, text } in read_lines::<Authored>(file)? {
            authors.entry(author.unwrap_or_else(|| stem.clone())).or_default().push(text);
        }
    }
    authors.retain(|_, texts| texts.len() >= 2);
    if authors.len() < 2 {
        return Err(problem(
            path,
            "at least two authors with two texts each are needed (\"author\" and \"text\" a line)",
        ));
    }
    Ok(authors)
}

/// Two sets of texts that differ in one quality.
pub(super) struct Contrast {
    /// Whether it is known which set has more of the quality that the data is about; otherwise only how far apart they are
    /// can be said.
    pub oriented: bool,
    pub low: Vec<String>,
    pub high: Vec<String>,
}

/// Labelled texts: quadruples (`.tsv`), texts with a score (`.csv`, bottom against top quarter), or two files of texts.
pub(super) fn contrast(paths: &[impl AsRef<Path>]) -> Result<Contrast, EvaluationError> {
    match paths {
        [one] if one.as_ref().extension() == Some(OsStr::new("tsv")) => quadruples(one.as_ref()),
        [one] if one.as_ref().extension() == Some(OsStr::new("csv")) => quarters(one.as_ref()),
        [low, high] => {
            let (low, high) = (lines(low.as_ref())?, lines(high.as_ref())?);
            Ok(Contrast { oriented: false, low, high })
        }
        [] => Err(problem(Path::new("--data"), "a file is needed")),
        [first, ..] => Err(problem(
            first.as_ref(),
            "give one .tsv of quadruples, one .csv of texts with scores, or two files of texts (--data A --data B)",
        )),
    }
}

/// The texts of a file, as [`lines`] reads them, or of all JSON lines files of a folder.
pub(super) fn texts(path: &Path) -> Result<Vec<String>, EvaluationError> {
    if path.is_dir() {
        return Ok(authors(path)?.into_values().flatten().collect());
    }
    lines(path)
}

/// A text a line; of JSON lines, the `text` or `response`.
fn lines(path: &Path) -> Result<Vec<String>, EvaluationError> {
    if path.extension() == Some(OsStr::new("jsonl")) {
        return Ok(read_lines::<Authored>(path)?.into_iter().map(|line| line.text).collect());
    }
    let text = text(path)?;
    let texts: Vec<String> = text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect();
    if texts.is_empty() { Err(problem(path, "it is empty")) } else { Ok(texts) }
}

/// The letter by which an id of a quadruple names the side that has more of the quality.
const HIGH_SIDES: &[char] = &['f', 'c'];
const LOW_SIDES: &[char] = &['i', 's'];

/// STEL quadruples (Wegmann and Nguyen, 2021): two anchors and two alternatives, each pair of one content in two styles.
/// The id says which anchor is which (`QQ_i-..-f-..`: the first is informal, the second formal; `c` complex, `s` simple), and
/// `Correct Alternative` 2 that the alternatives stand in the other order.
fn quadruples(path: &Path) -> Result<Contrast, EvaluationError> {
    let mut reader =
        csv::ReaderBuilder::new().delimiter(b'\t').from_path(path).map_err(|error| problem(path, error))?;
    let headers = reader.headers().map_err(|error| problem(path, error))?.clone();
    let column = |name: &str| {
        let found = headers.iter().position(|header| header == name);
        found.ok_or_else(|| {
            problem(
                path,
                format!(
                    "no column \u{201c}{name}\u{201d} (quadruples have Anchor 1, Anchor 2, \
            Alternative 1.1, Alternative 1.2, Correct Alternative, ID)"
                ),
            )
        })
    };
    let columns = ["Anchor 1", "Anchor 2", "Alternative 1.1", "Alternative 1.2", "Correct Alternative", "ID"];
    let [first, second, one, other, correct, id] = columns.map(column);
    let (first, second, one, other, correct, id) = (first?, second?, one?, other?, correct?, id?);
    let mut contrast = Contrast { oriented: true, low: Vec::new(), high: Vec::new() };
    for (number, record) in reader.records().enumerate() {
        let record = record.map_err(|error| problem(path, error))?;
        let cell = |index: usize| record.get(index).unwrap_or_default().to_owned();
        let sides = sides(&cell(id)).ok_or_else(|| {
            problem(path, format!("line {}: the id {:?} does not say which anchor is which", number + 2, cell(id)))
        })?;
        contrast.oriented &= sides.known;
        let swapped = cell(correct).trim() == "2";
        let (a, b) = (cell(first), cell(second));
        let (c, d) = if swapped { (cell(other), cell(one)) } else { (cell(one), cell(other)) };
        let (low, high) = if sides.first_is_high { ([b, d], [a, c]) } else { ([a, c], [b, d]) };
        contrast.low.extend(low);
        contrast.high.extend(high);
    }
    Ok(contrast)
}

struct Sides {
    first_is_high: bool,
    /// Whether the names of the sides are among those whose order is known.
    known: bool,
}

/// Reads `QQ_<side><number>-<side><number>_...`. Sides of unknown names are ordered by name, so that all lines agree.
fn sides(id: &str) -> Option<Sides> {
    let anchors = id.strip_prefix("QQ_")?.split('_').next()?;
    let mut names = anchors.split('-').filter_map(|part| {
        let name = part.trim_end_matches(|c: char| c.is_ascii_digit());
        name.starts_with(|c: char| c.is_ascii_alphabetic()).then_some(name)
    });
    let first = names.next()?;
    let second = names.find(|name| *name != first && *name != "t")?;
    let is = |name: &str, of: &[char]| of.iter().any(|c| name.len() == 1 && name.starts_with(*c));
    let known = is(first, HIGH_SIDES) && is(second, LOW_SIDES) || is(first, LOW_SIDES) && is(second, HIGH_SIDES);
    Some(Sides { first_is_high: if known { is(first, HIGH_SIDES) } else { first > second }, known })
}

/// Texts with a score in the last column: the lowest quarter against the highest.
fn quarters(path: &Path) -> Result<Contrast, EvaluationError> {
    let mut reader = csv::Reader::from_path(path).map_err(|error| problem(path, error))?;
    let mut scored = Vec::new();
    for (number, record) in reader.records().enumerate() {
        let record = record.map_err(|error| problem(path, error))?;
        let (Some(text), Some(score)) = (record.get(0), record.get(record.len() - 1)) else { continue };
        let score: f64 = score.trim().parse().map_err(|_| {
            problem(path, format!("line {}: the last column is not a number; a line is TEXT,SCORE", number + 2))
        })?;
        scored.push((score, text.to_owned()));
    }
    if scored.len() < 8 {
        return Err(problem(path, "at least eight texts with scores are needed"));
    }
    scored.sort_by(|a, b| a.0.total_cmp(&b.0));
    let quarter = scored.len() / 4;
    let texts = |part: &[(f64, String)]| part.iter().map(|(_, text)| text.clone()).collect();
    Ok(Contrast { oriented: true, low: texts(&scored[..quarter]), high: texts(&scored[scored.len() - quarter..]) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_say_which_side_is_which() {
        let formal = sides("QQ_i-454-f-454_f-2482-i-2482--1").unwrap();
        assert!(formal.known && !formal.first_is_high);
        let simple = sides("QQ_c-240-s-t3-240_c-839-s-t3-839--0").unwrap();
        assert!(simple.known && simple.first_is_high);
        let leet = (
            sides("QQ_leet-0-norm-0_norm-20-leet-20--1").unwrap(),
            sides("QQ_norm-1-leet-1_leet-60-norm-60--1").unwrap(),
        );
        assert!(!leet.0.known && leet.0.first_is_high != leet.1.first_is_high);
        assert!(sides("something").is_none());
    }

    #[test]
    fn what_is_wrong_with_a_file_is_said_with_its_line() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.csv");
        fs::write(&file, "text,score\n\"one, two\",1\nthree,many\n").unwrap();
        let error = contrast(&[&file]).err().unwrap().to_string();
        assert!(error.contains("line 3") && error.contains("TEXT,SCORE"), "{error}");
        let file = folder.path().join("b.tsv");
        fs::write(&file, "\tAnchor 1\n1\tx\n").unwrap();
        assert!(contrast(&[&file]).err().unwrap().to_string().contains("Anchor 2"));
        assert!(authors(folder.path()).is_err());
        assert!(styles(folder.path()).is_err());
    }
}
