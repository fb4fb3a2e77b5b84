//! Learns the named axes from parallel texts: directions in the whitened space, made orthonormal with least distortion.

use nalgebra::{DMatrix, DVector};
use xpert::library::{Corpus, Use};
use xpert::style::Counts;
use xpert::style::space::axes::{Axes, AxesDescription, Axis, QUANTILES};
use xpert::style::space::reference::Reference;

use super::error::LearningError;

/// Prompts whose answers are pooled into one paired difference: single answers are too short to compare.
const PROMPTS_IN_A_GROUP: usize = 6;

/// The axes of the shipped space: (low pole, high pole, style of the low pole, style of the high pole).
pub const SHIPPED: &[(&str, &str, &str, &str)] = &[
    ("concise", "elaborate", "concise", "elaborate"),
    ("casual", "formal", "casual", "formal"),
    ("simple", "expert", "simple", "expert"),
    ("reserved", "warm", "plain", "warm"),
    ("blunt", "polite", "blunt", "courteous"),
    ("calm", "enthusiastic", "plain", "enthusiastic"),
    ("tentative", "assertive", "tentative", "assertive"),
    ("plain", "poetic", "plain", "poetic"),
    ("reporting", "narrating", "plain", "story"),
    ("modern", "archaic", "plain", "archaic"),
    ("flowing", "structured", "plain", "structured"),
];

/// Qualities that are learned together with the axes, so that no axis claims what it shares with them, but that are not axes: no
/// independent texts support them at [`MIN_AUC`](xpert::style::MIN_AUC).
pub const CONTROL_DIRECTIONS: &[(&str, &str, &str, &str)] = &[("earnest", "humorous", "plain", "humorous")];

/// The texts an axis is learned from: answers to the same prompts, in the same order.
#[derive(Clone, Debug)]
pub struct Parallel {
    pub axis: Axis,
    pub low_texts: Vec<String>,
    pub high_texts: Vec<String>,
}

/// Learns the axes, one from each pair of parallel corpora, in the order given.
///
/// Each direction is the mean paired difference in whitened space, every coordinate shrunk by how unreliable it is over the
/// prompts (`d * t^2 / (1 + t^2)`); whitening already makes it the discriminant of Fisher (1936). The set is then made
/// orthonormal symmetrically (Löwdin 1950): the closest orthonormal set, whatever the order. The directions of `controls` take part in
/// that and are dropped afterwards.
///
/// # Errors
/// [`LearningError::Axes`] where corpora differ in length, are too small, or two axes are one.
pub fn learn_axes(
    reference: &Reference,
    corpora: &[Parallel],
    controls: &[Parallel],
    population: &[Counts],
) -> Result<Axes, LearningError> {
    let (width, all) = (reference.features().count(), corpora.len() + controls.len());
    let mut raw = DMatrix::<f64>::zeros(all, width);
    let mut loadings = DMatrix::<f64>::zeros(all, width);
    for (row, parallel) in corpora.iter().chain(controls).enumerate() {
        let (direction, loading) = pole_difference(reference, parallel)?;
        raw.set_row(row, &direction.normalize().transpose());
        loadings.set_row(row, &loading.transpose());
    }
    let directions = symmetric_orthonormal(&raw)?.rows(0, corpora.len()).into_owned();
    let loadings = loadings.rows(0, corpora.len()).into_owned();
    let mut axes = Axes {
        description: AxesDescription {
            schema: "xpert.style-axes/1".to_owned(),
            reference: reference.description.version.clone(),
            learned_from: digest(corpora),
            prompts: corpora.iter().map(|parallel| parallel.low_texts.len()).max().unwrap_or(0),
            axes: corpora.iter().map(|parallel| parallel.axis.clone()).collect(),
        },
        directions,
        loadings,
        quantiles: DMatrix::zeros(corpora.len(), QUANTILES),
    };
    axes.quantiles = population_quantiles(reference, &axes, population);
    Ok(axes)
}

/// The pairs of corpora that axes are learned from, as [`SHIPPED`] names them.
///
/// # Errors
/// [`LearningError::Axes`] where a style is missing.
pub fn parallel(corpus: &Corpus, axes: &[(&str, &str, &str, &str)]) -> Result<Vec<Parallel>, LearningError> {
    let pair = |(low, high, low_style, high_style): &(&str, &str, &str, &str)| {
        let (low, high) = ((*low).to_owned(), (*high).to_owned());
        let axis = Axis { id: format!("{low}-{high}"), low, high, evidence: None };
        let (low_texts, high_texts) = (corpus.texts(low_style, Use::Axes)?, corpus.texts(high_style, Use::Axes)?);
        Ok(Parallel { axis, low_texts, high_texts })
    };
    axes.iter().map(pair).collect()
}

