//! How Train looks before a training: what is set up, the start points with what each would take, and the curve of the model in use.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::Span;
use unicode_width::UnicodeWidthStr;

use super::state::{Estimate, Train};
use super::watch::height;
use crate::app::forecast::Forecast;
use crate::app::present::forecast::{HEADS, StartView};
use crate::app::present::{forecast, record, selection};
use crate::app::train::{Effort, StartPoint};
use crate::ui::format::{count, fit, mebibytes, one_line, pad, pad_left};
use crate::ui::shell::data::Select;
use crate::ui::shell::{Job, View};
use crate::ui::widgets::{ListPlace, Page, Panel, Room, WIDE, top, training_chart};

/// Columns of the name of a row, with what stands before it.
const NAME: usize = 14;
/// Columns of the name of a start point at least.
const START: usize = 10;
/// Columns between two of a table.
const GAP: usize = 2;
/// Fewer rows are too few for a curve.
const CHART: u16 = 9;
/// As many phases of an estimate are shown.
const PHASES: usize = 6;

pub fn draw(train: &Train, view: &View<'_>, frame: &mut Frame<'_>, area: Rect) {
    let with_curve = train.curve.as_ref().is_some_and(|curve| !curve.is_empty()) && area.width >= WIDE;
    let left = if with_curve { Rect { width: area.width / 2, ..area } } else { area };
    let mut lines = Vec::new();
    let wanted = height(view, left, |page| write_setup(train, view, page, &mut Vec::new()));
    let below = height(view, area, |page| write_starts(train, view, page));
    let rows = if with_curve { wanted.max(2 * CHART) } else { wanted };
    let rows = rows.min(area.height.saturating_sub(below.min(area.height / 2)));
    let [above, rest] = top(area, rows);
    let [starts, _] = top(rest, below);
    let left = if with_curve { Rect { width: above.width / 2, ..above } } else { above };
    view.page(frame, left, 0, "Next run", |page| write_setup(train, view, page, &mut lines));
    view.list_at(ListPlace::on_page(&lines, view.scroll(0), Panel::inner(left)));
    view.page(frame, starts, 1, "Starting points", |page| write_starts(train, view, page));
    if let (Some(curve), true) = (&train.curve, with_curve) {
        let right = Rect { x: left.right(), width: above.width - left.width, ..above };
        let number = view.shared.run_in_use().unwrap_or_default();
        let inner = view.panel(frame, right, usize::MAX, &format!("Current model: run {number}"));
        training_chart(view.theme, frame, inner, curve, &[], 0);
    }
}

fn write_setup(train: &Train, view: &View<'_>, page: &mut Page<'_>, lines: &mut Vec<usize>) {
    view.write_failures(page);
    view.write_fetch(page);
    if view.write_no_texts(page) {
        return;
    }
    let Some(status) = &view.shared.status else { return };
    for (at, (name, value)) in [("Start", start(view)), ("Effort", effort(train))].into_iter().enumerate() {
        lines.push(page.height());
        write_setting(view, page, at == train.row, name, &value);
    }
    let budget = view.shared.budget;
    let memory =
        budget.memory_mb.map_or_else(|| "whatever is free".into(), |most| format!("at most {}", mebibytes(most)));
    let minutes =
        budget.minutes.map_or_else(|| "as long as it takes".into(), |most| format!("at most {most} min of training"));
    let settings = view.shared.key("show-settings");
    let limits = |value: String| format!("{value} ({settings} Settings)");
    for (name, value) in [
        ("Memory", limits(memory)),
        ("Time", limits(minutes)),
        ("Texts", format!("{}, {}", count(status.texts.texts, "text"), count(status.texts.words, "word"))),
    ] {
        write_value(view, page, name, &value);
    }
    if let Some((name, place)) = &status.base {
        write_value(view, page, "Base model", &format!("{name}, {}", one_line(place)));
    }
    if let Some((number, in_use)) = &status.in_use {
        let now = format!("run {number}, which stays under Runs. {}", record(in_use).loss);
        write_value(view, page, "Your model", &now);
    }
    page.blank();
    page.hint(&view.key("start-training"), "start training; you can look around while it runs");
    let keys = [view.key("start-automatic"), view.key("start-from-scratch")].join(" ");
    let library = view.shared.key("show-library");
    page.hint(keys.trim(), &format!("start from the closest match, or from scratch; {library} Library has all models"));
    let keys = [view.key("fewer-steps"), view.key("more-steps")].join(" ");
    page.hint(keys.trim(), "a fixed number of steps");
}

fn write_setting(view: &View<'_>, page: &mut Page<'_>, here: bool, name: &str, value: &str) {
    let (glyphs, styles) = (&view.theme.glyphs, &view.theme.styles);
    let cursor = if here { glyphs.cursor } else { " " };
    let [before, after] = if here { ["< ", " >"] } else { ["", ""] };
    let room = page.width().saturating_sub(NAME + before.len() + after.len());
    page.line(vec![
        Span::styled(format!("{cursor} "), styles.key),
        Span::styled(pad(name, NAME - 2), styles.dim),
        Span::styled(before, styles.key),
        Span::styled(fit(value, room), if here { styles.selected } else { styles.text }),
        Span::styled(after, styles.key),
    ]);
}

fn write_value(view: &View<'_>, page: &mut Page<'_>, name: &str, value: &str) {
    let before = format!("  {}", pad(name, NAME - 2));
    page.labelled(&before, view.theme.styles.text, value);
}

