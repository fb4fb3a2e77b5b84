//! The files a style space is kept in, and making them from texts. Knows their format; the numbers come from elsewhere.
//!
//! `reference.json` and `axes.json` hold what a person can read, `reference.safetensors` and `axes.safetensors` the matrices;
//! `readings.safetensors` is what the base model's own readings are measured against.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::path::{Path, PathBuf};

use nalgebra::DMatrix;
use safetensors::tensor::{Dtype, SafeTensors, TensorView};
use serde::Deserialize;

use super::StyleError;
use super::axes::{Axes, AxesDescription, Axis, Evidence, KEPT_APART, Parallel, QUANTILES, SHIPPED};
use super::build::{BuildOptions, Domain, build_reference, population};
use super::corpus::{Corpus, Use, read_lines};
use super::counts::Counts;
use super::part::Part;
use super::reference::{Description, Reference};
use super::space::StyleSpace;

const REFERENCE_JSON: &str = "reference.json";
const REFERENCE_TENSORS: &str = "reference.safetensors";
const EVIDENCE: &str = "evidence.toml";
const AXES_JSON: &str = "axes.json";
const AXES_TENSORS: &str = "axes.safetensors";
const PART_TENSORS: &str = "readings.safetensors";
/// Where a file of readings' statistics says whose they are.
const READER: &str = "reader";

/// What the kinds of text in the project's shared reference are, by file name; another file is called by its own name.
const KNOWN_SOURCES: &[(&str, &str)] = &[
    ("chat", "help and team chat (CC-BY)"),
    ("commits", "commit messages of open-source projects"),
    ("novels", "chapters of public-domain novels"),
];

/// The space inside this program, with the evidence for its axes.
pub(crate) fn embedded() -> Result<StyleSpace, StyleError> {
    let mut space = parse(
        include_bytes!("../../assets/style/reference.json"),
        include_bytes!("../../assets/style/reference.safetensors"),
        include_bytes!("../../assets/style/axes.json"),
        include_bytes!("../../assets/style/axes.safetensors"),
    )?;
    let measured: Measurements = toml::from_str(include_str!("../../assets/style/evidence.toml"))
        .map_err(|error| StyleError::asset(EVIDENCE, error))?;
    // Figures of another space would say nothing of this one.
    if measured.space == space.version() {
        for axis in &mut space.axes.description.axes {
            axis.evidence = measured.axes.get(&axis.id).cloned();
        }
    }
    Ok(space)
}

/// The statistics of the base model's readings inside this program.
pub(crate) fn embedded_part() -> Result<Part, StyleError> {
    let bytes = include_bytes!("../../assets/style/readings.safetensors");
    let problem = |reason: &str| StyleError::asset(PART_TENSORS, reason);
    let (_, header) = SafeTensors::read_metadata(bytes).map_err(|error| StyleError::asset(PART_TENSORS, error))?;
    let reader = header.metadata().as_ref().and_then(|metadata| metadata.get(READER)).cloned();
    let tensors = SafeTensors::deserialize(bytes).map_err(|error| StyleError::asset(PART_TENSORS, error))?;
    let width =
        tensors.tensor("scale").map_err(|error| StyleError::asset(PART_TENSORS, error))?.shape().iter().product();
    let get = |name: &str, length: usize| numbers(&tensors, PART_TENSORS, name, length);
    Ok(Part {
        reader: reader.ok_or_else(|| problem("it does not say whose readings it is for"))?,
        typical: get("typical", width + 1)?,
        scale: get("scale", width)?,
        whitening: symmetric(&get("whitening_lower", width * (width + 1) / 2)?, width),
    })
}

/// Writes the statistics of readings into an existing folder.
///
/// # Errors
/// [`StyleError::File`] with the path that could not be written.
pub fn write_part(part: &Part, folder: &Path) -> Result<(), StyleError> {
    let (width, lower) = (part.width(), lower(&part.whitening));
    let metadata = HashMap::from([(READER.to_owned(), part.reader.clone())]);
    save_tensors(
        folder,
        PART_TENSORS,
        &[
            ("scale", &part.scale, vec![width]),
            ("typical", &part.typical, vec![width + 1]),
            ("whitening_lower", &lower, vec![lower.len()]),
        ],
        Some(metadata),
    )
}

/// What `examples/axis_evidence.rs` measured.
#[derive(Deserialize)]
struct Measurements {
    space: String,
    axes: BTreeMap<String, Evidence>,
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
    let lower = lower(&reference.whitening);
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
        None,
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
        None,
    )
}

/// The lower triangle of a symmetric matrix, row by row.
fn lower(matrix: &DMatrix<f64>) -> Vec<f64> {
    (0..matrix.nrows()).flat_map(|i| (0..=i).map(move |j| (i, j))).map(|at| matrix[at]).collect()
}

/// The matrix of which [`lower`] took the lower triangle.
fn symmetric(lower: &[f64], width: usize) -> DMatrix<f64> {
    DMatrix::from_fn(width, width, |i, j| lower[i.max(j) * (i.max(j) + 1) / 2 + i.min(j)])
}

