//! How Runs looks: the table, all about the highlighted run or two runs side by side, and their curves.

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::Span;

use super::state::{COMPARED, ReadRuns, Runs, trains};
use super::table;
use crate::app::present::{comparison, run as present};
use crate::app::runs::{Comparison, Run};
use crate::ui::format::{fit, one_line, pad};
use crate::ui::shell::View;
use crate::ui::widgets::{Page, Panel, Series, Stroke, WIDE, halves, loss_chart, top, training_chart};

/// Columns of the name of a fact.
const NAMES: usize = 14;
/// From this width on a curve fits beside the facts.
const BESIDE: u16 = 72;

pub fn draw(runs: &Runs, view: &View<'_>, frame: &mut Frame<'_>, area: Rect) {
    let Some(run) = runs.highlighted() else {
        return view.page(frame, area, 0, "Your models", |page| nothing_to_show(runs, view, page));
    };
    let rows = Panel::height(area.width, table::rows(runs));
    let [list, detail, curve] = places(area, rows, runs.compared().is_some());
    let inner = view.panel(frame, list, 0, "Your models");
    table::draw(runs, view, frame, inner);
    match runs.compared() {
        Some(compared) => {
            view.page(frame, detail, 1, "Side by side", |page| write_compared(view, compared, page));
            let inner = view.panel(frame, curve, usize::MAX, "Held-out loss, in nats per token");
            draw_both(view, frame, inner, compared);
        }
        None => {
            view.page(frame, detail, 1, &one_line(&present(run).title), |page| {
                view.write_failures(page);
                write_problems(runs, view, page);
                write_detail(runs, view, run, page);
            });
            let inner = view.panel(frame, curve, usize::MAX, "Loss, in nats per token");
            training_chart(view.theme, frame, inner, &run.curve, &[], run.record.steps);
        }
    }
}

/// Where the table, the facts and, the curve stand; the last is empty where there is no room.
fn places(area: Rect, rows: u16, comparing: bool) -> [Rect; 3] {
    if area.width >= WIDE {
        let [left, right] = halves(area);
        let [list, curve] = top(left, rows.min(area.height / 2));
        return [list, right, curve];
    }
    let most = if comparing { area.height / 3 } else { area.height / 2 };
    let [list, below] = top(area, rows.min(most));
    if area.width < BESIDE || comparing {
        return [list, below, Rect::ZERO];
    }
    let [facts, curve] = Layout::horizontal([Constraint::Fill(1); 2]).spacing(1).areas(below);
    [list, facts, curve]
}

fn draw_both(view: &View<'_>, frame: &mut Frame<'_>, area: Rect, compared: [&Run; COMPARED]) {
    let (glyphs, styles) = (&view.theme.glyphs, &view.theme.styles);
    let series = |run: &Run, glyph, style| {
        Series::new(&format!("run {}", run.number), &run.curve.held_out, glyph, style, Stroke::MarkedLine)
    };
    let [one, other] = compared;
    let both = [series(one, glyphs.user, styles.user), series(other, glyphs.base, styles.base)];
    loss_chart(view.theme, frame, area, &both, 0);
}

fn write_detail(runs: &Runs, view: &View<'_>, run: &Run, page: &mut Page<'_>) {
    let told = present(run);
    page.text(view.theme.styles.user, &told.loss);
    if told.stopped {
        page.plain(stopped(view, run));
    }
    // What stands in the title or the first line already is not said twice.
    let known = ["name", "loss before", "loss after", "loss fell by"];
    for (name, value) in told.facts.iter().filter(|(name, _)| !known.contains(name)) {
        write_fact(view, page, name, value);
    }
    write_fact(view, page, "folder", &run.folder.display().to_string());
    page.blank();
    write_keys(runs, view, run, page);
}

fn write_fact(view: &View<'_>, page: &mut Page<'_>, name: &str, value: &str) {
    page.labelled(&pad(name, NAMES), view.theme.styles.text, value);
}

/// Whether the training that left this model can continue.
fn stopped(view: &View<'_>, run: &Run) -> &'static str {
    let unfinished = view.shared.unfinished();
    if unfinished.is_some_and(|(from, step, _)| *from == run.record.started_from && *step >= run.record.steps) {
        "Its training was stopped and can be resumed on Train; the finished model then replaces this run."
    } else {
        "Its training was stopped early."
    }
}

fn write_keys(runs: &Runs, view: &View<'_>, run: &Run, page: &mut Page<'_>) {
    if trains(view.shared) {
        page.dim("Training is in progress: you can switch to, name or delete runs when it has ended.");
        return;
    }
    page.hint(&view.key("put-in-use"), "use it; the current one stays in the list");
    // The one in use answers there anyway.
    if !run.in_use {
        page.hint(&view.key("write-with-run"), "have it respond beside the base model on Write");
    }
    page.hint(&view.key("rename-run"), "give it another name");
    page.hint(&view.key("export-run"), "copy it to a folder, for other programs");
    page.hint(&view.key("delete-run"), "delete it");
    if run.in_use && !runs.may_delete(view.shared) {
        page.dim("It is in use: switch to another run before deleting it.");
    }
}

fn write_compared(view: &View<'_>, compared: [&Run; COMPARED], page: &mut Page<'_>) {
    let styles = &view.theme.styles;
    let same_base = compared[0].record.base == compared[1].record.base;
    let told = comparison(&Comparison { runs: compared.map(Run::clone), same_base });
    let column = page.width().saturating_sub(NAMES) / COMPARED;
    // A column of air between what is cut and what follows.
    let value = |text: &str, style| Span::styled(pad(&one_line(text), column.saturating_sub(1)) + " ", style);
    let [one, other] = &told.titles;
    page.line(vec![Span::raw(" ".repeat(NAMES)), value(one, styles.user), value(other, styles.base)]);
    for (name, [one, other]) in &told.rows {
        let name = Span::styled(pad(name, NAMES), styles.dim);
        if one == other {
            // Said once, in the room of both.
            let both = fit(&format!("both: {}", one_line(one)), page.width().saturating_sub(NAMES));
            page.line(vec![name, Span::styled(both, styles.dim)]);
        } else {
            page.line(vec![name, value(one, styles.text), value(other, styles.text)]);
        }
    }
    page.blank();
    page.dim(told.note);
}

/// What lies where runs should and cannot be read.
fn write_problems(runs: &Runs, view: &View<'_>, page: &mut Page<'_>) {
    for problem in runs.list.iter().flat_map(|list| &list.problems) {
        page.text(view.theme.styles.bad, problem);
    }
}

fn nothing_to_show(runs: &Runs, view: &View<'_>, page: &mut Page<'_>) {
    view.write_failures(page);
    write_problems(runs, view, page);
    if view.shared.runs::<ReadRuns>() && runs.list.is_none() {
        view.write_working(page, "Reading your runs");
    }
    if runs.list.is_none() {
        return;
    }
    page.plain("There is no model yet.");
    page.dim("Each training run adds one here. The latest is in use; earlier ones stay.");
    page.blank();
    if trains(view.shared) {
        page.dim("Training is in progress; its model will be the first.");
    }
    page.hint(&view.shared.key("show-train"), "Train: make one");
}
