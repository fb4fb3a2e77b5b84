//! The oracle: an autograd forward pass of one sequence over candle's slow, differentiable operations, written from the
//! architectures' definitions and sharing nothing with the engine but the names of its parts.

use candle_core::{D, Device, Tensor, Var};
use candle_nn::ops::{log_softmax, rms_norm_slow, softmax};
use candle_nn::rotary_emb::rope_slow;
use xpert::engine::adapter::{Adapter, LoraPair};
use xpert::engine::config::{Activation, Config};
use xpert::engine::matrix::Matrix;
use xpert::engine::network::Sequence;
use xpert::engine::projection::Projection;
use xpert::engine::weights::Weights;

const DEVICE: Device = Device::Cpu;

pub struct Oracle<'a> {
    config: &'a Config,
    weights: &'a Weights,
    pub pairs: Vec<[Option<(Var, Var)>; 7]>,
    scale: f64,
}

pub fn dense(matrix: &Matrix) -> &Tensor {
    match matrix {
        Matrix::Dense(w) => w,
        Matrix::Quantized { .. } => panic!("the oracle reads dense weights"),
    }
}

impl<'a> Oracle<'a> {
    pub fn new(config: &'a Config, weights: &'a Weights, adapter: &Adapter) -> Self {
        let var = |t: &Tensor| Var::from_tensor(t).unwrap();
        let pair = |pair: &Option<LoraPair>| pair.as_ref().map(|p| (var(&p.a), var(&p.b)));
        let pairs = adapter.layers.iter().map(|layer| layer.each_ref().map(pair)).collect();
        Self { config, weights, pairs, scale: adapter.alpha / adapter.rank as f64 }
    }

    fn linear(&self, layer: usize, p: Projection, x: &Tensor) -> Tensor {
        let weights = &self.weights.layers[layer];
        let mut y = x.matmul(&dense(weights.matrix(p)).t().unwrap()).unwrap();
        let place = [Projection::Query, Projection::Key, Projection::Value].iter().position(|with| *with == p);
        if let (Some(bias), Some(place)) = (&weights.extras.bias, place) {
            y = y.broadcast_add(&bias[place]).unwrap();
        }
        match &self.pairs[layer][p as usize] {
            None => y,
            Some((a, b)) => {
                let update = b.as_tensor().matmul(a.as_tensor()).unwrap();
                (y + (x.matmul(&update.t().unwrap()).unwrap() * self.scale).unwrap()).unwrap()
            }
        }
    }

    fn norm(&self, x: &Tensor, gain: &Tensor) -> Tensor {
        rms_norm_slow(x, gain, self.config.norm_epsilon as f32).unwrap()
    }

    fn heads(&self, x: &Tensor, count: usize) -> Tensor {
        let length = x.dim(0).unwrap();
        x.reshape((1, length, count, self.config.head_dim)).unwrap().transpose(1, 2).unwrap().contiguous().unwrap()
    }

    fn is_local(&self, layer: usize) -> bool {
        self.config.family.sliding.as_ref().is_some_and(|sliding| sliding.local[layer])
    }

    fn rotary(&self, layer: usize, length: usize) -> (Tensor, Tensor) {
        let half = self.config.head_dim / 2;
        let local = self.is_local(layer);
        let theta = match &self.config.family.sliding {
            Some(sliding) if local => sliding.rope_theta,
            _ => self.config.rope_theta,
        };
        let divisors = if local { &[][..] } else { &self.config.family.frequency_divisors };
        let angle = |t: usize, i: usize| {
            let slowed = t as f64 / divisors.get(i).copied().unwrap_or(1.0);
            (slowed / theta.powf(2.0 * i as f64 / self.config.head_dim as f64)) as f32
        };
        let angles: Vec<f32> = (0..length).flat_map(|t| (0..half).map(move |i| angle(t, i))).collect();
        let angles = Tensor::from_vec(angles, (length, half), &DEVICE).unwrap();
        (angles.cos().unwrap(), angles.sin().unwrap())
    }