/// Builds the whole space: the reference from JSON-lines files of people's texts (`{"author", "text"}`, a kind of text a file)
/// together with the parallel corpus in `styles`, and the axes from that corpus alone.
///
/// # Errors
/// [`StyleError::File`] with the path and line that cannot be used; [`StyleError::Reference`], [`StyleError::Axes`] where there
/// is too little text.
pub fn build_files(people: &[PathBuf], styles: &Path, options: &BuildOptions) -> Result<StyleSpace, StyleError> {
    let domains = people.iter().map(|path| read_domain(path)).collect::<Result<Vec<_>, _>>()?;
    build_space(domains, &Corpus::read(styles)?, options)
}

/// [`build_files`] on texts already in memory.
///
/// # Errors
/// [`StyleError::Reference`], [`StyleError::Axes`] where there is too little text.
pub fn build_space(
    mut domains: Vec<Domain>,
    corpus: &Corpus,
    options: &BuildOptions,
) -> Result<StyleSpace, StyleError> {
    domains.push(corpus.domain()?);
    let reference = build_reference(&domains, options)?;
    let members = population(&domains, &reference);
    let axes = Axes::learn(&reference, &parallel(corpus, SHIPPED)?, &parallel(corpus, KEPT_APART)?, &members)?;
    StyleSpace::new(reference, axes)
}

/// The pairs of corpora that axes are learned from, as [`SHIPPED`] names them.
///
/// # Errors
/// [`StyleError::Axes`] where a style is missing.
pub fn parallel(corpus: &Corpus, axes: &[(&str, &str, &str, &str)]) -> Result<Vec<Parallel>, StyleError> {
    let pair = |(low, high, low_style, high_style): &(&str, &str, &str, &str)| {
        let (low, high) = ((*low).to_owned(), (*high).to_owned());
        let axis = Axis { id: format!("{low}-{high}"), low, high, evidence: None };
        let (low_texts, high_texts) = (corpus.texts(low_style, Use::Axes)?, corpus.texts(high_style, Use::Axes)?);
        Ok(Parallel { axis, low_texts, high_texts })
    };
    axes.iter().map(pair).collect()
}

#[derive(Deserialize)]
struct PersonLine {
    author: String,
    text: String,
}

/// Reads one kind of people's texts.
///
/// # Errors
/// [`StyleError::File`] with the path and line.
pub fn read_domain(path: &Path) -> Result<Domain, StyleError> {
    let mut authors: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for PersonLine { author, text } in read_lines::<PersonLine>(path)? {
        authors.entry(author).or_default().push(text);
    }
    let stem = path.file_stem().map_or_else(String::new, |stem| stem.to_string_lossy().into_owned());
    let known = KNOWN_SOURCES.iter().find(|(name, _)| *name == stem);
    Ok(Domain { name: known.map_or(stem.clone(), |(_, name)| (*name).to_owned()), people: true, authors })
}

fn save_json(folder: &Path, name: &str, value: &impl serde::Serialize) -> Result<(), StyleError> {
    let path = folder.join(name);
    let problem = |reason: String| StyleError::File { path: path.clone(), reason };
    let mut text = serde_json::to_string_pretty(value).map_err(|error| problem(error.to_string()))?;
    text.push('\n');
    fs::write(&path, text).map_err(|error| problem(error.to_string()))
}

fn save_tensors(
    folder: &Path,
    name: &str,
    tensors: &[(&str, &[f64], Vec<usize>)],
    metadata: Option<HashMap<String, String>>,
) -> Result<(), StyleError> {
    let path = folder.join(name);
    let problem = |reason: String| StyleError::File { path: path.clone(), reason };
    let bytes: Vec<Vec<u8>> =
        tensors.iter().map(|(_, values, _)| values.iter().flat_map(|v| (*v as f32).to_le_bytes()).collect()).collect();
    let mut views = Vec::with_capacity(tensors.len());
    for ((name, _, shape), data) in tensors.iter().zip(&bytes) {
        let view = TensorView::new(Dtype::F32, shape.clone(), data).map_err(|error| problem(error.to_string()))?;
        views.push((*name, view));
    }
    let file = safetensors::serialize(views, metadata).map_err(|error| problem(error.to_string()))?;
    fs::write(&path, file).map_err(|error| problem(error.to_string()))
}

fn parse(reference: &[u8], tensors: &[u8], axes: &[u8], axes_tensors: &[u8]) -> Result<StyleSpace, StyleError> {
    let description: Description =
        serde_json::from_slice(reference).map_err(|error| StyleError::asset(REFERENCE_JSON, error))?;
    let matrices = SafeTensors::deserialize(tensors).map_err(|error| StyleError::asset(REFERENCE_TENSORS, error))?;
    let width = description.features.len();
    let get = |name: &str, length: usize| numbers(&matrices, REFERENCE_TENSORS, name, length);
    let whitening = symmetric(&get("whitening_lower", width * (width + 1) / 2)?, width);
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
