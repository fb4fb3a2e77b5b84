//! The Library screen: which model fits, and why.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::app::train::From as Start;
use crate::selection::{Candidate, short_percent};
use crate::ui::format::{megabytes, one_line, pad, pad_left};
use crate::ui::message::JobKind;
use crate::ui::model::Model;
use crate::ui::parts::{NARROW, failure, no_texts, spinner, split};
use crate::ui::theme::Theme;
use crate::ui::widgets::{POLE, Page, common_scale, gauge, paired, paired_legend, window};

pub fn draw(model: &Model, theme: &Theme, frame: &mut Frame<'_>, area: Rect) -> usize {
    let ranked = model.screens.library.selected.as_ref().filter(|selected| !selected.candidates.is_empty());
    let Some(selected) = ranked else {
        let mut page = Page::new(theme, area);
        nothing_to_show(model, theme, &mut page);
        return page.draw(frame, area, model.scroll);
    };
    let (list, detail) = split(area, selected.candidates.len() + 1);
    let mut row = Rect { height: list.height.min(1), ..list };
    frame.render_widget(head(theme, list.width), row);
    let start = model.start_parts();
    for index in
        window(selected.candidates.len(), model.screens.library.cursor, usize::from(list.height).saturating_sub(1))
    {
        row.y += 1;
        let candidate = &selected.candidates[index];
        let chosen = start.iter().any(|part| part.id == candidate.id);
        frame.render_widget(
            candidate_row(theme, candidate, index == model.screens.library.cursor, chosen, row.width),
            row,
        );
    }
    let mut page = Page::new(theme, detail);
    failure(model, theme, &mut page);
    page.text(theme.styles.good, &format!("{}.", selected.choice.reason));
    for caution in &selected.cautions {
        page.text(theme.styles.bad, &caution.message);
    }
    match &model.screens.train.from {
        Start::Auto => {}
        Start::Scratch => page.text(theme.styles.key, "You chose to train from scratch; a takes the best start again."),
        Start::Library(_) | Start::Blend(_) => {
            let start = model.start().unwrap_or_default();
            page.text(theme.styles.key, &format!("You chose to start from {start}; a takes the best start again."));
        }
    }
    if let Some(candidate) = selected.candidates.get(model.screens.library.cursor) {
        page.blank();
        compare(theme, candidate, detail.width, &mut page);
    }
    page.blank();
    page.dim(&format!("Ranked in {:.0} ms from the cards alone; no model was loaded.", selected.elapsed_ms));
    page.draw(frame, detail, model.scroll)
}

fn nothing_to_show(model: &Model, theme: &Theme, page: &mut Page<'_>) {
    failure(model, theme, page);
    if no_texts(model, page) {
        return;
    }
    if let Some(selected) = &model.screens.library.selected {
        page.plain(&format!("{}.", selected.choice.reason));
        page.blank();
        page.hint("1", "goes to Import, to add more of your writing");
        page.hint("4", "goes to Train, which then starts from scratch");
    } else if model.jobs.is_running(JobKind::Select) {
        page.line(vec![
            Span::styled(spinner(model, theme), theme.styles.key),
            Span::raw(" Comparing your style with the library's ..."),
        ]);
    }
}

/// Columns of name and bar for this width.
fn columns(width: u16) -> (usize, usize) {
    if width < NARROW { (16, 6) } else { (24, usize::from(width).saturating_sub(24 + 4 + 6 + 10).min(24)) }
}

/// Where a heading has room for its whole words.
const WIDE: usize = 80;

fn head(theme: &Theme, width: u16) -> Line<'static> {
    let (name, bar) = columns(width);
    let probability = if usize::from(width) < WIDE { "prob." } else { "probably the closest" };
    let score = if usize::from(width) < WIDE { "score" } else { "score (-1 to 1)" };
    Line::styled(format!("    {}{}  {probability}", pad("model", name), pad(score, bar + 6)), theme.styles.dim)
}

fn candidate_row(theme: &Theme, candidate: &Candidate, here: bool, chosen: bool, width: u16) -> Line<'static> {
    let (glyphs, styles) = (&theme.glyphs, &theme.styles);
    let (name, bar) = columns(width);
    let mut spans = vec![
        Span::styled(if here { glyphs.cursor } else { " " }, styles.key),
        Span::styled(if chosen { glyphs.chosen } else { " " }, styles.key),
        Span::raw("  "),
        Span::styled(pad(&one_line(&candidate.name), name), if here { styles.selected } else { styles.text }),
    ];
    spans.extend(gauge(theme, bar, candidate.score, styles.other));
    spans.push(Span::styled(pad_left(&format!("{:.2}", candidate.score), 6), styles.text));
    spans.push(Span::styled(pad_left(&short_percent(candidate.probability), 8), styles.dim));
    Line::from(spans)
}

/// User beside model on every axis, on either side of the base.
fn compare(theme: &Theme, candidate: &Candidate, width: u16, page: &mut Page<'_>) {
    page.heading(&candidate.name);
    page.plain(&candidate.reason);
    page.line(paired_legend(theme, "this model", &format!("   {}", megabytes(candidate.adapter_bytes))));
    let scale = common_scale(&candidate.axes);
    for axis in &candidate.axes {
        page.line(paired(theme, axis, scale, usize::from(width), POLE));
    }
}
