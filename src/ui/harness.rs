//! The screens without a terminal, for tests: keys go in, what would be seen comes out, and jobs are answered by hand.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;

use super::action::Key;
use super::guide::Guide;
use super::message::{Effect, Job, JobId, JobKind, Msg, Report};
use super::model::Model;
use super::theme::Theme;
use super::update::{begin, update};
use super::view::view;
use super::widgets::Seen;

pub struct Harness {
    pub model: Model,
    pub theme: Theme,
    /// Effects not yet looked at, oldest first.
    pub effects: Vec<Effect>,
    terminal: Terminal<TestBackend>,
}

impl Harness {
    /// A fresh program in a terminal of this size. It has asked for its first look around.
    ///
    /// # Panics
    /// When a shipped theme is malformed.
    #[must_use]
    pub fn new(width: u16, height: u16) -> Self {
        Self::with_guide(width, height, None)
    }

    /// The same, with the demo's guide.
    ///
    /// # Panics
    /// When a shipped theme is malformed.
    #[must_use]
    pub fn with_guide(width: u16, height: u16, guide: Option<Guide>) -> Self {
        let mut model = Model::new(guide);
        let effects = begin(&mut model);
        let theme = Theme::shipped(true, true).expect("shipped themes are tested");
        let Ok(terminal) = Terminal::new(TestBackend::new(width, height));
        Self { model, theme, effects, terminal }
    }

    pub fn resize(&mut self, width: u16, height: u16) {
        self.terminal.backend_mut().resize(width, height);
    }

    pub fn deliver(&mut self, msg: Msg) {
        self.effects.extend(update(&mut self.model, msg));
    }

    /// A key by its name as the command bar writes it: `Enter`, `Ctrl-C`, `q`.
    ///
    /// # Panics
    /// When there is no such key.
    pub fn press(&mut self, name: &str) {
        let key: Key = name.parse().unwrap_or_else(|error| panic!("{error}"));
        self.deliver(Msg::Key(key.event()));
    }

    pub fn type_text(&mut self, text: &str) {
        for character in text.chars() {
            self.deliver(Msg::Key(KeyEvent::new(KeyCode::Char(character), KeyModifiers::NONE)));
        }
    }

    /// A click on this cell of what was drawn last.
    pub fn click(&mut self, column: u16, row: u16) {
        let kind = MouseEventKind::Down(MouseButton::Left);
        self.deliver(Msg::Mouse(MouseEvent { kind, column, row, modifiers: KeyModifiers::NONE }));
    }

    /// The running job of this kind reports.
    ///
    /// # Panics
    /// When no such job runs.
    pub fn report(&mut self, kind: JobKind, report: Report) {
        let id = self.model.jobs.id(kind).unwrap_or_else(|| panic!("no {kind:?} runs"));
        self.deliver(Msg::Job(id, report));
    }

    /// The jobs started since this was last asked. Other effects stay.
    pub fn started(&mut self) -> Vec<(JobId, Job)> {
        let mut jobs = Vec::new();
        self.effects.retain(|effect| match effect {
            Effect::Start { id, job } => {
                jobs.push((*id, job.clone()));
                false
            }
            _ => true,
        });
        jobs
    }

    /// Draws, and gives the cells.
    ///
    /// # Panics
    /// When drawing does.
    pub fn draw(&mut self) -> &Buffer {
        let mut seen = Seen::default();
        let (model, theme) = (&self.model, &self.theme);
        let Ok(_) = self.terminal.draw(|frame| {
            seen = view(model, theme, frame);
            theme.paint(frame.buffer_mut());
        });
        let area = self.terminal.backend().buffer().area;
        self.deliver(Msg::Drawn { area, seen });
        self.terminal.backend().buffer()
    }

    /// What would be seen, a line a row, without the blanks at the end.
    pub fn screen(&mut self) -> String {
        // Twice, as the program does when the page turns out to be longer than it was.
        self.draw();
        let buffer = self.draw();
        let rows = buffer.content.chunks(usize::from(buffer.area.width).max(1));
        let rows = rows.map(|row| {
            let mut shown = String::new();
            let mut covered = 0;
            for cell in row {
                // The cells under the rest of a wide character are not seen.
                if covered == 0 {
                    shown.push_str(cell.symbol());
                    covered = unicode_width::UnicodeWidthStr::width(cell.symbol()).max(1);
                }
                covered -= 1;
            }
            shown.trim_end().to_owned()
        });
        rows.collect::<Vec<_>>().join("\n")
    }
}
