//! The keys of Settings.

use super::jobs::Examine;
use super::state::Settings;
use crate::ui::shell::binding::Binding;
use crate::ui::shell::keys::{ENTER, LEFT, RIGHT, char, row};

pub const KEYS: &[Binding<Settings>] = &[
    row("next-value", &[RIGHT, ENTER], "change", "the next value; it takes effect at once and is saved")
        .also("theme colours memory time limit")
        .runs(Settings::next_value),
    row("previous-value", &[LEFT], "change back", "the previous value").quiet().runs(Settings::previous_value),
    row("check-again", &[char('c')], "check again", "check this machine again")
        .also("doctor")
        .runs(Settings::check_again)
        .when(|_, shared| !shared.runs::<Examine>()),
];
