//! Time to held-out loss of this program's training on (request, reply) pairs, for comparison with another trainer on the
//! same pairs.
//!
//! usage: `xpert-lab study time-to-loss MODEL.gguf PAIRS.jsonl [NAME=VALUE ...]`
//! names: texts=200 held_out=24 steps=60 every=10 tokens=768 rate=1e-3 reply=220 preset=full blocks=10
//! PAIRS.jsonl has `context`, `input` (may be empty) and `response`, or `ids` and `reply_start` where both sides are to read the
//! very same tokens. The first texts are trained on, the last ones held
//! out; replies are cut at `reply` tokens. Prints one JSON line per validation; `train_s` is the time in steps alone.

use candle_core::Device;
use serde::Deserialize;
use xpert::engine::threads::available;
use xpert::engine::{Adapter, Message, Model, ModelPath, Precision, Sequence};
use xpert::platform::cancel::Cancel;
use xpert::training::examples::Encoded;
use xpert::training::{Event, Method, Plan, Preset, Trainer};

use super::setup::{Fallible, Settings};

/// One line of the file.
#[derive(Deserialize)]
#[serde(untagged)]
enum Pair {
    Tokens {
        ids: Vec<u32>,
        reply_start: usize,
    },
    Text {
        context: String,
        #[serde(default)]
        input: String,
        response: String,
    },
}

impl Pair {
    fn sequence(&self, model: &Model, reply: usize) -> Result<Sequence, xpert::engine::EngineError> {
        let (context, input, response) = match self {
            Self::Tokens { ids, reply_start } => {
                return Ok(Sequence { ids: ids.clone(), reply_start: *reply_start });
            }
            Self::Text { context, input, response } => (context, input, response),
        };
        let request = if input.is_empty() { context.clone() } else { format!("{context}\n{input}") };
        let prompt = model.prompt_ids(&[Message::user(request)])?;
        let mut answer = model.tokenizer.encode(response)?;
        answer.truncate(reply);
        answer.push(model.tokenizer.end);
        Ok(Sequence { reply_start: prompt.len(), ids: [prompt, answer].concat() })
    }
}

pub fn run(arguments: &[String]) -> Fallible<()> {
    let [file, pairs, rest @ ..] = arguments else {
        return Err("usage: time-to-loss MODEL.gguf PAIRS.jsonl [NAME=VALUE ...]".into());
    };
    let settings = Settings::of(rest);
    let number = |name: &str, default: usize| settings.number(name, default);
    let model = Model::load(&ModelPath::Gguf(file.into()), Precision::Stored)?;
    let text = std::fs::read_to_string(pairs)?;
    let pairs: Vec<Pair> = text.lines().map(serde_json::from_str).collect::<Result<_, _>>()?;
    let reply = number("reply", 220)?;
    let encode = |pairs: &[Pair]| pairs.iter().map(|pair| pair.sequence(&model, reply)).collect::<Result<Vec<_>, _>>();
    let (texts, held_out) = (number("texts", 200)?, number("held_out", 24)?);
    let data = Encoded {
        train: encode(&pairs[..texts])?,
        held_out: encode(&pairs[pairs.len() - held_out..])?,
        cut: 0,
        moved: 0,
        fingerprint: String::new(),
    };
    let preset: Preset = settings.get("preset").unwrap_or("full").parse()?;
    let method = match preset {
        Preset::Full => Method::full(available()),
        Preset::Checkpointed => Method::checkpointed(available()),
        Preset::LastLayers => {
            let method = Method::last_layers(available(), &model.config, number("blocks", 10)?);
            Method { cache: usize::MAX, ..method }
        }
    };
    let plan = Plan {
        steps: number("steps", 60)?,
        validate_every: number("every", 10)?,
        tokens_per_step: number("tokens", Plan::default().tokens_per_step)?,
        learning_rate: settings.number("rate", Plan::default().learning_rate)?,
        checkpoint_every: usize::MAX,
        patience: None,
        method,
        ..Plan::default()
    };
    let adapter = Adapter::new(&model.config, &plan.shape, plan.seed, &Device::Cpu)?;
    let folder = std::env::temp_dir().join(format!("time-to-loss-{}", std::process::id()));
    let mut trainer = Trainer::start(&model, "base", &data, plan, adapter, "scratch", &folder)?;
    let (mut train_seconds, mut train_tokens) = (0.0, 0);
    trainer.run(&Cancel::new(), &mut |event| match event {
        Event::Step { tokens, seconds, .. } => {
            train_tokens += tokens;
            train_seconds += seconds;
        }
        Event::Validation { step, held_out_loss, .. } => println!(
            "{{\"step\": {step}, \"train_s\": {train_seconds:.1}, \"held_out_loss\": {held_out_loss:.4}, \"tokens\": {train_tokens}}}"
        ),
        _ => {}
    })?;
    std::fs::remove_dir_all(folder)?;
    Ok(())
}
