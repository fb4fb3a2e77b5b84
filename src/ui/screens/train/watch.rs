//! How Train looks while a training runs and after it: how far it is or how it ended, its curve, and what the model writes.

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::Style;
use ratatui::text::Span;

use super::run::{Run, Samples};
use super::state::{State, Train, Training};
use crate::app::present::record;
use crate::app::present::words::capitalised;
use crate::app::runs::Record;
use crate::ui::format::{count, duration, lines, one_line, thousands};
use crate::ui::shell::jobs::State as JobState;
use crate::ui::shell::{Job, View};
use crate::ui::widgets::{NARROW, Page, Panel, WIDE, cells, gauge, top, training_chart};

/// From this height on, curve and samples both fit.
const TALL: u16 = 24;
/// Below this width of a page, it says only what counts most.
const FULL: usize = 45;
/// Rows of the first panel at least: its borders, and a line with a bar.
const MIN_ROWS: u16 = 4;
/// Rows of the curve or the samples at least.
const BELOW: u16 = 8;

pub fn draw(train: &Train, view: &View<'_>, frame: &mut Frame<'_>, area: Rect, run: &Run) {
    let samples = !run.samples.is_empty();
    let write = |page: &mut Page<'_>| write_page(train, view, page, run);
    let title = match &train.state {
        State::Done(..) => "Last run",
        State::Stopped(..) => "Stopped run",
        _ => "Training",
    };
    if samples && area.width >= WIDE && area.height >= TALL {
        let [left, right] = Layout::horizontal([Constraint::Percentage(45), Constraint::Fill(1)]).areas(area);
        let rows = height(view, left, write).min(left.height / 2);
        let [above, below] = top(left, rows);
        view.page(frame, above, 0, title, write);
        draw_samples(view, frame, below, &run.samples);
        return draw_curve(view, frame, right, usize::MAX, run);
    }
    let rows = height(view, area, write).min(area.height / 2).min(area.height.saturating_sub(BELOW)).max(MIN_ROWS);
    let [above, below] = top(area, rows);
    view.page(frame, above, 0, title, write);
    if train.samples_shown && samples {
        draw_samples(view, frame, below, &run.samples);
    } else {
        draw_curve(view, frame, below, 1, run);
    }
}

/// Rows of a panel with this on its page.
pub fn height(view: &View<'_>, area: Rect, write: impl FnOnce(&mut Page<'_>)) -> u16 {
    let mut page = Page::new(view.theme, Panel::inner(area));
    write(&mut page);
    let border = if area.width < NARROW { 1 } else { 2 };
    cells(page.height()).saturating_add(border)
}

fn draw_curve(view: &View<'_>, frame: &mut Frame<'_>, area: Rect, panel: usize, run: &Run) {
    let inner = view.panel(frame, area, panel, "Loss, in nats per token");
    if run.curve.is_empty() {
        let mut page = Page::new(view.theme, inner);
        page.dim("The curve begins with the first measured loss.");
        page.draw(frame, inner, 0);
        return;
    }
    training_chart(view.theme, frame, inner, &run.curve, &run.reference, run.steps);
}

fn draw_samples(view: &View<'_>, frame: &mut Frame<'_>, area: Rect, samples: &Samples) {
    view.page(frame, area, 1, "What it writes", |page| {
        let styles = &view.theme.styles;
        page.dim(&one_line(&samples.prompt));
        if let Some(base) = &samples.base {
            write_sample(page, "base model", base, styles.base);
        }
        for (step, text) in samples.written.iter().rev() {
            write_sample(page, &format!("step {step}"), text, styles.user);
        }
        if samples.written.is_empty() {
            page.dim("A response from your model appears once the held-out loss improves.");
        }
    });
}

fn write_sample(page: &mut Page<'_>, who: &str, text: &str, style: Style) {
    let before = format!("{who:<11} ");
    page.labelled(&before, style, lines(text).trim());
}

fn write_page(train: &Train, view: &View<'_>, page: &mut Page<'_>, run: &Run) {
    view.write_failures(page);
    match &train.state {
        State::Done(_, ended) => write_done(view, page, ended),
        State::Stopped(_, ended) => write_stopped(view, page, ended.as_deref()),
        _ => write_running(view, page, run),
    }
    for note in &run.notes {
        page.dim(&one_line(note));
    }
}

