//! How fast this machine trains and writes, and how much memory that takes. Every part is measured on its own, so that a separate
//! process for each shows that part's memory; who starts the processes is not known here.

use std::time::{Duration, Instant};

use candle_core::Device;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use serde::{Deserialize, Serialize};

use super::context::Context;
use super::error::AppError;
use super::{base, demo};
use crate::engine::adapter::{tensors, tensors_mut};
use crate::engine::config::Config;
use crate::engine::fused::{Keep, Roofline, Scope, cost};
use crate::engine::threads::Workers;
use crate::engine::{Adapter, AdapterShape, Message, Model, Precision, SamplingParams, Sequence, generate};
use crate::platform::cancel::Cancel;
use crate::platform::system::MemoryProbe;
use crate::training::examples::Encoded;
use crate::training::optimizer::{AdamW, clip};
use crate::training::worker_pool::WorkerPool;
use crate::training::{Method, Preset, TrainingError};

/// What a training step learns from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Texts {
    /// Random tokens, all scored: so many sequences of such a length.
    Random { count: usize, length: usize },
    /// Questions and answers of the demo's invented person, answers scored.
    Chat,
}

/// One thing to measure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    Products,
    Training(Way, Texts),
    Generation,
}

/// A preset; `last-layers` with a number of blocks that learn, or a third of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Way {
    pub preset: Preset,
    pub blocks: Option<usize>,
}

impl std::fmt::Display for Way {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.blocks {
            Some(blocks) => f.pad(&format!("{}-{blocks}", self.preset)),
            None => self.preset.fmt(f),
        }
    }
}

impl std::str::FromStr for Way {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let numbered = text.rsplit_once('-').filter(|(_, blocks)| blocks.starts_with(|c: char| c.is_ascii_digit()));
        let Some((name, blocks)) = numbered else {
            return Ok(Self { preset: text.parse()?, blocks: None });
        };
        let blocks = blocks.parse().ok().filter(|blocks| *blocks > 0);
        match (name.parse()?, blocks) {
            (Preset::LastLayers, Some(_)) => Ok(Self { preset: Preset::LastLayers, blocks }),
            (_, _) => {
                Err(format!("{text} is not valid: only last-layers takes a number of blocks, as in last-layers-10"))
            }
        }
    }
}

/// The result of a part. JSON is read as the first kind that it has all fields of.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Measured {
    /// Whole training steps.
    Training {
        tokens_per_s: f64,
        peak_rss_mb: u64,
        /// 10^9 floating-point operations per second, of those that a step cannot do without.
        gflops: f64,
    },
    /// Reading a prompt, and writing.
    Generation { prefill_tokens_per_s: f64, decode_tokens_per_s: f64 },
    /// Matrix products of a training step alone, all workers together: 10^9 floating-point operations per second.
    Products { gflops: f64 },
}

/// The batch that others are measured with too: 4 x 256.
pub const BATCH: Texts = Texts::Random { count: 4, length: 256 };

impl Part {
    /// All that make up a benchmark, products first.
    pub fn all() -> Vec<Self> {
        let presets = [BATCH, Texts::Chat]
            .into_iter()
            .flat_map(|texts| Preset::ALL.map(|preset| (Way { preset, blocks: None }, texts)));
        let presets = presets.map(|(way, texts)| Self::Training(way, texts));
        std::iter::once(Self::Products).chain(presets).chain([Self::Generation]).collect()
    }
}

impl std::fmt::Display for Part {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Products => write!(f, "products"),
            Self::Generation => write!(f, "generation"),
            Self::Training(way, Texts::Chat) => write!(f, "{way}:chat"),
            Self::Training(way, Texts::Random { count, length }) => write!(f, "{way}:{count}x{length}"),
        }
    }
}

impl std::str::FromStr for Part {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (name, texts) = match text {
            "products" => return Ok(Self::Products),
            "generation" => return Ok(Self::Generation),
            _ => text.split_once(':').ok_or("must be products, generation, or a preset with :chat or :4x256")?,
        };
        let texts = match texts.split_once('x') {
            _ if texts == "chat" => Texts::Chat,
            Some((count, length)) => {
                let number = |text: &str| text.parse().ok().filter(|n| (1..=65_536).contains(n));
                let both = number(count).zip(number(length)).filter(|(_, length)| *length > 1);
                let (count, length) = both.ok_or_else(|| format!("{texts} is not a batch such as 4x256"))?;
                Texts::Random { count, length }
            }
            None => return Err(format!("{texts} is neither chat nor a batch such as 4x256")),
        };
        Ok(Self::Training(name.parse()?, texts))
    }
}

/// Measures one part in this process, products and steps for at least `time`.
///
/// # Errors
/// When there is no base model, computation fails, or the work is cancelled.
pub fn measure(context: &Context, part: Part, time: Duration, cancel: &Cancel) -> Result<Measured, AppError> {
    let threads = context.threads;
    let measured = match part {
        Part::Products => products(&base::load(context, Precision::Stored)?.0.config, threads, time, cancel),
        Part::Training(way, texts) => {
            let model = base::load(context, Precision::Stored)?.0;
            let data = data(&model, texts)?;
            let method = method(&model.config, way, threads);
            training(&model, &data, &method, time, cancel)
        }
        Part::Generation => generation(&base::load(context, Precision::Compact)?.0, cancel),
    };
    Ok(measured?)
}

/// Seconds for which products and steps are repeated by default: long enough that another program's short burst does not decide.
pub const DEFAULT_SECONDS: f64 = 12.0;
/// Steps that make caches and buffers, not counted.
const WARM_UP: usize = 2;
const MIN_STEPS: usize = 3;

