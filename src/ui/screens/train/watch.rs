//! How Train looks during a training run and after it: how far it is or how it ended, its curve, and what the model writes.

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::Span;

use super::run::{Run, Samples};
use super::state::{State, Train, Training};
use crate::app::present::record;
use crate::app::present::words::capitalised;
use crate::ui::format::{count, duration, lines, mebibytes, one_line};
use crate::ui::shell::jobs::State as JobState;
use crate::ui::shell::{Job, View};
use crate::ui::widgets::{Page, Panel, WIDE, gauge, top, training_chart};

/// From this height on, curve and samples both fit.
const TALL: u16 = 24;
/// Below this width of a page, it says only what counts most.
const FULL: usize = 45;
/// Rows of the first panel at least: its borders, and a line with a bar.
const MIN_ROWS: u16 = 5;
/// Rows of the curve or the samples at least.
const BELOW: u16 = 8;

pub fn draw(train: &Train, view: &View<'_>, frame: &mut Frame<'_>, area: Rect, run: &Run) {
    let samples = !run.samples.is_empty();
    let write = |page: &mut Page<'_>| write_page(train, view, page, run);
    let title = match train.state {
        State::Done => "Last run",
        State::Stopped => "Stopped run",
        State::Idle | State::Running => "Training",
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
    Panel::height(area.width, page.height())
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
        let base = samples.base.iter().map(|text| ("base model".to_owned(), text, styles.base));
        let written = samples.written.iter().rev().map(|(step, text)| (format!("step {step}"), text, styles.user));
        for (who, text, style) in base.chain(written) {
            page.labelled(&format!("{who:<11} "), style, lines(text).trim());
        }
        if samples.written.is_empty() {
            page.dim("A response from your model appears once the held-out loss improves.");
        }
    });
}

fn write_page(train: &Train, view: &View<'_>, page: &mut Page<'_>, run: &Run) {
    view.write_failures(page);
    if train.state == State::Stopped {
        view.write_fetch(page);
    }
    if let Some(ended) = train.record.as_ref().map(record) {
        page.text(view.theme.styles.heading, ended.ending);
        page.text(view.theme.styles.user, &ended.loss);
        page.plain(&ended.cost);
        if let Some(estimate) = &ended.estimate {
            page.dim(estimate);
        }
        page.blank();
    }
    match train.state {
        State::Done => {
            page.hint(&view.shared.key("show-write"), "Write: see what it writes");
            page.hint(&view.shared.key("show-runs"), "Runs: compare it with earlier ones");
            page.hint(
                &view.key("train-again"),
                "set up another training run; this model stays in use until it is done",
            );
        }
        State::Stopped => write_stopped(train, view, page),
        State::Idle | State::Running => write_running(view, page, run),
    }
    for note in &run.notes {
        page.dim(&one_line(note));
    }
}

fn write_stopped(train: &Train, view: &View<'_>, page: &mut Page<'_>) {
    if let (Some((from, step, steps)), None) = (view.shared.unfinished(), &train.record) {
        let from = one_line(from);
        let text = format!("Training from {from} was stopped at step {step} of {steps}; its checkpoint is saved.");
        page.text(view.theme.styles.heading, &text);
        page.blank();
    }
    page.hint(&view.key("resume-training"), "resume it");
    page.hint(&view.key("restart-training"), "start over");
    page.hint(&view.key("discard-training"), "delete its checkpoint");
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
    write_facts(page, run);
}

/// How it goes; where there is little room, only what counts most.
fn write_facts(page: &mut Page<'_>, run: &Run) {
    let narrow = page.width() < FULL;
    if run.steps > 0 {
        let planned = run.plan.as_ref().filter(|_| !narrow);
        let all = planned.map(|plan| format!(", of {} estimated", duration(plan.seconds))).unwrap_or_default();
        let left = run.left_s.map_or_else(|| "not known yet".to_owned(), duration);
        page.fact("Time left", &(left + &all));
    }
    if let Some(first) = run.curve.held_out.first() {
        let best = run.curve.best().filter(|_| run.curve.held_out.len() > 1);
        let best = best.map(|(step, loss)| format!(" -> {loss:.2} at step {step}")).unwrap_or_default();
        page.fact("Held-out loss", &format!("{:.2}{best}", first.1));
    }
    if narrow {
        return;
    }
    if let Some(speed) = run.tokens_per_s {
        let heat = run.temperature_c.map(|degrees| format!(" at {degrees:.0} °C")).unwrap_or_default();
        page.fact("Speed", &format!("{speed:.0} tokens/s{heat}"));
        let most = run.plan.as_ref().map(|plan| format!(" of {} planned", mebibytes(plan.memory_mb)));
        page.fact("Memory", &(mebibytes(run.memory_mb) + &most.unwrap_or_default()));
    }
    if run.steps > 0 {
        let epochs = run.epochs().map(|epochs| format!(", epoch {epochs:.1}")).unwrap_or_default();
        let texts = count(run.train_texts, "text");
        page.fact("Texts", &format!("{texts} to train on, {} held out{epochs}", run.held_out_texts));
    }
    if let Some(plan) = &run.plan {
        page.fact("Method", &one_line(&plan.method));
    }
    if run.parameters > 0 {
        let saved = run.checkpoint.map(|step| format!("; checkpoint at step {step}")).unwrap_or_default();
        page.fact("Trainable", &format!("{}{saved}", count(run.parameters, "parameter")));
    }
    if let Some(plan) = &run.plan {
        page.fact("Reason", &one_line(&plan.why));
    }
}
