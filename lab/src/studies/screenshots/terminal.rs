//! The program on a pseudo-terminal: keys go in, whole frames come out. Knows no screen of the program.

use std::io::{Read, Write};
use std::num::NonZeroU16;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use vt100::{Parser, Screen};

use crate::studies::setup::Fallible;

const ROWS: NonZeroU16 = NonZeroU16::new(36).unwrap();
const COLUMNS: NonZeroU16 = NonZeroU16::new(120).unwrap();
/// What a frame ends with (synchronized update).
const FRAME_END: &[u8] = b"\x1b[?2026l";
const GLANCE: Duration = Duration::from_millis(50);
/// What is not the user's to decide here, or the pictures would depend on it.
const UNSET: [&str; 3] = ["NO_COLOR", "XPERT_DATA_DIR", "XPERT_MODEL"];

pub struct Program {
    child: Box<dyn Child + Send + Sync>,
    keys: Box<dyn Write + Send>,
    shown: Arc<Mutex<Parser>>,
    _master: Box<dyn MasterPty + Send>,
}

impl Program {
    /// Starts the program in `folder`, in which relative paths are its own.
    pub fn start(program: &Path, folder: &Path, arguments: &[&str]) -> Fallible<Self> {
        let size = PtySize { rows: ROWS.get(), cols: COLUMNS.get(), pixel_width: 0, pixel_height: 0 };
        let pty = native_pty_system().openpty(size)?;
        let mut command = CommandBuilder::new(program);
        command.cwd(folder);
        command.args(arguments);
        command.env("TERM", "xterm-256color");
        UNSET.iter().for_each(|name| command.env_remove(name));
        let child = pty.slave.spawn_command(command)?;
        let shown = Arc::new(Mutex::new(Parser::new(ROWS, COLUMNS, 0)));
        let (reader, kept) = (pty.master.try_clone_reader()?, Arc::clone(&shown));
        std::thread::spawn(move || keep(reader, &kept));
        let keys = pty.master.take_writer()?;
        Ok(Self { child, keys, shown, _master: pty.master })
    }

    pub fn press(&mut self, keys: &str) -> Fallible<()> {
        self.keys.write_all(keys.as_bytes())?;
        Ok(self.keys.flush()?)
    }

    /// The screen once it shows this text, which may go over the end of a line.
    pub fn wait_for(&mut self, text: &str, patience: Duration) -> Fallible<Screen> {
        let asked = Instant::now();
        loop {
            let screen = self.shown.lock().unwrap_or_else(PoisonError::into_inner).screen().clone();
            let words = words(&screen.contents());
            if words.contains(text) {
                return Ok(screen);
            }
            let ended = self.child.try_wait()?.is_some();
            if ended || asked.elapsed() > patience {
                let why = if ended { "the program ended" } else { "the patience is over" };
                return Err(format!("{why}, and the screen did not show `{text}`. It shows: {words}").into());
            }
            std::thread::sleep(GLANCE);
        }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Reads on until the terminal is gone. Only what a frame's end closes is taken in, so that no picture shows half a frame.
fn keep(mut reader: Box<dyn Read + Send>, shown: &Mutex<Parser>) {
    let (mut buffer, mut waiting) = ([0; 1 << 14], Vec::new());
    while let Ok(read @ 1..) = reader.read(&mut buffer) {
        waiting.extend_from_slice(&buffer[..read]);
        let end = waiting.windows(FRAME_END.len()).rposition(|bytes| bytes == FRAME_END);
        if let Some(end) = end.map(|at| at + FRAME_END.len()) {
            shown.lock().unwrap_or_else(PoisonError::into_inner).process(&waiting[..end]);
            waiting.drain(..end);
        }
    }
}

fn words(contents: &str) -> String {
    contents.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_a_frame_is_not_shown() {
        let shown = Mutex::new(Parser::new(ROWS, COLUMNS, 0));
        let written = [b"\x1b[?2026hwhole".as_slice(), FRAME_END, b"\x1b[?2026h\x1b[1;1Hhalf "].concat();
        keep(Box::new(std::io::Cursor::new(written)), &shown);
        assert_eq!(shown.lock().unwrap().screen().contents().trim(), "whole");
    }

    #[test]
    fn a_text_over_the_end_of_a_line_is_found() {
        assert_eq!(words(" Enter  keeps\n  the 4"), "Enter keeps the 4");
    }
}
