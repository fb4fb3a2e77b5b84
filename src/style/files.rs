//! The files a style space is kept in, and making them from texts. Knows their format; the numbers come from elsewhere.
//!
//! `reference.json` and `axes.json` hold what a person can read, `reference.safetensors` and `axes.safetensors` the matrices.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use nalgebra::DMatrix;
use safetensors::tensor::{Dtype, SafeTensors, TensorView};
use serde::Deserialize;

use super::StyleError;
use super::axes::{Axes, AxesDescription, Axis, Parallel, QUANTILES, SHIPPED};
use super::build::{BuildOptions, Domain, build_reference, population};
use super::counts::Counts;
use super::reference::{Description, Reference};
use super::space::StyleSpace;

const REFERENCE_JSON: &str = "reference.json";
const REFERENCE_TENSORS: &str = "reference.safetensors";
const AXES_JSON: &str = "axes.json";
const AXES_TENSORS: &str = "axes.safetensors";

/// What the kinds of text in the project's shared reference are, by file name; another file is called by its own name.
const KNOWN_SOURCES: &[(&str, &str)] = &[
    ("chat", "help and team chat (CC-BY)"),
    ("commits", "commit messages of open-source projects"),
    ("novels", "chapters of public-domain novels"),
];

/// Every style a shipped axis is learned from.
const STYLES: &[&str] =
    &["plain", "concise", "elaborate", "casual", "formal", "simple", "expert", "warm", "humorous", "poetic"];

/// The space inside this program.
pub(crate) fn embedded() -> Result<StyleSpace, StyleError> {
    parse(
        include_bytes!("../../assets/style/reference.json"),
        include_bytes!("../../assets/style/reference.safetensors"),
        include_bytes!("../../assets/style/axes.json"),
        include_bytes!("../../assets/style/axes.safetensors"),
    )
}

/// Reads a space that [`write()`] wrote.
///
/// # Errors
/// [`StyleError::File`] where a file cannot be read, [`StyleError::Asset`] where it makes no sense.
pub fn load(folder: &Path) -> Result<StyleSpace, StyleError> {
    let read = |name: &str| {
        let path = folder.join(name);
        fs::read(&path).map_err(|error| StyleError::File { path, reason: error.to_string() })
    };
    parse(&read(REFERENCE_JSON)?, &read(REFERENCE_TENSORS)?, &read(AXES_JSON)?, &read(AXES_TENSORS)?)
}

/// Writes the four files of a space into an existing folder.
///
/// # Errors
/// [`StyleError::File`] with the path that could not be written.
pub fn write(space: &StyleSpace, folder: &Path) -> Result<(), StyleError> {
    let reference = &space.reference;
    let features = reference.features().len();
    let lower: Vec<f64> =
        (0..features).flat_map(|i| (0..=i).map(move |j| (i, j))).map(|at| reference.whitening[at]).collect();
    save_json(folder, REFERENCE_JSON, &reference.description)?;
    save_tensors(
        folder,
        REFERENCE_TENSORS,
        &[
            ("mean", &reference.mean, vec![features]),
            ("scale", &reference.scale, vec![features]),
            ("typical", &reference.typical.0, vec![reference.typical.len()]),
            ("whitening_lower", &lower, vec![lower.len()]),
        ],
    )?;
    let axes = &space.axes;
    let by_rows = |matrix: &DMatrix<f64>| -> Vec<f64> { matrix.transpose().iter().copied().collect() };
    let count = axes.list().len();
    save_json(folder, AXES_JSON, &axes.description)?;
    save_tensors(
        folder,
        AXES_TENSORS,
        &[
            ("directions", &by_rows(&axes.directions), vec![count, features]),
            ("loadings", &by_rows(&axes.loadings), vec![count, features]),
            ("quantiles", &by_rows(&axes.quantiles), vec![count, QUANTILES]),
        ],
    )
}

