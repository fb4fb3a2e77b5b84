//! The pieces screens are drawn with. They know numbers and words, no screen.

mod axes;
mod chart;
mod curves;
mod field;
mod list;
mod page;
mod panel;
mod text_area;
mod title;
mod track;

pub use axes::{
    Mark, about_base, beside, columns, common_scale, largest, marked, paired, paired_legend, placed, placed_legend,
    pole,
};
pub use chart::loss_chart;
pub use curves::curves_chart;
pub use field::draw_field;
pub use list::{Hits, ListPlace, Room};
pub use page::Page;
pub use panel::Panel;
pub use text_area::TextArea;
pub use title::big_title;
pub use track::{Track, gauge};

/// From this width on two panels stand side by side.
pub const WIDE: u16 = 100;
/// Below this width a screen makes do with its conclusion, its picture and its keys.
pub const NARROW: u16 = 50;
/// From this width on there is room for full names.
pub const ROOMY: u16 = 60;
