//! The middle steps: the models on the axes beside the user, their scores, and what makes up the score of the first.

use ratatui::style::Style;
use ratatui::text::Span;

use super::view::{Sheet, VALUE};
use crate::app::select::Selected;
use crate::selection::{AxisPair, Candidate, blend_notation, short_percent};
use crate::ui::format::{one_line, pad, pad_left, thousands};
use crate::ui::widgets::{Track, common_scale, gauge, paired, paired_legend};

/// Models that are drawn beside the user.
const MODELS: usize = 3;
/// Axes that are drawn of each: at least, and at most.
const AXES: (usize, usize) = (3, 6);
/// Models whose scores are drawn.
const SCORES: usize = 4;
/// Rows below the axes of a score: what has no name, the sum, and what is said of it.
const BELOW: usize = 3;
/// From this width on there is room for a second bar.
const TWO_BARS: usize = 70;

pub(super) fn models(sheet: &mut Sheet<'_>, selected: &Selected) {
    let Some(best) = selected.candidates.first() else { return };
    sheet.opening(
        "Each model of the library was measured as you were. Here you and the closest stand on the axes that count most; numbers are steps \
         from the base model, a step being about what one writer varies between paragraphs.",
    );
    let counting: Vec<&str> = by_contribution(best).into_iter().map(|axis| axis.name.as_str()).collect();
    let mut shown: Vec<(String, Vec<AxisPair>)> = blended(selected, best).into_iter().collect();
    shown.extend(selected.candidates.iter().map(|candidate| (candidate.name.clone(), candidate.axes.clone())));
    shown.truncate(MODELS);
    let legend = paired_legend(sheet.theme, "the model", "");
    sheet.page.line(legend);
    let around = if sheet.large { 2 } else { 1 };
    let most = (sheet.left() / shown.len()).saturating_sub(around).clamp(AXES.0, AXES.1);
    for (_, axes) in &mut shown {
        axes.sort_by_key(|axis| counting.iter().position(|name| *name == axis.name));
        axes.truncate(most);
    }
    let scale = common_scale(shown.iter().flat_map(|(_, axes)| axes));
    let (width, pole) = (sheet.width(), sheet.pole());
    for (name, axes) in &shown {
        sheet.air();
        sheet.page.text(sheet.theme.styles.other, &one_line(name));
        for axis in axes {
            let row = paired(sheet.theme, axis, scale, width, pole);
            sheet.page.line(row);
        }
    }
}

/// The axes of a model, those first that count most in its score.
fn by_contribution(candidate: &Candidate) -> Vec<&AxisPair> {
    let mut axes: Vec<&AxisPair> = candidate.axes.iter().collect();
    axes.sort_by(|a, b| b.contribution.abs().total_cmp(&a.contribution.abs()));
    axes
}

/// The blend that was chosen, if one was, with its predicted place on each axis.
fn blended(selected: &Selected, best: &Candidate) -> Option<(String, Vec<AxisPair>)> {
    let blend = selected.choice.blend.as_ref()?;
    let place = |axis: &AxisPair| {
        let predicted = blend.axes.iter().find(|predicted| predicted.name == axis.name)?;
        Some(AxisPair { model: predicted.value, ..axis.clone() })
    };
    let axes = best.axes.iter().filter_map(place).collect();
    Some((format!("The blend {} (predicted)", blend_notation(&blend.parts)), axes))
}

pub(super) fn distances(sheet: &mut Sheet<'_>, selected: &Selected) {
    let Some(best) = selected.candidates.first() else { return };
    sheet.opening(
        "The score says how alike two differences from the base model are: 1 would be your very style, 0 that of the base. The probability \
         says how sure it is that no other model is closer.",
    );
    score_head(sheet);
    for candidate in selected.candidates.iter().take(SCORES) {
        score_row(sheet, candidate);
    }
    match selected.candidates.len().saturating_sub(SCORES) {
        0 => {}
        more => sheet.page.dim(&format!("and {} more, further away", thousands(more))),
    }
    sheet.page.blank();
    sheet.page.heading(&format!("What makes up the score of {}", one_line(&best.name)));
    sheet.air();
    contributions(sheet, best);
}

