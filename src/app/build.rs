//! Making the library anew from the shipped corpora: train an adapter for each style, let base and adapters answer the
//! probe prompts, and describe each by the difference. For developers; `docs/library.md` has the command.

use std::fs;
use std::path::{Path, PathBuf};

use candle_core::{DType, Device};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::base;
use super::context::Context;
use super::error::AppError;
use super::train::SCRATCH;
use crate::cancel::Cancel;
use crate::engine::threads::Workers;
use crate::engine::{Adapter, Drawing, Model, Precision, Stop, adapter, generate};
use crate::paths::write_atomically;
use crate::selection::{BaseCard, Card, Manifest, ManifestEntry, Signature};
use crate::style::build::BuildOptions;
use crate::style::{self, Answer, Corpus, Sample, StyleSpace, Use};
use crate::training::examples::Encoded;
use crate::training::{Ending, Event, Example, Method, Plan, Split, Trainer};

/// How probe prompts are answered: long enough for answers to end by themselves, or the length axis would lie.
fn drawing(seed: u64) -> Drawing {
    Drawing { max_tokens: 400, seed, ..Drawing::default() }
}

/// Passes over a corpus, and the size of a step: on less than a hundred texts, more small steps beat fewer large ones.
const PASSES: usize = 3;
const TOKENS_PER_STEP: usize = 384;

/// Where the parallel corpus is, among the assets.
const STYLES: &str = "styles";

/// One answer to a probe prompt.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProbeAnswer {
    pub prompt: String,
    pub text: String,
}

/// Where the parts are: `assets` of the repository, and a folder for what is made on the way.
pub struct Workshop<'a> {
    pub context: &'a Context,
    pub assets: PathBuf,
    /// Checkpoints and probe answers; a build that was stopped goes on from here.
    pub work: PathBuf,
}

