//! The Runs screen: the table, and what stands beside it; or why there is nothing to show.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Span;

use super::{compare, detail, table};
use crate::app::runs::Run;
use crate::ui::action::{Action, key_for};
use crate::ui::message::JobKind;
use crate::ui::model::Model;
use crate::ui::parts::{WIDE, failure, spinner, split};
use crate::ui::screens::Screen;
use crate::ui::theme::Theme;
use crate::ui::widgets::{Page, Seen, curves_chart, loss_chart};

/// Fewer rows are too few for a chart.
const CHART: u16 = 6;

type Point = (f64, f64);

pub fn draw(model: &Model, theme: &Theme, frame: &mut Frame<'_>, area: Rect) -> Seen {
    let state = &model.screens.runs;
    let Some(run) = state.highlighted() else {
        let mut page = Page::new(theme, area);
        nothing_to_show(model, theme, &mut page);
        return page.draw(frame, area, model.scroll).into();
    };
    let compared = state.compared().filter(|_| state.comparing);
    let mut rows = state.runs().len() + 1 + usize::from(state.naming.is_some());
    if area.width < WIDE && compared.is_some() {
        rows = rows.min(usize::from(area.height / 3));
    }
    let (list, beside) = split(area, rows);
    let place = table::draw(model, theme, frame, list);
    let mut page = Page::new(theme, beside);
    failure(model, theme, &mut page);
    problems(model, theme, &mut page);
    match compared {
        Some(compared) => compare::write(theme, compared, &mut page),
        None => detail::write(model, theme, run, &mut page),
    }
    let text = u16::try_from(page.height()).unwrap_or(u16::MAX);
    let left = beside.height.saturating_sub(text.saturating_add(1));
    if left < CHART {
        return Seen::with_list(page.draw(frame, beside, model.scroll), place);
    }
    page.draw(frame, Rect { height: text, ..beside }, 0);
    let chart = Rect { y: beside.y + text + 1, height: left, ..beside };
    match compared {
        Some(compared) => both(theme, frame, chart, compared),
        None => one(theme, frame, chart, run),
    }
    Seen::with_list(0, place)
}

fn one(theme: &Theme, frame: &mut Frame<'_>, area: Rect, run: &Run) {
    let (losses, held_out) = (points(&run.curve.losses), points(&run.curve.held_out));
    let record = &run.record;
    let best = held_out.iter().any(|point| point.0 == record.best_step as f64);
    let best = best.then_some((record.best_step as f64, record.held_out_after));
    loss_chart(theme, frame, area, (&losses, &held_out, best), &[], record.steps);
}

fn both(theme: &Theme, frame: &mut Frame<'_>, area: Rect, compared: [&Run; 2]) {
    let curves = compared.map(|run| points(&run.curve.held_out));
    let names = compared.map(|run| format!("held-out loss of run {}", run.number));
    curves_chart(theme, frame, area, [(&names[0], &curves[0]), (&names[1], &curves[1])]);
}

fn points(curve: &[(usize, f64)]) -> Vec<Point> {
    curve.iter().map(|(step, loss)| (*step as f64, *loss)).collect()
}

/// What lies where runs should and cannot be read.
fn problems(model: &Model, theme: &Theme, page: &mut Page<'_>) {
    let problems = model.screens.runs.list.iter().flat_map(|list| &list.problems);
    for problem in problems {
        page.text(theme.styles.bad, problem);
    }
}

fn nothing_to_show(model: &Model, theme: &Theme, page: &mut Page<'_>) {
    failure(model, theme, page);
    problems(model, theme, page);
    if model.jobs.is_running(JobKind::Runs) && model.screens.runs.list.is_none() {
        page.line(vec![Span::styled(spinner(model, theme), theme.styles.key), Span::raw(" Looking at your runs ...")]);
        return;
    }
    if model.screens.runs.list.is_none() {
        return;
    }
    page.plain("No training has left a model yet.");
    page.blank();
    page.plain(
        "Each training that ends leaves one here. The last is in use; the ones before it are kept, to be compared, named, put in use \
         again, or deleted.",
    );
    page.blank();
    if model.jobs.is_running(JobKind::Train) {
        page.dim("A training is at work; its model will be the first.");
    }
    page.hint(&key_for(model, Action::Show(Screen::Train)), "goes to Train");
}
