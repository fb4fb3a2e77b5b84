//! How things look: styles by their role, and the characters that plots are made of. It does not know what is drawn.
//!
//! | file | job |
//! |---|---|
//! | `shelf` | finds a theme's text: the user's folder, then the shipped ones |
//! | `parse` | one file, with the line of everything in it |
//! | `inherit` | joins a file with those it inherits from |
//! | `depth` | how many colours a terminal has, and the nearest of them |
//! | `glyphs` | Unicode and ASCII characters |
//! | `watch` | reads a theme again when its files change |
//!
//! `docs/themes.md` says how to write one.

mod depth;
mod glyphs;
mod inherit;
mod parse;
mod shelf;
#[cfg(test)]
mod tests;
mod watch;

use std::io;
use std::path::{Path, PathBuf};

use ratatui::buffer::Buffer;
use ratatui::style::{Color, Style};

pub use depth::{Depth, contrast};
pub use glyphs::Glyphs;
use shelf::Shelf;
pub use watch::Watched;

/// The theme where none is wished.
pub const DEFAULT: &str = "default";
/// The theme where there are no colours.
const MONO: &str = "mono";

/// Why a theme cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ThemeError {
    #[error("{0}")]
    Unknown(String),
    #[error("the theme {path} cannot be read ({source}): make it readable, or choose another theme")]
    Unreadable { path: PathBuf, source: io::Error },
    #[error("{file}, line {line}: {what}")]
    Malformed { file: String, line: usize, what: String },
}

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

#[derive(Clone, Debug)]
pub struct Theme {
    pub name: String,
    /// What the theme is made for; none where it is the terminal's own.
    pub background: Option<Color>,
    pub styles: Styles,
    pub glyphs: Glyphs,
}

macro_rules! roles {
    ($($(#[$note:meta])* $role:ident),+ $(,)?) => {
        /// One style a role.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct Styles { $($(#[$note])* pub $role: Style,)+ }

        impl Styles {
            /// The names of the roles, as a theme file writes them.
            pub const ROLES: &'static [&'static str] = &[$(stringify!($role)),+];

            /// Asks for the style of each role.
            fn of<E>(mut style: impl FnMut(&str) -> Result<Style, E>) -> Result<Self, E> {
                Ok(Self { $($role: style(stringify!($role))?),+ })
            }

            fn map(&self, change: impl Fn(Style) -> Style) -> Self {
                Self { $($role: change(self.$role)),+ }
            }

            /// Each role's name and style.
            pub fn each(&self) -> impl Iterator<Item = (&'static str, Style)> {
                [$((stringify!($role), self.$role)),+].into_iter()
            }
        }
    };
}

roles! {
    text,
    dim,
    heading,
    key,
    tab,
    tab_here,
    selected,
    /// The person.
    user,
    /// The base model.
    base,
    /// A model of the library.
    other,
    good,
    bad,
    guide,
    field,
    rule,
    /// The border of the panel with the focus.
    focus,
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

    /// Gives the cells that have no colours of their own the theme's, where it is made for a background.
    pub fn paint(&self, buffer: &mut Buffer) {
        let Some(background) = self.background else { return };
        for cell in &mut buffer.content {
            if cell.bg == Color::Reset {
                cell.bg = background;
            }
            if cell.fg == Color::Reset {
                cell.fg = self.styles.text.fg.unwrap_or(Color::Reset);
            }
        }
    }
}

/// Black or white, whichever stands out.
fn legible_on(ground: Color) -> Color {
    let against = |colour| contrast(colour, ground).unwrap_or_default();
    if against(Color::Black) > against(Color::White) { Color::Black } else { Color::White }
}
