//! The training loop: steps, validations, checkpoints, and when to stop. Does not know who shows its events.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::batches::{Cursor, next_batch};
use super::checkpoint::{Best, Checkpoint, State};
use super::error::TrainingError;
use super::event::{Ending, Event};
use super::examples::Encoded;
use super::governor::Governor;
use super::optimizer::{AdamW, clip};
use super::pace::Pace;
use super::plan::Plan;
use super::worker_pool::WorkerPool;
use crate::engine::adapter::{tensors, tensors_mut};
use crate::engine::{Adapter, EngineError, Message, Model, SamplingParams, StopReason, generate};
use crate::platform::cancel::Cancel;
use crate::platform::system::MemoryProbe;

/// A held-out loss this far above the best one, in nats per token, means divergence rather than noise.
const DIVERGENCE_MARGIN: f64 = 1.0;
/// A run is abandoned after this many rollbacks.
const MAX_ROLLBACKS: usize = 4;
/// Factor of the learning rate after a rollback.
const LR_BACKOFF: f64 = 0.5;

/// Tokens of a sample: about two sentences, enough to show a style, in a second or two.
const SAMPLE_TOKENS: usize = 48;

pub struct Trainer<'a> {
    model: &'a Model,
    data: &'a Encoded,
    pool: WorkerPool<'a>,
    folder: PathBuf,
    start: Start,
    memory: MemoryProbe,
    governor: Governor,
    /// The prompt of the samples.
    sample: Option<String>,
}

#[derive(Clone, Debug)]
pub struct Outcome {
    pub ending: Ending,
    pub state: State,
    /// The adapter with the best held-out loss, possibly that of the start.
    pub adapter: Adapter,
    pub peak_rss_mb: u64,
    pub parameters: usize,
}

enum Start {
    New { plan: Box<Plan>, adapter: Adapter, started_from: String, base: String },
    Resumed(Box<Checkpoint>),
    Taken,
}

impl<'a> Trainer<'a> {
    /// A new run in `folder`, from `adapter`, whose start point is called `started_from`. Computes nothing yet.
    ///
    /// # Errors
    /// When the system refuses threads.
    pub fn start(
        model: &'a Model,
        base: &str,
        data: &'a Encoded,
        mut plan: Plan,
        adapter: Adapter,
        started_from: &str,
        folder: &Path,
    ) -> Result<Self, TrainingError> {
        plan.shape.rank = adapter.rank;
        plan.shape.alpha = adapter.alpha;
        plan.shape.projections = adapter.projections();
        let pool = WorkerPool::new(model, data, &plan.method)?;
        let start = Start::New { plan: Box::new(plan), adapter, started_from: started_from.into(), base: base.into() };
        Ok(Self::new(model, data, pool, folder, start))
    }

    /// The run whose checkpoint is in `folder`.
    ///
    /// # Errors
    /// When there is none, or it is for another model.
    pub fn resume(model: &'a Model, base: &str, data: &'a Encoded, folder: &Path) -> Result<Self, TrainingError> {
        let checkpoint = Checkpoint::load(folder, &model.config, model.weights.norm.device())?;
        if checkpoint.state.base != base {
            let why = format!("it is for the base model {}, not {base}", checkpoint.state.base);
            return Err(TrainingError::BadCheckpoint { path: folder.into(), why });
        }
        let pool = WorkerPool::new(model, data, &checkpoint.state.plan.method)?;
        Ok(Self::new(model, data, pool, folder, Start::Resumed(Box::new(checkpoint))))
    }

    fn new(model: &'a Model, data: &'a Encoded, pool: WorkerPool<'a>, folder: &Path, start: Start) -> Self {
        let (memory, governor) = (MemoryProbe::new(), Governor::of_this_machine());
        Self { model, data, pool, folder: folder.into(), start, memory, governor, sample: None }
    }

    /// Also generates a sample response to this prompt: of the base model first, then after every validation with a
    /// new best loss.
    #[must_use]
    pub fn with_samples(mut self, prompt: Option<String>) -> Self {
        self.sample = prompt;
        self
    }

