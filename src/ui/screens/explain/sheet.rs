//! What a step is written on: a page that knows how much room it has, and bars in columns that all steps share.

use crate::ui::theme::Theme;
use crate::ui::widgets::{AxisPicture, AxisRow, Bar, Page};

/// Columns for a value behind a bar.
pub(super) const VALUE: usize = 7;
/// From these widths on there is room for longer names.
const ROOMY: usize = 60;
const WIDE: usize = 90;

pub(super) struct Sheet<'t> {
    pub theme: &'t Theme,
    pub page: Page<'t>,
    pub large: bool,
    /// Rows that are seen without scrolling.
    pub rows: usize,
    /// The numbers behind a step are shown.
    pub numbers: bool,
}

impl<'t> Sheet<'t> {
    /// Rows that are not written on yet.
    pub fn left(&self) -> usize {
        self.rows.saturating_sub(self.page.height())
    }

    /// A blank row where there is room for air.
    pub fn air(&mut self) {
        if self.large {
            self.page.blank();
        }
    }

    /// What begins a step: a sentence or two, and a blank row.
    pub fn opening(&mut self, text: &str) {
        self.page.plain(text);
        self.page.blank();
    }

    /// A bar of a chart that is all there is to see: twice as high where there is room.
    pub fn chart(&mut self, bar: &Bar<'_>) {
        self.air();
        self.page.bar(bar);
        if self.large {
            let blank = " ".repeat(bar.value.chars().count());
            self.page.bar(&Bar { name: "", value: &blank, ..*bar });
        }
    }

    /// Columns for names before bars.
    pub fn names(&self) -> usize {
        match self.page.width() {
            0..ROOMY => 16,
            ROOMY..WIDE => 24,
            _ => 36,
        }
    }

    /// A picture of these axes, with coefficients where numbers are wanted.
    pub fn picture(&self, rows: &[AxisRow<'_>]) -> AxisPicture<'t> {
        let picture = AxisPicture::new(self.theme, self.page.width(), rows);
        if self.numbers { picture.with_numbers() } else { picture }
    }
}
