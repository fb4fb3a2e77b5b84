//! How things look: styles by their role, and the characters that plots are made of. It does not know what is drawn.
//!
//! | file | job |
//! |---|---|
//! | `shelf` | finds a theme's text: the user's folder, then the shipped ones |
//! | `parse` | one file, with the line of everything in it |
//! | `inherit` | joins a file with those it inherits from |
//! | `depth` | how many colours a terminal has, and the nearest of them |
//! | `glyphs` | Unicode and ASCII characters |
//! | `look` | a theme as it is used |
//! | `load` | a theme by its name, as a terminal can show it |
//! | `watch` | reads a theme again when its files change |
//!
//! `docs/themes.md` says how to write one.

mod depth;
mod error;
mod glyphs;
mod inherit;
mod load;
mod look;
mod parse;
mod shelf;
#[cfg(test)]
mod tests;
mod watch;

pub use depth::{Depth, contrast};
pub use error::ThemeError;
pub use glyphs::Glyphs;
pub use load::{Abilities, DEFAULT};
pub use look::{Styles, Theme};
pub use watch::Watched;
