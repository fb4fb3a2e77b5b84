//! Writes what was learned as the files that the program ships. Knows their format; the numbers come from elsewhere.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use nalgebra::DMatrix;
use safetensors::tensor::{Dtype, TensorView};
use xpert::style::space::axes::QUANTILES;
use xpert::style::space::files::{
    AXES_JSON, AXES_TENSORS, EMBEDDING_TENSORS, ENCODER, REFERENCE_JSON, REFERENCE_TENSORS,
};
use xpert::style::{EmbeddingBlock, StyleSpace};

use super::error::LearningError;

/// Writes the statistics of embeddings into an existing folder.
///
/// # Errors
/// [`LearningError::File`] with the path that could not be written.
pub fn write_embeddings(block: &EmbeddingBlock, folder: &Path) -> Result<(), LearningError> {
    let (width, lower) = (block.width(), lower(&block.whitening));
    let metadata = HashMap::from([(ENCODER.to_owned(), block.encoder.clone())]);
    save_tensors(
        folder,
        EMBEDDING_TENSORS,
        &[
            ("scale", &block.scale, vec![width]),
            ("typical", &block.typical, vec![width + 1]),
            ("whitening_lower", &lower, vec![lower.len()]),
        ],
        Some(metadata),
    )
}

/// Writes the four files of a space into an existing folder.
///
/// # Errors
/// [`LearningError::File`] with the path that could not be written.
pub fn write(space: &StyleSpace, folder: &Path) -> Result<(), LearningError> {
    let reference = &space.reference;
    let features = reference.features().count();
    let lower = lower(&reference.whitening);
    save_json(folder, REFERENCE_JSON, &reference.description)?;
    save_tensors(
        folder,
        REFERENCE_TENSORS,
        &[
            ("mean", &reference.mean, vec![features]),
            ("scale", &reference.scale, vec![features]),
            ("typical", &reference.typical.0, vec![reference.typical.0.len()]),
            ("whitening_lower", &lower, vec![lower.len()]),
        ],
        None,
    )?;
    let axes = &space.axes;
    let by_rows = |matrix: &DMatrix<f64>| -> Vec<f64> { matrix.transpose().iter().copied().collect() };
    let count = axes.description.axes.len();
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

fn save_json(folder: &Path, name: &str, value: &impl serde::Serialize) -> Result<(), LearningError> {
    let path = folder.join(name);
    let problem = |reason: String| LearningError::File { path: path.clone(), reason };
    let mut text = serde_json::to_string_pretty(value).map_err(|error| problem(error.to_string()))?;
    text.push('\n');
    fs::write(&path, text).map_err(|error| problem(error.to_string()))
}

fn save_tensors(
    folder: &Path,
    name: &str,
    tensors: &[(&str, &[f64], Vec<usize>)],
    metadata: Option<HashMap<String, String>>,
) -> Result<(), LearningError> {
    let path = folder.join(name);
    let problem = |reason: String| LearningError::File { path: path.clone(), reason };
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
