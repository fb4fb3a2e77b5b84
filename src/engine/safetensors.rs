//! Reads weights from a Hugging Face checkpoint: one or more safetensors files. Knows no adapter and no text.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use candle_core::{DType, Device, Tensor};

use super::config::{Architecture, Config};
use super::describe::unsupported;
use super::error::{EngineError, Result};
use super::matrix::Matrix;
use super::projection::Projection;
use super::weights::{Extras, LayerWeights, Precision, Weights};

/// Redundant tensors in some checkpoints: tables that follow from the configuration, and a head tied to the embedding.
const DERIVED: [&str; 2] = ["rotary_emb.inv_freq", "lm_head.weight"];

/// The tensors of a checkpoint, removed one by one so that each is in memory once.
struct Checkpoint<'a> {
    tensors: RefCell<BTreeMap<String, Tensor>>,
    folder: &'a Path,
    precision: Precision,
}

/// # Errors
/// When a file cannot be read, or a tensor is missing, unknown or has the wrong shape.
pub fn load(files: &[PathBuf], config: &Config, precision: Precision, device: &Device) -> Result<Weights> {
    let folder = files.first().and_then(|file| file.parent()).unwrap_or(Path::new("."));
    let mut tensors = BTreeMap::new();
    for file in files {
        // Read rather than memory-mapped: a file that changes under a mapping is undefined behaviour.
        let bytes = std::fs::read(file).map_err(|source| EngineError::Read { path: file.clone(), source })?;
        let part = candle_core::safetensors::load_buffer(&bytes, device)
            .map_err(|e| EngineError::Model { path: file.clone(), why: e.to_string() })?;
        tensors.extend(part);
    }
    let checkpoint = Checkpoint { tensors: RefCell::new(tensors), folder, precision };
    let table = [config.vocabulary, config.hidden];
    let embedding = checkpoint.matrix("model.embed_tokens.weight", table)?;
    let head = match checkpoint.matrix("lm_head.weight", table) {
        Ok(head) => head,
        Err(EngineError::MissingTensor { .. }) => embedding.clone(),
        Err(other) => return Err(other),
    };
    let layers = (0..config.layers).map(|layer| checkpoint.layer(config, layer)).collect::<Result<_>>()?;
    let norm = checkpoint.gain(config, "model.norm.weight", config.hidden)?;
    let unread = checkpoint.tensors.into_inner();
    match unread.keys().find(|name| !DERIVED.iter().any(|derived| name.ends_with(derived))) {
        Some(name) => Err(unsupported(folder, format!("tensor {name}"))),
        None => Ok(Weights { embedding, layers, norm, head }),
    }
}

impl Checkpoint<'_> {
    fn layer(&self, config: &Config, layer: usize) -> Result<LayerWeights> {
        let name = |part: &str| format!("model.layers.{layer}.{part}");
        let gain = |part: &str, width| self.gain(config, &name(part), width);
        let mut projections = Vec::with_capacity(Projection::ALL.len());
        for projection in Projection::ALL {
            let (rows, columns) = projection.dims(config);
            projections.push(self.matrix(&name(&format!("{}.weight", projection.path())), [rows, columns])?);
        }
        let (d, w) = (config.hidden, config.head_dim);
        let mut extras = Extras::default();
        if config.family.bias {
            let bias = |projection: Projection| {
                let width = projection.dims(config).0;
                Ok(self.take(&name(&format!("{}.bias", projection.path())), &[width])?.to_dtype(DType::F32)?)
            };
            let bias: [Result<Tensor>; 3] = [Projection::Query, Projection::Key, Projection::Value].map(bias);
            let [query, key, value] = bias;
            extras.bias = Some([query?, key?, value?]);
        }
        if config.family.head_norm {
            extras.head_norms = Some([gain("self_attn.q_norm.weight", w)?, gain("self_attn.k_norm.weight", w)?]);
        }
        // The same name is used for the norm before feed-forward and, in families with branch norms, for that of
        // attention's output.
        let before_feed_forward = if config.family.branch_norm {
            let names = ["post_attention_layernorm.weight", "post_feedforward_layernorm.weight"];
            extras.branch_norms = Some([gain(names[0], d)?, gain(names[1], d)?]);
            "pre_feedforward_layernorm.weight"
        } else {
            "post_attention_layernorm.weight"
        };
        Ok(LayerWeights {
            attention_norm: gain("input_layernorm.weight", d)?,
            feed_forward_norm: gain(before_feed_forward, d)?,
            extras,
            projections: projections.try_into().expect("one matrix for each projection"),
        })
    }

    fn take(&self, name: &str, dims: &[usize]) -> Result<Tensor> {
        let tensor = self.tensors.borrow_mut().remove(name);
        let tensor =
            tensor.ok_or_else(|| EngineError::MissingTensor { path: self.folder.into(), name: name.to_owned() })?;
        if tensor.dims() != dims {
            let why = format!("{name} has shape {:?}, expected {dims:?}", tensor.dims());
            return Err(EngineError::Model { path: self.folder.into(), why });
        }
        if !matches!(tensor.dtype(), DType::F32 | DType::F16 | DType::BF16) {
            return Err(unsupported(self.folder, format!("tensor {name} of type {:?}", tensor.dtype())));
        }
        Ok(tensor)
    }

    fn matrix(&self, name: &str, dims: [usize; 2]) -> Result<Matrix> {
        self.precision.load_floats(self.take(name, &dims)?)
    }

    /// A norm's gain. Gemma's checkpoints store its difference from one.
    fn gain(&self, config: &Config, name: &str, width: usize) -> Result<Tensor> {
        let gain = self.take(name, &[width])?.to_dtype(DType::F32)?;
        if config.family.architecture == Architecture::Gemma3 { Ok((gain + 1.0)?) } else { Ok(gain) }
    }
}
