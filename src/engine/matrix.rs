//! A frozen weight matrix, dense or quantized, and its product with rows. Knows no adapter.

use candle_core::quantized::{QMatMul, QTensor};
use candle_core::{DType, Module, Tensor};
use std::sync::Arc;

use super::error::Result;

/// From this many rows on, a quantized product is slower than dequantizing the matrix and multiplying densely
/// (candle's kernels for block formats reach about 10 GFLOP/s, those for dense f32 60 and more).
const DEQUANTIZE_FROM_ROWS: usize = 8;

/// A frozen matrix of shape (out, in).
#[derive(Clone, Debug)]
pub enum Matrix {
    /// Floating point: f32 for fast products, or a 16-bit type as in the file, converted panel by panel.
    Dense(Tensor),
    /// Quantized blocks, small in memory; for generation.
    Quantized { stored: Arc<QTensor>, product: QMatMul },
}

impl Matrix {
    pub fn quantized(stored: QTensor) -> Result<Self> {
        let stored = Arc::new(stored);
        Ok(Self::Quantized { product: QMatMul::from_arc(stored.clone())?, stored })
    }

    /// `x W^T` for rows `x` of shape (n, in); the result has shape (n, out).
    pub fn forward(&self, x: &Tensor) -> Result<Tensor> {
        Ok(match self {
            Self::Dense(w) => x.matmul(&w.to_dtype(x.dtype())?.t()?)?,
            Self::Quantized { stored, .. } if x.dim(0)? >= DEQUANTIZE_FROM_ROWS => {
                x.matmul(&stored.dequantize(x.device())?.t()?)?
            }
            Self::Quantized { product, .. } => product.forward(x)?,
        })
    }

    /// `y W` for rows `y` of shape (n, out): the gradient through [`Self::forward`]. Shape (n, in).
    pub fn backward(&self, y: &Tensor) -> Result<Tensor> {
        Ok(match self {
            Self::Dense(w) => y.matmul(&w.to_dtype(y.dtype())?)?,
            Self::Quantized { stored, .. } => y.matmul(&stored.dequantize(y.device())?)?,
        })
    }

    /// The rows with these indices (`ids`: (n), u32), dequantized. Shape (n, in).
    pub fn rows(&self, ids: &Tensor) -> Result<Tensor> {
        Ok(match self {
            Self::Dense(w) => w.index_select(ids, 0)?.to_dtype(DType::F32)?,
            Self::Quantized { stored, .. } => stored.embedding(ids)?,
        })
    }

    /// (out, in).
    pub fn dims(&self) -> Result<(usize, usize)> {
        Ok(match self {
            Self::Dense(w) => w.dims2()?,
            Self::Quantized { stored, .. } => stored.shape().dims2()?,
        })
    }
}
