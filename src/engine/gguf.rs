//! Reads weights from a GGUF file. Knows no adapter and no text.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use candle_core::quantized::gguf_file::Content;
use candle_core::quantized::{GgmlDType, QStorage, QTensor};
use candle_core::{DType, Device, Tensor};

use super::config::{Architecture, Config};
use super::describe::unsupported;
use super::error::{EngineError, Result};
use super::matrix::Matrix;
use super::projection::Projection;
use super::weights::{Extras, LayerWeights, Precision, Weights};

/// RoPE scaling: divisors of the frequencies, in files of models with an extended context.
const FREQUENCY_DIVISORS: &str = "rope_freqs.weight";

pub struct Gguf<'a> {
    content: &'a Content,
    path: &'a Path,
    precision: Precision,
    device: &'a Device,
    file: RefCell<BufReader<File>>,
    /// Names of tensors that have not been read yet.
    unread: RefCell<BTreeSet<&'a str>>,
}

impl<'a> Gguf<'a> {
    /// # Errors
    /// When the file cannot be opened.
    pub fn open(content: &'a Content, path: &'a Path, precision: Precision, device: &'a Device) -> Result<Self> {
        let file = File::open(path).map_err(|source| EngineError::Read { path: path.into(), source })?;
        let file = RefCell::new(BufReader::with_capacity(1 << 20, file));
        let unread = RefCell::new(content.tensor_infos.keys().map(String::as_str).collect());
        Ok(Self { content, path, precision, device, file, unread })
    }

    /// The divisors of the RoPE frequencies, if the file has any.
    pub fn frequency_divisors(&self) -> Result<Option<Vec<f64>>> {
        let Some(info) = self.content.tensor_infos.get(FREQUENCY_DIVISORS) else { return Ok(None) };
        let values = self.vector(FREQUENCY_DIVISORS, info.shape.elem_count())?.to_vec1::<f32>()?;
        Ok(Some(values.into_iter().map(f64::from).collect()))
    }

    /// All weights. An unknown tensor is an error: ignoring it would change every output.
    ///
    /// # Errors
    /// When a tensor is missing, unknown or has the wrong shape, or the file is truncated.
    pub fn weights(&self, config: &Config) -> Result<Weights> {
        let table = (config.vocabulary, config.hidden);
        let embedding = self.matrix("token_embd.weight", table, None)?;
        let own_head = self.content.tensor_infos.contains_key("output.weight");
        let head = if own_head { self.matrix("output.weight", table, None)? } else { embedding.clone() };
        let layers = (0..config.layers).map(|layer| self.layer(config, layer)).collect::<Result<_>>()?;
        let norm = self.vector("output_norm.weight", config.hidden)?;
        match self.unread.borrow().first() {
            Some(name) => Err(unsupported(self.path, format!("tensor {name}"))),
            None => Ok(Weights { embedding, layers, norm, head }),
        }
    }

    fn layer(&self, config: &Config, layer: usize) -> Result<LayerWeights> {
        let llama = config.family.architecture == Architecture::Llama;
        let name = |part: &str| format!("blk.{layer}.{part}");
        let mut projections = Vec::with_capacity(Projection::ALL.len());
        for projection in Projection::ALL {
            let heads = match projection {
                Projection::Query => Some(config.heads),
                Projection::Key => Some(config.kv_heads),
                _ => None,
            };
            let name = name(&format!("{}.weight", projection.gguf()));
            projections.push(self.matrix(&name, projection.dims(config), heads.filter(|_| llama))?);
        }
        let gain = |part: &str, width| self.vector(&name(part), width);
        let mut extras = Extras::default();
        if config.family.bias {
            let bias = |projection: Projection| gain(&format!("{}.bias", projection.gguf()), projection.dims(config).0);
            extras.bias = Some([bias(Projection::Query)?, bias(Projection::Key)?, bias(Projection::Value)?]);
        }
        if config.family.head_norm {
            let w = config.head_dim;
            extras.head_norms = Some([gain("attn_q_norm.weight", w)?, gain("attn_k_norm.weight", w)?]);
        }
        if config.family.branch_norm {
            let d = config.hidden;
            extras.branch_norms = Some([gain("post_attention_norm.weight", d)?, gain("post_ffw_norm.weight", d)?]);
        }
        Ok(LayerWeights {
            attention_norm: gain("attn_norm.weight", config.hidden)?,
            feed_forward_norm: gain("ffn_norm.weight", config.hidden)?,
            extras,
            projections: projections.try_into().expect("one matrix for each projection"),
        })
    }

    fn stored(&self, name: &str, dims: &[usize]) -> Result<QTensor> {
        let path = || self.path.to_path_buf();
        let Some(info) = self.content.tensor_infos.get(name) else {
            return Err(EngineError::MissingTensor { path: path(), name: name.into() });
        };
        if info.shape.dims() != dims {
            let why = format!("{name} has shape {:?}, expected {dims:?}", info.shape.dims());
            return Err(EngineError::Model { path: path(), why });
        }
        self.unread.borrow_mut().remove(name);
        self.content.tensor(&mut *self.file.borrow_mut(), name, self.device).map_err(|e| EngineError::Model {
            path: path(),
            why: format!("{name} cannot be read ({e}); the file may be truncated"),
        })
    }

    fn matrix(&self, name: &str, (rows, columns): (usize, usize), interleaved: Option<usize>) -> Result<Matrix> {
        let mut stored = self.stored(name, &[rows, columns])?;
        if let Some(heads) = interleaved {
            stored = halves_from_interleaved(&stored, heads, self.device)?;
        }
        match float(stored.dtype()) {
            Some(dtype) => {
                let dense = Tensor::from_raw_buffer(&stored.data()?, dtype, &[rows, columns], self.device)?;
                self.precision.load_floats(dense)
            }
            None => self.precision.load_blocks(stored),
        }
    }

    fn vector(&self, name: &str, width: usize) -> Result<Tensor> {
        Ok(self.stored(name, &[width])?.dequantize(self.device)?)
    }
}

/// The element type of a format without blocks.
fn float(format: GgmlDType) -> Option<DType> {
    match format {
        GgmlDType::F32 => Some(DType::F32),
        GgmlDType::F16 => Some(DType::F16),
        GgmlDType::BF16 => Some(DType::BF16),
        _ => None,
    }
}

/// GGUF files of the Llama architecture interleave the rows of each query and key head: their row `2i + s` of a head
/// is row `s * head_dim / 2 + i` here. Whole rows of blocks are moved, so nothing is dequantized.
fn halves_from_interleaved(stored: &QTensor, heads: usize, device: &Device) -> Result<QTensor> {
    let (rows, _) = stored.shape().dims2()?;
    let data = stored.data()?;
    let row_bytes = data.len() / rows;
    let head_dim = rows / heads;
    let mut reordered = Vec::with_capacity(data.len());
    for row in 0..rows {
        let (head, within) = (row / head_dim, row % head_dim);
        let (half, index) = (within / (head_dim / 2), within % (head_dim / 2));
        let from = head * head_dim + 2 * index + half;
        reordered.extend_from_slice(&data[from * row_bytes..(from + 1) * row_bytes]);
    }
    let storage = QStorage::from_data(reordered.into(), device, stored.dtype())?;
    Ok(QTensor::new(storage, stored.shape().clone())?)
}
