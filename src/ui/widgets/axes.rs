//! Rows that show an axis: where a person stands beside the base, or beside a model.

use ratatui::style::Style;
use ratatui::text::Span;

use super::{NARROW, Track};
use crate::ui::format::{one_line, pad, pad_left};
use crate::ui::theme::Theme;

/// Columns of a pole's name: that of the longest, but where there is no room for it twice.
pub fn pole(width: usize) -> usize {
    if width < usize::from(NARROW) { 10 } else { 12 }
}

const PERCENTILE: usize = 4;
/// A column of a chart and the gap after it at the most.
const COLUMN: usize = 2;

/// Percentiles marked between two poles (the last lies over the others), in `width` columns; `pole` of them for the name of each.
pub fn marked(theme: &Theme, poles: (&str, &str), marks: &[Mark], width: usize, pole: usize) -> Vec<Span<'static>> {
    let mut track = Track::new(theme, width.saturating_sub(2 * (pole + 1)));
    for (percentile, glyph, style) in marks {
        track = track.mark(percentile / 100.0, glyph, *style);
    }
    between(poles, track.spans(), pole, theme.styles.text)
}

/// Places among writers one after the other, as columns between the poles' names and as percentiles: all of them, or, where there is
/// no room, the first and the last.
pub fn columns(
    theme: &Theme,
    [low, high]: [&str; 2],
    places: &[f64],
    width: usize,
    pole: usize,
    style: Style,
) -> Vec<Span<'static>> {
    let levels = theme.glyphs.levels;
    let room = width.saturating_sub(2 * (pole + 1));
    let all = room >= places.len() * (PERCENTILE + 1);
    let shown: Vec<f64> = match places {
        [first, .., last] if !all => vec![*first, *last],
        places => places.to_vec(),
    };
    let cell = (room.saturating_sub(shown.len() * PERCENTILE) / places.len().max(1)).clamp(1, COLUMN);
    let column = |place: &f64| {
        let level = (place / 100.0 * levels.len() as f64).max(0.0) as usize;
        pad(levels[level.min(levels.len() - 1)], cell)
    };
    let chart = vec![Span::styled(places.iter().map(column).collect::<String>(), theme.styles.user)];
    let mut spans = between((low, high), chart, pole, style);
    let numbers = shown.iter().map(|place| pad_left(&format!("{place:.0}"), PERCENTILE)).collect::<String>();
    spans.push(Span::styled(numbers, theme.styles.user));
    spans
}

/// The largest of these values, for the ends of the bars; never zero.
pub fn largest(values: impl Iterator<Item = f64>) -> f64 {
    values.map(f64::abs).filter(|value| value.is_finite()).fold(f64::MIN_POSITIVE, f64::max)
}

/// What is marked on an axis: a value, and how it looks.
pub type Mark = (f64, &'static str, Style);

/// Something drawn between the names of the poles.
pub(super) fn between(
    (low, high): (&str, &str),
    drawn: Vec<Span<'static>>,
    pole: usize,
    style: Style,
) -> Vec<Span<'static>> {
    let mut spans = vec![Span::styled(format!("{} ", pad_left(&one_line(low), pole)), style)];
    spans.extend(drawn);
    spans.push(Span::styled(format!(" {}", pad(&one_line(high), pole)), style));
    spans
}
