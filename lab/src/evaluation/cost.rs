//! What a start is worth: the steps, the time and the user's texts that it takes to be as good as from scratch. Every training run is
//! real, and kept when it is done.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use candle_core::Device;
use rand::prelude::*;
use rand::rngs::StdRng;
use serde::{Deserialize, Serialize};
use xpert::engine::Adapter;
use xpert::engine::merge::concatenate;
use xpert::library::{LibraryError, example};
use xpert::platform::cancel::{Cancel, Cancelled};
use xpert::platform::digest::sha256;
use xpert::platform::paths::write_atomically;
use xpert::platform::system::MemoryProbe;
use xpert::selection::{Signature, blend_weights, scores};
use xpert::style::{Estimate, Measured, Sample, StyleSpace};
use xpert::training::examples::Encoded;
use xpert::training::{Checkpoint, Event, Example, Plan, SCRATCH, Split, Trainer, TrainingError};

use super::data::problem;
use super::error::EvaluationError;
use super::model_builder::{Halves, ModelBuilder};
use super::report::{Report, Row, Value};
use super::side_by_side::side_by_side;

/// Texts of a user, one in eight of which is held out, and steps that a run makes from scratch.
const USER_TEXTS: usize = 100;
const STEPS: usize = 60;
const VALIDATE_EVERY: usize = 5;
/// Lengths that a run from a trained start is tried with, the shortest first, each with a whole schedule of its own: a long one
/// that is cut off has not come down from its highest rate.
const LENGTHS: [usize; 5] = [5, 10, 15, 30, 60];
/// A trained start is moved by half the rate that is best from scratch.
const GENTLER: f64 = 0.5;
const SEED: u64 = 3;
/// Shares of the user's texts that a selected start is tried with, the fewest first.
const SHARES: [f64; 4] = [0.12, 0.25, 0.49, 0.75];

/// What one training came to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Curve {
    /// Held-out loss by step, from the start.
    losses: Vec<(usize, f64)>,
    seconds: f64,
    cpu_seconds: f64,
}

impl Curve {
    fn best(&self) -> (usize, f64) {
        self.losses.iter().copied().min_by(|a, b| a.1.total_cmp(&b.1)).unwrap_or((0, f64::INFINITY))
    }

    /// The first step at which the loss is no higher than `loss`.
    fn reaches(&self, loss: f64) -> Option<usize> {
        self.losses.iter().find(|(_, reached)| *reached <= loss).map(|(step, _)| *step)
    }
}

/// A training to be made: from what, how long, with what share of the user's texts.
#[derive(Clone)]
struct Trial {
    name: String,
    /// Models with their weights; none from scratch.
    parts: Vec<(usize, f64)>,
    steps: usize,
    share: f64,
}

impl Trial {
    fn scratch() -> Self {
        Self { name: SCRATCH.to_owned(), parts: Vec::new(), steps: STEPS, share: 1.0 }
    }

    /// What its folder is called.
    fn folder(&self) -> String {
        // Not every system allows a colon in a name.
        format!("{}-{}-{:.0}", self.name.replace(':', "_"), self.steps, 100.0 * self.share)
    }
}

/// Whether, and when, a start came to the loss of the run from scratch.
struct Reached {
    steps: Option<usize>,
    curve: Curve,
}

/// A person who writes in one style, or in several in equal parts.
struct User {
    name: String,
    split: Split,
    /// Tells one user's texts from another's.
    fingerprint: String,
    estimate: Estimate,
}

