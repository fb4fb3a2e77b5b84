//! The Style screen.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::style::{AxisScore, Profile};
use crate::ui::format::{count, fit, measured, one_line};
use crate::ui::message::JobKind;
use crate::ui::model::Model;
use crate::ui::parts::{failure, no_texts, outside_axes, spinner, split};
use crate::ui::theme::Theme;
use crate::ui::widgets::{POLE, Page, placed, placed_legend, window};

pub fn draw(model: &Model, theme: &Theme, frame: &mut Frame<'_>, area: Rect) -> usize {
    let scored = model.screens.style.profile.as_ref().filter(|profile| !profile.axes.is_empty());
    let Some(profile) = scored else {
        let mut page = Page::new(theme, area);
        nothing_to_show(model, theme, &mut page);
        return page.draw(frame, area, model.scroll);
    };
    let (list, detail) = split(area, profile.axes.len() + 2);
    let mut row = list;
    row.height = row.height.min(1);
    frame.render_widget(Line::styled(fit(&summary(profile), usize::from(list.width)), theme.styles.text), row);
    row.y += row.height;
    frame.render_widget(placed_legend(theme, usize::from(list.width)), row);
    let rows = usize::from(list.height).saturating_sub(2);
    for index in window(profile.axes.len(), model.screens.style.cursor, rows) {
        row.y += 1;
        frame.render_widget(axis_row(theme, &profile.axes[index], index == model.screens.style.cursor, row.width), row);
    }
    let mut page = Page::new(theme, detail);
    failure(model, theme, &mut page);
    if let Some(score) = profile.axes.get(model.screens.style.cursor) {
        explain(theme, score, &mut page);
    }
    whole(theme, profile, &mut page);
    page.draw(frame, detail, model.scroll)
}

fn nothing_to_show(model: &Model, theme: &Theme, page: &mut Page<'_>) {
    failure(model, theme, page);
    if no_texts(model, page) {
        return;
    }
    if let Some(profile) = &model.screens.style.profile {
        page.plain(&format!(
            "{} with {}: too little to score a style. About {} are needed.",
            count(profile.texts, "text"),
            count(profile.words, "word"),
            count(profile.missing_words, "more word")
        ));
        page.blank();
        page.hint("1", "goes to Import, to add more of your writing");
    } else if model.jobs.is_running(JobKind::Profile) {
        page.line(vec![
            Span::styled(spinner(model, theme), theme.styles.key),
            Span::raw(" Measuring how you write ..."),
        ]);
    }
}

fn summary(profile: &Profile) -> String {
    let steady = match profile.steadiness {
        Some(steadiness) if steadiness >= 0.9 => ", steady",
        Some(steadiness) if steadiness < 0.7 => ", not steady yet: more texts would help",
        _ => "",
    };
    format!("{}, {}{steady}", count(profile.texts, "text"), count(profile.words, "word"))
}

fn axis_row(theme: &Theme, score: &AxisScore, here: bool, width: u16) -> Line<'static> {
    let name_style = if here { theme.styles.selected } else { theme.styles.text };
    let mut spans = vec![Span::styled(if here { theme.glyphs.cursor } else { " " }, theme.styles.key), Span::raw(" ")];
    spans.extend(placed(theme, score, usize::from(width).saturating_sub(2), POLE, name_style));
    Line::from(spans)
}

fn explain(theme: &Theme, score: &AxisScore, page: &mut Page<'_>) {
    let styles = &theme.styles;
    page.heading(&format!("{} or {}", score.axis.low, score.axis.high));
    page.plain(&score.sentence);
    page.dim(&format!(
        "You {:.0} ({:.0} to {:.0}), the base model {:.0} of 100. Difference {:+.2} ({:+.2} to {:+.2}).",
        score.user_percentile,
        score.user_interval[0],
        score.user_interval[1],
        score.base_percentile,
        score.coefficient,
        score.interval[0],
        score.interval[1]
    ));
    if !score.drivers.is_empty() {
        page.blank();
        page.dim("What moves you there:");
        for driver in &score.drivers {
            let values = format!("{}: you {}, base {}", driver.unit, measured(driver.user), measured(driver.base));
            page.indented("  ", "    ", styles.text, &one_line(&values));
        }
    }
    if !score.quotes.is_empty() {
        page.blank();
        page.dim("In your own words:");
        for quote in &score.quotes {
            page.indented("  | ", "  | ", styles.user, &one_line(quote));
        }
    }
    if let Some(evidence) = &score.axis.evidence {
        page.blank();
        page.dim(&format!("How far to trust this axis: {evidence}"));
    }
}

/// What concerns no single axis.
fn whole(theme: &Theme, profile: &Profile, page: &mut Page<'_>) {
    let words = |more: bool| {
        let words = profile.contrast_words.iter().filter(|word| (word.z > 0.0) == more);
        let words: Vec<String> = words.take(8).map(|word| one_line(&word.word)).collect();
        words.join(", ")
    };
    let (more, less) = (words(true), words(false));
    page.blank();
    page.heading("Beside the axes");
    if !more.is_empty() {
        page.indented("You use more:  ", "  ", theme.styles.text, &more);
    }
    if !less.is_empty() {
        page.indented("You use less:  ", "  ", theme.styles.text, &less);
    }
    if let Some(share) = profile.unexplained {
        page.dim(&outside_axes(share));
    }
}
