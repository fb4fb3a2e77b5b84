//! A question over the screen: yes or no, a word that must be typed before what cannot be undone, or a text. Knows not what it is about.

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use tui_input::Input;

use super::popup::Popup;
use crate::ui::shell::effect::{Answer, Dialog, Effect};
use crate::ui::theme::Theme;
use crate::ui::widgets::{Page, draw_field};

/// A dialog with what is typed into it.
#[derive(Debug)]
pub struct Question {
    dialog: Dialog,
    input: Input,
}

impl Question {
    pub fn new(dialog: Dialog) -> Self {
        let suggestion = match &dialog.answer {
            Answer::Text { suggestion, .. } => suggestion.clone(),
            Answer::Yes(_) | Answer::Word(..) => String::new(),
        };
        Self { dialog, input: Input::new(suggestion) }
    }

    pub fn field(&mut self) -> Option<&mut Input> {
        match self.dialog.answer {
            Answer::Yes(_) => None,
            Answer::Word(..) | Answer::Text { .. } => Some(&mut self.input),
        }
    }

    /// Whether all that is asked for is typed.
    pub fn is_answered(&self) -> bool {
        match &self.dialog.answer {
            Answer::Yes(_) => true,
            Answer::Word(word, _) => self.input.value().trim().eq_ignore_ascii_case(word),
            Answer::Text { .. } => !self.input.value().trim().is_empty(),
        }
    }

    /// What is done then.
    pub fn into_effects(self) -> Vec<Effect> {
        match self.dialog.answer {
            Answer::Yes(effects) | Answer::Word(_, effects) => effects,
            Answer::Text { then, .. } => then(self.input.value().trim().to_owned()),
        }
    }

    pub fn draw(&self, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
        const WIDTH: u16 = 64;
        let width = WIDTH.min(area.width).saturating_sub(2);
        let mut page = Page::new(theme, Rect { width, ..area });
        page.plain(&self.dialog.question);
        page.blank();
        let label = match &self.dialog.answer {
            Answer::Yes(_) => {
                page.dim("Enter confirms; Esc changes nothing.");
                None
            }
            Answer::Word(word, _) => {
                page.dim(&format!("Type {word} and press Enter; Esc changes nothing."));
                Some("Word")
            }
            Answer::Text { label, .. } => {
                page.dim("Enter confirms; Esc changes nothing.");
                Some(*label)
            }
        };
        let (rows, typed) = (u16::try_from(page.height()).unwrap_or(u16::MAX), u16::from(label.is_some()));
        let popup = Popup::new(frame, area, (WIDTH, rows.saturating_add(2 + typed)));
        let [text, field] = Layout::vertical([Constraint::Fill(1), Constraint::Length(typed)]).areas(popup.inside);
        let below = page.draw(frame, text, 0);
        popup.draw(theme, frame, self.dialog.title, (0, below));
        if let Some(label) = label {
            draw_field(theme, frame, field, label, "", &self.input, true);
        }
    }
}
