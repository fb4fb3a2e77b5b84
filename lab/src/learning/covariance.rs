//! Statistics of windows: what is typical, the covariance within authors, and its inverse root. Knows no texts.

use nalgebra::DMatrix;
use xpert::style::Counts;

use super::error::LearningError;

/// Sums per word, averaged over authors, then over domains.
pub(super) fn typical(windows: &[Vec<Vec<Counts>>], slots: usize) -> Counts {
    let mut typical = Counts::zero(slots);
    for domain in windows {
        for author in domain {
            let mut sums = Counts::zero(slots);
            for window in author {
                sums.add(window, 1.0);
            }
            typical.add(&sums.per_word(), 1.0 / (domain.len() * windows.len()) as f64);
        }
    }
    typical
}

/// The mean of `width` values of each window (each domain alike) and their covariance around each author's own mean.
pub(super) fn within_author(
    windows: &[Vec<Vec<Counts>>],
    width: usize,
    values: impl Fn(&Counts) -> Vec<f64>,
) -> Result<(Vec<f64>, DMatrix<f64>), LearningError> {
    let mut mean = vec![0.0; width];
    let mut covariance = DMatrix::<f64>::zeros(width, width);
    for domain in windows {
        let mut deviations: Vec<f64> = Vec::new();
        let mut degrees = 0_usize;
        for author in domain {
            let rows: Vec<Vec<f64>> = author.iter().map(&values).collect();
            let own: Vec<f64> =
                (0..width).map(|j| rows.iter().map(|row| row[j]).sum::<f64>() / rows.len().max(1) as f64).collect();
            for (sum, value) in mean.iter_mut().zip(&own) {
                *sum += value / (domain.len() * windows.len()) as f64;
            }
            if rows.len() < 2 {
                continue;
            }
            degrees += rows.len() - 1;
            for row in &rows {
                deviations.extend(row.iter().zip(&own).map(|(value, own)| value - own));
            }
        }
        if degrees < 20 {
            return Err(LearningError::reference(
                "an author needs several hundred words, a kind of text several authors",
            ));
        }
        let deviations = DMatrix::from_vec(width, deviations.len() / width, deviations);
        covariance += (&deviations * deviations.transpose()) / (degrees * windows.len()) as f64;
    }
    Ok((mean, covariance))
}

/// `((1 - s) R + s I)^(-1/2)` with R the correlation matrix: symmetric, so that every coordinate stays close to its feature.
pub(super) fn inverse_root(covariance: &DMatrix<f64>, scale: &[f64], shrinkage: f64) -> DMatrix<f64> {
    let width = scale.len();
    let shrunk = DMatrix::from_fn(width, width, |i, j| {
        let correlation = covariance[(i, j)] / (scale[i] * scale[j]);
        (1.0 - shrinkage) * correlation + if i == j { shrinkage } else { 0.0 }
    });
    let decomposed = shrunk.symmetric_eigen();
    let vectors = &decomposed.eigenvectors;
    let mut scaled = vectors.clone();
    for (mut column, &value) in scaled.column_iter_mut().zip(decomposed.eigenvalues.iter()) {
        column /= value.max(shrinkage.max(1e-6) * 0.5).sqrt();
    }
    let root = scaled * vectors.transpose();
    (&root + root.transpose()) * 0.5
}
