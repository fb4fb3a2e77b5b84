//! Element-wise operations of the passes, each one sweep over memory. The same source is compiled for several
//! instruction sets, and the best available one is chosen at run time ([`on_best`]). Without fused multiply-add and
//! with a fixed order of summation, all give the same bits. Knows no model.

use pulp::Arch;

use crate::engine::block::{GELU_CUBIC, GELU_SCALE};
use crate::engine::config::Activation;

/// Number of parallel partial sums, so that a sum can use wide registers.
const LANES: usize = 16;

/// Runs `job` compiled for the best available instruction set. What it calls must be `#[inline(always)]`.
#[inline(always)]
fn on_best<R>(job: impl FnOnce() -> R) -> R {
    Arch::new().dispatch(job)
}

/// e^x to within two units in the last place, for x of at most 88; below -87 it stays at e^-87.
/// Range reduction by powers of two and a Taylor polynomial on ±ln(2)/2.
#[inline(always)]
fn exponential(x: f32) -> f32 {
    /// Adding and subtracting it rounds to an integer, which also ends up in the low bits.
    const ROUND: f32 = 12_582_912.0;
    const LN_2_HIGH: f32 = 0.693_359_4;
    const LN_2_LOW: f32 = -2.121_944_4e-4;
    let x = x.clamp(-87.0, 88.0);
    let shifted = x * std::f32::consts::LOG2_E + ROUND;
    let whole = shifted - ROUND;
    let r = x - whole * LN_2_HIGH - whole * LN_2_LOW;
    let mut sum = 1.0 / 5040.0;
    for coefficient in [1.0 / 720.0, 1.0 / 120.0, 1.0 / 24.0, 1.0 / 6.0, 0.5, 1.0, 1.0] {
        sum = sum * r + coefficient;
    }
    sum * f32::from_bits((shifted.to_bits() << 23).wrapping_add(1.0f32.to_bits()))
}

#[inline(always)]
fn dot(x: &[f32], y: &[f32]) -> f32 {
    let mut sums = [0.0f32; LANES];
    let (a, b) = (x.chunks_exact(LANES), y.chunks_exact(LANES));
    let rest: f32 = a.remainder().iter().zip(b.remainder()).map(|(a, b)| a * b).sum();
    for (a, b) in a.zip(b) {
        for i in 0..LANES {
            sums[i] += a[i] * b[i];
        }
    }
    sums.iter().sum::<f32>() + rest
}

#[inline(always)]
fn inverse_root_mean_square(x: &[f32], epsilon: f32) -> f32 {
    1.0 / (dot(x, x) / x.len() as f32 + epsilon).sqrt()
}

/// `to = x r gain` for each row, with `r = (mean(x^2) + epsilon)^(-1/2)` (Zhang and Sennrich, 2019).
pub fn rms_norm(to: &mut [f32], x: &[f32], gain: &[f32], epsilon: f32) {
    on_best(
        #[inline(always)]
        || {
            for (to, x) in to.chunks_exact_mut(gain.len()).zip(x.chunks_exact(gain.len())) {
                let r = inverse_root_mean_square(x, epsilon);
                for ((to, x), gain) in to.iter_mut().zip(x).zip(gain) {
                    *to = x * r * gain;
                }
            }
        },
    );
}

/// Adds the gradient through [`rms_norm`] to `d_x`: `r (d_y gain) - x r^3 / width sum(d_y gain x)`. Overwrites `d_y`.
pub fn rms_norm_backward(d_x: &mut [f32], d_y: &mut [f32], x: &[f32], gain: &[f32], epsilon: f32) {
    let width = gain.len();
    on_best(
        #[inline(always)]
        || {
            let rows = d_x.chunks_exact_mut(width).zip(d_y.chunks_exact_mut(width)).zip(x.chunks_exact(width));
            for ((d_x, d_y), x) in rows {
                let r = inverse_root_mean_square(x, epsilon);
                for (d_y, gain) in d_y.iter_mut().zip(gain) {
                    *d_y *= gain;
                }
                let pull = dot(d_y, x) * r * r * r / width as f32;
                for ((d_x, d_y), x) in d_x.iter_mut().zip(d_y.iter()).zip(x) {
                    *d_x += r * d_y - x * pull;
                }
            }
        },
    );
}

/// Rotates each head's halves in place: `x` has rows of heads of `2 half` values; row i is rotated by the angles of
/// row i of `cos` and `sin`. With `sign` -1 it rotates back, which is also the gradient.
pub fn rotate(x: &mut [f32], width: usize, cos: &[f32], sin: &[f32], half: usize, sign: f32) {
    on_best(
        #[inline(always)]
        || {
            let rows = x.chunks_exact_mut(width).zip(cos.chunks_exact(half).zip(sin.chunks_exact(half)));
            for (row, (cos, sin)) in rows {
                for head in row.chunks_exact_mut(2 * half) {
                    let (first, second) = head.split_at_mut(half);
                    for i in 0..half {
                        let (a, b, s) = (first[i], second[i], sign * sin[i]);
                        first[i] = a * cos[i] - b * s;
                        second[i] = a * s + b * cos[i];
                    }
                }
            }
        },
    );
}

