//! The Write screen: one prompt, two answers.

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::{Answer, Progress, second_voice, voices};
use crate::app::write::Voice;
use crate::engine::Stop;
use crate::ui::action::{Action, key_for};
use crate::ui::format::{count, fit, lines, one_line};
use crate::ui::message::JobKind;
use crate::ui::model::Model;
use crate::ui::parts::{ROOMY, failure, spinner};
use crate::ui::screens::train::fetching;
use crate::ui::theme::Theme;
use crate::ui::widgets::{Page, draw_field};

pub fn draw(model: &Model, theme: &Theme, frame: &mut Frame<'_>, area: Rect) -> usize {
    let prompt = Rect { height: area.height.min(1), ..area };
    let key = key_for(model, Action::EditPrompt);
    let hint = if key.is_empty() { String::new() } else { format!("{key}, then say what is to be written") };
    draw_field(theme, frame, prompt, "Prompt", &hint, &model.screens.write.prompt, model.screens.write.editing);
    let air = u16::from(area.height > 8);
    let taken = (1 + air).min(area.height);
    let below = Rect { y: area.y + taken, height: area.height - taken, ..area };
    if model.failure().is_some() || model.screens.write.answers.is_empty() || model.jobs.is_running(JobKind::Pull) {
        let mut page = Page::new(theme, below);
        failure(model, theme, &mut page);
        fetching(model, theme, &mut page);
        explain(model, theme, &mut page);
        return page.draw(frame, below, model.scroll);
    }
    answers(model, theme, frame, below)
}

fn explain(model: &Model, theme: &Theme, page: &mut Page<'_>) {
    let Some(status) = &model.status else {
        page.dim("Looking at what is there ...");
        return;
    };
    if status.base.is_none() && !model.jobs.is_running(JobKind::Pull) {
        page.plain("The base model is not on this machine yet.");
        page.hint("b", "fetches it: the only time anything comes over the network");
        page.blank();
    }
    match second_voice(model) {
        Some(voice) => {
            page.plain(&format!("The base model and {} answer your prompt, one after the other.", name(&voice)))
        }
        None => {
            page.plain("Without a model of your own, only the base model answers.");
            page.hint("4", "goes to Train, to make one");
        }
    }
    if !model.has_personal_model() && second_voice(model).is_some() {
        page.text(theme.styles.dim, "You have no model of your own yet: 4 goes to Train, to make one.");
    }
    page.blank();
    page.hint(&key_for(model, Action::EditPrompt), "then type what is to be written, and Enter again");
    if voices(model).len() > 1 {
        page.hint("v", "chooses who answers beside the base model");
    }
}

fn answers(model: &Model, theme: &Theme, frame: &mut Frame<'_>, area: Rect) -> usize {
    let shown = &model.screens.write.answers;
    let next = second_voice(model).filter(|voice| shown.len() < 2 || shown[1].voice != *voice);
    let mut area = area;
    if let (Some(voice), true) = (next, area.height > 6) {
        let row = Rect { y: area.y + area.height - 1, height: 1, ..area };
        let text = format!("Next time {} answers beside the base model.", name(&voice));
        frame.render_widget(Line::styled(fit(&text, usize::from(row.width)), theme.styles.dim), row);
        area.height -= 1;
    }
    if area.width < ROOMY - 2 || shown.len() == 1 {
        let pane = model.screens.write.pane.min(shown.len() - 1);
        let place = (shown.len() > 1).then_some((pane + 1, shown.len()));
        return answer(model, theme, frame, area, &shown[pane], place);
    }
    let mut parts = Vec::new();
    for index in 0..shown.len() {
        if index > 0 {
            parts.push(Constraint::Length(3));
        }
        parts.push(Constraint::Fill(1));
    }
    let areas = Layout::horizontal(parts).split(area);
    let limits =
        shown.iter().zip(areas.iter().step_by(2)).map(|(shown, area)| answer(model, theme, frame, *area, shown, None));
    limits.max().unwrap_or(0)
}

pub(super) fn name(voice: &Voice) -> String {
    match voice {
        Voice::Base => "the base model".into(),
        Voice::Mine => "your model".into(),
        Voice::Library(id) => format!("`{}` of the library", one_line(id)),
    }
}

fn colour(theme: &Theme, voice: &Voice) -> Style {
    match voice {
        Voice::Base => theme.styles.base,
        Voice::Mine => theme.styles.user,
        Voice::Library(_) => theme.styles.other,
    }
}

/// One answer; `place` is (which, of how many) where the others are hidden.
fn answer(
    model: &Model,
    theme: &Theme,
    frame: &mut Frame<'_>,
    area: Rect,
    answer: &Answer,
    place: Option<(usize, usize)>,
) -> usize {
    let width = usize::from(area.width);
    let place = place.map(|(which, of)| format!(" ({which} of {of}: Right)")).unwrap_or_default();
    let title = format!("{}{place}", name(&answer.voice));
    let parts = [Constraint::Length(1), Constraint::Fill(1), Constraint::Length(1)];
    let [title_row, text_rows, state_row] = Layout::vertical(parts).areas(area);
    frame.render_widget(Line::styled(fit(&title, width), colour(theme, &answer.voice)), title_row);
    let mut page = Page::new(theme, text_rows);
    page.plain(&lines(&answer.text));
    let limit = if answer.progress == Progress::Writing {
        page.draw_tail(frame, text_rows);
        0
    } else {
        page.draw(frame, text_rows, model.scroll)
    };
    let state = match answer.progress {
        Progress::Waiting => "waits for its turn".to_owned(),
        Progress::Writing if answer.text.is_empty() => format!("{} reading the prompt", spinner(model, theme)),
        Progress::Writing => format!("{} writing", spinner(model, theme)),
        Progress::Done { tokens, tokens_per_s, stop } => {
            let cut = if stop == Stop::Length { ", cut at the limit" } else { "" };
            format!("{}, {tokens_per_s:.1} tokens/s{cut}", count(tokens, "token"))
        }
        Progress::Broken => "stopped".to_owned(),
    };
    frame.render_widget(Line::from(Span::styled(fit(&state, width), theme.styles.dim)), state_row);
    limit
}
