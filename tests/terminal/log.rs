//! The log of the screens: the jobs are in it, and nothing of it is on the terminal.

use std::cell::RefCell;
use std::fs;
use std::path::{Path, PathBuf};

use nix::sys::signal::Signal;

use crate::pty::*;

#[test]
fn the_jobs_of_the_screens_are_in_it_and_it_is_not_on_the_screens() {
    let log = RefCell::new(PathBuf::new());
    let remember = |data: &Path| *log.borrow_mut() = data.join("log/xpert.log");
    let mut program = Program::prepared(&["--log-level", "debug"], &[], remember);
    program.expect("writes like you");
    program.signal(Signal::SIGTERM);
    program.exit_code();
    let written = fs::read_to_string(log.take()).expect("a log");
    for event in [
        "command=\"screens\"",
        "DEBUG started name=\"look\"",
        "INFO done name=\"look\" seconds=",
        "done name=\"screens\"",
    ] {
        assert!(written.contains(event), "no `{event}` in\n{written}");
    }
    assert!(!program.raw().contains("DEBUG"));
}
