//! The weights of a mixture of a few vectors: non-negative least squares. Knows no cards and no users.

use nalgebra::{DMatrix, DVector};

use crate::style::{StyleSpace, StyleVector};

const MAX_PARTS: usize = 3;

/// A vector with less than this share of the total weight is dropped.
const MIN_SHARE: f64 = 0.1;

/// Vectors whose angle has a smaller sine than this count as parallel, and the first is taken.
const MIN_SINE: f64 = 1e-3;

/// A larger set must explain this share more of the target's squared norm than a smaller one.
const MIN_GAIN: f64 = 1e-9;

/// Indices of candidates and their weights, all above 0.
pub(super) type Weights = Vec<(usize, f64)>;

/// The least-squares problem for a target, with candidates scaled to norm 1 (Lawson and Hanson, *Solving Least Squares Problems*, 1974).
pub(super) struct Mixing {
    lengths: Vec<f64>,
    /// Inner products of the candidates, shape (candidates, candidates).
    between: DMatrix<f64>,
    /// Inner products of the candidates with the target.
    towards: DVector<f64>,
    target: f64,
}

impl Mixing {
    /// Candidates must not be zero.
    pub fn new(space: &StyleSpace, target: &StyleVector, candidates: &[&StyleVector]) -> Self {
        let count = candidates.len();
        let lengths: Vec<f64> = candidates.iter().map(|vector| space.inner(vector, vector).sqrt()).collect();
        let cosine = |i: usize, j: usize| space.inner(candidates[i], candidates[j]) / (lengths[i] * lengths[j]);
        Self {
            between: DMatrix::from_fn(count, count, cosine),
            towards: DVector::from_fn(count, |i, _| space.inner(candidates[i], target) / lengths[i]),
            target: space.inner(target, target),
            lengths,
        }
    }

    /// The best weights without parts below [`MIN_SHARE`]; none if no candidate has a positive inner product with the target.
    pub fn weights(&self) -> Option<Weights> {
        let mut among: Vec<usize> = (0..self.lengths.len()).collect();
        loop {
            let found = self.nearest(&among)?;
            let smallest = MIN_SHARE * found.iter().map(|(_, weight)| weight).sum::<f64>();
            among = found.iter().filter(|(_, weight)| *weight >= smallest).map(|(at, _)| *at).collect();
            if among.len() == found.len() {
                return Some(found);
            }
        }
    }

    /// The best weights of at most [`MAX_PARTS`] of the candidates `among`; none if every weight would be negative or zero.
    ///
    /// There are few enough sets of candidates to try all. The optimum is the plain least-squares solution on its own support,
    /// and that support can be chosen linearly independent (Carathéodory).
    fn nearest(&self, among: &[usize]) -> Option<Weights> {
        let mut sets: Vec<Vec<usize>> = (1usize..1 << among.len())
            .map(|bits| (0..among.len()).filter(|at| bits >> at & 1 == 1).map(|at| among[at]).collect())
            .filter(|set: &Vec<usize>| set.len() <= MAX_PARTS)
            .collect();
        sets.sort_by_key(Vec::len);
        let mut best = None;
        let mut most = 0.0;
        for set in sets {
            let Some((weights, explained)) = self.solve(&set) else { continue };
            if explained > most + MIN_GAIN * self.target && weights.iter().all(|(_, weight)| *weight > 0.0) {
                (best, most) = (Some(weights), explained);
            }
        }
        best
    }

    /// The least-squares weights on a set, of any sign, and how much of the target's squared norm they explain; none if the set
    /// is linearly dependent.
    fn solve(&self, set: &[usize]) -> Option<(Weights, f64)> {
        let between = self.between.select_rows(set).select_columns(set);
        let towards = self.towards.select_rows(set);
        let factor = between.cholesky()?;
        if factor.l_dirty().diagonal().min() < MIN_SINE {
            return None;
        }
        let solution = factor.solve(&towards);
        let explained = solution.dot(&towards);
        let weights = set.iter().zip(&solution).map(|(&at, value)| (at, value / self.lengths[at])).collect();
        Some((weights, explained))
    }
}

#[cfg(test)]
mod tests {
    use rand::rngs::StdRng;
    use rand::{Rng, SeedableRng};

    use super::*;

    /// Compared with coordinate descent on every set of three, which knows nothing of subsets.
    #[test]
    fn no_three_positive_weights_are_closer() {
        let space = StyleSpace::shipped().unwrap();
        let random = &mut StdRng::seed_from_u64(1);
        let width = space.reference.features().count();
        // In four of the coordinates only, so that five candidates are dependent and many have a negative inner product with the target.
        let mut drawn =
            || StyleVector::new((0..width).map(|i| if i < 4 { random.random_range(-0.5..1.0) } else { 0.0 }).collect());
        let mut sizes = [0; 4];
        for trial in 0..40 {
            let candidates: Vec<StyleVector> = (0..5).map(|_| drawn()).collect();
            let mixing = Mixing::new(space, &drawn(), &candidates.iter().collect::<Vec<_>>());
            let explained = |x: &DVector<f64>| 2.0 * x.dot(&mixing.towards) - x.dot(&(&mixing.between * x));
            let mut most: f64 = 0.0;
            for set in (0..5).flat_map(|i| (i + 1..5).flat_map(move |j| (j + 1..5).map(move |k| [i, j, k]))) {
                let mut x = DVector::zeros(5);
                for _ in 0..5000 {
                    for at in set {
                        let slope = mixing.towards[at] - mixing.between.row(at).transpose().dot(&x);
                        x[at] = f64::max(0.0, x[at] + slope);
                    }
                }
                most = most.max(explained(&x));
            }
            let found = mixing.nearest(&[0, 1, 2, 3, 4]).unwrap_or_default();
            let mut x = DVector::zeros(5);
            for &(at, weight) in &found {
                assert!(weight > 0.0);
                x[at] = weight * mixing.lengths[at];
            }
            assert!((explained(&x) - most).abs() < 1e-6 * mixing.target, "trial {trial}: {} {most}", explained(&x));
            sizes[found.len()] += 1;
        }
        assert!(sizes[1..].iter().all(|&count| count > 0), "the trials must need sets of every size: {sizes:?}");
    }
}
