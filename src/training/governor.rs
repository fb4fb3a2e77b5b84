//! Throttles a run when the machine is hot or its battery low. Knows no tensor.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::event::Event;
use crate::platform::cancel::Cancel;
use crate::platform::power::{PowerState, SYSFS, Throttling};

/// Waits between steps as long as the machine's state requires.
pub struct Governor {
    root: PathBuf,
    /// The reason last reported, without its figures.
    reported: Option<String>,
}

/// How often a paused run reads the machine's state again.
const RECHECK_INTERVAL: Duration = Duration::from_secs(2);
/// How often a waiting run checks whether it is cancelled.
const CANCEL_INTERVAL: Duration = Duration::from_millis(50);

impl Governor {
    pub fn of_this_machine() -> Self {
        Self::at(Path::new(SYSFS))
    }

    /// Reads the machine's state below `root` instead.
    pub fn at(root: &Path) -> Self {
        Self { root: root.into(), reported: None }
    }

    /// Temperature of the thermal zone closest to throttling, degrees Celsius.
    pub fn temperature(&self) -> Option<f64> {
        PowerState::read(&self.root).heat.map(|(now, _)| now)
    }

    /// Waits after a step that took `worked` seconds, as long as the machine's state requires or until cancelled.
    /// Each reason is reported once, and so is the return to full speed.
    pub fn throttle(&mut self, worked: f64, cancel: &Cancel, report: &mut dyn FnMut(&Event)) {
        loop {
            match PowerState::read(&self.root).throttling() {
                Throttling::None => {
                    if self.reported.take().is_some() {
                        report(&Event::Note { text: "training is at full speed again".into() });
                    }
                    return;
                }
                Throttling::Slow { share, why } => {
                    self.report_once(&format!("training is at {:.0} % speed: {why}", share * 100.0), &why, report);
                    wait(Duration::from_secs_f64(worked * (1.0 / share - 1.0)), cancel);
                    return;
                }
                Throttling::Pause { why } => {
                    self.report_once(&format!("training is paused: {why}"), &why, report);
                    wait(RECHECK_INTERVAL, cancel);
                    if cancel.is_requested() {
                        return;
                    }
                }
            }
        }
    }

    /// Reports `text` unless its reason was the last one reported. Figures change all the time, so they are not
    /// compared.
    fn report_once(&mut self, text: &str, why: &str, report: &mut dyn FnMut(&Event)) {
        let kind: String = why.chars().filter(|c| !c.is_ascii_digit()).collect();
        if self.reported.as_ref() != Some(&kind) {
            report(&Event::Note { text: text.to_owned() });
            self.reported = Some(kind);
        }
    }
}

fn wait(time: Duration, cancel: &Cancel) {
    let until = Instant::now() + time;
    while !cancel.is_requested() {
        let left = until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return;
        }
        std::thread::sleep(left.min(CANCEL_INTERVAL));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn hot(root: &Path, temperature: u32) {
        let zone = root.join("class/thermal/thermal_zone0");
        fs::create_dir_all(&zone).unwrap();
        fs::write(zone.join("temp"), temperature.to_string()).unwrap();
        fs::write(zone.join("trip_point_0_type"), "passive").unwrap();
        fs::write(zone.join("trip_point_0_temp"), "80000").unwrap();
    }

    #[test]
    fn a_hot_machine_is_throttled_and_that_is_reported_once() {
        let root = tempfile::tempdir().unwrap();
        let mut governor = Governor::at(root.path());
        let mut notes = Vec::new();
        let mut throttle = |temperature| {
            hot(root.path(), temperature);
            let started = Instant::now();
            governor.throttle(1.0, &Cancel::new(), &mut |event| notes.push(event.clone()));
            started.elapsed()
        };
        assert!(throttle(50_000) < Duration::from_secs(1));
        assert!(throttle(84_000) >= Duration::from_millis(1250), "1 s of work at 40 % of the time");
        assert!(throttle(85_000) >= Duration::from_millis(1250));
        assert!(throttle(50_000) < Duration::from_secs(1));
        assert_eq!(notes.len(), 2, "{notes:?}");
        assert!(matches!(&notes[0], Event::Note { text } if text.contains("40 %") && text.contains("84 °C")));
    }

    #[test]
    fn cancelling_ends_the_wait() {
        let root = tempfile::tempdir().unwrap();
        hot(root.path(), 90_000);
        let cancel = Cancel::new();
        cancel.request();
        let started = Instant::now();
        Governor::at(root.path()).throttle(100.0, &cancel, &mut |_| {});
        assert!(started.elapsed() < Duration::from_secs(60), "not the 150 s of throttling");
    }
}
