//! The frozen weights of a model, loaded from GGUF or safetensors into one layout. Knows no adapter and no text.

use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};

use candle_core::quantized::gguf_file::Content;
use candle_core::quantized::{GgmlDType, QStorage, QTensor};
use candle_core::{DType, Device, Tensor};

use super::config::Config;
use super::error::{EngineError, Result};
use super::matrix::Matrix;
use super::projection::Projection;

/// Block formats for which candle has vectorised products. The others (Q4_1 among them) are several times slower than
/// Q8_0 for a single row: 7 against 40 tokens/s where it was measured (docs/benchmarks.md).
const HAS_FAST_PRODUCT: [GgmlDType; 7] =
    [GgmlDType::Q4_0, GgmlDType::Q8_0, GgmlDType::Q2K, GgmlDType::Q3K, GgmlDType::Q4K, GgmlDType::Q5K, GgmlDType::Q6K];

/// How matrices are held in memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Precision {
    /// f32: fast products over many rows, and gradients.
    Dense,
    /// Quantized blocks stay exactly as the file has them: what training on a processor uses, panel by panel.
    Stored,
    /// Quantized blocks stay quantized, if need be as eight-bit blocks (Q8_0): little memory, fast single tokens.
    Compact,
}

/// The frozen parameters of one block.
#[derive(Clone, Debug)]
pub struct LayerWeights {
    /// Gain before attention, shape (hidden).
    pub attention_norm: Tensor,
    /// Gain before the feed-forward part, shape (hidden).
    pub feed_forward_norm: Tensor,
    projections: [Matrix; 7],
}

impl LayerWeights {
    #[must_use]
    pub fn new(attention_norm: Tensor, feed_forward_norm: Tensor, projections: [Matrix; 7]) -> Self {
        Self { attention_norm, feed_forward_norm, projections }
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

/// Reads tensors of a GGUF file.
pub struct GgufTensors<'a> {
    pub content: &'a Content,
    pub path: &'a Path,
    pub precision: Precision,
    pub device: &'a Device,
}

impl GgufTensors<'_> {
    /// # Errors
    /// When the file cannot be read, or lacks or misshapes a tensor.
    pub fn load(&self, config: &Config) -> Result<Weights> {
        let file = File::open(self.path).map_err(|source| EngineError::Read { path: self.path.into(), source })?;
        let mut file = BufReader::with_capacity(1 << 20, file);
        let embedding = self.matrix(&mut file, "token_embd.weight", (config.vocabulary, config.hidden), None)?;
        let head = if self.content.tensor_infos.contains_key("output.weight") {
            self.matrix(&mut file, "output.weight", (config.vocabulary, config.hidden), None)?
        } else {
            embedding.clone()
        };
        let mut layers = Vec::with_capacity(config.layers);
        for layer in 0..config.layers {
            let mut projections = Vec::with_capacity(Projection::ALL.len());
            for projection in Projection::ALL {
                let name = format!("blk.{layer}.{}.weight", projection.gguf());
                let heads = match projection {
                    Projection::Query => Some(config.heads),
                    Projection::Key => Some(config.kv_heads),
                    _ => None,
                };
                projections.push(self.matrix(&mut file, &name, projection.dims(config), heads)?);
            }
            layers.push(LayerWeights::new(
                self.gain(&mut file, &format!("blk.{layer}.attn_norm.weight"), config.hidden)?,
                self.gain(&mut file, &format!("blk.{layer}.ffn_norm.weight"), config.hidden)?,
                projections.try_into().expect("one matrix for each projection"),
            ));
        }
        let norm = self.gain(&mut file, "output_norm.weight", config.hidden)?;
        Ok(Weights { embedding, layers, norm, head })
    }

    fn stored(&self, file: &mut BufReader<File>, name: &str, dims: &[usize]) -> Result<QTensor> {
        let path = || self.path.to_path_buf();
        let Some(info) = self.content.tensor_infos.get(name) else {
            return Err(EngineError::MissingTensor { path: path(), name: name.into() });
        };
        if info.shape.dims() != dims {
            let why = format!("{name} has shape {:?}, expected {dims:?}", info.shape.dims());
            return Err(EngineError::Model { path: path(), why });
        }
        self.content.tensor(file, name, self.device).map_err(|e| EngineError::Model {
            path: path(),
            why: format!("{name} cannot be read ({e}); it may be cut short"),
        })
    }

