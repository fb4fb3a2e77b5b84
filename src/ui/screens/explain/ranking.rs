//! The middle steps: the models on the axes beside the user, their scores, and what makes up the score of the first.

use ratatui::text::Span;

use super::sheet::{Sheet, VALUE};
use crate::app::present::words::{signed, thousands};
use crate::app::present::{CandidateView, SelectionView};
use crate::ui::format::{one_line, pad, pad_left};
use crate::ui::widgets::{AxisRow, Track, gauge, largest, signed_gauge};

/// Models that are drawn beside the user.
const MODELS: usize = 3;
/// Axes that are drawn of each: at least, and at most.
const AXES: (usize, usize) = (3, 6);
const SCORES: usize = 4;
/// Axes at least whose additions to a score are drawn.
const ADDITIONS: usize = 4;
/// Rows below the axes of a score: what has no name, the sum, and a note.
const BELOW: usize = 3;
/// From this width on there is room for a second bar.
const TWO_BARS: usize = 70;

pub(super) fn models(sheet: &mut Sheet<'_>, selection: &SelectionView) {
    sheet.opening(
        "Each library model was measured just as you were. You and the closest ones, on the axes that count most:",
    );
    let mut shown: Vec<&CandidateView> = selection.candidates.iter().filter(|one| !one.pairs.is_empty()).collect();
    shown.truncate(MODELS);
    let Some(first) = shown.first() else { return };
    // One line more than the axes of each: its name.
    let around = if sheet.large { 2 } else { 1 };
    let most = (sheet.left().saturating_sub(1) / shown.len()).saturating_sub(around).clamp(AXES.0, AXES.1);
    // The same axes of each, in the order in which they count for the first.
    let counting: Vec<&str> = first.pairs.iter().take(most).map(|pair| pair.name.as_str()).collect();
    let rows: Vec<Vec<AxisRow<'_>>> = shown
        .iter()
        .map(|model| {
            let pairs = counting.iter().filter_map(|name| model.pairs.iter().find(|pair| pair.name == *name));
            pairs.map(AxisRow::from).collect()
        })
        .collect();
    let picture = sheet.picture(&rows.concat());
    sheet.page.line(picture.legend("you", "the model"));
    for (model, rows) in shown.iter().zip(&rows) {
        sheet.air();
        sheet.page.text(sheet.theme.styles.other, &one_line(&model.name));
        rows.iter().for_each(|row| sheet.page.line(picture.row(row, sheet.theme.styles.text)));
    }
}

pub(super) fn distances(sheet: &mut Sheet<'_>, selection: &SelectionView) {
    sheet.opening(
        "Score: how similar a model's difference from the base model is to yours; 1 is exactly your style, 0 that of the base model. \
         Probability: how likely it is that no other model is closer.",
    );
    score_head(sheet);
    let shown = || selection.candidates.iter().take(SCORES);
    let lowest = shown().map(|candidate| candidate.score).fold(0.0, f64::min);
    for candidate in shown() {
        score_row(sheet, candidate, lowest);
    }
    if let Some(more @ 1..) = selection.candidates.len().checked_sub(SCORES) {
        sheet.page.dim(&format!("and {} more, further away", thousands(more)));
    }
    if let Some(first) = selection.candidates.iter().find(|candidate| !candidate.pairs.is_empty()) {
        sheet.page.blank();
        let the = if first.blend { "the blend " } else { "" };
        sheet.page.heading(&format!("What makes up the score of {the}{}", one_line(name(first))));
        contributions(sheet, first);
    }
}

/// What stands before a bar: of a blend its parts.
pub(super) fn name(candidate: &CandidateView) -> &str {
    if candidate.blend { &candidate.id } else { &candidate.name }
}

/// Columns of the bars for score and probability.
fn bars(sheet: &Sheet<'_>) -> [usize; 2] {
    let room = sheet.width().saturating_sub(sheet.names() + 1 + 2 * VALUE);
    if sheet.width() < TWO_BARS { [room, 0] } else { [room / 2, room - room / 2 - 1] }
}

fn score_head(sheet: &mut Sheet<'_>) {
    let [score, probability] = bars(sheet);
    let before = pad("", sheet.names() + 1);
    let title = if probability > 0 { " probability".to_owned() } else { pad_left("prob.", VALUE) };
    let line = before + &pad("score", score + VALUE) + &title;
    sheet.page.line(vec![Span::styled(line, sheet.theme.styles.dim)]);
}

fn score_row(sheet: &mut Sheet<'_>, candidate: &CandidateView, lowest: f64) {
    let (theme, styles) = (sheet.theme, &sheet.theme.styles);
    let [score, probability] = bars(sheet);
    let mut spans = vec![Span::styled(pad(&one_line(name(candidate)), sheet.names()), styles.text), Span::raw(" ")];
    spans.extend(signed_gauge(theme, score, candidate.score, lowest, styles.other));
    spans.push(Span::styled(pad_left(&candidate.score_text, VALUE), styles.text));
    if probability > 0 {
        spans.push(Span::raw(" "));
        match candidate.probability {
            Some(share) => spans.extend(gauge(theme, probability, share, styles.good)),
            None => spans.push(Span::raw(" ".repeat(probability))),
        }
    }
    spans.push(Span::styled(pad_left(&candidate.probability_text, VALUE), styles.text));
    sheet.page.line(spans);
}

/// What every axis adds to the score, as bars to either side of nothing; they add up to it.
fn contributions(sheet: &mut Sheet<'_>, first: &CandidateView) {
    let styles = &sheet.theme.styles;
    // A sum of the other axes is worth a row only where there are two of them.
    let room = sheet.left().saturating_sub(BELOW).max(ADDITIONS);
    let drawn = if first.pairs.len() <= room { first.pairs.len() } else { room - 1 };
    let (named, others) = first.pairs.split_at(drawn);
    let mut rows: Vec<(&str, f64)> = named.iter().map(|pair| (pair.name.as_str(), pair.contribution)).collect();
    if !others.is_empty() {
        rows.push(("the other axes", others.iter().map(|pair| pair.contribution).sum()));
    }
    rows.push(("outside the axes", first.rest));
    let most = largest(rows.iter().map(|row| row.1));
    for (name, adds) in rows {
        addition(sheet, name, adds, adds / most);
    }
    sheet.page.line(vec![
        Span::styled(pad("total: the score", sheet.width() - VALUE), styles.heading),
        Span::styled(pad_left(&first.score_text, VALUE), styles.heading),
    ]);
    sheet.page.dim("Each number is rounded separately.");
}

fn addition(sheet: &mut Sheet<'_>, name: &str, adds: f64, share: f64) {
    let (theme, styles) = (sheet.theme, &sheet.theme.styles);
    let style = if adds < 0.0 { styles.dim } else { styles.good };
    // An odd number of cells has a middle.
    let room = sheet.width().saturating_sub(sheet.names() + 1 + VALUE).saturating_sub(1) | 1;
    let track = Track::new(theme, room).span(0.5, 0.5 + share / 2.0, theme.glyphs.full, style);
    let track = track.mark(0.5, theme.glyphs.centre, styles.base);
    let mut spans = vec![Span::styled(pad(&one_line(name), sheet.names()), styles.text), Span::raw(" ")];
    spans.extend(track.spans());
    spans.push(Span::styled(pad_left(&signed(adds, 2), VALUE), styles.text));
    sheet.page.line(spans);
}
