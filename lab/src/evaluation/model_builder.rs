//! Builds the models of suites that really train: one for each style and similarity, on one half of the prompts, each trained once
//! and kept. Does not know what is measured with them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use candle_core::Device;
use rand::prelude::*;
use rand::rngs::StdRng;
use xpert::engine::Adapter;
use xpert::library::{AdapterBuilder, adapter_folder, example};
use xpert::platform::digest::sha256;
use xpert::selection::Signature;
use xpert::style::{Measured, Sample, StyleSpace};
use xpert::training::{Method, Plan};

use super::data::{Response, problem, styles};
use super::error::EvaluationError;
use super::shared::UNSTYLED;
use super::side_by_side::side_by_side;

/// Texts that a model is trained on, of which a share has its style, and prompts that it then answers for its card.
const MODEL_TEXTS: usize = 200;
const PROBES: usize = 24;
/// Steps that are enough to tell models apart by what they write; and those of a model that is worth starting from.
pub const RECOGNISABLE: usize = 96;
pub const WORTH_STARTING_FROM: usize = 150;
/// Small steps at twice the usual rate go furthest in little time from scratch (docs/benchmarks.md).
const TOKENS_PER_STEP: usize = 256;
const LEARNING_RATE: f64 = 2e-3;
const SEED: u64 = 1;

/// Trains models and lets them answer. Training is fastest with the weights as they are stored, answering many probes side by side
/// with dense ones.
pub struct ModelBuilder<'a> {
    pub training: AdapterBuilder<'a>,
    pub answering: AdapterBuilder<'a>,
    /// Steps that a model is trained for.
    pub steps: usize,
    /// Where everything is kept; a suite that was stopped continues from here.
    pub work: PathBuf,
}

/// Parallel texts with their prompts in two halves.
pub(super) struct Halves {
    pub styles: BTreeMap<String, Vec<Response>>,
    /// Indices of prompts: what models are trained on, what they answer for their cards, what users have written.
    pub training: Vec<usize>,
    pub probes: Vec<usize>,
    pub users: Vec<usize>,
    /// Whether models from an earlier run were made of the same texts in the same way.
    fingerprint: String,
}

impl Halves {
    /// The texts in `folder`, for models that are trained for `steps` steps.
    pub(super) fn read(folder: &Path, steps: usize) -> Result<Self, EvaluationError> {
        let styles = styles(folder)?;
        if !styles.contains_key(UNSTYLED) || styles.len() < 3 {
            return Err(problem(folder, "default.jsonl with unstyled texts and two STYLE.jsonl or more are needed"));
        }
        let prompts = styles.values().map(Vec::len).min().unwrap_or(0);
        if prompts < 2 * (MODEL_TEXTS + PROBES) {
            let needed = 2 * (MODEL_TEXTS + PROBES);
            return Err(problem(folder, format!("{prompts} prompts are answered in every style; {needed} are needed")));
        }
        let mut order: Vec<usize> = (0..prompts).collect();
        order.shuffle(&mut StdRng::seed_from_u64(SEED));
        let users = order.split_off(prompts / 2);
        let probes = order.split_off(order.len() - PROBES);
        let fingerprint = fingerprint(&styles, steps);
        Ok(Self { styles, training: order, probes, users, fingerprint })
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.styles.keys().map(String::as_str).filter(|style| *style != UNSTYLED)
    }

    /// The texts of a model: the share `similarity` of them in its style, the others unstyled.
    fn mixed(&self, style: &str, similarity: f64) -> Vec<&Response> {
        let styled = (MODEL_TEXTS as f64 * similarity).round() as usize;
        // The same prompts for every model, so that only the style tells them apart.
        let mut prompts = self.training.clone();
        prompts.shuffle(&mut StdRng::seed_from_u64(SEED));
        let of = |(at, prompt): (usize, &usize)| {
            let style = if at < styled { style } else { UNSTYLED };
            &self.styles[style][*prompt]
        };
        prompts.iter().take(MODEL_TEXTS).enumerate().map(of).collect()
    }
}

