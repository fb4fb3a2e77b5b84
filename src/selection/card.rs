//! What is known about a personalized model without its weights: small enough to compare a whole library. Knows no user.

use serde::{Deserialize, Serialize};

use crate::style::{Estimate, Measured, StyleSpace, StyleVector, denoised_norm};

/// A personalized model's card. The difference is measured on what base and adapter really wrote to the same probe
/// prompts, never on the texts the adapter was trained on.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Card {
    pub id: String,
    pub name: String,
    pub summary: String,
    /// The base model it changes, by catalog id.
    pub base: String,
    pub licence: String,
    pub training_texts: usize,
    pub training_steps: usize,
    /// Held-out loss of the base and of this adapter on texts of its own style, nats per token.
    pub held_out_before: f64,
    pub held_out_after: f64,
    pub probes: usize,
    pub probe_words: usize,
    #[serde(flatten)]
    pub signature: Signature,
    pub adapter_bytes: u64,
    pub adapter_sha256: String,
}

/// How a model's writing differs from its base's.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Signature {
    /// Version of the style space the difference is in.
    pub space: String,
    pub axes: Vec<CardAxis>,
    pub difference: StyleVector,
    /// The expected squared norm of the difference's error, by bootstrap over its texts.
    pub noise: f64,
}

/// A coefficient on a named axis, positive towards the high pole.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CardAxis {
    pub name: String,
    pub value: f64,
}

impl CardAxis {
    /// The coefficients of a difference with the names of their axes.
    pub fn of(space: &StyleSpace, difference: &StyleVector) -> Vec<Self> {
        let values = space.coefficients(difference);
        space.axes().iter().zip(values).map(|(axis, value)| Self { name: axis.id.clone(), value }).collect()
    }
}

impl Signature {
    pub fn new(space: &StyleSpace, estimate: Estimate) -> Self {
        Self {
            space: space.version().to_owned(),
            axes: CardAxis::of(space, &estimate.difference),
            difference: estimate.difference,
            noise: estimate.noise,
        }
    }

    /// The norm of the difference without what noise adds to it.
    #[must_use]
    pub fn denoised_norm(&self) -> f64 {
        let on_axes: f64 = self.axes.iter().map(|axis| axis.value * axis.value).sum();
        denoised_norm(self.difference.norm(), on_axes, self.noise)
    }

    /// The difference with its noise.
    pub fn estimate(&self) -> Estimate {
        Estimate { difference: self.difference.clone(), noise: self.noise }
    }
}

/// How the base model itself writes: the origin of every difference.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BaseCard {
    /// The base model, by catalog id.
    pub base: String,
    pub space: String,
    /// Counts over its answers to the probe prompts.
    pub measured: Measured,
}
