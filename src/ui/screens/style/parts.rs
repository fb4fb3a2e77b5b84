//! How parts of the texts look beside each other: two sources on every axis, or a column for each period.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Span;

use super::state::{MeasureParts, Style};
use super::view::Panels;
use crate::app::present::{AxisView, PartView, PartsView};
use crate::app::profile::By;
use crate::ui::format::{fit, one_line};
use crate::ui::shell::View;
use crate::ui::widgets::{AxisRow, Bar, Page, columns, pole};

/// Columns of a period's days before its bar.
const DAYS: usize = 24;
/// Narrower than this a period's bar stands below its days.
const BESIDE: usize = 56;
/// From this width on the legend of the periods says what their columns are.
const EXPLAINED: usize = 54;

pub(super) fn draw(style: &Style, view: &View<'_>, frame: &mut Frame<'_>, area: Rect) {
    let time = style.by == Some(By::Time);
    let title = if time { "Change over time" } else { "Two sources compared" };
    let Some((parts, pair)) = style.compared() else {
        return view.page(frame, area, 0, title, |page| nothing_to_compare(style, view, page));
    };
    let [first, second] = [&parts.parts[pair.first], &parts.parts[pair.second]];
    let panels = Panels::of(style, view, area, pair.order.len());
    let which = match parts.pairs.len() {
        _ if time => format!("; {} periods", measured(parts).count()),
        pairs @ 2.. => format!("; pair {} of {pairs}", style.pair + 1),
        _ => String::new(),
    };
    // How many axes differ, beside the mark that they have.
    let head = |page: &mut Page<'_>| {
        let mark = Span::styled(format!("{} ", view.theme.glyphs.chosen), view.theme.styles.good);
        page.beside_label(mark, view.theme.styles.heading, &format!("{}{which}", pair.summary));
    };
    if time {
        let width = panels.row_width();
        panels.draw_picture(frame, title, head, legend(view, width), |axis, look| {
            let axes = measured(parts).filter_map(|part| part.axes.get(axis));
            let places: Vec<f64> = axes.map(|axis| axis.percentile.value).collect();
            let AxisView { low, high, .. } = &first.axes[axis];
            columns(view.theme, [low.as_str(), high.as_str()], &places, width, pole(width), look)
        });
    } else {
        let axes = first.axes.iter().zip(&second.axes);
        let rows: Vec<AxisRow<'_>> =
            axes.map(|(one, other)| AxisRow::from(one).with_model(other.coefficient.value)).collect();
        let picture = panels.picture(&rows);
        let legend = picture.legend(&first.label, &second.label);
        panels.draw_picture(frame, title, head, legend, |axis, look| picture.row(&rows[axis], look));
    }
    panels.page(frame, 1, first.axes.get(style.axis).map_or("", |axis| &axis.title), |page| {
        view.write_failures(page);
        if let Some(difference) = pair.axes.get(style.axis) {
            page.plain(&one_line(&difference.sentence));
        }
        if time {
            periods(view, parts, style.axis, page);
        } else {
            both(style, view, [first, second], page);
        }
    });
    panels.page(frame, 2, if time { "The periods" } else { "The sources" }, |page| rest(parts, page));
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
            By::Time => "Import: add dated writing. Mail has dates; JSON lines and CSV need date=FIELD under Fields",
        };
        page.hint(&view.shared.key("show-import"), advice);
    } else if view.shared.runs::<MeasureParts>() {
        view.write_working(page, "Measuring your texts part by part");
        page.blank();
    }
    page.hint(&view.key("close-pane"), "back to all your texts together");
}

/// What the columns of the periods are.
fn legend(view: &View<'_>, width: usize) -> Vec<Span<'static>> {
    let (levels, styles) = (view.theme.glyphs.levels, &view.theme.styles);
    let some = [levels[1], levels[levels.len() / 2], levels[levels.len() - 1]].join(" ");
    let newest = if width < EXPLAINED { " newest" } else { " newest, percentile among writers" };
    vec![Span::styled("oldest ", styles.dim), Span::styled(some, styles.user), Span::styled(newest, styles.dim)]
}

fn measured(parts: &PartsView) -> impl Iterator<Item = &PartView> {
    parts.parts.iter().filter(|part| !part.axes.is_empty())
}

fn both(style: &Style, view: &View<'_>, [first, second]: [&PartView; 2], page: &mut Page<'_>) {
    let (glyphs, styles) = (&view.theme.glyphs, &view.theme.styles);
    for (part, glyph, look) in [(first, glyphs.user, styles.user), (second, glyphs.other, styles.other)] {
        let Some(axis) = part.axes.get(style.axis) else { continue };
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
