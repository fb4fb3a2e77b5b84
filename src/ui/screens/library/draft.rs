//! A blend of the user's own making: its parts and their weights. Knows neither keys nor how it fits.

use crate::selection::BlendPart;

/// A key changes a weight by this much.
const STEP: f64 = 0.05;
/// No key raises a weight above this; selection may.
pub(super) const MAX_WEIGHT: f64 = 2.0;

/// A blend that is being built. A part whose weight is 0 does not count yet.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    pub parts: Vec<BlendPart>,
    /// The part whose weight the keys change.
    pub cursor: usize,
}

impl Draft {
    /// Parts of about the same weight, together about 1.
    pub(super) fn equal(ids: &[String]) -> Self {
        let weight = on_grid(1.0 / ids.len().max(1) as f64 / STEP);
        Self { parts: ids.iter().map(|id| BlendPart { id: id.clone(), weight }).collect(), cursor: 0 }
    }

    /// Raises or lowers the highlighted part's weight to the next multiple of [`STEP`].
    pub(super) fn change(&mut self, more: bool) {
        /// A weight this near a multiple is one, whatever its last bits.
        const NEAR: f64 = 1e-6;
        let Some(part) = self.parts.get_mut(self.cursor) else { return };
        let steps = part.weight / STEP;
        let next = on_grid(if more { (steps + NEAR).floor() + 1.0 } else { (steps - NEAR).ceil() - 1.0 });
        part.weight = if more { next.min(MAX_WEIGHT.max(part.weight)) } else { next.max(0.0) };
    }

    /// The parts that count.
    pub(super) fn counted(&self) -> Vec<BlendPart> {
        self.parts.iter().filter(|part| part.weight > 0.0).cloned().collect()
    }
}

/// So many steps as a weight, without the rounding errors of repeated sums.
fn on_grid(steps: f64) -> f64 {
    const PER_UNIT: f64 = 1.0 / STEP;
    steps.round() / PER_UNIT
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft(weight: f64) -> Draft {
        Draft { parts: vec![BlendPart { id: "a".into(), weight }], cursor: 0 }
    }

    #[test]
    fn weights_go_by_steps_and_stay_within_bounds() {
        let mut draft = draft(0.437);
        draft.change(true);
        assert_eq!(draft.parts[0].weight, 0.45);
        for _ in 0..9 {
            draft.change(false);
        }
        assert_eq!((draft.parts[0].weight, draft.counted().len()), (0.0, 0));
        draft.change(false);
        assert_eq!(draft.parts[0].weight, 0.0);
        for _ in 0..60 {
            draft.change(true);
        }
        assert_eq!(draft.parts[0].weight, MAX_WEIGHT);
    }

    #[test]
    fn what_selection_sets_above_the_bound_is_not_lowered_by_asking_for_more() {
        let mut draft = draft(2.63);
        draft.change(true);
        assert_eq!(draft.parts[0].weight, 2.63);
        draft.change(false);
        assert_eq!(draft.parts[0].weight, 2.6);
    }

    #[test]
    fn a_new_blend_has_parts_of_the_same_weight() {
        let ids = ["a".to_owned(), "b".to_owned(), "c".to_owned()];
        let weights = |ids: &[String]| Draft::equal(ids).parts.iter().map(|part| part.weight).collect::<Vec<_>>();
        assert_eq!(weights(&ids[..2]), [0.5, 0.5]);
        assert_eq!(weights(&ids), [0.35, 0.35, 0.35]);
    }
}
