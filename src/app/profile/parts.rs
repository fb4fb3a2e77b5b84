//! The user's texts measured in parts: by where they come from, or by when they were written. Each part is measured once, as all texts
//! together are.

use std::time::Instant;

use serde::Serialize;

use super::differences::{Difference, differences};
use super::part::{By, Part};
use super::sources::groups;
use super::spans::{LEAST_WORDS, spans};
use crate::app::context::Context;
use crate::app::error::AppError;
use crate::app::log;
use crate::app::present::words::day;
use crate::platform::cancel::Cancel;
use crate::store::Text;

/// All parts, and how they differ.
#[derive(Clone, Debug, Serialize)]
pub struct Parts {
    pub by: By,
    /// Most words first; of time, the oldest first.
    pub parts: Vec<Part>,
    /// Texts that belong to no part of time, since they have no date.
    pub undated: usize,
    /// Of places every two that were measured; of time the first span and the last.
    pub differences: Vec<Compared>,
}

/// Two parts, by their places among all, and how they differ.
#[derive(Clone, Debug, Serialize)]
pub struct Compared {
    pub first: usize,
    pub second: usize,
    pub axes: Vec<Difference>,
}

/// The texts parted as is asked.
///
/// # Errors
/// When there are no texts, they cannot be read, or `cancel` was requested.
pub fn by(context: &Context, by: By, cancel: &Cancel) -> Result<Parts, AppError> {
    let started = Instant::now();
    let parts = match by {
        By::Source => by_source(context, cancel),
        By::Time => by_time(context, cancel),
    }?;
    log::event!(INFO, "profile in parts", parts = parts.parts.len(), seconds = started.elapsed());
    Ok(parts)
}

/// The texts by where they come from.
///
/// # Errors
/// As [`by`].
pub fn by_source(context: &Context, cancel: &Cancel) -> Result<Parts, AppError> {
    let texts = some_texts(context)?;
    let groups = groups(&texts).into_iter().map(|group| (Some(group.label), group.texts));
    Parts::measure(By::Source, groups, 0, cancel)
}

/// The texts that have a date, in up to six spans of about equal words.
///
/// # Errors
/// As [`by`].
pub fn by_time(context: &Context, cancel: &Cancel) -> Result<Parts, AppError> {
    let texts = some_texts(context)?;
    let (spans, undated) = spans(&texts);
    Parts::measure(By::Time, spans.into_iter().map(|span| (None, span)), undated, cancel)
}

fn some_texts(context: &Context) -> Result<Vec<Text>, AppError> {
    let texts = context.store()?.texts()?;
    if texts.is_empty() { Err(AppError::NoTexts) } else { Ok(texts) }
}

impl Parts {
    fn measure<'t>(
        by: By,
        groups: impl Iterator<Item = (Option<String>, Vec<&'t Text>)>,
        undated: usize,
        cancel: &Cancel,
    ) -> Result<Self, AppError> {
        let mut parts = Vec::new();
        for (label, texts) in groups {
            cancel.check()?;
            parts.push(Part::measure(label, &texts)?);
        }
        Ok(Self::of(by, parts, undated))
    }

    /// Parts that were measured, compared.
    #[must_use]
    pub fn of(by: By, parts: Vec<Part>, undated: usize) -> Self {
        let compared = |(first, second): (usize, usize)| {
            let axes = differences(&parts[first], &parts[second]);
            Compared { first, second, axes }
        };
        let measured: Vec<usize> = (0..parts.len()).filter(|&at| parts[at].is_measured()).collect();
        let pairs: Vec<(usize, usize)> = match (by, &measured[..]) {
            (By::Time, [first, .., last]) => vec![(*first, *last)],
            (By::Time, _) => Vec::new(),
            (By::Source, measured) => {
                let after = |at: usize| measured[at + 1..].iter().map(move |&second| (measured[at], second));
                (0..measured.len()).flat_map(after).collect()
            }
        };
        let differences = pairs.into_iter().map(compared).collect();
        Self { by, undated, differences, parts }
    }

    /// Why there is nothing to compare, in sentences; none where there is.
    #[must_use]
    pub fn lacks(&self) -> Vec<String> {
        if !self.differences.is_empty() {
            return Vec::new();
        }
        match (self.by, &self.parts[..]) {
            (By::Source, [only]) => {
                vec![format!(
                    "All your texts come from one place, {}: there is nothing to compare it with.",
                    only.label
                )]
            }
            (By::Source, parts) => parts.iter().filter_map(Part::lack).collect(),
            (By::Time, []) if self.undated == 1 => vec!["Your only text has no date.".to_owned()],
            (By::Time, []) => vec![format!("None of your {} texts has a date.", self.undated)],
            (By::Time, parts) => self.time_lacks(parts),
        }
    }

    /// Fewer than two spans were measured.
    fn time_lacks(&self, spans: &[Part]) -> Vec<String> {
        let [only] = spans else { return spans.iter().filter_map(Part::lack).collect() };
        let wanted = 2 * LEAST_WORDS;
        let why = if only.first == only.last {
            let day = only.first.map(day).unwrap_or_default();
            format!("All texts with a date ({}) are of one moment, {day}.", only.texts)
        } else if only.words < wanted {
            format!(
                "The texts with a date ({}) have {} words, too little for two spans: about {} more are needed.",
                only.texts,
                only.words,
                wanted - only.words
            )
        } else {
            format!(
                "The texts with a date ({}) cannot be cut between two dates so that both sides have {LEAST_WORDS} words.",
                only.texts
            )
        };
        vec![why]
    }
}
