//! A box over the middle of the screen. Knows nothing of what is in it.

use ratatui::Frame;
use ratatui::layout::{Margin, Rect};
use ratatui::text::Line;
use ratatui::widgets::Clear;

use crate::ui::shell::screen::View;
use crate::ui::widgets::{Page, Panel};

pub struct Popup<'v> {
    view: &'v View<'v>,
    place: Rect,
    /// The place of what is in it.
    pub inside: Rect,
}

impl<'v> Popup<'v> {
    /// A box in the middle of `area`, cleared, of this many columns and rows at most.
    pub fn new(view: &'v View<'v>, frame: &mut Frame<'_>, area: Rect, (width, height): (u16, u16)) -> Self {
        let (width, height) = (width.min(area.width), height.min(area.height));
        let place =
            Rect { x: area.x + (area.width - width) / 2, y: area.y + (area.height - height) / 2, width, height };
        frame.render_widget(Clear, place);
        Self { view, place, inside: place.inner(Margin::new(1, 1)) }
    }

    /// Draws its border, which counts what is hidden above and below.
    pub fn draw(&self, frame: &mut Frame<'_>, title: &str, hidden: (usize, usize)) {
        let border = Panel::new(self.view.theme, title).focused(true).block(self.place.width, hidden);
        frame.render_widget(border, self.place);
    }

    /// Draws it around a page of text, scrolled down by so many rows; remembers how far it can be.
    pub fn draw_page(&self, frame: &mut Frame<'_>, title: &str, page: Page<'_>, scroll: usize) {
        let limit = page.draw(frame, self.inside, scroll);
        let scroll = scroll.min(limit);
        self.draw(frame, title, (scroll, limit - scroll));
        self.view.hits.borrow_mut().above_limit = limit;
    }

    /// Draws it around the rows of a list in `area`, as [`View::rows`], or around what is said where there are `none`.
    pub fn draw_rows<'l>(
        &self,
        frame: &mut Frame<'_>,
        title: &str,
        area: Rect,
        (cursor, length): (usize, usize),
        none: &str,
        row: impl Fn(usize, bool) -> Line<'l>,
    ) {
        if length == 0 {
            frame.render_widget(Line::styled(none, self.view.theme.styles.dim), area);
        }
        let place = self.view.rows(frame, area, (cursor.min(length.saturating_sub(1)), length), row);
        self.draw(frame, title, place.hidden(length));
        self.view.hits.borrow_mut().list_above = Some(place);
    }
}
