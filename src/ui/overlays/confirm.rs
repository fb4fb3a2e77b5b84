//! The question before something that cannot be undone: it is done only where a word is typed. Knows not what it asks about.

use ratatui::Frame;
use ratatui::layout::Rect;
use tui_input::Input;

use super::popup;
use crate::ui::message::Effect;
use crate::ui::model::{Model, Overlay};
use crate::ui::theme::Theme;
use crate::ui::update;
use crate::ui::widgets::{Page, draw_field};

/// What is asked, and what happens where the word is typed.
#[derive(Debug)]
pub struct State {
    question: &'static str,
    word: &'static str,
    pub input: Input,
    run: fn(&mut Model) -> Vec<Effect>,
}

/// Asks.
pub fn ask(
    model: &mut Model,
    question: &'static str,
    word: &'static str,
    run: fn(&mut Model) -> Vec<Effect>,
) -> Vec<Effect> {
    model.confirm = Some(State { question, word, input: Input::default(), run });
    model.overlay = Some(Overlay::Confirm);
    Vec::new()
}

/// Whether the word stands there.
#[must_use]
pub fn is_typed(model: &Model) -> bool {
    model.confirm.as_ref().is_some_and(|asked| asked.input.value().trim().eq_ignore_ascii_case(asked.word))
}

/// Does what was asked about.
pub fn run(model: &mut Model) -> Vec<Effect> {
    let asked = model.confirm.take();
    update::close(model);
    asked.map_or_else(Vec::new, |asked| (asked.run)(model))
}

/// Leaves everything as it is.
pub fn leave(model: &mut Model) -> Vec<Effect> {
    model.confirm = None;
    update::close(model)
}

pub fn draw(model: &Model, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
    let Some(asked) = &model.confirm else { return };
    let inside = popup(theme, frame, area, "This cannot be undone", 64, 8);
    let mut page = Page::new(theme, inside);
    page.plain(asked.question);
    page.blank();
    page.dim(&format!("Type {} and press Enter; Esc leaves everything as it is.", asked.word));
    let rows = u16::try_from(page.height()).unwrap_or(u16::MAX).min(inside.height.saturating_sub(1));
    page.draw(frame, Rect { height: rows, ..inside }, 0);
    let field = Rect { y: inside.y + rows, height: inside.height.saturating_sub(rows).min(1), ..inside };
    draw_field(theme, frame, field, "Word", "", &asked.input, true);
}
