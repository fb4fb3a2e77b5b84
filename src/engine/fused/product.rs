//! Single-threaded f32 matrix products over strided slices. The only `unsafe` code of the engine: every view is
//! checked against its slice before the library is called. Knows no model.

use gemm::Parallelism;

/// A matrix within a slice: entry (i, j) is at `i * row_stride + j * column_stride`.
#[derive(Clone, Copy)]
pub struct View<'a> {
    pub data: &'a [f32],
    pub rows: usize,
    pub columns: usize,
    pub row_stride: usize,
    pub column_stride: usize,
}

impl<'a> View<'a> {
    /// A contiguous matrix.
    pub fn new(data: &'a [f32], rows: usize, columns: usize) -> Self {
        Self { data, rows, columns, row_stride: columns, column_stride: 1 }
    }

    /// `columns` of every row of a wider matrix; `data` starts with the first of them.
    pub fn strided(data: &'a [f32], rows: usize, columns: usize, row_stride: usize) -> Self {
        Self { data, rows, columns, row_stride, column_stride: 1 }
    }

    pub fn transposed(self) -> Self {
        Self {
            data: self.data,
            rows: self.columns,
            columns: self.rows,
            row_stride: self.column_stride,
            column_stride: self.row_stride,
        }
    }

    fn check(&self) {
        let last = self.rows.saturating_sub(1) * self.row_stride + self.columns.saturating_sub(1) * self.column_stride;
        assert!(self.rows == 0 || self.columns == 0 || last < self.data.len(), "a view lies within its slice");
    }
}

/// Whether a product is added to its destination or overwrites it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Accumulate {
    No,
    Yes,
}

/// `to = factor left right`, or `to += factor left right`. `to` has the rows of `left` and the columns of `right`;
/// its rows are `row_stride` apart.
///
/// # Panics
/// When the shapes do not match or a matrix exceeds its slice.
pub fn product(
    to: &mut [f32],
    row_stride: usize,
    left: View<'_>,
    right: View<'_>,
    factor: f32,
    accumulate: Accumulate,
) {
    let (m, n, k) = (left.rows, right.columns, left.columns);
    assert_eq!(k, right.rows, "inner dimensions agree");
    if m == 0 || n == 0 {
        return;
    }
    left.check();
    right.check();
    assert!(n <= row_stride && (m - 1) * row_stride + n <= to.len(), "the result fits its slice");
    // SAFETY: the three matrices are within their slices (checked above), and `to` is borrowed mutably, so it
    // overlaps neither of the others.
    unsafe {
        gemm::gemm(
            m,
            n,
            k,
            to.as_mut_ptr(),
            1,
            row_stride as isize,
            accumulate == Accumulate::Yes,
            left.data.as_ptr(),
            left.column_stride as isize,
            left.row_stride as isize,
            right.data.as_ptr(),
            right.column_stride as isize,
            right.row_stride as isize,
            1.0,
            factor,
            false,
            false,
            false,
            Parallelism::None,
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(count: usize) -> Vec<f32> {
        (0..count).map(|i| ((i * 37 + 11) % 19) as f32 - 9.0).collect()
    }

    #[test]
    fn strides_transposes_and_sums_agree_with_the_definition() {
        let (m, n, k) = (5, 7, 6);
        let (left, right) = (numbers(m * 10), numbers(n * k));
        let mut to = numbers(m * 9);
        let before = to.clone();
        let a = View::strided(&left, m, k, 10);
        let b = View::new(&right, n, k).transposed();
        product(&mut to, 9, a, b, 0.5, Accumulate::Yes);
        for i in 0..m {
            for j in 0..9 {
                let sum: f32 = (0..k).map(|x| left[i * 10 + x] * right[(j % n) * k + x]).sum();
                let expected = before[i * 9 + j] + if j < n { 0.5 * sum } else { 0.0 };
                assert!((to[i * 9 + j] - expected).abs() < 1e-4);
            }
        }
    }

    #[test]
    #[should_panic(expected = "within its slice")]
    fn a_view_that_exceeds_its_slice_is_rejected() {
        product(&mut [0.0; 4], 2, View::new(&[0.0; 3], 2, 2), View::new(&[0.0; 4], 2, 2), 1.0, Accumulate::No);
    }
}
