//! The axes as one picture of the user beside one model or several, and what each axis adds to a score. Knows poles
//! and numbers, not whose they are.

use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use super::table::NUMBERS;
use crate::app::present::{CandidateView, PairView};
use crate::ui::format::{one_line, pad, pad_left};
use crate::ui::theme::Theme;
use crate::ui::widgets::{AxisPicture, AxisRow, Mark, NARROW, Page, ROOMY};

/// Columns of one number.
const NUMBER: usize = 6;

/// A model, or a blend, beside the user: a row for each axis, `spacing` lines apart, with what it adds to the score; then the rest, which
/// makes it up. `who` is the model; the others are drawn on the same scale at other times.
pub(super) fn likeness(
    theme: &Theme,
    page: &mut Page<'_>,
    candidate: &CandidateView,
    others: &[&CandidateView],
    who: &str,
    spacing: usize,
) {
    let styles = &theme.styles;
    let roomy = page.width() >= usize::from(ROOMY);
    let titles: &[&str] = if roomy { &["you", "it", "adds"] } else { &["adds"] };
    let width = page.width().saturating_sub(titles.len() * NUMBER);
    let pairs = candidate.pairs.iter().chain(others.iter().flat_map(|other| &other.pairs));
    let all: Vec<AxisRow<'_>> = pairs.map(AxisRow::from).collect();
    let picture = AxisPicture::new(theme, width, &all);
    page.line(headed(theme, picture.legend("you", who), titles, page.width()));
    for (pair, row) in candidate.pairs.iter().zip(&all) {
        let mut spans = picture.row(row, styles.text);
        if roomy {
            spans.push(Span::styled(pad_left(&pair.user_text, NUMBER), styles.user));
            spans.push(Span::styled(pad_left(&pair.model_text, NUMBER), styles.other));
        }
        spans.push(Span::styled(pad_left(&pair.adds, NUMBER), styles.text));
        page.line(spans);
        (1..spacing).for_each(|_| page.blank());
    }
    sums(theme, page, &[candidate]);
}

/// Numbers in their columns.
fn numbered(numbers: &[&str]) -> String {
    numbers.iter().map(|number| pad_left(number, NUMBER)).collect()
}

/// Spans with the headings of number columns at the right edge.
fn headed(theme: &Theme, mut spans: Vec<Span<'static>>, titles: &[&str], width: usize) -> Vec<Span<'static>> {
    if let Some(last) = spans.last_mut() {
        last.content = last.content.trim_end().to_owned().into();
    }
    let used = Line::from(spans.clone()).width();
    spans.push(Span::styled(pad_left(&numbered(titles), width.saturating_sub(used)), theme.styles.dim));
    spans
}

/// A line under the picture: what it is, and numbers in their columns.
fn sum(theme: &Theme, page: &mut Page<'_>, name: &str, numbers: &[&str]) {
    let numbers = numbered(numbers);
    let name = pad_left(name, page.width().saturating_sub(numbers.width()));
    page.line(vec![Span::styled(name, theme.styles.dim), Span::styled(numbers, theme.styles.text)]);
}

/// What makes up the score of each beside its axes, and the score.
fn sums(theme: &Theme, page: &mut Page<'_>, compared: &[&CandidateView]) {
    let of_each = |text: fn(&CandidateView) -> &str| compared.iter().map(|one| text(one)).collect::<Vec<_>>();
    sum(theme, page, "outside these axes", &of_each(|candidate| &candidate.rest_text));
    sum(theme, page, "total: the score", &of_each(|candidate| &candidate.score_text));
}

/// The axes that all of them have, each with its pair of every one; those first on which the scores gain most differently.
fn by_difference<'a>(compared: &[&'a CandidateView]) -> Vec<Vec<&'a PairView>> {
    let first = compared.first().map_or(&[][..], |first| &first.pairs);
    let of_all = |axis: &PairView| compared.iter().map(|candidate| candidate.pair(&axis.name)).collect();
    let mut axes: Vec<Vec<&PairView>> = first.iter().filter_map(of_all).collect();
    let spread = |pairs: &[&PairView]| {
        let gains = || pairs.iter().map(|pair| pair.contribution);
        gains().fold(f64::NEG_INFINITY, f64::max) - gains().fold(f64::INFINITY, f64::min)
    };
    axes.sort_by(|a, b| spread(b).total_cmp(&spread(a)));
    axes
}

/// The marked models side by side: their marks beside the user's, and what each axis adds to each score.
pub(super) fn side_by_side(theme: &Theme, page: &mut Page<'_>, compared: &[&CandidateView]) {
    let (styles, width) = (&theme.styles, page.width());
    let numbers = &NUMBERS[..compared.len().min(NUMBERS.len())];
    let names = width.saturating_sub(2 + 2 * NUMBER + 1).min(40);
    for (number, candidate) in numbers.iter().zip(compared) {
        page.line(vec![
            Span::styled(format!("{number} "), styles.heading),
            Span::styled(pad(&one_line(&candidate.name), names), styles.other),
            Span::styled(pad_left(&candidate.score_text, NUMBER), styles.text),
            Span::styled(pad_left(&candidate.probability_text, NUMBER + 1), styles.dim),
        ]);
    }
    page.blank();
    // Where there is no room behind a row, its numbers stand below it.
    let narrow = width < usize::from(NARROW);
    let titles = if narrow { &[] } else { numbers };
    // The models have marks of their own, so that for the picture they are places like the user's.
    let place = |user, interval, pair| AxisRow { user, interval, model: None, ..AxisRow::from(pair) };
    let pairs = compared.iter().flat_map(|candidate| &candidate.pairs);
    let all: Vec<AxisRow<'_>> = pairs
        .flat_map(|pair| [place(pair.user, pair.interval, pair), place(pair.model, [pair.model; 2], pair)])
        .collect();
    let picture = AxisPicture::new(theme, width - titles.len() * NUMBER, &all);
    page.line(headed(theme, picture.legend("you", ""), titles, width));
    for axis in by_difference(compared) {
        // The user's mark lies over the models', and the first's over the second's.
        let marks = axis.iter().zip(NUMBERS).map(|(pair, number)| (pair.model, number, styles.other));
        let mut spans = picture.row_beside(&AxisRow::from(axis[0]), &marks.rev().collect::<Vec<Mark>>(), styles.text);
        let added: Vec<&str> = axis.iter().map(|pair| pair.adds.as_str()).collect();
        if narrow {
            page.line(spans);
            sum(theme, page, "adds", &added);
        } else {
            spans.push(Span::styled(numbered(&added), styles.text));
            page.line(spans);
        }
    }
    sums(theme, page, compared);
    page.blank();
    page.dim("Axes that differ most come first. Numbers show what an axis adds to each score.");
}