/// The argument z(gate) of the logistic function, and its derivative: the gate itself for SiLU, a cubic for GELU.
#[inline(always)]
fn logistic_argument(gate: f32, activation: Activation) -> (f32, f32) {
    const SCALE: f32 = GELU_SCALE as f32;
    const CUBIC: f32 = GELU_CUBIC as f32;
    match activation {
        Activation::Silu => (gate, 1.0),
        Activation::Gelu => {
            let square = gate * gate;
            (SCALE * gate * (1.0 + CUBIC * square), SCALE * (1.0 + 3.0 * CUBIC * square))
        }
    }
}

/// `to = activation(gate) up` (Shazeer, 2020).
pub fn gated(to: &mut [f32], gate: &[f32], up: &[f32], activation: Activation) {
    #[inline(always)]
    fn sweep(to: &mut [f32], gate: &[f32], up: &[f32], activation: Activation) {
        for ((to, gate), up) in to.iter_mut().zip(gate).zip(up) {
            *to = gate / (1.0 + exponential(-logistic_argument(*gate, activation).0)) * up;
        }
    }
    // Matched outside the loop, which then has no branch.
    on_best(
        #[inline(always)]
        || match activation {
            Activation::Silu => sweep(to, gate, up, Activation::Silu),
            Activation::Gelu => sweep(to, gate, up, Activation::Gelu),
        },
    );
}

/// The gradient through [`gated`]: overwrites `gate` and `up` with their gradients.
pub fn gated_backward(d: &[f32], gate: &mut [f32], up: &mut [f32], activation: Activation) {
    #[inline(always)]
    fn sweep(d: &[f32], gate: &mut [f32], up: &mut [f32], activation: Activation) {
        for ((d, gate), up) in d.iter().zip(gate).zip(up) {
            let (z, slope) = logistic_argument(*gate, activation);
            let sigmoid = 1.0 / (1.0 + exponential(-z));
            let activated = *gate * sigmoid;
            let d_gate = d * *up * (sigmoid + activated * (1.0 - sigmoid) * slope);
            *up = d * activated;
            *gate = d_gate;
        }
    }
    on_best(
        #[inline(always)]
        || match activation {
            Activation::Silu => sweep(d, gate, up, Activation::Silu),
            Activation::Gelu => sweep(d, gate, up, Activation::Gelu),
        },
    );
}

#[inline(always)]
fn largest(x: &[f32]) -> f32 {
    let mut lanes = [f32::NEG_INFINITY; LANES];
    let chunks = x.chunks_exact(LANES);
    let rest = chunks.remainder().iter().fold(f32::NEG_INFINITY, |a, b| a.max(*b));
    for chunk in chunks {
        for i in 0..LANES {
            // Not f32::max, whose handling of NaN prevents vectorization.
            lanes[i] = if chunk[i] > lanes[i] { chunk[i] } else { lanes[i] };
        }
    }
    lanes.iter().fold(rest, |a, b| a.max(*b))
}

/// Softmax of `factor x` in place; returns the maximum of `factor x` and the sum of `e^(factor x - maximum)`.
#[inline(always)]
fn softmax_row(x: &mut [f32], factor: f32) -> (f32, f32) {
    let top = largest(x) * factor;
    let mut sums = [0.0f32; LANES];
    let mut chunks = x.chunks_exact_mut(LANES);
    for chunk in &mut chunks {
        for i in 0..LANES {
            chunk[i] = exponential(chunk[i] * factor - top);
            sums[i] += chunk[i];
        }
    }
    let mut sum: f32 = sums.iter().sum();
    for value in chunks.into_remainder() {
        *value = exponential(*value * factor - top);
        sum += *value;
    }
    let share = 1.0 / sum;
    for value in x.iter_mut() {
        *value *= share;
    }
    (top, sum)
}

/// Rows `first, first + 1, ...` of a causal score matrix of width `seen`: softmax of `factor` times what each row may
/// see (the last `window` columns up to its own), zero elsewhere.
pub fn causal_softmax(scores: &mut [f32], seen: usize, first: usize, window: usize, factor: f32) {
    on_best(
        #[inline(always)]
        || {
            for (i, row) in scores.chunks_exact_mut(seen).enumerate() {
                let end = first + i + 1;
                let start = end.saturating_sub(window);
                softmax_row(&mut row[start..end], factor);
                row[..start].fill(0.0);
                row[end..].fill(0.0);
            }
        },
    );
}

