//! The explicit backward passes against an independent oracle, candle's autograd over its slow, differentiable operations,
//! on a small random model of every architecture; and against finite differences. Every LoRA matrix must receive the oracle's
//! gradient, and none may be zero.

mod oracle;

use candle_core::backprop::GradStore;
use candle_core::{DType, Device, Tensor};
use oracle::Oracle;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use xpert::engine::adapter::{Adapter, AdapterShape, LayerPairs, tensors, tensors_mut};
use xpert::engine::config::{Activation, Architecture, Config, Family, SlidingWindow};
use xpert::engine::fused::{Arena, Keep, Pass, Prefix, Scope, cost};
use xpert::engine::matrix::Matrix;
use xpert::engine::network::{Network, Sequence};
use xpert::engine::projection::Projection;
use xpert::engine::rows::Rotary;
use xpert::engine::weights::{Extras, LayerWeights, Weights};

use crate::measure;

const DEVICE: Device = Device::Cpu;

const ARCHITECTURES: [Architecture; 4] =
    [Architecture::Llama, Architecture::Qwen2, Architecture::Qwen3, Architecture::Gemma3];

/// A small model of an architecture, with all that is special about its family.
fn config(architecture: Architecture) -> Config {
    let gemma = architecture == Architecture::Gemma3;
    let family = Family {
        architecture,
        activation: if gemma { Activation::Gelu } else { Activation::Silu },
        bias: architecture == Architecture::Qwen2,
        head_norm: matches!(architecture, Architecture::Qwen3 | Architecture::Gemma3),
        branch_norm: gemma,
        scaled_embedding: gemma,
        score_width: gemma.then_some(6.0),
        // Shorter than the sequences, so that rows leave it.
        sliding: gemma.then(|| SlidingWindow { window: 4, local: vec![true, true, false], rope_theta: 100.0 }),
        // Llama 3.1's way to read further.
        frequency_divisors: if architecture == Architecture::Llama { vec![1.0, 3.5] } else { Vec::new() },
    };
    Config {
        hidden: 24,
        layers: 3,
        heads: 6,
        kv_heads: 2,
        head_dim: 4,
        feed_forward: 40,
        vocabulary: 50,
        context: 64,
        rope_theta: 10_000.0,
        norm_epsilon: 1e-5,
        family,
    }
}

fn random(random: &mut StdRng, shape: &[usize], scale: f32) -> Tensor {
    let values: Vec<f32> = (0..shape.iter().product()).map(|_| random.random_range(-scale..scale)).collect();
    Tensor::from_vec(values, shape, &DEVICE).unwrap()
}

fn random_weights(config: &Config, seed: u64, tied: bool) -> Weights {
    let rng = &mut StdRng::seed_from_u64(seed);
    let gain = |rng: &mut StdRng, width: usize| (random(rng, &[width], 0.3) + 1.0).unwrap();
    let family = &config.family;
    let layers = (0..config.layers)
        .map(|_| {
            let projections = Projection::ALL.map(|p| {
                let (out, inside) = p.dims(config);
                Matrix::Dense(random(rng, &[out, inside], 0.4))
            });
            let mut bias = |p: Projection| random(rng, &[p.dims(config).0], 0.4);
            let extras = Extras {
                bias: family.bias.then(|| [Projection::Query, Projection::Key, Projection::Value].map(&mut bias)),
                head_norms: family.head_norm.then(|| [config.head_dim; 2].map(|width| gain(rng, width))),
                branch_norms: family.branch_norm.then(|| [config.hidden; 2].map(|width| gain(rng, width))),
            };
            let (attention_norm, feed_forward_norm) = (gain(rng, config.hidden), gain(rng, config.hidden));
            LayerWeights { attention_norm, feed_forward_norm, extras, projections }
        })
        .collect();
    let table = [config.vocabulary, config.hidden];
    let embedding = Matrix::Dense(random(rng, &table, if family.scaled_embedding { 0.2 } else { 1.0 }));
    let head = if tied { embedding.clone() } else { Matrix::Dense(random(rng, &table, 1.0)) };
    Weights { embedding, layers, norm: gain(rng, config.hidden), head }
}

