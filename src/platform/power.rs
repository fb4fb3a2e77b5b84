//! What the machine tells of its heat and its battery, and how hard it should be worked then. Knows nothing of the work.
//!
//! Linux tells both below `/sys`; where nothing is told (other systems, containers), the advice is to work at full speed.

use std::fs;
use std::path::{Path, PathBuf};

/// Where Linux tells of its devices.
pub const SYSTEM: &str = "/sys";

/// What the machine tells.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Reading {
    /// The zone that is closest to where the system slows it down: degrees Celsius now, and there.
    pub heat: Option<(f64, f64)>,
    /// Per cent left while it runs on battery; absent on mains power or without a battery.
    pub battery: Option<f64>,
}

/// How hard to work.
#[derive(Clone, Debug, PartialEq)]
pub enum Advice {
    Full,
    /// Work this share of the time.
    Slow {
        share: f64,
        why: String,
    },
    /// Wait until it is better.
    Pause {
        why: String,
    },
}

/// Degrees below the point at which the system slows down, from which we do it ourselves and in a smoother way.
const NEAR: f64 = 5.0;
const SHARE_NEAR: f64 = 0.7;
const SHARE_ABOVE: f64 = 0.4;
/// Per cent of battery below which training is not what the rest should go into, and below which none of it should.
const BATTERY_LOW: f64 = 40.0;
const SHARE_ON_LOW_BATTERY: f64 = 0.5;
const BATTERY_EMPTY: f64 = 10.0;
/// A zone without a point of throttling is compared with one this far below the point at which the system turns itself off.
const BELOW_CRITICAL: f64 = 15.0;

impl Reading {
    /// What is told below `root`, which is [`SYSTEM`] but in tests.
    #[must_use]
    pub fn of(root: &Path) -> Self {
        let zones = folders(&root.join("class/thermal"), "thermal_zone");
        let heat = zones.iter().filter_map(|zone| heat(zone)).min_by(|a, b| (a.1 - a.0).total_cmp(&(b.1 - b.0)));
        Self { heat, battery: battery(&folders(&root.join("class/power_supply"), "")) }
    }

    /// How hard to work; the reason is for people.
    #[must_use]
    pub fn advice(&self) -> Advice {
        if let Some(left) = self.battery.filter(|left| *left < BATTERY_EMPTY) {
            return Advice::Pause { why: format!("the battery is down to {left:.0} %: plug the machine in to go on") };
        }
        if let Some((now, limit)) = self.heat.filter(|(now, limit)| *now > limit - NEAR) {
            let share = if now >= limit { SHARE_ABOVE } else { SHARE_NEAR };
            let why = format!("the processor is at {now:.0} °C and the system slows it down at {limit:.0} °C");
            return Advice::Slow { share, why };
        }
        match self.battery.filter(|left| *left < BATTERY_LOW) {
            Some(left) => {
                let why = format!("the machine runs on battery, {left:.0} % left");
                Advice::Slow { share: SHARE_ON_LOW_BATTERY, why }
            }
            None => Advice::Full,
        }
    }
}

fn folders(place: &Path, prefix: &str) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(place) else { return Vec::new() };
    let paths = entries.filter_map(|entry| entry.ok().map(|entry| entry.path()));
    let starts = |path: &PathBuf| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(prefix));
    paths.filter(starts).collect()
}

fn text(file: &Path) -> Option<String> {
    fs::read_to_string(file).ok().map(|text| text.trim().to_owned())
}

/// Thousandths of a degree in a file, as degrees. Sensors that are absent read as zero or as nonsense.
fn degrees(file: &Path) -> Option<f64> {
    let value = text(file)?.parse::<f64>().ok()? / 1000.0;
    (1.0..150.0).contains(&value).then_some(value)
}

/// A zone's temperature now, and the lowest at which the system slows down for it.
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

fn battery(supplies: &[PathBuf]) -> Option<f64> {
    let kind = |supply: &&PathBuf, kind: &str| text(&supply.join("type")).as_deref() == Some(kind);
    let plugged_in = |supply: &PathBuf| text(&supply.join("online")).as_deref() == Some("1");
    if supplies.iter().filter(|supply| kind(supply, "Mains")).any(plugged_in) {
        return None;
    }
    // A mouse's battery is a device's, not the system's.
    let own = |supply: &&PathBuf| text(&supply.join("scope")).as_deref() != Some("Device");
    let discharging = |supply: &&PathBuf| text(&supply.join("status")).as_deref() == Some("Discharging");
    let batteries = supplies.iter().filter(|supply| kind(supply, "Battery")).filter(own).filter(discharging);
    let left = batteries.filter_map(|supply| text(&supply.join("capacity"))?.parse::<f64>().ok());
    left.min_by(f64::total_cmp)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A tree of files as Linux has it.
    fn tree(files: &[(&str, &str)]) -> tempfile::TempDir {
        let root = tempfile::tempdir().unwrap();
        for (path, content) in files {
            let path = root.path().join("class").join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, format!("{content}\n")).unwrap();
        }
        root
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

    fn advice(root: &tempfile::TempDir) -> Advice {
        Reading::of(root.path()).advice()
    }

    #[test]
    fn nothing_told_is_full_speed() {
        assert_eq!(Reading::of(Path::new("/nowhere")), Reading::default());
        assert_eq!(advice(&tree(&[("thermal/thermal_zone0/temp", "45000")])), Advice::Full);
        assert_eq!(advice(&tree(&[("thermal/thermal_zone0/temp", "what?")])), Advice::Full);
    }

    #[test]
    fn heat_slows_down_before_the_system_does_and_more_above() {
        assert_eq!(Reading::of(board("61500").path()).heat, Some((61.5, 80.0)));
        assert_eq!(advice(&board("61500")), Advice::Full);
        let Advice::Slow { share: near, why } = advice(&board("77000")) else { panic!("it is near") };
        assert!(why.contains("77 °C") && why.contains("80 °C"), "{why}");
        let Advice::Slow { share: above, .. } = advice(&board("83000")) else { panic!("it is above") };
        assert!(above < near && near < 1.0);
        // A sensor that is not there.
        assert_eq!(advice(&board("-274000")), Advice::Full);
    }

    #[test]
    fn only_a_discharging_battery_of_the_machine_counts() {
        assert_eq!(advice(&laptop("Charging", "5", "1")), Advice::Full);
        assert_eq!(advice(&laptop("Discharging", "90", "0")), Advice::Full);
        assert_eq!(advice(&laptop("Not charging", "5", "0")), Advice::Full);
        assert!(matches!(advice(&laptop("Discharging", "30", "0")), Advice::Slow { why, .. } if why.contains("30 %")));
        assert!(matches!(advice(&laptop("Discharging", "7", "0")), Advice::Pause { why } if why.contains("plug")));
    }
}
