//! What a training from each start would take: asked for by a key, measured, and shown before one is begun.

use ratatui::text::Span;

use crate::app::forecast::{Begin, Forecast, is_scratch};
use crate::ui::format::{count, duration, fit, one_line, pad, pad_left};
use crate::ui::message::{Effect, Job, JobKind, Report};
use crate::ui::model::{Model, Tone};
use crate::ui::parts::{ROOMY, spinner};
use crate::ui::theme::Theme;
use crate::ui::widgets::Page;

#[derive(Debug, Default)]
pub struct State {
    /// What is being done, while it is measured.
    phase: String,
    pub forecast: Option<Box<Forecast>>,
}

#[must_use]
pub fn may_look_ahead(model: &Model) -> bool {
    super::may_start(model) && model.has_base() && !busy(model)
}

fn busy(model: &Model) -> bool {
    [JobKind::Forecast, JobKind::Write, JobKind::Pull].into_iter().any(|kind| model.jobs.is_running(kind))
}

pub fn look_ahead(model: &mut Model) -> Vec<Effect> {
    let options = super::options(model);
    model.screens.train.costs = State { phase: "starting".into(), forecast: None };
    model.notice = None;
    model.jobs.start(Job::Forecast(options))
}

pub fn hear(model: &mut Model, report: Report) -> Vec<Effect> {
    match report {
        Report::Phase(phase) => model.screens.train.costs.phase = phase,
        Report::Forecast(forecast) => {
            model.screens.train.costs.forecast = Some(forecast);
            model.say(Tone::Good, "Measured. Nothing was trained.");
        }
        _ => {}
    }
    Vec::new()
}

/// Puts it on the page: the way there, or what came of it.
pub fn tell(model: &Model, theme: &Theme, page: &mut Page<'_>) {
    if model.jobs.is_running(JobKind::Forecast) {
        let phase = format!(" {} ...", one_line(&model.screens.train.costs.phase));
        page.line(vec![Span::styled(spinner(model, theme), theme.styles.key), Span::raw(phase)]);
        page.blank();
        return;
    }
    let Some(forecast) = &model.screens.train.costs.forecast else { return };
    page.heading("What each start would take");
    let wide = page.width() + 2 >= usize::from(ROOMY);
    for begin in &forecast.starts {
        row(forecast, begin, wide, theme, page);
    }
    let proposed = forecast.starts.iter().find(|begin| begin.proposed);
    if let Some((begin, steps @ 1..)) = proposed.and_then(|begin| Some((begin, begin.scratch_needed?))) {
        let steps = count(steps, "step");
        page.plain(&format!(
            "From scratch, an earlier run needed {steps} to be where {} begins.",
            one_line(&begin.from)
        ));
    }
    let texts = count(forecast.train_texts, "text");
    let loss = format!("Loss: of {} held out, before any step.", count(forecast.held_out_texts, "text"));
    let power = match forecast.watts {
        Some(watts) => format!("Energy: time x {watts:.1} W, as the machine told when this was measured."),
        None => "This machine does not tell what power it draws.".into(),
    };
    page.dim(&format!(
        "Estimates for {texts}, from two seconds of measuring; fewer steps when the held-out loss no longer falls. {loss} {power}"
    ));
    page.blank();
}

fn row(forecast: &Forecast, begin: &Begin, wide: bool, theme: &Theme, page: &mut Page<'_>) {
    let from = if is_scratch(begin) { "from scratch".to_owned() } else { one_line(&begin.from) };
    let prediction = &begin.prediction;
    let mut after =
        format!(" {:>5.2}  {:>4} steps  {:>9}", begin.held_out_loss, begin.steps, duration(prediction.seconds));
    if wide {
        after.push_str(&format!("  {:>5} MiB", prediction.memory_mb));
        let energy = forecast.watt_hours(begin).map(|energy| format!("  {} Wh", pad_left(&format!("{energy:.1}"), 5)));
        after.push_str(&energy.unwrap_or_default());
    }
    let room = page.width().saturating_sub(2 + after.len());
    let style = if begin.proposed { theme.styles.selected } else { theme.styles.text };
    page.line(vec![
        Span::styled(if begin.proposed { theme.glyphs.chosen } else { " " }, theme.styles.good),
        Span::raw(" "),
        Span::styled(pad(&fit(&from, room), room), style),
        Span::styled(after, theme.styles.text),
    ]);
}
