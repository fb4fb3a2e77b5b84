//! Bars on the axes, on either side of the base model, and what makes up a score. Knows poles and numbers, not whose they are.

use ratatui::style::Style;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use super::table::NUMBERS;
use crate::app::present::words::signed;
use crate::app::present::{CandidateView, PairView, selection};
use crate::ui::format::{one_line, pad, pad_left};
use crate::ui::theme::Theme;
use crate::ui::widgets::{Mark, NARROW, Page, ROOMY, Track};

/// Columns of one number.
const NUMBER: usize = 7;
/// Columns of a pole's name at most, in a narrow place and elsewhere.
const POLES: (usize, usize) = (9, 12);

/// Where bars and numbers stand on a page.
struct Grid<'t> {
    theme: &'t Theme,
    width: usize,
    low: usize,
    high: usize,
    /// Columns left free behind the high pole.
    right: usize,
    /// The value at the ends of the bars.
    scale: f64,
}

impl<'t> Grid<'t> {
    fn new(theme: &'t Theme, width: usize, pairs: &[PairView], right: usize, scale: f64) -> Self {
        let most = if width < usize::from(NARROW) { POLES.0 } else { POLES.1 };
        let longest =
            |pole: fn(&PairView) -> &str| pairs.iter().map(|pair| pole(pair).width()).max().unwrap_or(0).min(most);
        Self { theme, width, low: longest(|pair| &pair.low), high: longest(|pair| &pair.high), right, scale }
    }

    /// An axis with the user's bar and marks; the last lies over the others.
    fn row(&self, pair: &PairView, marks: &[Mark]) -> Vec<Span<'static>> {
        let (glyphs, styles) = (&self.theme.glyphs, &self.theme.styles);
        // An odd number of cells has a middle.
        let room = (self.width.saturating_sub(self.low + self.high + 2 + self.right).max(3) - 1) | 1;
        let place = |value: f64| 0.5 + value / self.scale / 2.0;
        let mut track = Track::new(self.theme, room).span(0.5, place(pair.user), glyphs.span, styles.user).mark(
            0.5,
            glyphs.centre,
            styles.base,
        );
        for (value, glyph, style) in marks {
            track = track.mark(place(*value), glyph, *style);
        }
        let mut spans = vec![Span::styled(pad_left(&one_line(&pair.low), self.low) + " ", styles.text)];
        spans.extend(track.spans());
        let air = self.width.saturating_sub(self.low + room + self.high + 2 + self.right);
        spans.push(Span::styled(format!(" {}{}", pad(&one_line(&pair.high), self.high), " ".repeat(air)), styles.text));
        spans
    }

    /// What the marks stand for, with the headings of number columns at the right edge.
    fn heads(&self, marks: &[(&'static str, Style, &str)], titles: &[&str]) -> Vec<Span<'static>> {
        let dim = self.theme.styles.dim;
        let piece = |(glyph, style, name): &(&'static str, Style, &str)| {
            [Span::styled(*glyph, *style), Span::styled(format!(" {name}  "), dim)]
        };
        let mut spans: Vec<Span<'static>> = marks.iter().flat_map(piece).collect();
        let titles: String = titles.iter().map(|title| pad_left(title, NUMBER)).collect();
        let used = Line::from(spans.clone()).width();
        spans.push(Span::styled(" ".repeat(self.width.saturating_sub(used + titles.width())) + &titles, dim));
        spans
    }

    /// A line under the bars: what it is, and numbers in their columns.
    fn sum(&self, name: &str, numbers: &[String]) -> Vec<Span<'static>> {
        let numbers: String = numbers.iter().map(|number| pad_left(number, NUMBER)).collect();
        let name = pad_left(name, self.width.saturating_sub(numbers.width()));
        vec![Span::styled(name, self.theme.styles.dim), Span::styled(numbers, self.theme.styles.text)]
    }
}

/// A model, or a blend, on the axes: what its score is made up of.
pub(super) struct Likeness<'a> {
    pub pairs: &'a [PairView],
    pub rest_text: &'a str,
    pub score_text: &'a str,
    /// The value at the ends of the bars.
    pub scale: f64,
}

impl<'a> Likeness<'a> {
    pub fn of(candidate: &'a CandidateView) -> Self {
        let CandidateView { pairs, rest_text, score_text, .. } = candidate;
        Self { pairs, rest_text, score_text, scale: selection::scale(pairs) }
    }

