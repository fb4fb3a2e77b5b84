//! A box over the middle of the screen. Knows nothing of what is in it.

use ratatui::Frame;
use ratatui::layout::{Margin, Rect};
use ratatui::widgets::Clear;

use crate::ui::theme::Theme;
use crate::ui::widgets::{Page, Panel};

pub struct Popup {
    place: Rect,
    /// The place of what is in it.
    pub inside: Rect,
}

impl Popup {
    /// A box in the middle of `area`, cleared, of this many columns and rows at most.
    pub fn new(frame: &mut Frame<'_>, area: Rect, (width, height): (u16, u16)) -> Self {
        let (width, height) = (width.min(area.width), height.min(area.height));
        let place =
            Rect { x: area.x + (area.width - width) / 2, y: area.y + (area.height - height) / 2, width, height };
        frame.render_widget(Clear, place);
        Self { place, inside: place.inner(Margin::new(1, 1)) }
    }

    /// Draws its border, which counts what is hidden above and below.
    pub fn draw(&self, theme: &Theme, frame: &mut Frame<'_>, title: &str, hidden: (usize, usize)) {
        frame.render_widget(Panel::new(theme, title).focused(true).block(self.place.width, hidden), self.place);
    }

    /// Draws it around a page of text; returns how far that can be scrolled.
    pub fn draw_page(&self, theme: &Theme, frame: &mut Frame<'_>, title: &str, page: Page<'_>, scroll: usize) -> usize {
        let limit = page.draw(frame, self.inside, scroll);
        let scroll = scroll.min(limit);
        self.draw(theme, frame, title, (scroll, limit - scroll));
        limit
    }
}
