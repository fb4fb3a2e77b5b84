//! Some of the user's texts, measured separately: a source or a period. Knows no other part.

use serde::Serialize;

use super::whole::measured;
use crate::app::error::AppError;
use crate::app::present::words::{count, day};
use crate::store::Text;
use crate::style::AxisScore;

/// What the texts are parted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum By {
    Source,
    Time,
}

/// Some of the texts, measured by themselves.
#[derive(Clone, Debug, Serialize)]
pub struct Part {
    /// What it is called: a file, a folder, a kind of files, or days.
    pub label: String,
    /// How many files the texts come from.
    pub files: usize,
    pub texts: usize,
    pub words: usize,
    /// How many more words are needed before scores are given; 0 where they are.
    pub missing_words: usize,
    /// Unix seconds of the oldest and of the newest dated text.
    pub first: Option<i64>,
    pub last: Option<i64>,
    /// One score an axis; empty while words are missing.
    pub axes: Vec<AxisScore>,
}

impl Part {
    /// Measures these texts. What has no name is called by its days.
    pub(super) fn measure(label: Option<String>, texts: &[&Text]) -> Result<Self, AppError> {
        let words: Vec<&str> = texts.iter().map(|text| text.document.text.as_str()).collect();
        let profile = measured(&words)?;
        let mut files: Vec<&str> = texts.iter().map(|text| text.source.as_str()).collect();
        files.sort_unstable();
        files.dedup();
        let dates = || texts.iter().filter_map(|text| text.timestamp);
        let mut part = Self {
            label: label.unwrap_or_default(),
            files: files.len(),
            texts: profile.texts,
            words: profile.words,
            missing_words: profile.missing_words,
            first: dates().min(),
            last: dates().max(),
            axes: profile.axes,
        };
        if part.label.is_empty() {
            part.label = part.days().unwrap_or_default();
        }
        Ok(part)
    }

    pub fn is_measured(&self) -> bool {
        !self.axes.is_empty()
    }

    /// From which day to which it was written, where that is known.
    pub fn days(&self) -> Option<String> {
        let (first, last) = (day(self.first?), day(self.last?));
        Some(if first == last { first } else { format!("{first} to {last}") })
    }

    /// What it lacks to be measured, if it does.
    pub fn lack(&self) -> Option<String> {
        let Self { label, words, missing_words, .. } = self;
        let (words, more) = (count(*words, "word"), count(*missing_words, "more word"));
        let too_little = || format!("{label}: {words}, too few to score; a score needs about {more}.");
        (!self.is_measured()).then(too_little)
    }
}
