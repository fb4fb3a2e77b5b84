//! The explicit backward pass against an independent oracle: candle's autograd over its slow, differentiable
//! operations on a small random model. Every LoRA matrix must receive the oracle's gradient, and none may be zero.

use candle_core::backprop::GradStore;
use candle_core::{D, DType, Device, Tensor, Var};
use candle_nn::ops::{log_softmax, rms_norm_slow, silu, softmax};
use candle_nn::rotary_emb::rope_slow;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use xpert::engine::adapter::{Adapter, AdapterShape, LayerPairs, LoraPair, tensors, tensors_mut};
use xpert::engine::config::{Config, Family};
use xpert::engine::fused::{Arena, Keep, Pass, Scope};
use xpert::engine::matrix::Matrix;
use xpert::engine::network::{Network, Sequence};
use xpert::engine::projection::Projection;
use xpert::engine::rows::Rotary;
use xpert::engine::weights::{LayerWeights, Weights};

const DEVICE: Device = Device::Cpu;

fn config() -> Config {
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
        family: Family::default(),
    }
}

fn random(random: &mut StdRng, shape: &[usize], scale: f32) -> Tensor {
    let values: Vec<f32> = (0..shape.iter().product()).map(|_| random.random_range(-scale..scale)).collect();
    Tensor::from_vec(values, shape, &DEVICE).unwrap()
}

fn random_weights(config: &Config, seed: u64, tied: bool) -> Weights {
    let rng = &mut StdRng::seed_from_u64(seed);
    let gain = |rng: &mut StdRng| (random(rng, &[config.hidden], 0.3) + 1.0).unwrap();
    let layers = (0..config.layers)
        .map(|_| {
            let projections = Projection::ALL.map(|p| {
                let (out, inside) = p.dims(config);
                Matrix::Dense(random(rng, &[out, inside], 0.4))
            });
            LayerWeights::new(gain(rng), gain(rng), projections)
        })
        .collect();
    let table = [config.vocabulary, config.hidden];
    let embedding = Matrix::Dense(random(rng, &table, 1.0));
    let head = if tied { embedding.clone() } else { Matrix::Dense(random(rng, &table, 1.0)) };
    Weights { embedding, layers, norm: gain(rng), head }
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

fn dense(matrix: &Matrix) -> &Tensor {
    match matrix {
        Matrix::Dense(w) => w,
        Matrix::Quantized { .. } => panic!("the oracle reads dense weights"),
    }
}

/// The oracle: an autograd forward pass of one sequence, written from the architecture and sharing nothing with the engine.
struct Oracle<'a> {
    config: &'a Config,
    weights: &'a Weights,
    pairs: Vec<[Option<(Var, Var)>; 7]>,
    scale: f64,
}

impl<'a> Oracle<'a> {
    fn new(config: &'a Config, weights: &'a Weights, adapter: &Adapter) -> Self {
        let var = |t: &Tensor| Var::from_tensor(t).unwrap();
        let pair = |pair: &Option<LoraPair>| pair.as_ref().map(|p| (var(&p.a), var(&p.b)));
        let pairs = adapter.layers.iter().map(|layer| layer.each_ref().map(pair)).collect();
        Self { config, weights, pairs, scale: adapter.alpha / adapter.rank as f64 }
    }

    fn linear(&self, layer: usize, p: Projection, x: &Tensor) -> Tensor {
        let y = x.matmul(&dense(self.weights.layers[layer].matrix(p)).t().unwrap()).unwrap();
        match &self.pairs[layer][p as usize] {
            None => y,
            Some((a, b)) => {
                let update = b.as_tensor().matmul(a.as_tensor()).unwrap();
                (y + (x.matmul(&update.t().unwrap()).unwrap() * self.scale).unwrap()).unwrap()
            }
        }
    }

    fn heads(&self, x: &Tensor, count: usize) -> Tensor {
        let length = x.dim(0).unwrap();
        x.reshape((1, length, count, self.config.head_dim)).unwrap().transpose(1, 2).unwrap().contiguous().unwrap()
    }

