//! Estimates the remaining time of a run. Knows no tensor.

use super::checkpoint::State;

#[derive(Default)]
pub struct Pace {
    step: Option<f64>,
    steps_seen: usize,
    validation: Option<f64>,
}

impl Pace {
    /// Number of steps before the first estimate, since the first ones fill caches.
    const MIN_STEPS: usize = 3;
    /// Weight of the newest step in the running average.
    const NEWEST_WEIGHT: f64 = 0.2;

    pub fn step(&mut self, seconds: f64) {
        self.steps_seen += 1;
        self.step = Some(self.step.map_or(seconds, |mean| mean + Self::NEWEST_WEIGHT * (seconds - mean)));
    }

    pub fn validation(&mut self, seconds: f64) {
        self.validation = Some(seconds);
    }

    /// Remaining seconds by steps or by the time limit, whichever ends the run first.
    pub fn remaining(&self, state: &State) -> Option<f64> {
        let step = self.step.filter(|_| self.steps_seen >= Self::MIN_STEPS)?;
        let (steps, every) = (state.plan.steps - state.step, state.plan.validate_every.max(1));
        let validations = steps.div_ceil(every) as f64 * self.validation.unwrap_or(0.0);
        let by_steps = steps as f64 * step + validations;
        let by_clock = state.plan.minutes.map_or(f64::INFINITY, |minutes| minutes * 60.0 - state.seconds);
        Some(by_steps.min(by_clock.max(0.0)))
    }
}
