//! What a ranking is based on, kept for later requests: the user's difference from the base and the library's cards. Computes
//! blends with weights that the user chooses. Loads no model, and knows no texts.

use crate::selection::{BlendPart, Card, Fit, Signature, UserStyle, blend_weights, predict_blend};
use crate::style::{Profile, StyleSpace};

#[derive(Clone, Debug)]
pub struct Basis {
    profile: Profile,
    cards: Vec<Card>,
}

impl Basis {
    /// Profile and cards measured in the shipped style space.
    pub fn new(profile: &Profile, cards: Vec<Card>) -> Self {
        Self { profile: profile.clone(), cards }
    }

    pub fn cards(&self) -> &[Card] {
        &self.cards
    }

    pub fn card(&self, id: &str) -> Option<&Card> {
        self.cards.iter().find(|card| card.id == id)
    }

    /// How a blend is predicted to fit the user. None for a blend of nothing, or with a model that is not in the library.
    pub fn predicted(&self, parts: &[BlendPart]) -> Option<Fit> {
        let space = StyleSpace::shipped().ok()?;
        let parts: Option<Vec<(&Signature, f64)>> =
            parts.iter().map(|part| Some((&self.card(&part.id)?.signature, part.weight))).collect();
        Some(predict_blend(space, &UserStyle::of(&self.profile), &parts.filter(|parts| !parts.is_empty())?))
    }

    /// The weights that selection would give these models, 0 where it would leave one out. None where no model points the user's
    /// way, or one is not in the library.
    pub fn best_weights(&self, ids: &[&str]) -> Option<Vec<f64>> {
        let space = StyleSpace::shipped().ok()?;
        let models: Option<Vec<Signature>> = ids.iter().map(|id| Some(self.card(id)?.signature.clone())).collect();
        let mut weights = vec![0.0; ids.len()];
        for (at, weight) in blend_weights(space, &self.profile.estimate, &models?)? {
            weights[at] = weight;
        }
        Some(weights)
    }
}