/// The shrunk mean difference (high - low) in whitened space, and the plain one over standardised features.
fn pole_difference(reference: &Reference, parallel: &Parallel) -> Result<(DVector<f64>, DVector<f64>), LearningError> {
    let id = &parallel.axis.id;
    let prompts = parallel.low_texts.len();
    if prompts != parallel.high_texts.len() {
        return Err(LearningError::Axes(format!(
            "the two corpora of \u{201c}{id}\u{201d} have {prompts} and {} texts; both must answer the same prompts",
            parallel.high_texts.len()
        )));
    }
    let groups = prompts / PROMPTS_IN_A_GROUP;
    if groups < 3 {
        return Err(LearningError::Axes(format!("\u{201c}{id}\u{201d} has {prompts} prompts; at least 18 are needed")));
    }
    // Group g takes every groups-th prompt: neighbours are of one kind, and every group should hold all kinds.
    let pool = |texts: &[String], group: usize| {
        let chosen: Vec<&String> = texts.iter().skip(group).step_by(groups).collect();
        reference.smoothed(&reference.counter.pool(&chosen), &reference.typical)
    };
    let mut differences = Vec::with_capacity(groups);
    for group in 0..groups {
        let low = reference.whiten(&pool(&parallel.low_texts, group));
        let high = reference.whiten(&pool(&parallel.high_texts, group));
        differences.push(high.sub(&low));
    }
    let width = reference.features().count();
    let shrunk = DVector::from_fn(width, |j, _| {
        let column: Vec<f64> = differences.iter().map(|difference| f64::from(difference.as_slice()[j])).collect();
        shrink(&column)
    });
    if shrunk.norm() < 1e-6 {
        return Err(LearningError::Axes(format!("the two corpora of \u{201c}{id}\u{201d} do not differ")));
    }
    let all = |texts: &[String]| {
        reference.standardised(&reference.smoothed(&reference.counter.pool(texts), &reference.typical))
    };
    let plain = DVector::from_vec(all(&parallel.high_texts)) - DVector::from_vec(all(&parallel.low_texts));
    Ok((shrunk, plain))
}

fn shrink(values: &[f64]) -> f64 {
    let count = values.len() as f64;
    let mean = values.iter().sum::<f64>() / count;
    let variance = values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (count - 1.0);
    let squared_error = variance / count;
    if mean == 0.0 { 0.0 } else { mean * mean.powi(2) / (mean.powi(2) + squared_error) }
}

/// `(R R^T)^(-1/2) R`: the orthonormal rows closest to the unit rows of `raw`.
fn symmetric_orthonormal(raw: &DMatrix<f64>) -> Result<DMatrix<f64>, LearningError> {
    let overlap = (raw * raw.transpose()).symmetric_eigen();
    if overlap.eigenvalues.iter().any(|&value| value < 1e-3) {
        return Err(LearningError::Axes("two or more axes point the same way".to_owned()));
    }
    let inverse_root = &overlap.eigenvectors
        * DMatrix::from_diagonal(&overlap.eigenvalues.map(|value| value.sqrt().recip()))
        * overlap.eigenvectors.transpose();
    Ok(inverse_root * raw)
}

fn population_quantiles(reference: &Reference, axes: &Axes, population: &[Counts]) -> DMatrix<f64> {
    let places: Vec<Vec<f64>> = population
        .iter()
        .map(|counts| axes.coefficients(&reference.whiten(&reference.smoothed(counts, &reference.typical))))
        .collect();
    let mut quantiles = DMatrix::zeros(axes.description.axes.len(), QUANTILES);
    if places.is_empty() {
        return quantiles;
    }
    for axis in 0..axes.description.axes.len() {
        let mut values: Vec<f64> = places.iter().map(|place| place[axis]).collect();
        values.sort_by(f64::total_cmp);
        for percent in 0..QUANTILES {
            let at = percent as f64 / 100.0 * (values.len() - 1) as f64;
            let (left, right) = (values[at.floor() as usize], values[at.ceil() as usize]);
            quantiles[(axis, percent)] = left + (right - left) * at.fract();
        }
    }
    quantiles
}

/// The digest that [`AxesDescription::learned_from`] keeps.
#[must_use]
pub fn digest(corpora: &[Parallel]) -> String {
    use sha2::{Digest, Sha256};
    let mut hash = Sha256::new();
    for parallel in corpora {
        hash.update(parallel.axis.id.as_bytes());
        for text in parallel.low_texts.iter().chain(&parallel.high_texts) {
            hash.update([0]);
            hash.update(text.as_bytes());
        }
    }
    hex::encode(hash.finalize())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn symmetric_orthonormalisation_treats_both_rows_alike() {
        let raw = DMatrix::from_row_slice(2, 3, &[1.0, 0.0, 0.0, 0.6, 0.8, 0.0]);
        let made = symmetric_orthonormal(&raw).unwrap();
        let gram = &made * made.transpose();
        assert!((gram - DMatrix::identity(2, 2)).norm() < 1e-12);
        let kept: Vec<f64> = (0..2).map(|i| made.row(i).dot(&raw.row(i))).collect();
        assert!((kept[0] - kept[1]).abs() < 1e-12, "neither axis gives way more than the other: {kept:?}");
    }

    #[test]
    fn the_same_axis_twice_is_refused() {
        let raw = DMatrix::from_row_slice(2, 2, &[1.0, 0.0, 1.0, 0.0]);
        assert!(symmetric_orthonormal(&raw).is_err());
    }

    #[test]
    fn unreliable_coordinates_shrink() {
        assert!((shrink(&[1.0, 1.0, 1.0]) - 1.0).abs() < 1e-12);
        assert!(shrink(&[1.0, -0.9, 1.1, -1.0]).abs() < 0.01);
        assert_eq!(shrink(&[0.0, 0.0, 0.0]), 0.0);
    }
}
