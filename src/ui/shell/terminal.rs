//! The real terminal: taken over on entry, given back on every way out: return, error, panic, suspension. Draws nothing itself.

use std::io::{self, BufWriter, Stdout, Write, stdout};
use std::panic;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

use crossterm::clipboard::CopyToClipboard;
use crossterm::event::{DisableBracketedPaste, DisableMouseCapture, EnableBracketedPaste, EnableMouseCapture};
use crossterm::terminal::{
    BeginSynchronizedUpdate, Clear, ClearType, EndSynchronizedUpdate, EnterAlternateScreen, LeaveAlternateScreen,
    disable_raw_mode, enable_raw_mode,
};
use crossterm::{cursor, execute};
use ratatui::Frame;
use ratatui::backend::CrosstermBackend;

type Inner = ratatui::Terminal<CrosstermBackend<BufWriter<Stdout>>>;

/// Where the last panic of a job happened; its message travels with the panic itself.
static LAST_PANIC: Mutex<Option<String>> = Mutex::new(None);

/// Takes the place of the last panic, if there was one.
pub fn last_panic() -> Option<String> {
    LAST_PANIC.lock().unwrap_or_else(PoisonError::into_inner).take()
}

/// Whether the terminal is ours, for the panic hook.
static OURS: AtomicBool = AtomicBool::new(false);

/// The terminal while it is ours. Dropping it gives it back. Everything fails where the terminal is gone.
pub struct Terminal {
    inner: Inner,
    mouse: bool,
}

impl Terminal {
    /// # Errors
    /// When standard output is no terminal, or it refuses.
    pub fn enter() -> io::Result<Self> {
        let (screens, previous) = (thread::current().id(), panic::take_hook());
        panic::set_hook(Box::new(move |info| {
            if OURS.load(Ordering::Relaxed) {
                if thread::current().id() != screens {
                    // A job's: it is reported as a failed job, and printing would tear the screen.
                    let place = info.location().map(|place| format!("{}:{}", place.file(), place.line()));
                    *LAST_PANIC.lock().unwrap_or_else(PoisonError::into_inner) = place;
                    return;
                }
                give_back();
            }
            previous(info);
        }));
        let terminal = Self { inner: fresh()?, mouse: false };
        OURS.store(true, Ordering::Relaxed);
        take_over()?;
        Ok(terminal)
    }

    /// Draws a frame, shown all at once where the terminal can do that.
    pub fn draw(&mut self, render: impl FnOnce(&mut Frame<'_>)) -> io::Result<()> {
        execute!(self.inner.backend_mut(), BeginSynchronizedUpdate)?;
        self.inner.draw(render)?;
        execute!(self.inner.backend_mut(), EndSynchronizedUpdate)
    }

    /// Asks for what the mouse does, or leaves it to the terminal.
    pub fn listen_to_mouse(&mut self, listen: bool) -> io::Result<()> {
        self.mouse = listen;
        if listen { execute!(stdout(), EnableMouseCapture) } else { execute!(stdout(), DisableMouseCapture) }
    }

    /// Puts a text into the terminal's clipboard, where it has one and lets programs have it.
    pub fn copy(&mut self, text: &str) -> io::Result<()> {
        execute!(stdout(), CopyToClipboard::to_clipboard_from(text))
    }

    /// Gives the terminal back, stops the program until the shell wakes it, and takes the terminal again.
    pub fn suspend(&mut self) -> io::Result<()> {
        self.lend(|| {
            #[cfg(unix)]
            nix::sys::signal::raise(nix::sys::signal::Signal::SIGTSTP)?;
            Ok(())
        })
    }

    /// Gives the terminal to the user's editor (`$VISUAL`, `$EDITOR`, or `vi`) with this text, and takes it back. The text lies in
    /// a file that only the user can read, and is deleted then. The inner result says why there is no edited text.
    pub fn edit(&mut self, text: &str) -> io::Result<Result<String, String>> {
        self.lend(|| Ok(run_editor(text)))
    }

    fn lend<T>(&mut self, to: impl FnOnce() -> io::Result<T>) -> io::Result<T> {
        give_back();
        let done = to()?;
        take_over()?;
        // A fresh one knows that nothing is on the screen. (Clearing the old one would ask the terminal for its cursor's
        // place and wait for the answer, which not every terminal gives.)
        self.inner = fresh()?;
        if self.mouse {
            self.listen_to_mouse(true)?;
        }
        Ok(done)
    }
}

fn run_editor(text: &str) -> Result<String, String> {
    let named =
        ["VISUAL", "EDITOR"].iter().find_map(|name| std::env::var(name).ok().filter(|value| !value.trim().is_empty()));
    let command = named.unwrap_or_else(|| "vi".into());
    let mut words = command.split_whitespace();
    let program = words.next().unwrap_or("vi");
    let file = tempfile::Builder::new().prefix("xpert-prompt-").suffix(".txt").tempfile().map_err(|e| e.to_string())?;
    std::fs::write(file.path(), text).map_err(|e| e.to_string())?;
    let status = Command::new(program).args(words).arg(file.path()).status();
    match status {
        Ok(status) if status.success() => std::fs::read_to_string(file.path()).map_err(|e| e.to_string()),
        Ok(status) => Err(format!("The editor `{program}` ended with {status}; the prompt stays as it was.")),
        Err(error) => {
            Err(format!("The editor `{program}` did not start ({error}): set EDITOR to one that is installed."))
        }
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        give_back();
        OURS.store(false, Ordering::Relaxed);
    }
}

fn fresh() -> io::Result<Inner> {
    ratatui::Terminal::new(CrosstermBackend::new(BufWriter::with_capacity(1 << 16, stdout())))
}

fn take_over() -> io::Result<()> {
    enable_raw_mode()?;
    execute!(stdout(), EnterAlternateScreen, Clear(ClearType::All), EnableBracketedPaste, cursor::Hide)
}

/// Does what it can: on the way out there is nobody left to tell.
fn give_back() {
    let _ = execute!(
        stdout(),
        EndSynchronizedUpdate,
        DisableMouseCapture,
        DisableBracketedPaste,
        LeaveAlternateScreen,
        cursor::Show
    );
    let _ = disable_raw_mode();
    let _ = stdout().flush();
}
