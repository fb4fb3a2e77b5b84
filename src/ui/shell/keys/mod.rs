//! Everything a key can do, in one table: key handling, command bar, palette, help and documents are all read from it, so they cannot
//! disagree. Each screen brings its own rows; the shell's are in `table`. Knows keys and names, not what they do.

#[allow(clippy::module_inception)] // a key is a key
mod key;
mod keymap;
mod row;

pub use key::*;
pub use keymap::{Keymap, KeymapError};
pub use row::{Command, Entry, Layer, Place, Row, Target, quiet, row, typing};
