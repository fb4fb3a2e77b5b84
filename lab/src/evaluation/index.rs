//! Signatures of very many models in little memory, to find the closest fast. Knows them by index only.

use half::f16;
use xpert::selection::Signature;
use xpert::style::{Estimate, StyleSpace, similarity};

/// Differences, row after row. Half precision changes a score by less than 0.001.
#[derive(Clone, Debug, Default)]
pub struct Index {
    width: usize,
    differences: Vec<f16>,
    /// Denoised norms.
    norms: Vec<f32>,
}

impl Index {
    /// Allocates exactly what `models` differences of this width need.
    #[must_use]
    pub fn with_capacity(models: usize, width: usize) -> Self {
        Self { width, differences: Vec::with_capacity(models * width), norms: Vec::with_capacity(models) }
    }

    /// Adds a model.
    ///
    /// # Panics
    /// When its difference is not as wide as the others.
    pub fn push(&mut self, signature: &Signature) {
        let difference = signature.difference.as_slice();
        assert!(self.norms.is_empty() || difference.len() == self.width, "signatures of one style space");
        self.width = difference.len();
        self.differences.extend(difference.iter().map(|value| f16::from_f32(*value)));
        self.norms.push(signature.denoised_norm() as f32);
    }

    /// The `count` models closest to the user with their scores, best first; models are numbered in the order they were added.
    #[must_use]
    pub fn closest(&self, space: &StyleSpace, user: &Estimate, count: usize) -> Vec<(usize, f64)> {
        let (dual, norm) = (space.dual(&user.difference), space.denoised_norm(user));
        let mut scored: Vec<(usize, f64)> = self
            .differences
            .chunks_exact(self.width.max(1))
            .zip(&self.norms)
            .enumerate()
            .map(|(at, (difference, own))| {
                (at, similarity(product(difference, dual.as_slice()), norm, f64::from(*own)))
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

/// Eight partial sums, which the compiler keeps in one vector register.
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
    use xpert::selection::scores;
    use xpert::style::StyleVector;

    use super::*;

    #[test]
    fn the_closest_are_those_with_the_highest_scores() {
        let space = StyleSpace::shipped().unwrap();
        let random = &mut StdRng::seed_from_u64(2);
        let width = space.reference.features().count();
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
