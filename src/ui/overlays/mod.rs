//! What lies over a screen and takes the keys: help, palette, jobs, the question before quitting. Each draws itself; which is open
//! stands in the model.

pub mod confirm;
pub mod help;
pub mod jobs;
pub mod palette;
mod question;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Span;
use ratatui::widgets::{Block, Clear};
use tui_input::Input;

use super::model::{Model, Overlay};
use super::theme::Theme;
use super::widgets::ListPlace;

/// Draws what is open; returns how far it can be scrolled, if it is what scrolls, and where its list stands.
pub fn draw(
    model: &Model,
    theme: &Theme,
    frame: &mut Frame<'_>,
    area: Rect,
    overlay: Overlay,
) -> (Option<usize>, Option<ListPlace>) {
    match overlay {
        Overlay::Help => return (Some(help::draw(model, theme, frame, area)), None),
        Overlay::Palette => return (None, palette::draw(model, theme, frame, area)),
        Overlay::Jobs => return (None, jobs::draw(model, theme, frame, area)),
        Overlay::Quit => question::draw(model, theme, frame, area),
        Overlay::Confirm => confirm::draw(model, theme, frame, area),
    }
    (None, None)
}

/// Moves the cursor of what is open to a row of its list.
pub fn go_to(model: &mut Model, overlay: Overlay, row: usize) {
    match overlay {
        Overlay::Palette => palette::go_to(model, row),
        Overlay::Jobs => jobs::go_to(model, row),
        Overlay::Help | Overlay::Quit | Overlay::Confirm => {}
    }
}

/// The field of an overlay that is typed into.
#[must_use]
pub fn field(model: &Model, overlay: Overlay) -> Option<&Input> {
    match overlay {
        Overlay::Palette => Some(&model.palette.input),
        Overlay::Confirm => model.confirm.as_ref().map(|asked| &asked.input),
        Overlay::Help | Overlay::Quit | Overlay::Jobs => None,
    }
}

pub fn field_mut(model: &mut Model, overlay: Overlay) -> Option<&mut Input> {
    match overlay {
        Overlay::Palette => Some(&mut model.palette.input),
        Overlay::Confirm => model.confirm.as_mut().map(|asked| &mut asked.input),
        Overlay::Help | Overlay::Quit | Overlay::Jobs => None,
    }
}

/// A box in the middle of `area`, cleared, of this many columns and rows at most; returns its inside.
fn popup(theme: &Theme, frame: &mut Frame<'_>, area: Rect, title: &str, width: u16, height: u16) -> Rect {
    let (width, height) = (width.min(area.width), height.min(area.height));
    let place = Rect { x: area.x + (area.width - width) / 2, y: area.y + (area.height - height) / 2, width, height };
    let block = Block::bordered()
        .border_set(theme.glyphs.border)
        .border_style(theme.styles.rule)
        .title(Span::styled(format!(" {title} "), theme.styles.heading));
    let inside = block.inner(place);
    frame.render_widget(Clear, place);
    frame.render_widget(block, place);
    inside
}
