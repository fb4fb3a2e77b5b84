//! From texts to a choice: cautions, profile and ranking in their order. Knows the steps, not what is in them.

use super::card::Card;
use super::choice::Choice;
use super::rank::{Selection, UserStyle, rank};
use crate::style::{Caution, Measured, Profile, Sample, StyleError, StyleSpace, TextEncoder, cautions, profile};

/// Everything that texts say of their writer and of the models that fit.
#[derive(Clone, Debug)]
pub struct Assessment {
    pub cautions: Vec<Caution>,
    pub profile: Profile,
    pub selection: Selection,
}

/// Looks whether the texts can be measured, measures them as against `base`, and ranks `cards`.
///
/// # Errors
/// When base and style space do not belong together.
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

/// The same where `encoder` embeds the texts, too. `embedded` is `space` with the encoder's embedding block, and base and cards
/// are given as measured in both.
///
/// # Errors
/// When bases, cards and spaces do not belong together; whatever the encoder fails with.
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

impl UserStyle<'_> {
    /// What ranking needs of a profile.
    #[must_use]
    pub fn of(profile: &Profile) -> UserStyle<'_> {
        UserStyle {
            estimate: &profile.estimate,
            intervals: profile.axes.iter().map(|axis| axis.interval).collect(),
            words: profile.words,
            missing_words: profile.missing_words,
        }
    }
}
