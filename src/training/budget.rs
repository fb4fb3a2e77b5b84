//! Which way to train fits what the machine has and the user allows, and what it will take. Nothing is measured here: speed
//! comes from [`Speed`], memory from the shapes.

use serde::{Deserialize, Serialize};

use super::calibrate::Speed;
use super::preset::{Method, Preset};
use crate::engine::config::Config;
use crate::engine::fused::Keep;

const MEGABYTE: f64 = 1024.0 * 1024.0;
const VALUE: f64 = 4.0;

/// What may be used.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Allowed {
    /// Resident memory of the whole program, MiB.
    pub memory_mb: u64,
    /// Whether the user named that number; otherwise it is what the machine has to spare.
    pub memory_named: bool,
    pub minutes: Option<f64>,
    pub threads: usize,
    /// The way the user insists on.
    pub preset: Option<Preset>,
}

/// What is to be done, in numbers.
#[derive(Clone, Debug, PartialEq)]
pub struct Job {
    /// Resident memory of the program with the model loaded, MiB.
    pub base_mb: u64,
    /// Values of the whole adapter.
    pub parameters: usize,
    /// Of one pass over the trained-on texts.
    pub tokens: usize,
    pub labels: usize,
    pub held_out_tokens: usize,
    pub held_out_labels: usize,
    /// The longest sequence of either side.
    pub longest: usize,
    pub tokens_per_step: usize,
    pub steps: usize,
    pub validate_every: usize,
}

/// What a run was expected to take, kept to be compared with what it took.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Prediction {
    /// Peak resident memory, MiB.
    pub memory_mb: u64,
    /// Seconds for all steps and validations, if none is left out.
    pub seconds: f64,
    /// Seconds for one step: in the first pass over the texts, and in later ones.
    pub first_step: f64,
    pub later_step: f64,
}

/// A way to train, and why this one.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    pub method: Method,
    pub prediction: Prediction,
    pub why: String,
}

/// No way to train fits: what the nearest would need.
#[derive(Clone, Debug, PartialEq)]
pub struct Refusal {
    pub allowed_mb: u64,
    pub nearest: String,
    pub needs_mb: u64,
    /// Of which are there before anything is trained.
    pub base_mb: u64,
}

/// Copies of the adapter beside the workers' gradients: the one that learns, the best so far, two moments, and one on its
/// way to the optimizer.
const COPIES: usize = 5;

/// What a run holds beside all that has a shape, MiB: program code that is read in when it first runs, and stacks.
const OVERHEAD_MB: u64 = 24;
/// What the allocator adds to large buffers, as a share of them: it rounds up, and keeps back. Measured as 0.08
/// (docs/benchmarks.md).
const ALLOCATOR: f64 = 0.1;

impl Job {
    /// Peak resident memory of the whole program with `method`, MiB.
    #[must_use]
    pub fn memory_mb(&self, config: &Config, method: &Method) -> u64 {
        let share = method.learning(config) as f64 / config.layers as f64;
        let learned = self.parameters as f64 * share;
        let adapter = COPIES as f64 * self.parameters as f64 + method.workers as f64 * learned;
        let cache = self.cache_wanted(config, method).min(method.cache) as f64;
        let buffers = method.values(config, self.longest) as f64 * (1.0 + ALLOCATOR);
        self.base_mb + OVERHEAD_MB + ((adapter + cache + buffers) * VALUE / MEGABYTE).ceil() as u64
    }

    /// Values of the frozen blocks' outputs for all texts.
    fn cache_wanted(&self, config: &Config, method: &Method) -> usize {
        if method.scope.first_layer == 0 { 0 } else { (self.tokens + self.held_out_tokens) * config.hidden }
    }

    /// The same way with as much cache as memory is left for.
    fn with_cache(&self, config: &Config, mut method: Method, memory_mb: u64) -> Method {
        method.cache = 0;
        let left = memory_mb.saturating_sub(self.memory_mb(config, &method)) as f64 * MEGABYTE / VALUE;
        method.cache = self.cache_wanted(config, &method).min(left as usize);
        method
    }

