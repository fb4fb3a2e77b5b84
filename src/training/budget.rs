//! Chooses the best method within limits of memory and time, and predicts what it will take. Measures nothing: speed
//! comes from [`Speed`], memory from the shapes.

use serde::{Deserialize, Serialize};

use super::calibrate::Speed;
use super::error::TrainingError;
use super::preset::{Method, Preset};
use crate::engine::config::Config;
use crate::engine::fused::Keep;

const MIB: f64 = 1024.0 * 1024.0;
const VALUE_BYTES: f64 = 4.0;

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limits {
    /// Resident memory of the whole program, MiB.
    pub memory_mb: u64,
    /// Whether the user gave that number; otherwise it is what the machine has available.
    pub memory_given: bool,
    pub minutes: Option<f64>,
    pub threads: usize,
    /// The preset that the user demands.
    pub preset: Option<Preset>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Workload {
    /// Resident memory of the program with the base model, MiB.
    pub base_mb: u64,
    /// Parameters of the whole adapter.
    pub parameters: usize,
    /// Tokens and scored tokens of one epoch.
    pub tokens: usize,
    pub labels: usize,
    pub held_out_tokens: usize,
    pub held_out_labels: usize,
    /// Tokens of the longest sequence, training or held out.
    pub longest: usize,
    pub tokens_per_step: usize,
    pub steps: usize,
    pub validate_every: usize,
}

/// What a run is expected to take. Kept with the run, to compare with what it took.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Prediction {
    /// Peak resident memory, MiB.
    pub memory_mb: u64,
    /// Seconds for all steps and validations, without early stopping.
    pub seconds: f64,
    /// Seconds per step in the first epoch, and in later ones.
    pub first_step: f64,
    pub later_step: f64,
}

/// The chosen method, and the reason in words.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    pub method: Method,
    pub prediction: Prediction,
    pub why: String,
}

/// Copies of the adapter besides the workers' gradients: the current one, the best one, two moments, and the summed
/// gradients.
const ADAPTER_COPIES: usize = 5;

/// Memory that no shape accounts for, MiB: program code loaded when first run, and stacks.
const OVERHEAD_MB: u64 = 24;
/// What the program itself holds differs by less than this from one start of it to the next, MiB. A stated minimum is rounded up to
/// multiples of it, so that a training that is allowed the minimum does fit.
const VARIATION_MB: u64 = 10;
/// Share that the allocator adds to large buffers by rounding up and retaining memory. Measured as 0.08
/// (docs/benchmarks.md).
const ALLOCATOR_OVERHEAD: f64 = 0.1;

impl Workload {
    /// Peak resident memory of the whole program with `method`, MiB.
    pub fn memory_mb(&self, config: &Config, method: &Method) -> u64 {
        let share = method.learning(config) as f64 / config.layers as f64;
        let learned = self.parameters as f64 * share;
        let adapter = ADAPTER_COPIES as f64 * self.parameters as f64 + method.workers as f64 * learned;
        let cache = self.full_cache(config, method).min(method.cache) as f64;
        let buffers = method.values(config, self.longest) as f64 * (1.0 + ALLOCATOR_OVERHEAD);
        self.base_mb + OVERHEAD_MB + ((adapter + cache + buffers) * VALUE_BYTES / MIB).ceil() as u64
    }

    /// Values of the frozen blocks' outputs for all texts.
    fn full_cache(&self, config: &Config, method: &Method) -> usize {
        if method.scope.first_layer == 0 { 0 } else { (self.tokens + self.held_out_tokens) * config.hidden }
    }

    /// The same method with the remaining memory as cache.
    fn with_cache(&self, config: &Config, mut method: Method, memory_mb: u64) -> Method {
        method.cache = 0;
        let remaining = memory_mb.saturating_sub(self.memory_mb(config, &method)) as f64 * MIB / VALUE_BYTES;
        method.cache = self.full_cache(config, &method).min(remaining as usize);
        method
    }

