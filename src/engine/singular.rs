//! Singular values and vectors of a small dense matrix. Does not know what it stands for.
//!
//! nalgebra has them too, and is not used: where a matrix has dependent columns, version 0.35 now and then returns wrong values
//! without saying so (<https://github.com/dimforge/nalgebra/issues/1172>), and two adapters from one start are just that.

use nalgebra::DMatrix;

/// Rounds over all pairs of columns, at most. Fewer than ten are usual; should these not do, the factors still multiply to the
/// matrix, and the columns of `right` are still orthonormal.
const MOST_ROUNDS: usize = 60;

/// A matrix M, shape (rows, columns), as `left * right^T`.
pub(super) struct Singular {
    /// Orthogonal columns, each as long as its singular value, the longest first; shape (rows, columns).
    pub left: DMatrix<f64>,
    /// Orthonormal columns, shape (columns, columns).
    pub right: DMatrix<f64>,
    /// The lengths of the columns of `left`. Beyond the rank of M they are zero, or what rounding leaves.
    pub values: Vec<f64>,
}

/// Turns pairs of columns until all are orthogonal (the one-sided method of Jacobi; Hestenes, *Inversion of matrices by
/// biorthogonalization*, 1958). All values of `matrix` must be finite.
pub(super) fn decompose(matrix: DMatrix<f64>) -> Singular {
    let columns = matrix.ncols();
    let (mut left, mut right) = (matrix, DMatrix::identity(columns, columns));
    for _ in 0..MOST_ROUNDS {
        let mut turned = false;
        for second in 1..columns {
            for first in 0..second {
                if let Some((cos, sin)) = rotation(&left, first, second) {
                    turn(&mut left, first, second, cos, sin);
                    turn(&mut right, first, second, cos, sin);
                    turned = true;
                }
            }
        }
        if !turned {
            break;
        }
    }
    let lengths: Vec<f64> = left.column_iter().map(|column| column.norm()).collect();
    let mut order: Vec<usize> = (0..columns).collect();
    order.sort_by(|&a, &b| lengths[b].total_cmp(&lengths[a]));
    let values = order.iter().map(|&at| lengths[at]).collect();
    Singular { left: left.select_columns(&order), right: right.select_columns(&order), values }
}

/// Cosine and sine of the turn that makes two columns orthogonal; none where they are.
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

fn turn(matrix: &mut DMatrix<f64>, first: usize, second: usize, cos: f64, sin: f64) {
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

    /// Whether the factors multiply to the matrix and are orthogonal, and the values fall.
    fn check(matrix: &DMatrix<f64>) {
        let size = matrix.norm();
        let found = decompose(matrix.clone());
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
    fn matrices_of_any_shape_and_rank_come_apart_and_go_together_again() {
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
    fn values_are_those_known_by_hand_whatever_the_size() {
        for size in [1e-60, 1.0, 1e60] {
            let found = decompose(DMatrix::from_row_slice(2, 2, &[3.0, 0.0, 4.0, 5.0]) * size);
            let expected = [45f64.sqrt() * size, 5f64.sqrt() * size];
            for (value, expected) in found.values.iter().zip(expected) {
                assert!((value / expected - 1.0).abs() < 1e-14, "{value} {expected}");
            }
        }
    }

    /// nalgebra 0.35 finds 4.54 here.
    #[test]
    fn all_ones_have_one_value() {
        let ones = DMatrix::from_element(3, 5, 1.0);
        check(&ones);
        let found = decompose(ones);
        assert!((found.values[0] - 15f64.sqrt()).abs() < 1e-14);
        assert!(found.values[1] < 1e-14);
    }
}
