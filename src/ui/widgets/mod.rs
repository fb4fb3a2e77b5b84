//! The pieces screens are drawn with. They know numbers and words, not the model.

mod axes;
mod chart;
mod curves;
mod field;
mod list;
mod page;
mod title;
mod track;

pub use axes::{
    Mark, about_base, beside, columns, common_scale, largest, marked, paired, paired_legend, placed, placed_legend,
    pole,
};
pub use chart::loss_chart;
pub use curves::curves_chart;
pub use field::draw_field;
pub use list::{ListPlace, Room, Seen};
pub use page::Page;
pub use title::big_title;
pub use track::{Track, gauge};
