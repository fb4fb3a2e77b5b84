//! Where the rows of a list stand: which of them are shown, and which one is under the mouse. They are drawn by what is asked for a click.

use std::ops::Range;

use ratatui::layout::{Position, Rect};

/// What drawing leaves behind: what a click and a scroll key need.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hits {
    /// How far each panel can be scrolled.
    limits: Vec<usize>,
    /// Where the list of the screen stands, if it has one.
    pub list: Option<ListPlace>,
    /// The row of the first panel where what came last begins, on a page that grows at its end.
    pub newest: Option<usize>,
    /// Columns of the field of several lines: what Up and Down in it go by.
    pub field: usize,
    /// How far what lies over the screen can be scrolled, and where its list stands.
    pub above_limit: usize,
    pub list_above: Option<ListPlace>,
}

impl Hits {
    #[must_use]
    pub fn limit(&self, panel: usize) -> usize {
        self.limits.get(panel).copied().unwrap_or(0)
    }

    pub fn set_limit(&mut self, panel: usize, limit: usize) {
        if self.limits.len() <= panel {
            self.limits.resize(panel + 1, 0);
        }
        self.limits[panel] = limit;
    }
}

/// The columns of a row that are still free, handed out by importance: what comes later does not jump the queue by being shorter.
pub struct Room {
    left: usize,
    open: bool,
}

impl Room {
    #[must_use]
    pub fn new(left: usize) -> Self {
        Self { left, open: true }
    }

    /// So many columns, or none where they do not fit any more.
    pub fn take(&mut self, needed: usize) -> usize {
        self.open &= needed <= self.left;
        let taken = if self.open { needed } else { 0 };
        self.left -= taken;
        taken
    }

    #[must_use]
    pub fn left(&self) -> usize {
        self.left
    }
}

/// The rows of a list that are shown, each with its number, from the top down, and the place where it stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListPlace(Vec<(usize, Rect)>);

impl ListPlace {
    /// As much of a list of `length` rows as fits, with the row of the cursor among it. Rows stay where they were drawn before as long as
    /// they can: a second click finds what the first one found.
    #[must_use]
    pub fn around(before: Option<&Self>, length: usize, cursor: usize, area: Rect) -> Self {
        let before = before.and_then(|before| before.0.first()).map_or(0, |(row, _)| *row);
        Self(window(before, length, cursor, usize::from(area.height)).zip(area.rows()).collect())
    }

    /// A list whose rows stand on these lines of a page that is drawn from line `scroll` on.
    #[must_use]
    pub fn on_page(lines: &[usize], scroll: usize, area: Rect) -> Self {
        let place = |line: usize| area.rows().nth(line.checked_sub(scroll)?);
        let rows = lines.iter().enumerate();
        Self(rows.filter_map(|(row, &line)| Some((row, place(line)?))).collect())
    }

    /// How many rows of a list of so many are hidden above it and below it.
    #[must_use]
    pub fn hidden(&self, length: usize) -> (usize, usize) {
        let first = self.0.first().map_or(0, |(row, _)| *row);
        (first, length.saturating_sub(first + self.0.len()))
    }

    pub fn rows(&self) -> impl Iterator<Item = (usize, Rect)> {
        self.0.iter().copied()
    }

    /// The row at this cell.
    #[must_use]
    pub fn row_at(&self, column: u16, row: u16) -> Option<usize> {
        self.rows().find(|(_, place)| place.contains(Position::new(column, row))).map(|(row, _)| row)
    }
}

/// The part of a list of `length` rows that is shown in `rows` rows so that the cursor is among them: from row `before` on, or as near to
/// that as can be.
fn window(before: usize, length: usize, cursor: usize, rows: usize) -> Range<usize> {
    let start = before.min(cursor).max((cursor + 1).saturating_sub(rows)).min(length.saturating_sub(rows));
    start..(start + rows).min(length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cursor_is_always_in_the_window() {
        assert_eq!(window(0, 6, 0, 10), 0..6);
        assert_eq!(window(0, 6, 0, 3), 0..3);
        assert_eq!(window(0, 6, 4, 3), 2..5);
        assert_eq!(window(0, 6, 5, 3), 3..6);
        assert_eq!(window(0, 0, 0, 3), 0..0);
        assert_eq!(window(0, 6, 5, 0), 6..6);
    }

    #[test]
    fn the_window_moves_only_where_it_must() {
        assert_eq!(window(2, 6, 3, 3), 2..5, "the cursor is in it");
        assert_eq!(window(2, 6, 1, 3), 1..4, "above it");
        assert_eq!(window(2, 6, 5, 3), 3..6, "below it");
        assert_eq!(window(2, 6, 3, 5), 1..6, "there is more room");
        assert_eq!(window(9, 4, 3, 3), 1..4, "there are fewer rows");
        assert_eq!(window(9, 0, 0, 3), 0..0);
    }

    #[test]
    fn a_cell_belongs_to_the_row_that_is_drawn_there() {
        let place = ListPlace::around(None, 6, 4, Rect::new(2, 5, 10, 3));
        let drawn: Vec<_> = place.rows().map(|(row, area)| (row, area.y)).collect();
        assert_eq!(drawn, [(2, 5), (3, 6), (4, 7)]);
        assert_eq!([place.row_at(2, 5), place.row_at(11, 7)], [Some(2), Some(4)]);
        assert_eq!([place.row_at(1, 5), place.row_at(12, 5), place.row_at(2, 4), place.row_at(2, 8)], [None; 4]);
        let short = ListPlace::around(None, 2, 0, Rect::new(0, 0, 10, 5));
        assert_eq!([short.row_at(0, 1), short.row_at(0, 2)], [Some(1), None], "below the last row there is none");
    }

    #[test]
    fn a_list_on_a_page_moves_with_it() {
        let area = Rect::new(0, 10, 8, 5);
        let drawn = |scroll| {
            let place = ListPlace::on_page(&[3, 4, 7], scroll, area);
            place.rows().map(|(row, area)| (row, area.y)).collect::<Vec<_>>()
        };
        assert_eq!(drawn(0), [(0, 13), (1, 14)]);
        assert_eq!(drawn(3), [(0, 10), (1, 11), (2, 14)], "what stands between two rows is none");
        assert_eq!(drawn(4), [(1, 10), (2, 13)]);
        assert_eq!(drawn(8), []);
    }
}