/// All workers multiplying at once, each on its own.
fn products(config: &Config, threads: usize, time: Duration, cancel: &Cancel) -> Result<Measured, TrainingError> {
    const ROWS: usize = 256;
    let workers = Workers::new(threads).map_err(TrainingError::Threads)?;
    let rates = workers.run(vec![(); workers.count()], |()| {
        let mut roofline = Roofline::new(config, ROWS);
        roofline.run();
        let (started, mut operations) = (Instant::now(), 0.0);
        while started.elapsed() < time && !cancel.is_requested() {
            operations += roofline.run();
        }
        operations / started.elapsed().as_secs_f64()
    });
    cancel.proceed()?;
    Ok(Measured::Products { gflops: rates.iter().sum::<f64>() / 1e9 })
}

/// Whole optimizer steps over the same texts; for `last-layers` after the epoch that fills its cache.
fn training(
    model: &Model,
    data: &Encoded,
    method: &Method,
    time: Duration,
    cancel: &Cancel,
) -> Result<Measured, TrainingError> {
    let pool = WorkerPool::new(model, data, method)?;
    let mut adapter = Adapter::new(&model.config, &AdapterShape::default(), 1, &Device::Cpu)?;
    // A run keeps the best adapter beside the one that learns.
    let best = adapter.clone();
    let first = method.scope.first_layer;
    let mut optimizer = AdamW::new(tensors(&adapter.layers[first..]).map(|(_, tensor)| tensor))?;
    let batch: Vec<usize> = (0..data.train.len()).collect();
    let (mut seconds, mut counted) = (Vec::new(), Instant::now());
    for step in 0.. {
        if step == WARM_UP {
            counted = Instant::now();
        }
        let started = Instant::now();
        let (_, mut gradients) = pool.gradients(&adapter, &batch, cancel)?;
        clip(&mut gradients, 1.0)?;
        optimizer.update(tensors_mut(&mut adapter.layers[first..]), &gradients, 1e-4)?;
        if step >= WARM_UP {
            seconds.push(started.elapsed().as_secs_f64());
        }
        if seconds.len() >= MIN_STEPS && counted.elapsed() >= time {
            break;
        }
    }
    drop(best);
    seconds.sort_by(f64::total_cmp);
    let median = seconds[seconds.len() / 2];
    let tokens = data.train_tokens();
    Ok(Measured::Training {
        tokens_per_s: tokens as f64 / median,
        peak_rss_mb: MemoryProbe::new().peak_mb(),
        gflops: operations(&model.config, method.scope, data) / median / 1e9,
    })
}

fn method(config: &Config, way: Way, threads: usize) -> Method {
    match way.preset {
        Preset::Full => Method::full(threads),
        Preset::Checkpointed => Method::checkpointed(threads),
        Preset::LastLayers => {
            let blocks = way.blocks.unwrap_or(config.layers / 3);
            Method { cache: usize::MAX, ..Method::last_layers(threads, config, blocks) }
        }
    }
}

/// What a step cannot do without: what is computed a second time to save memory is not counted.
fn operations(config: &Config, scope: Scope, data: &Encoded) -> f64 {
    let scope = Scope { keep: Keep::All, ..scope };
    let each = data.train.iter().map(|sequence| {
        let length = sequence.ids.len();
        cost::step_flops(config, scope, length, length, sequence.labels())
    });
    each.sum()
}

fn data(model: &Model, texts: Texts) -> Result<Encoded, AppError> {
    let train = match texts {
        Texts::Random { count, length } => {
            let random = &mut StdRng::seed_from_u64(1);
            let vocabulary = model.config.vocabulary as u32;
            let length = length.min(model.config.context);
            let ids = |random: &mut StdRng| (0..length).map(|_| random.random_range(0..vocabulary)).collect();
            (0..count).map(|_| Sequence { ids: ids(random), reply_start: 1 }).collect()
        }
        Texts::Chat => {
            const PAIRS: usize = 12;
            const MAX_LENGTH: usize = 512;
            let mut train = Vec::with_capacity(PAIRS);
            for pair in demo::pairs()?.iter().take(PAIRS) {
                train.push(model.encode_pair(&pair.question, &pair.answer, MAX_LENGTH.min(model.config.context))?.0);
            }
            train
        }
    };
    Ok(Encoded { train, held_out: Vec::new(), cut: 0, moved: 0, fingerprint: String::new() })
}

/// Reading a long prompt and sampling tokens, the median of three each.
fn generation(model: &Model, cancel: &Cancel) -> Result<Measured, TrainingError> {
    const ROUNDS: u64 = 3;
    const PROMPT_WORDS: usize = 180;
    const TOKENS: usize = 96;
    let asked = |words: usize| [Message::user(vec!["letter"; words].join(" "))];
    let (mut words, mut prompt) = (PROMPT_WORDS, asked(PROMPT_WORDS));
    // A model with a short context gets a shorter prompt.
    while words > 1 && model.prompt_ids(&prompt)?.len() + TOKENS > model.config.context {
        words /= 2;
        prompt = asked(words);
    }
    let tokens = model.prompt_ids(&prompt)?.len() as f64;
    let (mut prefill, mut decode) = (Vec::new(), Vec::new());
    for seed in 0..ROUNDS {
        cancel.proceed()?;
        let sampling = SamplingParams { max_tokens: TOKENS, seed, ..SamplingParams::default() };
        let generated = generate(model, None, &prompt, &sampling, cancel, &mut |_| {})?;
        prefill.push(tokens / generated.prefill.as_secs_f64());
        decode.push(generated.tokens_per_second());
    }
    cancel.proceed()?;
    let median = |mut rates: Vec<f64>| {
        rates.sort_by(f64::total_cmp);
        rates[rates.len() / 2]
    };
    Ok(Measured::Generation { prefill_tokens_per_s: median(prefill), decode_tokens_per_s: median(decode) })
}
