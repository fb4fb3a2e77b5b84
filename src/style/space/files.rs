//! Reads the files a style space is kept in. Knows their format, not where the numbers come from.
//!
//! `reference.json` and `axes.json` hold what a person can read, `reference.safetensors` and `axes.safetensors` the matrices;
//! `readings.safetensors` is what the base model's embeddings of texts are measured against.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use nalgebra::DMatrix;
use safetensors::tensor::{Dtype, SafeTensors};
use serde::Deserialize;

use super::axes::{Axes, AxesDescription, Evidence, QUANTILES};
use super::counts::Counts;
use super::embedding::EmbeddingBlock;
use super::reference::{Description, Reference};
use super::style_space::StyleSpace;
use crate::style::error::StyleError;

pub const REFERENCE_JSON: &str = "reference.json";
pub const REFERENCE_TENSORS: &str = "reference.safetensors";
const EVIDENCE: &str = "evidence.toml";
pub const AXES_JSON: &str = "axes.json";
pub const AXES_TENSORS: &str = "axes.safetensors";
pub const EMBEDDING_TENSORS: &str = "readings.safetensors";
/// Where a file of embeddings' statistics names the text encoder.
pub const ENCODER: &str = "reader";

impl StyleSpace {
    /// The space this program ships, read once.
    ///
    /// # Errors
    /// [`StyleError::Asset`] where the files inside the program are damaged, which a rebuild mends.
    pub fn shipped() -> Result<&'static Self, StyleError> {
        static SHIPPED: OnceLock<StyleSpace> = OnceLock::new();
        once(&SHIPPED, embedded)
    }

    /// The same with the base model's embeddings of texts, read once.
    ///
    /// # Errors
    /// [`StyleError::Asset`] where the files inside the program are damaged, which a rebuild mends.
    pub fn shipped_with_embeddings() -> Result<&'static Self, StyleError> {
        static SHIPPED: OnceLock<StyleSpace> = OnceLock::new();
        once(&SHIPPED, || Ok(Self::shipped()?.with_embeddings(embedded_block()?)))
    }
}

fn once(
    place: &'static OnceLock<StyleSpace>,
    read: impl FnOnce() -> Result<StyleSpace, StyleError>,
) -> Result<&'static StyleSpace, StyleError> {
    match place.get() {
        Some(space) => Ok(space),
        None => read().map(|space| place.get_or_init(|| space)),
    }
}

/// The space inside this program, with the evidence for its axes.
fn embedded() -> Result<StyleSpace, StyleError> {
    let files = SpaceFiles {
        reference: include_bytes!("../../../assets/style/reference.json"),
        reference_tensors: include_bytes!("../../../assets/style/reference.safetensors"),
        axes: include_bytes!("../../../assets/style/axes.json"),
        axes_tensors: include_bytes!("../../../assets/style/axes.safetensors"),
    };
    let mut space = files.parse()?;
    let measured: Measurements = toml::from_str(include_str!("../../../assets/style/evidence.toml"))
        .map_err(|error| StyleError::asset(EVIDENCE, error))?;
    // Figures of another space would say nothing of this one.
    if measured.space == space.version() {
        for axis in &mut space.axes.description.axes {
            axis.evidence = measured.axes.get(&axis.id).cloned();
        }
    }
    Ok(space)
}

/// The statistics of the base model's embeddings inside this program.
fn embedded_block() -> Result<EmbeddingBlock, StyleError> {
    let bytes = include_bytes!("../../../assets/style/readings.safetensors");
    let problem = |error| StyleError::asset(EMBEDDING_TENSORS, error);
    let (_, header) = SafeTensors::read_metadata(bytes).map_err(problem)?;
    let encoder = header.metadata().as_ref().and_then(|metadata| metadata.get(ENCODER)).cloned();
    let tensors = SafeTensors::deserialize(bytes).map_err(problem)?;
    let width = tensors.tensor("scale").map_err(problem)?.shape().iter().product();
    let get = |name: &str, length: usize| numbers(&tensors, EMBEDDING_TENSORS, name, length);
    let unnamed = || StyleError::asset(EMBEDDING_TENSORS, "it does not name its text encoder");
    Ok(EmbeddingBlock {
        encoder: encoder.ok_or_else(unnamed)?,
        typical: get("typical", width + 1)?,
        scale: get("scale", width)?,
        whitening: symmetric(&get("whitening_lower", width * (width + 1) / 2)?, width),
    })
}

/// How well each axis separates texts it was not learned from, and the version of the space that was measured.
#[derive(Deserialize)]
struct Measurements {
    space: String,
    axes: BTreeMap<String, Evidence>,
}

/// The four files of a space, as they are shipped.
#[derive(Clone, Copy, Debug)]
pub struct SpaceFiles<'a> {
    pub reference: &'a [u8],
    pub reference_tensors: &'a [u8],
    pub axes: &'a [u8],
    pub axes_tensors: &'a [u8],
}

impl SpaceFiles<'_> {
    /// The space in these files.
    ///
    /// # Errors
    /// [`StyleError::Asset`] where a file makes no sense.
    pub fn parse(self) -> Result<StyleSpace, StyleError> {
        let description: Description =
            serde_json::from_slice(self.reference).map_err(|error| StyleError::asset(REFERENCE_JSON, error))?;
        let matrices = SafeTensors::deserialize(self.reference_tensors)
            .map_err(|error| StyleError::asset(REFERENCE_TENSORS, error))?;
        let width = description.features.count();
        let get = |name: &str, length: usize| numbers(&matrices, REFERENCE_TENSORS, name, length);
        let whitening = symmetric(&get("whitening_lower", width * (width + 1) / 2)?, width);
        let typical = Counts(get("typical", description.features.slots())?);
        let (mean, scale) = (get("mean", width)?, get("scale", width)?);
        let reference = Reference::new(description, typical, mean, scale, whitening)?;

        let description: AxesDescription =
            serde_json::from_slice(self.axes).map_err(|error| StyleError::asset(AXES_JSON, error))?;
        let matrices =
            SafeTensors::deserialize(self.axes_tensors).map_err(|error| StyleError::asset(AXES_TENSORS, error))?;
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
}

/// The symmetric matrix with this lower triangle, given row by row.
fn symmetric(lower: &[f64], width: usize) -> DMatrix<f64> {
    DMatrix::from_fn(width, width, |i, j| lower[i.max(j) * (i.max(j) + 1) / 2 + i.min(j)])
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
        return Err(StyleError::asset(file_name, format!("\u{201c}{name}\u{201d} holds a value that is not a number")));
    }
    Ok(values)
}
