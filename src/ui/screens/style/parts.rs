//! How parts of the texts look beside each other: two sources on every axis, or a column for each period.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Span;

use super::state::{Compared, MeasureParts, Style, axis_at};
use super::view::{Panels, legend};
use crate::app::present::{AxisView, PartView, PartsView};
use crate::app::profile::By;
use crate::ui::format::{fit, one_line};
use crate::ui::shell::View;
use crate::ui::widgets::{AxisRow, Bar, Page, columns, pole};

/// Columns of a period's days before its bar.
const DAYS: usize = 24;
/// Narrower than this a period's bar stands below its days.
const BESIDE: usize = 56;

pub(super) fn draw(style: &Style, view: &View<'_>, frame: &mut Frame<'_>, area: Rect) {
    let time = style.by() == Some(By::Time);
    let title = if time { "Change over time" } else { "Two sources compared" };
    let Some(compared) = style.compared() else {
        return view.page(frame, area, 0, title, |page| nothing_to_compare(style, view, page));
    };
    let panels = Panels::of(style, view, area, compared.pair.order.len());
    if time {
        draw_periods(view, frame, &panels, compared);
    } else {
        draw_sources(style, view, frame, &panels, compared);
    }
    let name = axis_at(&compared.first.axes, style.axis).map_or("", |axis| axis.title.as_str());
    panels.page(frame, 1, name, |page| {
        view.write_failures(page);
        if let Some(difference) = compared.pair.axes.get(style.axis) {
            page.plain(&one_line(&difference.sentence));
        }
        if time {
            periods(view, compared.parts, style.axis, page);
        } else {
            both(style, view, compared, page);
        }
    });
    panels.page(frame, 2, if time { "The periods" } else { "The sources" }, |page| rest(compared.parts, page));
}

/// It is worked at, it failed, or there is too little, and what to do then.
fn nothing_to_compare(style: &Style, view: &View<'_>, page: &mut Page<'_>) {
    view.write_failures(page);
    if let Some(parts) = style.parts() {
        for lack in &parts.lacks {
            page.plain(&one_line(lack));
        }
        page.blank();
        let advice = match parts.by {
            By::Source => "Import: add more of your writing, from other sources too: mail, notes, chats",
            By::Time => {
                "Import: add dated writing. Mail has dates; JSON lines have them with date=FIELD among the JSON fields"
            }
        };
        page.hint(&view.shared.key("show-import"), advice);
    } else if view.shared.runs::<MeasureParts>() {
        view.write_working(page, "Measuring your texts part by part");
        page.blank();
    }
    page.hint(&view.key("close-pane"), "back to all your texts together");
}

fn draw_sources(style: &Style, view: &View<'_>, frame: &mut Frame<'_>, panels: &Panels<'_>, compared: Compared<'_>) {
    let Compared { parts, first, second, pair } = compared;
    let both = first.axes.iter().zip(&second.axes);
    let rows: Vec<AxisRow<'_>> =
        both.map(|(one, other)| AxisRow::from(one).with_model(other.coefficient.value)).collect();
    let picture = panels.picture(&rows);
    let head = |page: &mut Page<'_>| {
        let pairs = parts.pairs.len();
        let which = if pairs > 1 { format!("; pair {} of {pairs}", style.pair(parts) + 1) } else { String::new() };
        conclude(view, &format!("{}{which}", pair.summary), page);
        page.line(legend(picture.legend(&first.label, &second.label)));
    };
    panels.draw_picture(frame, "Two sources compared", head, |axis, look| {
        std::iter::once(mark(view, compared, axis)).chain(picture.row(&rows[axis], look)).collect()
    });
}

