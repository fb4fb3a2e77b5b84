//! One picture of several style axes: `low pole ──░░░●━━░┼░░──── high pole`, a row each, all on the same scale of coefficients, so that the
//! base model (0) is one column from top to bottom. Knows numbers and poles, no screen.
//!
//! Make an [`AxisRow`] of every [`AxisView`] or [`PairView`], then an [`AxisPicture`] of all rows that stand in the same picture, which
//! finds the scale. Write its [`AxisPicture::legend`] once and the spans of [`AxisPicture::row`] for each axis.

use ratatui::style::Style;
use ratatui::text::Span;
use unicode_width::UnicodeWidthStr;

use super::{Mark, Track, axes};
use crate::app::present::words::signed;
use crate::app::present::{AxisView, PairView};
use crate::ui::format::{fit, one_line, pad_left};
use crate::ui::theme::Theme;

/// Columns of a coefficient.
const NUMBER: usize = 6;
/// Columns of a name in the legend that is never cut.
const NAME: usize = 15;
/// Lines that a row takes at the most.
const MOST_LINES: usize = 3;
/// The share of the scale that is left free at either end.
const AIR: f64 = 0.04;

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
        let [low, .., high] = axis.population;
        Self {
            low: &axis.low,
            high: &axis.high,
            user: axis.coefficient.value,
            interval: axis.coefficient.interval,
            model: None,
            population: Some([low, high]),
        }
    }
}

impl<'a> From<&'a PairView> for AxisRow<'a> {
    fn from(pair: &'a PairView) -> Self {
        Self {
            low: &pair.low,
            high: &pair.high,
            user: pair.user,
            interval: pair.interval,
            model: Some(pair.model),
            population: None,
        }
    }
}

impl AxisRow<'_> {
    pub fn with_model(self, model: f64) -> Self {
        Self { model: Some(model), ..self }
    }

    fn values(&self) -> impl Iterator<Item = f64> {
        let some = [Some(self.user), self.model, Some(self.interval[0]), Some(self.interval[1])];
        some.into_iter().flatten().chain(self.population.into_iter().flatten())
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
        let values = || rows.iter().flat_map(AxisRow::values).filter(|value| value.is_finite());
        let (low, high) =
            values().fold((-1.0, 1.0), |(low, high): (f64, f64), value| (low.min(value), high.max(value)));
        let air = (high - low) * AIR;
        Self {
            theme,
            width,
            pole: name.min(axes::pole(width)),
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
        let mut spans = axes::between((row.low, row.high), track.spans(), self.pole, style);
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
            (true, glyphs.span, styles.user, "90 % sure"),
        ];
        let mut spans = Vec::new();
        let mut room = self.width;
        for (_, glyph, style, name) in marks.into_iter().filter(|mark| mark.0) {
            let name = fit(&one_line(name), each.max(NAME));
            let needed = name.width() + 2;
            if needed > room {
                break;
            }
            room = room.saturating_sub(needed + 2);
            spans.push(Span::styled(glyph, style));
            spans.push(Span::styled(format!(" {name}  "), styles.dim));
        }
        spans
    }
}
