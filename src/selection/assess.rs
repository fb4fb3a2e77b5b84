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

/// The same with embeddings by `encoder`. `embedded` is `space` with the encoder's block; `embedded_base` and `embedded_cards` were
/// measured in it.
///
/// # Errors
/// When bases, cards and spaces do not belong together; errors of the encoder.
pub fn assess_with(
    (space, base): (&StyleSpace, &Measured),
    texts: &[&str],
    (embedded, encoder): (&StyleSpace, &dyn TextEncoder),
    (embedded_base, embedded_cards): (&Measured, &[Card]),
) -> Result<Assessment, StyleError> {
    let counted = assess(space, texts, base, &[])?;
    if counted.profile.missing_words > 0 || Choice::refused(&counted.cautions).is_some() {
        return Ok(counted);
    }
    let estimate = Sample::with_embeddings(embedded, texts, encoder)?.estimate(embedded_base)?;
    let user = UserStyle { estimate: &estimate, ..UserStyle::of(&counted.profile) };
    let selection = rank(embedded, &user, embedded_cards);
    Ok(Assessment { selection, ..counted })
}
