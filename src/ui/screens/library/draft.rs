//! A blend that the user builds: its parts and their weights. Knows neither keys nor how well the blend fits.

use crate::selection::BlendPart;

/// A key changes a weight by this much.
const STEP: f64 = 0.05;
/// No key raises a weight above this; selection may.
pub const MAX_WEIGHT: f64 = 2.0;

/// A blend that is being built. A part whose weight is 0 does not count yet.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    pub parts: Vec<BlendPart>,
    /// The part whose weight the keys change.
    pub cursor: usize,
}

impl Draft {
    /// Parts of about the same weight, together about 1.
    pub fn equal(ids: &[String]) -> Self {
        let weight = on_grid(1.0 / ids.len().max(1) as f64 / STEP);
        Self { parts: ids.iter().map(|id| BlendPart { id: id.clone(), weight }).collect(), cursor: 0 }
    }

    /// Raises or lowers the highlighted part's weight to the next multiple of [`STEP`].
    pub fn change(&mut self, more: bool) {
        /// A weight this near a multiple is one, whatever its last bits.
        const NEAR: f64 = 1e-6;
        let Some(part) = self.parts.get_mut(self.cursor) else { return };
        let steps = part.weight / STEP;
        let next = on_grid(if more { (steps + NEAR).floor() + 1.0 } else { (steps - NEAR).ceil() - 1.0 });
        part.weight = if more { next.min(MAX_WEIGHT.max(part.weight)) } else { next.max(0.0) };
    }

    pub fn counted(&self) -> Vec<BlendPart> {
        self.parts.iter().filter(|part| part.weight > 0.0).cloned().collect()
    }
}

/// So many steps as a weight, without the rounding errors of repeated sums.
fn on_grid(steps: f64) -> f64 {
    const PER_UNIT: f64 = 1.0 / STEP;
    steps.round() / PER_UNIT
}
