//! A titled panel: bordered where there is room, under a rule where there is not. The one with the focus has the accent; what lies
//! below its lower edge is counted there. Knows nothing of what is in it.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Block;
use unicode_width::UnicodeWidthStr;

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
    #[must_use]
    pub fn new(theme: &'t Theme, title: &'t str) -> Self {
        Self { theme, title, focused: false }
    }

    #[must_use]
    pub fn focused(mut self, focused: bool) -> Self {
        self.focused = focused;
        self
    }

    fn is_bordered(area: Rect) -> bool {
        area.width >= BORDERED.0 && area.height >= BORDERED.1
    }

    /// The place of what is in it.
    #[must_use]
    pub fn inner(area: Rect) -> Rect {
        if Self::is_bordered(area) {
            // A column of air on either side.
            Rect { x: area.x + 2, y: area.y + 1, width: area.width - 4, height: area.height - 2 }
        } else {
            let title = area.height.min(1);
            Rect { y: area.y + title, height: area.height - title, ..area }
        }
    }

    /// Draws it around what is in it, of which so many rows are hidden above and below.
    pub fn draw(&self, frame: &mut Frame<'_>, area: Rect, (above, below): (usize, usize)) {
        let (styles, glyphs) = (&self.theme.styles, &self.theme.glyphs);
        let (border, title) = if self.focused { (styles.focus, styles.heading) } else { (styles.rule, styles.dim) };
        let width = usize::from(area.width);
        let more = match (above, below) {
            (0, 0) => String::new(),
            (0, below) => format!("{} {below} more", glyphs.falling),
            (above, 0) => format!("{} {above} above", glyphs.rising),
            (above, below) => format!("{} {above} above {} {below} more", glyphs.rising, glyphs.falling),
        };
        if Self::is_bordered(area) {
            let mut block = Block::bordered().border_set(glyphs.border).border_style(border);
            if !self.title.is_empty() {
                let shown = fit(self.title, width.saturating_sub(6));
                block = block.title(Span::styled(format!(" {shown} "), title));
            }
            if !more.is_empty() {
                block = block.title_bottom(Line::styled(format!(" {more} "), styles.key).right_aligned());
            }
            frame.render_widget(block, area);
            return;
        }
        let shown = fit(self.title, width.saturating_sub(more.width() + 2));
        let air = width.saturating_sub(shown.width() + more.width() + 2);
        let line = Line::from(vec![
            Span::styled(shown, title),
            Span::raw(" "),
            Span::styled(glyphs.rule.repeat(air), border),
            Span::raw(if more.is_empty() { "" } else { " " }),
            Span::styled(more, styles.key),
        ]);
        frame.render_widget(line, Rect { height: area.height.min(1), ..area });
    }
}
