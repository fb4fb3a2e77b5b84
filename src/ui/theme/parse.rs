//! One theme file: what may stand in it and on which line. It does not know the other files.

use std::collections::BTreeMap;
use std::fmt;

use ratatui::style::{Color, Modifier};
use serde::Deserialize;
use serde::de::{Deserializer, Error, Visitor};
use toml::Spanned;

use super::error::ThemeError;
use super::shelf::Source;

/// How a colour is written without a palette.
pub(super) const COLOURS: &str = "#rrggbb, a name such as lightblue, or a number from 0 to 255";

/// A parsed file, with its text for messages.
#[derive(Clone, Debug)]
pub(super) struct File {
    pub source: Source,
    pub written: Written,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Written {
    pub name: Option<String>,
    /// The theme that has what is not written here.
    pub inherits: Option<Spanned<String>>,
    /// What the theme is made for, and paints where it can.
    pub background: Option<Spanned<WrittenColour>>,
    #[serde(default)]
    pub palette: BTreeMap<String, Spanned<WrittenColour>>,
    pub styles: Option<Spanned<BTreeMap<Spanned<String>, WrittenStyle>>>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(clippy::struct_excessive_bools)] // each is a key of the file
pub(super) struct WrittenStyle {
    pub fg: Option<Spanned<WrittenColour>>,
    pub bg: Option<Spanned<WrittenColour>>,
    #[serde(default)]
    bold: bool,
    #[serde(default)]
    dim: bool,
    #[serde(default)]
    italic: bool,
    #[serde(default)]
    underlined: bool,
    #[serde(default)]
    reversed: bool,
}

impl WrittenStyle {
    pub fn modifiers(&self) -> Modifier {
        [
            (self.bold, Modifier::BOLD),
            (self.dim, Modifier::DIM),
            (self.italic, Modifier::ITALIC),
            (self.underlined, Modifier::UNDERLINED),
            (self.reversed, Modifier::REVERSED),
        ]
        .into_iter()
        .filter(|(wanted, _)| *wanted)
        .map(|(_, modifier)| modifier)
        .collect()
    }
}

/// A colour as it is written: the name of an entry of the palette, or a colour itself.
#[derive(Clone, Debug)]
pub(super) enum WrittenColour {
    Text(String),
    Index(u8),
}

impl WrittenColour {
    /// The colour, where it needs no palette.
    pub fn plain(&self) -> Option<Color> {
        match self {
            Self::Text(text) => text.parse().ok(),
            Self::Index(index) => Some(Color::Indexed(*index)),
        }
    }
}

impl<'de> Deserialize<'de> for WrittenColour {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ColourVisitor)
    }
}

struct ColourVisitor;

impl Visitor<'_> for ColourVisitor {
    type Value = WrittenColour;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "a colour: a name from [palette], {COLOURS}")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<WrittenColour, E> {
        Ok(WrittenColour::Text(text.to_owned()))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<WrittenColour, E> {
        let index = u8::try_from(number);
        index.map(WrittenColour::Index).map_err(|_| E::custom(format!("{number} is no colour: write {COLOURS}")))
    }
}

impl File {
    /// # Errors
    /// When the text is no theme; the message names the line.
    pub fn parse(source: Source) -> Result<Self, ThemeError> {
        let written: Written = toml::from_str(&source.text)
            .map_err(|error| source.error(&error.span().unwrap_or_default(), error.message()))?;
        if written.name.is_none() {
            let what = format!("the theme has no name: begin the file with name = \"{}\"", source.name);
            return Err(source.error(&(0..0), what));
        }
        Ok(Self { source, written })
    }
}
