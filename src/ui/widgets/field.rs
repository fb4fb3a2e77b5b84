//! A line that is typed into.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};
use tui_input::Input;
use unicode_width::UnicodeWidthStr;

use super::cells;
use crate::platform::text::escape_for_terminal;
use crate::ui::format::{fit, one_line, pad};
use crate::ui::theme::Theme;

/// Draws label and value in the first row of `area`; the part around the cursor where the value is too long.
pub fn draw_field(
    theme: &Theme,
    frame: &mut Frame<'_>,
    area: Rect,
    label: &str,
    hint: &str,
    input: &Input,
    typing: bool,
) {
    if area.height == 0 {
        return;
    }
    let label_width = label.width().max(14).min(usize::from(area.width) / 2) + 1;
    let room = usize::from(area.width).saturating_sub(label_width + 1);
    // The cursor needs a cell of its own behind the last character.
    let scroll = input.visual_scroll(room.saturating_sub(1));
    let label_style = if typing { theme.styles.key } else { theme.styles.dim };
    let label = Span::styled(pad(label, label_width), label_style);
    let value = input.value();
    let value = if typing {
        Span::styled(pad(&window(value, scroll, room), room), theme.styles.field)
    } else if value.is_empty() {
        Span::styled(fit(hint, room), theme.styles.dim)
    } else {
        Span::styled(fit(&one_line(value), room), theme.styles.text)
    };
    frame.render_widget(Line::from(vec![label, value]), area);
    if typing {
        let column = label_width + input.visual_cursor().saturating_sub(scroll);
        frame.set_cursor_position(Position::new(area.x + cells(column).min(area.width.saturating_sub(1)), area.y));
    }
}

/// `width` columns of `text` from column `start` on.
fn window(text: &str, start: usize, width: usize) -> String {
    let mut column = 0;
    let mut shown = String::new();
    for character in text.chars() {
        let safe = escape_for_terminal(character.encode_utf8(&mut [0; 4])).into_owned();
        let before = column;
        column += safe.width();
        if before >= start && column <= start + width {
            shown.push_str(&safe);
        }
    }
    shown
}
