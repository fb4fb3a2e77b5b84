//! LoRA adapters: their matrices, initial values, and PEFT files. Knows no training loop.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use candle_core::{DType, Device, Tensor};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use serde::{Deserialize, Serialize};

use super::config::Config;
use super::error::{EngineError, Result};
use super::projection::Projection;
use crate::platform::paths::write_atomically;

pub const WEIGHTS_FILE: &str = "adapter_model.safetensors";
pub const CONFIG_FILE: &str = "adapter_config.json";

/// The two factors of one low-rank update, or their gradients: `y += (alpha / rank) x A^T B^T`.
#[derive(Clone, Debug)]
pub struct LoraPair {
    /// Shape (rank, in).
    pub a: Tensor,
    /// Shape (out, rank).
    pub b: Tensor,
}

impl LoraPair {
    /// A pair without effect yet: A uniform in ±1/sqrt(in), as PEFT initialises it, and B zero. `dims` is (out, in).
    pub fn fresh(dims: (usize, usize), rank: usize, random: &mut StdRng, device: &Device) -> Result<Self> {
        let (outputs, inputs) = dims;
        let bound = 1.0 / (inputs as f32).sqrt();
        let values: Vec<f32> = (0..rank * inputs).map(|_| random.random_range(-bound..bound)).collect();
        Ok(Self {
            a: Tensor::from_vec(values, (rank, inputs), device)?,
            b: Tensor::zeros((outputs, rank), DType::F32, device)?,
        })
    }
}

/// The pairs of one block, by [`Projection`].
pub type LayerPairs = [Option<LoraPair>; 7];

/// A low-rank update of a model's linear maps (Hu et al., *LoRA*, 2021).
#[derive(Clone, Debug)]
pub struct Adapter {
    pub rank: usize,
    pub alpha: f64,
    pub layers: Vec<LayerPairs>,
}

impl Adapter {
    /// A new adapter without effect yet: every pair is [`LoraPair::fresh`].
    pub fn new(config: &Config, shape: &AdapterShape, seed: u64, device: &Device) -> Result<Self> {
        let mut random = StdRng::seed_from_u64(seed);
        let mut layers = Vec::with_capacity(config.layers);
        for _ in 0..config.layers {
            let mut pairs = LayerPairs::default();
            for &projection in &shape.projections {
                let pair = LoraPair::fresh(projection.dims(config), shape.rank, &mut random, device)?;
                pairs[projection as usize] = Some(pair);
            }
            layers.push(pairs);
        }
        Ok(Self { rank: shape.rank, alpha: shape.alpha, layers })
    }

    /// The factor alpha / rank.
    pub fn scale(&self) -> f64 {
        self.alpha / self.rank as f64
    }

    pub fn parameters(&self) -> usize {
        tensors(&self.layers).map(|(_, t)| t.elem_count()).sum()
    }

    pub fn projections(&self) -> Vec<Projection> {
        Projection::ALL.into_iter().filter(|p| self.layers.iter().any(|layer| layer[*p as usize].is_some())).collect()
    }

    /// Writes `adapter_model.safetensors` and `adapter_config.json` into `folder`, each atomically.
    ///
    /// # Errors
    /// When the folder cannot be written.
    pub fn save_peft(&self, folder: &Path, base: &str, dtype: DType) -> Result<()> {
        let failed = |why: String| EngineError::Adapter { path: folder.into(), why };
        fs::create_dir_all(folder).map_err(|e| failed(e.to_string()))?;
        let mut named = Vec::new();
        for (name, tensor) in tensors(&self.layers) {
            named.push((format!("base_model.model.model.layers.{name}.weight"), tensor.to_dtype(dtype)?));
        }
        let metadata = HashMap::from([("format".to_owned(), "pt".to_owned())]);
        let bytes = safetensors::serialize(named, Some(metadata)).map_err(|e| failed(e.to_string()))?;
        let config = PeftConfig {
            peft_type: "LORA".into(),
            task_type: Some("CAUSAL_LM".into()),
            base_model_name_or_path: Some(base.into()),
            r: self.rank,
            lora_alpha: self.alpha,
            lora_dropout: 0.0,
            alpha_pattern: None,
            target_modules: self.projections().into_iter().map(|p| p.module().to_owned()).collect(),
            bias: "none".into(),
            fan_in_fan_out: false,
            use_rslora: false,
            inference_mode: true,
        };
        let json = serde_json::to_vec_pretty(&config).map_err(|e| failed(e.to_string()))?;
        write_atomically(&folder.join(WEIGHTS_FILE), &bytes)
            .and_then(|()| write_atomically(&folder.join(CONFIG_FILE), &json))
            .map_err(|e| failed(format!("cannot be written ({e})")))
    }

    /// Reads a PEFT adapter.
    ///
    /// # Errors
    /// When a file is missing, malformed, or made for a model of another shape.
    pub fn load_peft(folder: &Path, config: &Config, device: &Device) -> Result<Self> {
        let read = |name: &str| {
            let path = folder.join(name);
            fs::read(&path).map_err(|source| EngineError::Read { path, source })
        };
        Self::from_peft_bytes(&read(CONFIG_FILE)?, &read(WEIGHTS_FILE)?, config, device, folder)
    }

