//! What every layer uses of the machine: memory, heat, battery and power draw as Linux reports them, pausing and cancelling, and text made
//! safe for a terminal.

use std::borrow::Cow;
use std::fs;
use std::path::Path;
use std::time::Duration;

use proptest::prelude::*;
use xpert::platform::cancel::{Cancel, Cancelled};
use xpert::platform::digest::sha256;
use xpert::platform::power::{PowerMeter, PowerState, Throttling};
use xpert::platform::system::MemoryProbe;
use xpert::platform::text::escape_for_terminal;

/// Longer than a paused job waits between two looks at the signal.
const WAIT: Duration = Duration::from_millis(60);

/// A sysfs tree with these files below `class`.
fn tree(files: &[(&str, &str)]) -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    write(root.path(), files);
    root
}

fn write(root: &Path, files: &[(&str, &str)]) {
    for (path, content) in files {
        let path = root.join("class").join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, format!("{content}\n")).unwrap();
    }
}

fn board(temperature: &str) -> tempfile::TempDir {
    tree(&[
        ("thermal/thermal_zone0/temp", "31000"),
        ("thermal/thermal_zone1/temp", temperature),
        ("thermal/thermal_zone1/trip_point_0_type", "critical"),
        ("thermal/thermal_zone1/trip_point_0_temp", "110000"),
        ("thermal/thermal_zone1/trip_point_1_type", "passive"),
        ("thermal/thermal_zone1/trip_point_1_temp", "80000"),
        ("thermal/cooling_device0/type", "Processor"),
    ])
}

fn laptop(status: &str, capacity: &str, online: &str) -> tempfile::TempDir {
    tree(&[
        ("power_supply/AC/type", "Mains"),
        ("power_supply/AC/online", online),
        ("power_supply/BAT0/type", "Battery"),
        ("power_supply/BAT0/status", status),
        ("power_supply/BAT0/capacity", capacity),
        ("power_supply/hid-mouse/type", "Battery"),
        ("power_supply/hid-mouse/scope", "Device"),
        ("power_supply/hid-mouse/status", "Discharging"),
        ("power_supply/hid-mouse/capacity", "3"),
    ])
}

fn throttling(root: &tempfile::TempDir) -> Throttling {
    PowerState::read(root.path()).throttling()
}

#[test]
fn without_readings_nothing_is_throttled_or_measured() {
    assert_eq!(PowerState::read(Path::new("/nowhere")), PowerState::default());
    assert_eq!(throttling(&tree(&[("thermal/thermal_zone0/temp", "45000")])), Throttling::None);
    assert_eq!(throttling(&tree(&[("thermal/thermal_zone0/temp", "what?")])), Throttling::None);
    assert_eq!(PowerMeter::start(Path::new("/nowhere")).watts(), None);
    let charging = tree(&[("power_supply/BAT0/status", "Charging"), ("power_supply/BAT0/power_now", "9000000")]);
    assert_eq!(PowerMeter::start(charging.path()).watts(), None, "power into a battery is not consumption");
}

#[test]
fn heat_throttles_before_the_system_does_and_more_above_its_limit() {
    assert_eq!(PowerState::read(board("61500").path()).heat, Some((61.5, 80.0)));
    assert_eq!(throttling(&board("61500")), Throttling::None);
    let Throttling::Slow { share: warm, why } = throttling(&board("77000")) else { panic!("not throttled") };
    assert!(why.contains("77 °C") && why.contains("80 °C"), "{why}");
    let Throttling::Slow { share: hot, .. } = throttling(&board("83000")) else { panic!("not throttled") };
    assert!(hot < warm && warm < 1.0);
    assert_eq!(throttling(&board("-274000")), Throttling::None, "an absent sensor");
}

#[test]
fn only_a_discharging_battery_of_the_machine_throttles() {
    assert_eq!(throttling(&laptop("Charging", "5", "1")), Throttling::None);
    assert_eq!(throttling(&laptop("Discharging", "90", "0")), Throttling::None);
    assert_eq!(throttling(&laptop("Not charging", "5", "0")), Throttling::None);
    let low = throttling(&laptop("Discharging", "30", "0"));
    assert!(matches!(low, Throttling::Slow { why, .. } if why.contains("30 %")));
    let empty = throttling(&laptop("Discharging", "7", "0"));
    assert!(matches!(empty, Throttling::Pause { why } if why.contains("plug in")));
}

#[test]
fn counters_of_whole_packages_give_the_mean_power() {
    let parts = [("powercap/intel-rapl:0/energy_uj", "1000"), ("powercap/intel-rapl:0:1/energy_uj", "7")];
    let root = tree(&parts);
    let meter = PowerMeter::start(root.path());
    std::thread::sleep(Duration::from_millis(50));
    let later = [("powercap/intel-rapl:0/energy_uj", "1001000"), ("powercap/intel-rapl:0:1/energy_uj", "9000007")];
    write(root.path(), &later);
    // One joule since the start.
    let watts = meter.watts().unwrap();
    assert!((0.01..20.1).contains(&watts), "{watts}");
    write(root.path(), &[("powercap/intel-rapl:0/energy_uj", "5")]);
    assert_eq!(meter.watts(), None, "a counter that wrapped around");
    // The counter of the whole machine includes the package's energy.
    write(root.path(), &[("powercap/intel-rapl:1/name", "psys"), ("powercap/intel-rapl:1/energy_uj", "0")]);
    let meter = PowerMeter::start(root.path());
    let later = [("powercap/intel-rapl:0/energy_uj", "900000000"), ("powercap/intel-rapl:1/energy_uj", "1")];
    write(root.path(), &later);
    assert!(meter.watts().unwrap() < 900.0);
}