impl Workshop<'_> {
    /// Trains every adapter of the manifest that is not finished in the work folder, then answers the probes, then
    /// writes adapters and cards into `assets/library`.
    ///
    /// # Errors
    /// When a corpus is malformed, the base model is not here, or a file cannot be written.
    pub fn build(&self, cancel: &Cancel, report: &mut dyn FnMut(&str)) -> Result<(), AppError> {
        let manifest = self.manifest()?;
        {
            let (model, base_id) = base::load(self.context, Precision::Stored)?;
            for entry in &manifest.models {
                self.train(entry, &model, &base_id, cancel, report)?;
            }
        }
        let (model, base_id) = base::load(self.context, Precision::Compact)?;
        let probes = self.probes()?;
        self.answer("base", &model, None, &probes, cancel, report)?;
        for entry in &manifest.models {
            let adapter = Adapter::load_peft(&self.finished(&entry.id), &model.config, &Device::Cpu)?;
            self.answer(&entry.id, &model, Some(&adapter), &probes, cancel, report)?;
        }
        self.cards(&manifest, &base_id, report)
    }

    fn finished(&self, id: &str) -> PathBuf {
        self.work.join(id).join("adapter")
    }

    fn manifest(&self) -> Result<Manifest, AppError> {
        let path = self.assets.join("library").join("library.toml");
        toml::from_str(&read(&path)?).map_err(|e| malformed(&path, &e))
    }

    fn probes(&self) -> Result<Vec<String>, AppError> {
        let text = read(&self.assets.join(STYLES).join("probes.txt"))?;
        Ok(text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect())
    }

    fn train(
        &self,
        entry: &ManifestEntry,
        model: &Model,
        base_id: &str,
        cancel: &Cancel,
        report: &mut dyn FnMut(&str),
    ) -> Result<(), AppError> {
        let (folder, place) = (self.work.join(&entry.id), self.finished(&entry.id));
        if place.join(adapter::CONFIG_FILE).is_file() {
            report(&format!("{}: trained already", entry.id));
            return Ok(());
        }
        let split = Split::of(examples(&self.assets.join(STYLES), &entry.style)?)?;
        let method = Method::full(self.context.threads);
        let mut plan = Plan { patience: None, tokens_per_step: TOKENS_PER_STEP, method, ..Plan::default() };
        let data = Encoded::new(model, &split, plan.longest_sequence)?;
        plan.steps = (PASSES * data.train_tokens()).div_ceil(plan.tokens_per_step);
        let mut trainer = if crate::training::Checkpoint::exists(&folder) {
            Trainer::resume(model, base_id, &data, &folder)?
        } else {
            let adapter = Adapter::new(&model.config, &plan.shape, plan.seed, &Device::Cpu)?;
            Trainer::start(model, base_id, &data, plan, (adapter, SCRATCH.to_owned()), &folder)?
        };
        let outcome = trainer.run(cancel, &mut |event| match event {
            Event::Validation { step, held_out_loss, .. } => {
                report(&format!("{}: step {step}, held-out loss {held_out_loss:.3}", entry.id));
            }
            Event::Step { step, steps, loss, tokens_per_s, .. } if step % 5 == 0 => {
                report(&format!("{}: step {step} of {steps}, loss {loss:.3}, {tokens_per_s:.0} tokens/s", entry.id));
            }
            _ => {}
        })?;
        if outcome.ending == Ending::Stopped {
            return Err(AppError::Cancelled);
        }
        let facts = TrainingFacts {
            texts: data.train.len(),
            held_out_texts: data.held_out.len(),
            steps: outcome.state.best.step,
            held_out_before: outcome.state.held_out_before,
            held_out_after: outcome.state.best.held_out_loss,
        };
        let json = serde_json::to_vec_pretty(&facts).map_err(|e| malformed(&place, &e))?;
        fs::create_dir_all(&place).map_err(AppError::file(&place))?;
        write_atomically(&place.join("facts.json"), &json).map_err(AppError::file(&place))?;
        // The configuration is written last: it marks the adapter as finished.
        outcome.adapter.save_peft(&place, base_id, DType::F16)?;
        Ok(())
    }

    fn answers_path(&self, id: &str) -> PathBuf {
        self.work.join("answers").join(format!("{id}.jsonl"))
    }

    fn answer(
        &self,
        id: &str,
        model: &Model,
        adapter: Option<&Adapter>,
        probes: &[String],
        cancel: &Cancel,
        report: &mut dyn FnMut(&str),
    ) -> Result<(), AppError> {
        let path = self.answers_path(id);
        if path.is_file() {
            report(&format!("{id}: answered already"));
            return Ok(());
        }
        let numbered: Vec<(u64, &String)> = (1..).zip(probes).collect();
        let workers = Workers::new(self.context.threads).map_err(AppError::file(Path::new("threads")))?;
        let shares: Vec<Vec<(u64, &String)>> = (0..workers.count().min(numbered.len()))
            .map(|worker| numbered.iter().skip(worker).step_by(workers.count()).copied().collect())
            .collect();
        let answered = workers.run(shares, |share| -> Result<Vec<_>, AppError> {
            let mut answers = Vec::with_capacity(share.len());
            for (seed, prompt) in share {
                let answer = generate(model, adapter, prompt, &drawing(seed), cancel, &mut |_| {})?;
                if cancel.is_requested() {
                    return Err(AppError::Cancelled);
                }
                answers.push((seed, answer.stop, ProbeAnswer { prompt: prompt.clone(), text: answer.text }));
            }
            Ok(answers)
        });
        let mut answers = Vec::with_capacity(probes.len());
        for part in answered {
            answers.extend(part?);
        }
        answers.sort_by_key(|(seed, ..)| *seed);
        let mut lines = String::new();
        for (_, _, answer) in &answers {
            lines += &serde_json::to_string(answer).map_err(|e| malformed(&path, &e))?;
            lines.push('\n');
        }
        let folder = self.work.join("answers");
        fs::create_dir_all(&folder).map_err(AppError::file(&folder))?;
        write_atomically(&path, lines.as_bytes()).map_err(AppError::file(&path))?;
        let words: usize = answers.iter().map(|(.., answer)| answer.text.split_whitespace().count()).sum();
        let ended = answers.iter().filter(|(_, stop, _)| *stop == Stop::End).count();
        report(&format!("{id}: {words} words for {} probes, {ended} ended by themselves", probes.len()));
        Ok(())
    }

    fn read_answers(&self, id: &str) -> Result<Vec<String>, AppError> {
        let path = self.answers_path(id);
        let answers = read(&path)?;
        let lines = answers.lines().map(serde_json::from_str::<ProbeAnswer>);
        lines.map(|line| line.map(|answer| answer.text).map_err(|e| malformed(&path, &e))).collect()
    }

    fn cards(&self, manifest: &Manifest, base_id: &str, report: &mut dyn FnMut(&str)) -> Result<(), AppError> {
        let space = StyleSpace::shipped()?;
        let library = self.assets.join("library");
        let base = space.measure(&self.read_answers("base")?);
        let base_card = BaseCard { base: base_id.to_owned(), space: space.version().to_owned(), measured: base };
        write_json(&library.join("base.json"), &base_card)?;
        for entry in &manifest.models {
            let answers = self.read_answers(&entry.id)?;
            let estimate = Sample::of(space, &answers).estimate(&base_card.measured)?;
            let (from, to) = (self.finished(&entry.id), library.join(&entry.id));
            fs::create_dir_all(&to).map_err(AppError::file(&to))?;
            let mut bytes = 0;
            let mut sha256 = String::new();
            for name in [adapter::CONFIG_FILE, adapter::WEIGHTS_FILE] {
                let content = fs::read(from.join(name)).map_err(AppError::file(&from.join(name)))?;
                if name == adapter::WEIGHTS_FILE {
                    bytes = content.len() as u64;
                    sha256 = Sha256::digest(&content).iter().map(|byte| format!("{byte:02x}")).collect();
                }
                write_atomically(&to.join(name), &content).map_err(AppError::file(&to.join(name)))?;
            }
            let facts_path = from.join("facts.json");
            let facts: TrainingFacts =
                serde_json::from_str(&read(&facts_path)?).map_err(|e| malformed(&facts_path, &e))?;
            let card = Card {
                id: entry.id.clone(),
                name: entry.name.clone(),
                summary: entry.summary.clone(),
                base: base_id.to_owned(),
                licence: entry.licence.clone(),
                training_texts: facts.texts,
                training_steps: facts.steps,
                held_out_before: facts.held_out_before,
                held_out_after: facts.held_out_after,
                probes: answers.len(),
                probe_words: space.measure(&answers).words(),
                signature: Signature::new(space, estimate),
                adapter_bytes: bytes,
                adapter_sha256: sha256,
            };
            write_json(&to.join("card.json"), &card)?;
            report(&format!("{}: card written", entry.id));
        }
        Ok(())
    }
}