    fn rotary(&self, length: usize) -> (Tensor, Tensor) {
        let half = self.config.head_dim / 2;
        let angles: Vec<f32> = (0..length)
            .flat_map(|t| (0..half).map(move |i| (t, i)))
            .map(|(t, i)| (t as f64 / self.config.rope_theta.powf(2.0 * i as f64 / self.config.head_dim as f64)) as f32)
            .collect();
        let angles = Tensor::from_vec(angles, (length, half), &DEVICE).unwrap();
        (angles.cos().unwrap(), angles.sin().unwrap())
    }

    fn attention(&self, layer: usize, x: &Tensor) -> Tensor {
        let length = x.dim(0).unwrap();
        let (cos, sin) = self.rotary(length);
        let q = self.heads(&self.linear(layer, Projection::Query, x), self.config.heads);
        let k = self.heads(&self.linear(layer, Projection::Key, x), self.config.kv_heads);
        let v = self.heads(&self.linear(layer, Projection::Value, x), self.config.kv_heads);
        let (q, k) = (rope_slow(&q, &cos, &sin).unwrap(), rope_slow(&k, &cos, &sin).unwrap());
        let repeat =
            |t: Tensor| candle_transformers::utils::repeat_kv(t, self.config.heads / self.config.kv_heads).unwrap();
        let (k, v) = (repeat(k), repeat(v));
        let scores = (q.matmul(&k.t().unwrap()).unwrap() / (self.config.head_dim as f64).sqrt()).unwrap();
        let mask: Vec<f32> =
            (0..length).flat_map(|i| (0..length).map(move |j| if j <= i { 0.0 } else { f32::NEG_INFINITY })).collect();
        let mask = Tensor::from_vec(mask, (length, length), &DEVICE).unwrap();
        let p = softmax(&scores.broadcast_add(&mask).unwrap(), D::Minus1).unwrap();
        let out = p.matmul(&v).unwrap().transpose(1, 2).unwrap().reshape((length, ())).unwrap();
        self.linear(layer, Projection::Output, &out)
    }

    fn loss(&self, sequence: &Sequence) -> Tensor {
        let epsilon = self.config.norm_epsilon as f32;
        let ids = Tensor::new(sequence.ids.as_slice(), &DEVICE).unwrap();
        let mut x = dense(&self.weights.embedding).index_select(&ids, 0).unwrap();
        for (layer, weights) in self.weights.layers.iter().enumerate() {
            let h = rms_norm_slow(&x, &weights.attention_norm, epsilon).unwrap();
            x = (x + self.attention(layer, &h)).unwrap();
            let h = rms_norm_slow(&x, &weights.feed_forward_norm, epsilon).unwrap();
            let gate = silu(&self.linear(layer, Projection::Gate, &h)).unwrap();
            let up = self.linear(layer, Projection::Up, &h);
            x = (x + self.linear(layer, Projection::Down, &(gate * up).unwrap())).unwrap();
        }
        let h = rms_norm_slow(&x, &self.weights.norm, epsilon).unwrap();
        let logits = h.matmul(&dense(&self.weights.head).t().unwrap()).unwrap();
        let first = sequence.reply_start.max(1);
        let count = sequence.ids.len() - first;
        let log_p = log_softmax(&logits.narrow(0, first - 1, count).unwrap(), D::Minus1).unwrap();
        let labels = ids.narrow(0, first, count).unwrap().unsqueeze(1).unwrap();
        log_p.gather(&labels, 1).unwrap().sum_all().unwrap().neg().unwrap()
    }
}

fn scalar(t: &Tensor) -> f64 {
    f64::from(t.to_dtype(DType::F32).unwrap().to_scalar::<f32>().unwrap())
}

fn norm(t: &Tensor) -> f64 {
    scalar(&t.sqr().unwrap().sum_all().unwrap()).sqrt()
}