fn draw_periods(view: &View<'_>, frame: &mut Frame<'_>, panels: &Panels<'_>, compared: Compared<'_>) {
    let (glyphs, styles) = (&view.theme.glyphs, &view.theme.styles);
    let Compared { parts, first, pair, .. } = compared;
    let head = |page: &mut Page<'_>| {
        conclude(view, &format!("{}; {} periods", pair.summary, measured(parts).count()), page);
        let levels = glyphs.levels;
        let some = [levels[1], levels[levels.len() / 2], levels[levels.len() - 1]].join(" ");
        page.line(legend(vec![
            Span::styled("oldest ", styles.dim),
            Span::styled(some, styles.user),
            Span::styled(
                if page.width() < BESIDE { " newest" } else { " newest, percentile among writers" },
                styles.dim,
            ),
        ]));
    };
    let width = panels.row_width();
    panels.draw_picture(frame, "Change over time", head, |axis, look| {
        let values: Vec<f64> =
            measured(parts).filter_map(|part| part.axes.get(axis)).map(|axis| axis.percentile.value).collect();
        let AxisView { low, high, .. } = &first.axes[axis];
        let columns = columns(view.theme, [low.as_str(), high.as_str()], &values, width, pole(width), look);
        std::iter::once(mark(view, compared, axis)).chain(columns).collect()
    });
}

/// How many axes differ, beside the mark that they have.
fn conclude(view: &View<'_>, what: &str, page: &mut Page<'_>) {
    let line = page.height();
    page.indented("  ", "  ", view.theme.styles.heading, what);
    page.mark(line, view.theme.glyphs.chosen, view.theme.styles.good);
}

fn measured(parts: &PartsView) -> impl Iterator<Item = &PartView> {
    parts.parts.iter().filter(|part| !part.axes.is_empty())
}

/// What stands before the row of an axis: a mark where it differs more than by chance.
fn mark(view: &View<'_>, compared: Compared<'_>, axis: usize) -> Span<'static> {
    let differs = compared.pair.axes.get(axis).is_some_and(|difference| difference.differs);
    if differs { Span::styled(view.theme.glyphs.chosen, view.theme.styles.good) } else { Span::raw(" ") }
}

fn both(style: &Style, view: &View<'_>, Compared { first, second, .. }: Compared<'_>, page: &mut Page<'_>) {
    let (glyphs, styles) = (&view.theme.glyphs, &view.theme.styles);
    for (part, glyph, look) in [(first, glyphs.user, styles.user), (second, glyphs.other, styles.other)] {
        let Some(axis) = axis_at(&part.axes, style.axis) else { continue };
        page.blank();
        page.line(vec![
            Span::styled(format!("{glyph} "), look),
            Span::styled(fit(&one_line(&part.label), page.width() - 2), styles.heading),
        ]);
        if style.numbers {
            page.dim(&axis.numbers);
        }
        if let Some(quote) = axis.quotes.first() {
            page.indented("| ", "| ", look, &one_line(quote));
        }
    }
}

fn periods(view: &View<'_>, parts: &PartsView, axis: usize, page: &mut Page<'_>) {
    page.blank();
    let beside = page.width() >= BESIDE;
    for (part, at) in measured(parts).filter_map(|part| Some((part, part.axes.get(axis)?))) {
        if !beside {
            page.dim(&one_line(&part.label));
        }
        let value = format!("{} ({})", at.percentile.text, at.percentile.interval_text);
        let (name, names) = if beside { (part.label.as_str(), DAYS) } else { ("", 0) };
        let (share, style) = (at.percentile.value / 100.0, view.theme.styles.user);
        page.bar(&Bar { name, names, share, lowest: 0.0, value: &value, style });
    }
}

/// What the parts hold, what is omitted, and what the mark means.
fn rest(parts: &PartsView, page: &mut Page<'_>) {
    for part in &parts.parts {
        let size = || format!("{}: {}", part.label, part.size);
        page.plain(&one_line(&part.lack.clone().unwrap_or_else(size)));
    }
    if let Some(undated) = &parts.undated {
        page.plain(undated);
    }
    page.blank();
    page.dim(&parts.rule);
    if parts.by == By::Time {
        page.dim("Anything else that changed over time shows here too: what you wrote about, where, and to whom.");
    }
}