/// The gradient through the softmax: with probabilities `p`, `d` becomes `factor p (d - sum(d p))` for each row of
/// `seen` values.
pub fn softmax_backward(d: &mut [f32], p: &[f32], seen: usize, factor: f32) {
    on_best(
        #[inline(always)]
        || {
            for (d, p) in d.chunks_exact_mut(seen).zip(p.chunks_exact(seen)) {
                let inner = dot(d, p);
                for (d, p) in d.iter_mut().zip(p) {
                    *d = factor * p * (*d - inner);
                }
            }
        },
    );
}

/// Replaces each row of logits by the gradient of `factor` times its cross-entropy: probabilities minus one at the
/// label. Returns the total cross-entropy in nats.
pub fn cross_entropy(logits: &mut [f32], vocabulary: usize, labels: &[u32], factor: f32) -> f64 {
    on_best(
        #[inline(always)]
        || {
            let mut total = 0.0;
            for (row, label) in logits.chunks_exact_mut(vocabulary).zip(labels) {
                let of_label = row[*label as usize];
                let (top, sum) = softmax_row(row, 1.0);
                total += f64::from(top) + f64::from(sum).ln() - f64::from(of_label);
                row[*label as usize] -= 1.0;
                for value in row.iter_mut() {
                    *value *= factor;
                }
            }
            total
        },
    )
}

/// Adds `x` to each row of `to`.
pub fn add_to_rows(to: &mut [f32], x: &[f32]) {
    to.chunks_exact_mut(x.len()).for_each(|row| add(row, x));
}

pub fn scale(to: &mut [f32], factor: f32) {
    to.iter_mut().for_each(|value| *value *= factor);
}

pub fn add(to: &mut [f32], x: &[f32]) {
    on_best(
        #[inline(always)]
        || {
            for (to, x) in to.iter_mut().zip(x) {
                *to += x;
            }
        },
    );
}

/// Q4_0, Q4_1 and Q8_0 blocks of 32 values to f32.
pub mod blocks {
    use super::on_best;
    use half::f16;

    const VALUES: usize = 32;
    const HALF: usize = VALUES / 2;

    #[inline(always)]
    fn half_at(bytes: &[u8], at: usize) -> f32 {
        f16::from_le_bytes([bytes[at], bytes[at + 1]]).to_f32_const()
    }

    /// Calls `each` for every block of `HEAD` + `BODY` bytes with the 32 values to fill. Lengths are constants, since
    /// the compiler otherwise converts values one by one.
    fn sweep<const HEAD: usize, const BODY: usize>(
        to: &mut [f32],
        bytes: &[u8],
        mut each: impl FnMut(&mut [f32; VALUES], &[u8; HEAD], &[u8; BODY]),
    ) {
        on_best(
            #[inline(always)]
            || {
                for (to, block) in to.as_chunks_mut().0.iter_mut().zip(bytes.chunks_exact(HEAD + BODY)) {
                    // Opaque, so that the compiler vectorizes within one block. Otherwise it vectorizes over eight blocks
                    // and spends its time gathering bytes.
                    let (head, body) = std::hint::black_box(block).split_first_chunk().expect("a block has a head");
                    each(to, head, body.first_chunk().expect("a block has a body"));
                }
            },
        );
    }

    pub fn q8_0(to: &mut [f32], bytes: &[u8]) {
        sweep(
            to,
            bytes,
            #[inline(always)]
            |to, head: &[u8; 2], body: &[u8; VALUES]| {
                let step = half_at(head, 0);
                for i in 0..VALUES {
                    to[i] = i32::from(body[i].cast_signed()) as f32 * step;
                }
            },
        );
    }

    pub fn q4_0(to: &mut [f32], bytes: &[u8]) {
        sweep(
            to,
            bytes,
            #[inline(always)]
            |to, head: &[u8; 2], body: &[u8; HALF]| {
                let step = half_at(head, 0);
                for i in 0..HALF {
                    to[i] = (i32::from(body[i] & 15) - 8) as f32 * step;
                }
                for i in 0..HALF {
                    to[HALF + i] = (i32::from(body[i] >> 4) - 8) as f32 * step;
                }
            },
        );
    }

    pub fn q4_1(to: &mut [f32], bytes: &[u8]) {
        sweep(
            to,
            bytes,
            #[inline(always)]
            |to, head: &[u8; 4], body: &[u8; HALF]| {
                let (step, minimum) = (half_at(head, 0), half_at(head, 2));
                for i in 0..HALF {
                    to[i] = i32::from(body[i] & 15) as f32 * step + minimum;
                }
                for i in 0..HALF {
                    to[HALF + i] = i32::from(body[i] >> 4) as f32 * step + minimum;
                }
            },
        );
    }
}