    /// As [`Self::load_peft`], from the bytes of the two files; `origin` is named in errors.
    ///
    /// # Errors
    /// When the bytes are malformed or made for a model of another shape.
    pub fn from_peft_bytes(
        adapter_config: &[u8],
        weights: &[u8],
        config: &Config,
        device: &Device,
        origin: &Path,
    ) -> Result<Self> {
        let bad = |why: String| EngineError::Adapter { path: origin.into(), why };
        let peft: PeftConfig =
            serde_json::from_slice(adapter_config).map_err(|e| bad(format!("{CONFIG_FILE} is malformed ({e})")))?;
        if peft.peft_type != "LORA" || peft.use_rslora || peft.fan_in_fan_out || peft.bias != "none" || peft.r == 0 {
            return Err(bad("only plain LoRA adapters (no bias, no rsLoRA) are supported".into()));
        }
        // With one alpha for all modules, such an adapter would load and be applied with the wrong scale.
        if !peft.alpha_pattern.unwrap_or_default().is_empty() {
            return Err(bad("it scales modules differently (alpha_pattern), which is not supported".into()));
        }
        let mut named = candle_core::safetensors::load_buffer(weights, device)
            .map_err(|e| bad(format!("{WEIGHTS_FILE} is malformed or truncated ({e})")))?;
        let mut layers = Vec::with_capacity(config.layers);
        for layer in 0..config.layers {
            let mut pairs = LayerPairs::default();
            for projection in Projection::ALL {
                let (outputs, inputs) = projection.dims(config);
                let mut take = |factor: &str, dims: [usize; 2]| -> Result<Option<Tensor>> {
                    let path = projection.path();
                    let name = format!("base_model.model.model.layers.{layer}.{path}.lora_{factor}.weight");
                    match named.remove(&name) {
                        Some(t) if t.dims() == dims => Ok(Some(t.to_dtype(DType::F32)?)),
                        Some(t) => Err(bad(format!("{name} has shape {:?}, this model requires {dims:?}", t.dims()))),
                        None => Ok(None),
                    }
                };
                pairs[projection as usize] = match (take("A", [peft.r, inputs])?, take("B", [outputs, peft.r])?) {
                    (Some(a), Some(b)) => Some(LoraPair { a, b }),
                    (None, None) => None,
                    _ => return Err(bad(format!("layer {layer} has only one factor for {}", projection.module()))),
                };
            }
            layers.push(pairs);
        }
        if let Some(name) = named.keys().min() {
            return Err(bad(format!("it contains {name}, which this model does not have")));
        }
        let adapter = Self { rank: peft.r, alpha: peft.lora_alpha, layers };
        if adapter.parameters() == 0 {
            return Err(bad("it contains no LoRA matrices".into()));
        }
        Ok(adapter)
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AdapterShape {
    pub rank: usize,
    /// The update is scaled by alpha over rank.
    pub alpha: f64,
    pub projections: Vec<Projection>,
}

impl Default for AdapterShape {
    /// Rank 8 on all seven maps with alpha twice the rank.
    fn default() -> Self {
        Self { rank: 8, alpha: 16.0, projections: Projection::ALL.to_vec() }
    }
}

/// All matrices with the middle part of their PEFT names (`3.mlp.up_proj.lora_A`), in a fixed order.
pub fn tensors(layers: &[LayerPairs]) -> impl Iterator<Item = (String, &Tensor)> {
    layers.iter().enumerate().flat_map(|(layer, pairs)| {
        Projection::ALL.into_iter().flat_map(move |projection| {
            pairs[projection as usize].iter().flat_map(move |pair| {
                let path = projection.path();
                [(format!("{layer}.{path}.lora_A"), &pair.a), (format!("{layer}.{path}.lora_B"), &pair.b)]
            })
        })
    })
}

/// The same matrices in the same order, mutable.
pub fn tensors_mut(layers: &mut [LayerPairs]) -> impl Iterator<Item = &mut Tensor> {
    layers.iter_mut().flatten().flatten().flat_map(|pair| [&mut pair.a, &mut pair.b])
}

#[derive(Serialize, Deserialize)]
struct PeftConfig {
    peft_type: String,
    // PEFT writes null for both if they are unknown.
    task_type: Option<String>,
    base_model_name_or_path: Option<String>,
    r: usize,
    lora_alpha: f64,
    #[serde(default)]
    lora_dropout: f64,
    #[serde(default, skip_serializing)]
    alpha_pattern: Option<HashMap<String, f64>>,
    /// Written for PEFT but never read: it may be a pattern instead of names, and the tensors carry the same
    /// information.
    #[serde(skip_deserializing)]
    target_modules: Vec<String>,
    #[serde(default = "no_bias")]
    bias: String,
    #[serde(default)]
    fan_in_fan_out: bool,
    #[serde(default)]
    use_rslora: bool,
    #[serde(default)]
    inference_mode: bool,
}

fn no_bias() -> String {
    "none".into()
}