#[test]
fn without_counters_a_sensor_or_the_battery_gives_the_power() {
    let root = tree(&[
        ("power_supply/BAT0/status", "Discharging"),
        ("power_supply/BAT0/voltage_now", "12000000"),
        ("power_supply/BAT0/current_now", "-1500000"),
        ("power_supply/mouse/status", "Discharging"),
        ("power_supply/mouse/scope", "Device"),
        ("power_supply/mouse/power_now", "1"),
    ]);
    assert_eq!(PowerMeter::start(root.path()).watts(), Some(18.0));
    write(root.path(), &[("hwmon/hwmon0/name", "amdgpu"), ("hwmon/hwmon0/power1_average", "90000000")]);
    assert_eq!(PowerMeter::start(root.path()).watts(), Some(18.0), "a graphics card is not the machine");
    write(root.path(), &[("hwmon/hwmon1/name", "ina3221"), ("hwmon/hwmon1/power1_input", "7250000")]);
    assert_eq!(PowerMeter::start(root.path()).watts(), Some(7.25));
    // A Jetson: the whole supply, a part of it, and a channel that is not connected and reports no current.
    let jetson = [
        ("hwmon/hwmon2/name", "ina3221"),
        ("hwmon/hwmon2/in1_input", "5000"),
        ("hwmon/hwmon2/curr1_input", "1900"),
        ("hwmon/hwmon2/in2_input", "5000"),
        ("hwmon/hwmon2/curr2_input", "700"),
        ("hwmon/hwmon2/in3_input", "4900"),
    ];
    write(root.path(), &jetson);
    assert_eq!(PowerMeter::start(root.path()).watts(), Some(9.5));
}

#[test]
fn a_paused_job_waits_until_it_is_continued_or_cancelled() {
    let cancel = Cancel::new();
    assert_eq!((cancel.proceed(), cancel.paused_for()), (Ok(()), Duration::ZERO));
    cancel.set_paused(true);
    let job = std::thread::spawn({
        let cancel = cancel.clone();
        move || cancel.proceed()
    });
    std::thread::sleep(WAIT);
    assert!(!job.is_finished());
    cancel.set_paused(false);
    assert_eq!(job.join().unwrap(), Ok(()));
    let waited = cancel.paused_for();
    assert!(waited >= WAIT);
    std::thread::sleep(Duration::from_millis(5));
    assert_eq!(cancel.paused_for(), waited, "running time is not paused time");
    cancel.set_paused(true);
    cancel.request();
    assert_eq!(cancel.proceed(), Err(Cancelled), "cancelling ends the wait");
}

#[test]
fn ordinary_text_is_borrowed_as_it_is() {
    let text = "Caf\u{e9} \u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467}\n\tna\u{ef}ve \u{65e5}\u{672c}\u{8a9e}";
    assert!(matches!(escape_for_terminal(text), Cow::Borrowed(same) if same == text));
}

#[test]
fn real_escape_sequences_become_visible() {
    let cases = [
        ("\x1b[2J\x1b[Hgone", "\u{241b}[2J\u{241b}[Hgone"),
        ("\x1b]0;title\x07", "\u{241b}]0;title\u{2407}"),
        ("\x1b]52;c;ZXZpbA==\x1b\\", "\u{241b}]52;c;ZXZpbA==\u{241b}\\"),
        ("\u{9b}31mred", "<U+009B>31mred"),
        ("safe\rover", "safe\u{240d}over"),
        ("ab\x08c\x7f", "ab\u{2408}c\u{2421}"),
        ("file\u{202e}txt.exe", "file<U+202E>txt.exe"),
        ("a\u{2066}b\u{2069}", "a<U+2066>b<U+2069>"),
        ("\0", "\u{2400}"),
        ("pay\u{200b}pal", "pay<U+200B>pal"),
    ];
    for (raw, shown) in cases {
        assert_eq!(escape_for_terminal(raw), shown);
    }
}

proptest! {
    #[test]
    fn nothing_unsafe_survives_and_escaping_twice_changes_nothing(text in any::<String>()) {
        let shown = escape_for_terminal(&text).into_owned();
        prop_assert!(!shown.chars().any(|c| c.is_control() && c != '\n' && c != '\t'));
        prop_assert_eq!(escape_for_terminal(&shown), shown.as_str());
    }
}

#[test]
fn the_digest_of_no_bytes_is_the_one_in_the_standard() {
    assert_eq!(sha256(b""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

#[test]
fn the_peak_is_never_below_a_measured_value() {
    let mut probe = MemoryProbe::new();
    let ballast = std::hint::black_box(vec![1u8; 64 << 20]);
    let seen = probe.resident_mb();
    drop(ballast);
    assert!(probe.peak_mb() >= seen && seen >= 64, "{seen} MiB seen, at most {}", probe.peak_mb());
}
