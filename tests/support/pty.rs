//! The real program on a pseudo-terminal: keys go in, and what it writes is kept.

use std::io::{Read, Write};
use std::num::NonZeroU16;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

/// What leaving the screens must end with: the shell's own screen and its cursor.
pub const BACK_TO_SHELL: &str = "\x1b[?1049l";
const CURSOR_SHOWN: &str = "\x1b[?25h";
/// Longer than the program takes for anything but training, however busy the machine is.
pub const PATIENCE: Duration = Duration::from_secs(60);

pub struct Program {
    child: Box<dyn Child + Send + Sync>,
    pub master: Box<dyn MasterPty + Send>,
    keys: Box<dyn Write + Send>,
    shown: Arc<Mutex<Vec<u8>>>,
    _data: tempfile::TempDir,
}

impl Program {
    pub fn start(arguments: &[&str], environment: &[(&str, &str)]) -> Self {
        Self::prepared(arguments, environment, |_| {})
    }

    /// The same, with something put into its data folder before.
    pub fn prepared(arguments: &[&str], environment: &[(&str, &str)], prepare: impl Fn(&std::path::Path)) -> Self {
        let data = tempfile::tempdir().unwrap();
        prepare(data.path());
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_xpert"));
        command.arg("--data-dir");
        command.arg(data.path());
        command.args(arguments);
        Self::spawn(command, environment, data)
    }

    /// Another program that opens the screens.
    pub fn spawn(mut command: CommandBuilder, environment: &[(&str, &str)], data: tempfile::TempDir) -> Self {
        let pty = native_pty_system().openpty(size(80, 24)).unwrap();
        command.env("TERM", "xterm-256color");
        for name in ["NO_COLOR", "COLORTERM", "XPERT_MODEL"] {
            command.env_remove(name);
        }
        for (name, value) in environment {
            command.env(name, value);
        }
        let child = pty.slave.spawn_command(command).unwrap();
        let mut reader = pty.master.try_clone_reader().unwrap();
        let shown = Arc::new(Mutex::new(Vec::new()));
        let collected = Arc::clone(&shown);
        std::thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(read @ 1..) = reader.read(&mut buffer) {
                collected.lock().unwrap().extend_from_slice(&buffer[..read]);
            }
        });
        let keys = pty.master.take_writer().unwrap();
        Self { child, master: pty.master, keys, shown, _data: data }
    }

    pub fn raw(&self) -> String {
        String::from_utf8_lossy(&self.shown.lock().unwrap()).into_owned()
    }

    pub fn words(&self) -> String {
        words(&self.raw())
    }

    pub fn forget(&self) {
        self.shown.lock().unwrap().clear();
    }

    /// Waits until what was written holds this.
    pub fn expect(&self, text: &str) {
        self.wait_until(|raw| words(raw).contains(text) || raw.contains(text), &format!("no `{text}`"));
    }

    /// Waits until what was written is as it should be.
    fn wait_until(&self, is_right: impl Fn(&str) -> bool, problem: &str) {
        let asked = Instant::now();
        while !is_right(&self.raw()) {
            assert!(asked.elapsed() < PATIENCE, "{problem} in {:?}", self.words());
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Waits until the screen as it stands, of 80 by 24, shows this; it may go over the end of a line.
    pub fn expect_drawn(&self, text: &str, patience: Duration) {
        const ROWS: NonZeroU16 = NonZeroU16::new(24).unwrap();
        const COLUMNS: NonZeroU16 = NonZeroU16::new(80).unwrap();
        let asked = Instant::now();
        loop {
            let mut terminal = vt100::Parser::new(ROWS, COLUMNS, 0);
            terminal.process(&self.shown.lock().unwrap());
            let contents = terminal.screen().contents();
            if contents.split_whitespace().collect::<Vec<_>>().join(" ").contains(text) {
                return;
            }
            assert!(asked.elapsed() < patience, "no `{text}` in\n{contents}");
            std::thread::sleep(Duration::from_millis(300));
        }
    }

    pub fn press(&mut self, keys: &str) {
        self.keys.write_all(keys.as_bytes()).unwrap();
        self.keys.flush().unwrap();
    }

    pub fn signal(&self, signal: Signal) {
        let id = self.child.process_id().unwrap();
        kill(Pid::from_raw(i32::try_from(id).unwrap()), signal).unwrap();
    }

    pub fn exit_code(&mut self) -> u32 {
        let asked = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.exit_code();
            }
            assert!(asked.elapsed() < PATIENCE, "it does not end: {:?}", self.words());
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    pub fn expect_terminal_given_back(&self) {
        let is_back = |raw: &str| after_the_screens(raw).is_some_and(|after| after.contains(CURSOR_SHOWN));
        self.wait_until(is_back, "the terminal is not given back");
        let shown = self.raw();
        assert!(!after_the_screens(&shown).unwrap().contains("panicked"), "{shown:?}");
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        drop(self.child.kill());
    }
}

/// What was written when the screens were left for the last time.
fn after_the_screens(raw: &str) -> Option<&str> {
    raw.rfind(BACK_TO_SHELL).map(|back| &raw[back..])
}

pub fn size(cols: u16, rows: u16) -> PtySize {
    PtySize { rows, cols, pixel_width: 0, pixel_height: 0 }
}

/// The words that were written. Only what changes is written, so a word counts on after a redraw of everything.
pub fn words(raw: &str) -> String {
    let mut pieces = raw.split('\x1b');
    let mut plain = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let end = piece.find(|c: char| c.is_ascii_alphabetic()).map_or(piece.len(), |end| end + 1);
        plain.push(' ');
        plain.push_str(&piece[end..]);
    }
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}
