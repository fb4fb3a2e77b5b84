//! The screens without a terminal, for tests: keys go in, what would be seen comes out, and jobs are answered by hand.

use std::any::Any;
use std::path::Path;
use std::sync::Arc;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;
use unicode_width::UnicodeWidthStr;

use xpert::ui::shell::effect::Effect;
use xpert::ui::shell::guide::Guide;
use xpert::ui::shell::job::{AnyJob, Job, JobId, Report};
use xpert::ui::shell::keys::{Key, Keymap};
use xpert::ui::shell::runner::Outcome;
use xpert::ui::shell::screen::AnyScreen;
use xpert::ui::shell::state::{Act, Msg, Shell};
use xpert::ui::shell::table::table;
use xpert::ui::shell::view::view;
use xpert::ui::theme::{Abilities, Depth, Theme, Watched};
use xpert::ui::widgets::Hits;

/// The event that pressing a key makes.
pub fn pressed(key: Key) -> KeyEvent {
    KeyEvent::new(key.code, if key.control { KeyModifiers::CONTROL } else { KeyModifiers::NONE })
}

/// The theme of this name in full colour: the user's in `folder`, or else a shipped one.
pub fn load_theme(name: &str, folder: &Path) -> Result<Theme, String> {
    let abilities = Abilities { depth: Depth::True, unicode: true, light: false };
    let watched = Watched::open(Some(name), folder, abilities).map_err(|error| error.to_string())?;
    Ok(watched.theme)
}

pub struct Harness {
    pub shell: Shell,
    pub theme: Theme,
    /// Acts not yet looked at, oldest first.
    pub acts: Vec<Act>,
    terminal: Terminal<TestBackend>,
}

impl Harness {
    /// These screens with their shipped keys in a terminal of this size, just started.
    pub fn new(screens: Vec<Box<dyn AnyScreen>>, guide: Option<Guide>, (width, height): (u16, u16)) -> Self {
        let keymap = Arc::new(Keymap::shipped(table(&screens)));
        let mut shell = Shell::new(screens, keymap, guide);
        let acts = shell.begin();
        let theme = Theme::shipped(true, true).expect("shipped themes are tested");
        let Ok(terminal) = Terminal::new(TestBackend::new(width, height));
        Self { shell, theme, acts, terminal }
    }

    pub fn resize(&mut self, width: u16, height: u16) {
        self.terminal.backend_mut().resize(width, height);
    }

    pub fn deliver(&mut self, msg: Msg) {
        self.acts.extend(self.shell.update(msg));
    }

    /// Something happens as if a screen had asked for it.
    pub fn apply(&mut self, effect: Effect) {
        self.shell.apply(vec![effect], None);
        self.acts.append(&mut self.shell.acts);
    }

    /// A key by its name as the command bar writes it: `Enter`, `Ctrl-C`, `q`.
    pub fn press(&mut self, name: &str) {
        let key: Key = name.parse().unwrap_or_else(|error| panic!("{error}"));
        self.deliver(Msg::Key(pressed(key)));
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

    /// The state of a screen.
    pub fn screen_of<S: 'static>(&self) -> &S {
        let found = self.shell.screens.iter().find_map(|screen| (&**screen as &dyn Any).downcast_ref());
        found.expect("the screen is among those of the harness")
    }

    /// The number of the running job of this type.
    pub fn running<J: Job>(&self) -> JobId {
        self.shell.shared.jobs.get(&J::KIND).unwrap_or_else(|| panic!("no {} runs", J::KIND.id)).id
    }

    /// The running job of this type says something and goes on.
    pub fn tell<J: Job>(&mut self, report: J::Report) {
        self.deliver(Msg::Job(self.running::<J>(), Outcome::Report(Report::of::<J>(report, false))));
    }

    /// The running job of this type is done.
    pub fn finish<J: Job>(&mut self, report: J::Report) {
        self.deliver(Msg::Job(self.running::<J>(), Outcome::Report(Report::of::<J>(report, true))));
    }

    /// The running job of this type fails.
    pub fn fail<J: Job>(&mut self, why: &str) {
        self.deliver(Msg::Job(self.running::<J>(), Outcome::Failed(why.to_owned())));
    }

    /// The running job of this type was stopped.
    pub fn stopped<J: Job>(&mut self) {
        self.deliver(Msg::Job(self.running::<J>(), Outcome::Stopped));
    }

    /// The jobs started since this was last asked. Other acts stay.
    pub fn started(&mut self) -> Vec<Arc<dyn AnyJob>> {
        let mut jobs = Vec::new();
        self.acts.retain(|act| match act {
            Act::Start { job, .. } => {
                jobs.push(Arc::clone(job));
                false
            }
            _ => true,
        });
        jobs
    }

    /// Checks that jobs of these kinds were started since this was last asked, and none else.
    pub fn expect_started(&mut self, kinds: &[&str]) {
        let started: Vec<&str> = self.started().iter().map(|job| job.kind().id).collect();
        assert_eq!(started, kinds);
    }

    /// The job of this type that was started since this was last asked; forgets the others.
    pub fn started_as<J: Job>(&mut self) -> Arc<J> {
        let started = self.started();
        let found = started.iter().find(|job| job.kind().id == J::KIND.id).cloned();
        let job: Arc<dyn Any + Send + Sync> = found.unwrap_or_else(|| panic!("no {} in {started:?}", J::KIND.id));
        job.downcast().expect("a kind belongs to one type")
    }

    /// Draws, and gives the cells.
    pub fn draw(&mut self) -> &Buffer {
        let mut hits = Hits::default();
        let (shell, theme) = (&self.shell, &self.theme);
        let Ok(_) = self.terminal.draw(|frame| hits = view(shell, theme, frame));
        self.deliver(Msg::Drawn(hits));
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
                    covered = cell.symbol().width().max(1);
                }
                covered -= 1;
            }
            shown.trim_end().to_owned()
        });
        rows.collect::<Vec<_>>().join("\n")
    }
}
