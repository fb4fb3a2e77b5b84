//! The help: what the screen is for, and every key, read from the table of actions.

use ratatui::Frame;
use ratatui::layout::Rect;

use super::popup;
use crate::ui::action::{Entry, Place, TABLE};
use crate::ui::model::{Model, Screen};
use crate::ui::theme::Theme;
use crate::ui::widgets::Page;

pub fn draw(model: &Model, theme: &Theme, frame: &mut Frame<'_>, area: Rect) -> usize {
    let inside = popup(theme, frame, area, "Help", 76, area.height);
    let mut page = Page::new(theme, inside);
    page.plain(about(model.screen));
    let here = Place::On(model.screen);
    let screens = Screen::ALL.into_iter().map(Place::On).filter(|place| *place != here);
    let places = [here, Place::Everywhere, Place::Typing].into_iter().chain(screens).chain([
        Place::Question,
        Place::Help,
        Place::Always,
    ]);
    for place in places {
        let entries: Vec<&Entry> = TABLE.iter().filter(|entry| entry.place == place).collect();
        if entries.is_empty() {
            continue;
        }
        page.blank();
        page.heading(place.title());
        for entry in entries {
            let keys: Vec<String> = entry.keys.iter().map(ToString::to_string).collect();
            page.fact(&keys.join(" "), entry.description);
        }
    }
    page.draw(frame, inside, model.scroll)
}

fn about(screen: Screen) -> &'static str {
    match screen {
        Screen::Import => {
            "Import: XPerT learns from things you wrote. Name a file or folder (text, Markdown, mbox, .eml, JSON lines), \
             see what is in it, then keep it. Everything stays on this machine."
        }
        Screen::Style => {
            "Style: where you stand between pairs of poles, measured on your texts and compared with the base model's own \
             writing. Each score has an interval, the features behind it, and your own sentences as examples."
        }
        Screen::Library => {
            "Library: models already adapted to a style. The score (-1 to 1) says how alike their difference from the \
             base model and yours are; training from a close one takes less time."
        }
        Screen::Train => {
            "Train: adapts the chosen start to your texts. Some texts are held out and never trained on; the loss on them \
             says whether the model learns to write like you. The best state is what is kept."
        }
        Screen::Write => "Write: the base model and the personal one answer the same prompt, one after the other.",
    }
}
