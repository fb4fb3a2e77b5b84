//! The keys of Style.

use super::state::Style;
use crate::app::profile::By;
use crate::ui::shell::binding::Binding;
use crate::ui::shell::keys::{ESC, LEFT, RIGHT, char, row};

pub const KEYS: &[Binding<Style>] = &[
    row("next-pair", &[RIGHT], "next two", "compare the next two sources")
        .runs(Style::next_pair)
        .when(Style::has_pairs),
    row("previous-pair", &[LEFT], "two before", "compare the previous two sources")
        .quiet()
        .runs(Style::previous_pair)
        .when(Style::has_pairs),
    row("close-pane", &[ESC], "close", "back to all your texts together")
        .runs(Style::close)
        .when(|style, shared| style.has_axes(shared) && style.by().is_some()),
    row("compare-sources", &[char('c')], "compare sources", "two places that your texts come from, axis by axis")
        .runs(|style: &mut Style, shared| style.open(By::Source, shared))
        .when(|style, shared| style.may_open(By::Source, shared)),
    row("over-time", &[char('t')], "over time", "how you wrote, from the oldest of your texts to the newest")
        .also("history dates periods change")
        .runs(|style: &mut Style, shared| style.open(By::Time, shared))
        .when(|style, shared| style.may_open(By::Time, shared)),
    row("show-numbers", &[char('#')], "numbers", "show or hide the numbers behind the picture")
        .also("coefficients percentiles intervals")
        .runs(Style::toggle_numbers)
        .when(Style::has_axes),
];
