//! The weights of a mixture of a few vectors: non-negative least squares. Knows no cards, and not whose style it
//! comes close to.

use nalgebra::{DMatrix, DVector};

use crate::style::{StyleSpace, StyleVector};

/// Vectors in a mixture, at most.
const MOST_PARTS: usize = 3;

/// A vector that weighs less than this share of all together is left out.
const SMALLEST_SHARE: f64 = 0.1;

/// Vectors whose directions differ by less than this (the sine of the angle) are one, of which the first is taken.
const SAME_DIRECTION: f64 = 1e-3;

/// A larger set must explain more of the target's squared length than a smaller one, by this share of it.
const BETTER: f64 = 1e-9;

/// Indices of candidates and their weights, all above 0.
pub(super) type Weights = Vec<(usize, f64)>;

/// The problem of coming close to a target, in candidates made 1 long (Lawson and Hanson, *Solving Least Squares Problems*, 1974).
pub(super) struct Mixing {
    lengths: Vec<f64>,
    /// Inner products of the candidates, shape (candidates, candidates).
    between: DMatrix<f64>,
    /// Inner products of the candidates with the target.
    towards: DVector<f64>,
    /// Squared length of the target.
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

    /// The best weights of which none is too small a share; none where no candidate points the target's way.
    pub fn weights(&self) -> Option<Weights> {
        let mut among: Vec<usize> = (0..self.lengths.len()).collect();
        loop {
            let found = self.nearest(&among)?;
            let smallest = SMALLEST_SHARE * found.iter().map(|(_, weight)| weight).sum::<f64>();
            among = found.iter().filter(|(_, weight)| *weight >= smallest).map(|(at, _)| *at).collect();
            if among.len() == found.len() {
                return Some(found);
            }
        }
    }

    /// The best weights of at most [`MOST_PARTS`] of the candidates `among`; none where every weight would be negative or zero.
    ///
    /// There are so few sets of candidates that all are tried. The optimum is the plain least-squares solution on the set of its
    /// own positive weights, and that set can be chosen without a direction that the others span (Carathéodory).
    fn nearest(&self, among: &[usize]) -> Option<Weights> {
        let mut sets: Vec<Vec<usize>> = (1usize..1 << among.len())
            .map(|bits| (0..among.len()).filter(|at| bits >> at & 1 == 1).map(|at| among[at]).collect())
            .filter(|set: &Vec<usize>| set.len() <= MOST_PARTS)
            .collect();
        sets.sort_by_key(Vec::len);
        let mut best = None;
        let mut most = 0.0;
        for set in sets {
            let Some((weights, explained)) = self.solve(&set) else { continue };
            if explained > most + BETTER * self.target && weights.iter().all(|(_, weight)| *weight > 0.0) {
                (best, most) = (Some(weights), explained);
            }
        }
        best
    }

    /// The least-squares weights on a set, whatever their signs, and how much of the target's squared length they explain; none where
    /// one of the set lies within the span of the others.
    fn solve(&self, set: &[usize]) -> Option<(Weights, f64)> {
        let between = self.between.select_rows(set).select_columns(set);
        let towards = self.towards.select_rows(set);
        let factor = between.cholesky()?;
        if factor.l_dirty().diagonal().min() < SAME_DIRECTION {
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

    /// Against descent along one coordinate after the other, on every set of three, which knows nothing of sets within a set.
    #[test]
    fn no_three_weights_above_zero_come_closer() {
        let space = StyleSpace::shipped().unwrap();
        let random = &mut StdRng::seed_from_u64(1);
        let width = space.reference().features().len();
        // In four of the coordinates only, so that five candidates are dependent and many point away from the target.
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
        assert!(sizes[1..].iter().all(|&count| count > 0), "sets of every size are to be tried: {sizes:?}");
    }
}
