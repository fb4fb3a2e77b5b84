//! A box over the middle of the screen. Knows nothing of what is in it.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Span;
use ratatui::widgets::{Block, Clear};

use crate::ui::theme::Theme;

/// A box in the middle of `area`, cleared, of this many columns and rows at most; returns its inside.
pub fn popup(theme: &Theme, frame: &mut Frame<'_>, area: Rect, title: &str, (width, height): (u16, u16)) -> Rect {
    let (width, height) = (width.min(area.width), height.min(area.height));
    let place = Rect { x: area.x + (area.width - width) / 2, y: area.y + (area.height - height) / 2, width, height };
    let block = Block::bordered()
        .border_set(theme.glyphs.border)
        .border_style(theme.styles.focus)
        .title(Span::styled(format!(" {title} "), theme.styles.heading));
    let inside = block.inner(place);
    frame.render_widget(Clear, place);
    frame.render_widget(block, place);
    inside
}
