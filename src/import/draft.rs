//! A text that was read from a file, before its author is known and it becomes a document. Knows no format and no file.

use super::report::{DropReason, Hint, ImportError};
use crate::platform::cancel::Cancel;

#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub(super) struct Author {
    pub name: Option<String>,
    /// Lower case.
    pub address: Option<String>,
}

impl Author {
    /// What tells this author from others.
    pub fn key(&self) -> String {
        self.address.clone().or_else(|| self.name.as_deref().map(str::to_lowercase)).unwrap_or_default()
    }

    /// For people: `Name <address>`.
    pub fn shown(&self) -> String {
        match (&self.name, &self.address) {
            (Some(name), Some(address)) => format!("{name} <{address}>"),
            (Some(one), None) | (None, Some(one)) => one.clone(),
            (None, None) => "(unknown)".into(),
        }
    }

    /// Whether this is who the user says they are: an address, a name, or `Name <address>`.
    pub fn is_any_of(&self, me: &[String]) -> bool {
        me.iter().any(|mine| {
            let mine = mine.trim().to_lowercase();
            let inner = mine.rsplit_once('<').map(|(_, rest)| rest.trim_end_matches('>').trim().to_owned());
            let is = |candidate: &str| candidate == mine || inner.as_deref() == Some(candidate);
            self.address.as_deref().is_some_and(is) || self.name.as_deref().is_some_and(|name| is(&name.to_lowercase()))
        })
    }
}

#[derive(Clone, Debug, Default)]
pub(super) struct Draft {
    pub thread: Option<String>,
    pub message_id: Option<String>,
    pub parent_id: Option<String>,
    pub author: Option<Author>,
    pub timestamp: Option<i64>,
    pub title: Option<String>,
    /// What the text itself says it replies to; the parent's own text is better where it is known.
    pub context: Option<String>,
    /// Cleaned.
    pub text: String,
    /// Why it cannot become a document, where that is already known. It may still be the parent of one that can.
    pub dropped: Option<DropReason>,
}

#[derive(Default)]
pub(super) struct Parsed {
    pub drafts: Vec<Draft>,
    pub long_lines: usize,
    pub notes: Vec<String>,
    pub hint: Option<Hint>,
}

/// Lets a parser tell how far it is, and learn that it should stop.
pub(super) struct Pace<'a> {
    pub cancel: &'a Cancel,
    /// Called with the number of texts found in this file so far.
    pub tick: &'a mut dyn FnMut(usize),
}

/// Texts between two calls of `tick`.
const TICK_EVERY: usize = 200;

impl Pace<'_> {
    /// To be called before each text.
    pub fn step(&mut self, texts: usize) -> Result<(), ImportError> {
        self.cancel.check()?;
        if texts > 0 && texts.is_multiple_of(TICK_EVERY) {
            (self.tick)(texts);
        }
        Ok(())
    }
}

/// Leaves out the lines over `limit` bytes; says how many they were.
pub(super) fn without_long_lines(text: String, limit: usize) -> (String, usize) {
    let too_long = |line: &str| line.len() > limit;
    let count = text.split('\n').filter(|line| too_long(line)).count();
    if count == 0 {
        return (text, 0);
    }
    let kept: Vec<&str> = text.split('\n').filter(|line| !too_long(line)).collect();
    (kept.join("\n"), count)
}
