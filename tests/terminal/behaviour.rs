//! The real program on a real (pseudo) terminal: it starts, follows a resize, and gives the terminal back on every way out.

use std::time::{Duration, Instant};

use nix::sys::signal::Signal;
use portable_pty::{CommandBuilder, native_pty_system};
use xpert::app::Context;
use xpert::platform::cancel::Cancel;
use xpert::ui;

use crate::pty::*;

#[test]
fn it_starts_follows_resizes_and_quits() {
    let mut program = Program::start(&[], &[]);
    program.expect("writes like you");
    program.press("2");
    program.forget();
    program.master.resize(size(40, 15)).unwrap();
    program.expect("You have no texts yet.");
    program.forget();
    program.master.resize(size(20, 5)).unwrap();
    program.expect("too small");
    program.forget();
    program.master.resize(size(80, 24)).unwrap();
    program.expect("You have no texts yet.");
    program.press("q");
    assert_eq!(program.exit_code(), 0);
    program.expect_terminal_given_back();
}

#[test]
fn control_c_and_signals_end_it_and_give_the_terminal_back() {
    for signal in [None, Some(Signal::SIGTERM), Some(Signal::SIGHUP)] {
        let mut program = Program::start(&[], &[]);
        program.expect("writes like you");
        match signal {
            None => program.press("\x03"),
            Some(signal) => program.signal(signal),
        }
        assert_eq!(program.exit_code(), 0, "{signal:?}");
        program.expect_terminal_given_back();
    }
}

