//! A style measured on all of the user's texts, or on other texts, against the base model's own writing.

use std::time::Instant;

use crate::app::context::Context;
use crate::app::error::AppError;
use crate::app::log;
use crate::library::Library;
use crate::store::count_words;
use crate::style::{Profile, StyleSpace, profile as measure};

/// Measures all of the user's texts.
///
/// # Errors
/// When there are none, or the shipped style space is damaged.
pub fn profile(context: &Context) -> Result<Profile, AppError> {
    let texts = context.texts()?;
    let texts: Vec<&str> = texts.iter().map(|text| text.document.text.as_str()).collect();
    let started = Instant::now();
    let profile = measured(&texts)?;
    let (texts, words, axes) = (profile.texts, profile.words, profile.axes.len());
    log::event!(INFO, "profile", texts = texts, words = words, axes = axes, seconds = started.elapsed());
    Ok(profile)
}

/// Measures texts by anyone against the base model's own writing.
///
/// # Errors
/// When the shipped style space is damaged.
pub(in crate::app) fn measured(texts: &[&str]) -> Result<Profile, AppError> {
    let profile = measure(StyleSpace::shipped()?, texts, &Library::shipped()?.base().measured)?;
    // The style space counts words in its own way. What is shown is the one count that the store has.
    Ok(Profile { words: texts.iter().map(|text| count_words(text)).sum(), ..profile })
}