/// Builds the whole space: the reference from JSON-lines files of people's texts (`{"author", "text"}`, a kind of text a file)
/// together with the parallel corpora of `corpus` (a file a style), and the axes from the corpora alone.
///
/// # Errors
/// [`StyleError::File`] with the path and line that cannot be used; [`StyleError::Reference`], [`StyleError::Axes`] where there
/// is too little text.
pub fn build_files(people: &[PathBuf], corpus: &Path, options: &BuildOptions) -> Result<StyleSpace, StyleError> {
    let mut domains = people.iter().map(|path| read_domain(path)).collect::<Result<Vec<_>, _>>()?;
    let styles = read_styles(corpus)?;
    domains.push(answers(&styles));
    build_space(&domains, &styles, options)
}

/// [`build_files`] on texts already in memory; `styles` are the parallel corpora by name.
///
/// # Errors
/// [`StyleError::Reference`], [`StyleError::Axes`] where there is too little text.
pub fn build_space(
    domains: &[Domain],
    styles: &BTreeMap<String, Vec<String>>,
    options: &BuildOptions,
) -> Result<StyleSpace, StyleError> {
    let reference = build_reference(domains, options)?;
    let corpora = parallel(styles)?;
    let members = population(domains, &reference);
    let axes = Axes::learn(&reference, &corpora, &members)?;
    StyleSpace::new(reference, axes)
}

/// The pairs of corpora that the shipped axes are learned from.
///
/// # Errors
/// [`StyleError::Axes`] where a style is missing.
pub fn parallel(styles: &BTreeMap<String, Vec<String>>) -> Result<Vec<Parallel>, StyleError> {
    let texts = |style: &str| {
        let found = styles.get(style).cloned();
        found.ok_or_else(|| StyleError::Axes(format!("there is no corpus of the style \u{201c}{style}\u{201d}")))
    };
    let mut corpora = Vec::with_capacity(SHIPPED.len());
    for (low, high, low_style, high_style) in SHIPPED {
        let axis = Axis { id: format!("{low}-{high}"), low: (*low).to_owned(), high: (*high).to_owned() };
        corpora.push(Parallel { axis, low_texts: texts(low_style)?, high_texts: texts(high_style)? });
    }
    Ok(corpora)
}

/// The parallel corpora as a kind of text: how much a topic moves an answer's features while the style stays.
#[must_use]
pub fn answers(styles: &BTreeMap<String, Vec<String>>) -> Domain {
    let name = "answers in ten styles, written for this project (assets/corpus)".to_owned();
    Domain { name, people: false, authors: styles.clone() }
}

/// Reads the parallel corpora, `STYLE.jsonl` each, from a folder.
///
/// # Errors
/// [`StyleError::File`] with the path and line.
pub fn read_styles(corpus: &Path) -> Result<BTreeMap<String, Vec<String>>, StyleError> {
    STYLES.iter().map(|style| Ok(((*style).to_owned(), read_style(&corpus.join(format!("{style}.jsonl")))?))).collect()
}

#[derive(Deserialize)]
struct PersonLine {
    author: String,
    text: String,
}

#[derive(Deserialize)]
struct StyleLine {
    text: String,
}

/// Reads one kind of people's texts.
///
/// # Errors
/// [`StyleError::File`] with the path and line.
pub fn read_domain(path: &Path) -> Result<Domain, StyleError> {
    let mut authors: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for PersonLine { author, text } in read_lines(path)? {
        authors.entry(author).or_default().push(text);
    }
    let stem = path.file_stem().map_or_else(String::new, |stem| stem.to_string_lossy().into_owned());
    let known = KNOWN_SOURCES.iter().find(|(name, _)| *name == stem);
    Ok(Domain { name: known.map_or(stem.clone(), |(_, name)| (*name).to_owned()), people: true, authors })
}

fn read_style(path: &Path) -> Result<Vec<String>, StyleError> {
    Ok(read_lines(path)?.into_iter().map(|StyleLine { text }| text).collect())
}

fn read_lines<T: for<'a> Deserialize<'a>>(path: &Path) -> Result<Vec<T>, StyleError> {
    let problem = |reason: String| StyleError::File { path: path.to_owned(), reason };
    let text = fs::read_to_string(path).map_err(|error| problem(error.to_string()))?;
    let mut lines = Vec::new();
    for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        lines.push(serde_json::from_str(line).map_err(|error| problem(format!("line {}: {error}", number + 1)))?);
    }
    Ok(lines)
}

