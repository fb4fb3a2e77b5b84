//! What the user can set for an import: which fields hold what, which texts are theirs, and limits.

use std::fmt;
use std::str::FromStr;

/// Larger files are refused, because files are read whole.
pub const MAX_FILE_BYTES: u64 = 256 * 1024 * 1024;
/// Longer lines are not prose (base64, minified data) and are dropped.
pub const MAX_LINE_BYTES: usize = 1024 * 1024;
/// Shorter texts say nothing about a style.
pub const MIN_WORDS: usize = 4;
/// More context than this does not help to write the reply.
pub const MAX_CONTEXT_CHARS: usize = 4000;

#[derive(Clone, Debug)]
pub struct ImportOptions {
    /// Which JSON fields hold what; guessed, with a note, if absent.
    pub map: Option<FieldMap>,
    /// Addresses or author names that are the user's, compared without case.
    pub me: Vec<String>,
    pub max_file_bytes: u64,
    pub max_line_bytes: usize,
    pub min_words: usize,
}

impl Default for ImportOptions {
    fn default() -> Self {
        Self {
            map: None,
            me: Vec::new(),
            max_file_bytes: MAX_FILE_BYTES,
            max_line_bytes: MAX_LINE_BYTES,
            min_words: MIN_WORDS,
        }
    }
}

/// Which field of a JSON record holds what. A dotted name (`message.text`) looks inside an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldMap {
    pub text: String,
    pub context: Option<String>,
    pub author: Option<String>,
    pub date: Option<String>,
}

impl FieldMap {
    /// The roles with the field each is mapped to.
    pub(super) fn roles(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let optional = [("context", &self.context), ("author", &self.author), ("date", &self.date)];
        std::iter::once(("text", self.text.as_str()))
            .chain(optional.into_iter().filter_map(|(role, field)| field.as_deref().map(|field| (role, field))))
    }
}

impl fmt::Display for FieldMap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (role, field)) in self.roles().enumerate() {
            write!(f, "{}{role}={field}", if index > 0 { "," } else { "" })?;
        }
        Ok(())
    }
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MapError {
    #[error("`{0}` is not ROLE=FIELD. Write text=FIELD[,context=FIELD,author=FIELD,date=FIELD]")]
    NotAPair(String),
    #[error("`{0}` is not a role. The roles are text, context, author and date, as in text=FIELD,context=FIELD")]
    UnknownRole(String),
    #[error("`{0}` is given twice. Give each of text, context, author and date at most once")]
    Twice(&'static str),
    #[error("no field for the text is given. Write text=FIELD[,context=FIELD,author=FIELD,date=FIELD]")]
    NoText,
}

impl FromStr for FieldMap {
    type Err = MapError;

    fn from_str(map: &str) -> Result<Self, MapError> {
        let (mut text, mut context, mut author, mut date) = (None, None, None, None);
        for pair in map.split(',').map(str::trim).filter(|pair| !pair.is_empty()) {
            let (role, field) = pair
                .split_once('=')
                .map(|(role, field)| (role.trim(), field.trim()))
                .filter(|(_, field)| !field.is_empty())
                .ok_or_else(|| MapError::NotAPair(pair.to_owned()))?;
            let (role, slot) = match role {
                "text" => ("text", &mut text),
                "context" => ("context", &mut context),
                "author" => ("author", &mut author),
                "date" => ("date", &mut date),
                _ => return Err(MapError::UnknownRole(role.to_owned())),
            };
            if slot.replace(field.to_owned()).is_some() {
                return Err(MapError::Twice(role));
            }
        }
        Ok(Self { text: text.ok_or(MapError::NoText)?, context, author, date })
    }
}