    /// Runs until all steps are done, the time is up, early stopping, or cancellation. In every case a checkpoint of
    /// the last complete step is on disk.
    ///
    /// # Errors
    /// When the loss diverges repeatedly, a checkpoint cannot be written, computation fails, or the run is cancelled
    /// before its first step.
    pub fn run(&mut self, cancel: &Cancel, report: &mut dyn FnMut(&Event)) -> Result<Outcome, TrainingError> {
        let mut run = match std::mem::replace(&mut self.start, Start::Taken) {
            Start::Resumed(checkpoint) => *checkpoint,
            Start::New { plan, adapter, started_from, base } => {
                let before = self.pool.held_out_loss(&adapter, cancel)?;
                report(&Event::Validation { step: 0, held_out_loss: before, best: true });
                let learned = &adapter.layers[plan.method.scope.first_layer..];
                let optimizer = AdamW::new(tensors(learned).map(|(_, tensor)| tensor))?;
                let state = State::new(*plan, before, &started_from, &self.data.fingerprint, &base);
                Checkpoint { state, best_adapter: adapter.clone(), adapter, optimizer }
            }
            Start::Taken => unreachable!("a trainer runs once"),
        };
        self.adopt_data(&mut run.state, report);
        self.report_start(&run, report);
        run.save(&self.folder)?;
        self.sample(None, None, cancel, report);
        let ending = match self.train(&mut run, cancel, report) {
            Err(TrainingError::Cancelled(_)) => {
                run.save(&self.folder)?;
                Ending::Stopped
            }
            ended => ended?,
        };
        Ok(Outcome {
            ending,
            parameters: run.adapter.parameters(),
            state: run.state,
            adapter: run.best_adapter,
            peak_rss_mb: self.memory.peak_mb(),
        })
    }

    /// Steps and validations until there is a reason to end. An interrupted one leaves the run as it was before.
    fn train(
        &mut self,
        run: &mut Checkpoint,
        cancel: &Cancel,
        report: &mut dyn FnMut(&Event),
    ) -> Result<Ending, TrainingError> {
        let mut pace = Pace::default();
        loop {
            if run.state.validation_is_due() {
                self.validate(run, &mut pace, cancel, report)?;
            }
            if let Some(ending) = run.state.ending() {
                run.save(&self.folder)?;
                return Ok(ending);
            }
            cancel.proceed()?;
            let seconds = self.step(run, &mut pace, cancel, report)?;
            self.governor.throttle(seconds, cancel, report);
            if run.state.step.is_multiple_of(run.state.plan.checkpoint_every) {
                run.save(&self.folder)?;
                report(&Event::Checkpoint { step: run.state.step });
            }
        }
    }

    fn validate(
        &self,
        run: &mut Checkpoint,
        pace: &mut Pace,
        cancel: &Cancel,
        report: &mut dyn FnMut(&Event),
    ) -> Result<(), TrainingError> {
        let step = run.state.step;
        let (loss, measured) = timed(cancel, || self.pool.held_out_loss(&run.adapter, cancel))?;
        run.state.seconds += measured;
        run.state.validated = step;
        pace.validation(measured);
        let diverged = loss.is_nan() || loss > run.state.best.held_out_loss + DIVERGENCE_MARGIN;
        let best = loss < run.state.best.held_out_loss;
        report(&Event::Validation { step, held_out_loss: loss, best });
        if diverged {
            return roll_back(run, report);
        }
        if best {
            run.state.best = Best { step, held_out_loss: loss };
            run.best_adapter = run.adapter.clone();
            run.state.stale = 0;
            let ((), took) = timed(cancel, || {
                self.sample(Some(step), Some(&run.adapter), cancel, report);
                Ok(())
            })?;
            // Sampling counts in the remaining time, but not as training time.
            pace.validation(measured + took);
        } else {
            run.state.stale += 1;
        }
        Ok(())
    }

    /// Generates a sample, if requested. An error is reported and does not end the run.
    fn sample(&self, step: Option<usize>, adapter: Option<&Adapter>, cancel: &Cancel, report: &mut dyn FnMut(&Event)) {
        let Some(prompt) = &self.sample else { return };
        match sample(self.model, adapter, prompt, cancel) {
            Ok(Some(text)) => report(&Event::Sample { step, prompt: prompt.clone(), text }),
            Ok(None) => {}
            Err(error) => report(&Event::Note { text: format!("the sample failed: {error}") }),
        }
    }

