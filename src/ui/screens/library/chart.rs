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

/// A model, or a blend, beside the user: what its score is made up of.
pub(super) struct Likeness<'a> {
    pub pairs: &'a [PairView],
    /// What is drawn on the same scale at other times.
    pub others: Vec<&'a PairView>,
    pub rest: &'a str,
    pub score: &'a str,
}

impl<'a> Likeness<'a> {
    pub fn of(candidate: &'a CandidateView) -> Self {
        let CandidateView { pairs, rest_text, score_text, .. } = candidate;
        Self { pairs, others: Vec::new(), rest: rest_text, score: score_text }
    }

    /// A row for each axis, `spacing` lines apart, with what it adds to the score; then the rest, which makes it up.
    /// `who` is the model.
    pub fn write(&self, theme: &Theme, page: &mut Page<'_>, who: &str, spacing: usize) {
        let styles = &theme.styles;
        let roomy = page.width() >= usize::from(ROOMY);
        let titles: &[&str] = if roomy { &["you", "it", "adds"] } else { &["adds"] };
        let width = page.width().saturating_sub(titles.len() * NUMBER);
        let all: Vec<AxisRow<'_>> = self.pairs.iter().chain(self.others.iter().copied()).map(AxisRow::from).collect();
        let picture = AxisPicture::new(theme, width, &all);
        page.line(headed(theme, picture.legend("you", who), titles, page.width()));
        for (pair, row) in self.pairs.iter().zip(&all) {
            let mut spans = picture.row(row, styles.text);
            if roomy {
                spans.push(Span::styled(pad_left(&pair.user_text, NUMBER), styles.user));
                spans.push(Span::styled(pad_left(&pair.model_text, NUMBER), styles.other));
            }
            spans.push(Span::styled(pad_left(&pair.adds, NUMBER), styles.text));
            page.line(spans);
            (1..spacing).for_each(|_| page.blank());
        }
        page.line(sum(theme, "outside these axes", &[self.rest], page.width()));
        page.line(sum(theme, "total: the score", &[self.score], page.width()));
    }
}

/// Numbers in their columns.
fn numbered(numbers: &[&str]) -> String {
    numbers.iter().map(|number| pad_left(number, NUMBER)).collect()
}

/// Spans with the headings of number columns at the right edge.
fn headed(theme: &Theme, mut spans: Vec<Span<'static>>, titles: &[&str], width: usize) -> Vec<Span<'static>> {
    let titles = numbered(titles);
    if let Some(last) = spans.last_mut() {
        last.content = last.content.trim_end().to_owned().into();
    }
    let air = width.saturating_sub(Line::from(spans.clone()).width() + titles.width());
    spans.push(Span::styled(" ".repeat(air) + &titles, theme.styles.dim));
    spans
}

/// A line under the picture: what it is, and numbers in their columns.
fn sum(theme: &Theme, name: &str, numbers: &[&str], width: usize) -> Vec<Span<'static>> {
    let numbers = numbered(numbers);
    let name = pad_left(name, width.saturating_sub(numbers.width()));
    vec![Span::styled(name, theme.styles.dim), Span::styled(numbers, theme.styles.text)]
}

/// The axes that all of them have, each with its pair of every one; those first on which the scores gain most differently.
fn by_difference<'a>(compared: &[&'a CandidateView]) -> Vec<Vec<&'a PairView>> {
    let Some((first, others)) = compared.split_first() else { return Vec::new() };
    let of_all = |pair: &'a PairView| -> Option<Vec<&'a PairView>> {
        let same = |other: &&'a CandidateView| other.pairs.iter().find(|other| other.name == pair.name);
        std::iter::once(Some(pair)).chain(others.iter().map(same)).collect()
    };
    let mut axes: Vec<Vec<&PairView>> = first.pairs.iter().filter_map(of_all).collect();
    let spread = |pairs: &[&PairView]| {
        let gains = || pairs.iter().map(|pair| pair.contribution);
        gains().fold(f64::NEG_INFINITY, f64::max) - gains().fold(f64::INFINITY, f64::min)
    };
    axes.sort_by(|a, b| spread(b).total_cmp(&spread(a)));
    axes
}

/// The marked models side by side: their marks beside the user's, and what each axis adds to each score.
pub(super) fn side_by_side(theme: &Theme, compared: &[&CandidateView], page: &mut Page<'_>) {
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
    let right = if narrow { 0 } else { numbers.len() * NUMBER };
    // The models have marks of their own, so that for the picture they are places like the user's.
    let place = |user, interval, pair| AxisRow { user, interval, model: None, ..AxisRow::from(pair) };
    let pairs = compared.iter().flat_map(|candidate| &candidate.pairs);
    let all: Vec<AxisRow<'_>> = pairs
        .flat_map(|pair| [place(pair.user, pair.interval, pair), place(pair.model, [pair.model; 2], pair)])
        .collect();
    let picture = AxisPicture::new(theme, width - right, &all);
    let titles = if narrow { &[] } else { numbers };
    page.line(headed(theme, picture.legend("you", ""), titles, width));
    for axis in by_difference(compared) {
        // The user's mark lies over the models', and the first's over the second's.
        let marks = axis.iter().zip(NUMBERS).map(|(pair, number)| (pair.model, number, styles.other));
        let mut spans = picture.row_beside(&AxisRow::from(axis[0]), &marks.rev().collect::<Vec<Mark>>(), styles.text);
        let added: Vec<&str> = axis.iter().map(|pair| pair.adds.as_str()).collect();
        if !narrow {
            spans.push(Span::styled(numbered(&added), styles.text));
        }
        page.line(spans);
        if narrow {
            page.line(sum(theme, "adds", &added, width));
        }
    }
    let of_each =
        |text: fn(&CandidateView) -> &str| compared.iter().map(|candidate| text(candidate)).collect::<Vec<_>>();
    page.line(sum(theme, "outside these axes", &of_each(|candidate| &candidate.rest_text), width));
    page.line(sum(theme, "total: the score", &of_each(|candidate| &candidate.score_text), width));
    page.blank();
    page.dim("Axes that differ most come first. Numbers show what an axis adds to each score.");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn candidate(contributions: [f64; 3]) -> CandidateView {
        let name = |at: usize| at.to_string();
        let pair = |(at, contribution)| PairView { name: name(at), contribution, ..PairView::default() };
        CandidateView { pairs: contributions.into_iter().enumerate().map(pair).collect(), ..CandidateView::default() }
    }

    #[test]
    fn what_sets_models_apart_comes_first() {
        let (one, mut other, third) =
            (candidate([0.3, 0.1, 0.2]), candidate([0.3, 0.2, -0.2]), candidate([0.9, 0.2, 0.2]));
        other.pairs.reverse();
        let names = |compared: &[&CandidateView]| -> String {
            by_difference(compared).iter().map(|axis| axis[0].name.as_str()).collect()
        };
        assert_eq!(names(&[&one, &other]), "210", "whatever the order of their axes");
        assert_eq!(names(&[&one, &other, &third]), "021");
        assert!(by_difference(&[]).is_empty());
        other.pairs.clear();
        assert!(by_difference(&[&one, &other]).is_empty(), "a blend whose axes are not known");
    }
}
