//! What lies over a screen and takes the keys: help, palette, running jobs, a question. Each keeps its own state and draws itself;
//! none knows a screen.

pub mod dialog;
pub mod help;
pub mod jobs;
pub mod palette;
mod popup;

use tui_input::Input;

pub use popup::Popup;

use super::keys::Layer;

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
