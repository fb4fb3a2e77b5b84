//! Two groups of points: finds them, and determines in how many coordinates they differ. Knows no texts.

use nalgebra::{DMatrix, DVector};
use rand::prelude::*;
use rand::rngs::StdRng;

/// Halvings of the coordinates that a [`contrast`] is the mean over.
const HALVINGS: usize = 5;
/// The same points always give the same answer.
const SEED: u64 = 0x5eed;
/// The smaller of two groups holds at least this share of the points: a few odd texts are not a second author.
const SMALLEST: f64 = 0.25;
/// A coordinate counts half when its variance between the groups is this many times that within.
const HALF_COUNTED: f64 = 2.0;
const ROUNDS: usize = 20;

/// Which of two groups each point is in.
pub(super) type Sides = Vec<bool>;

/// How clearly a division of the points into two groups shows: 0 where no coordinate shows it, 1 where all do.
///
/// Groups found in many coordinates always look apart in those, even in noise. So they are found in one half of the coordinates
/// and judged in the other. Every coordinate has the same bounded say, `F / (F + 2)` with the ratio F of the variance
/// between the groups to the mean variance within: two writers differ a little in many things, one writer's two
/// subjects very much in a few.
pub(super) fn contrast(points: &DMatrix<f64>, part: impl Fn(&DMatrix<f64>) -> Option<Sides>) -> f64 {
    let mut random = StdRng::seed_from_u64(SEED);
    let mut sum = 0.0;
    for _ in 0..HALVINGS {
        let (mut one, mut other): (Vec<usize>, Vec<usize>) = (Vec::new(), Vec::new());
        for coordinate in 0..points.ncols() {
            if random.random_bool(0.5) { one.push(coordinate) } else { other.push(coordinate) }
        }
        let (one, other) = (points.select_columns(&one), points.select_columns(&other));
        for (found_in, judged_in) in [(&one, &other), (&other, &one)] {
            sum += part(&products(found_in)).map_or(0.0, |sides| difference(judged_in, &sides));
        }
    }
    sum / (2 * HALVINGS) as f64
}

/// Inner products of the (centred) points, `[points, points]`.
pub(super) fn products(points: &DMatrix<f64>) -> DMatrix<f64> {
    points * points.transpose()
}

fn difference(points: &DMatrix<f64>, sides: &Sides) -> f64 {
    let all = sides.len() as f64;
    let chosen = sides.iter().filter(|&&side| side).count() as f64;
    let mut between = Vec::with_capacity(points.ncols());
    let mut within = 0.0;
    for column in points.column_iter() {
        let (mut sum, mut sum_chosen, mut squares) = (0.0, 0.0, 0.0);
        for (&value, &side) in column.iter().zip(sides) {
            sum += value;
            squares += value * value;
            if side {
                sum_chosen += value;
            }
        }
        let rest = sum - sum_chosen;
        let parted = sum_chosen * sum_chosen / chosen + rest * rest / (all - chosen) - sum * sum / all;
        within += squares - sum * sum / all - parted;
        between.push(parted);
    }
    let within = within / ((all - 2.0) * between.len() as f64);
    if within <= 0.0 {
        return 0.0;
    }
    between.iter().map(|between| between / (between + HALF_COUNTED * within)).sum::<f64>() / between.len() as f64
}

fn smallest(points: usize) -> usize {
    ((points as f64 * SMALLEST) as usize).max(2)
}

/// The variance between the groups, from inner products of centred points.
fn between(products: &DMatrix<f64>, sides: &Sides) -> f64 {
    let all = sides.len() as f64;
    let chosen = sides.iter().filter(|&&side| side).count() as f64;
    let weights = DVector::from_iterator(
        sides.len(),
        sides.iter().map(|&side| if side { 1.0 / chosen } else { -1.0 / (all - chosen) }),
    );
    (products * &weights).dot(&weights) * chosen * (all - chosen) / all
}

/// The best cut of a sequence into a first and a second part.
pub(super) fn cut(products: &DMatrix<f64>) -> Option<Sides> {
    let points = products.nrows();
    let least = smallest(points);
    let cuts = (least..=points.saturating_sub(least)).map(|at| (0..points).map(|point| point >= at).collect::<Sides>());
    best(products, cuts)
}

/// The best of 2-means (Lloyd 1982) begun from the signs of the two leading principal components.
pub(super) fn two_means(products: &DMatrix<f64>) -> Option<Sides> {
    let least = smallest(products.nrows());
    let [first, second] = leading(products);
    let groups =
        [first, second].into_iter().map(|component| settle(products, component.iter().map(|&v| v > 0.0).collect()));
    let large = groups.filter(|sides| {
        let chosen = sides.iter().filter(|&&side| side).count();
        chosen >= least && sides.len() - chosen >= least
    });
    best(products, large)
}

