//! A titled panel: bordered where there is room, under a rule where there is not. The one with the focus has the accent; what lies
//! below its lower edge is counted there. Knows nothing of what is in it.

use ratatui::Frame;
use ratatui::layout::{Margin, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::Block;
use unicode_width::UnicodeWidthStr;

use super::{cells, top};
use crate::ui::format::fit;
use crate::ui::theme::Theme;

/// Below either of these a border takes more than it gives.
const BORDERED: (u16, u16) = (50, 5);

pub struct Panel<'t> {
    theme: &'t Theme,
    title: &'t str,
    focused: bool,
}

impl<'t> Panel<'t> {
    pub fn new(theme: &'t Theme, title: &'t str) -> Self {
        Self { theme, title, focused: false }
    }

    pub fn focused(mut self, focused: bool) -> Self {
        self.focused = focused;
        self
    }

    fn is_bordered(area: Rect) -> bool {
        area.width >= BORDERED.0 && area.height >= BORDERED.1
    }

    /// The place of what is in it.
    pub fn inner(area: Rect) -> Rect {
        if Self::is_bordered(area) {
            // A column of air on either side.
            area.inner(Margin::new(2, 1))
        } else {
            top(area, 1)[1]
        }
    }

    /// Rows of one so wide around so many rows.
    pub fn height(width: u16, rows: usize) -> u16 {
        let border = if width < BORDERED.0 { 1 } else { 2 };
        cells(rows).saturating_add(border)
    }

    /// Draws it around what is in it, of which so many rows are hidden above and below.
    pub fn draw(&self, frame: &mut Frame<'_>, area: Rect, hidden: (usize, usize)) {
        if Self::is_bordered(area) {
            frame.render_widget(self.block(area.width, hidden), area);
            return;
        }
        let (border, title) = self.styles();
        let more = self.more(hidden);
        let width = usize::from(area.width);
        let shown = fit(self.title, width.saturating_sub(more.width() + 2));
        let air = width.saturating_sub(shown.width() + more.width() + 2);
        let line = Line::from(vec![
            Span::styled(shown, title),
            Span::raw(" "),
            Span::styled(self.theme.glyphs.rule.repeat(air), border),
            Span::raw(if more.is_empty() { "" } else { " " }),
            Span::styled(more, self.theme.styles.key),
        ]);
        frame.render_widget(line, area);
    }

    /// Its border with title and counts, so many columns wide.
    pub fn block(&self, width: u16, hidden: (usize, usize)) -> Block<'static> {
        let (border, title) = self.styles();
        let mut block = Block::bordered().border_set(self.theme.glyphs.border).border_style(border);
        if !self.title.is_empty() {
            let shown = fit(self.title, usize::from(width).saturating_sub(6));
            block = block.title(Span::styled(format!(" {shown} "), title));
        }
        let more = self.more(hidden);
        if !more.is_empty() {
            block = block.title_bottom(Line::styled(format!(" {more} "), self.theme.styles.key).right_aligned());
        }
        block
    }

    fn styles(&self) -> (Style, Style) {
        let styles = &self.theme.styles;
        if self.focused { (styles.focus, styles.heading) } else { (styles.rule, styles.dim) }
    }

    fn more(&self, hidden: (usize, usize)) -> String {
        let glyphs = &self.theme.glyphs;
        match hidden {
            (0, 0) => String::new(),
            (0, below) => format!("{} {below} more", glyphs.falling),
            (above, 0) => format!("{} {above} above", glyphs.rising),
            (above, below) => format!("{} {above} above {} {below} more", glyphs.rising, glyphs.falling),
        }
    }
}