/// An adapter in the middle of its training: neither factor is zero.
fn random_adapter(config: &Config, projections: Vec<Projection>, seed: u64) -> Adapter {
    let shape = AdapterShape { rank: 3, alpha: 5.0, projections };
    let mut adapter = Adapter::new(config, &shape, seed, &DEVICE).unwrap();
    let rng = &mut StdRng::seed_from_u64(seed + 1);
    for tensor in tensors_mut(&mut adapter.layers) {
        *tensor = random(rng, tensor.dims(), 0.3);
    }
    adapter
}

fn batch(config: &Config) -> Vec<Sequence> {
    let rng = &mut StdRng::seed_from_u64(9);
    [(7, 3), (12, 0), (5, 4), (12, 11)]
        .into_iter()
        .map(|(length, reply_start)| Sequence {
            ids: (0..length).map(|_| rng.random_range(0..config.vocabulary as u32)).collect(),
            reply_start,
        })
        .collect()
}

fn scalar(t: &Tensor) -> f64 {
    f64::from(t.to_dtype(DType::F32).unwrap().to_scalar::<f32>().unwrap())
}

fn norm(t: &Tensor) -> f64 {
    scalar(&t.sqr().unwrap().sum_all().unwrap()).sqrt()
}

fn loss_and_gradients(
    pass: &Pass<'_>,
    arena: &mut Arena,
    batch: &[Sequence],
    factor: f64,
    scope: Scope,
    prefix: Option<Prefix<'_>>,
) -> (f64, Vec<LayerPairs>) {
    let mut gradients = pass.zero_gradients(scope.first_layer);
    let loss = pass.accumulate(arena, batch, factor, scope, prefix, &mut gradients).unwrap();
    (loss, gradients.pairs().unwrap())
}

fn check(architecture: Architecture, tied: bool, projections: Vec<Projection>) {
    let config = config(architecture);
    let weights = random_weights(&config, 4, tied);
    let adapter = random_adapter(&config, projections.clone(), 5);
    let batch = batch(&config);
    let rotary = Rotary::new(&config, &DEVICE);
    let network = Network { config: &config, weights: &weights, rotary: &rotary, adapter: Some(&adapter) };
    let factor = 0.37;
    let (loss, gradients) = network.loss_and_gradients(&batch, factor).unwrap();

    let oracle = Oracle::new(&config, &weights, &adapter);
    let losses: Vec<Tensor> = batch.iter().map(|sequence| oracle.loss(sequence)).collect();
    let expected = Tensor::stack(&losses, 0).unwrap().sum_all().unwrap();
    assert!((loss - scalar(&expected)).abs() < 1e-4 * loss, "loss {loss} against {expected}");

    let store = (expected * factor).unwrap().backward().unwrap();
    compare(&gradients, &oracle, &store, &projections, 0);

    // The fused pass on the CPU, with all activations kept or recomputed.
    let pass = Pass::new(&config, &weights, &rotary, Some(&adapter)).unwrap();
    let arena = &mut Arena::default();
    for keep in [Keep::All, Keep::Inputs] {
        // The number of labels is not a multiple of seven, so the last chunk is shorter.
        let scope = Scope { keep, head_rows: 7, first_layer: 0 };
        let (fused, gradients) = loss_and_gradients(&pass, arena, &batch, factor, scope, None);
        assert!((fused - loss).abs() < 1e-5 * loss, "{fused} against {loss}");
        assert!((pass.loss(arena, &batch, scope, None).unwrap() - loss).abs() < 1e-5 * loss);
        compare(&gradients, &oracle, &store, &projections, 0);
    }

    // Only the last blocks, from the cached input of the first of them.
    let scope = Scope { first_layer: 1, ..Scope::default() };
    let prefix: Vec<Vec<f32>> =
        batch.iter().map(|sequence| pass.input_of(arena, std::slice::from_ref(sequence), 1).unwrap()).collect();
    let prefix: Vec<&[f32]> = prefix.iter().map(Vec::as_slice).collect();
    for prefix in [None, Some(prefix.as_slice())] {
        let (fused, gradients) = loss_and_gradients(&pass, arena, &batch, factor, scope, prefix);
        assert!((fused - loss).abs() < 1e-5 * loss, "{fused} against {loss}");
        assert!((pass.loss(arena, &batch, scope, prefix).unwrap() - loss).abs() < 1e-5 * loss);
        assert!(gradients[0].iter().all(Option::is_none), "a frozen block has no gradient");
        compare(&gradients, &oracle, &store, &projections, 1);
    }
    assert_eq!(tensors(&adapter.layers).count(), config.layers * projections.len() * 2);
}

