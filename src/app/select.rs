//! The library model that fits the user's style, and why.

use std::time::{Duration, Instant};

use serde::Serialize;

use super::basis::Basis;
use super::context::Context;
use super::error::AppError;
use super::log;
use crate::engine::Precision;
use crate::library::Library;
use crate::neural;
use crate::selection::{Assessment, Candidate, Choice, Embedded, Explanation, Fit, assess, assess_with};
use crate::store::count_words;
use crate::style::{AxisScore, Caution, ContrastWord, StyleSpace};

/// What selection found, what it rests on, and how long it took.
#[derive(Clone, Debug, Serialize)]
pub struct Selected {
    /// Version of the style space; it names the reader where the base model has read the texts.
    pub space: String,
    pub texts: usize,
    pub words: usize,
    /// What makes the texts a poor ground for it.
    pub cautions: Vec<Warned>,
    /// Best first.
    pub candidates: Vec<Candidate>,
    pub choice: Choice,
    /// How the proposed blend fits on each axis; none where none is proposed, or the base model has read the texts.
    #[serde(skip)]
    pub blended: Option<Fit>,
    pub explanation: Option<Explanation>,
    /// The user's place on every axis with what shows it; the same for all candidates.
    pub axes: Vec<AxisScore>,
    /// Share (0 to 1) of the user's difference from the base that no axis accounts for.
    pub unexplained: Option<f64>,
    pub contrast_words: Vec<ContrastWord>,
    pub elapsed_ms: f64,
}

/// A caution with its sentence.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Warned {
    #[serde(flatten)]
    pub caution: Caution,
    pub message: String,
}

impl Selected {
    fn new(space: &StyleSpace, texts: &[&str], assessed: Assessment, started: Instant) -> Self {
        let Assessment { cautions, profile, selection } = assessed;
        let warned = |caution: Caution| Warned { message: caution.to_string(), caution };
        let selected = Self {
            space: space.version().to_owned(),
            texts: profile.texts,
            words: texts.iter().map(|text| count_words(text)).sum(),
            cautions: cautions.into_iter().map(warned).collect(),
            candidates: selection.candidates,
            choice: selection.choice,
            blended: None,
            explanation: selection.explanation,
            axes: profile.axes,
            unexplained: profile.unexplained,
            contrast_words: profile.contrast_words,
            elapsed_ms: started.elapsed().as_secs_f64() * 1000.0,
        };
        selected.log();
        selected
    }

    fn log(&self) {
        log::event!(
            INFO,
            "selection",
            texts = self.texts,
            words = self.words,
            cautions = self.cautions.len(),
            candidates = self.candidates.len(),
            choice = <&str>::from(self.choice.kind),
            model = self.choice.id.as_deref().and_then(Library::shipped_id).unwrap_or("none"),
            parts = self.choice.parts().len(),
            seconds = Duration::from_secs_f64(self.elapsed_ms / 1000.0),
        );
    }

    /// What a model of the library is called, by its id.
    pub fn name<'s>(&'s self, id: &'s str) -> &'s str {
        let candidate = self.candidates.iter().find(|candidate| candidate.id == id);
        candidate.map_or(id, |candidate| &candidate.name)
    }

    /// The evidence behind an axis of a candidate.
    pub fn evidence(&self, axis: &str) -> Option<&AxisScore> {
        self.axes.iter().find(|score| score.axis.id == axis)
    }
}

/// Compares the user's style with every card of the library. Loads no model.
///
/// # Errors
/// When there are no texts, or the library or the style space is damaged.
pub fn select(context: &Context) -> Result<Selected, AppError> {
    Ok(select_with_basis(context)?.0)
}

/// The same with what it rests on, for blends of the user's own making.
///
/// # Errors
/// As [`select`].
pub fn select_with_basis(context: &Context) -> Result<(Selected, Basis), AppError> {
    let texts = context.texts()?;
    let texts: Vec<&str> = texts.iter().map(|text| text.document.text.as_str()).collect();
    of_with_basis(&texts, &Library::shipped()?)
}

/// The same where the base model has a look at the texts, too: surer where there are few of them, and seconds instead of
/// milliseconds.
///
/// # Errors
/// As [`select`]; and when there is no base model, or it is not the one that the library's readings are of.
pub fn select_reading(context: &Context, report: &mut dyn FnMut(&str)) -> Result<Selected, AppError> {
    let texts = context.texts()?;
    let texts: Vec<&str> = texts.iter().map(|text| text.document.text.as_str()).collect();
    report("loading the base model");
    let (model, base) = super::base::load(context, Precision::Dense)?;
    report("embedding your texts with the base model");
    let started = Instant::now();
    let plain = Library::shipped()?;
    if let Some(card) = plain.cards().iter().find(|card| card.base != base) {
        return Err(AppError::OtherReader { made_on: card.base.clone(), now: base });
    }
    let encoder = neural::encoder(&model, &base, context.threads);
    let read = plain.clone().with_embeddings()?;
    let (space, base, cards) = (StyleSpace::shipped_with_embeddings()?, &read.base().measured, read.cards());
    let embedded = Embedded { space, encoder: &encoder, base, cards };
    let assessed = assess_with(StyleSpace::shipped()?, &texts, &plain.base().measured, &embedded)?;
    Ok(Selected::new(space, &texts, assessed, started))
}

/// The same for these texts and this library.
///
/// # Errors
/// When there are no texts, or library and style space do not belong together.
pub fn of(texts: &[&str], library: &Library) -> Result<Selected, AppError> {
    Ok(of_with_basis(texts, library)?.0)
}

fn of_with_basis(texts: &[&str], library: &Library) -> Result<(Selected, Basis), AppError> {
    let started = Instant::now();
    if texts.is_empty() {
        return Err(AppError::NoTexts);
    }
    let space = StyleSpace::shipped()?;
    let assessed = assess(space, texts, &library.base().measured, library.cards())?;
    let basis = Basis::new(&assessed.profile, library.cards().to_vec());
    let blended = assessed.selection.choice.blend.as_ref().and_then(|blend| basis.predicted(&blend.parts));
    Ok((Selected { blended, ..Selected::new(space, texts, assessed, started) }, basis))
}