/// Columns of the bars for score and probability.
fn bars(sheet: &Sheet<'_>) -> (usize, usize) {
    let room = sheet.width().saturating_sub(sheet.names() + 1 + 2 * VALUE);
    if sheet.width() < TWO_BARS { (room, 0) } else { (room / 2, room - room / 2 - 1) }
}

fn score_head(sheet: &mut Sheet<'_>) {
    let (score, probability) = bars(sheet);
    let before = pad("", sheet.names() + 1);
    let line = if probability > 0 {
        format!("{before}{} probability", pad("score", score + VALUE))
    } else {
        format!("{before}{}{}", pad("score", score + VALUE), pad_left("prob.", VALUE))
    };
    sheet.page.line(vec![Span::styled(line, sheet.theme.styles.dim)]);
}

fn score_row(sheet: &mut Sheet<'_>, candidate: &Candidate) {
    let (theme, styles) = (sheet.theme, &sheet.theme.styles);
    let (score, probability) = bars(sheet);
    let mut spans = vec![Span::styled(pad(&one_line(&candidate.name), sheet.names()), styles.text), Span::raw(" ")];
    spans.extend(gauge(theme, score, candidate.score, styles.other));
    spans.push(Span::styled(pad_left(&format!("{:.2}", candidate.score), VALUE), styles.text));
    if probability > 0 {
        spans.push(Span::raw(" "));
        spans.extend(gauge(theme, probability, candidate.probability, styles.good));
    }
    spans.push(Span::styled(pad_left(&short_percent(candidate.probability), VALUE), styles.text));
    sheet.page.line(spans);
}

/// What every axis adds to the score, as bars to either side of nothing; they add up to it.
fn contributions(sheet: &mut Sheet<'_>, best: &Candidate) {
    let styles = &sheet.theme.styles;
    let axes = by_contribution(best);
    // A sum of the other axes is worth a row only where there are two of them.
    let room = sheet.left().saturating_sub(BELOW).max(AXES.1);
    let drawn = if axes.len() <= room { axes.len() } else { room - 1 };
    let mut rows: Vec<(String, f64)> =
        axes.iter().take(drawn).map(|axis| (axis.name.clone(), axis.contribution)).collect();
    if drawn < axes.len() {
        rows.push(("the other axes".into(), axes.iter().skip(drawn).map(|axis| axis.contribution).sum()));
    }
    rows.push(("what has no name".into(), best.rest));
    let largest = rows.iter().map(|row| row.1.abs()).fold(f64::MIN_POSITIVE, f64::max);
    for (name, adds) in &rows {
        let style = if *adds < 0.0 { styles.bad } else { styles.good };
        addition(sheet, name, *adds, largest, style);
    }
    let sum = vec![
        Span::styled(pad("together: the score", sheet.width() - VALUE), styles.heading),
        Span::styled(pad_left(&format!("{:.2}", best.score), VALUE), styles.heading),
    ];
    sheet.page.line(sum);
    sheet.page.dim("Each number is rounded by itself.");
}

fn addition(sheet: &mut Sheet<'_>, name: &str, adds: f64, largest: f64, style: Style) {
    let (theme, styles) = (sheet.theme, &sheet.theme.styles);
    // An odd number of cells has a middle.
    let room = sheet.width().saturating_sub(sheet.names() + 1 + VALUE).saturating_sub(1) | 1;
    let track = Track::new(theme, room).span(0.5, 0.5 + adds / largest / 2.0, theme.glyphs.full, style).mark(
        0.5,
        theme.glyphs.centre,
        styles.base,
    );
    let mut spans = vec![Span::styled(pad(&one_line(name), sheet.names()), styles.text), Span::raw(" ")];
    spans.extend(track.spans());
    // A zero has no sign.
    let adds = if adds.abs() < 0.005 { 0.0 } else { adds };
    spans.push(Span::styled(pad_left(&format!("{adds:+.2}"), VALUE), styles.text));
    sheet.page.line(spans);
}