fn fingerprint(styles: &BTreeMap<String, Vec<Response>>, steps: usize) -> String {
    let mut bytes = format!("{MODEL_TEXTS} {PROBES} {steps} {TOKENS_PER_STEP} {LEARNING_RATE} {SEED}").into_bytes();
    for (style, texts) in styles {
        bytes.extend(style.bytes());
        texts.iter().for_each(|text| bytes.extend(text.response.bytes()));
    }
    sha256(&bytes)[..12].to_owned()
}

impl ModelBuilder<'_> {
    /// The folder of one model.
    pub(super) fn folder(&self, halves: &Halves, style: &str, similarity: f64) -> PathBuf {
        let name = format!("{style}-{:.0}", 100.0 * similarity);
        self.work.join(format!("{}-{}", self.training.base, halves.fingerprint)).join(name)
    }

    /// How models are trained here.
    pub(super) fn plan(&self) -> Plan {
        Plan {
            steps: self.steps,
            tokens_per_step: TOKENS_PER_STEP,
            learning_rate: LEARNING_RATE,
            validate_every: (self.steps / 2).max(1),
            patience: None,
            method: Method::full(self.training.threads),
            ..Plan::default()
        }
    }

    /// What the base answers to the probes.
    pub(super) fn base(
        &self,
        space: &StyleSpace,
        halves: &Halves,
        progress: &mut dyn FnMut(&str),
    ) -> Result<Measured, EvaluationError> {
        let answers = self.answers(halves, None, &self.folder(halves, "base", 0.0), progress)?;
        Ok(space.measure(&answers))
    }

    /// The signatures of really trained models of every style, by their own answers. What is missing is made.
    pub(super) fn signatures(
        &self,
        space: &StyleSpace,
        halves: &Halves,
        similarity: f64,
        base: &Measured,
        progress: &mut dyn FnMut(&str),
    ) -> Result<Vec<Signature>, EvaluationError> {
        let styles: Vec<&str> = halves.names().collect();
        let alone = self.on_one_thread();
        side_by_side(self.training.threads, &styles, progress, |style, tell| {
            let adapter = alone.adapter(halves, style, similarity, tell)?;
            let tell = &mut |line: &str| tell(&format!("{style}, {:.0} %: {line}", 100.0 * similarity));
            let answers = alone.answers(halves, Some(&adapter), &alone.folder(halves, style, similarity), tell)?;
            Ok(Signature::new(space, Sample::of(space, &answers).estimate(base)?))
        })
    }

    /// The same for one of several jobs side by side.
    pub(super) fn on_one_thread(&self) -> ModelBuilder<'_> {
        ModelBuilder {
            training: AdapterBuilder { threads: 1, ..self.training },
            answering: AdapterBuilder { threads: 1, ..self.answering },
            steps: self.steps,
            work: self.work.clone(),
        }
    }

    /// The adapter of a style, trained unless it was before.
    pub(super) fn adapter(
        &self,
        halves: &Halves,
        style: &str,
        similarity: f64,
        progress: &mut dyn FnMut(&str),
    ) -> Result<Adapter, EvaluationError> {
        let folder = self.folder(halves, style, similarity);
        let texts = halves.mixed(style, similarity);
        let examples = texts.iter().map(|text| example(&text.prompt(), &text.response)).collect();
        let plan = |_| self.plan();
        let tell = &mut |line: &str| progress(&format!("{style}, {:.0} %: {line}", 100.0 * similarity));
        self.training.train(&folder, examples, plan, tell)?;
        let config = &self.training.model.config;
        Ok(Adapter::load_peft(&adapter_folder(&folder), config, &Device::Cpu)?)
    }

    fn answers(
        &self,
        halves: &Halves,
        adapter: Option<&Adapter>,
        folder: &Path,
        progress: &mut dyn FnMut(&str),
    ) -> Result<Vec<String>, EvaluationError> {
        let probes: Vec<String> =
            halves.probes.iter().map(|&prompt| halves.styles[UNSTYLED][prompt].prompt()).collect();
        Ok(self.answering.answer(adapter, &probes, &folder.join("answers.jsonl"), progress)?)
    }
}
