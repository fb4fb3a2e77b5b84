//! The help: what the screen is for, and every key, read from the table of keys.

use ratatui::Frame;
use ratatui::layout::Rect;

use super::popup::Popup;
use crate::ui::shell::effect::ScreenId;
use crate::ui::shell::keys::{Keymap, Place};
use crate::ui::shell::screen::{About, View};
use crate::ui::widgets::Page;

/// Draws it, scrolled down by so many rows.
pub fn draw(screen: &About, scroll: usize, view: &View<'_>, frame: &mut Frame<'_>, area: Rect) {
    let (popup, keymap) = (Popup::new(view, frame, area, (76, area.height)), &view.shared.keymap);
    let mut page = Page::new(view.theme, popup.inside);
    page.plain(screen.about);
    for place in places(screen.id, keymap) {
        page.blank();
        page.heading(&place.title());
        for (entry, keys) in keymap.entries().filter(|(entry, _)| entry.place == place) {
            let keys: Vec<String> = keys.iter().map(ToString::to_string).collect();
            page.fact(&keys.join(" "), entry.row.description);
        }
    }
    popup.draw_page(frame, "Help", page, scroll);
}

/// Every place that has rows, those of this screen first.
fn places(here: ScreenId, keymap: &Keymap) -> Vec<Place> {
    let rank = |place: &Place| match place {
        Place::On(screen) | Place::TypingOn(screen) if *screen == here => 0,
        Place::Everywhere => 1,
        Place::Typing => 2,
        Place::On(_) | Place::TypingOn(_) => 3,
        Place::Over(_) => 4,
        Place::Always => 5,
    };
    let mut places: Vec<Place> = Vec::new();
    for (entry, _) in keymap.entries() {
        if !places.contains(&entry.place) {
            places.push(entry.place);
        }
    }
    places.sort_by_key(rank);
    places
}