fn start(view: &View<'_>) -> String {
    let named = |id: &str| {
        let found = view.shared.selected.iter().flat_map(|selected| &selected.candidates).find(|known| known.id == id);
        one_line(found.map_or(id, |candidate| &candidate.name))
    };
    let parts = view.shared.start_parts();
    let start = match &parts[..] {
        [] => "from scratch".to_owned(),
        [only] if only.weight == 1.0 => named(&only.id),
        _ => one_line(&view.shared.start_written().unwrap_or_default()),
    };
    match (&view.shared.start, &view.shared.selected) {
        (StartPoint::Auto, None) => "the closest match".into(),
        (StartPoint::Auto, Some(_)) if parts.is_empty() => format!("{start}: no library model is close"),
        (StartPoint::Auto, Some(_)) => format!("{start}, the closest match"),
        _ => start,
    }
}

fn effort(train: &Train) -> String {
    match (train.steps, train.effort) {
        (Some(steps), _) => format!("{}, or fewer", count(steps, "step")),
        (None, Effort::Quick) => "quick: a third of the steps".into(),
        (None, Effort::Normal) => "normal: as many steps as your texts need".into(),
        (None, Effort::Thorough) => "thorough: twice the steps".into(),
    }
}

fn write_starts(train: &Train, view: &View<'_>, page: &mut Page<'_>) {
    let shared = view.shared;
    if shared.runs::<Estimate>() {
        return write_phases(train, view, page);
    }
    if let Some(forecast) = &shared.forecast {
        return write_forecast(view, page, forecast);
    }
    if let Some(selected) = &shared.selected {
        let ranked = selection(selected).candidates;
        let rows = ranked.iter().take(4).map(|candidate| Row {
            proposed: candidate.proposed,
            name: one_line(&candidate.name),
            cells: vec![candidate.score_text.clone()],
        });
        write_table(view, page, &["start point", "match"], &rows.collect::<Vec<_>>());
        if view.can("look-ahead") {
            page.blank();
        }
    } else if shared.has_texts() && shared.failure(&Select::KIND).is_none() {
        view.write_working(page, "Ranking the library");
    }
    page.hint(
        &view.key("look-ahead"),
        "estimate the held-out loss, time, memory and energy for each; takes about a minute, trains nothing",
    );
}

fn write_phases(train: &Train, view: &View<'_>, page: &mut Page<'_>) {
    let (glyphs, styles) = (&view.theme.glyphs, &view.theme.styles);
    let [done @ .., now] = &train.phases[..] else { return };
    for phase in &done[done.len().saturating_sub(PHASES - 1)..] {
        page.line(vec![Span::styled(glyphs.done, styles.good), Span::raw(format!(" {}", one_line(phase)))]);
    }
    view.write_working(page, &one_line(now));
    page.hint(&view.key("stop"), "stop it");
}

fn write_forecast(view: &View<'_>, page: &mut Page<'_>, measured: &Forecast) {
    let told = forecast(measured);
    let row = |start: &StartView| {
        let StartView { loss, steps, time, memory, energy, .. } = start.clone();
        let cells = [Some(loss), Some(steps), Some(time), Some(memory), energy].into_iter().flatten().collect();
        Row { proposed: start.proposed, name: one_line(&start.name), cells }
    };
    let rows: Vec<Row> = told.starts.iter().map(row).collect();
    let heads = rows.iter().map(|row| row.cells.len() + 1).max().unwrap_or(1);
    write_table(view, page, &HEADS[..heads], &rows);
    page.blank();
    if let Some(scratch) = &told.scratch {
        page.plain(scratch);
    }
    for note in &told.notes {
        page.dim(note);
    }
}

struct Row {
    proposed: bool,
    name: String,
    cells: Vec<String>,
}

/// The table under its heads. Where there is little room, the steps give way first, then energy and memory.
fn write_table(view: &View<'_>, page: &mut Page<'_>, heads: &[&str], rows: &[Row]) {
    let (glyphs, styles) = (&view.theme.glyphs, &view.theme.styles);
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.cells.get(column)).map(|cell| cell.width());
        cells.chain([heads[column + 1].width()]).max().unwrap_or(0) + GAP
    };
    let mut widths = vec![0; heads.len().saturating_sub(1)];
    let mut room = Room::new(page.width().saturating_sub(GAP + START));
    for column in [0, 2, 3, 4, 1] {
        if let Some(wide) = widths.get_mut(column) {
            *wide = room.take(width(column));
        }
    }
    let longest = rows.iter().map(|row| row.name.width()).max().unwrap_or(0).max(heads[0].width());
    let name = longest.clamp(START, START + room.left());
    let line = |mark: Span<'static>, first: &str, cells: &[&str], look: [Style; 2]| {
        let cells = cells.iter().zip(&widths).map(|(cell, width)| pad_left(cell, *width)).collect::<String>();
        vec![mark, Span::raw(" "), Span::styled(pad(first, name), look[0]), Span::styled(cells, look[1])]
    };
    page.line(line(Span::raw(" "), heads[0], &heads[1..], [styles.dim; 2]));
    for row in rows {
        let mark = Span::styled(if row.proposed { glyphs.chosen } else { " " }, styles.good);
        let cells: Vec<&str> = row.cells.iter().map(String::as_str).collect();
        let look = if row.proposed { styles.heading } else { styles.text };
        page.line(line(mark, &row.name, &cells, [look, styles.text]));
    }
}
