//! The help: what the screen is for, and every key, read from the table of actions.

use ratatui::Frame;
use ratatui::layout::Rect;

use super::popup;
use crate::ui::action::{Entry, Key, Place};
use crate::ui::model::Model;
use crate::ui::theme::Theme;
use crate::ui::widgets::Page;

pub fn draw(model: &Model, theme: &Theme, frame: &mut Frame<'_>, area: Rect) -> usize {
    let inside = popup(theme, frame, area, "Help", 76, area.height);
    let mut page = Page::new(theme, inside);
    page.plain(model.screen.behaviour().about());
    for place in Place::all_from(model.screen) {
        let entries: Vec<(&Entry, &[Key])> = model.keymap.entries().filter(|(entry, _)| entry.place == place).collect();
        if entries.is_empty() {
            continue;
        }
        page.blank();
        page.heading(place.title());
        for (entry, keys) in entries {
            let keys: Vec<String> = keys.iter().map(ToString::to_string).collect();
            page.fact(&keys.join(" "), entry.description);
        }
    }
    page.draw(frame, inside, model.scroll)
}
