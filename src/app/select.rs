//! The library model that fits the user's style, and why.

use std::time::Instant;

use serde::Serialize;

use super::context::Context;
use super::error::AppError;
use crate::selection::{Candidate, Choice, Library, UserStyle, rank};
use crate::style::{StyleSpace, profile};

/// What selection found, and how long it took.
#[derive(Clone, Debug, Serialize)]
pub struct Selected {
    pub texts: usize,
    pub words: usize,
    /// Best first.
    pub candidates: Vec<Candidate>,
    pub choice: Choice,
    pub elapsed_ms: f64,
}

/// Compares the user's style with every card of the library. Loads no model.
///
/// # Errors
/// When there are no texts, or the library or the style space is damaged.
pub fn select(context: &Context) -> Result<Selected, AppError> {
    let started = Instant::now();
    let texts = context.store()?.texts()?;
    if texts.is_empty() {
        return Err(AppError::NoTexts);
    }
    let texts: Vec<&str> = texts.iter().map(|text| text.document.text.as_str()).collect();
    let (space, library) = (StyleSpace::shipped()?, Library::shipped()?);
    let base = &library.base().measured;
    let profile = profile(space, &texts, base)?;
    let user = UserStyle { estimate: &profile.estimate, drawn: &profile.drawn, missing_words: profile.missing_words };
    let selection = rank(space, &user, library.cards());
    Ok(Selected {
        texts: profile.texts,
        words: profile.words,
        candidates: selection.candidates,
        choice: selection.choice,
        elapsed_ms: started.elapsed().as_secs_f64() * 1000.0,
    })
}