fn write_running(view: &View<'_>, page: &mut Page<'_>, run: &Run) {
    let styles = &view.theme.styles;
    let phase = match view.shared.jobs.state(&Training::KIND) {
        Some(JobState::Stopping) => "Stopping: the checkpoint is being saved".to_owned(),
        Some(JobState::Paused) => format!("Paused at step {}; {} continues", run.step, view.key("continue-training")),
        _ if run.steps == 0 => format!("{} ...", capitalised(&run.phase)),
        _ => format!("Training from {}", run.from),
    };
    let phase = Span::styled(format!(" {}", one_line(&phase)), styles.heading);
    page.line(vec![Span::styled(view.spinner(), styles.key), phase]);
    if run.steps > 0 {
        let share = run.step as f64 / run.steps as f64;
        let mut spans = gauge(view.theme, page.width().saturating_sub(18).clamp(8, 50), share, styles.good);
        spans.push(Span::raw(format!(" step {} of {}", run.step, run.steps)));
        page.line(spans);
    }
    let narrow = page.width() < FULL;
    for (name, value) in facts(run, narrow) {
        page.fact(name, &value);
    }
    if let (Some(plan), false) = (&run.plan, narrow) {
        page.fact("Reason", &one_line(&plan.why));
    }
}

/// How it goes, in rows; where there is little room, only what counts most.
fn facts(run: &Run, narrow: bool) -> Vec<(&'static str, String)> {
    let mut facts = Vec::new();
    let planned = run.plan.as_ref();
    if run.steps > 0 {
        let all = planned.map(|plan| format!(", of {} estimated", duration(plan.seconds))).filter(|_| !narrow);
        let left = run.left_s.map_or_else(|| "not known yet".to_owned(), duration);
        facts.push(("Time left", left + &all.unwrap_or_default()));
    }
    if let Some(first) = run.curve.held_out.first() {
        let best = run.best().filter(|_| run.curve.held_out.len() > 1);
        let best = best.map(|(step, loss)| format!(" -> {loss:.2} at step {step}")).unwrap_or_default();
        facts.push(("Held-out loss", format!("{:.2}{best}", first.1)));
    }
    if narrow {
        return facts;
    }
    if let Some(speed) = run.tokens_per_s {
        let heat = run.temperature_c.map(|degrees| format!(" at {degrees:.0} °C")).unwrap_or_default();
        facts.push(("Speed", format!("{speed:.0} tokens/s{heat}")));
        let most = planned.map(|plan| format!(" of {} MiB planned", thousands(plan.memory_mb as usize)));
        let memory = format!("{} MiB{}", thousands(run.memory_mb as usize), most.unwrap_or_default());
        facts.push(("Memory", memory));
    }
    if run.steps > 0 {
        let epochs = run.epochs().map(|epochs| format!(", epoch {epochs:.1}")).unwrap_or_default();
        let texts = count(run.train_texts, "text");
        facts.push(("Texts", format!("{texts} to train on, {} held out{epochs}", run.held_out_texts)));
    }
    if let Some(plan) = planned {
        facts.push(("Method", one_line(&plan.method)));
    }
    if run.parameters > 0 {
        let saved = run.checkpoint.map(|step| format!("; checkpoint at step {step}")).unwrap_or_default();
        facts.push(("Trainable", format!("{}{saved}", count(run.parameters, "parameter"))));
    }
    facts
}

fn write_record(view: &View<'_>, page: &mut Page<'_>, ended: &Record) {
    let told = record(ended);
    page.text(view.theme.styles.heading, told.ending);
    page.text(view.theme.styles.user, &told.loss);
    page.plain(&told.cost);
    if let Some(estimate) = &told.estimate {
        page.dim(estimate);
    }
    page.blank();
}

fn write_done(view: &View<'_>, page: &mut Page<'_>, ended: &Record) {
    write_record(view, page, ended);
    page.hint(&view.shared.key("show-write"), "Write: see what it writes");
    page.hint(&view.shared.key("show-runs"), "Runs: compare it with earlier ones");
    page.hint(&view.key("train-again"), "set up another training run; this model stays in use until it is done");
}

fn write_stopped(view: &View<'_>, page: &mut Page<'_>, ended: Option<&Record>) {
    view.write_fetch(page);
    if let Some(ended) = ended {
        write_record(view, page, ended);
    } else if let Some((from, step, steps)) = view.shared.unfinished() {
        let from = one_line(from);
        let text = format!("Training from {from} was stopped at step {step} of {steps}; its checkpoint is saved.");
        page.text(view.theme.styles.heading, &text);
        page.blank();
    }
    page.hint(&view.key("resume-training"), "resume it");
    page.hint(&view.key("restart-training"), "start over");
    page.hint(&view.key("discard-training"), "delete its checkpoint");
}
