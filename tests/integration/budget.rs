//! The method chosen for limits of memory and time, and what it is predicted to take.

use xpert::engine::config::{Config, Family};
use xpert::engine::fused::{Keep, Scope, cost};
use xpert::training::budget::Workload;
use xpert::training::calibrate::Speed;
use xpert::training::{Choice, Limits, Preset, TrainingError};

/// SmolLM2-135M.
fn smollm2() -> Config {
    Config {
        hidden: 576,
        layers: 30,
        heads: 9,
        kv_heads: 3,
        head_dim: 64,
        feed_forward: 1536,
        vocabulary: 49_152,
        context: 8192,
        rope_theta: 100_000.0,
        norm_epsilon: 1e-5,
        family: Family::default(),
    }
}

fn workload() -> Workload {
    Workload {
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

/// About the speed of two slow cores.
const SPEED: Speed = Speed { forward: 1e-4, backward: 1.2e-4, head: 1.6e-3 };

fn limits(memory_mb: u64, minutes: Option<f64>) -> Limits {
    Limits { memory_mb, memory_given: true, minutes, threads: 2, preset: None }
}

fn choose(memory_mb: u64, minutes: Option<f64>) -> Result<Choice, TrainingError> {
    workload().choose(&smollm2(), &limits(memory_mb, minutes), &SPEED)
}

#[test]
fn less_memory_gives_a_method_that_takes_less() {
    let mut last = u64::MAX;
    for (memory, preset) in [(4000, Preset::Full), (520, Preset::Checkpointed), (300, Preset::Checkpointed)] {
        let choice = choose(memory, None).unwrap();
        assert_eq!(choice.method.preset, preset, "{memory} MiB: {choice:?}");
        assert!(choice.prediction.memory_mb <= memory && choice.prediction.memory_mb < last);
        last = choice.prediction.memory_mb;
    }
    let why = choose(520, None).unwrap().why;
    assert!(why.contains("full needs") && why.contains("520 MiB are allowed"), "{why}");
}

#[test]
fn too_little_memory_is_an_error_with_the_memory_needed() {
    let error = choose(170, None).unwrap_err();
    let TrainingError::TooLittleMemory { base_mb: 150, needs_mb, .. } = error else { panic!("{error}") };
    assert!(needs_mb > 170);
    let choice = choose(needs_mb, None).expect("it fits into the memory that the error names");
    assert!(choice.prediction.memory_mb <= needs_mb);
}

#[test]
fn little_time_trains_only_the_last_blocks() {
    assert_eq!(choose(4000, Some(60.0)).unwrap().method.preset, Preset::Full);
    let hurried = choose(4000, Some(3.0)).unwrap();
    assert_eq!(hurried.method.preset, Preset::LastLayers);
    assert!(hurried.why.contains("would take about"), "{}", hurried.why);
    assert!(hurried.prediction.later_step < hurried.prediction.first_step);
    // Not even the fastest method ends in time; it is chosen anyway, since the time limit ends a run without
    // losing anything.
    assert_eq!(choose(4000, Some(0.1)).unwrap().method.preset, Preset::LastLayers);
}

#[test]
fn a_demanded_preset_is_chosen_or_an_error() {
    let only = |preset, memory_mb| Limits { preset: Some(preset), ..limits(memory_mb, None) };
    let choice = workload().choose(&smollm2(), &only(Preset::LastLayers, 4000), &SPEED).unwrap();
    assert_eq!((choice.method.preset, choice.why.as_str()), (Preset::LastLayers, "last-layers, as requested"));
    let error = workload().choose(&smollm2(), &only(Preset::Full, 300), &SPEED).unwrap_err();
    assert!(matches!(error, TrainingError::TooLittleMemory { method, .. } if method.starts_with("full")));
}

#[test]
fn a_cache_that_does_not_fit_is_reduced() {
    let large = Workload { tokens: 2_000_000, ..workload() };
    let choice =
        large.choose(&smollm2(), &Limits { preset: Some(Preset::LastLayers), ..limits(1000, None) }, &SPEED).unwrap();
    assert!(choice.prediction.memory_mb <= 1000);
    assert!(choice.method.cache > 0 && choice.method.cache < 2_000_000 * 576);
    assert!(choice.prediction.later_step < choice.prediction.first_step);
}

#[test]
fn a_full_step_has_the_operations_counted_by_hand() {
    let operations = cost::step_flops(&smollm2(), Scope::default(), 1, 256, 1);
    // Counted independently: 0.606 GFLOP per token with the adapter's products and unmasked attention.
    assert!((0.55e9..0.6e9).contains(&operations), "{operations}");
    let scope = Scope { first_layer: 20, ..Scope::default() };
    let last_layers = cost::step_flops(&smollm2(), scope, 1, 256, 1);
    assert!((0.24e9..0.29e9).contains(&last_layers), "{last_layers}");
}

#[test]
fn recomputing_needs_a_fraction_of_the_memory() {
    let all = cost::values(&smollm2(), Scope::default(), 256, 256);
    let inputs = cost::values(&smollm2(), Scope { keep: Keep::Inputs, ..Scope::default() }, 256, 256);
    let shared = cost::values(&smollm2(), Scope { first_layer: 30, ..Scope::default() }, 256, 256);
    assert!((inputs - shared) * 5 < all - shared, "{inputs} of {all}, {shared} in any case");
}