    fn mask(&self, layer: usize, length: usize) -> Tensor {
        let window = match &self.config.family.sliding {
            Some(sliding) if self.is_local(layer) => sliding.window,
            _ => length,
        };
        let seen = |i: usize, j: usize| j <= i && i - j < window;
        let mask: Vec<f32> = (0..length)
            .flat_map(|i| (0..length).map(move |j| if seen(i, j) { 0.0 } else { f32::NEG_INFINITY }))
            .collect();
        Tensor::from_vec(mask, (length, length), &DEVICE).unwrap()
    }

    fn attention(&self, layer: usize, x: &Tensor) -> Tensor {
        let length = x.dim(0).unwrap();
        let (cos, sin) = self.rotary(layer, length);
        let mut q = self.heads(&self.linear(layer, Projection::Query, x), self.config.heads);
        let mut k = self.heads(&self.linear(layer, Projection::Key, x), self.config.kv_heads);
        let v = self.heads(&self.linear(layer, Projection::Value, x), self.config.kv_heads);
        if let Some([query_gain, key_gain]) = &self.weights.layers[layer].extras.head_norms {
            (q, k) = (self.norm(&q, query_gain), self.norm(&k, key_gain));
        }
        let (q, k) = (rope_slow(&q, &cos, &sin).unwrap(), rope_slow(&k, &cos, &sin).unwrap());
        let repeat =
            |t: Tensor| candle_transformers::utils::repeat_kv(t, self.config.heads / self.config.kv_heads).unwrap();
        let (k, v) = (repeat(k), repeat(v));
        let width = self.config.family.score_width.unwrap_or(self.config.head_dim as f64);
        let scores = (q.matmul(&k.t().unwrap()).unwrap() / width.sqrt()).unwrap();
        let p = softmax(&scores.broadcast_add(&self.mask(layer, length)).unwrap(), D::Minus1).unwrap();
        let out = p.matmul(&v).unwrap().transpose(1, 2).unwrap().reshape((length, ())).unwrap();
        self.linear(layer, Projection::Output, &out)
    }

    fn activated(&self, x: &Tensor) -> Tensor {
        match self.config.family.activation {
            Activation::Silu => candle_nn::ops::silu(x).unwrap(),
            // candle's own, which is the approximation by a hyperbolic tangent.
            Activation::Gelu => x.gelu().unwrap(),
        }
    }

    fn branch(&self, layer: usize, which: usize, x: &Tensor) -> Tensor {
        match &self.weights.layers[layer].extras.branch_norms {
            Some(gains) => self.norm(x, &gains[which]),
            None => x.clone(),
        }
    }

    /// Logits at every position, shape (tokens, vocabulary).
    pub fn logits(&self, ids: &Tensor) -> Tensor {
        let mut x = dense(&self.weights.embedding).index_select(ids, 0).unwrap();
        if self.config.family.scaled_embedding {
            x = (x * (self.config.hidden as f64).sqrt()).unwrap();
        }
        for (layer, weights) in self.weights.layers.iter().enumerate() {
            let h = self.norm(&x, &weights.attention_norm);
            x = (x + self.branch(layer, 0, &self.attention(layer, &h))).unwrap();
            let h = self.norm(&x, &weights.feed_forward_norm);
            let gate = self.activated(&self.linear(layer, Projection::Gate, &h));
            let up = self.linear(layer, Projection::Up, &h);
            let down = self.linear(layer, Projection::Down, &(gate * up).unwrap());
            x = (x + self.branch(layer, 1, &down)).unwrap();
        }
        self.norm(&x, &self.weights.norm).matmul(&dense(&self.weights.head).t().unwrap()).unwrap()
    }

    /// Total cross-entropy in nats over the scored tokens.
    pub fn loss(&self, sequence: &Sequence) -> Tensor {
        let ids = Tensor::new(sequence.ids.as_slice(), &DEVICE).unwrap();
        let first = sequence.reply_start.max(1);
        let count = sequence.ids.len() - first;
        let log_p = log_softmax(&self.logits(&ids).narrow(0, first - 1, count).unwrap(), D::Minus1).unwrap();
        let labels = ids.narrow(0, first, count).unwrap().unsqueeze(1).unwrap();
        log_p.gather(&labels, 1).unwrap().sum_all().unwrap().neg().unwrap()
    }
}