fn save_json(folder: &Path, name: &str, value: &impl serde::Serialize) -> Result<(), StyleError> {
    let path = folder.join(name);
    let problem = |reason: String| StyleError::File { path: path.clone(), reason };
    let mut text = serde_json::to_string_pretty(value).map_err(|error| problem(error.to_string()))?;
    text.push('\n');
    fs::write(&path, text).map_err(|error| problem(error.to_string()))
}

fn save_tensors(folder: &Path, name: &str, tensors: &[(&str, &[f64], Vec<usize>)]) -> Result<(), StyleError> {
    let path = folder.join(name);
    let problem = |reason: String| StyleError::File { path: path.clone(), reason };
    let bytes: Vec<Vec<u8>> =
        tensors.iter().map(|(_, values, _)| values.iter().flat_map(|v| (*v as f32).to_le_bytes()).collect()).collect();
    let mut views = Vec::with_capacity(tensors.len());
    for ((name, _, shape), data) in tensors.iter().zip(&bytes) {
        let view = TensorView::new(Dtype::F32, shape.clone(), data).map_err(|error| problem(error.to_string()))?;
        views.push((*name, view));
    }
    let file = safetensors::serialize(views, None).map_err(|error| problem(error.to_string()))?;
    fs::write(&path, file).map_err(|error| problem(error.to_string()))
}

fn parse(reference: &[u8], tensors: &[u8], axes: &[u8], axes_tensors: &[u8]) -> Result<StyleSpace, StyleError> {
    let description: Description =
        serde_json::from_slice(reference).map_err(|error| StyleError::asset(REFERENCE_JSON, error))?;
    let matrices = SafeTensors::deserialize(tensors).map_err(|error| StyleError::asset(REFERENCE_TENSORS, error))?;
    let width = description.features.len();
    let get = |name: &str, length: usize| numbers(&matrices, REFERENCE_TENSORS, name, length);
    let lower = get("whitening_lower", width * (width + 1) / 2)?;
    let place = |i: usize, j: usize| lower[i.max(j) * (i.max(j) + 1) / 2 + i.min(j)];
    let whitening = DMatrix::from_fn(width, width, place);
    let typical = Counts(get("typical", description.features.slots())?);
    let (mean, scale) = (get("mean", width)?, get("scale", width)?);
    let reference = Reference::new(description, typical, mean, scale, whitening)?;

    let description: AxesDescription =
        serde_json::from_slice(axes).map_err(|error| StyleError::asset(AXES_JSON, error))?;
    let matrices = SafeTensors::deserialize(axes_tensors).map_err(|error| StyleError::asset(AXES_TENSORS, error))?;
    let count = description.axes.len();
    let get = |name: &str, columns: usize| -> Result<DMatrix<f64>, StyleError> {
        Ok(DMatrix::from_row_slice(count, columns, &numbers(&matrices, AXES_TENSORS, name, count * columns)?))
    };
    let axes = Axes {
        directions: get("directions", width)?,
        loadings: get("loadings", width)?,
        quantiles: get("quantiles", QUANTILES)?,
        description,
    };
    StyleSpace::new(reference, axes)
}

fn numbers(file: &SafeTensors<'_>, file_name: &str, name: &str, length: usize) -> Result<Vec<f64>, StyleError> {
    let tensor = file.tensor(name).map_err(|error| StyleError::asset(file_name, error))?;
    if tensor.dtype() != Dtype::F32 || tensor.data().len() != 4 * length {
        return Err(StyleError::asset(
            file_name,
            format!("\u{201c}{name}\u{201d} is not {length} single-precision numbers"),
        ));
    }
    let (words, _) = tensor.data().as_chunks::<4>();
    let values: Vec<f64> = words.iter().map(|bytes| f64::from(f32::from_le_bytes(*bytes))).collect();
    if values.iter().any(|value| !value.is_finite()) {
        return Err(StyleError::asset(file_name, format!("\u{201c}{name}\u{201d} holds something that is no number")));
    }
    Ok(values)
}
