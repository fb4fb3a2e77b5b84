//! The Train screen: what is going to be trained, and the run as it goes.

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::Span;

use super::{Run, costs, samples};
use crate::app::runs::Record;
use crate::app::train::StartPoint as Start;
use crate::training::Ending;
use crate::ui::action::{Action, key_for, key_of};
use crate::ui::format::{count, duration, megabytes, one_line, thousands};
use crate::ui::message::JobKind;
use crate::ui::model::Model;
use crate::ui::parts::{ROOMY, WIDE, failure, no_texts, spinner};
use crate::ui::screens::Screen;
use crate::ui::theme::Theme;
use crate::ui::widgets::{Page, gauge, loss_chart};

/// From this height on, numbers and samples both fit.
const ROWS_FOR_ALL: u16 = 18;

pub fn draw(model: &Model, theme: &Theme, frame: &mut Frame<'_>, area: Rect) -> usize {
    let running = model.jobs.is_running(JobKind::Train);
    let watched = model.screens.train.run.as_ref().filter(|_| running || model.screens.train.record.is_some());
    let Some(run) = watched else {
        let mut page = Page::new(theme, area);
        failure(model, theme, &mut page);
        prepare(model, theme, &mut page);
        return page.draw(frame, area, model.scroll);
    };
    if run.samples.is_empty() || area.width < WIDE {
        let samples = model.screens.train.samples_shown && !run.samples.is_empty();
        return watch(model, theme, frame, area, (run, samples));
    }
    let parts = [Constraint::Percentage(58), Constraint::Length(3), Constraint::Fill(1)];
    let [left, _, right] = Layout::horizontal(parts).areas(area);
    let mut beside = Page::new(theme, right);
    samples::tell(run, theme, &mut beside);
    let limit = beside.draw(frame, right, model.scroll);
    watch(model, theme, frame, left, (run, false)).max(limit)
}

/// The run as it goes, or as it went, with its curve or its samples.
fn watch(model: &Model, theme: &Theme, frame: &mut Frame<'_>, area: Rect, (run, with_samples): (&Run, bool)) -> usize {
    let mut page = Page::new(theme, area);
    failure(model, theme, &mut page);
    // Where there is little room, what was asked for comes first.
    let first = with_samples && area.height < ROWS_FOR_ALL;
    if first {
        samples::tell(run, theme, &mut page);
        page.blank();
    }
    match &model.screens.train.record {
        Some(record) if !model.jobs.is_running(JobKind::Train) => ended(model, theme, record, &mut page),
        _ => progress(model, theme, run, area.width, &mut page),
    }
    for note in &run.notes {
        page.dim(&one_line(note));
    }
    if with_samples && !first {
        page.blank();
        samples::tell(run, theme, &mut page);
    }
    if with_samples {
        return page.draw(frame, area, model.scroll);
    }
    let text = u16::try_from(page.height()).unwrap_or(u16::MAX);
    let chart_rows = area.height.saturating_sub(text.saturating_add(1));
    if chart_rows < 5 {
        return page.draw(frame, area, model.scroll);
    }
    page.draw(frame, Rect { height: text, ..area }, 0);
    let chart = Rect { y: area.y + text + 1, height: chart_rows, ..area };
    let best = run.best.map(|(step, loss)| (step as f64, loss));
    loss_chart(theme, frame, chart, (&run.losses, &run.held_out, best), &run.reference, run.steps);
    0
}

