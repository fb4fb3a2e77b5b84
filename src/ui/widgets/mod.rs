//! The pieces screens are drawn with. They know numbers and words, no screen.

mod axes;
mod chart;
mod field;
mod list;
mod page;
mod panel;
mod picture;
mod text_area;
mod title;
mod track;

pub use axes::{Mark, columns, largest, marked, pole};
pub use chart::{Point, Series, Stroke, loss_chart, points, training_chart};
pub use field::draw_field;
pub use list::{Hits, ListPlace, Room};
pub use page::{Bar, Page};
pub use panel::Panel;
pub use picture::{AxisPicture, AxisRow};
pub use text_area::TextArea;
pub use title::big_title;
pub use track::{Track, gauge, signed_gauge};

/// From this width on two panels stand side by side.
pub const WIDE: u16 = 100;
/// Below this width a screen makes do with its conclusion, its picture and its keys.
pub const NARROW: u16 = 50;
/// From this width on there is room for full names.
pub const ROOMY: u16 = 60;
