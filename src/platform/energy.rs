//! How much power the machine draws, where it tells. Knows not what for.
//!
//! Linux tells below `/sys`: the energy that an Intel or AMD processor has used (to those who may read it), what a board's sensor
//! measures, or what a battery gives. Elsewhere nothing is known, and nothing is guessed.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// A measurement that goes on from when it was begun.
#[derive(Debug)]
pub struct Meter {
    root: PathBuf,
    began: Instant,
    /// Counters of used energy, microjoules, by their files.
    counters: Vec<(PathBuf, f64)>,
}

impl Meter {
    /// Begins; `root` is [`SYSTEM`](crate::platform::power::SYSTEM) but in tests.
    #[must_use]
    pub fn begin(root: &Path) -> Self {
        // Zones below another (`intel-rapl:0:1`) are parts of it, and `psys`, where there is one, is the whole machine.
        let whole = |name: &str| name.starts_with("intel-rapl:") && name.matches(':').count() == 1;
        let zones = entries(&root.join("class/powercap"), whole);
        let is_psys = |zone: &&PathBuf| text(&zone.join("name")).as_deref() == Some("psys");
        let has_psys = zones.iter().any(|zone| is_psys(&zone));
        let zones = zones.iter().filter(|zone| !has_psys || is_psys(zone));
        let files = zones.map(|zone| zone.join("energy_uj"));
        let counters = files.filter_map(|file| number(&file).map(|energy| (file, energy))).collect();
        Self { root: root.into(), began: Instant::now(), counters }
    }

    /// Watts on average since then by the counters; else what a sensor or a discharging battery tells at this moment.
    #[must_use]
    pub fn watts(&self) -> Option<f64> {
        self.counted().or_else(|| sensor(&self.root)).or_else(|| battery(&self.root))
    }

    fn counted(&self) -> Option<f64> {
        let used = self.counters.iter().map(|(file, before)| Some(number(file)? - before).filter(|used| *used >= 0.0));
        // A counter that has started over since tells nothing; then the whole does not, either.
        let used = used.collect::<Option<Vec<f64>>>()?;
        let seconds = self.began.elapsed().as_secs_f64();
        let watts = used.iter().sum::<f64>() / 1e6 / seconds;
        (watts > 0.0 && watts.is_finite()).then_some(watts)
    }
}

/// Watts that a board's own sensor measures. Of several the largest counts: the supply, of which the others are parts.
fn sensor(root: &Path) -> Option<f64> {
    // Texas Instruments' power monitors are what boards measure their supply with; other sensors measure a part, often a graphics card.
    let devices = entries(&root.join("class/hwmon"), |name| name.starts_with("hwmon"));
    let monitors =
        devices.iter().filter(|device| text(&device.join("name")).is_some_and(|name| name.starts_with("ina")));
    monitors.filter_map(|monitor| monitored(monitor)).filter(|watts| *watts > 0.0).reduce(f64::max)
}

/// Watts by a power monitor. It tells microwatts; one with three channels, as on a Jetson, millivolts and milliamperes of each.
fn monitored(monitor: &Path) -> Option<f64> {
    let value = |name: &str| number(&monitor.join(name));
    let power = value("power1_average").or_else(|| value("power1_input")).map(|microwatts| microwatts / 1e6);
    let channel = |n: u8| Some(value(&format!("in{n}_input"))? * value(&format!("curr{n}_input"))? / 1e6);
    power.or_else(|| (1..=3).filter_map(channel).reduce(f64::max))
}

/// What a battery gives while it discharges: microwatts, or microvolts and microamperes.
fn battery(root: &Path) -> Option<f64> {
    let supplies = entries(&root.join("class/power_supply"), |_| true);
    let discharging = supplies.iter().filter(|supply| {
        text(&supply.join("status")).as_deref() == Some("Discharging")
            && text(&supply.join("scope")).as_deref() != Some("Device")
    });
    let told = discharging.filter_map(|supply| {
        let current = || Some(number(&supply.join("voltage_now"))? * number(&supply.join("current_now"))?.abs() / 1e12);
        number(&supply.join("power_now")).map(|microwatts| microwatts.abs() / 1e6).or_else(current)
    });
    told.filter(|watts| *watts > 0.0).reduce(|sum, watts| sum + watts)
}

