//! The log: what the program did and how long it took, in a file that only the user can read, never on the screen. Does not know
//! what is worth a line: the use cases say that.
//!
//! **No word of the user's is ever written down**: no text, no prompt, no answer, no path, no name, no title, no message of an
//! error that may hold one. [`event!`] sees to it: a line is a literal, its fields are numbers and strings that are part of the
//! program ([`Loggable`]). No other file may name `tracing`, and `tests/program/log.rs` looks for marked words in what is written.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::Duration;

use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt;

use super::paths::private_dir;

#[doc(hidden)]
pub use tracing;

#[doc(inline)]
pub use crate::log_event as event;

/// How much is written: `off`, `error`, `warn`, `info` or `debug`.
pub type Level = tracing::level_filters::LevelFilter;

/// Libraries have events too, and nobody promised what is in those: only events with this target are written.
#[doc(hidden)]
pub const TARGET: &str = "xpert";

/// What may stand in a line: numbers, durations (as seconds, to the millisecond), and strings that are part of the program.
pub trait Loggable {
    type Value: tracing::Value;
    fn value(self) -> Self::Value;
}

macro_rules! loggable {
    ($($kind:ty),*) => { $(impl Loggable for $kind {
        type Value = Self;
        fn value(self) -> Self { self }
    })* };
}

loggable!(u32, u64, usize, i32, i64, f64, bool, &'static str, Option<u64>, Option<f64>, Option<&'static str>);

impl Loggable for Duration {
    type Value = f64;
    fn value(self) -> f64 {
        (self.as_secs_f64() * 1000.0).round() / 1000.0
    }
}

/// Writes a line: a level (`ERROR`, `WARN`, `INFO`, `DEBUG`), what happened, and fields that are [`Loggable`].
///
/// ```
/// xpert::platform::log::event!(INFO, "texts kept", added = 12_usize, seconds = std::time::Duration::from_millis(3));
/// ```
///
/// A string that is not part of the program is refused by the compiler:
///
/// ```compile_fail,E0716
/// xpert::platform::log::event!(INFO, "file read", name = String::from("letter.txt").as_str());
/// ```
#[macro_export]
macro_rules! log_event {
    ($level:ident, $what:literal $(, $field:ident = $value:expr)* $(,)?) => {
        $crate::platform::log::tracing::event!(
            target: $crate::platform::log::TARGET,
            $crate::platform::log::tracing::Level::$level,
            message = $what,
            $($field = $crate::platform::log::Loggable::value($value),)*
        )
    };
}

pub fn folder(data: &Path) -> PathBuf {
    data.join("log")
}

/// The file that lines are added to.
pub fn file(data: &Path) -> PathBuf {
    folder(data).join("xpert.log")
}

/// From now on events of this level and above go into the log of this data folder. Whatever is wrong with the log, nothing else
/// of the program notices. A second call changes nothing.
pub fn start(data: &Path, level: Level) {
    let log = Log { data: data.to_path_buf(), file: None, waiting: Vec::new() };
    let lines = tracing_subscriber::fmt::layer()
        .with_ansi(false)
        .with_target(false)
        // It would complain on standard error.
        .log_internal_errors(false)
        .with_writer(Mutex::new(log));
    let ours = Targets::new().with_target(TARGET, level);
    let subscriber = tracing_subscriber::registry().with(ours).with(lines);
    // Only a test that starts it twice in one process is told that there is one.
    drop(tracing::subscriber::set_global_default(subscriber));
}

/// A file is full at this many bytes; then it is renamed to `xpert.log.1`, that one to `xpert.log.2`, and so on.
const MAX_BYTES: u64 = 1024 * 1024;
/// So many full files are kept.
const KEPT: usize = 3;
/// Lines that wait for the data folder are dropped beyond this many bytes.
const MAX_WAITING: usize = 64 * 1024;

/// The file, opened when it is first needed. Not `tracing-appender`'s: that one leaves files for others to read, and tells
/// standard error when it cannot rotate, which would be in the middle of the screens.
struct Log {
    data: PathBuf,
    file: Option<File>,
    /// Lines from before there was a data folder. Looking at an empty place makes none: then they are never written.
    waiting: Vec<u8>,
}

