//! One picture of several style axes: `low pole ──░░░●━━░┼░░──── high pole`, a row each, all on the same scale of coefficients, so that the
//! base model (0) is one column from top to bottom. Knows numbers and poles, no screen.
//!
//! Make an [`AxisRow`] of every [`AxisView`] or [`PairView`], then an [`AxisPicture`] of all rows that stand in the same picture, which
//! finds the scale. Write its [`AxisPicture::legend`] once and the spans of [`AxisPicture::row`] for each axis.
//!
//! [`marked`] and [`columns`] are rows of percentiles between the same poles.

use ratatui::style::Style;
use ratatui::text::Span;
use unicode_width::UnicodeWidthStr;

use super::{NARROW, Room, Track};
use crate::app::present::words::signed;
use crate::app::present::{AxisView, PairView};
use crate::ui::format::{fit, one_line, pad, pad_left};
use crate::ui::theme::Theme;

/// Columns of a coefficient.
const NUMBER: usize = 6;
/// Columns of a name in the legend that is never cut.
const NAME: usize = 15;
/// Lines that a row takes at the most.
const MOST_LINES: usize = 3;
/// Columns of a percentile.
const PERCENTILE: usize = 4;
/// A column of a chart and the gap after it at the most.
const COLUMN: usize = 2;
/// The share of the scale that is left free at either end.
const AIR: f64 = 0.04;

/// What is marked on an axis: a value, and how it looks.
pub type Mark = (f64, &'static str, Style);

/// Where the user stands on an axis, beside a model, before the reference writers. Coefficients, in which the base model is 0.
#[derive(Clone, Copy, Debug)]
pub struct AxisRow<'a> {
    pub low: &'a str,
    pub high: &'a str,
    pub user: f64,
    pub interval: [f64; 2],
    /// Someone to compare with: a model, or other texts.
    pub model: Option<f64>,
    /// The 5th and the 95th percentile of the reference writers.
    pub population: Option<[f64; 2]>,
}

impl<'a> From<&'a AxisView> for AxisRow<'a> {
    fn from(axis: &'a AxisView) -> Self {
        let AxisView { low, high, coefficient, population: [from, .., to], .. } = axis;
        let (user, interval, population) = (coefficient.value, coefficient.interval, Some([*from, *to]));
        Self { low, high, user, interval, model: None, population }
    }
}

impl<'a> From<&'a PairView> for AxisRow<'a> {
    fn from(pair: &'a PairView) -> Self {
        let PairView { low, high, user, interval, model, .. } = pair;
        Self { low, high, user: *user, interval: *interval, model: Some(*model), population: None }
    }
}

impl AxisRow<'_> {
    pub fn with_model(self, model: f64) -> Self {
        Self { model: Some(model), ..self }
    }

    fn values(&self) -> impl Iterator<Item = f64> {
        [self.user].into_iter().chain(self.interval).chain(self.model).chain(self.population.into_iter().flatten())
    }
}

/// What all rows of a picture have in common.
pub struct AxisPicture<'t> {
    theme: &'t Theme,
    width: usize,
    /// Columns of a pole's name.
    pole: usize,
    /// Columns right of the poles, for coefficients.
    numbers: usize,
    /// The coefficients at the left end and at the right end.
    ends: [f64; 2],
    has_model: bool,
    has_population: bool,
}

