//! Where the rows of a list stand: which of them are shown, and which one is under the mouse. Drawing and clicks use the same
//! positions.

use std::collections::BTreeMap;

use ratatui::layout::{Position, Rect};

/// What drawing leaves behind: what a click and a scroll key need.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hits {
    /// Where a click does an action, by its name.
    pub buttons: Vec<(Rect, &'static str)>,
    /// How far each panel can be scrolled.
    pub limits: BTreeMap<usize, usize>,
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
    pub fn limit(&self, panel: usize) -> usize {
        self.limits.get(&panel).copied().unwrap_or(0)
    }
}

/// The columns of a row that are still free, handed out by importance: what comes later does not jump the queue by being shorter.
pub struct Room {
    left: usize,
    open: bool,
}

impl Room {
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
    pub fn around(before: Option<&Self>, length: usize, cursor: usize, area: Rect) -> Self {
        let before = before.and_then(|before| before.0.first()).map_or(0, |(row, _)| *row);
        let rows = usize::from(area.height);
        let start = before.min(cursor).max((cursor + 1).saturating_sub(rows)).min(length.saturating_sub(rows));
        Self((start..length).zip(area.rows()).collect())
    }

    /// A list whose rows stand on these lines of a page that is drawn from line `scroll` on.
    pub fn on_page(lines: &[usize], scroll: usize, area: Rect) -> Self {
        let place = |line: usize| area.rows().nth(line.checked_sub(scroll)?);
        let rows = lines.iter().enumerate();
        Self(rows.filter_map(|(row, &line)| Some((row, place(line)?))).collect())
    }

    /// How many of `length` rows are hidden above and below.
    pub fn hidden(&self, length: usize) -> (usize, usize) {
        let ends = self.0.first().zip(self.0.last());
        ends.map_or((0, 0), |((first, _), (last, _))| (*first, length.saturating_sub(last + 1)))
    }

    pub fn rows(&self) -> impl Iterator<Item = (usize, Rect)> {
        self.0.iter().copied()
    }

    pub fn row_at(&self, column: u16, row: u16) -> Option<usize> {
        self.rows().find(|(_, place)| place.contains(Position::new(column, row))).map(|(row, _)| row)
    }
}
