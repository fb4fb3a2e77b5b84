//! The state of a run in one file, written so that a kill at any moment leaves a complete one. Knows no training loop.

use std::collections::HashMap;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use candle_core::{Device, Tensor};
use serde::{Deserialize, Serialize};

use super::batches::Cursor;
use super::error::TrainingError;
use super::event::Ending;
use super::optimizer::AdamW;
use super::plan::Plan;
use crate::engine::Adapter;
use crate::engine::adapter::{LayerPairs, tensors};
use crate::engine::config::Config;
use crate::platform::paths::{private_dir, write_atomically_with};

const FILE: &str = "checkpoint.safetensors";
const STATE_KEY: &str = "xpert.state";
/// Steps since the moments were last zero: fewer than the run's after a rollback.
const OPTIMIZER_KEY: &str = "xpert.optimizer.steps";
const VERSION: u32 = 2;

/// What a run needs, besides the model and the texts, to continue as if it had never stopped.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct State {
    version: u32,
    pub plan: Plan,
    /// Steps completed.
    pub step: usize,
    pub cursor: Cursor,
    pub best: Best,
    /// Held-out loss before the first step, nats per token.
    pub held_out_before: f64,
    /// Validations since the best one.
    pub stale: usize,
    /// The step of the last validation.
    pub validated: usize,
    /// Number of rollbacks to the best adapter.
    pub rollbacks: usize,
    /// Training time so far in seconds, without pauses, and tokens seen.
    pub seconds: f64,
    pub tokens: usize,
    /// The start point: an id of the library, a blend, or [`SCRATCH`](crate::training::SCRATCH).
    pub started_from: String,
    /// Identifies the texts it trains on.
    pub fingerprint: String,
    pub base: String,
}

/// The metadata of a safetensors file.
#[derive(Deserialize)]
struct Header {
    #[serde(rename = "__metadata__", default)]
    metadata: HashMap<String, String>,
}

#[derive(Deserialize)]
struct Version {
    version: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Best {
    pub step: usize,
    /// Nats per token.
    pub held_out_loss: f64,
}

impl State {
    pub fn new(plan: Plan, held_out_before: f64, started_from: &str, fingerprint: &str, base: &str) -> Self {
        Self {
            version: VERSION,
            plan,
            step: 0,
            cursor: Cursor::default(),
            best: Best { step: 0, held_out_loss: held_out_before },
            held_out_before,
            stale: 0,
            validated: 0,
            rollbacks: 0,
            seconds: 0.0,
            tokens: 0,
            started_from: started_from.into(),
            fingerprint: fingerprint.into(),
            base: base.into(),
        }
    }

    pub fn validation_is_due(&self) -> bool {
        let last = self.step >= self.plan.steps || self.is_out_of_time();
        self.validated < self.step && (last || self.step.is_multiple_of(self.plan.validate_every))
    }

    fn is_out_of_time(&self) -> bool {
        self.plan.minutes.is_some_and(|minutes| self.seconds >= minutes * 60.0)
    }

    /// Why the run is finished, if it is.
    pub fn ending(&self) -> Option<Ending> {
        if self.step >= self.plan.steps {
            Some(Ending::Completed)
        } else if self.is_out_of_time() {
            Some(Ending::TimeUp)
        } else if self.plan.patience.is_some_and(|patience| self.stale >= patience) {
            Some(Ending::NoLongerImproving)
        } else {
            None
        }
    }
}

#[derive(Clone, Debug)]
pub struct Checkpoint {
    pub state: State,
    pub adapter: Adapter,
    /// The adapter at the best validation.
    pub best_adapter: Adapter,
    pub optimizer: AdamW,
}

/// Prefixes of the sets of matrices in the file.
const CURRENT: &str = "adapter";
const BEST: &str = "best";
const FIRST: &str = "first";
const SECOND: &str = "second";

impl Checkpoint {
    /// Whether `folder` contains one.
    pub fn exists(folder: &Path) -> bool {
        folder.join(FILE).is_file()
    }

    /// Writes the file atomically.
    ///
    /// # Errors
    /// When the folder cannot be written; the earlier checkpoint is then unchanged.
    pub fn save(&self, folder: &Path) -> Result<(), TrainingError> {
        let path = folder.join(FILE);
        let mut named: Vec<(String, &Tensor)> = Vec::new();
        for (prefix, adapter) in [(CURRENT, &self.adapter), (BEST, &self.best_adapter)] {
            named.extend(tensors(&adapter.layers).map(|(name, t)| (format!("{prefix}.{name}"), t)));
        }
        let learned = &self.adapter.layers[self.state.plan.method.scope.first_layer..];
        for (prefix, moments) in [(FIRST, &self.optimizer.first), (SECOND, &self.optimizer.second)] {
            named.extend(tensors(learned).zip(moments).map(|((name, _), t)| (format!("{prefix}.{name}"), t)));
        }
        let bad = |why: String| TrainingError::BadCheckpoint { path: path.clone(), why };
        let state = serde_json::to_string(&self.state).map_err(|e| bad(e.to_string()))?;
        let steps = self.optimizer.step.to_string();
        let metadata = HashMap::from([(STATE_KEY.to_owned(), state), (OPTIMIZER_KEY.to_owned(), steps)]);
        // Tensor by tensor: the whole file would be a quarter of a small board's free memory.
        let write =
            |to: &Path| safetensors::serialize_to_file(named, Some(metadata), to).map_err(std::io::Error::other);
        private_dir(folder)
            .and_then(|()| write_atomically_with(&path, write))
            .map_err(|source| TrainingError::Write { path: path.clone(), source })
    }

