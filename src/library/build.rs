//! Builds the library from the corpora: an adapter for each style, its answers to the probe prompts, a card that says how these
//! differ from the base model's. Knows where the corpora are among the assets, not how the base model is obtained.

use std::fs;
use std::path::{Path, PathBuf};

use candle_core::Device;

use super::adapter::{AdapterBuilder, adapter_folder, example, facts};
use super::corpus::{Corpus, Use};
use super::error::LibraryError;
use super::probes::read_answers;
use super::shipped::{BASE_EMBEDDING, EMBEDDING, Manifest, ManifestEntry};
use crate::engine::{Adapter, adapter};
use crate::neural;
use crate::platform::digest;
use crate::platform::paths::write_atomically;
use crate::selection::{BaseCard, Card, Signature};
use crate::style::{Sample, StyleSpace};
use crate::training::{Example, Method, Plan};

/// Passes over a corpus, and the size of a step: on less than a hundred texts, more small steps beat fewer large ones.
const EPOCHS: usize = 3;
const TOKENS_PER_STEP: usize = 384;

/// Where the parallel corpus and the library are, among the assets, and what the base's answers are called.
const STYLES: &str = "styles";
const LIBRARY: &str = "library";
const BASE: &str = "base";

/// Builds every model of the manifest. A build that was stopped continues from its work folder.
pub struct LibraryBuilder {
    assets: PathBuf,
    /// Checkpoints and probe answers.
    work: PathBuf,
    manifest: Manifest,
    probes: Vec<String>,
}

impl LibraryBuilder {
    /// For the repository's `assets`, with a folder for what is made meanwhile.
    ///
    /// # Errors
    /// When the manifest or the probe prompts cannot be read.
    pub fn new(assets: &Path, work: &Path) -> Result<Self, LibraryError> {
        let path = assets.join(LIBRARY).join("library.toml");
        let manifest = toml::from_str(&read(&path)?).map_err(|error| LibraryError::malformed(&path, error))?;
        let probes = read(&assets.join(STYLES).join("probes.txt"))?;
        let probes = probes.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect();
        Ok(Self { assets: assets.into(), work: work.into(), manifest, probes })
    }

    /// Trains every adapter that is not finished in the work folder. Training is fastest with the weights as they are stored.
    ///
    /// # Errors
    /// When a corpus is malformed or a file cannot be written; [`LibraryError::Cancelled`] leaves a checkpoint.
    pub fn train(&self, builder: &AdapterBuilder<'_>, report: &mut dyn FnMut(&str)) -> Result<(), LibraryError> {
        let plan = |tokens: usize| Plan {
            patience: None,
            tokens_per_step: TOKENS_PER_STEP,
            steps: (EPOCHS * tokens).div_ceil(TOKENS_PER_STEP),
            method: Method::full(builder.threads),
            ..Plan::default()
        };
        for entry in &self.manifest.models {
            let tell = &mut |line: &str| report(&format!("{}: {line}", entry.id));
            builder.train(&self.folder(&entry.id), self.examples(&entry.style)?, plan, tell)?;
        }
        Ok(())
    }

    /// Lets the base and every trained adapter answer the probes, and writes adapters and cards into `assets/library`. Answering
    /// many probes side by side is fastest with dense weights.
    ///
    /// # Errors
    /// When an adapter is not trained yet, or a file cannot be written.
    pub fn write(&self, builder: &AdapterBuilder<'_>, report: &mut dyn FnMut(&str)) -> Result<(), LibraryError> {
        self.answer(builder, |id| adapter_folder(&self.folder(id)), report)?;
        let space = StyleSpace::shipped()?;
        let measured = space.measure(&read_answers(&self.answers(BASE))?);
        let base = BaseCard { base: builder.base.to_owned(), space: space.version().to_owned(), measured };
        write_json(&self.assets.join(LIBRARY).join("base.json"), &base)?;
        for entry in &self.manifest.models {
            self.write_model(entry, space, &base)?;
            report(&format!("{}: card written", entry.id));
        }
        self.embed(builder, report)
    }

    /// Lets the base and the models in `assets/library` answer the probes where they have not, and writes only the measurements with
    /// the base model's embeddings of the answers.
    ///
    /// # Errors
    /// As [`write`](Self::write).
    pub fn write_embeddings(
        &self,
        builder: &AdapterBuilder<'_>,
        report: &mut dyn FnMut(&str),
    ) -> Result<(), LibraryError> {
        self.answer(builder, |id| self.assets.join(LIBRARY).join(id), report)?;
        self.embed(builder, report)
    }

