//! Singular value decomposition of a small dense matrix. Does not know what the matrix means.
//!
//! Our own, because nalgebra 0.35 sometimes returns wrong values for matrices with dependent columns
//! (<https://github.com/dimforge/nalgebra/issues/1172>), which two adapters from one start have; and because these
//! forty lines are all that a second linear algebra library (faer) would be used for.

use nalgebra::DMatrix;

/// Maximum number of sweeps over all pairs of columns. Fewer than ten are usual. If these do not suffice, the factors
/// still multiply to the matrix, and the columns of `right` are still orthonormal.
const MAX_SWEEPS: usize = 60;

/// A matrix M, shape (rows, columns), as `left * right^T`.
pub(super) struct Svd {
    /// Left singular vectors times their singular values, the largest first; shape (rows, columns).
    pub left: DMatrix<f64>,
    /// Right singular vectors, shape (columns, columns).
    pub right: DMatrix<f64>,
    /// The singular values. Beyond the rank of M they are zero, or rounding errors.
    pub values: Vec<f64>,
}

/// Rotates pairs of columns until all are orthogonal (one-sided Jacobi; Hestenes, *Inversion of matrices by
/// biorthogonalization*, 1958). All values of `matrix` must be finite.
pub(super) fn svd(matrix: DMatrix<f64>) -> Svd {
    let columns = matrix.ncols();
    let (mut left, mut right) = (matrix, DMatrix::identity(columns, columns));
    for _ in 0..MAX_SWEEPS {
        let mut rotated = false;
        for second in 1..columns {
            for first in 0..second {
                if let Some((cos, sin)) = rotation(&left, first, second) {
                    rotate(&mut left, first, second, cos, sin);
                    rotate(&mut right, first, second, cos, sin);
                    rotated = true;
                }
            }
        }
        if !rotated {
            break;
        }
    }
    let lengths: Vec<f64> = left.column_iter().map(|column| column.norm()).collect();
    let mut order: Vec<usize> = (0..columns).collect();
    order.sort_by(|&a, &b| lengths[b].total_cmp(&lengths[a]));
    let values = order.iter().map(|&at| lengths[at]).collect();
    Svd { left: left.select_columns(&order), right: right.select_columns(&order), values }
}

/// Cosine and sine of the rotation that makes two columns orthogonal; none if they already are.
fn rotation(matrix: &DMatrix<f64>, first: usize, second: usize) -> Option<(f64, f64)> {
    let (x, y) = (matrix.column(first), matrix.column(second));
    let (across, x, y) = (x.dot(&y), x.norm_squared(), y.norm_squared());
    if across.abs() <= f64::EPSILON * (x * y).sqrt() {
        return None;
    }
    let ratio = (y - x) / (2.0 * across);
    let tangent = ratio.signum() / (ratio.abs() + ratio.hypot(1.0));
    let cos = tangent.hypot(1.0).recip();
    Some((cos, cos * tangent))
}

fn rotate(matrix: &mut DMatrix<f64>, first: usize, second: usize, cos: f64, sin: f64) {
    for mut row in matrix.row_iter_mut() {
        let (x, y) = (row[first], row[second]);
        row[first] = cos * x - sin * y;
        row[second] = sin * x + cos * y;
    }
}

#[cfg(test)]
mod tests {
    use rand::rngs::StdRng;
    use rand::{Rng, SeedableRng};

    use super::*;

    /// Checks that the factors multiply to the matrix and are orthogonal, and that the values descend.
    fn check(matrix: &DMatrix<f64>) {
        let size = matrix.norm();
        let found = svd(matrix.clone());
        let columns = matrix.ncols();
        assert!((&found.left * found.right.transpose() - matrix).norm() <= 1e-12 * size, "{matrix}");
        let right = found.right.transpose() * &found.right;
        assert!((right - DMatrix::identity(columns, columns)).norm() < 1e-12, "{matrix}");
        let mut left = found.left.transpose() * &found.left;
        left.fill_diagonal(0.0);
        assert!(left.norm() <= 1e-12 * size * size, "{matrix}");
        assert!(found.values.windows(2).all(|pair| pair[0] >= pair[1]));
    }

    #[test]
    fn matrices_of_any_shape_and_rank_are_decomposed() {
        let random = &mut StdRng::seed_from_u64(1);
        for _ in 0..2000 {
            let (rows, columns, rank) =
                (random.random_range(1..12), random.random_range(1..12), random.random_range(1..12));
            let sparse = [0.0, 0.3, 0.9, 1.0][random.random_range(0..4)];
            let mut drawn = |rows, columns| {
                DMatrix::from_fn(rows, columns, |_, _| {
                    if random.random_bool(sparse) { 0.0 } else { random.random_range(-1.0..1.0) }
                })
            };
            check(&(drawn(rows, rank) * drawn(rank, columns)));
        }
    }

    #[test]
    fn singular_values_are_those_computed_by_hand_at_any_scale() {
        for size in [1e-60, 1.0, 1e60] {
            let found = svd(DMatrix::from_row_slice(2, 2, &[3.0, 0.0, 4.0, 5.0]) * size);
            let expected = [45f64.sqrt() * size, 5f64.sqrt() * size];
            for (value, expected) in found.values.iter().zip(expected) {
                assert!((value / expected - 1.0).abs() < 1e-14, "{value} {expected}");
            }
        }
    }

    /// nalgebra 0.35 finds 4.54 here.
    #[test]
    fn a_matrix_of_ones_has_one_singular_value() {
        let ones = DMatrix::from_element(3, 5, 1.0);
        check(&ones);
        let found = svd(ones);
        assert!((found.values[0] - 15f64.sqrt()).abs() < 1e-14);
        assert!(found.values[1] < 1e-14);
    }
}