    /// One optimizer step, or a rollback if its loss or gradient is not finite. Returns its duration in seconds.
    fn step(
        &mut self,
        run: &mut Checkpoint,
        pace: &mut Pace,
        cancel: &Cancel,
        report: &mut dyn FnMut(&Event),
    ) -> Result<f64, TrainingError> {
        let mut cursor = run.state.cursor;
        let plan = &run.state.plan;
        let batch = next_batch(&self.data.train, plan.tokens_per_step, plan.seed, &mut cursor);
        let ((loss, mut gradients), took) = timed(cancel, || self.pool.gradients(&run.adapter, &batch, cancel))?;
        let updating = Instant::now();
        let norm = clip(&mut gradients, plan.clip_norm)?;
        run.state.cursor = cursor;
        if !loss.is_finite() || !norm.is_finite() {
            roll_back(run, report)?;
            return Ok(took);
        }
        let rate = plan.learning_rate_at(run.state.step + 1);
        let learned = &mut run.adapter.layers[plan.method.scope.first_layer..];
        run.optimizer.update(tensors_mut(learned), &gradients, rate)?;
        let took = took + updating.elapsed().as_secs_f64();
        let tokens: usize = batch.iter().map(|index| self.data.train[*index].ids.len()).sum();
        run.state.step += 1;
        run.state.seconds += took;
        run.state.tokens += tokens;
        pace.step(took);
        report(&Event::Step {
            step: run.state.step,
            steps: run.state.plan.steps,
            loss,
            learning_rate: rate,
            tokens,
            seconds: took,
            tokens_per_s: tokens as f64 / took,
            rss_mb: self.memory.resident_mb(),
            eta_s: pace.remaining(&run.state),
            temperature_c: self.governor.temperature(),
        });
        Ok(took)
    }

    /// A resumed run whose texts have changed continues with the new ones from the start of an epoch, and reports that.
    fn adopt_data(&self, state: &mut State, report: &mut dyn FnMut(&Event)) {
        if state.fingerprint != self.data.fingerprint {
            state.fingerprint.clone_from(&self.data.fingerprint);
            state.cursor = Cursor { epoch: state.cursor.epoch + 1, position: 0 };
            report(&Event::Note {
                text: "your texts have changed since the checkpoint; training continues with the current ones".into(),
            });
        }
    }

    fn report_start(&self, run: &Checkpoint, report: &mut dyn FnMut(&Event)) {
        let parameters = run.adapter.parameters();
        let learning = run.state.plan.method.learning(&self.model.config);
        report(&Event::Started {
            from: run.state.started_from.clone(),
            steps: run.state.plan.steps,
            done: run.state.step,
            train_texts: self.data.train.len(),
            held_out_texts: self.data.held_out.len(),
            train_tokens: self.data.train_tokens(),
            cut: self.data.cut,
            moved: self.data.moved,
            parameters,
            learned: parameters * learning / self.model.config.layers,
        });
    }
}

/// The response of the base model with this adapter, always by greedy decoding, so that samples differ only by the training; none if
/// cancelled.
fn sample(
    model: &Model,
    adapter: Option<&Adapter>,
    prompt: &str,
    cancel: &Cancel,
) -> Result<Option<String>, EngineError> {
    let sampling = SamplingParams { temperature: 0.0, max_tokens: SAMPLE_TOKENS, ..SamplingParams::default() };
    let written = generate(model, adapter, &[Message::user(prompt)], &sampling, cancel, &mut |_| {})?;
    Ok((written.stop != StopReason::Cancelled).then_some(written.text))
}

/// Returns to the best adapter, with zero moments and a lower learning rate. The texts of the failed step are skipped.
fn roll_back(run: &mut Checkpoint, report: &mut dyn FnMut(&Event)) -> Result<(), TrainingError> {
    let state = &mut run.state;
    state.rollbacks += 1;
    if state.rollbacks > MAX_ROLLBACKS {
        return Err(TrainingError::Diverged { step: state.step, learning_rate: state.plan.learning_rate });
    }
    state.plan.learning_rate *= LR_BACKOFF;
    run.adapter = run.best_adapter.clone();
    run.optimizer = AdamW::new(tensors(&run.adapter.layers[state.plan.method.scope.first_layer..]).map(|(_, t)| t))?;
    report(&Event::RolledBack { step: state.step, to: state.best.step, learning_rate: state.plan.learning_rate });
    Ok(())
}

/// The result of a job, and its duration in seconds without pauses.
fn timed<R>(cancel: &Cancel, job: impl FnOnce() -> Result<R, TrainingError>) -> Result<(R, f64), TrainingError> {
    let (started, paused) = (Instant::now(), cancel.paused_for());
    let result = job()?;
    let idle = cancel.paused_for().saturating_sub(paused);
    Ok((result, started.elapsed().saturating_sub(idle).max(Duration::from_micros(1)).as_secs_f64()))
}