    /// # Errors
    /// When there is none, or it is damaged, of another version, or for a model of another shape.
    pub fn load(folder: &Path, config: &Config, device: &Device) -> Result<Self, TrainingError> {
        let path = folder.join(FILE);
        let (state, optimizer_steps) = parse_state(&path, &read_header(&path)?)?;
        let bad = |why: &str| TrainingError::BadCheckpoint { path: path.clone(), why: why.into() };
        let bytes = std::fs::read(&path).map_err(|e| bad(&e.to_string()))?;
        let mut named = candle_core::safetensors::load_buffer(&bytes, device).map_err(|e| bad(&e.to_string()))?;
        drop(bytes);
        let template = Adapter::new(config, &state.plan.shape, 0, device)?;
        let first_layer = state.plan.method.scope.first_layer;
        if first_layer > config.layers {
            return Err(bad("it is for another base model"));
        }
        let mut set = |prefix: &str, layers: &[LayerPairs]| -> Result<Vec<Tensor>, TrainingError> {
            tensors(layers)
                .map(|(name, shape)| {
                    named
                        .remove(&format!("{prefix}.{name}"))
                        .filter(|t| t.dims() == shape.dims())
                        .ok_or_else(|| bad("it is for another base model"))
                })
                .collect()
        };
        let adapter = with_tensors(&template, set(CURRENT, &template.layers)?);
        let best_adapter = with_tensors(&template, set(BEST, &template.layers)?);
        let learned = &template.layers[first_layer..];
        let optimizer = AdamW { first: set(FIRST, learned)?, second: set(SECOND, learned)?, step: optimizer_steps };
        Ok(Self { state, adapter, best_adapter, optimizer })
    }

    /// Loads only the state, without the matrices.
    ///
    /// # Errors
    /// When there is none, or it is damaged or of another version.
    pub fn load_state(folder: &Path) -> Result<State, TrainingError> {
        let path = folder.join(FILE);
        let header = read_header(&path)?;
        Ok(parse_state(&path, &header)?.0)
    }

    /// Deletes the file, if it exists.
    ///
    /// # Errors
    /// When it cannot be deleted.
    pub fn delete(folder: &Path) -> Result<(), TrainingError> {
        let path = folder.join(FILE);
        match std::fs::remove_file(&path) {
            Err(source) if source.kind() != std::io::ErrorKind::NotFound => Err(TrainingError::Write { path, source }),
            _ => Ok(()),
        }
    }
}

/// Size of the header's length field, in bytes.
const LENGTH: usize = 8;

/// Reads the header alone, since the whole file is large for a small board's memory.
fn read_header(path: &Path) -> Result<Vec<u8>, TrainingError> {
    let unreadable = |e: std::io::Error| match e.kind() {
        std::io::ErrorKind::NotFound => TrainingError::NoCheckpoint(path.parent().unwrap_or(path).into()),
        _ => TrainingError::BadCheckpoint { path: path.into(), why: e.to_string() },
    };
    let mut file = File::open(path).map_err(unreadable)?;
    let mut length = [0; LENGTH];
    file.read_exact(&mut length).map_err(unreadable)?;
    let (mut header, length) = (Vec::new(), u64::from_le_bytes(length));
    file.take(length).read_to_end(&mut header).map_err(unreadable)?;
    Ok(header)
}

/// The state in a header, and the number of steps in the moments.
fn parse_state(path: &Path, header: &[u8]) -> Result<(State, usize), TrainingError> {
    let bad = |why: String| TrainingError::BadCheckpoint { path: path.into(), why };
    let header: Header = serde_json::from_slice(header).map_err(|e| bad(e.to_string()))?;
    let entry = |key: &str| header.metadata.get(key);
    let text = entry(STATE_KEY).ok_or_else(|| bad("it contains no training state".into()))?;
    // The version first: other versions have unknown fields.
    let Version { version } = serde_json::from_str(text).map_err(|e| bad(e.to_string()))?;
    if version != VERSION {
        return Err(bad(format!("it has version {version}, but this program reads version {VERSION}")));
    }
    let state = serde_json::from_str(text).map_err(|e| bad(e.to_string()))?;
    let steps = entry(OPTIMIZER_KEY).and_then(|steps| steps.parse().ok());
    Ok((state, steps.ok_or_else(|| bad("it does not record the number of optimizer steps".into()))?))
}

fn with_tensors(template: &Adapter, values: Vec<Tensor>) -> Adapter {
    let mut adapter = template.clone();
    for (place, value) in crate::engine::adapter::tensors_mut(&mut adapter.layers).zip(values) {
        *place = value;
    }
    adapter
}
