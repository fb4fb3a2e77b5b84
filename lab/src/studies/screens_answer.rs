//! How soon the screens appear and respond: time to the first frame with a large store, time from key press to redraw, and processor
//! time while idle. The real program on a pseudo-terminal of 120 by 40.
//!
//! usage: `cargo build --release`, then `xpert-lab study screens-answer [NAME=VALUE ...]`
//! names: texts=50000 starts=20 keys=500 idle=20 (seconds) training=no|yes
//! With `training=yes` the base model must be on the machine, and keys are pressed while the demo person's texts are trained on.
//! Prints one JSON line per measurement.

use std::io::{Read, Write};
use std::path::Path;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use xpert::platform::cancel::Cancel;
use xpert::store::{Document, Format, Store};

use super::setup::{Fallible, Settings, import_demo, program};

/// What a frame ends with on the terminal (synchronized update).
const FRAME_END: &[u8] = b"\x1b[?2026l";
const PATIENCE: Duration = Duration::from_secs(120);
/// Between keys, so that each answers for itself; no multiple of the time between frames.
const BETWEEN_KEYS: Duration = Duration::from_millis(67);

/// Bytes of a frame that changes most of the screen.
const LARGE: usize = 1000;

pub fn run(settings: &Settings<'_>) -> Fallible<()> {
    let number = |name: &str, default: u64| settings.number(name, default);
    let program = program()?;
    let large = tempfile::tempdir()?;
    fill(large.path(), number("texts", 50_000)?)?;
    let mut firsts = Vec::new();
    for _ in 0..number("starts", 20)? {
        let mut screens = Screens::start(&program, large.path())?;
        firsts.push(screens.frame()?.duration_since(screens.started));
    }
    tell("first frame", firsts);
    let mut screens = Screens::start(&program, large.path())?;
    std::thread::sleep(Duration::from_secs(3));
    println!("{}", serde_json::json!({"idle_cpu_percent": screens.idle(Duration::from_secs(number("idle", 20)?))?}));
    tell("key to redraw, idle", screens.keys(number("keys", 500)?)?);
    drop(screens);
    if settings.get("training") == Some("yes") {
        let data = tempfile::tempdir()?;
        import_demo(&program, data.path())?;
        write_config(data.path())?;
        let mut screens = Screens::start(&program, data.path())?;
        screens.train()?;
        tell("key to redraw, training", screens.keys(number("keys", 500)?)?);
    }
    Ok(())
}

/// Texts of a few dozen words each, no two alike.
fn fill(data: &Path, texts: u64) -> Fallible<()> {
    let document = |number: u64| {
        let text = format!(
            "This is letter {number}. {}",
            "It says that the roses are out and the gate still squeaks. ".repeat(4)
        );
        Document::new(format!("/home/ann/mail/{}.mbox", number % 40), Format::Mbox, text)
    };
    let documents: Vec<Document> = (0..texts).map(document).collect();
    Store::open(&data.join("xpert.db"))?.add(&documents, &Cancel::new())?;
    write_config(data)
}

/// The guide of a first run would take the keys.
fn write_config(data: &Path) -> Fallible<()> {
    Ok(std::fs::write(data.join("config.toml"), "guide = false\n")?)
}

fn tell(what: &str, mut times: Vec<Duration>) {
    times.sort();
    let at = |share: f64| times[((times.len() - 1) as f64 * share).round() as usize].as_secs_f64() * 1000.0;
    println!(
        "{}",
        serde_json::json!({"what": what, "times": times.len(), "median_ms": at(0.5), "p99_ms": at(0.99), "most_ms": at(1.0)})
    );
}

/// The program, the moments at which its frames ended, and the text of them.
struct Screens {
    child: Box<dyn Child + Send + Sync>,
    keys: Box<dyn Write + Send>,
    frames: Receiver<(Instant, String)>,
    started: Instant,
    _master: Box<dyn MasterPty + Send>,
}