fn entries(place: &Path, wanted: impl Fn(&str) -> bool) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(place) else { return Vec::new() };
    let named = entries.filter_map(Result::ok).filter(|entry| wanted(&entry.file_name().to_string_lossy()));
    named.map(|entry| entry.path()).collect()
}

fn text(file: &Path) -> Option<String> {
    fs::read_to_string(file).ok().map(|text| text.trim().to_owned())
}

fn number(file: &Path) -> Option<f64> {
    text(file)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(root: &Path, files: &[(&str, &str)]) {
        for (path, content) in files {
            let path = root.join("class").join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, format!("{content}\n")).unwrap();
        }
    }

    #[test]
    fn what_nobody_tells_is_not_known() {
        assert_eq!(Meter::begin(Path::new("/nowhere")).watts(), None);
        let root = tempfile::tempdir().unwrap();
        write(root.path(), &[("power_supply/BAT0/status", "Charging"), ("power_supply/BAT0/power_now", "9000000")]);
        assert_eq!(Meter::begin(root.path()).watts(), None, "what goes into a battery is not what is used");
    }

    #[test]
    fn counters_of_whole_packages_are_compared_with_the_clock() {
        let root = tempfile::tempdir().unwrap();
        let parts = [("powercap/intel-rapl:0/energy_uj", "1000"), ("powercap/intel-rapl:0:1/energy_uj", "7")];
        write(root.path(), &parts);
        let meter = Meter::begin(root.path());
        std::thread::sleep(std::time::Duration::from_millis(50));
        write(
            root.path(),
            &[("powercap/intel-rapl:0/energy_uj", "1001000"), ("powercap/intel-rapl:0:1/energy_uj", "9000007")],
        );
        // A joule, in the time since then.
        let watts = meter.watts().unwrap();
        assert!((0.01..20.1).contains(&watts), "{watts}");
        write(root.path(), &[("powercap/intel-rapl:0/energy_uj", "5")]);
        assert_eq!(meter.watts(), None, "a counter that started over tells nothing");
        // The whole machine's counter counts the package's energy, too.
        write(root.path(), &[("powercap/intel-rapl:1/name", "psys"), ("powercap/intel-rapl:1/energy_uj", "0")]);
        let meter = Meter::begin(root.path());
        write(
            root.path(),
            &[("powercap/intel-rapl:0/energy_uj", "900000000"), ("powercap/intel-rapl:1/energy_uj", "1")],
        );
        assert!(meter.watts().unwrap() < 900.0);
    }

    #[test]
    fn a_sensor_or_a_battery_tells_where_there_is_no_counter() {
        let root = tempfile::tempdir().unwrap();
        let battery = [
            ("power_supply/BAT0/status", "Discharging"),
            ("power_supply/BAT0/voltage_now", "12000000"),
            ("power_supply/BAT0/current_now", "-1500000"),
            ("power_supply/mouse/status", "Discharging"),
            ("power_supply/mouse/scope", "Device"),
            ("power_supply/mouse/power_now", "1"),
        ];
        write(root.path(), &battery);
        assert_eq!(Meter::begin(root.path()).watts(), Some(18.0));
        write(root.path(), &[("hwmon/hwmon0/name", "amdgpu"), ("hwmon/hwmon0/power1_average", "90000000")]);
        assert_eq!(Meter::begin(root.path()).watts(), Some(18.0), "a graphics card is not the machine");
        write(root.path(), &[("hwmon/hwmon1/name", "ina3221"), ("hwmon/hwmon1/power1_input", "7250000")]);
        assert_eq!(Meter::begin(root.path()).watts(), Some(7.25));
        // A Jetson: its whole supply, then a part of it; a channel that is not connected tells no current.
        let jetson = [
            ("hwmon/hwmon2/name", "ina3221"),
            ("hwmon/hwmon2/in1_input", "5000"),
            ("hwmon/hwmon2/curr1_input", "1900"),
            ("hwmon/hwmon2/in2_input", "5000"),
            ("hwmon/hwmon2/curr2_input", "700"),
            ("hwmon/hwmon2/in3_input", "4900"),
        ];
        write(root.path(), &jetson);
        assert_eq!(Meter::begin(root.path()).watts(), Some(9.5));
    }
}
