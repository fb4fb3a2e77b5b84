//! Making the library anew from the shipped corpora: train an adapter for each style, let base and adapters answer the
//! probe prompts, and describe each by the difference. For developers; `docs/library.md` has the command.

use std::fs;
use std::path::{Path, PathBuf};

use candle_core::Device;

use super::base;
use super::context::Context;
use super::error::AppError;
use crate::engine::{Adapter, Model, Precision, adapter};
use crate::making::{self, Making};
use crate::neural;
use crate::platform::cancel::Cancel;
use crate::platform::digest;
use crate::platform::paths::write_atomically;
use crate::selection::{BASE_READING, BaseCard, Card, Manifest, ManifestEntry, READING, Signature};
use crate::style::{Corpus, Sample, StyleSpace, Use};
use crate::training::{Example, Method, Plan};

/// Passes over a corpus, and the size of a step: on less than a hundred texts, more small steps beat fewer large ones.
const PASSES: usize = 3;
const TOKENS_PER_STEP: usize = 384;

/// Where the parallel corpus is, among the assets.
const STYLES: &str = "styles";

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
            let (model, base) = base::load(self.context, Precision::Stored)?;
            let making = Making { model: &model, base: &base, threads: self.context.threads, cancel };
            for entry in &manifest.models {
                self.train(entry, &making, report)?;
            }
        }
        let (model, base_id) = base::load(self.context, Precision::Dense)?;
        let making = Making { model: &model, base: &base_id, threads: self.context.threads, cancel };
        self.answers(&manifest, &making, |id| making::adapter_folder(&self.folder(id)), report)?;
        self.cards(&manifest, &base_id, report)?;
        self.readings(&manifest, &model, &base_id, report)
    }

    /// Lets base and library models, as they are in `assets/library`, answer the probes where they have not, and writes what the base
    /// model reads of that.
    ///
    /// # Errors
    /// As [`build`](Self::build).
    pub fn read(&self, cancel: &Cancel, report: &mut dyn FnMut(&str)) -> Result<(), AppError> {
        let manifest = self.manifest()?;
        let (model, base_id) = base::load(self.context, Precision::Dense)?;
        let making = Making { model: &model, base: &base_id, threads: self.context.threads, cancel };
        self.answers(&manifest, &making, |id| self.assets.join("library").join(id), report)?;
        self.readings(&manifest, &model, &base_id, report)
    }

    fn readings(
        &self,
        manifest: &Manifest,
        model: &Model,
        base_id: &str,
        report: &mut dyn FnMut(&str),
    ) -> Result<(), AppError> {
        let space = StyleSpace::shipped_with_part()?;
        let reader = neural::reader(model, base_id, self.context.threads);
        let library = self.assets.join("library");
        let sample = |id: &str| -> Result<Sample<'_>, AppError> {
            let answers = making::read_answers(&self.answers_path(id))?;
            Ok(Sample::read(space, &answers.iter().map(String::as_str).collect::<Vec<_>>(), &reader)?)
        };
        let measured = sample("base")?.whole();
        let base = BaseCard { base: base_id.to_owned(), space: space.version().to_owned(), measured };
        write_json(&library.join(BASE_READING), &base)?;
        for entry in &manifest.models {
            let signature = Signature::new(space, sample(&entry.id)?.estimate(&base.measured)?);
            write_json(&library.join(&entry.id).join(READING), &signature)?;
            report(&format!("{}: read", entry.id));
        }
        Ok(())
    }

    fn folder(&self, id: &str) -> PathBuf {
        self.work.join(id)
    }

    fn manifest(&self) -> Result<Manifest, AppError> {
        let path = self.assets.join("library").join("library.toml");
        toml::from_str(&read(&path)?).map_err(|e| malformed(&path, &e))
    }

    fn probes(&self) -> Result<Vec<String>, AppError> {
        let text = read(&self.assets.join(STYLES).join("probes.txt"))?;
        Ok(text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect())
    }

    fn train(&self, entry: &ManifestEntry, making: &Making<'_>, report: &mut dyn FnMut(&str)) -> Result<(), AppError> {
        let threads = making.threads;
        let plan = |tokens: usize| Plan {
            patience: None,
            tokens_per_step: TOKENS_PER_STEP,
            steps: (PASSES * tokens).div_ceil(TOKENS_PER_STEP),
            method: Method::full(threads),
            ..Plan::default()
        };
        let examples = examples(&self.assets.join(STYLES), &entry.style)?;
        let tell = &mut |line: &str| report(&format!("{}: {line}", entry.id));
        making::adapt(making, &self.folder(&entry.id), examples, plan, tell)?;
        Ok(())
    }

    /// Lets the base, and every model with the adapter in its `place`, answer the probes where they have not.
    fn answers(
        &self,
        manifest: &Manifest,
        making: &Making<'_>,
        place: impl Fn(&str) -> PathBuf,
        report: &mut dyn FnMut(&str),
    ) -> Result<(), AppError> {
        self.answer("base", making, None, report)?;
        for entry in &manifest.models {
            let adapter = Adapter::load_peft(&place(&entry.id), &making.model.config, &Device::Cpu)?;
            self.answer(&entry.id, making, Some(&adapter), report)?;
        }
        Ok(())
    }

    fn answer(
        &self,
        id: &str,
        making: &Making<'_>,
        adapter: Option<&Adapter>,
        report: &mut dyn FnMut(&str),
    ) -> Result<(), AppError> {
        let tell = &mut |line: &str| report(&format!("{id}: {line}"));
        making::answer(making, adapter, &self.probes()?, &self.answers_path(id), tell)?;
        Ok(())
    }

    fn answers_path(&self, id: &str) -> PathBuf {
        self.work.join("answers").join(format!("{id}.jsonl"))
    }

    fn cards(&self, manifest: &Manifest, base_id: &str, report: &mut dyn FnMut(&str)) -> Result<(), AppError> {
        let space = StyleSpace::shipped()?;
        let library = self.assets.join("library");
        let base = space.measure(&making::read_answers(&self.answers_path("base"))?);
        let base_card = BaseCard { base: base_id.to_owned(), space: space.version().to_owned(), measured: base };
        write_json(&library.join("base.json"), &base_card)?;
        for entry in &manifest.models {
            let answers = making::read_answers(&self.answers_path(&entry.id))?;
            let estimate = Sample::of(space, &answers).estimate(&base_card.measured)?;
            let (from, to) = (making::adapter_folder(&self.folder(&entry.id)), library.join(&entry.id));
            fs::create_dir_all(&to).map_err(AppError::file(&to))?;
            let mut bytes = 0;
            let mut sha256 = String::new();
            for name in [adapter::CONFIG_FILE, adapter::WEIGHTS_FILE] {
                let content = fs::read(from.join(name)).map_err(AppError::file(&from.join(name)))?;
                if name == adapter::WEIGHTS_FILE {
                    bytes = content.len() as u64;
                    sha256 = digest::sha256(&content);
                }
                write_atomically(&to.join(name), &content).map_err(AppError::file(&to.join(name)))?;
            }
            let facts = making::facts(&self.folder(&entry.id))?;
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

/// What a model of the library is trained on: its style's answers to the prompts that no axis was learned from.
fn examples(folder: &Path, style: &str) -> Result<Vec<Example>, AppError> {
    let corpus = Corpus::read(folder)?;
    Ok(corpus
        .answers(style, Use::Models)?
        .into_iter()
        .map(|answer| making::example(&answer.prompt, &answer.text))
        .collect())
}

fn read(path: &Path) -> Result<String, AppError> {
    fs::read_to_string(path).map_err(AppError::file(path))
}

fn write_json(path: &Path, value: &impl serde::Serialize) -> Result<(), AppError> {
    let mut json = serde_json::to_vec(value).map_err(|e| malformed(path, &e))?;
    json.push(b'\n');
    write_atomically(path, &json).map_err(AppError::file(path))
}

fn malformed(path: &Path, why: &dyn std::fmt::Display) -> AppError {
    AppError::Malformed { path: path.into(), why: why.to_string() }
}