/// Measures the style space anew: reference statistics from `paths`, axes from the corpora. Returns its version.
///
/// # Errors
/// When a file cannot be read or holds too little.
pub fn reference(paths: &[PathBuf], assets: &Path) -> Result<String, AppError> {
    let space = style::build_files(paths, &assets.join(STYLES), &BuildOptions::default())?;
    style::write(&space, &assets.join("style"))?;
    Ok(space.version().to_owned())
}

/// What a card says of an adapter's training.
#[derive(Serialize, Deserialize)]
struct TrainingFacts {
    texts: usize,
    held_out_texts: usize,
    steps: usize,
    held_out_before: f64,
    held_out_after: f64,
}

/// What a model of the library is trained on: its style's answers to the prompts that no axis was learned from.
fn examples(folder: &Path, style: &str) -> Result<Vec<Example>, AppError> {
    let corpus = Corpus::read(folder)?;
    let example = |answer: &Answer| {
        let key = Sha256::digest(answer.prompt.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
        Example { key, request: Some(answer.prompt.clone()), reply: answer.text.clone() }
    };
    Ok(corpus.answers(style, Use::Models)?.into_iter().map(example).collect())
}

fn read(path: &Path) -> Result<String, AppError> {
    fs::read_to_string(path).map_err(AppError::file(path))
}

fn write_json(path: &Path, value: &impl Serialize) -> Result<(), AppError> {
    let mut json = serde_json::to_vec(value).map_err(|e| malformed(path, &e))?;
    json.push(b'\n');
    write_atomically(path, &json).map_err(AppError::file(path))
}

fn malformed(path: &Path, why: &dyn std::fmt::Display) -> AppError {
    AppError::Malformed { path: path.into(), why: why.to_string() }
}
