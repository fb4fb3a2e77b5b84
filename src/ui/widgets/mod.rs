//! The pieces screens are drawn with. They know numbers and words, not the model.

mod axes;
mod chart;
mod curves;
mod field;
mod page;
mod title;
mod track;

pub use axes::{
    Mark, POLE, about_base, beside, columns, common_scale, largest, marked, paired, paired_legend, placed,
    placed_legend,
};
pub use chart::loss_chart;
pub use curves::curves_chart;
pub use field::draw_field;
pub use page::Page;
pub use title::big_title;
pub use track::{Track, gauge};

/// The part of a list of `length` rows that is shown in `rows` rows so that the cursor is among them.
#[must_use]
pub fn window(length: usize, cursor: usize, rows: usize) -> std::ops::Range<usize> {
    let start = (cursor + 1).saturating_sub(rows).min(length.saturating_sub(rows));
    start..(start + rows).min(length)
}

#[cfg(test)]
mod tests {
    use super::window;

    #[test]
    fn the_cursor_is_always_in_the_window() {
        assert_eq!(window(6, 0, 10), 0..6);
        assert_eq!(window(6, 0, 3), 0..3);
        assert_eq!(window(6, 4, 3), 2..5);
        assert_eq!(window(6, 5, 3), 3..6);
        assert_eq!(window(0, 0, 3), 0..0);
        assert_eq!(window(6, 5, 0), 6..6);
    }
}