    fn matrix(
        &self,
        file: &mut BufReader<File>,
        name: &str,
        (rows, columns): (usize, usize),
        interleaved_heads: Option<usize>,
    ) -> Result<Matrix> {
        let mut stored = self.stored(file, name, &[rows, columns])?;
        if let Some(heads) = interleaved_heads {
            stored = halves_from_interleaved(&stored, heads, self.device)?;
        }
        match self.precision {
            Precision::Dense => Ok(Matrix::Dense(stored.dequantize(self.device)?)),
            Precision::Stored => Matrix::quantized(stored),
            Precision::Compact if HAS_FAST_PRODUCT.contains(&stored.dtype()) => Matrix::quantized(stored),
            Precision::Compact => {
                let dense = stored.dequantize(self.device)?;
                // Eight bits hold what four or five did to within a fraction of their own rounding.
                if columns.is_multiple_of(GgmlDType::Q8_0.block_size()) {
                    Matrix::quantized(QTensor::quantize(&dense, GgmlDType::Q8_0)?)
                } else {
                    Ok(Matrix::Dense(dense))
                }
            }
        }
    }

    fn gain(&self, file: &mut BufReader<File>, name: &str, width: usize) -> Result<Tensor> {
        Ok(self.stored(file, name, &[width])?.dequantize(self.device)?)
    }
}

/// GGUF writers of the Llama architecture interleave the rows of each query and key head: row `2i + s` of a head
/// there is row `s * head_dim / 2 + i` here. Whole rows of blocks move, so nothing is dequantized.
fn halves_from_interleaved(stored: &QTensor, heads: usize, device: &Device) -> Result<QTensor> {
    let (rows, _) = stored.shape().dims2()?;
    let data = stored.data()?;
    let row_bytes = data.len() / rows;
    let head_dim = rows / heads;
    let mut moved = Vec::with_capacity(data.len());
    for row in 0..rows {
        let (head, within) = (row / head_dim, row % head_dim);
        let (half, index) = (within / (head_dim / 2), within % (head_dim / 2));
        let from = head * head_dim + 2 * index + half;
        moved.extend_from_slice(&data[from * row_bytes..(from + 1) * row_bytes]);
    }
    let storage = QStorage::from_data(moved.into(), device, stored.dtype())?;
    Ok(QTensor::new(storage, stored.shape().clone())?)
}

/// Loads the weights of a Hugging Face checkpoint: one or several safetensors files.
///
/// # Errors
/// When a file cannot be read, or a tensor is missing or misshaped.
pub fn load_safetensors(files: &[PathBuf], config: &Config, device: &Device) -> Result<Weights> {
    let folder = files.first().and_then(|f| f.parent()).unwrap_or(Path::new("."));
    let mut tensors = std::collections::HashMap::new();
    for file in files {
        // Read whole rather than mapped: a file that changes under a mapping is undefined behaviour.
        let bytes = std::fs::read(file).map_err(|source| EngineError::Read { path: file.clone(), source })?;
        let part = candle_core::safetensors::load_buffer(&bytes, device)
            .map_err(|e| EngineError::Model { path: file.clone(), why: e.to_string() })?;
        tensors.extend(part);
    }
    let mut take = |name: String, dims: &[usize]| -> Result<Tensor> {
        let tensor = tensors
            .remove(&name)
            .ok_or_else(|| EngineError::MissingTensor { path: folder.into(), name: name.clone() })?;
        if tensor.dims() != dims {
            let why = format!("{name} has shape {:?}, expected {dims:?}", tensor.dims());
            return Err(EngineError::Model { path: folder.into(), why });
        }
        Ok(tensor.to_dtype(DType::F32)?)
    };
    let table = [config.vocabulary, config.hidden];
    let embedding = Matrix::Dense(take("model.embed_tokens.weight".into(), &table)?);
    let head = match take("lm_head.weight".into(), &table) {
        Ok(head) => Matrix::Dense(head),
        Err(EngineError::MissingTensor { .. }) => embedding.clone(),
        Err(other) => return Err(other),
    };
    let mut layers = Vec::with_capacity(config.layers);
    for layer in 0..config.layers {
        let mut projections = Vec::with_capacity(Projection::ALL.len());
        for projection in Projection::ALL {
            let (rows, columns) = projection.dims(config);
            let name = format!("model.layers.{layer}.{}.weight", projection.path());
            projections.push(Matrix::Dense(take(name, &[rows, columns])?));
        }
        let mut gain = |name: &str| take(format!("model.layers.{layer}.{name}.weight"), &[config.hidden]);
        layers.push(LayerWeights::new(
            gain("input_layernorm")?,
            gain("post_attention_layernorm")?,
            projections.try_into().expect("one matrix for each projection"),
        ));
    }
    let norm = take("model.norm.weight".into(), &[config.hidden])?;
    Ok(Weights { embedding, layers, norm, head })
}
