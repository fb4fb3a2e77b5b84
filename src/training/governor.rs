//! Slows a run down, or lets it wait, when the machine is hot or its battery low. Knows no tensor.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::event::Event;
use crate::platform::cancel::Cancel;
use crate::platform::power::{Advice, Reading, SYSTEM};

/// Waits between steps, as the machine's state asks for.
pub struct Governor {
    root: PathBuf,
    /// What was last said about it.
    said: Option<String>,
}

/// How often a waiting run looks whether it is better.
const LOOK_AGAIN: Duration = Duration::from_secs(2);
/// How often a waiting run looks whether it is to stop.
const LISTEN: Duration = Duration::from_millis(50);

impl Governor {
    #[must_use]
    pub fn of_this_machine() -> Self {
        Self::at(Path::new(SYSTEM))
    }

    /// One that reads below `root` instead.
    #[must_use]
    pub fn at(root: &Path) -> Self {
        Self { root: root.into(), said: None }
    }

    /// Degrees Celsius where the machine is closest to being slowed down.
    #[must_use]
    pub fn temperature(&self) -> Option<f64> {
        Reading::of(&self.root).heat.map(|(now, _)| now)
    }

    /// Waits after a step that took `worked` seconds, as long as the machine's state asks for or until a stop is asked for.
    /// A reason is reported when it first holds, and when it no longer does.
    pub fn rest(&mut self, worked: f64, cancel: &Cancel, report: &mut dyn FnMut(&Event)) {
        loop {
            match Reading::of(&self.root).advice() {
                Advice::Full => {
                    if self.said.take().is_some() {
                        report(&Event::Note { text: "the machine is well again: training at full speed".into() });
                    }
                    return;
                }
                Advice::Slow { share, why } => {
                    self.say(&format!("training at {:.0} % of its speed: {why}", share * 100.0), &why, report);
                    wait(Duration::from_secs_f64(worked * (1.0 / share - 1.0)), cancel);
                    return;
                }
                Advice::Pause { why } => {
                    self.say(&format!("training waits: {why}"), &why, report);
                    wait(LOOK_AGAIN, cancel);
                    if cancel.is_requested() {
                        return;
                    }
                }
            }
        }
    }

    /// Says `text` unless the same was said last; figures change all the time and are no news.
    fn say(&mut self, text: &str, why: &str, report: &mut dyn FnMut(&Event)) {
        let kind: String = why.chars().filter(|c| !c.is_ascii_digit()).collect();
        if self.said.as_ref() != Some(&kind) {
            report(&Event::Note { text: text.to_owned() });
            self.said = Some(kind);
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
        std::thread::sleep(left.min(LISTEN));
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
    fn a_hot_machine_rests_and_says_so_once() {
        let root = tempfile::tempdir().unwrap();
        let mut governor = Governor::at(root.path());
        let mut notes = Vec::new();
        let mut rest = |temperature| {
            hot(root.path(), temperature);
            let began = Instant::now();
            governor.rest(1.0, &Cancel::new(), &mut |event| notes.push(event.clone()));
            began.elapsed()
        };
        assert!(rest(50_000) < Duration::from_secs(1));
        assert!(rest(84_000) >= Duration::from_millis(1250), "1 s of work at 40 % of the time");
        assert!(rest(85_000) >= Duration::from_millis(1250));
        assert!(rest(50_000) < Duration::from_secs(1));
        assert_eq!(notes.len(), 2, "{notes:?}");
        assert!(matches!(&notes[0], Event::Note { text } if text.contains("40 %") && text.contains("84 °C")));
    }

    #[test]
    fn a_stop_is_heard_while_it_rests() {
        let root = tempfile::tempdir().unwrap();
        hot(root.path(), 90_000);
        let cancel = Cancel::new();
        cancel.request();
        let began = Instant::now();
        Governor::at(root.path()).rest(100.0, &cancel, &mut |_| {});
        assert!(began.elapsed() < Duration::from_secs(60), "not the 150 s that it would rest");
    }
}
