//! The rows of the Style screen.

use super::{A, DOWN, ESC, Entry, LEFT, Place, RIGHT, UP, char, row};
use crate::app::profile::By;
use crate::ui::screens::{Screen, style};

pub(super) const ROWS: &[Entry] = {
    use Place::On;
    use Screen::Style;
    &[
        row(On(Style), A::Down, &[DOWN, char('j')], ("next axis", "explain the next axis"), style::down)
            .when(style::has_axes),
        row(On(Style), A::Up, &[UP, char('k')], ("previous axis", "explain the previous axis"), style::up)
            .when(style::has_axes)
            .quiet(),
        row(
            On(Style),
            A::NextPair,
            &[RIGHT],
            ("other two", "where sources are compared: the next two of them"),
            style::next_pair,
        )
        .when(style::has_pairs),
        row(
            On(Style),
            A::PreviousPair,
            &[LEFT],
            ("two before", "where sources are compared: the two before"),
            style::previous_pair,
        )
        .when(style::has_pairs)
        .quiet(),
        row(On(Style), A::ClosePane, &[ESC], ("close", "back to all your texts together"), style::close_pane)
            .when(style::is_open),
        row(
            On(Style),
            A::CompareSources,
            &[char('c')],
            ("compare sources", "two places that your texts come from, axis by axis"),
            |m| style::open(m, By::Source),
        )
        .when(|m| style::may_open(m, By::Source)),
        row(
            On(Style),
            A::OverTime,
            &[char('t')],
            ("over time", "how you wrote from the oldest of your texts to the newest"),
            |m| style::open(m, By::Time),
        )
        .when(|m| style::may_open(m, By::Time)),
    ]
};
