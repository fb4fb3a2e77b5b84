//! The question before quitting while a training runs.

use ratatui::Frame;
use ratatui::layout::Rect;

use super::popup;
use crate::ui::action::{Action, key_for};
use crate::ui::model::Model;
use crate::ui::theme::Theme;
use crate::ui::widgets::Page;

pub fn draw(model: &Model, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
    let inside = popup(theme, frame, area, "Quit?", 60, 7);
    let mut page = Page::new(theme, inside);
    page.plain("A training is running.");
    page.hint(&key_for(model, Action::QuitNow), "stop it, keep its checkpoint, and quit; it can be resumed");
    page.hint(&key_for(model, Action::StayHere), "go on");
    page.draw(frame, inside, 0);
}
