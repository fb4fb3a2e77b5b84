//! The marked models side by side: their bars beside the user's and what each axis adds to each score, what sets them apart first.

use ratatui::style::Style;
use ratatui::text::Span;

use super::bars::{self, NUMBER};
use super::table::NUMBERS;
use crate::selection::{AxisPair, Candidate, short_percent};
use crate::ui::format::{one_line, pad, pad_left};
use crate::ui::parts::NARROW;
use crate::ui::theme::Theme;
use crate::ui::widgets::{Page, largest};

/// The axes by their place, those first on which the scores gain most differently.
fn by_difference(compared: &[&Candidate]) -> Vec<usize> {
    let axes = compared.iter().map(|candidate| candidate.axes.len()).min().unwrap_or(0);
    let spread = |axis: &usize| {
        let gains = || compared.iter().map(|candidate| candidate.axes[*axis].contribution);
        gains().fold(f64::NEG_INFINITY, f64::max) - gains().fold(f64::INFINITY, f64::min)
    };
    let mut order: Vec<usize> = (0..axes).collect();
    order.sort_by(|a, b| spread(b).total_cmp(&spread(a)));
    order
}

pub fn write(theme: &Theme, compared: &[&Candidate], page: &mut Page<'_>) {
    let (glyphs, styles, width) = (&theme.glyphs, &theme.styles, page.width());
    page.heading("Side by side");
    let name_width = width.saturating_sub(2 + NUMBER + 8).min(30);
    for (number, candidate) in NUMBERS.iter().zip(compared) {
        page.line(vec![
            Span::styled(format!("{number} "), styles.heading),
            Span::styled(pad(&one_line(&candidate.name), name_width), styles.other),
            Span::styled(pad_left(&format!("{:.2}", candidate.score), NUMBER), styles.text),
            Span::styled(pad_left(&short_percent(candidate.probability), 8), styles.dim),
        ]);
    }
    let numbers: String = NUMBERS.iter().take(compared.len()).map(|number| pad_left(number, NUMBER)).collect();
    let marks = [(glyphs.user, styles.user, "you"), (glyphs.centre, styles.base, "base")];
    page.line(bars::headed(theme, bars::legend(theme, &marks), &numbers, width));
    let values = compared.iter().flat_map(|candidate| &candidate.axes).flat_map(|axis| [axis.user, axis.model]);
    let scale = largest(values);
    for at in by_difference(compared) {
        axis(theme, compared, at, scale, page);
    }
    let rests: Vec<String> = compared.iter().map(|candidate| bars::signed(candidate.rest, 2)).collect();
    let scores: Vec<String> =
        compared.iter().map(|candidate| pad_left(&format!("{:.2}", candidate.score), NUMBER)).collect();
    page.line(bars::sum(theme, "what has no name", &rests, width));
    page.line(bars::sum(theme, "the score", &scores, width));
    page.blank();
    page.dim(
        "Numbers are what each axis adds to each score; what sets the models apart most comes first. A mark that is missing lies under \
         another.",
    );
}

/// One axis with a mark for each model, and its numbers: behind it, or, where there is no room, under it.
fn axis(theme: &Theme, compared: &[&Candidate], at: usize, scale: f64, page: &mut Page<'_>) {
    let (styles, width) = (&theme.styles, page.width());
    let axes: Vec<&AxisPair> = compared.iter().map(|candidate| &candidate.axes[at]).collect();
    let Some(first) = axes.first() else { return };
    // The user's mark lies over the models', and the first's over the second's.
    let mut marks: Vec<(f64, &'static str, Style)> =
        axes.iter().zip(NUMBERS).map(|(axis, number)| (axis.model, number, styles.other)).rev().collect();
    marks.push((first.user, theme.glyphs.user, styles.user));
    let added: Vec<String> = axes.iter().map(|axis| bars::signed(axis.contribution, 2)).collect();
    if width < usize::from(NARROW) {
        page.line(bars::bar(theme, first, scale, &marks, width, 0));
        page.line(bars::sum(theme, "adds", &added, width));
        return;
    }
    let mut spans = bars::bar(theme, first, scale, &marks, width, added.len() * NUMBER);
    spans.push(Span::styled(added.concat(), styles.text));
    page.line(spans);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn candidate(contributions: [f64; 3]) -> Candidate {
        let axis = |contribution: f64| AxisPair {
            name: "casual-formal".into(),
            low: "casual".into(),
            high: "formal".into(),
            user: 1.0,
            user_interval: [0.5, 1.5],
            model: contribution,
            contribution,
        };
        Candidate {
            id: "a".into(),
            name: "A".into(),
            score: contributions.iter().sum(),
            probability: 0.5,
            axes: contributions.map(axis).to_vec(),
            rest: 0.0,
            adapter_bytes: 1,
            reason: String::new(),
        }
    }

    #[test]
    fn what_sets_models_apart_comes_first() {
        let (one, other, third) = (candidate([0.3, 0.1, 0.2]), candidate([0.3, 0.2, -0.2]), candidate([0.9, 0.2, 0.2]));
        assert_eq!(by_difference(&[&one, &other]), [2, 1, 0]);
        assert_eq!(by_difference(&[&one, &other, &third]), [0, 2, 1]);
        assert!(by_difference(&[]).is_empty());
    }
}
