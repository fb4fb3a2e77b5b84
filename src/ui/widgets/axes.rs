//! Rows that show an axis: where a person stands beside the base, or beside a model.

use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::NARROW;
use super::Track;
use crate::selection::AxisPair;
use crate::style::{Axis, AxisScore};
use crate::ui::format::{one_line, pad, pad_left};
use crate::ui::theme::Theme;

/// Columns of a pole's name: that of the longest, but where there is no room for it twice.
#[must_use]
pub fn pole(width: usize) -> usize {
    if width < usize::from(NARROW) { 10 } else { 12 }
}

/// Columns of a percentile, and of a coefficient.
const PERCENTILE: usize = 4;
const COEFFICIENT: usize = 6;
const MARGIN: usize = 2;
/// A column of a chart and the gap after it at the most.
const COLUMN: usize = 2;
/// From this width on there is room for coefficients, and for a legend that says all.
const NUMBERED: usize = 50;
const EXPLICIT: usize = 60;

/// What the marks of [`placed`] are.
#[must_use]
pub fn placed_legend(theme: &Theme, width: usize) -> Line<'static> {
    let (glyphs, styles) = (&theme.glyphs, &theme.styles);
    let mut spans = vec![
        Span::styled(glyphs.user, styles.user),
        Span::styled(" you  ", styles.dim),
        Span::styled(glyphs.base, styles.base),
        Span::styled(" base model  ", styles.dim),
        Span::styled(glyphs.span, styles.user),
        Span::styled(if width >= EXPLICIT { " you, with 90 % certainty" } else { " 90 % sure" }, styles.dim),
    ];
    if width >= EXPLICIT {
        spans.push(Span::styled("   0 to 100 among writers", styles.dim));
    }
    Line::from(spans)
}

/// The person's place among writers with its interval, the base's, and the person's percentile, in `width` columns; `pole` of them
/// for the name of each pole, in `style`.
#[must_use]
pub fn placed(theme: &Theme, score: &AxisScore, width: usize, pole: usize, style: Style) -> Vec<Span<'static>> {
    let (glyphs, styles) = (&theme.glyphs, &theme.styles);
    let share = |percentile: f64| percentile / 100.0;
    let track = Track::new(theme, width.saturating_sub(2 * (pole + 1) + PERCENTILE))
        .span(share(score.user_interval[0]), share(score.user_interval[1]), glyphs.span, styles.user)
        .mark(share(score.base_percentile), glyphs.base, styles.base)
        .mark(share(score.user_percentile), glyphs.user, styles.user);
    let percentile = pad_left(&format!("{:.0}", score.user_percentile), PERCENTILE);
    let mut spans = between((&score.axis.low, &score.axis.high), track.spans(), pole, style);
    spans.push(Span::styled(percentile, styles.user));
    spans
}

/// Percentiles marked between two poles (the last lies over the others), in `width` columns; `pole` of them for the name of each.
#[must_use]
pub fn marked(theme: &Theme, poles: (&str, &str), marks: &[Mark], width: usize, pole: usize) -> Vec<Span<'static>> {
    let mut track = Track::new(theme, width.saturating_sub(2 * (pole + 1)));
    for (percentile, glyph, style) in marks {
        track = track.mark(percentile / 100.0, glyph, *style);
    }
    between(poles, track.spans(), pole, theme.styles.text)
}

/// Two places among writers on one axis, the first as the person's mark and over the other, with both percentiles where there is room.
#[must_use]
pub fn beside(
    theme: &Theme,
    (one, other): (&AxisScore, &AxisScore),
    width: usize,
    pole: usize,
    style: Style,
) -> Vec<Span<'static>> {
    let (glyphs, styles) = (&theme.glyphs, &theme.styles);
    let numbers = if width < NUMBERED { 0 } else { 2 * PERCENTILE };
    let track = Track::new(theme, width.saturating_sub(2 * (pole + 1) + numbers))
        .mark(other.user_percentile / 100.0, glyphs.other, styles.other)
        .mark(one.user_percentile / 100.0, glyphs.user, styles.user);
    let mut spans = between((&one.axis.low, &one.axis.high), track.spans(), pole, style);
    if numbers > 0 {
        spans.push(Span::styled(pad_left(&format!("{:.0}", one.user_percentile), PERCENTILE), styles.user));
        spans.push(Span::styled(pad_left(&format!("{:.0}", other.user_percentile), PERCENTILE), styles.other));
    }
    spans
}