impl<'t> AxisPicture<'t> {
    /// A picture of these rows, `width` columns wide.
    pub fn new(theme: &'t Theme, width: usize, rows: &[AxisRow<'_>]) -> Self {
        let name = rows.iter().flat_map(|row| [row.low, row.high]).map(UnicodeWidthStr::width).max().unwrap_or(0);
        let values = rows.iter().flat_map(AxisRow::values).filter(|value| value.is_finite());
        let (low, high) = values.fold((-1.0_f64, 1.0_f64), |(low, high), value| (low.min(value), high.max(value)));
        let air = (high - low) * AIR;
        Self {
            theme,
            width,
            pole: name.min(pole(width)),
            numbers: 0,
            ends: [low - air, high + air],
            has_model: rows.iter().any(|row| row.model.is_some()),
            has_population: rows.iter().any(|row| row.population.is_some()),
        }
    }

    /// The same with coefficients at the right end of each row.
    pub fn with_numbers(self) -> Self {
        Self { numbers: NUMBER * if self.has_model { 2 } else { 1 }, ..self }
    }

    /// Lines that each of so many rows takes in so many lines: more than one only where all of them fit then.
    pub fn spacing(rows: usize, lines: usize) -> usize {
        // Below the last row no air is needed.
        (2..=MOST_LINES).rev().find(|each| (rows.max(1) - 1) * each < lines).unwrap_or(1)
    }

    /// Where a coefficient lies between the ends, 0 to 1.
    fn place(&self, value: f64) -> f64 {
        let [low, high] = self.ends;
        (value - low) / (high - low)
    }

    /// The row, with the names of its poles in `style`.
    pub fn row(&self, row: &AxisRow<'_>, style: Style) -> Vec<Span<'static>> {
        let mark = |model| (model, self.theme.glyphs.other, self.theme.styles.other);
        self.row_beside(row, row.model.map(mark).as_slice(), style)
    }

    /// The same beside several models, each with a mark of its own, of which the last lies over the others.
    pub fn row_beside(&self, row: &AxisRow<'_>, models: &[Mark], style: Style) -> Vec<Span<'static>> {
        let (glyphs, styles) = (&self.theme.glyphs, &self.theme.styles);
        let mut track = Track::new(self.theme, self.width.saturating_sub(2 * (self.pole + 1) + self.numbers));
        if let Some([low, high]) = row.population {
            track = track.span(self.place(low), self.place(high), glyphs.empty, styles.dim);
        }
        let [low, high] = row.interval;
        track = track.span(self.place(low), self.place(high), glyphs.span, styles.user);
        track = track.mark(self.place(0.0), glyphs.centre, styles.base);
        for (model, glyph, style) in models {
            track = track.mark(self.place(*model), glyph, *style);
        }
        track = track.mark(self.place(row.user), glyphs.user, styles.user);
        let mut spans = between((row.low, row.high), track.spans(), self.pole, style);
        if self.numbers > 0 {
            spans.push(Span::styled(pad_left(&signed(row.user, 1), NUMBER), styles.user));
            let model = row.model.map(|model| signed(model, 1)).unwrap_or_default();
            spans.push(Span::styled(pad_left(&model, self.numbers - NUMBER), styles.other));
        }
        spans
    }

    /// What the marks are, as many of them as fit; `user` and `model` are what the first two stand for.
    pub fn legend(&self, user: &str, model: &str) -> Vec<Span<'static>> {
        let (glyphs, styles) = (&self.theme.glyphs, &self.theme.styles);
        let each = self.width / 3;
        let marks = [
            (true, glyphs.user, styles.user, user),
            (self.has_model, glyphs.other, styles.other, model),
            (true, glyphs.centre, styles.base, "base model"),
            (self.has_population, glyphs.empty, styles.dim, "9 of 10 writers"),
            (true, glyphs.span, styles.user, "90 % CI"),
        ];
        let marks = marks.into_iter().filter(|mark| mark.0);
        let names = marks.map(|(_, glyph, style, name)| (glyph, style, fit(&one_line(name), each.max(NAME))));
        // Behind the last one no air is needed.
        let mut room = Room::new(self.width + 2);
        let shown = names.take_while(|(_, _, name)| room.take(name.width() + 4) > 0);
        shown
            .flat_map(|(glyph, style, name)| {
                [Span::styled(glyph, style), Span::styled(format!(" {name}  "), styles.dim)]
            })
            .collect()
    }
}

/// Columns of a pole's name: that of the longest, but where there is no room for it twice.
pub fn pole(width: usize) -> usize {
    if width < usize::from(NARROW) { 10 } else { 12 }
}

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

/// Something drawn between the names of the poles.
fn between(poles: (&str, &str), drawn: Vec<Span<'static>>, pole: usize, style: Style) -> Vec<Span<'static>> {
    let low = Span::styled(format!("{} ", pad_left(&one_line(poles.0), pole)), style);
    let high = Span::styled(format!(" {}", pad(&one_line(poles.1), pole)), style);
    std::iter::once(low).chain(drawn).chain([high]).collect()
}
