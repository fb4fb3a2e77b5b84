//! From texts to a choice: cautions, profile and ranking, in this order.

use super::card::Card;
use super::choice::Choice;
use super::rank::{Selection, rank};
use super::score::UserStyle;
use crate::style::{Caution, Measured, Profile, Sample, StyleError, StyleSpace, TextEncoder, cautions, profile};

/// Everything that the texts say about their writer and about the models that fit.
#[derive(Clone, Debug)]
pub struct Assessment {
    pub cautions: Vec<Caution>,
    pub profile: Profile,
    pub selection: Selection,
}

/// Checks whether the texts can be measured, measures them relative to `base`, and ranks `cards`.
///
/// # Errors
/// When `base` was measured in another style space.
pub fn assess<T: AsRef<str>>(
    space: &StyleSpace,
    texts: &[T],
    base: &Measured,
    cards: &[Card],
) -> Result<Assessment, StyleError> {
    let cautions = cautions(space, texts);
    let profile = profile(space, texts, base)?;
    let selection = match Choice::refused(&cautions) {
        Some(choice) => Selection { candidates: Vec::new(), choice, explanation: None },
        None => rank(space, &UserStyle::of(&profile), cards),
    };
    Ok(Assessment { cautions, profile, selection })
}

/// A style space with the block of an encoder of texts, and what was measured in it.
pub struct Embedded<'a> {
    pub space: &'a StyleSpace,
    pub encoder: &'a dyn TextEncoder,
    pub base: &'a Measured,
    pub cards: &'a [Card],
}

/// The same with embeddings of the texts: `space` and `base` are those without.
///
/// # Errors
/// When bases, cards and spaces do not belong together; errors of the encoder.
pub fn assess_with(
    space: &StyleSpace,
    texts: &[&str],
    base: &Measured,
    embedded: &Embedded<'_>,
) -> Result<Assessment, StyleError> {
    let counted = assess(space, texts, base, &[])?;
    if counted.profile.missing_words > 0 || Choice::refused(&counted.cautions).is_some() {
        return Ok(counted);
    }
    let estimate = Sample::with_embeddings(embedded.space, texts, embedded.encoder)?.estimate(embedded.base)?;
    let user = UserStyle { estimate: &estimate, ..UserStyle::of(&counted.profile) };
    let selection = rank(embedded.space, &user, embedded.cards);
    Ok(Assessment { selection, ..counted })
}
