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
use crate::app::present::words::{count, day};
use crate::platform::cancel::Cancel;

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

/// The texts by where they come from, or those that have a date in up to six spans of about equal words.
///
/// # Errors
/// When there are no texts, they cannot be read, or `cancel` was requested.
pub fn by(context: &Context, by: By, cancel: &Cancel) -> Result<Parts, AppError> {
    let started = Instant::now();
    let texts = context.texts()?;
    let (groups, undated): (Vec<_>, usize) = match by {
        By::Source => (groups(&texts).into_iter().map(|group| (Some(group.label), group.texts)).collect(), 0),
        By::Time => {
            let (spans, undated) = spans(&texts);
            (spans.into_iter().map(|span| (None, span)).collect(), undated)
        }
    };
    let mut parts = Vec::with_capacity(groups.len());
    for (label, texts) in groups {
        cancel.check()?;
        parts.push(Part::measure(label, &texts)?);
    }
    log::event!(INFO, "profile in parts", parts = parts.len(), seconds = started.elapsed());
    Ok(Parts::of(by, parts, undated))
}

impl Parts {
    /// Parts that were measured, compared.
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
            match only.texts {
                1 => format!("Only one text has a date, {day}."),
                texts => format!("All texts with a date ({texts}) have the same timestamp, on {day}."),
            }
        } else if only.words < wanted {
            format!(
                "The texts with a date ({}) have {}, too few for two periods, which need about {} in all.",
                only.texts,
                count(only.words, "word"),
                count(wanted - only.words, "more word")
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
