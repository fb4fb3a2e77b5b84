//! Signatures of any number of models in little memory, to find the closest of them fast. Knows their place, not who they are.

use half::f16;

use super::card::Signature;
use super::rank::model_length;
use crate::style::{Estimate, StyleSpace, similarity};

/// Differences side by side. Half precision moves a score by less than a thousandth, and their errors by nothing that counts.
#[derive(Clone, Debug, Default)]
pub struct Index {
    width: usize,
    differences: Vec<f16>,
    /// Lengths without noise.
    lengths: Vec<f32>,
}

impl Index {
    /// Room for so many models of so wide differences, without the slack of a list that grows.
    #[must_use]
    pub fn with_capacity(models: usize, width: usize) -> Self {
        Self { width, differences: Vec::with_capacity(models * width), lengths: Vec::with_capacity(models) }
    }

    /// Takes up one more model.
    ///
    /// # Panics
    /// When its difference is not as wide as the others.
    pub fn push(&mut self, signature: &Signature) {
        let difference = signature.difference.as_slice();
        assert!(self.lengths.is_empty() || difference.len() == self.width, "signatures of one style space");
        self.width = difference.len();
        self.differences.extend(difference.iter().map(|value| f16::from_f32(*value)));
        self.lengths.push(model_length(signature) as f32);
    }

    /// The `count` models closest to the user, by their number in the order they were taken up, with their scores, best first.
    #[must_use]
    pub fn closest(&self, space: &StyleSpace, user: &Estimate, count: usize) -> Vec<(usize, f64)> {
        let (dual, length) = (space.dual(&user.difference), space.denoised_norm(user));
        let mut scored: Vec<(usize, f64)> = self
            .differences
            .chunks_exact(self.width.max(1))
            .zip(&self.lengths)
            .enumerate()
            .map(|(at, (difference, own))| {
                (at, similarity(product(difference, dual.as_slice()), length, f64::from(*own)))
            })
            .collect();
        let count = count.min(scored.len());
        if count < scored.len() {
            scored.select_nth_unstable_by(count, |a, b| b.1.total_cmp(&a.1));
            scored.truncate(count);
        }
        scored.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        scored
    }
}

/// In eight sums, which the compiler keeps in one register.
fn product(difference: &[f16], dual: &[f32]) -> f64 {
    const LANES: usize = 8;
    let mut sums = [0.0_f32; LANES];
    let (whole, rest) = difference.as_chunks::<LANES>();
    let (whole_dual, rest_dual) = dual.as_chunks::<LANES>();
    for (a, b) in whole.iter().zip(whole_dual) {
        for lane in 0..LANES {
            sums[lane] += a[lane].to_f32() * b[lane];
        }
    }
    let rest: f32 = rest.iter().zip(rest_dual).map(|(a, b)| a.to_f32() * b).sum();
    f64::from(sums.iter().sum::<f32>() + rest)
}

#[cfg(test)]
mod tests {
    use rand::rngs::StdRng;
    use rand::{Rng, SeedableRng};

    use super::*;
    use crate::selection::scores;
    use crate::style::StyleVector;

    #[test]
    fn the_closest_are_those_with_the_highest_scores() {
        let space = StyleSpace::shipped().unwrap();
        let random = &mut StdRng::seed_from_u64(2);
        let width = space.reference().features().len();
        let mut drawn = || StyleVector::new((0..width).map(|_| random.random_range(-3.0..3.0)).collect());
        let models: Vec<Signature> =
            (0..200).map(|_| Signature::new(space, Estimate { difference: drawn(), noise: 30.0 })).collect();
        let user = Estimate { difference: drawn(), noise: 20.0 };
        let mut index = Index::default();
        models.iter().for_each(|model| index.push(model));
        let exact = scores(space, &user, &models);
        let mut order: Vec<usize> = (0..200).collect();
        order.sort_by(|&a, &b| exact[b].total_cmp(&exact[a]));
        let found = index.closest(space, &user, 12);
        assert_eq!(found.len(), 12);
        for ((at, score), expected) in found.iter().zip(&order) {
            assert!((score - exact[*at]).abs() < 1e-3);
            assert!((score - exact[*expected]).abs() < 1e-3, "rank by rank");
        }
        assert_eq!(index.closest(space, &user, 1000).len(), 200);
        assert!(Index::default().closest(space, &user, 3).is_empty());
    }
}
