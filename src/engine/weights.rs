//! The frozen weights of a model in one layout, whatever the file format; [`super::gguf`] and [`super::safetensors`]
//! fill it. Knows no adapter and no text.

use candle_core::quantized::GgmlDType;
use candle_core::quantized::QTensor;
use candle_core::{DType, Tensor};

use super::error::Result;
use super::matrix::Matrix;
use super::projection::Projection;

/// Block formats with vectorised products in candle. The others (such as Q4_1) are several times slower than Q8_0 for
/// a single row: 7 against 40 tokens/s (docs/benchmarks.md).
const HAS_FAST_PRODUCT: [GgmlDType; 7] =
    [GgmlDType::Q4_0, GgmlDType::Q8_0, GgmlDType::Q2K, GgmlDType::Q3K, GgmlDType::Q4K, GgmlDType::Q5K, GgmlDType::Q6K];

#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::IntoStaticStr)]
pub enum Precision {
    /// f32: fast products over many rows, and gradients.
    Dense,
    /// As in the file: for training on the CPU, which converts them panel by panel.
    Stored,
    /// Quantized blocks stay quantized, everything else becomes 8-bit blocks (Q8_0): little memory, fast decoding.
    Compact,
}

/// The frozen parameters of one block.
#[derive(Clone, Debug)]
pub struct LayerWeights {
    /// Gain before attention, shape (hidden).
    pub attention_norm: Tensor,
    /// Gain before feed-forward, shape (hidden).
    pub feed_forward_norm: Tensor,
    /// Parameters that only some families have.
    pub extras: Extras,
    /// By [`Projection`].
    pub projections: [Matrix; 7],
}

/// Parameters of a block that only some families have.
#[derive(Clone, Debug, Default)]
pub struct Extras {
    /// Biases of queries, keys and values, shape (out).
    pub bias: Option<[Tensor; 3]>,
    /// Gains of each head of the queries and of the keys, shape (head_dim).
    pub head_norms: Option<[Tensor; 2]>,
    /// Gains for the outputs of attention and feed-forward, shape (hidden).
    pub branch_norms: Option<[Tensor; 2]>,
}

impl LayerWeights {
    pub fn matrix(&self, projection: Projection) -> &Matrix {
        &self.projections[projection as usize]
    }
}

/// All frozen parameters. Rows of the query and key projections are in Hugging Face order (each head's halves rotate
/// together).
#[derive(Clone, Debug)]
pub struct Weights {
    /// Token embedding, shape (vocabulary, hidden).
    pub embedding: Matrix,
    pub layers: Vec<LayerWeights>,
    /// Gain before the head, shape (hidden).
    pub norm: Tensor,
    /// The head, shape (vocabulary, hidden); the embedding itself if they are tied.
    pub head: Matrix,
}

impl Precision {
    /// A matrix stored in quantized blocks, at this precision.
    pub fn load_blocks(self, stored: QTensor) -> Result<Matrix> {
        let device = stored.device();
        match self {
            Self::Dense => Ok(Matrix::Dense(stored.dequantize(&device)?)),
            Self::Stored => Matrix::quantized(stored),
            Self::Compact if HAS_FAST_PRODUCT.contains(&stored.dtype()) => Matrix::quantized(stored),
            Self::Compact => eight_bit(stored.dequantize(&device)?),
        }
    }

    /// A matrix stored in floating point of any width, at this precision.
    pub fn load_floats(self, stored: Tensor) -> Result<Matrix> {
        match self {
            Self::Dense => Ok(Matrix::Dense(stored.to_dtype(DType::F32)?)),
            Self::Stored => Ok(Matrix::Dense(stored)),
            Self::Compact => eight_bit(stored.to_dtype(DType::F32)?),
        }
    }
}

/// 8-bit blocks represent 4- and 5-bit values to within a fraction of their own rounding error, and half precision
/// well enough.
fn eight_bit(dense: Tensor) -> Result<Matrix> {
    if dense.dim(1)?.is_multiple_of(GgmlDType::Q8_0.block_size()) {
        Matrix::quantized(QTensor::quantize(&dense, GgmlDType::Q8_0)?)
    } else {
        Ok(Matrix::Dense(dense))
    }
}
