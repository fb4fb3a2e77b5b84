//! A power failure in the middle of a training run, on a disk of its own: a file system in a file, shut down without a chance to write what it has
//! not written. The run resumes from the last checkpoint that was reported, and ends with the adapter of a run that nobody disturbed.
//!
//! Needs root, and loop devices; says so and passes where there are none. `XPERT_POWER_CUTS=50` makes more of them than the usual few.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read};
use std::os::fd::AsRawFd;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use nix::libc;
use rand::Rng;
use serde_json::Value;
use tempfile::TempDir;

use crate::command::{home, words, xpert};
use crate::kills::{adapter, finish, start};
use crate::tiny;

const CUTS: usize = 3;
/// Steps of a run for each cut, and the most between two cuts.
const STEPS: usize = 30;
const STEPS_BEFORE_A_CUT: std::ops::RangeInclusive<usize> = 1..=20;
const BYTES: u64 = 300 << 20;

/// A file system in a file.
struct Disk {
    folder: TempDir,
    options: &'static str,
}

impl Disk {
    /// None where this machine has no such file system, or lets nobody mount one.
    fn make(kind: &str) -> Option<Self> {
        // ext4 would write a file out when it is renamed over another, which other file systems do not.
        let options = if kind == "ext4" { "loop,noauto_da_alloc" } else { "loop" };
        let disk = Self { folder: home(), options };
        let image = disk.image();
        File::create(&image).and_then(|file| file.set_len(BYTES)).expect("writable");
        fs::create_dir(disk.place()).expect("writable");
        let made = command(&format!("mkfs.{kind}"), &["-q".as_ref(), image.as_ref()]);
        (made && disk.mount()).then_some(disk)
    }

    fn image(&self) -> PathBuf {
        self.folder.path().join("image")
    }

    fn place(&self) -> PathBuf {
        self.folder.path().join("disk")
    }

    fn mount(&self) -> bool {
        command("mount", &["-o".as_ref(), self.options.as_ref(), self.image().as_ref(), self.place().as_ref()])
    }

    /// From now on nothing reaches the disk; what the file system has not written is lost.
    fn cut(&self) {
        // `_IOR('X', 125, __u32)`, the same for ext4 and XFS.
        const SHUTDOWN: libc::c_ulong = 0x8004_587d;
        let without_log = 2_u32;
        let place = File::open(self.place()).expect("it is mounted");
        // SAFETY: the call reads one number through the pointer, which lives until it is over.
        let result = unsafe { libc::ioctl(place.as_raw_fd(), SHUTDOWN, &raw const without_log) };
        assert_eq!(result, 0, "the file system shuts down: {}", std::io::Error::last_os_error());
    }

    fn restart(&self) {
        assert!(self.unmount() && self.mount(), "the disk comes back");
    }

    fn unmount(&self) -> bool {
        command("umount", &[self.place().as_ref()])
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        self.unmount();
    }
}

fn command(name: &str, arguments: &[&std::ffi::OsStr]) -> bool {
    let status = Command::new(name).args(arguments).stdout(Stdio::null()).stderr(Stdio::null()).status();
    status.is_ok_and(|status| status.success())
}

/// Trains until so many steps are told, and a little longer; then the power fails. The step of the last checkpoint that was told of, and the
/// one where the run had begun.
fn train_until_cut(disk: &Disk, model: &Path, arguments: &[&str], steps: usize) -> (u64, u64) {
    let mut child = start(&disk.place().join("data"), model, arguments);
    let mut out = BufReader::new(child.stdout.take().expect("piped"));
    let (mut saved, mut begun, mut seen) = (0, 0, 0);
    for line in out.by_ref().lines() {
        let event: Value = serde_json::from_str(&line.expect("UTF-8")).expect("JSON");
        match event["event"].as_str() {
            Some("started") => begun = event["done"].as_u64().expect("a count"),
            Some("checkpoint") => saved = event["step"].as_u64().expect("a step"),
            Some("step") => seen += 1,
            _ => {}
        }
        if seen == steps {
            break;
        }
    }
    std::thread::sleep(Duration::from_micros(rand::rng().random_range(0..5_000)));
    disk.cut();
    child.kill().expect("it runs, or has ended");
    child.wait().expect("it ends");
    (saved.max(begun), begun)
}

fn check(kind: &str) {
    let Some(disk) = Disk::make(kind) else {
        eprintln!("skipped: this machine lets nobody mount a {kind} file system");
        return;
    };
    let cuts =
        std::env::var("XPERT_POWER_CUTS").map_or(CUTS, |cuts| cuts.parse().expect("XPERT_POWER_CUTS is a number"));
    let home = home();
    let model = home.path().join("model");
    tiny::save_folder(&model);
    let file = words(home.path());
    let (calm, disturbed) = (home.path().join("calm"), disk.place().join("data"));
    for data in [&calm, &disturbed] {
        xpert(data).arg("import").arg(&file).assert().success();
    }
    let steps = (cuts * STEPS).to_string();
    let fresh = ["--from", "scratch", "--steps", &steps, "--no-early-stop"];
    finish(start(&calm, &model, &fresh));
    let mut saved = 0;
    for cut in 0..cuts {
        let arguments = if cut == 0 { &fresh[..] } else { &["--resume"] };
        let (last, begun) = train_until_cut(&disk, &model, arguments, rand::rng().random_range(STEPS_BEFORE_A_CUT));
        assert!(begun >= saved, "{kind}, cut {cut}: step {saved} was saved, but the run resumed at {begun}");
        saved = last;
        disk.restart();
    }
    finish(start(&disturbed, &model, &["--resume"]));
    assert!(adapter(&calm) == adapter(&disturbed), "{kind}: after {cuts} power failures the adapter is another one");
}

#[test]
fn a_run_survives_power_failures_on_ext4() {
    check("ext4");
}

#[test]
fn a_run_survives_power_failures_on_xfs() {
    check("xfs");
}