    fn embed(&self, builder: &AdapterBuilder<'_>, report: &mut dyn FnMut(&str)) -> Result<(), LibraryError> {
        let space = StyleSpace::shipped_with_embeddings()?;
        let encoder = neural::encoder(builder.model, builder.base, builder.threads);
        let library = self.assets.join(LIBRARY);
        let sample = |id: &str| -> Result<Sample<'_>, LibraryError> {
            let answers = read_answers(&self.answers(id))?;
            let answers: Vec<&str> = answers.iter().map(String::as_str).collect();
            Ok(Sample::with_embeddings(space, &answers, &encoder)?)
        };
        let measured = sample(BASE)?.whole();
        let base = BaseCard { base: builder.base.to_owned(), space: space.version().to_owned(), measured };
        write_json(&library.join(BASE_EMBEDDING), &base)?;
        for entry in &self.manifest.models {
            let signature = Signature::new(space, sample(&entry.id)?.estimate(&base.measured)?);
            write_json(&library.join(&entry.id).join(EMBEDDING), &signature)?;
            report(&format!("{}: embeddings written", entry.id));
        }
        Ok(())
    }

    fn folder(&self, id: &str) -> PathBuf {
        self.work.join(id)
    }

    /// Where a model's answers to the probes are kept.
    fn answers(&self, id: &str) -> PathBuf {
        self.work.join("answers").join(format!("{id}.jsonl"))
    }

    /// What a model is trained on: its style's answers to the prompts that no axis was learned from.
    fn examples(&self, style: &str) -> Result<Vec<Example>, LibraryError> {
        let corpus = Corpus::read(&self.assets.join(STYLES))?;
        let answers = corpus.answers(style, Use::Models)?;
        Ok(answers.into_iter().map(|answer| example(&answer.prompt, &answer.text)).collect())
    }

    /// Lets the base, and every model with the adapter in its `place`, answer the probes where they have not.
    fn answer(
        &self,
        builder: &AdapterBuilder<'_>,
        place: impl Fn(&str) -> PathBuf,
        report: &mut dyn FnMut(&str),
    ) -> Result<(), LibraryError> {
        let mut answer = |id: &str, adapter: Option<&Adapter>| {
            builder.answer(adapter, &self.probes, &self.answers(id), &mut |line| report(&format!("{id}: {line}")))
        };
        answer(BASE, None)?;
        for entry in &self.manifest.models {
            let adapter = Adapter::load_peft(&place(&entry.id), &builder.model.config, &Device::Cpu)?;
            answer(&entry.id, Some(&adapter))?;
        }
        Ok(())
    }

    /// Copies a model's adapter to the library and writes its card.
    fn write_model(&self, entry: &ManifestEntry, space: &StyleSpace, base: &BaseCard) -> Result<(), LibraryError> {
        let answers = read_answers(&self.answers(&entry.id))?;
        let estimate = Sample::of(space, &answers).estimate(&base.measured)?;
        let folder = self.folder(&entry.id);
        let (from, to) = (adapter_folder(&folder), self.assets.join(LIBRARY).join(&entry.id));
        fs::create_dir_all(&to).map_err(LibraryError::file(&to))?;
        let copy = |name: &str| -> Result<Vec<u8>, LibraryError> {
            let content = fs::read(from.join(name)).map_err(LibraryError::file(&from.join(name)))?;
            write_atomically(&to.join(name), &content).map_err(LibraryError::file(&to.join(name)))?;
            Ok(content)
        };
        copy(adapter::CONFIG_FILE)?;
        let weights = copy(adapter::WEIGHTS_FILE)?;
        let facts = facts(&folder)?;
        let card = Card {
            id: entry.id.clone(),
            name: entry.name.clone(),
            summary: entry.summary.clone(),
            base: base.base.clone(),
            licence: entry.licence.clone(),
            training_texts: facts.texts,
            training_steps: facts.steps,
            held_out_before: facts.held_out_before,
            held_out_after: facts.held_out_after,
            probes: answers.len(),
            probe_words: space.measure(&answers).words(),
            signature: Signature::new(space, estimate),
            adapter_bytes: weights.len() as u64,
            adapter_sha256: digest::sha256(&weights),
        };
        write_json(&to.join("card.json"), &card)
    }
}

fn read(path: &Path) -> Result<String, LibraryError> {
    fs::read_to_string(path).map_err(LibraryError::file(path))
}

fn write_json(path: &Path, value: &impl serde::Serialize) -> Result<(), LibraryError> {
    let mut json = serde_json::to_vec(value).map_err(|error| LibraryError::malformed(path, error))?;
    json.push(b'\n');
    write_atomically(path, &json).map_err(LibraryError::file(path))
}
