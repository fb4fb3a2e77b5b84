//! The user's style, measured against the base model's own: of all texts, or of parts of them side by side.
//!
//! | file | job |
//! |---|---|
//! | `parts` | measures the texts in parts: by where they come from, or by when they were written |
//! | `sources` | which texts come from one place, as a person sees it |
//! | `spans` | where time is cut |
//! | `differences` | whether two parts differ more than by chance, and that in words |

mod differences;
mod parts;
mod sources;
mod spans;

pub use differences::{Difference, LEAST_TEXTS, RULE, Verdict, differences, differing_first};
pub use parts::{By, Compared, Part, Parts, by, by_source, by_time, day};

use std::time::Instant;

use super::context::Context;
use super::error::AppError;
use super::log;
use crate::selection::Library;
use crate::store::Text;
use crate::style::{Profile, StyleSpace, profile as measure};

/// Measures all of the user's texts.
///
/// # Errors
/// When there are none, or the shipped style space is damaged.
pub fn profile(context: &Context) -> Result<Profile, AppError> {
    let texts = context.store()?.texts()?;
    of(&texts)
}

/// Measures these texts.
///
/// # Errors
/// When there are none, or the shipped style space is damaged.
pub fn of(texts: &[Text]) -> Result<Profile, AppError> {
    if texts.is_empty() {
        return Err(AppError::NoTexts);
    }
    let texts: Vec<&str> = texts.iter().map(|text| text.document.text.as_str()).collect();
    let started = Instant::now();
    let profile = measured(&texts)?;
    let (texts, words, axes) = (profile.texts, profile.words, profile.axes.len());
    log::event!(INFO, "profile", texts = texts, words = words, axes = axes, seconds = started.elapsed());
    Ok(profile)
}

/// Measures texts whoever wrote them, as against the base model's own writing.
///
/// # Errors
/// When the shipped style space is damaged.
pub(super) fn measured(texts: &[&str]) -> Result<Profile, AppError> {
    Ok(measure(StyleSpace::shipped()?, texts, &Library::shipped()?.base().measured)?)
}
