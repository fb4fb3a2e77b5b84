//! Several LoRA adapters of one base made into one, exactly or as closely as a rank allows. Does not know why these adapters
//! were chosen, nor where their weights come from.

use candle_core::{DType, Tensor};
use nalgebra::DMatrix;
use rand::SeedableRng;
use rand::rngs::StdRng;

use super::adapter::{Adapter, AdapterShape, LayerPairs, LoraPair};
use super::error::{EngineError, Result};
use super::projection::Projection;
use super::singular::decompose;

/// Singular values below this share of a matrix' largest are what rounding to f32 leaves behind, not directions.
const ROUNDING: f64 = 1e-7;

/// An adapter of the rank asked for, and what that rank had no room for.
#[derive(Clone, Debug)]
pub struct Merged {
    pub adapter: Adapter,
    /// The Frobenius norm of what is left out over that of the whole update, all matrices together: 0 (nothing) to 1 (all).
    /// Storing the factors as f32 adds about 1e-7, which is not in it.
    pub error: f64,
    /// The matrix that loses most of its own update; none where no part holds a matrix.
    pub worst: Option<MatrixError>,
}

/// What one matrix loses.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MatrixError {
    pub layer: usize,
    pub projection: Projection,
    /// As [`Merged::error`], of this matrix alone.
    pub error: f64,
}

/// The adapter of rank `rank` that is closest, in Frobenius norm, to the weighted sum of the updates of `parts`,
/// `sum of w_i (alpha_i / r_i) B_i A_i`.
///
/// The singular values that are dropped from each matrix are the smallest (Eckart and Young, *The approximation of one matrix by
/// another of lower rank*, 1936); those kept are shared evenly by A and B. Alpha over rank is that of a new adapter by default, so
/// that training goes on at the usual pace. Where a sum has fewer directions than `rank`, the rest of A is as in a fresh adapter
/// and the rest of B zero: they add nothing, and training can still use them.
///
/// # Errors
/// [`EngineError::Blend`] as for [`concatenate`], and for rank 0.
pub fn merge(parts: &[(f64, &Adapter)], rank: usize) -> Result<Merged> {
    if rank == 0 {
        return Err(EngineError::Blend("rank 0 leaves no room for anything: ask for 1 or more".into()));
    }
    truncate(&concatenate(parts)?, rank)
}

/// The weighted sum of the updates of `parts`, exactly: their factors side by side. The rank is the sum of theirs, alpha over
/// rank that of a new adapter by default. A projection that only some parts change has zeros in place of the others.
///
/// # Errors
/// [`EngineError::Blend`] when there are no parts, a weight or a value in a part is no finite number, or the parts were made for
/// models of different shapes.
pub fn concatenate(parts: &[(f64, &Adapter)]) -> Result<Adapter> {
    let Some((_, first)) = parts.first() else {
        return Err(EngineError::Blend("none was given: name at least one".into()));
    };
    for (number, (weight, part)) in (1..).zip(parts) {
        let scale = part.scale();
        if !((weight * scale) as f32).is_finite() {
            return Err(EngineError::Blend(format!(
                "adapter {number} would be added {weight} times, with alpha over rank {scale}: both must be finite numbers"
            )));
        }
        let (found, expected) = (part.layers.len(), first.layers.len());
        if found != expected {
            let why = format!("adapter {number} has {found} layers and the first {expected}");
            return Err(other_base(&why));
        }
    }
    let scale = usual_scale();
    let mut layers = Vec::with_capacity(first.layers.len());
    for layer in 0..first.layers.len() {
        let mut pairs = LayerPairs::default();
        for projection in Projection::ALL {
            pairs[projection as usize] = side_by_side(parts, layer, projection, scale)?;
        }
        layers.push(pairs);
    }
    let rank: usize = parts.iter().map(|(_, part)| part.rank).sum();
    Ok(Adapter { rank, alpha: scale * rank as f64, layers })
}

/// Alpha over rank of a new adapter by default.
fn usual_scale() -> f64 {
    let shape = AdapterShape::default();
    shape.alpha / shape.rank as f64
}

fn other_base(why: &str) -> EngineError {
    EngineError::Blend(format!("{why}, so they were made for different models: blend adapters of one base only"))
}