fn check(tied: bool, projections: Vec<Projection>) {
    let config = config();
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
    assert!((network.loss(&batch).unwrap() - loss).abs() < 1e-6 * loss);

    let store = (expected * factor).unwrap().backward().unwrap();
    compare(&gradients, &oracle, &store, &projections, 0);

    // The fused pass on the processor, keeping everything or computing it again.
    let pass = Pass::new(&config, &weights, &rotary, Some(&adapter)).unwrap();
    let arena = &mut Arena::default();
    for keep in [Keep::All, Keep::Inputs] {
        // Chunks of seven rows do not divide the labels, so that the last chunk is a short one.
        let scope = Scope { keep, head_rows: 7, first_layer: 0 };
        let (fused, gradients) = pass.loss_and_gradients(arena, &batch, factor, scope, None).unwrap();
        assert!((fused - loss).abs() < 1e-5 * loss, "{fused} against {loss}");
        assert!((pass.loss(arena, &batch, scope, None).unwrap() - loss).abs() < 1e-5 * loss);
        compare(&gradients, &oracle, &store, &projections, 0);
    }

    // The last blocks alone, from the cached input of the first of them.
    let scope = Scope { first_layer: 1, ..Scope::default() };
    let prefix: Vec<Vec<f32>> =
        batch.iter().map(|sequence| pass.before(arena, std::slice::from_ref(sequence), 1).unwrap()).collect();
    let prefix: Vec<&[f32]> = prefix.iter().map(Vec::as_slice).collect();
    for prefix in [None, Some(prefix.as_slice())] {
        let (fused, gradients) = pass.loss_and_gradients(arena, &batch, factor, scope, prefix).unwrap();
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
fn every_lora_matrix_receives_the_oracles_gradient() {
    check(true, Projection::ALL.to_vec());
}

#[test]
fn an_untied_head_and_few_projections_are_right_too() {
    check(false, vec![Projection::Query, Projection::Value, Projection::Down]);
}

#[test]
fn the_loss_falls_by_what_the_gradient_promises() {
    let config = config();
    let weights = random_weights(&config, 6, true);
    let mut adapter = random_adapter(&config, Projection::ALL.to_vec(), 7);
    let batch = batch(&config);
    let rotary = Rotary::new(&config, &DEVICE);
    let loss_of = |adapter: &Adapter| {
        Network { config: &config, weights: &weights, rotary: &rotary, adapter: Some(adapter) }.loss(&batch).unwrap()
    };
    let network = Network { config: &config, weights: &weights, rotary: &rotary, adapter: Some(&adapter) };
    let (before, gradients) = network.loss_and_gradients(&batch, 1.0).unwrap();
    let squares: f64 = tensors(&gradients).map(|(_, g)| norm(g).powi(2)).sum();
    let step = 2e-3 / squares.sqrt();
    let gradients: Vec<Tensor> = tensors(&gradients).map(|(_, g)| g.clone()).collect();
    for (tensor, gradient) in tensors_mut(&mut adapter.layers).zip(&gradients) {
        *tensor = (&*tensor - (gradient * step).unwrap()).unwrap();
    }
    let fell = before - loss_of(&adapter);
    let promised = step * squares;
    assert!((fell - promised).abs() < 0.05 * promised, "fell {fell}, promised {promised}");
}

#[test]
fn tokens_read_one_by_one_give_the_logits_of_all_at_once() {
    let config = config();
    let weights = random_weights(&config, 8, true);
    let adapter = random_adapter(&config, Projection::ALL.to_vec(), 3);
    let rotary = Rotary::new(&config, &DEVICE);
    let network = Network { config: &config, weights: &weights, rotary: &rotary, adapter: Some(&adapter) };
    let ids: Vec<u32> = (0..20).map(|i| (i * 7) % 50).collect();
    let whole = network.logits(&ids).unwrap();
    let mut caches = network.caches(ids.len());
    let mut last = network.next_logits(&ids[..9], &mut caches).unwrap();
    for (at, id) in ids.iter().enumerate().skip(9) {
        let expected = whole.get(at - 1).unwrap();
        assert!(norm(&(&last - &expected).unwrap()) < 1e-4 * norm(&expected), "position {at}");
        last = network.next_logits(&[*id], &mut caches).unwrap();
    }
}
