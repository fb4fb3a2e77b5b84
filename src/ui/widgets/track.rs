//! A line on which places are marked: style axes, scores, progress.

use ratatui::style::Style;
use ratatui::text::Span;

use crate::ui::theme::Theme;

/// A row of cells from 0 to 1; what is marked later covers what was marked before.
pub struct Track {
    cells: Vec<Span<'static>>,
}

impl Track {
    pub fn new(theme: &Theme, width: usize) -> Self {
        Self { cells: vec![Span::styled(theme.glyphs.rule, theme.styles.rule); width] }
    }

    fn cell(&self, place: f64) -> usize {
        let last = self.cells.len().saturating_sub(1);
        let place = if place.is_finite() { place.clamp(0.0, 1.0) } else { 0.5 };
        (place * last as f64).round() as usize
    }

    pub fn mark(self, place: f64, glyph: &'static str, style: Style) -> Self {
        self.span(place, place, glyph, style)
    }

    pub fn span(mut self, from: f64, to: f64, glyph: &'static str, style: Style) -> Self {
        let (from, to) = (self.cell(from.min(to)), self.cell(from.max(to)));
        for cell in self.cells.iter_mut().skip(from).take(to - from + 1) {
            *cell = Span::styled(glyph, style);
        }
        self
    }

    pub fn spans(self) -> Vec<Span<'static>> {
        self.cells
    }
}

/// How much of something is done, 0 to 1.
pub fn gauge(theme: &Theme, width: usize, share: f64, style: Style) -> Vec<Span<'static>> {
    let share = if share.is_finite() { share.clamp(0.0, 1.0) } else { 0.0 };
    let full = (share * width as f64).round() as usize;
    vec![
        Span::styled(theme.glyphs.full.repeat(full), style),
        Span::styled(theme.glyphs.empty.repeat(width - full), theme.styles.rule),
    ]
}

/// A value up to 1 as a bar from nothing to the right, or to the left where it is below nothing; `lowest` is the lowest that is drawn.
pub fn signed_gauge(theme: &Theme, width: usize, value: f64, lowest: f64, style: Style) -> Vec<Span<'static>> {
    if lowest >= 0.0 {
        return gauge(theme, width, value, style);
    }
    let place = |value: f64| (value - lowest) / (1.0 - lowest);
    let bar = Track::new(theme, width).span(place(0.0), place(value), theme.glyphs.full, style);
    bar.mark(place(0.0), theme.glyphs.centre, theme.styles.base).spans()
}