/// The factors of all parts for one map, scaled so that `scale` times their product is the weighted sum.
fn side_by_side(
    parts: &[(f64, &Adapter)],
    layer: usize,
    projection: Projection,
    scale: f64,
) -> Result<Option<LoraPair>> {
    let pair_of = |part: &Adapter| part.layers[layer][projection as usize].clone();
    let Some(model) = parts.iter().find_map(|(_, part)| pair_of(part)) else { return Ok(None) };
    let (outputs, inputs) = (model.b.dim(0)?, model.a.dim(1)?);
    let (mut all_a, mut all_b) = (Vec::new(), Vec::new());
    for (number, (weight, part)) in (1..).zip(parts) {
        let (a, b) = if let Some(LoraPair { a, b }) = pair_of(part) {
            let name = format!("{} of layer {layer}", projection.module());
            if a.dims() != [part.rank, inputs] || b.dims() != [outputs, part.rank] {
                let (found_a, found_b, rank) = (a.dims(), b.dims(), part.rank);
                return Err(other_base(&format!(
                    "adapter {number}, of rank {rank}, changes {name} by A {found_a:?} and B {found_b:?}, where the others \
                     change {inputs} inputs and {outputs} outputs"
                )));
            }
            if !(is_finite(&a)? && is_finite(&b)?) {
                return Err(EngineError::Blend(format!(
                    "adapter {number} holds a value in {name} that is no finite number: train it again or leave it out"
                )));
            }
            let factor = weight * part.scale() / scale;
            let root = factor.abs().sqrt();
            ((a * root)?, (b * root.copysign(factor))?)
        } else {
            let device = model.a.device();
            let zeros = |shape: (usize, usize)| Tensor::zeros(shape, DType::F32, device);
            (zeros((part.rank, inputs))?, zeros((outputs, part.rank))?)
        };
        all_a.push(a);
        all_b.push(b);
    }
    Ok(Some(LoraPair { a: Tensor::cat(&all_a, 0)?, b: Tensor::cat(&all_b, 1)?.contiguous()? }))
}

/// Whether every value is a number; one that is not carries over to the sum.
fn is_finite(tensor: &Tensor) -> Result<bool> {
    Ok(tensor.sum_all()?.to_scalar::<f32>()?.is_finite())
}

/// Sums of squared singular values.
#[derive(Clone, Copy, Default)]
struct Squares {
    all: f64,
    dropped: f64,
}

impl Squares {
    fn error(self) -> f64 {
        if self.all > 0.0 { (self.dropped / self.all).sqrt() } else { 0.0 }
    }
}

fn truncate(whole: &Adapter, rank: usize) -> Result<Merged> {
    // For directions that nothing fills; a fixed seed, so that the same blend is the same adapter.
    let mut random = StdRng::seed_from_u64(0);
    let mut sum = Squares::default();
    let mut worst: Option<MatrixError> = None;
    let mut layers = Vec::with_capacity(whole.layers.len());
    for (layer, pairs) in whole.layers.iter().enumerate() {
        let mut shortened = LayerPairs::default();
        for projection in Projection::ALL {
            let Some(pair) = &pairs[projection as usize] else { continue };
            let (pair, squares) = shorten(pair, rank, &mut random)?;
            sum.all += squares.all;
            sum.dropped += squares.dropped;
            let error = squares.error();
            if worst.is_none_or(|worst| error > worst.error) {
                worst = Some(MatrixError { layer, projection, error });
            }
            shortened[projection as usize] = Some(pair);
        }
        layers.push(shortened);
    }
    let adapter = Adapter { rank, alpha: whole.scale() * rank as f64, layers };
    Ok(Merged { adapter, error: sum.error(), worst })
}

/// The pair of rank `rank` whose product is closest to that of `pair`.
///
/// With `B = Q R` and `A^T = P T`, both Q and P orthonormal, `B A = Q (R T^T) P^T`: the singular values of the small core
/// `R T^T` are those of the product, which is never formed.
fn shorten(pair: &LoraPair, rank: usize, random: &mut StdRng) -> Result<(LoraPair, Squares)> {
    let (outputs, inputs) = (pair.b.dim(0)?, pair.a.dim(1)?);
    let (left, right) = (transposed(&pair.b.t()?)?.qr(), transposed(&pair.a)?.qr());
    let core = decompose(left.r() * right.r().transpose());

    let threshold = ROUNDING * core.values[0];
    let kept = core.values.iter().take(rank).take_while(|&&value| value > threshold).count();
    // Not `sum`, which makes -0 of nothing.
    let square_sum = |values: &[f64]| values.iter().fold(0.0, |sum, value| sum + value * value);
    let squares = Squares { all: square_sum(&core.values), dropped: square_sum(&core.values[kept..]) };

    let (scaled_u, v) = (left.q() * core.left.columns(0, kept), right.q() * core.right.columns(0, kept));
    let device = pair.a.device();
    let mut a: Vec<f32> = LoraPair::fresh((outputs, inputs), rank, random, device)?.a.flatten_all()?.to_vec1()?;
    let mut b = vec![0.0; outputs * rank];
    for (at, value) in core.values[..kept].iter().enumerate() {
        let root = value.sqrt();
        for (place, value) in a[at * inputs..].iter_mut().zip(&v.column(at)) {
            *place = (value * root) as f32;
        }
        for (place, value) in b[at..].iter_mut().step_by(rank).zip(&scaled_u.column(at)) {
            *place = (value / root) as f32;
        }
    }
    let a = Tensor::from_vec(a, (rank, inputs), device)?;
    let b = Tensor::from_vec(b, (outputs, rank), device)?;
    Ok((LoraPair { a, b }, squares))
}

/// The transpose of a matrix: what candle stores by rows, nalgebra reads by columns.
fn transposed(tensor: &Tensor) -> Result<DMatrix<f64>> {
    let (rows, columns) = tensor.dims2()?;
    let values: Vec<f32> = tensor.flatten_all()?.to_vec1()?;
    Ok(DMatrix::from_iterator(columns, rows, values.into_iter().map(f64::from)))
}