/// Compares the gradients of blocks from `first` on with the oracle's.
fn compare(gradients: &[LayerPairs], oracle: &Oracle<'_>, store: &GradStore, projections: &[Projection], first: usize) {
    let mut compared = 0;
    for (layer, (ours, theirs)) in gradients.iter().zip(&oracle.pairs).enumerate().skip(first) {
        for p in Projection::ALL {
            let (ours, theirs) = (&ours[p as usize], &theirs[p as usize]);
            assert_eq!(ours.is_some(), projections.contains(&p));
            let (Some(ours), Some((a, b))) = (ours, theirs) else { continue };
            for (name, ours, var) in [("A", &ours.a, a), ("B", &ours.b, b)] {
                let theirs = store.get(var).unwrap_or_else(|| panic!("the oracle has no gradient for {p:?} {name}"));
                let size = norm(theirs);
                assert!(size > 1e-6, "layer {layer} {p:?} {name}: the gradient vanishes");
                let error = norm(&(ours - theirs).unwrap()) / size;
                assert!(error < 1e-4, "layer {layer} {p:?} {name}: relative error {error}");
                compared += 1;
            }
        }
    }
    assert_eq!(compared, (gradients.len() - first) * projections.len() * 2);
}

#[test]
fn every_lora_matrix_of_every_architecture_receives_the_oracles_gradient() {
    for architecture in ARCHITECTURES {
        check(architecture, true, Projection::ALL.to_vec());
    }
}

#[test]
fn an_untied_head_and_few_projections_are_right_too() {
    for architecture in ARCHITECTURES {
        check(architecture, false, vec![Projection::Query, Projection::Value, Projection::Down]);
    }
}

/// The loss on both sides of the adapter at hand, along each matrix's gradient, against the slope that the gradient promises.
#[test]
fn finite_differences_find_the_slope_of_every_matrix() {
    for architecture in ARCHITECTURES {
        let config = config(architecture);
        let weights = random_weights(&config, 6, true);
        let adapter = random_adapter(&config, Projection::ALL.to_vec(), 7);
        let batch = batch(&config);
        let rotary = Rotary::new(&config, &DEVICE);
        let arena = &mut Arena::default();
        let scope = Scope::default();
        let pass = Pass::new(&config, &weights, &rotary, Some(&adapter)).unwrap();
        let (_, gradients) = loss_and_gradients(&pass, arena, &batch, 1.0, scope, None);
        for (place, (name, gradient)) in tensors(&gradients).enumerate() {
            let slope = norm(gradient);
            // Far enough for single precision to resolve the difference, close enough for the slope to be constant.
            let reach = (0.02 / slope).min(0.02);
            let mut loss_at = |distance: f64| {
                let mut moved = adapter.clone();
                let tensor = tensors_mut(&mut moved.layers).nth(place).unwrap();
                *tensor = (&*tensor + (gradient * (distance / slope)).unwrap()).unwrap();
                let pass = Pass::new(&config, &weights, &rotary, Some(&moved)).unwrap();
                pass.loss(arena, &batch, scope, None).unwrap()
            };
            let found = (loss_at(reach) - loss_at(-reach)) / (2.0 * reach);
            assert!((found - slope).abs() < 0.02 * slope, "{architecture:?} {name}: {found} found, {slope} promised");
        }
    }
}

