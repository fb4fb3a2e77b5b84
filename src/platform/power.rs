//! Heat, battery and power draw of the machine, and how much to throttle because of them. Does not know what work is
//! done.
//!
//! Linux exposes all of it under `/sys`. Elsewhere, and in most containers, nothing is known, nothing is guessed, and
//! nothing is throttled. Our own reader rather than a crate: none of those in use reads trip points, RAPL counters
//! and INA sensors.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// Where Linux exposes its devices.
pub const SYSFS: &str = "/sys";

#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct PowerState {
    /// The thermal zone closest to its throttling point: its temperature and that point, degrees Celsius.
    pub heat: Option<(f64, f64)>,
    /// Battery charge in per cent while running on battery; absent on mains power or without a battery.
    pub battery: Option<f64>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Throttling {
    None,
    /// Work only this share of the time.
    Slow {
        share: f64,
        why: String,
    },
    Pause {
        why: String,
    },
}

/// Degrees below the system's throttling point from which we throttle ourselves, which is smoother.
const HEAT_MARGIN: f64 = 5.0;
const SHARE_WHEN_WARM: f64 = 0.7;
const SHARE_WHEN_HOT: f64 = 0.4;
/// Battery charge, per cent, below which training runs at half speed, and below which it waits.
const LOW_BATTERY: f64 = 40.0;
const SHARE_ON_LOW_BATTERY: f64 = 0.5;
const EMPTY_BATTERY: f64 = 10.0;
/// A zone without a throttling point is assumed to throttle this far below its shutdown temperature.
const BELOW_CRITICAL: f64 = 15.0;

impl PowerState {
    /// Reads below `root`, which is [`SYSFS`] except in tests.
    pub fn read(root: &Path) -> Self {
        let zones = entries(&root.join("class/thermal"), |name| name.starts_with("thermal_zone"));
        let heat = zones.iter().filter_map(|zone| heat(zone)).min_by(|a, b| (a.1 - a.0).total_cmp(&(b.1 - b.0)));
        let mains = |supply: &PathBuf| is(supply, "type", "Mains") && is(supply, "online", "1");
        let on_mains = supplies(root).iter().any(mains);
        let batteries = discharging(root).into_iter().filter(|supply| !on_mains && is(supply, "type", "Battery"));
        let battery = batteries.filter_map(|supply| number(&supply.join("capacity"))).min_by(f64::total_cmp);
        Self { heat, battery }
    }

    pub fn throttling(&self) -> Throttling {
        if let Some(charge) = self.battery.filter(|charge| *charge < EMPTY_BATTERY) {
            return Throttling::Pause { why: format!("the battery is at {charge:.0} %; plug in to continue") };
        }
        if let Some((now, limit)) = self.heat.filter(|(now, limit)| *now > limit - HEAT_MARGIN) {
            let share = if now >= limit { SHARE_WHEN_HOT } else { SHARE_WHEN_WARM };
            let why = format!("the processor is at {now:.0} °C and the system throttles it at {limit:.0} °C");
            return Throttling::Slow { share, why };
        }
        match self.battery.filter(|charge| *charge < LOW_BATTERY) {
            Some(charge) => {
                let why = format!("running on battery at {charge:.0} %");
                Throttling::Slow { share: SHARE_ON_LOW_BATTERY, why }
            }
            None => Throttling::None,
        }
    }
}

/// Measures the machine's power draw from its creation on.
#[derive(Debug)]
pub struct PowerMeter {
    root: PathBuf,
    started: Instant,
    /// RAPL counters of consumed energy: file and microjoules at the start.
    counters: Vec<(PathBuf, f64)>,
}

impl PowerMeter {
    /// Reads below `root`, which is [`SYSFS`] except in tests.
    pub fn start(root: &Path) -> Self {
        // Subzones (`intel-rapl:0:1`) are parts of their zone; `psys`, where present, covers the whole machine.
        let whole = |name: &str| name.starts_with("intel-rapl:") && name.matches(':').count() == 1;
        let zones = entries(&root.join("class/powercap"), whole);
        let has_psys = zones.iter().any(|zone| is(zone, "name", "psys"));
        let zones = zones.iter().filter(|zone| !has_psys || is(zone, "name", "psys"));
        let files = zones.map(|zone| zone.join("energy_uj"));
        let counters = files.filter_map(|file| number(&file).map(|energy| (file, energy))).collect();
        Self { root: root.into(), started: Instant::now(), counters }
    }