/// Places among writers one after the other, as columns between the poles' names and as percentiles: all of them, or, where there is
/// no room, the first and the last.
#[must_use]
pub fn columns(
    theme: &Theme,
    axis: &Axis,
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
    let mut spans = between((&axis.low, &axis.high), chart, pole, style);
    let numbers = shown.iter().map(|place| pad_left(&format!("{place:.0}"), PERCENTILE)).collect::<String>();
    spans.push(Span::styled(numbers, theme.styles.user));
    spans
}

/// What the marks of [`paired`] are; `other` is who is compared.
#[must_use]
pub fn paired_legend(theme: &Theme, other: &str, after: &str) -> Vec<Span<'static>> {
    let (glyphs, styles) = (&theme.glyphs, &theme.styles);
    vec![
        Span::styled(glyphs.user, styles.user),
        Span::styled(" you  ", styles.dim),
        Span::styled(glyphs.other, styles.other),
        Span::styled(format!(" {other}  "), styles.dim),
        Span::styled(glyphs.centre, styles.base),
        Span::styled(format!(" base model{after}"), styles.dim),
    ]
}

/// The largest of these values, for the ends of the bars; never zero.
#[must_use]
pub fn largest(values: impl Iterator<Item = f64>) -> f64 {
    values.map(f64::abs).filter(|value| value.is_finite()).fold(f64::MIN_POSITIVE, f64::max)
}

/// The largest coefficient, so that all rows are drawn to one scale.
#[must_use]
pub fn common_scale<'a>(axes: impl IntoIterator<Item = &'a AxisPair>) -> f64 {
    largest(axes.into_iter().flat_map(|axis| [axis.user, axis.model]))
}

/// What is marked on an axis: a value, and how it looks.
pub type Mark = (f64, &'static str, Style);

/// Marks on either side of the base (the last lies over the others) in `width` columns, `pole` of them for the name of each pole and
/// `right` left free behind it.
#[must_use]
pub fn about_base(
    theme: &Theme,
    axis: &AxisPair,
    scale: f64,
    marks: &[Mark],
    (width, pole, right): (usize, usize, usize),
) -> Vec<Span<'static>> {
    // An odd number of cells has a middle.
    let room = (width.saturating_sub(2 * (pole + 1) + right).max(3) - 1) | 1;
    let mut track = Track::new(theme, room).mark(0.5, theme.glyphs.centre, theme.styles.base);
    for (value, glyph, style) in marks {
        track = track.mark(0.5 + value / scale / 2.0, glyph, *style);
    }
    between((&axis.low, &axis.high), track.spans(), pole, theme.styles.text)
}

/// The person and a model on either side of the base, with their coefficients where there is room, in `width` columns.
#[must_use]
pub fn paired(theme: &Theme, axis: &AxisPair, scale: f64, width: usize, pole: usize) -> Vec<Span<'static>> {
    let (glyphs, styles) = (&theme.glyphs, &theme.styles);
    let numbers = if width < NUMBERED { 0 } else { 2 * COEFFICIENT + MARGIN };
    let marks = [(axis.model, glyphs.other, styles.other), (axis.user, glyphs.user, styles.user)];
    let mut spans = about_base(theme, axis, scale, &marks, (width, pole, numbers));
    if numbers > 0 {
        spans.push(Span::styled(pad_left(&format!("{:+.1}", axis.user), COEFFICIENT), styles.user));
        spans.push(Span::styled(pad_left(&format!("{:+.1}", axis.model), COEFFICIENT), styles.other));
    }
    spans
}

/// Something drawn between the names of the poles.
fn between((low, high): (&str, &str), drawn: Vec<Span<'static>>, pole: usize, style: Style) -> Vec<Span<'static>> {
    let mut spans = vec![Span::styled(format!("{} ", pad_left(&one_line(low), pole)), style)];
    spans.extend(drawn);
    spans.push(Span::styled(format!(" {}", pad(&one_line(high), pole)), style));
    spans
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ends_of_bars_are_finite_and_never_zero() {
        assert_eq!(largest([0.5, -2.0, f64::NAN].into_iter()), 2.0);
        assert!(largest(std::iter::empty()) > 0.0);
    }
}