fn best(products: &DMatrix<f64>, candidates: impl Iterator<Item = Sides>) -> Option<Sides> {
    candidates
        .map(|sides| (between(products, &sides), sides))
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, sides)| sides)
}

/// Moves points to the nearer of the two means until none moves.
fn settle(products: &DMatrix<f64>, mut sides: Sides) -> Sides {
    for _ in 0..ROUNDS {
        let chosen = sides.iter().filter(|&&side| side).count();
        if chosen == 0 || chosen == sides.len() {
            break;
        }
        // Products of every point with a mean, and of the mean with itself.
        let with_mean = |of: bool| {
            let count = if of { chosen } else { sides.len() - chosen } as f64;
            let weights = DVector::from_iterator(
                sides.len(),
                sides.iter().map(|&side| if side == of { 1.0 / count } else { 0.0 }),
            );
            let products = products * &weights;
            let own = products.dot(&weights);
            (products, own)
        };
        let ((near, own), (far, other)) = (with_mean(true), with_mean(false));
        let next: Sides = near.iter().zip(&far).map(|(near, far)| 2.0 * near - own > 2.0 * far - other).collect();
        if next == sides {
            break;
        }
        sides = next;
    }
    sides
}

/// The two leading eigenvectors, by power iteration; precise enough to begin from.
fn leading(products: &DMatrix<f64>) -> [DVector<f64>; 2] {
    let points = products.nrows();
    let mut random = StdRng::seed_from_u64(SEED);
    let mut begin = || DVector::from_fn(points, |_, _| random.random_range(-1.0..1.0));
    let (mut first, mut second) = (begin(), begin());
    for _ in 0..ROUNDS {
        first = (products * &first).normalize();
        second = products * &second;
        second -= &first * first.dot(&second);
        second.normalize_mut();
    }
    [first, second]
}

#[cfg(test)]
mod tests {
    use super::*;

    const POINTS: usize = 16;

    /// Noise of variance one; the points of `side` are shifted by `shift` in the first `shifted` coordinates.
    fn points(shift: f64, shifted: usize, side: impl Fn(usize) -> bool) -> DMatrix<f64> {
        let mut random = StdRng::seed_from_u64(1);
        DMatrix::from_fn(POINTS, 200, |point, coordinate| {
            let noise = (0..12).map(|_| random.random_range(-0.5..0.5)).sum::<f64>();
            noise + if coordinate < shifted && side(point) { shift } else { 0.0 }
        })
    }

    fn alternate(point: usize) -> bool {
        point.is_multiple_of(2)
    }

    #[test]
    fn groups_are_found_and_stand_out_of_noise() {
        let noise = contrast(&points(0.0, 0, alternate), two_means);
        let two = points(1.5, 200, alternate);
        let centre = two.row_mean();
        let centred = DMatrix::from_fn(POINTS, 200, |point, at| two[(point, at)] - centre[at]);
        let sides = two_means(&products(&centred)).unwrap();
        assert!((0..POINTS).all(|point| (sides[point] == sides[0]) == alternate(point)), "{sides:?}");
        assert!(contrast(&centred, two_means) > 2.0 * noise, "{} {noise}", contrast(&centred, two_means));
        assert!((0.1..0.3).contains(&noise), "an F of one gives a third, most coordinates have less: {noise}");
    }

    #[test]
    fn a_little_in_many_coordinates_outweighs_much_in_few() {
        let many = contrast(&points(1.5, 200, |point| point >= 8), cut);
        let few = contrast(&points(15.0, 2, |point| point >= 8), cut);
        assert!(many > 1.5 * few, "{many} {few}");
    }

    #[test]
    fn a_sequence_is_cut_where_it_changes_and_nowhere_near_its_ends() {
        let sides = cut(&products(&points(3.0, 200, |point| point >= 10))).unwrap();
        assert_eq!(sides.iter().position(|&side| side), Some(10));
        let sides = cut(&products(&points(3.0, 200, |point| point >= 15))).unwrap();
        assert!(sides.iter().filter(|&&side| side).count() >= 4, "one odd point is not a second author");
        let same = DMatrix::zeros(POINTS, 200);
        assert_eq!(contrast(&same, cut), 0.0);
        assert_eq!(contrast(&same, two_means), 0.0);
    }
}
