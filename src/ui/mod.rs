//! The screens of the program, and the shell around them.
//!
//! | folder | job |
//! |---|---|
//! | `shell` | everything around the screens: keys, jobs, palette, guide, the loop; knows them by one trait |
//! | `screens` | one folder per screen: its state, what changes it (pure), how it is drawn, its keys and jobs; knows no other screen |
//! | `widgets` | pieces that screens are drawn with; know no screen |
//! | `theme` | styles and characters, from files, for the colours a terminal has |
//! | `format`, `fuzzy`, `values` | numbers and untrusted text; finding by a few letters; stepping through values |
//!
//! Knows the use cases of `app`; nothing below knows of it.

pub mod format;
mod fuzzy;
pub mod screens;
pub mod shell;
pub mod theme;
mod values;
pub mod widgets;

use crate::app::Context;
use crate::app::demo::Demo;
use crate::platform::cancel::Cancel;
pub use shell::driver::UiError;

/// Opens all screens; see [`shell::driver::run`].
///
/// # Errors
/// When the theme or the user's keys cannot be used, there is no terminal, or it goes away.
pub fn run(context: Context, demo: Option<Demo>, cancel: Cancel) -> Result<(), UiError> {
    shell::driver::run(context, demo, cancel, screens::all)
}

/// The keys of all screens as shipped.
pub fn shipped_keys(context: &Context) -> shell::keys::Keymap {
    shell::keys::Keymap::shipped(shell::table::table(&screens::all(context, "")))
}