fn prepare(model: &Model, theme: &Theme, page: &mut Page<'_>) {
    fetching(model, theme, page);
    if no_texts(model, page) {
        return;
    }
    let Some(status) = &model.status else { return };
    costs::tell(model, theme, page);
    page.heading("What will be trained");
    page.fact("Texts", &format!("{}, {}", count(status.texts.texts, "text"), count(status.texts.words, "word")));
    match &status.base {
        Some((name, place)) => page.fact("Base model", &format!("{name}, {}", one_line(place))),
        None => {
            let (name, licence, bytes) = &status.wanted;
            page.fact("Base model", &format!("{name} ({}, {licence}) is not on this machine yet", megabytes(*bytes)));
        }
    }
    page.fact("Start", &start(model));
    let steps =
        model.screens.train.steps.map_or_else(|| "as many as your texts ask for".to_owned(), |steps| steps.to_string());
    page.fact("Steps", &format!("{steps} (+ and - change it); fewer when the held-out loss no longer falls"));
    if let Some((_, record)) = &status.in_use {
        page.fact(
            "Your model now",
            &format!(
                "from {}, {}, held-out loss {:.2} -> {:.2}; a new training takes its place when done, and this one stays under Runs",
                record.started_from,
                count(record.best_step, "step"),
                record.held_out_before,
                record.held_out_after
            ),
        );
    }
    page.blank();
    if let (true, None) = (status.base.is_none(), &model.screens.train.fetch) {
        page.hint(
            &key_of(model, Action::FetchBase),
            "fetches the base model: the only time anything comes over the network",
        );
    }
    match &status.unfinished {
        Some((from, step, steps)) => {
            page.plain(&format!(
                "A training from {from} was stopped at step {step} of {steps}; its checkpoint is kept."
            ));
            page.hint(&key_for(model, Action::ResumeTraining), "resumes it");
            page.hint(&key_for(model, Action::RestartTraining), "gives it up and starts anew");
            page.hint(&key_for(model, Action::DiscardTraining), "deletes its checkpoint, after a question");
        }
        None => {
            page.hint(
                &key_for(model, Action::StartTraining),
                &format!(
                    "starts training. You can go on looking around while it runs, and stop it with {}.",
                    key_of(model, Action::Stop)
                ),
            );
            if costs::may_look_ahead(model) {
                page.hint(
                    &key_for(model, Action::LookAhead),
                    "measures what a training from each start would take, and where it would begin",
                );
            }
            let keys =
                [Action::StartAutomatic, Action::StartFromScratch].map(|action| key_for(model, action)).join(", ");
            let library = key_of(model, Action::Show(Screen::Library));
            page.hint(&keys, &format!("the best start, or from scratch; {library} has the library to choose from"));
        }
    }
}

fn start(model: &Model) -> String {
    let library = key_of(model, Action::Show(Screen::Library));
    match &model.screens.train.from {
        Start::Scratch => "from scratch".into(),
        Start::Library(_) | Start::Blend(_) => format!("{}, as you chose", model.start().unwrap_or_default()),
        Start::Auto => match (&model.screens.library.selected, model.start()) {
            (Some(_), Some(start)) => format!("{start}, which fits you best ({library} shows why)"),
            (Some(_), None) => format!("from scratch: no model of the library is close ({library} shows why)"),
            (None, _) => format!("what fits you best ({library} shows it)"),
        },
    }
}

/// The base model on its way; also shown on the Write screen.
pub(in crate::ui) fn fetching(model: &Model, theme: &Theme, page: &mut Page<'_>) {
    let (Some(fetch), true) = (&model.screens.train.fetch, model.jobs.is_running(JobKind::Pull)) else { return };
    let stopping = if model.jobs.is_stopping(JobKind::Pull) { " (stopping)" } else { "" };
    page.heading(&format!("Fetching the base model{stopping}"));
    page.indented(&format!("{} ", spinner(model, theme)), "  ", theme.styles.text, &one_line(&fetch.source));
    if let Some(total) = fetch.total.filter(|total| *total > 0) {
        let share = fetch.done as f64 / total as f64;
        let mut spans = gauge(theme, page.width().saturating_sub(30).clamp(8, 40), share, theme.styles.good);
        let text = format!(" {:.0} %  {} of {}", share * 100.0, megabytes(fetch.done), megabytes(total));
        spans.push(Span::styled(text, theme.styles.text));
        page.line(spans);
    } else if fetch.done > 0 {
        page.plain(&megabytes(fetch.done));
    }
    for note in &fetch.notes {
        page.dim(&one_line(note));
    }
    page.hint(&key_of(model, Action::Stop), "stops");
    page.blank();
}

