//! What lies over a screen and takes the keys: help, palette, running jobs, a question. Each keeps its own state and draws itself;
//! none knows a screen.

pub mod dialog;
pub mod help;
pub mod jobs;
pub mod palette;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Span;
use ratatui::widgets::{Block, Clear};
use tui_input::Input;

use super::keys::Layer;
use crate::ui::theme::Theme;

/// What lies over the screen.
#[derive(Debug)]
pub enum Overlay {
    /// Rows that it is scrolled down by.
    Help(usize),
    /// Why one might not want to quit.
    Quit(String),
    Palette(palette::Palette),
    /// The highlighted job.
    Jobs(usize),
    Dialog(dialog::Question),
}

impl Overlay {
    #[must_use]
    pub fn layer(&self) -> Layer {
        match self {
            Self::Help(_) => Layer::Help,
            Self::Quit(_) => Layer::Quit,
            Self::Palette(_) => Layer::Palette,
            Self::Jobs(_) => Layer::Jobs,
            Self::Dialog(_) => Layer::Dialog,
        }
    }

    /// The field that takes what is typed.
    pub fn field(&mut self) -> Option<&mut Input> {
        match self {
            Self::Palette(palette) => Some(&mut palette.input),
            Self::Dialog(question) => question.field(),
            Self::Help(_) | Self::Quit(_) | Self::Jobs(_) => None,
        }
    }
}

/// A box in the middle of `area`, cleared, of this many columns and rows at most; returns its inside.
pub(super) fn popup(
    theme: &Theme,
    frame: &mut Frame<'_>,
    area: Rect,
    title: &str,
    (width, height): (u16, u16),
) -> Rect {
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