impl Screens {
    fn start(program: &Path, data: &Path) -> Fallible<Self> {
        let pty = native_pty_system().openpty(PtySize { rows: 40, cols: 120, pixel_width: 0, pixel_height: 0 })?;
        let mut command = CommandBuilder::new(program);
        command.arg("--data-dir");
        command.arg(data);
        command.env("TERM", "xterm-256color");
        let reader = pty.master.try_clone_reader()?;
        let keys = pty.master.take_writer()?;
        let (sender, frames) = channel();
        std::thread::spawn(move || keep(reader, |moment, text| sender.send((moment, text)).is_ok()));
        let started = Instant::now();
        let child = pty.slave.spawn_command(command)?;
        Ok(Self { child, keys, frames, started, _master: pty.master })
    }

    fn frame(&mut self) -> Fallible<Instant> {
        Ok(self.frames.recv_timeout(PATIENCE)?.0)
    }

    fn press(&mut self, key: &str) -> Fallible<Instant> {
        let pressed = Instant::now();
        self.keys.write_all(key.as_bytes())?;
        self.keys.flush()?;
        Ok(pressed)
    }

    /// From each key to the end of the first frame that shows what it did: the help, which it opens and closes.
    fn keys(&mut self, count: u64) -> Fallible<Vec<Duration>> {
        let mut times = Vec::new();
        for _ in 0..count {
            std::thread::sleep(BETWEEN_KEYS);
            while self.frames.try_recv().is_ok() {}
            let pressed = self.press("?")?;
            // A frame of a report may come between; one that opens or closes the help writes most of the screen.
            let answer = loop {
                let (moment, text) = self.frames.recv_timeout(PATIENCE)?;
                if text.len() > LARGE {
                    break moment;
                }
            };
            times.push(answer.duration_since(pressed));
        }
        Ok(times)
    }

    fn train(&mut self) -> Fallible<()> {
        self.frame()?;
        std::thread::sleep(Duration::from_secs(1));
        self.press("4")?;
        std::thread::sleep(Duration::from_secs(2));
        self.press("\r")?;
        let asked = Instant::now();
        // The rate is shown with the first step and not before.
        while !self.frames.recv_timeout(PATIENCE)?.1.contains("tokens/s") {
            if asked.elapsed() > PATIENCE {
                return Err("no step of the training was shown".into());
            }
        }
        Ok(())
    }

    /// Per cent of one core that the program takes while nothing happens.
    fn idle(&mut self, length: Duration) -> Fallible<f64> {
        let id = self.child.process_id().ok_or("it ended by itself")?;
        let before = cpu_seconds(id)?;
        std::thread::sleep(length);
        Ok((cpu_seconds(id)? - before) / length.as_secs_f64() * 100.0)
    }
}

impl Drop for Screens {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Tells of each frame when its end arrives, until nobody listens.
fn keep(mut reader: Box<dyn Read + Send>, tell: impl Fn(Instant, String) -> bool) {
    let (mut buffer, mut waiting) = ([0; 1 << 16], Vec::new());
    while let Ok(read @ 1..) = reader.read(&mut buffer) {
        let moment = Instant::now();
        waiting.extend_from_slice(&buffer[..read]);
        while let Some(end) = waiting.windows(FRAME_END.len()).position(|bytes| bytes == FRAME_END) {
            let frame: Vec<u8> = waiting.drain(..end + FRAME_END.len()).collect();
            if !tell(moment, String::from_utf8_lossy(&frame).into_owned()) {
                return;
            }
        }
    }
}

/// User and system time of a process so far.
fn cpu_seconds(id: u32) -> Fallible<f64> {
    const TICKS_PER_SECOND: f64 = 100.0;
    let stat = std::fs::read_to_string(format!("/proc/{id}/stat"))?;
    // The name in parentheses may hold spaces; user and system time are the 12th and 13th after it.
    let fields = stat.rsplit_once(')').ok_or("an unknown kind of /proc")?.1;
    let ticks: Result<Vec<f64>, _> = fields.split_whitespace().skip(11).take(2).map(str::parse).collect();
    Ok(ticks?.iter().sum::<f64>() / TICKS_PER_SECOND)
}
