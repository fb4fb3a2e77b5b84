//! The frozen weights of a model, in one layout wherever they came from; [`super::gguf`] and [`super::safetensors`] fill it. Knows
//! no adapter and no text.

use candle_core::quantized::GgmlDType;
use candle_core::quantized::QTensor;
use candle_core::{DType, Tensor};

use super::error::Result;
use super::matrix::Matrix;
use super::projection::Projection;

/// Block formats for which candle has vectorised products. The others (Q4_1 among them) are several times slower than
/// Q8_0 for a single row: 7 against 40 tokens/s where it was measured (docs/benchmarks.md).
const HAS_FAST_PRODUCT: [GgmlDType; 7] =
    [GgmlDType::Q4_0, GgmlDType::Q8_0, GgmlDType::Q2K, GgmlDType::Q3K, GgmlDType::Q4K, GgmlDType::Q5K, GgmlDType::Q6K];

/// How matrices are held in memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::IntoStaticStr)]
pub enum Precision {
    /// f32: fast products over many rows, and gradients.
    Dense,
    /// Exactly as the file has them: what training on a processor uses, panel by panel.
    Stored,
    /// Quantized blocks stay quantized, everything else becomes eight-bit blocks (Q8_0): little memory, fast single tokens.
    Compact,
}

/// The frozen parameters of one block.
#[derive(Clone, Debug)]
pub struct LayerWeights {
    /// Gain before attention, shape (hidden).
    pub attention_norm: Tensor,
    /// Gain before the feed-forward part, shape (hidden).
    pub feed_forward_norm: Tensor,
    /// What some families have beside these.
    pub extras: Extras,
    projections: [Matrix; 7],
}

/// What a block has in some families.
#[derive(Clone, Debug, Default)]
pub struct Extras {
    /// Biases of queries, keys and values, shape (out).
    pub bias: Option<[Tensor; 3]>,
    /// Gains of each head of the queries and of the keys, shape (head_dim).
    pub head_norms: Option<[Tensor; 2]>,
    /// Gains of what attention and the feed-forward part add, shape (hidden).
    pub branch_norms: Option<[Tensor; 2]>,
}

impl Extras {
    /// The bias of a map, if it has one.
    #[must_use]
    pub fn bias_of(&self, projection: Projection) -> Option<&Tensor> {
        self.bias.as_ref().and_then(|bias| bias.get(projection as usize))
    }
}

impl LayerWeights {
    #[must_use]
    pub fn new(attention_norm: Tensor, feed_forward_norm: Tensor, projections: [Matrix; 7]) -> Self {
        Self { attention_norm, feed_forward_norm, extras: Extras::default(), projections }
    }

    #[must_use]
    pub fn with(self, extras: Extras) -> Self {
        Self { extras, ..self }
    }

    #[must_use]
    pub fn matrix(&self, projection: Projection) -> &Matrix {
        &self.projections[projection as usize]
    }
}

/// All frozen parameters. Rows of the query and key maps are in Hugging Face order (each head's halves rotate together).
#[derive(Clone, Debug)]
pub struct Weights {
    /// Token embedding, shape (vocabulary, hidden).
    pub embedding: Matrix,
    pub layers: Vec<LayerWeights>,
    /// Gain before the head, shape (hidden).
    pub norm: Tensor,
    /// The head, shape (vocabulary, hidden); the embedding itself where the model ties them.
    pub head: Matrix,
}

impl Weights {
    /// Bytes of weights held in memory, a tied head counted once.
    #[must_use]
    pub fn bytes(&self) -> usize {
        let layers: usize = self.layers.iter().flat_map(|layer| layer.projections.iter()).map(Matrix::bytes).sum();
        self.embedding.bytes() + layers
    }
}

impl Precision {
    /// A matrix that is stored in quantized blocks, held as this asks for.
    ///
    /// # Errors
    /// When memory runs out.
    pub fn of_blocks(self, stored: QTensor) -> Result<Matrix> {
        let device = stored.device();
        match self {
            Self::Dense => Ok(Matrix::Dense(stored.dequantize(&device)?)),
            Self::Stored => Matrix::quantized(stored),
            Self::Compact if HAS_FAST_PRODUCT.contains(&stored.dtype()) => Matrix::quantized(stored),
            Self::Compact => eight_bit(stored.dequantize(&device)?),
        }
    }

    /// A matrix that is stored in floating point of any width, held as this asks for.
    ///
    /// # Errors
    /// When memory runs out.
    pub fn of_floats(self, stored: Tensor) -> Result<Matrix> {
        match self {
            Self::Dense => Ok(Matrix::Dense(stored.to_dtype(DType::F32)?)),
            Self::Stored => Ok(Matrix::Dense(stored)),
            Self::Compact => eight_bit(stored.to_dtype(DType::F32)?),
        }
    }
}

/// Eight bits hold what four or five did to within a fraction of their own rounding, and half precision closely enough.
fn eight_bit(dense: Tensor) -> Result<Matrix> {
    if dense.dim(1)?.is_multiple_of(GgmlDType::Q8_0.block_size()) {
        Matrix::quantized(QTensor::quantize(&dense, GgmlDType::Q8_0)?)
    } else {
        Ok(Matrix::Dense(dense))
    }
}
