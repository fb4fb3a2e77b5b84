//! How things look: styles by their role, and the characters that plots are made of. It does not know what is drawn.
//!
//! | file | job |
//! |---|---|
//! | `shelf` | finds a theme's text: the user's folder, then the shipped ones |
//! | `file` | a theme from its file and those it inherits from |
//! | `depth` | how many colours a terminal has, and the nearest of them |
//! | `glyphs` | Unicode and ASCII characters |
//! | `look` | a theme as it is used, and as a terminal can show it |
//! | `watch` | reads a theme again when its files change |
//!
//! `docs/themes.md` says how to write one.

mod depth;
mod file;
mod glyphs;
mod look;
mod shelf;
mod watch;

pub use depth::{Depth, contrast};
pub use file::DEFAULT;
pub use glyphs::Glyphs;
pub use look::{Abilities, Styles, Theme};
pub use shelf::ThemeError;
pub use watch::Watched;