impl Log {
    fn append(&mut self, line: &[u8]) -> io::Result<()> {
        let mut file = match self.file.take() {
            Some(file) => file,
            None if self.data.is_dir() => open(&self.data)?,
            None => {
                if self.waiting.len() + line.len() <= MAX_WAITING {
                    self.waiting.extend_from_slice(line);
                }
                return Ok(());
            }
        };
        // Other processes write to the same file, so its size is asked for and not counted.
        if file.metadata()?.len() >= MAX_BYTES {
            rotate(&self.data)?;
            file = open(&self.data)?;
        }
        let mut lines = std::mem::take(&mut self.waiting);
        lines.extend_from_slice(line);
        // In one call, so that lines of two processes do not mix.
        let written = file.write_all(&lines);
        self.file = Some(file);
        written
    }
}

impl Write for Log {
    /// Never fails: a full disk or a folder that is read-only costs the line and nothing else.
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        drop(self.append(line));
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn open(data: &Path) -> io::Result<File> {
    private_dir(&folder(data))?;
    let mut options = OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(file(data))
}

fn rotate(data: &Path) -> io::Result<()> {
    let current = file(data);
    // Another process may have been faster.
    if fs::metadata(&current).is_ok_and(|current| current.len() < MAX_BYTES) {
        return Ok(());
    }
    let full = |number: usize| folder(data).join(format!("xpert.log.{number}"));
    for number in (1..KEPT).rev() {
        match fs::rename(full(number), full(number + 1)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    fs::rename(current, full(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn log(data: &Path) -> Log {
        Log { data: data.to_path_buf(), file: None, waiting: Vec::new() }
    }

    #[test]
    fn lines_wait_for_the_data_folder_and_make_none() {
        let place = tempfile::tempdir().unwrap();
        let data = place.path().join("data");
        let mut log = log(&data);
        log.write_all(b"one\n").unwrap();
        log.write_all(&vec![b'x'; MAX_WAITING]).unwrap();
        assert!(!data.exists());
        fs::create_dir(&data).unwrap();
        log.write_all(b"two\n").unwrap();
        assert_eq!(fs::read_to_string(file(&data)).unwrap(), "one\ntwo\n");
    }

    #[test]
    #[cfg(unix)]
    fn only_the_user_can_read_it() {
        use std::os::unix::fs::PermissionsExt;
        let data = tempfile::tempdir().unwrap();
        log(data.path()).write_all(b"one\n").unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&folder(data.path())), mode(&file(data.path()))), (0o700, 0o600));
    }

    #[test]
    fn full_files_are_few() {
        let data = tempfile::tempdir().unwrap();
        let (mut one, mut other) = (log(data.path()), log(data.path()));
        let half = vec![b'x'; usize::try_from(MAX_BYTES).unwrap() / 2];
        for _ in 0..10 {
            one.write_all(&half).unwrap();
            other.write_all(&half).unwrap();
        }
        let sizes = |log: fs::ReadDir| log.map(|entry| entry.unwrap().metadata().unwrap().len()).collect::<Vec<_>>();
        let sizes = sizes(fs::read_dir(folder(data.path())).unwrap());
        assert_eq!(sizes, vec![MAX_BYTES; KEPT + 1]);
        one.write_all(b"last\n").unwrap();
        other.write_all(b"very last\n").unwrap();
        assert_eq!(fs::read_to_string(file(data.path())).unwrap(), "last\nvery last\n");
    }

    #[test]
    fn what_cannot_be_written_is_lost_and_nothing_else() {
        let data = tempfile::tempdir().unwrap();
        fs::write(folder(data.path()), "a file where the folder should be").unwrap();
        let mut log = log(data.path());
        log.write_all(b"one\n").unwrap();
        fs::remove_file(folder(data.path())).unwrap();
        log.write_all(b"two\n").unwrap();
        assert_eq!(fs::read_to_string(file(data.path())).unwrap(), "two\n");
    }
}