    /// What `method` would take at `speed`.
    #[must_use]
    pub fn predict(&self, config: &Config, method: &Method, speed: &Speed) -> Prediction {
        let (layers, learning) = (config.layers as f64, method.learning(config) as f64);
        let frozen = layers - learning;
        let again = if method.scope.keep == Keep::Inputs { learning * speed.forward } else { 0.0 };
        let token = learning * (speed.forward + speed.backward) + again;
        let (tokens, labels) = (self.tokens.max(1) as f64, self.labels as f64);
        let step_tokens = (self.tokens_per_step as f64).min(tokens);
        let step_labels = step_tokens * labels / tokens;
        let workers = method.workers as f64;
        let later = (step_tokens * token + step_labels * speed.head) / workers;
        let first = later + step_tokens * frozen * speed.forward / workers;
        // What does not fit the cache is computed every time.
        let wanted = self.cache_wanted(config, method);
        let cached = if wanted == 0 { 1.0 } else { method.cache as f64 / wanted as f64 };
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

    /// The best way that fits. Memory is a wall; minutes are a wish: if no way ends in time, the one that gets furthest.
    ///
    /// # Errors
    /// When no way fits the memory: what the most frugal one would need.
    pub fn choose(&self, config: &Config, allowed: &Allowed, speed: &Speed) -> Result<Choice, Refusal> {
        let candidates = Method::candidates(config, allowed.threads, allowed.preset);
        let needs = |method: &Method| self.memory_mb(config, method);
        let fitting: Vec<Method> = candidates
            .iter()
            .filter(|method| needs(method) <= allowed.memory_mb)
            .map(|method| self.with_cache(config, method.clone(), allowed.memory_mb))
            .collect();
        let Some(first) = fitting.first() else {
            let nearest = candidates.iter().min_by_key(|method| needs(method)).expect("every preset has a way");
            return Err(Refusal {
                allowed_mb: allowed.memory_mb,
                nearest: nearest.describe(config),
                needs_mb: needs(nearest),
                base_mb: self.base_mb,
            });
        };
        let seconds = |method: &Method| self.predict(config, method, speed).seconds;
        let in_time = |method: &&Method| allowed.minutes.is_none_or(|minutes| seconds(method) <= minutes * 60.0);
        let method = fitting.iter().find(in_time).cloned().unwrap_or_else(|| {
            fitting.iter().min_by(|a, b| seconds(a).total_cmp(&seconds(b))).expect("one fits").clone()
        });
        let why = self.why(config, allowed, speed, &candidates[0], first, &method);
        Ok(Choice { prediction: self.predict(config, &method, speed), method, why })
    }

    fn why(
        &self,
        config: &Config,
        allowed: &Allowed,
        speed: &Speed,
        best: &Method,
        fitting: &Method,
        chosen: &Method,
    ) -> String {
        if let Some(preset) = allowed.preset {
            return format!("{preset}, as you asked");
        }
        let limit = if allowed.memory_named { "allowed" } else { "to spare on this machine" };
        if chosen.preset == best.preset && chosen.workers == best.workers {
            return format!("the fastest way with every block learning; {} MiB are {limit}", allowed.memory_mb);
        }
        if fitting.preset == chosen.preset && fitting.workers == chosen.workers {
            let needs = self.memory_mb(config, best);
            return format!(
                "{best} would need {needs} MiB and {} MiB are {limit}",
                allowed.memory_mb,
                best = best.preset
            );
        }
        let minutes = self.predict(config, fitting, speed).seconds / 60.0;
        let allowed = allowed.minutes.unwrap_or_default();
        format!("{} would take about {minutes:.0} minutes and you allow {allowed}", fitting.preset)
    }
}

/// The head forward alone is one of its two products.
const HEAD_WITHOUT_GRADIENT: f64 = 0.5;

#[cfg(test)]
mod tests {
    use super::*;