#[test]
fn buffers_stay_within_the_computed_bound() {
    for architecture in ARCHITECTURES {
        let config = config(architecture);
        let weights = random_weights(&config, 6, true);
        let adapter = random_adapter(&config, Projection::ALL.to_vec(), 7);
        let rotary = Rotary::new(&config, &DEVICE);
        let pass = Pass::new(&config, &weights, &rotary, Some(&adapter)).unwrap();
        let batch = batch(&config);
        let (rows, longest) = (batch.iter().map(|sequence| sequence.ids.len()).sum(), 12);
        for (keep, first_layer) in [(Keep::All, 0), (Keep::Inputs, 0), (Keep::All, 1)] {
            let scope = Scope { keep, first_layer, head_rows: 7 };
            let arena = &mut Arena::for_rows(rows);
            // Every part of the batch, so that passes have many sizes.
            for (start, end) in
                (0..batch.len()).flat_map(|start| (start + 1..=batch.len()).map(move |end| (start, end)))
            {
                loss_and_gradients(&pass, arena, &batch[start..end], 1.0, scope, None);
                pass.loss(arena, &batch[start..end], scope, None).unwrap();
            }
            let (made, planned) = (arena.values(), cost::values(&config, scope, rows, longest));
            assert!(made <= planned, "{architecture:?} {scope:?}: {made} values, {planned} planned");
        }
    }
}

#[test]
fn tokens_read_one_by_one_give_the_logits_of_all_at_once() {
    for architecture in ARCHITECTURES {
        let config = config(architecture);
        let weights = random_weights(&config, 8, true);
        let adapter = random_adapter(&config, Projection::ALL.to_vec(), 3);
        let rotary = Rotary::new(&config, &DEVICE);
        let network = Network { config: &config, weights: &weights, rotary: &rotary, adapter: Some(&adapter) };
        let ids: Vec<u32> = (0..20).map(|i| (i * 7) % 50).collect();
        let whole = measure::logits(network, &ids);
        let oracle = Oracle::new(&config, &weights, &adapter);
        let expected = oracle.logits(&Tensor::new(ids.as_slice(), &DEVICE).unwrap());
        assert!(norm(&(&whole - &expected).unwrap()) < 1e-5 * norm(&expected), "{architecture:?}");
        let mut caches = network.caches(ids.len());
        let mut last = network.next_logits(&ids[..9], &mut caches).unwrap();
        for (at, id) in ids.iter().enumerate().skip(9) {
            let expected = whole.get(at - 1).unwrap();
            assert!(norm(&(&last - &expected).unwrap()) < 1e-4 * norm(&expected), "{architecture:?} position {at}");
            last = network.next_logits(&[*id], &mut caches).unwrap();
        }
    }
}

#[test]
fn sequences_of_different_lengths_that_go_on_side_by_side_give_the_logits_of_each_alone() {
    for architecture in ARCHITECTURES {
        let config = config(architecture);
        let weights = random_weights(&config, 8, true);
        let adapter = random_adapter(&config, Projection::ALL.to_vec(), 3);
        let rotary = Rotary::new(&config, &DEVICE);
        let network = Network { config: &config, weights: &weights, rotary: &rotary, adapter: Some(&adapter) };
        // Short and long ones, so that some are beyond the window of local blocks and some are not.
        let sequences: Vec<Vec<u32>> =
            [3, 19, 8].map(|length| (0..length + 4).map(|i| (i * 7 + length) % 50).collect()).to_vec();
        let mut caches: Vec<_> = sequences.iter().map(|ids| network.caches(ids.len())).collect();
        for (ids, caches) in sequences.iter().zip(&mut caches) {
            network.next_logits(&ids[..ids.len() - 4], caches).unwrap();
        }
        for before_end in (1..=4).rev() {
            let ids: Vec<u32> = sequences.iter().map(|ids| ids[ids.len() - before_end]).collect();
            let mut each: Vec<_> = caches.iter_mut().collect();
            let logits = network.next_logits_of_each(&ids, &mut each).unwrap();
            for (at, ids) in sequences.iter().enumerate() {
                let expected = measure::logits(network, ids).get(ids.len() - before_end).unwrap();
                let found = logits.get(at).unwrap();
                assert!(norm(&(&found - &expected).unwrap()) < 1e-4 * norm(&expected), "{architecture:?} {at}");
            }
        }
    }
}