fn progress(model: &Model, theme: &Theme, run: &Run, width: u16, page: &mut Page<'_>) {
    let styles = &theme.styles;
    let phase = if model.jobs.is_stopping(JobKind::Train) {
        "stopping: the checkpoint is being kept".to_owned()
    } else if model.jobs.is_paused(JobKind::Train) {
        format!("paused at step {}; {} goes on", run.step, key_of(model, Action::ContinueTraining))
    } else if run.steps == 0 {
        format!("{} ...", run.phase)
    } else {
        format!("training from {}", run.from)
    };
    page.line(vec![
        Span::styled(spinner(model, theme), styles.key),
        Span::raw(" "),
        Span::styled(one_line(&phase), styles.heading),
    ]);
    if run.steps > 0 {
        let share = run.step as f64 / run.steps as f64;
        let mut spans = gauge(theme, usize::from(width).saturating_sub(34).clamp(8, 50), share, styles.good);
        spans.push(Span::raw(format!(" step {} of {}", run.step, run.steps)));
        if let (Some(passes), true) = (run.passes(), width >= ROOMY) {
            spans.push(Span::styled(format!(", pass {passes:.1}"), styles.dim));
        }
        page.line(spans);
    }
    let left = match run.eta_s {
        Some(left) => format!("{} left", duration(left)),
        None if run.steps > 0 => "time left: estimating".into(),
        None => String::new(),
    };
    let planned = run.plan.as_ref().map(|plan| format!(" of {} planned", plan.memory_mb)).unwrap_or_default();
    let heat = run.temperature_c.map(|degrees| format!(", {degrees:.0} °C")).unwrap_or_default();
    let speed = run.tokens_per_s.map(|speed| format!("{speed:.0} tokens/s, {} MiB{planned}{heat}", run.rss_mb));
    let numbers: Vec<String> = speed.into_iter().chain([left]).filter(|text| !text.is_empty()).collect();
    page.plain(&numbers.join(", "));
    let loss = run.losses.last().map(|point| format!("loss {:.2}", point.1));
    let held_out = run.held_out.first().zip(run.held_out.last()).map(|(first, last)| {
        if run.held_out.len() > 1 {
            let best = run.best.map(|(step, loss)| format!(" (best {loss:.2} at step {step})")).unwrap_or_default();
            format!("held-out loss {:.2} -> {:.2}{best}", first.1, last.1)
        } else {
            format!("held-out loss {:.2} at the start", last.1)
        }
    });
    let losses: Vec<String> = held_out.into_iter().chain(loss).collect();
    if !losses.is_empty() {
        page.text(styles.user, &losses.join(", "));
    }
    if let Some(plan) = &run.plan {
        let expected = format!("expected {} MiB at most, {}", plan.memory_mb, duration(plan.seconds));
        page.dim(&format!("{}; {expected}", one_line(&plan.method)));
        if width >= ROOMY {
            page.dim(&format!("chosen because: {}", one_line(&plan.why)));
        }
    }
    if run.steps > 0 && width >= ROOMY {
        let checkpoint = run.checkpoint.map(|step| format!("; checkpoint of step {step}")).unwrap_or_default();
        page.dim(&format!(
            "{} to learn from, {} held out; {} values trained{checkpoint}",
            count(run.train_texts, "text"),
            run.held_out_texts,
            thousands(run.parameters)
        ));
    }
}

fn ended(model: &Model, theme: &Theme, record: &Record, page: &mut Page<'_>) {
    let styles = &theme.styles;
    let ending = match record.ending {
        Ending::Completed => "Done.",
        Ending::TimeUp => "Done: the time is up.",
        Ending::NoLongerImproving => "Done early: the held-out loss no longer fell.",
        Ending::Stopped => "Stopped; a checkpoint is kept.",
    };
    page.text(styles.heading, ending);
    page.text(
        styles.user,
        &format!("held-out loss {:.3} -> {:.3} nats a token", record.held_out_before, record.held_out_after),
    );
    page.plain(&format!(
        "{} from {}, the best at step {}; {} of work, {} tokens, at most {} MiB",
        count(record.steps, "step"),
        record.started_from,
        record.best_step,
        duration(record.seconds),
        thousands(record.tokens),
        thousands(usize::try_from(record.peak_rss_mb).unwrap_or(usize::MAX))
    ));
    if let (Some(prediction), Ending::Completed) = (record.prediction, record.ending) {
        page.dim(&format!("expected were {} and {} MiB", duration(prediction.seconds), prediction.memory_mb));
    }
    if record.is_stopped() {
        page.hint(&key_for(model, Action::ResumeTraining), "resumes it");
    } else if model.guide.as_ref().is_none_or(crate::ui::guide::Guide::is_over) {
        page.hint(&key_of(model, Action::Show(Screen::Write)), "goes to Write, to hear it");
    }
}
