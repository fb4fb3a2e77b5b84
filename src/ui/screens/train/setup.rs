//! How Train looks before a training run: what is set up, the start points with what each would take, and the curve of the model in
//! use.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::Span;
use unicode_width::UnicodeWidthStr;

use super::state::{Estimate, Train};
use super::watch::height;
use crate::app::forecast::Forecast;
use crate::app::present::forecast::{HEADS, StartView};
use crate::app::present::{CandidateView, forecast, limits, record, selection};
use crate::app::train::{Effort, StartPoint};
use crate::ui::format::{count, fit, one_line, pad, pad_left};
use crate::ui::shell::data::Select;
use crate::ui::shell::{Job, View};
use crate::ui::widgets::{Page, Room, WIDE, top, training_chart};

/// Columns of the name of a row, with what stands before it.
const NAME: usize = 14;
/// Columns of the name of a start point at least.
const START: usize = 10;
/// Columns between two of a table.
const GAP: usize = 2;
/// Fewer rows are too few for a curve.
const CHART: u16 = 9;
/// From this width on, the start points stand beside what is set up.
const VERY_WIDE: u16 = 160;
/// As many phases of an estimate are shown.
const PHASES: usize = 6;

pub fn draw(train: &Train, view: &View<'_>, frame: &mut Frame<'_>, area: Rect) {
    let curve = train.curve.as_ref().filter(|curve| !curve.is_empty() && area.width >= WIDE);
    let [setup, starts, plot] = places(train, view, area, curve.is_some());
    view.page(frame, setup, 0, "Next run", |page| write_setup(train, view, page));
    view.page(frame, starts, 1, "Starting points", |page| write_starts(train, view, page));
    if let Some(curve) = curve.filter(|_| plot.height >= CHART) {
        let number = view.shared.run_in_use().unwrap_or_default();
        let inner = view.panel(frame, plot, usize::MAX, &format!("Current model: run {number}"));
        training_chart(view.theme, frame, inner, curve, &[], 0);
    }
}

/// Where what is set up, the start points and the curve stand: on a wide screen the first two beside each other, else the curve beside
/// what is set up.
fn places(train: &Train, view: &View<'_>, area: Rect, with_curve: bool) -> [Rect; 3] {
    let half = Rect { width: area.width / 2, ..area };
    let is_wide = area.width >= VERY_WIDE;
    let setup = if is_wide || with_curve { half } else { area };
    let starts = if is_wide { half } else { area };
    let wanted = height(view, setup, |page| write_setup(train, view, page));
    let below = height(view, starts, |page| write_starts(train, view, page));
    let beside = |left: Rect| Rect { x: left.right(), width: area.width - left.width, ..left };
    if is_wide {
        let [above, plot] = top(area, wanted.max(below).min(area.height));
        let left = Rect { width: half.width, ..above };
        return [left, beside(left), plot];
    }
    let least = if with_curve { 2 * CHART } else { 0 };
    let [above, rest] = top(area, wanted.max(least).min(area.height.saturating_sub(below.min(area.height / 2))));
    let left = Rect { width: setup.width, ..above };
    [left, top(rest, below)[0], beside(left)]
}

fn write_setup(train: &Train, view: &View<'_>, page: &mut Page<'_>) {
    view.write_failures(page);
    view.write_fetch(page);
    if view.write_no_texts(page) {
        return;
    }
    let Some(status) = &view.shared.status else { return };
    write_setting(train, view, page, "Start", &start(view));
    write_setting(train, view, page, "Effort", &effort(train));
    let settings = view.shared.key("show-settings");
    let [memory, minutes] = limits(view.shared.budget).map(|limit| format!("{limit} ({settings} Settings)"));
    let texts = format!("{}, {}", count(status.texts.texts, "text"), count(status.texts.words, "word"));
    for (name, value) in [("Memory", memory), ("Time", minutes), ("Texts", texts)] {
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

fn write_setting(train: &Train, view: &View<'_>, page: &mut Page<'_>, name: &str, value: &str) {
    let (glyphs, styles) = (&view.theme.glyphs, &view.theme.styles);
    let (cursor, style, [before, after]) = if page.rows.len() == train.row {
        (glyphs.cursor, styles.selected, ["< ", " >"])
    } else {
        (" ", styles.text, ["", ""])
    };
    let room = page.width().saturating_sub(NAME + before.len() + after.len());
    page.row(vec![
        Span::styled(format!("{cursor} "), styles.key),
        Span::styled(pad(name, NAME - 2), styles.dim),
        Span::styled(before, styles.key),
        Span::styled(fit(value, room), style),
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
    match (train.options.steps, train.options.effort) {
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
        let row = |start: &CandidateView| (start.proposed, vec![one_line(&start.name), start.score_text.clone()]);
        let rows: Vec<Row> = ranked.iter().take(4).map(row).collect();
        write_table(view, page, &["start point", "match"], &rows);
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
        let StartView { name, loss, steps, time, memory, energy, .. } = start;
        let name = one_line(name);
        let cells = [&name, loss, steps, time, memory].into_iter().chain(energy);
        (start.proposed, cells.cloned().collect())
    };
    let rows: Vec<Row> = told.starts.iter().map(row).collect();
    let heads = rows.iter().map(|(_, cells)| cells.len()).max().unwrap_or(1);
    write_table(view, page, &HEADS[..heads], &rows);
    page.blank();
    if let Some(scratch) = &told.scratch {
        page.plain(scratch);
    }
    for note in &told.notes {
        page.dim(note);
    }
}

/// Whether it is proposed, and its cells, of which the first is its name.
type Row = (bool, Vec<String>);

/// The table under its heads. Where there is little room, the steps give way first, then energy and memory.
fn write_table(view: &View<'_>, page: &mut Page<'_>, heads: &[&str], rows: &[Row]) {
    let (glyphs, styles) = (&view.theme.glyphs, &view.theme.styles);
    let longest = |column: usize| {
        let cells = rows.iter().filter_map(|(_, cells)| cells.get(column)).map(|cell| cell.width());
        cells.chain([heads[column].width()]).max().unwrap_or(0)
    };
    let mut widths = vec![0; heads.len()];
    let mut room = Room::new(page.width().saturating_sub(GAP + START));
    for column in [1, 3, 4, 5, 2] {
        if let Some(wide) = widths.get_mut(column) {
            *wide = room.take(longest(column) + GAP);
        }
    }
    widths[0] = longest(0).clamp(START, START + room.left());
    let mut write = |mark: Span<'static>, cells: &[&str], look: [Style; 2]| {
        let others = cells.iter().zip(&widths).skip(1).map(|(cell, width)| pad_left(cell, *width));
        let name = Span::styled(pad(cells[0], widths[0]), look[0]);
        page.line(vec![mark, Span::raw(" "), name, Span::styled(others.collect::<String>(), look[1])]);
    };
    write(Span::raw(" "), heads, [styles.dim; 2]);
    for (proposed, cells) in rows {
        let mark = Span::styled(if *proposed { glyphs.chosen } else { " " }, styles.good);
        let cells: Vec<&str> = cells.iter().map(String::as_str).collect();
        write(mark, &cells, [if *proposed { styles.heading } else { styles.text }, styles.text]);
    }
}
