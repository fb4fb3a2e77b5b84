//! One picture of several style axes: `low pole ──░░░●━━░┼░░──── high pole`, a row each, all on the same scale of coefficients, so that the
//! base model (0) is one column from top to bottom. Knows numbers and poles, no screen.
//!
//! How to use it: make an [`AxisRow`] of every [`AxisView`] or [`PairView`] (with [`AxisRow::with_model`], [`AxisRow::with_population`] for
//! what it lacks), then an [`AxisPicture`] of all rows that stand in the same picture, which finds the scale. Write its
//! [`AxisPicture::legend`] once and the spans of [`AxisPicture::row`] for each axis. [`AxisPicture::spacing`] says how many lines a row takes
//! where there is room for air.

use ratatui::style::Style;
use ratatui::text::Span;
use unicode_width::UnicodeWidthStr;

use super::{Mark, Track, axes};
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
    #[must_use]
    pub fn with_model(self, model: f64) -> Self {
        Self { model: Some(model), ..self }
    }

    /// With the percentiles of [`AxisView::population`].
    #[must_use]
    pub fn with_population(self, [low, .., high]: [f64; 5]) -> Self {
        Self { population: Some([low, high]), ..self }
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
    #[must_use]
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
    #[must_use]
    pub fn with_numbers(self) -> Self {
        Self { numbers: NUMBER * if self.has_model { 2 } else { 1 }, ..self }
    }

    /// Lines that each of so many rows takes in so many lines: more than one only where all of them fit then.
    #[must_use]
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
    #[must_use]
    pub fn row(&self, row: &AxisRow<'_>, style: Style) -> Vec<Span<'static>> {
        let mark = |model| (model, self.theme.glyphs.other, self.theme.styles.other);
        self.row_beside(row, row.model.map(mark).as_slice(), style)
    }

    /// The same beside several models, each with a mark of its own, of which the last lies over the others.
    #[must_use]
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
        let mut spans = vec![Span::styled(pad_left(&one_line(row.low), self.pole) + " ", style)];
        spans.extend(track.spans());
        spans.push(Span::styled(format!(" {}", pad(&one_line(row.high), self.pole)), style));
        if self.numbers > 0 {
            spans.push(Span::styled(pad_left(&signed(row.user, 1), NUMBER), styles.user));
            let model = row.model.map(|model| signed(model, 1)).unwrap_or_default();
            spans.push(Span::styled(pad_left(&model, self.numbers - NUMBER), styles.other));
        }
        spans
    }

    /// What the marks are, as many of them as fit; `user` and `model` are what the first two stand for.
    #[must_use]
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn row(user: f64, population: Option<[f64; 2]>) -> AxisRow<'static> {
        AxisRow { low: "casual", high: "formal", user, interval: [user - 0.5, user + 0.5], model: None, population }
    }

    fn text(spans: &[Span<'_>]) -> String {
        spans.iter().map(|span| span.content.as_ref()).collect()
    }

    #[test]
    fn the_base_is_one_column_and_nothing_stands_at_an_edge() {
        let theme = Theme::shipped(true, false).unwrap();
        let rows = [row(-4.0, Some([-3.0, 2.0])), row(1.5, Some([-1.0, 5.0])), row(2.0, None).with_model(3.0)];
        let picture = AxisPicture::new(&theme, 60, &rows);
        let drawn = rows.map(|row| text(&picture.row(&row, theme.styles.text)));
        let base = drawn.each_ref().map(|row| row.find('|'));
        assert!(base[0].is_some() && base.iter().all(|place| *place == base[0]), "{drawn:?}");
        for (row, drawn) in rows.iter().zip(&drawn) {
            assert_eq!(drawn.width(), 60);
            let track = drawn.trim_start_matches("casual ").trim_end_matches(" formal");
            assert!(track.starts_with('-') && track.ends_with('-'), "{drawn}");
            assert_eq!(track.contains('.'), row.population.is_some());
            assert_eq!(track.contains('x'), row.model.is_some());
        }
        assert_eq!(
            [(5, 13), (5, 12), (5, 9), (5, 8), (0, 0)].map(|(rows, lines)| AxisPicture::spacing(rows, lines)),
            [3, 2, 2, 1, 1]
        );
        let numbered = picture.with_numbers();
        assert!(text(&numbered.row(&rows[2], theme.styles.text)).ends_with("  +2.0  +3.0"));
        assert!(text(&numbered.legend("you", "warm")).starts_with("# you  x warm  | base model"));
    }

    proptest! {
        #[test]
        fn no_number_breaks_it(width in 0usize..90, a in any::<f64>(), b in any::<f64>()) {
            let theme = Theme::shipped(true, true).unwrap();
            let rows = [row(a, Some([b, a])), row(b, None).with_model(a)];
            let picture = AxisPicture::new(&theme, width, &rows);
            for row in &rows {
                prop_assert!(text(&picture.row(row, theme.styles.text)).width() <= width.max(2 * (6 + 1)));
            }
            prop_assert!(text(&picture.legend("you", "it")).trim_end().width() <= width);
        }
    }
}
