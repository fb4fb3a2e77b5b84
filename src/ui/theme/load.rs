//! Themes by name, as a terminal can show them.

use std::path::Path;

use ratatui::style::{Color, Style};

use super::depth::{Depth, contrast};
use super::error::ThemeError;
use super::glyphs::{self, Glyphs};
use super::inherit;
use super::look::Theme;
use super::shelf::Shelf;

/// The theme where none is wished.
pub const DEFAULT: &str = "default";
/// The theme where there are no colours.
pub(super) const MONO: &str = "mono";

/// What a terminal can show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Abilities {
    pub depth: Depth,
    pub unicode: bool,
}

impl Abilities {
    /// Those of the terminal the environment tells of.
    #[must_use]
    pub fn of_terminal() -> Self {
        let variable = |name: &str| std::env::var(name).ok();
        Self { depth: Depth::of(variable), unicode: glyphs::unicode(variable) }
    }
}

impl Theme {
    /// The theme of this name, in full colour: the user's `NAME.toml` in `folder`, or else a shipped one.
    ///
    /// # Errors
    /// When there is none, or a file of it cannot be used; the message says where.
    pub fn load(name: &str, folder: &Path) -> Result<Self, ThemeError> {
        inherit::load(name, &mut Shelf::new(Some(folder)))
    }

    /// The names there are to choose from: the shipped ones, then the user's in `folder`.
    #[must_use]
    pub fn names(folder: &Path) -> Vec<String> {
        Shelf::new(Some(folder)).names()
    }

    /// The shipped theme that needs least of a terminal.
    ///
    /// # Errors
    /// When a shipped theme is malformed.
    pub fn shipped(colour: bool, unicode: bool) -> Result<Self, ThemeError> {
        let theme = inherit::load(if colour { DEFAULT } else { MONO }, &mut Shelf::new(None))?;
        Ok(Self { glyphs: Glyphs::of(unicode), ..theme })
    }

    /// As a terminal can show it.
    #[must_use]
    pub fn fit(self, abilities: Abilities) -> Self {
        Self { glyphs: Glyphs::of(abilities.unicode), ..self.at(abilities.depth) }
    }

    /// With no more colours than a terminal of this depth has; without any it is the mono theme.
    ///
    /// # Panics
    /// When the shipped mono theme is malformed, which a test rules out.
    #[must_use]
    pub fn at(&self, depth: Depth) -> Self {
        if depth == Depth::None {
            let mono = Self::shipped(false, true).expect("shipped themes are tested");
            return Self { glyphs: self.glyphs.clone(), ..mono };
        }
        let background = self.background.map(|colour| depth.nearest(colour));
        let lowered = |style: Style| {
            let (fg, bg) = (style.fg.map(|colour| depth.nearest(colour)), style.bg.map(|colour| depth.nearest(colour)));
            // What was told apart from its ground only by a shade must not vanish in it.
            let vanished = fg.is_some() && fg == bg.or(background) && style.fg != style.bg.or(self.background);
            let fg = if vanished { fg.map(legible_on) } else { fg };
            Style { fg, bg, ..style }
        };
        Self { name: self.name.clone(), background, styles: self.styles.map(lowered), glyphs: self.glyphs.clone() }
    }
}

/// Black or white, whichever stands out.
fn legible_on(ground: Color) -> Color {
    let against = |colour| contrast(colour, ground).unwrap_or_default();
    if against(Color::Black) > against(Color::White) { Color::Black } else { Color::White }
}