    /// Mean watts since the start by the counters; without counters, what a sensor or the discharging battery reports
    /// now.
    pub fn watts(&self) -> Option<f64> {
        self.counted().or_else(|| sensor_watts(&self.root)).or_else(|| battery_watts(&self.root))
    }

    fn counted(&self) -> Option<f64> {
        let used = self.counters.iter().map(|(file, before)| Some(number(file)? - before).filter(|used| *used >= 0.0));
        // One counter that has wrapped around makes the total meaningless.
        let used = used.collect::<Option<Vec<f64>>>()?;
        let watts = used.iter().sum::<f64>() / 1e6 / self.started.elapsed().as_secs_f64();
        (watts > 0.0 && watts.is_finite()).then_some(watts)
    }
}

/// Temperature of a zone, and the lowest temperature at which the system throttles because of it.
fn heat(zone: &Path) -> Option<(f64, f64)> {
    let now = degrees(&zone.join("temp"))?;
    let mut limit: Option<f64> = None;
    for number in 0.. {
        let Some(kind) = text(&zone.join(format!("trip_point_{number}_type"))) else { break };
        let Some(at) = degrees(&zone.join(format!("trip_point_{number}_temp"))) else { continue };
        let at = match kind.as_str() {
            "passive" | "hot" => at,
            "critical" => at - BELOW_CRITICAL,
            _ => continue,
        };
        limit = Some(limit.map_or(at, |limit| limit.min(at)));
    }
    limit.map(|limit| (now, limit))
}

/// Watts by the board's own power monitors. The largest of several is the supply; the others are parts of it.
fn sensor_watts(root: &Path) -> Option<f64> {
    // Boards measure their supply with Texas Instruments' INA chips; other sensors measure a part, often a graphics
    // card.
    let devices = entries(&root.join("class/hwmon"), |name| name.starts_with("hwmon"));
    let monitors =
        devices.iter().filter(|device| text(&device.join("name")).is_some_and(|name| name.starts_with("ina")));
    monitors.filter_map(|monitor| monitor_watts(monitor)).filter(|watts| *watts > 0.0).reduce(f64::max)
}

/// A monitor reports microwatts, or (with three channels, as on a Jetson) millivolts and milliamperes of each channel.
fn monitor_watts(monitor: &Path) -> Option<f64> {
    let value = |name: &str| number(&monitor.join(name));
    let power = value("power1_average").or_else(|| value("power1_input")).map(|microwatts| microwatts / 1e6);
    let channel = |n: u8| Some(value(&format!("in{n}_input"))? * value(&format!("curr{n}_input"))? / 1e6);
    power.or_else(|| (1..=3).filter_map(channel).reduce(f64::max))
}

/// A discharging battery reports microwatts, or microvolts and microamperes.
fn battery_watts(root: &Path) -> Option<f64> {
    let watts = discharging(root).into_iter().filter_map(|supply| {
        let value = |name: &str| number(&supply.join(name)).map(f64::abs);
        let product = || Some(value("voltage_now")? * value("current_now")? / 1e12);
        value("power_now").map(|microwatts| microwatts / 1e6).or_else(product)
    });
    watts.filter(|watts| *watts > 0.0).reduce(|sum, watts| sum + watts)
}

fn supplies(root: &Path) -> Vec<PathBuf> {
    entries(&root.join("class/power_supply"), |_| true)
}

/// Discharging supplies of the machine itself, not of a device such as a mouse.
fn discharging(root: &Path) -> Vec<PathBuf> {
    let mut supplies = supplies(root);
    supplies.retain(|supply| is(supply, "status", "Discharging") && !is(supply, "scope", "Device"));
    supplies
}

fn entries(folder: &Path, wanted: impl Fn(&str) -> bool) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let named = entries.filter_map(Result::ok).filter(|entry| wanted(&entry.file_name().to_string_lossy()));
    named.map(|entry| entry.path()).collect()
}

fn text(file: &Path) -> Option<String> {
    fs::read_to_string(file).ok().map(|text| text.trim().to_owned())
}

fn is(device: &Path, attribute: &str, value: &str) -> bool {
    text(&device.join(attribute)).as_deref() == Some(value)
}

fn number(file: &Path) -> Option<f64> {
    text(file)?.parse().ok()
}

/// Millidegrees in a file, as degrees. Absent sensors read as zero or as nonsense.
fn degrees(file: &Path) -> Option<f64> {
    let value = number(file)? / 1000.0;
    (1.0..150.0).contains(&value).then_some(value)
}