#[test]
fn it_ends_when_the_terminal_goes_away() {
    let data = tempfile::tempdir().unwrap();
    let pty = native_pty_system().openpty(size(80, 24)).unwrap();
    let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_xpert"));
    command.arg("--data-dir");
    command.arg(data.path());
    let mut child = pty.slave.spawn_command(command).unwrap();
    std::thread::sleep(Duration::from_secs(1));
    assert!(child.try_wait().unwrap().is_none(), "it runs");
    drop(pty);
    let asked = Instant::now();
    while child.try_wait().unwrap().is_none() {
        if asked.elapsed() > PATIENCE {
            child.kill().unwrap();
            panic!("it goes on without a terminal");
        }
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn control_z_gives_the_terminal_to_the_shell_and_takes_it_again() {
    let mut program = Program::start(&[], &[]);
    program.expect("writes like you");
    program.forget();
    program.press("\x1a");
    let asked = Instant::now();
    // Without a shell above it the program may not be stopped at all; either way it comes back after giving way.
    loop {
        let raw = program.raw();
        if raw.find(BACK_TO_SHELL).is_some_and(|given| words(&raw[given..]).contains("writes like you")) {
            break;
        }
        assert!(asked.elapsed() < PATIENCE, "it does not wake: {:?}", program.words());
        program.signal(Signal::SIGCONT);
        std::thread::sleep(Duration::from_millis(200));
    }
    program.press("q");
    assert_eq!(program.exit_code(), 0);
}

/// The parameters of every sequence that sets how text looks (ECMA-48's SGR).
fn looks(raw: &str) -> Vec<Vec<u8>> {
    let sequences = raw.split("\x1b[").skip(1).filter_map(|rest| {
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != ';')?;
        rest[end..].starts_with('m').then(|| &rest[..end])
    });
    sequences.map(|codes| codes.split(';').filter_map(|code| code.parse().ok()).collect()).collect()
}

fn names_colour(codes: &[u8]) -> bool {
    codes.iter().any(|code| matches!(code, 30..=38 | 40..=48 | 90..=97 | 100..=107))
}

/// What the screens look like with these variables.
fn looks_with(environment: &[(&str, &str)]) -> Vec<Vec<u8>> {
    let mut program = Program::start(&[], environment);
    program.expect("writes like you");
    program.press("2q");
    assert_eq!(program.exit_code(), 0);
    program.expect_terminal_given_back();
    looks(&program.raw())
}

#[test]
fn without_colour_nothing_is_coloured() {
    for variable in [("NO_COLOR", "1"), ("TERM", "dumb")] {
        let looks = looks_with(&[variable]);
        assert!(!looks.iter().any(|codes| names_colour(codes)), "{variable:?}: {looks:?}");
        assert!(looks.iter().any(|codes| codes.contains(&7)), "{variable:?}: the tab is told apart by reversing it");
    }
}

#[test]
fn a_terminal_of_sixteen_colours_is_sent_no_others() {
    let config = |data: &std::path::Path| std::fs::write(data.join("config.toml"), "theme = \"dark\"\n").unwrap();
    for (environment, extended) in [(&[("TERM", "xterm")][..], false), (&[("COLORTERM", "truecolor")][..], true)] {
        let mut program = Program::prepared(&[], environment, config);
        program.expect("writes like you");
        program.press("q");
        assert_eq!(program.exit_code(), 0);
        let looks = looks(&program.raw());
        // The sixteen are named by their number in the larger palette, which terminals of sixteen colours read, too.
        let is_extended = |codes: &Vec<u8>| {
            codes
                .windows(3)
                .any(|code| matches!(code, [38 | 48, 2, _]) || matches!(code, [38 | 48, 5, number] if *number >= 16))
        };
        assert!(looks.iter().any(|codes| names_colour(codes)));
        assert_eq!(looks.iter().any(is_extended), extended, "{environment:?}: {looks:?}");
    }
}

#[test]
fn a_storm_of_resizes_and_keys_leaves_it_whole() {
    let mut program = Program::start(&[], &[]);
    program.expect("writes like you");
    for number in 0..300_u16 {
        let (columns, rows) = (20 + number * 37 % 280, 4 + number * 13 % 76);
        program.master.resize(size(columns, rows)).unwrap();
        program.press(["\t", "?", "\x1b", "j", "7", ":", "\x1b", "1"][usize::from(number) % 8]);
    }
    program.master.resize(size(80, 24)).unwrap();
    program.press("\x1b\x1b");
    std::thread::sleep(Duration::from_millis(300));
    program.press("2");
    std::thread::sleep(Duration::from_millis(300));
    program.forget();
    // Everything is drawn anew for a size, not only what changed.
    program.master.resize(size(100, 24)).unwrap();
    program.expect("You have no texts yet.");
    program.press("q");
    assert_eq!(program.exit_code(), 0);
    program.expect_terminal_given_back();
}

#[test]
fn the_mouse_is_asked_for_and_given_back_unless_it_is_switched_off() {
    const ASKED: &str = "\x1b[?1000h";
    const GIVEN_BACK: &str = "\x1b[?1000l";
    let mut program = Program::start(&[], &[]);
    program.expect("writes like you");
    program.expect(ASKED);
    program.press("q");
    program.exit_code();
    program.expect(GIVEN_BACK);
    let config = |data: &std::path::Path| std::fs::write(data.join("config.toml"), "mouse = false\n").unwrap();
    let mut program = Program::prepared(&[], &[], config);
    program.expect("writes like you");
    program.press("q");
    program.exit_code();
    assert!(!program.raw().contains(ASKED));
}

#[test]
fn wrong_keys_are_refused_before_the_screens_open() {
    let config = |data: &std::path::Path| std::fs::write(data.join("config.toml"), "[keys]\nstop = [\"q\"]\n").unwrap();
    let mut program = Program::prepared(&[], &[], config);
    assert_eq!(program.exit_code(), 1);
    program.expect("config.toml, [keys]: q is assigned to both `stop` and `quit`");
    assert!(!program.raw().contains("\x1b[?1049h"), "the screens never opened");
}

#[test]
fn the_demo_opens_with_its_guide() {
    let mut program = Program::start(&["demo"], &[]);
    program.expect("Nell");
    program.press("q");
    assert_eq!(program.exit_code(), 0);
    program.expect_terminal_given_back();
}

#[test]
fn a_newcomer_can_see_the_demo_without_leaving() {
    let mut program = Program::start(&[], &[]);
    program.expect("choose your files");
    program.press("d");
    std::thread::sleep(Duration::from_millis(500));
    program.forget();
    program.master.resize(size(100, 24)).unwrap();
    program.expect("Nell");
    program.press("q");
    assert_eq!(program.exit_code(), 0);
    program.expect_terminal_given_back();
}

/// The screens of a program whose first job breaks: its catalog lacks the model that it names. Started by the test below, as a
/// program of its own.
#[test]
#[ignore = "a part of the next test"]
fn a_program_with_a_broken_worker() {
    let folder = std::env::var_os("XPERT_BROKEN").expect("the data folder");
    let mut context = Context::new(Some(std::path::Path::new(&folder)), None, Some(1)).expect("a context");
    context.catalog = toml::from_str("default = 'none'").expect("a catalog");
    context.interface.guide = false;
    ui::run(context, None, Cancel::new()).expect("the screens open and close");
}

#[test]
fn a_job_that_panics_is_told_of_and_the_screens_live_on() {
    let data = tempfile::tempdir().unwrap();
    let mut command = CommandBuilder::new(std::env::current_exe().unwrap());
    command.args([
        "behaviour::a_program_with_a_broken_worker",
        "--exact",
        "--ignored",
        "--nocapture",
        "--test-threads",
        "1",
    ]);
    command.env("XPERT_BROKEN", data.path());
    let mut program = Program::spawn(command, &[], data);
    program.expect("This is a bug in XPerT");
    program.expect("Nothing you saved is affected.");
    assert!(!program.raw().contains("panicked at"), "nothing is written over the screen");
    program.press("?");
    program.expect("Import, while typing");
    program.press("\x1b");
    // Read together with the next key, Esc would be Alt.
    program.expect_drawn("Nothing you saved is affected.", PATIENCE);
    program.press("q");
    assert_eq!(program.exit_code(), 0);
    program.expect_terminal_given_back();
}
