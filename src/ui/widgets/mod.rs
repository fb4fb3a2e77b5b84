//! The pieces screens are drawn with. They know numbers and words, no screen.

mod axes;
mod chart;
mod field;
mod list;
mod page;
mod panel;
mod text_area;
mod track;

use ratatui::layout::{Constraint, Layout, Rect};

pub use axes::{AxisPicture, AxisRow, Mark, columns, largest, marked, pole};
pub use chart::{Series, Stroke, loss_chart, training_chart};
pub use field::draw_field;
pub use list::{Hits, ListPlace, Room};
pub use page::{Bar, Page};
pub use panel::Panel;
pub use text_area::TextArea;
pub use track::{Track, gauge, signed_gauge};

/// A length as a number of cells.
#[must_use]
pub fn cells(length: usize) -> u16 {
    u16::try_from(length).unwrap_or(u16::MAX)
}

/// The first `rows` rows of a place, as far as it has them, and what is below them.
#[must_use]
pub fn top(area: Rect, rows: u16) -> [Rect; 2] {
    let rows = rows.min(area.height);
    [Rect { height: rows, ..area }, Rect { y: area.y + rows, height: area.height - rows, ..area }]
}

/// The left and the right half of a place.
#[must_use]
pub fn halves(area: Rect) -> [Rect; 2] {
    Layout::horizontal([Constraint::Fill(1); 2]).areas(area)
}

/// From this width on two panels stand side by side.
pub const WIDE: u16 = 100;
/// Below this width a screen makes do with its conclusion, its picture and its keys.
pub const NARROW: u16 = 50;
/// From this width on there is room for full names.
pub const ROOMY: u16 = 60;