/// Trains users of `mixtures` (of how many styles each user's texts are: 1, 2 or 3) from scratch, from the selected model and, where
/// they mix, from a blend; with models of the share `similarity`. `users` says how many of each are tried.
///
/// # Errors
/// When a file is missing or malformed, a training fails, or the run is cancelled.
pub fn cost(
    space: &StyleSpace,
    folder: &Path,
    builder: &ModelBuilder<'_>,
    (similarities, mixtures, users): (&[f64], &[usize], usize),
    progress: &mut dyn FnMut(&str),
) -> Result<Report, EvaluationError> {
    let halves = Halves::read(folder, builder.steps)?;
    let base = builder.base(space, &halves, progress)?;
    let names: Vec<String> = halves.names().map(str::to_owned).collect();
    if let Some(styles) = mixtures.iter().find(|styles| !(1..=names.len()).contains(*styles)) {
        return Err(problem(folder, format!("users of {styles} styles cannot be made of {}", names.len())));
    }
    let people: Vec<(usize, usize)> =
        mixtures.iter().flat_map(|&styles| (0..users).map(move |user| (styles, user))).collect();
    let threads = builder.training.threads;
    let mut rows = Vec::new();
    for &similarity in similarities {
        let signatures = builder.signatures(space, &halves, similarity, &base, progress)?;
        let builder = &builder.on_one_thread();
        let bench = Bench { space, builder, halves: &halves, base: &base, names: &names, signatures, similarity };
        let tried =
            side_by_side(threads, &people, progress, |&(styles, user), tell| bench.try_user(styles, user, tell));
        rows.extend(tried?.into_iter().flatten());
    }
    let about = format!(
        "Users with {USER_TEXTS} texts, one in eight held out. From scratch for {STEPS} steps; the others with the shortest schedule \
         of {LENGTHS:?} steps that comes to the best held-out loss of the run from scratch (`steps`, and as a share of that run's), \
         and with the smallest share of the user's texts (`share_of_texts`). Models were trained on the other half of the prompts."
    );
    Ok(Report { suite: "cost".into(), space: space.version().into(), about, rows })
}

struct Bench<'a> {
    space: &'a StyleSpace,
    builder: &'a ModelBuilder<'a>,
    halves: &'a Halves,
    base: &'a Measured,
    names: &'a [String],
    signatures: Vec<Signature>,
    similarity: f64,
}

