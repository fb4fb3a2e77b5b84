//! Bars on the axes, on either side of the base, and what makes a score up. Knows poles and numbers, not whose they are.

use ratatui::style::Style;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use crate::selection::AxisPair;
use crate::ui::format::pad_left;
use crate::ui::parts::NARROW;
use crate::ui::theme::Theme;
use crate::ui::widgets::{Mark, Page, about_base};

/// Columns of one number.
pub const NUMBER: usize = 6;
/// Columns of the poles' names, in a narrow place and elsewhere.
const POLES: (usize, usize) = (9, 12);

/// An axis with marks (the last lies over the others) and `right` columns left free behind it.
#[must_use]
pub fn bar(
    theme: &Theme,
    axis: &AxisPair,
    scale: f64,
    marks: &[Mark],
    width: usize,
    right: usize,
) -> Vec<Span<'static>> {
    let pole = if width < usize::from(NARROW) { POLES.0 } else { POLES.1 };
    about_base(theme, axis, scale, marks, (width, pole, right))
}

/// What a mark stands for, between others.
#[must_use]
pub fn legend(theme: &Theme, marks: &[(&'static str, Style, &str)]) -> Vec<Span<'static>> {
    let piece = |(glyph, style, name): &(&'static str, Style, &str)| {
        [Span::styled(*glyph, *style), Span::styled(format!(" {name}  "), theme.styles.dim)]
    };
    marks.iter().flat_map(piece).collect()
}

/// The user's bars over another's, what each axis adds to the score, and the rest, which makes it up.
pub fn against(
    theme: &Theme,
    page: &mut Page<'_>,
    who: &str,
    (axes, rest, score): (&[AxisPair], f64, f64),
    scale: f64,
) {
    let (glyphs, styles, width) = (&theme.glyphs, &theme.styles, page.width());
    let roomy = width >= usize::from(NARROW);
    let numbers = if roomy { 3 * NUMBER } else { NUMBER };
    let marks =
        [(glyphs.user, styles.user, "you"), (glyphs.other, styles.other, who), (glyphs.centre, styles.base, "base")];
    let titles = if roomy {
        format!("{}{}{}", pad_left("you", NUMBER), pad_left("it", NUMBER), pad_left("adds", NUMBER))
    } else {
        pad_left("adds", NUMBER)
    };
    page.line(headed(theme, legend(theme, &marks), &titles, width));
    for axis in axes {
        let marks = [(axis.model, glyphs.other, styles.other), (axis.user, glyphs.user, styles.user)];
        let mut spans = bar(theme, axis, scale, &marks, width, numbers);
        if roomy {
            spans.push(Span::styled(signed(axis.user, 1), styles.user));
            spans.push(Span::styled(signed(axis.model, 1), styles.other));
        }
        spans.push(Span::styled(signed(axis.contribution, 2), styles.text));
        page.line(spans);
    }
    page.line(sum(theme, "what has no name", &[signed(rest, 2)], width));
    page.line(sum(theme, "all together: the score", &[pad_left(&format!("{score:.2}"), NUMBER)], width));
}

/// A number with its sign, unless it is nothing when rounded.
#[must_use]
pub fn signed(value: f64, decimals: usize) -> String {
    let number = format!("{value:+.decimals$}");
    let nothing = !number.bytes().any(|byte| matches!(byte, b'1'..=b'9'));
    pad_left(number.get(usize::from(nothing)..).unwrap_or_default(), NUMBER)
}

/// Spans with the headings of number columns at the right edge.
#[must_use]
pub fn headed(theme: &Theme, mut spans: Vec<Span<'static>>, titles: &str, width: usize) -> Vec<Span<'static>> {
    let used: usize = Line::from(spans.clone()).width();
    let air = width.saturating_sub(used + titles.width());
    spans.push(Span::styled(" ".repeat(air) + titles, theme.styles.dim));
    spans
}

/// A line under the bars: what it is, and numbers in their columns.
#[must_use]
pub fn sum(theme: &Theme, name: &str, numbers: &[String], width: usize) -> Vec<Span<'static>> {
    let numbers = numbers.concat();
    let name = pad_left(name, width.saturating_sub(numbers.width()));
    vec![Span::styled(name, theme.styles.dim), Span::styled(numbers, theme.styles.text)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_has_no_sign() {
        let shown = |value, decimals| signed(value, decimals).trim_start().to_owned();
        assert_eq!([shown(-0.004, 2), shown(0.0, 1), shown(-0.006, 2)], ["0.00", "0.0", "-0.01"]);
        assert_eq!((shown(1.25, 1).as_str(), signed(0.5, 2).len()), ("+1.2", NUMBER));
    }
}
