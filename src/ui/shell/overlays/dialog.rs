//! A question over the screen: yes or no, a word that must be typed to confirm something that cannot be undone, or a text. Does not
//! know what it is about.

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use tui_input::Input;

use super::popup::Popup;
use crate::ui::shell::effect::{Answer, Dialog, Effect};
use crate::ui::shell::screen::View;
use crate::ui::widgets::{Page, cells, draw_field};

/// A dialog with what is typed into it.
#[derive(Debug)]
pub struct Question {
    dialog: Dialog,
    input: Input,
}

impl Question {
    pub fn new(dialog: Dialog) -> Self {
        let suggested = if let Answer::Text { suggestion, .. } = &dialog.answer { suggestion.as_str() } else { "" };
        Self { input: suggested.into(), dialog }
    }

    pub fn field(&mut self) -> Option<&mut Input> {
        self.dialog.answer.label().is_some().then_some(&mut self.input)
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

    pub fn draw(&self, view: &View<'_>, frame: &mut Frame<'_>, area: Rect) {
        const WIDTH: u16 = 64;
        let width = WIDTH.min(area.width).saturating_sub(2);
        let mut page = Page::new(view.theme, Rect { width, ..area });
        page.plain(&self.dialog.question);
        page.blank();
        match &self.dialog.answer {
            Answer::Word(word, _) => page.dim(&format!("Type {word} and press Enter; Esc changes nothing.")),
            Answer::Yes(_) | Answer::Text { .. } => page.dim("Enter confirms; Esc changes nothing."),
        }
        let label = self.dialog.answer.label();
        let typed = u16::from(label.is_some());
        let popup = Popup::new(view, frame, area, (WIDTH, cells(page.height()).saturating_add(2 + typed)));
        let [text, field] = Layout::vertical([Constraint::Fill(1), Constraint::Length(typed)]).areas(popup.inside);
        let below = page.draw(frame, text, 0);
        popup.draw(frame, self.dialog.title, (0, below));
        if let Some(label) = label {
            draw_field(view.theme, frame, field, label, "", &self.input, true);
        }
    }
}
