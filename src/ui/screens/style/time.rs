//! Change over time: a column for each span of time on every axis, and in words whether it changed.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::view::{coefficient, mark, nothing_to_compare, place, rows, told_apart};
use crate::app::profile::{By, Part, Parts, RULE};
use crate::ui::format::{count, day, fit, one_line};
use crate::ui::model::Model;
use crate::ui::parts::{ROOMY, failure, split};
use crate::ui::theme::Theme;
use crate::ui::widgets::{Page, Seen, columns, pole};

const ADVICE: &str =
    "goes to Import, to add dated writing: mail has dates, JSON lines have them with date=FIELD among the JSON fields";

pub fn draw(model: &Model, theme: &Theme, frame: &mut Frame<'_>, area: Rect) -> Seen {
    let style = &model.screens.style;
    let (Some(parts), Some(shown)) = (style.parts(), style.shown()) else {
        let mut page = Page::new(theme, area);
        page.heading("Change over time");
        nothing_to_compare(model, theme, &mut page, ADVICE);
        return page.draw(frame, area, model.scroll).into();
    };
    let spans: Vec<&Part> = parts.parts.iter().filter(|part| part.is_measured()).collect();
    let order = style.order();
    let (list, detail) = split(area, order.len() + 2);
    let told = told_apart(&shown.compared.axes, "changed");
    let head = [Line::styled(summary(&spans, &told, list.width), theme.styles.text), legend(theme, list.width)];
    let place = rows(model, theme, frame, list, head, |axis, width, name| {
        let places: Vec<f64> = spans.iter().map(|span| span.axes[axis].user_percentile).collect();
        let drawn = columns(theme, &shown.first.axes[axis].axis, &places, width, pole(width), name);
        (mark(theme, shown.compared.axes.get(axis)), drawn)
    });
    let mut page = Page::new(theme, detail);
    failure(model, theme, &mut page);
    if let Some(&axis) = order.get(style.row(&order))
        && let Some(difference) = shown.compared.axes.get(axis)
    {
        page.heading(&format!("{} or {}", difference.low, difference.high));
        page.plain(&one_line(&difference.sentence(By::Time, shown.first, shown.second)));
        explain(theme, &spans, axis, &mut page);
    }
    rest(parts, &mut page);
    Seen::with_list(page.draw(frame, detail, model.scroll), place)
}

fn summary(spans: &[&Part], told: &str, width: u16) -> String {
    let days = match (spans.first().and_then(|span| span.first), spans.last().and_then(|span| span.last)) {
        (Some(first), Some(last)) if width >= ROOMY => format!(", {} to {}", day(first), day(last)),
        _ => String::new(),
    };
    fit(&format!("{}{days}: {told}", count(spans.len(), "span")), usize::from(width))
}

fn legend(theme: &Theme, width: u16) -> Line<'static> {
    let (glyphs, styles) = (&theme.glyphs, &theme.styles);
    let levels = glyphs.levels;
    let some: String = [levels[1], levels[levels.len() / 2], levels[levels.len() - 1]].join(" ");
    let mut spans = vec![
        Span::styled("oldest ", styles.dim),
        Span::styled(some, styles.user),
        Span::styled(" newest  ", styles.dim),
        Span::styled(glyphs.chosen, styles.good),
        Span::styled(" changed", styles.dim),
    ];
    if width >= ROOMY {
        spans.push(Span::styled("   0 to 100 among writers", styles.dim));
    }
    Line::from(spans)
}

/// Each span with its days and numbers.
fn explain(theme: &Theme, spans: &[&Part], axis: usize, page: &mut Page<'_>) {
    for span in spans {
        let Some(score) = span.axes.get(axis) else { continue };
        let size = format!("{}, {}", count(span.texts, "text"), count(span.words, "word"));
        page.indented("", "  ", theme.styles.text, &format!("{}: {}; {size}", span.label, place(score)));
        page.indented("  ", "  ", theme.styles.dim, &coefficient(score));
    }
}

/// What is left out, and what the mark means.
fn rest(parts: &Parts, page: &mut Page<'_>) {
    page.blank();
    for lack in parts.parts.iter().filter_map(Part::lack) {
        page.plain(&one_line(&lack));
    }
    if parts.undated > 0 {
        page.plain(&format!("Without a date, and left out: {}.", count(parts.undated, "text")));
    }
    page.dim(&format!(
        "Marked is what differs between the first span and the last more than by chance: {RULE}. Whatever else changed with time shows \
         here, too: what you wrote about, where, and to whom."
    ));
}
