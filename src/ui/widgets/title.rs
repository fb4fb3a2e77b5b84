//! A title in block letters, for a screen that is seen from afar.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;
use tui_big_text::{BigText, PixelSize};

use crate::ui::theme::Theme;

/// Columns and rows of a letter: eight by eight pixels, two by two of them a cell.
const LETTER: (usize, u16) = (4, 4);

/// Draws `title` at the top of `area` and returns the rows it takes; draws nothing and returns 0 where the terminal has no block
/// characters or the title does not fit.
pub fn big_title(theme: &Theme, frame: &mut Frame<'_>, area: Rect, title: &str) -> u16 {
    let fits = title.chars().count() * LETTER.0 <= usize::from(area.width) && LETTER.1 <= area.height;
    if !fits || theme.glyphs.full.is_ascii() {
        return 0;
    }
    let letters = BigText::builder()
        .pixel_size(PixelSize::Quadrant)
        .style(theme.styles.heading)
        .lines(vec![Line::from(title.to_owned())])
        .build();
    frame.render_widget(letters, Rect { height: LETTER.1, ..area });
    LETTER.1
}