    /// The user's bars with the model's marks, what each axis adds to the score, and the rest, which makes it up; with air between
    /// the rows where `airy`.
    pub fn write(&self, theme: &Theme, page: &mut Page<'_>, who: &str, airy: bool) {
        let (glyphs, styles) = (&theme.glyphs, &theme.styles);
        let roomy = page.width() >= usize::from(ROOMY);
        let titles: &[&str] = if roomy { &["you", "it", "adds"] } else { &["adds"] };
        let grid = Grid::new(theme, page.width(), self.pairs, titles.len() * NUMBER, self.scale);
        let (you, it) = ((glyphs.user, styles.user, "you"), (glyphs.other, styles.other, who));
        page.line(grid.heads(&[you, it, (glyphs.centre, styles.base, "base model")], titles));
        for pair in self.pairs {
            let marks = [(pair.model, glyphs.other, styles.other), (pair.user, glyphs.user, styles.user)];
            let mut spans = grid.row(pair, &marks);
            if roomy {
                spans.push(Span::styled(pad_left(&pair.user_text, NUMBER), styles.user));
                spans.push(Span::styled(pad_left(&pair.model_text, NUMBER), styles.other));
            }
            spans.push(Span::styled(pad_left(&pair.adds, NUMBER), styles.text));
            page.line(spans);
            if airy {
                page.blank();
            }
        }
        page.line(grid.sum("outside these axes", &[self.rest_text.to_owned()]));
        page.line(grid.sum("together: the score", &[self.score_text.to_owned()]));
    }
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

/// The marked models side by side: their marks beside the user's bars and what each axis adds to each score.
pub(super) fn side_by_side(theme: &Theme, compared: &[&CandidateView], page: &mut Page<'_>) {
    let (glyphs, styles, width) = (&theme.glyphs, &theme.styles, page.width());
    let numbers = &NUMBERS[..compared.len().min(NUMBERS.len())];
    let names = width.saturating_sub(2 + 2 * NUMBER).min(40);
    for (number, candidate) in numbers.iter().zip(compared) {
        page.line(vec![
            Span::styled(format!("{number} "), styles.heading),
            Span::styled(pad(&one_line(&candidate.name), names), styles.other),
            Span::styled(pad_left(&candidate.score_text, NUMBER), styles.text),
            Span::styled(pad_left(&candidate.probability_text, NUMBER), styles.dim),
        ]);
    }
    page.blank();
    let narrow = width < usize::from(NARROW);
    let right = if narrow { 0 } else { numbers.len() * NUMBER };
    let pairs: Vec<PairView> = compared.iter().flat_map(|candidate| candidate.pairs.iter().cloned()).collect();
    let grid = Grid::new(theme, width, &pairs, right, selection::scale(&pairs));
    let marks = [(glyphs.user, styles.user, "you"), (glyphs.centre, styles.base, "base model")];
    page.line(grid.heads(&marks, numbers));
    for axis in by_difference(compared) {
        // The user's mark lies over the models', and the first's over the second's.
        let of_models = axis.iter().zip(NUMBERS).map(|(pair, number)| (pair.model, number, styles.other)).rev();
        let marks: Vec<Mark> = of_models.chain([(axis[0].user, glyphs.user, styles.user)]).collect();
        let added: Vec<String> = axis.iter().map(|pair| pair.adds.clone()).collect();
        let mut spans = grid.row(axis[0], &marks);
        if narrow {
            page.line(spans);
            page.line(grid.sum("adds", &added));
        } else {
            let added: String = added.iter().map(|added| pad_left(added, NUMBER)).collect();
            spans.push(Span::styled(added, styles.text));
            page.line(spans);
        }
    }
    let rests: Vec<String> = compared.iter().map(|candidate| signed(candidate.rest, 2)).collect();
    let scores: Vec<String> = compared.iter().map(|candidate| candidate.score_text.clone()).collect();
    page.line(grid.sum("outside these axes", &rests));
    page.line(grid.sum("together: the score", &scores));
    page.blank();
    page.dim(
        "Numbers are what each axis adds to each score; what sets the models apart most comes first. A missing mark lies under another.",
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    fn candidate(contributions: [f64; 3]) -> CandidateView {
        let pair = |(at, contribution): (usize, f64)| PairView {
            name: at.to_string(),
            low: "casual".into(),
            high: "formal".into(),
            user: 1.0,
            interval: [0.5, 1.5],
            model: contribution,
            contribution,
            user_text: String::new(),
            interval_text: String::new(),
            model_text: String::new(),
            adds: String::new(),
            auc: None,
        };
        CandidateView {
            id: "a".into(),
            name: "A".into(),
            blend: false,
            proposed: false,
            score: contributions.iter().sum(),
            score_text: String::new(),
            probability: Some(0.5),
            probability_text: String::new(),
            reason: String::new(),
            pairs: contributions.into_iter().enumerate().map(pair).collect(),
            rest: 0.0,
            rest_text: String::new(),
            bytes: 1,
            size: String::new(),
        }
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