    /// What `method` will take at `speed`.
    pub fn predict(&self, config: &Config, method: &Method, speed: &Speed) -> Prediction {
        let (layers, learning) = (config.layers as f64, method.learning(config) as f64);
        let frozen = layers - learning;
        let recomputed = if method.scope.keep == Keep::Inputs { learning * speed.forward } else { 0.0 };
        let token = learning * (speed.forward + speed.backward) + recomputed;
        let (tokens, labels) = (self.tokens.max(1) as f64, self.labels as f64);
        let step_tokens = (self.tokens_per_step as f64).min(tokens);
        let step_labels = step_tokens * labels / tokens;
        let workers = method.workers as f64;
        let later = (step_tokens * token + step_labels * speed.head) / workers;
        let first = later + step_tokens * frozen * speed.forward / workers;
        // What does not fit into the cache is computed every time.
        let full = self.full_cache(config, method);
        let cached = if full == 0 { 1.0 } else { method.cache as f64 / full as f64 };
        let later = cached * later + (1.0 - cached) * first;

        let (steps, first_steps) = (self.steps as f64, (tokens / step_tokens.max(1.0)).ceil().min(self.steps as f64));
        let held_out = |blocks: f64| {
            let head = self.held_out_labels as f64 * speed.head * HEAD_WITHOUT_GRADIENT;
            (self.held_out_tokens as f64 * blocks * speed.forward + head) / workers
        };
        let validations = (self.steps / self.validate_every.max(1)) as f64;
        let seconds = first_steps * first
            + (steps - first_steps) * later
            + held_out(layers)
            + validations * held_out(learning + (1.0 - cached) * frozen);
        Prediction { memory_mb: self.memory_mb(config, method), seconds, first_step: first, later_step: later }
    }

    /// The best method within the limits. Memory is a hard limit. If no method ends in time, the fastest one is chosen.
    ///
    /// # Errors
    /// [`TrainingError::TooLittleMemory`], with what the method with the smallest requirement needs.
    pub fn choose(&self, config: &Config, limits: &Limits, speed: &Speed) -> Result<Choice, TrainingError> {
        let candidates = Method::candidates(config, limits.threads, limits.preset);
        let needs = |method: &Method| self.memory_mb(config, method);
        let fitting: Vec<Method> = candidates
            .iter()
            .filter(|method| needs(method) <= limits.memory_mb)
            .map(|method| self.with_cache(config, method.clone(), limits.memory_mb))
            .collect();
        let Some(first) = fitting.first() else {
            let smallest = candidates.iter().min_by_key(|method| needs(method)).expect("every preset has a method");
            return Err(TrainingError::TooLittleMemory {
                allowed_mb: limits.memory_mb,
                needs_mb: (needs(smallest) + VARIATION_MB).next_multiple_of(VARIATION_MB),
                base_mb: self.base_mb,
                method: smallest.describe(config),
            });
        };
        let seconds = |method: &Method| self.predict(config, method, speed).seconds;
        let in_time = |method: &&Method| limits.minutes.is_none_or(|minutes| seconds(method) <= minutes * 60.0);
        let method = fitting.iter().find(in_time).cloned().unwrap_or_else(|| {
            fitting.iter().min_by(|a, b| seconds(a).total_cmp(&seconds(b))).expect("one fits").clone()
        });
        let why = self.why(config, limits, speed, &candidates[0], first, &method);
        Ok(Choice { prediction: self.predict(config, &method, speed), method, why })
    }

    fn why(
        &self,
        config: &Config,
        limits: &Limits,
        speed: &Speed,
        best: &Method,
        fitting: &Method,
        chosen: &Method,
    ) -> String {
        if let Some(preset) = limits.preset {
            return format!("{preset}, as requested");
        }
        let memory = limits.memory_mb;
        let limit = if limits.memory_given { "allowed" } else { "available" };
        if chosen.preset == best.preset && chosen.workers == best.workers {
            return format!("the fastest preset that trains all blocks; {memory} MiB of memory is {limit}");
        }
        if fitting.preset == chosen.preset && fitting.workers == chosen.workers {
            let needs = self.memory_mb(config, best);
            return format!("{} needs {needs} MiB of memory, but only {memory} MiB are {limit}", best.preset);
        }
        let minutes = self.predict(config, fitting, speed).seconds / 60.0;
        let allowed = limits.minutes.unwrap_or_default();
        format!("{} would take about {minutes:.0} min, but the limit is {allowed} min", fitting.preset)
    }
}

/// The forward product alone is one of the head's two.
const HEAD_WITHOUT_GRADIENT: f64 = 0.5;
