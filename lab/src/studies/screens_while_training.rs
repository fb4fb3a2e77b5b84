//! What the screens cost a training run, and whether they keep up while it runs: the same training without and with screens, the
//! screens on a pseudo-terminal of 120 by 40 and made to draw without pause by a key that is pressed forty times a second.
//!
//! usage: `cargo build --release`, then `xpert-lab study screens-while-training [NAME=VALUE ...]`
//! names: rounds=2 seconds=90
//! The base model must be on this machine (`xpert model pull`, or `XPERT_MODEL`). Prints one JSON line per training run. On Linux it also
//! prints the drawing thread's share of all cores' time: two training runs on a busy machine differ by more than that.

use std::io::{Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, PtySize, native_pty_system};
use xpert::training::Checkpoint;

use super::setup::{Fallible, Settings, import_demo, program};

/// What a frame begins with on the terminal (synchronized update).
const FRAME: &str = "\x1b[?2026h";
const KEY_EVERY: Duration = Duration::from_millis(25);
/// Loading and calibration end before this; frames are counted from the first step on.
const FIRST_STEP: Duration = Duration::from_secs(120);

pub fn run(settings: &Settings<'_>) -> Fallible<()> {
    let number = |name: &str, default: u64| settings.number(name, default);
    let length = Duration::from_secs(number("seconds", 90)?);
    let program = program()?;
    let mut rates: [Vec<f64>; 2] = Default::default();
    for _ in 0..number("rounds", 2)? {
        for (screens, rates) in [false, true].into_iter().zip(&mut rates) {
            let data = tempfile::tempdir()?;
            import_demo(&program, data.path())?;
            let shown = if screens {
                Some(with_screens(&program, data.path(), length)?)
            } else {
                without_screens(&program, data.path(), length)?;
                None
            };
            let (frames, drawing) = shown.unzip();
            let done = Checkpoint::load_state(&data.path().join("mine/run"))?;
            let rate = done.tokens as f64 / done.seconds;
            rates.push(rate);
            println!(
                "{}",
                serde_json::json!({"screens": screens, "tokens_per_s": rate, "frames_per_s": frames, "drawing_percent": drawing})
            );
        }
    }
    let [without, with] = rates.map(|rates| rates.iter().sum::<f64>() / rates.len() as f64);
    println!("{}", serde_json::json!({"lost_percent": (1.0 - with / without) * 100.0}));
    Ok(())
}

fn without_screens(program: &Path, data: &Path, length: Duration) -> Fallible<()> {
    let mut command = Command::new(program);
    command.arg("--data-dir").arg(data).args(["train", "--json"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
    let mut lines = std::io::BufRead::lines(std::io::BufReader::new(child.stdout.take().ok_or("no output")?));
    // Read on, or the program would wait for room in the pipe.
    lines.find(|line| line.as_ref().is_ok_and(|line| line.contains("\"step\""))).ok_or("it ended before a step")??;
    let reader = std::thread::spawn(move || lines.count());
    std::thread::sleep(length);
    Command::new("kill").args(["-INT", &child.id().to_string()]).status()?;
    child.wait()?;
    reader.join().map_err(|_| "the reader failed")?;
    Ok(())
}

/// Frames a second while it trained, and the per cent of all cores' time that the drawing thread took.
fn with_screens(program: &Path, data: &Path, length: Duration) -> Fallible<(f64, Option<f64>)> {
    let pty = native_pty_system().openpty(PtySize { rows: 40, cols: 120, pixel_width: 0, pixel_height: 0 })?;
    let mut command = CommandBuilder::new(program);
    command.arg("--data-dir");
    command.arg(data);
    command.env("TERM", "xterm-256color");
    let mut child = pty.slave.spawn_command(command)?;
    let shown = Arc::new(Mutex::new(Vec::new()));
    let (mut reader, collected) = (pty.master.try_clone_reader()?, Arc::clone(&shown));
    std::thread::spawn(move || {
        let mut buffer = [0; 1 << 16];
        while let Ok(read @ 1..) = reader.read(&mut buffer) {
            if let Ok(mut shown) = collected.lock() {
                shown.extend_from_slice(&buffer[..read]);
            }
        }
    });
    let mut keys = pty.master.take_writer()?;
    let mut press = move |key: &str| keys.write_all(key.as_bytes()).and_then(|()| keys.flush());
    let text = || shown.lock().map(|shown| String::from_utf8_lossy(&shown).into_owned()).unwrap_or_default();
    wait_for("Import", &text)?;
    press("4")?;
    std::thread::sleep(Duration::from_secs(2));
    press("\r")?;
    // The rate is shown with the first step and not before.
    wait_for("tokens/s", &text)?;
    shown.lock().map_err(|_| "the reader failed")?.clear();
    let (began, id) = (Instant::now(), child.process_id().ok_or("it ended by itself")?);
    let before = drawing_seconds(id);
    // Opening and closing the help changes most of the screen.
    while began.elapsed() < length {
        press("?")?;
        std::thread::sleep(KEY_EVERY);
    }
    let frames = text().matches(FRAME).count() as f64 / began.elapsed().as_secs_f64();
    let took = drawing_seconds(id).zip(before).map(|(after, before)| after - before);
    let cores = std::thread::available_parallelism()?.get() as f64;
    let share = took.map(|took| took / began.elapsed().as_secs_f64() / cores * 100.0);
    std::thread::sleep(Duration::from_secs(1));
    end(&mut *child)?;
    Ok((frames, share))
}

/// Processor time of the process's first thread, which draws.
fn drawing_seconds(id: u32) -> Option<f64> {
    const TICKS_PER_SECOND: f64 = 100.0;
    let stat = std::fs::read_to_string(format!("/proc/{id}/task/{id}/stat")).ok()?;
    // The name in parentheses may hold spaces; user and system time are the 12th and 13th after it.
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace().skip(11);
    let mut ticks = || fields.next()?.parse::<f64>().ok();
    Some((ticks()? + ticks()?) / TICKS_PER_SECOND)
}

fn wait_for(what: &str, text: &dyn Fn() -> String) -> Fallible<()> {
    let asked = Instant::now();
    while !text().contains(what) {
        if asked.elapsed() > FIRST_STEP {
            return Err(format!("no {what:?} on the screen").into());
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    Ok(())
}

/// A polite end, on which a training keeps its checkpoint.
fn end(child: &mut dyn Child) -> Fallible<()> {
    let id = child.process_id().ok_or("it ended by itself")?;
    Command::new("kill").args(["-TERM", &id.to_string()]).status()?;
    child.wait()?;
    Ok(())
}