impl Bench<'_> {
    fn try_user(
        &self,
        styles: usize,
        number: usize,
        progress: &mut dyn FnMut(&str),
    ) -> Result<Vec<Row>, EvaluationError> {
        let user = self.user(styles, number)?;
        let scratch = self.run(&user, &Trial::scratch(), None, progress)?;
        let (last_step, target) = scratch.best();
        let reached = Reached { steps: Some(last_step), curve: scratch };
        let mut rows = vec![self.row(&user, (SCRATCH, ""), &reached, last_step, Some(1.0))];

        let scores = scores(self.space, &user.estimate, &self.signatures);
        let chosen = (0..scores.len()).max_by(|&a, &b| scores[a].total_cmp(&scores[b])).unwrap_or(0);
        let name = &self.names[chosen];
        let start = Trial { name: name.clone(), parts: vec![(chosen, 1.0)], steps: 0, share: 1.0 };
        let single = self.reach(&user, &start, target, progress)?;
        let texts = self.texts_needed(&user, &start, &single, target, progress)?;
        rows.push(self.row(&user, ("selected", name), &single, last_step, texts));
        if styles == 1 {
            return Ok(rows);
        }
        if let Some(parts) = blend_weights(self.space, &user.estimate, &self.signatures) {
            let named = |parts: &[(usize, f64)]| -> String {
                parts
                    .iter()
                    .map(|(at, weight)| format!("{}:{weight:.2}", self.names[*at]))
                    .collect::<Vec<_>>()
                    .join("+")
            };
            // As the weights are, and brought to a sum of 1.
            let sum: f64 = parts.iter().map(|(_, weight)| weight).sum();
            let whole: Vec<(usize, f64)> = parts.iter().map(|(at, weight)| (*at, weight / sum)).collect();
            for (kind, parts) in [("blend", parts), ("blend, weights sum to 1", whole)] {
                let name = named(&parts);
                let start = Trial { name: name.clone(), parts, steps: 0, share: 1.0 };
                let blend = self.reach(&user, &start, target, progress)?;
                rows.push(self.row(&user, (kind, &name), &blend, last_step, None));
            }
        }
        Ok(rows)
    }

    /// The shortest of [`LENGTHS`] with which a start comes to the loss of the run from scratch; the longest where none does.
    fn reach(
        &self,
        user: &User,
        start: &Trial,
        target: f64,
        progress: &mut dyn FnMut(&str),
    ) -> Result<Reached, EvaluationError> {
        let mut last = None;
        for steps in LENGTHS {
            let trial = Trial { steps, ..start.clone() };
            let curve = self.run(user, &trial, Some(target), progress)?;
            let reached = curve.reaches(target);
            if reached.is_some() {
                return Ok(Reached { steps: reached, curve });
            }
            last = Some(curve);
        }
        let curve = last.expect("there are lengths to try");
        Ok(Reached { steps: None, curve })
    }

    /// The smallest share of the user's texts with which the start is as good as from scratch with all of them, in as many steps as
    /// with all; none of them where it is that already.
    fn texts_needed(
        &self,
        user: &User,
        start: &Trial,
        whole: &Reached,
        target: f64,
        progress: &mut dyn FnMut(&str),
    ) -> Result<Option<f64>, EvaluationError> {
        match whole.steps {
            Some(0) => return Ok(Some(0.0)),
            None => return Ok(None),
            Some(_) => {}
        }
        let steps = LENGTHS.into_iter().find(|length| whole.steps <= Some(*length)).unwrap_or(STEPS);
        for share in SHARES {
            let trial = Trial { steps, share, ..start.clone() };
            if self.run(user, &trial, Some(target), progress)?.reaches(target).is_some() {
                return Ok(Some(share));
            }
        }
        Ok(Some(1.0))
    }

    fn row(
        &self,
        user: &User,
        (start, from): (&str, &str),
        reached: &Reached,
        last_step: usize,
        texts: Option<f64>,
    ) -> Row {
        let number = |value: Option<f64>, decimals| {
            value.map_or(Value::Word("-".into()), |value| Value::Number(value, decimals))
        };
        let Reached { steps, curve } = reached;
        Row(vec![
            ("similarity", Value::Number(self.similarity, 1)),
            ("user", Value::Word(user.name.clone())),
            ("start", Value::Word(start.into())),
            ("from", Value::Word(from.into())),
            ("loss_before", Value::Number(curve.losses.first().map_or(f64::NAN, |(_, loss)| *loss), 3)),
            ("loss_best", Value::Number(curve.best().1, 3)),
            ("steps", steps.map_or(Value::Word("-".into()), Value::Count)),
            ("share_of_steps", number(steps.map(|steps| steps as f64 / last_step.max(1) as f64), 2)),
            ("share_of_texts", number(texts, 2)),
            ("seconds", Value::Number(curve.seconds, 0)),
            ("cpu_seconds", Value::Number(curve.cpu_seconds, 0)),
        ])
    }

    fn user(&self, styles: usize, number: usize) -> Result<User, EvaluationError> {
        let mut random = StdRng::seed_from_u64(SEED + number as u64);
        // Users of one style take the styles in turn; those of several draw them.
        let own: Vec<usize> = if styles == 1 {
            vec![number % self.names.len()]
        } else {
            (0..self.names.len()).choose_multiple(&mut random, styles)
        };
        let mut prompts = self.halves.users.clone();
        prompts.shuffle(&mut random);
        let texts: Vec<(String, &str)> = prompts
            .iter()
            .take(USER_TEXTS)
            .enumerate()
            .map(|(at, &prompt)| {
                let text = &self.halves.styles[&self.names[own[at % styles]]][prompt];
                (text.prompt(), text.response.as_str())
            })
            .collect();
        let examples: Vec<Example> = texts.iter().map(|(prompt, text)| example(prompt, text)).collect();
        let split = Split::of(examples).map_err(LibraryError::from)?;
        let fingerprint = self.encoded(&split)?.fingerprint;
        // What is measured of the user is what training sees.
        let seen: Vec<&str> = split.train.iter().map(|example| example.reply.as_str()).collect();
        let estimate = Sample::of(self.space, &seen).estimate(self.base)?;
        let named: Vec<&str> = own.iter().map(|&at| self.names[at].as_str()).collect();
        Ok(User { name: named.join(" + "), split, fingerprint, estimate })
    }

    fn encoded(&self, split: &Split) -> Result<Encoded, EvaluationError> {
        let longest = Plan::default().max_sequence_length;
        Ok(Encoded::new(self.builder.training.model, split, longest).map_err(LibraryError::from)?)
    }

    /// Makes a training, or reads what it came to. It ends early where `until` is reached.
    fn run(
        &self,
        user: &User,
        trial: &Trial,
        until: Option<f64>,
        progress: &mut dyn FnMut(&str),
    ) -> Result<Curve, EvaluationError> {
        let place = self.place(user, &trial.folder());
        let kept = place.join("curve.json");
        if let Ok(json) = fs::read(&kept) {
            return serde_json::from_slice(&json).map_err(|error| problem(&kept, error));
        }
        let start = (self.start(&trial.parts, progress)?, trial.name.clone());
        let count = ((user.split.train.len() as f64 * trial.share).round() as usize).max(1);
        let data = self.encoded(&Split { train: user.split.train[..count].to_vec(), ..user.split.clone() })?;
        let plan = self.builder.plan();
        let gentler = if trial.parts.is_empty() { 1.0 } else { GENTLER };
        let plan = Plan {
            steps: trial.steps,
            validate_every: VALIDATE_EVERY,
            learning_rate: plan.learning_rate * gentler,
            ..plan
        };
        let curve = self.train(&data, plan, start, &place, until, &mut |line| {
            progress(&format!("{} from {}: {line}", user.name, trial.folder()));
        })?;
        let json = serde_json::to_vec(&curve).map_err(|error| problem(&kept, error))?;
        write_atomically(&kept, &json).map_err(|error| problem(&kept, error))?;
        Checkpoint::delete(&place).map_err(LibraryError::from)?;
        Ok(curve)
    }

    /// A run that was interrupted starts over, so that its time is complete.
    fn train(
        &self,
        data: &Encoded,
        plan: Plan,
        start: (Adapter, String),
        place: &Path,
        until: Option<f64>,
        progress: &mut dyn FnMut(&str),
    ) -> Result<Curve, EvaluationError> {
        let adapting = &self.builder.training;
        let mut trainer = Trainer::start(adapting.model, adapting.base, data, plan, start.0, &start.1, place)
            .map_err(LibraryError::from)?;
        let (enough, mut losses) = (Cancel::new(), Vec::new());
        let mut probe = MemoryProbe::new();
        let (began, cpu) = (Instant::now(), probe.cpu_seconds());
        let outcome = trainer.run(&enough, &mut |event| {
            if let Event::Validation { step, held_out_loss, .. } = event {
                progress(&format!("step {step}, held-out loss {held_out_loss:.3}"));
                losses.push((*step, *held_out_loss));
                if until.is_some_and(|until| *held_out_loss <= until) {
                    enough.request();
                }
            }
            if adapting.cancel.is_requested() {
                enough.request();
            }
        });
        if adapting.cancel.is_requested() {
            return Err(LibraryError::from(Cancelled).into());
        }
        match outcome {
            // It was asked to stop because it had come far enough.
            Ok(_) | Err(TrainingError::Cancelled(_)) => {}
            Err(error) => return Err(LibraryError::from(error).into()),
        }
        Ok(Curve { losses, seconds: began.elapsed().as_secs_f64(), cpu_seconds: probe.cpu_seconds() - cpu })
    }

    fn place(&self, user: &User, what: &str) -> PathBuf {
        let key = sha256(
            format!("{} {USER_TEXTS} {STEPS} {VALIDATE_EVERY} {SEED} {}", user.name, user.fingerprint).as_bytes(),
        );
        self.builder.folder(self.halves, "cost", self.similarity).join(&key[..12]).join(what)
    }

    fn start(&self, parts: &[(usize, f64)], progress: &mut dyn FnMut(&str)) -> Result<Adapter, EvaluationError> {
        let adapting = &self.builder.training;
        let load = |&(at, weight): &(usize, f64)| {
            Ok((weight, self.builder.adapter(self.halves, &self.names[at], self.similarity, progress)?))
        };
        let mut adapters = parts.iter().map(load).collect::<Result<Vec<(f64, Adapter)>, EvaluationError>>()?;
        match &adapters[..] {
            [] => {
                let plan = self.builder.plan();
                Ok(Adapter::new(&adapting.model.config, &plan.shape, plan.seed, &Device::Cpu)?)
            }
            [(weight, _)] if *weight == 1.0 => Ok(adapters.remove(0).1),
            several => Ok(concatenate(&several.iter().map(|(weight, part)| (*weight, part)).collect::<Vec<_>>())?),
        }
    }
}
