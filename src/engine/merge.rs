//! Merges several LoRA adapters of one base into one, exactly or as the best approximation of a given rank. Does not
//! know why they were chosen.

use candle_core::{DType, Tensor};
use nalgebra::DMatrix;
use rand::SeedableRng;
use rand::rngs::StdRng;

use super::adapter::{Adapter, AdapterShape, LayerPairs, LoraPair};
use super::error::{EngineError, Result};
use super::projection::Projection;
use super::singular::svd;

/// Singular values below this share of the largest are rounding errors of f32, not directions.
const ROUNDING: f64 = 1e-7;

/// A merged adapter, and what its rank could not represent.
#[derive(Clone, Debug)]
pub struct Merged {
    pub adapter: Adapter,
    /// Relative error: the Frobenius norm of the part lost over that of the whole update, all matrices together (0 to
    /// 1). Rounding the factors to f32 adds about 1e-7, not included here.
    pub error: f64,
    /// The matrix with the largest relative error; none if no part has any matrix.
    pub worst: Option<MatrixError>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MatrixError {
    pub layer: usize,
    pub projection: Projection,
    /// As [`Merged::error`], for this matrix alone.
    pub error: f64,
}

/// The adapter of rank `rank` closest in Frobenius norm to the weighted sum of the updates of `parts`,
/// `sum of w_i (alpha_i / r_i) B_i A_i`.
///
/// It keeps the largest singular values of each matrix (Eckart and Young, *The approximation of one matrix by another
/// of lower rank*, 1936) and splits them evenly between A and B. Its alpha over rank is that of a new adapter by
/// default, so that training continues at the usual rate. If a sum has a lower rank than `rank`, the remaining rows
/// of A are as in a new adapter and the remaining columns of B zero: they have no effect yet, and training can use
/// them.
///
/// # Errors
/// [`EngineError::Blend`] as for [`concatenate`], and for rank 0.
pub fn merge(parts: &[(f64, &Adapter)], rank: usize) -> Result<Merged> {
    if rank == 0 {
        return Err(EngineError::Blend("the rank must be at least 1".into()));
    }
    truncate(&concatenate(parts)?, rank)
}

/// The exact weighted sum of the updates of `parts`: their factors concatenated. The rank is the sum of theirs, alpha
/// over rank that of a new adapter by default. A projection that only some parts adapt has zeros for the others.
///
/// # Errors
/// [`EngineError::Blend`] when there are no parts, a weight or a value in a part is not finite, or the parts are for
/// models of different shapes.
pub fn concatenate(parts: &[(f64, &Adapter)]) -> Result<Adapter> {
    let Some((_, first)) = parts.first() else {
        return Err(EngineError::Blend("none was given".into()));
    };
    for (number, (weight, part)) in (1..).zip(parts) {
        let scale = part.scale();
        if !((weight * scale) as f32).is_finite() {
            return Err(EngineError::Blend(format!(
                "adapter {number} has weight {weight} and alpha over rank {scale}; both must be finite"
            )));
        }
        let (found, expected) = (part.layers.len(), first.layers.len());
        if found != expected {
            let why = format!("adapter {number} has {found} layers, but the first has {expected}");
            return Err(different_bases(&why));
        }
    }
    let scale = default_scale();
    let mut layers = Vec::with_capacity(first.layers.len());
    for layer in 0..first.layers.len() {
        let mut pairs = LayerPairs::default();
        for projection in Projection::ALL {
            pairs[projection as usize] = concatenated_pair(parts, layer, projection, scale)?;
        }
        layers.push(pairs);
    }
    let rank: usize = parts.iter().map(|(_, part)| part.rank).sum();
    Ok(Adapter { rank, alpha: scale * rank as f64, layers })
}

fn default_scale() -> f64 {
    let shape = AdapterShape::default();
    shape.alpha / shape.rank as f64
}

fn different_bases(why: &str) -> EngineError {
    EngineError::Blend(format!("{why}, so they are for different base models"))
}

/// The factors of all parts for one projection, scaled so that `scale` times their product is the weighted sum.
fn concatenated_pair(
    parts: &[(f64, &Adapter)],
    layer: usize,
    projection: Projection,
    scale: f64,
) -> Result<Option<LoraPair>> {
    let pair_of = |part: &Adapter| part.layers[layer][projection as usize].clone();
    let Some(example) = parts.iter().find_map(|(_, part)| pair_of(part)) else { return Ok(None) };
    let (outputs, inputs) = (example.b.dim(0)?, example.a.dim(1)?);
    let (mut all_a, mut all_b) = (Vec::new(), Vec::new());
    for (number, (weight, part)) in (1..).zip(parts) {
        let (a, b) = if let Some(LoraPair { a, b }) = pair_of(part) {
            let name = format!("{} of layer {layer}", projection.module());
            if a.dims() != [part.rank, inputs] || b.dims() != [outputs, part.rank] {
                let (found_a, found_b, rank) = (a.dims(), b.dims(), part.rank);
                return Err(different_bases(&format!(
                    "adapter {number} of rank {rank} has A {found_a:?} and B {found_b:?} for {name}, but others have {inputs} \
                     inputs and {outputs} outputs"
                )));
            }
            if !(is_finite(&a)? && is_finite(&b)?) {
                return Err(EngineError::Blend(format!("adapter {number} has a value in {name} that is not finite")));
            }
            let factor = weight * part.scale() / scale;
            let root = factor.abs().sqrt();
            ((a * root)?, (b * root.copysign(factor))?)
        } else {
            let device = example.a.device();
            let zeros = |shape: (usize, usize)| Tensor::zeros(shape, DType::F32, device);
            (zeros((part.rank, inputs))?, zeros((outputs, part.rank))?)
        };
        all_a.push(a);
        all_b.push(b);
    }
    Ok(Some(LoraPair { a: Tensor::cat(&all_a, 0)?, b: Tensor::cat(&all_b, 1)?.contiguous()? }))
}

/// Whether every value is finite; any that is not carries over to the sum.
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
    // For unused directions. The seed is fixed, so that the same blend gives the same adapter.
    let mut random = StdRng::seed_from_u64(0);
    let mut sum = Squares::default();
    let mut worst: Option<MatrixError> = None;
    let mut layers = Vec::with_capacity(whole.layers.len());
    for (layer, pairs) in whole.layers.iter().enumerate() {
        let mut truncated = LayerPairs::default();
        for projection in Projection::ALL {
            let Some(pair) = &pairs[projection as usize] else { continue };
            let (pair, squares) = truncate_pair(pair, rank, &mut random)?;
            sum.all += squares.all;
            sum.dropped += squares.dropped;
            let error = squares.error();
            if worst.is_none_or(|worst| error > worst.error) {
                worst = Some(MatrixError { layer, projection, error });
            }
            truncated[projection as usize] = Some(pair);
        }
        layers.push(truncated);
    }
    let adapter = Adapter { rank, alpha: whole.scale() * rank as f64, layers };
    Ok(Merged { adapter, error: sum.error(), worst })
}

/// The pair of rank `rank` whose product is closest to that of `pair`, in Frobenius norm.
///
/// With `B = Q R` and `A^T = P T`, where Q and P are orthonormal, `B A = Q (R T^T) P^T`: the small core `R T^T` has
/// the singular values of the product, which is never formed.
fn truncate_pair(pair: &LoraPair, rank: usize, random: &mut StdRng) -> Result<(LoraPair, Squares)> {
    let (outputs, inputs) = (pair.b.dim(0)?, pair.a.dim(1)?);
    let (left, right) = (transposed(&pair.b.t()?)?.qr(), transposed(&pair.a)?.qr());
    let core = svd(left.r() * right.r().transpose());

    let threshold = ROUNDING * core.values[0];
    let kept = core.values.iter().take(rank).take_while(|&&value| value > threshold).count();
    // Not `sum`, which gives -0 for an empty slice.
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

/// The transpose of a matrix: candle stores rows, nalgebra reads columns.
fn transposed(tensor: &Tensor) -> Result<DMatrix<f64>> {
    let (rows, columns) = tensor.dims2()?;
    let values: Vec<f32> = tensor.flatten_all()?.to_vec1()?;
    Ok(DMatrix::from_iterator(columns, rows, values.into_iter().map(f64::from)))
}