    fn job() -> Job {
        Job {
            base_mb: 150,
            parameters: 2_442_240,
            tokens: 20_000,
            labels: 12_000,
            held_out_tokens: 3000,
            held_out_labels: 2000,
            longest: 256,
            tokens_per_step: 768,
            steps: 78,
            validate_every: 10,
        }
    }

    /// About what two slow cores do: seconds a row for one block forward and backward, and for the head.
    const SPEED: Speed = Speed { forward: 1e-4, backward: 1.2e-4, head: 1.6e-3 };

    fn allowed(memory_mb: u64, minutes: Option<f64>) -> Allowed {
        Allowed { memory_mb, memory_named: true, minutes, threads: 2, preset: None }
    }

    fn choose(memory_mb: u64, minutes: Option<f64>) -> Result<Choice, Refusal> {
        job().choose(&Config::smollm2(), &allowed(memory_mb, minutes), &SPEED)
    }

    #[test]
    fn less_memory_gives_a_more_frugal_way_that_fits() {
        let mut last = u64::MAX;
        for (memory, preset) in [(4000, Preset::Full), (520, Preset::Checkpointed), (300, Preset::Checkpointed)] {
            let choice = choose(memory, None).unwrap();
            assert_eq!(choice.method.preset, preset, "{memory} MiB: {choice:?}");
            assert!(choice.prediction.memory_mb <= memory && choice.prediction.memory_mb < last);
            last = choice.prediction.memory_mb;
        }
        let why = choose(520, None).unwrap().why;
        assert!(why.contains("full would need") && why.contains("520 MiB are allowed"), "{why}");
    }

    #[test]
    fn too_little_memory_is_refused_with_what_would_do() {
        let refusal = choose(170, None).unwrap_err();
        assert_eq!(refusal.base_mb, 150);
        assert!(refusal.needs_mb > 170);
        let choice = choose(refusal.needs_mb, None).expect("what the refusal names does");
        assert!(choice.prediction.memory_mb <= refusal.needs_mb);
    }

    #[test]
    fn little_time_gives_the_last_blocks_only() {
        assert_eq!(choose(4000, Some(60.0)).unwrap().method.preset, Preset::Full);
        let hurried = choose(4000, Some(3.0)).unwrap();
        assert_eq!(hurried.method.preset, Preset::LastLayers);
        assert!(hurried.why.contains("would take about"), "{}", hurried.why);
        assert!(hurried.prediction.later_step < hurried.prediction.first_step);
        // Not even the smallest ends in time: it still is chosen, since minutes end a run and lose nothing.
        assert_eq!(choose(4000, Some(0.1)).unwrap().method.preset, Preset::LastLayers);
    }

    #[test]
    fn what_the_user_insists_on_is_done_or_refused() {
        let only = |preset, memory_mb| Allowed { preset: Some(preset), ..allowed(memory_mb, None) };
        let choice = job().choose(&Config::smollm2(), &only(Preset::LastLayers, 4000), &SPEED).unwrap();
        assert_eq!((choice.method.preset, choice.why.as_str()), (Preset::LastLayers, "last-layers, as you asked"));
        let refusal = job().choose(&Config::smollm2(), &only(Preset::Full, 300), &SPEED).unwrap_err();
        assert!(refusal.nearest.starts_with("full"));
    }

    #[test]
    fn a_cache_that_does_not_fit_is_made_smaller() {
        let whole = Job { tokens: 2_000_000, ..job() };
        let choice = whole
            .choose(&Config::smollm2(), &Allowed { preset: Some(Preset::LastLayers), ..allowed(1000, None) }, &SPEED)
            .unwrap();
        assert!(choice.prediction.memory_mb <= 1000);
        assert!(choice.method.cache > 0 && choice.method.cache < 2_000_000 * 576);
        assert!(choice.prediction.later_step < choice.prediction.first_step);
    }
}
