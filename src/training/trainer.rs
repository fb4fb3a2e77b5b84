//! The training loop: steps, validations, checkpoints, and when to stop. Reports events; draws nothing.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use candle_core::Tensor;
use serde::{Deserialize, Serialize};

use super::batches::{Cursor, deal, micro_batches, next_batch};
use super::checkpoint::{Best, Checkpoint, State};
use super::error::TrainingError;
use super::examples::Encoded;
use super::optimizer::{AdamW, clip};
use super::plan::Plan;
use crate::cancel::Cancel;
use crate::engine::adapter::{tensors, tensors_mut};
use crate::engine::fused::{Arena, Scope};
use crate::engine::threads::Workers;
use crate::engine::{Adapter, Model, Sequence};
use crate::system::MemoryProbe;

/// Tokens that a worker takes through the model at once; what the backward pass keeps grows with them.
const ROWS_AT_ONCE: usize = 256;

/// Something that happened in a run.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    Started {
        from: String,
        steps: usize,
        /// Steps a resumed run had behind it.
        done: usize,
        train_texts: usize,
        held_out_texts: usize,
        train_tokens: usize,
        /// Texts cut at the longest sequence.
        cut: usize,
        parameters: usize,
    },
    Step {
        step: usize,
        steps: usize,
        /// Mean cross-entropy of the step's reply tokens, nats a token.
        loss: f64,
        learning_rate: f64,
        /// All tokens of the step, prompts too, over its time.
        tokens_per_s: f64,
        rss_mb: u64,
        /// Seconds left, validations counted in; absent while there is too little to judge by.
        eta_s: Option<f64>,
    },
    Validation {
        step: usize,
        /// Nats a token over the held-out texts.
        held_out_loss: f64,
        best: bool,
    },
    Checkpoint {
        step: usize,
    },
    Note {
        text: String,
    },
}

/// Why a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ending {
    Completed,
    /// The minutes allowed were used up.
    TimeUp,
    /// Held-out loss stopped falling.
    NoLongerImproving,
    /// The user asked; the checkpoint resumes.
    Stopped,
}

/// What a run came to.
#[derive(Clone, Debug)]
pub struct Outcome {
    pub ending: Ending,
    pub state: State,
    /// The adapter at the best validation, the start included.
    pub adapter: Adapter,
    pub peak_rss_mb: u64,
    pub parameters: usize,
}

/// A run.
pub struct Trainer<'a> {
    model: &'a Model,
    data: &'a Encoded,
    workers: Workers,
    /// One for each worker.
    arenas: Vec<Mutex<Arena>>,
    folder: PathBuf,
    checkpoint: Option<Checkpoint>,
    fresh: Option<Fresh>,
    memory: MemoryProbe,
}

/// What a run that has not begun is to begin with.
struct Fresh {
    plan: Plan,
    adapter: Adapter,
    started_from: String,
    base: String,
}

impl<'a> Trainer<'a> {
    /// A new run in `folder`, from `start` (named `started_from`) or from scratch. Nothing is computed yet.
    ///
    /// # Errors
    /// When threads or memory are refused.
    #[allow(clippy::too_many_arguments)]
    pub fn start(
        model: &'a Model,
        base: &str,
        data: &'a Encoded,
        mut plan: Plan,
        start: Option<(Adapter, String)>,
        folder: &Path,
        threads: usize,
    ) -> Result<Self, TrainingError> {
        let (adapter, started_from) = match start {
            Some((adapter, name)) => {
                plan.shape.rank = adapter.rank;
                plan.shape.alpha = adapter.alpha;
                plan.shape.projections = adapter.projections();
                (adapter, name)
            }
            None => {
                let device = model.weights.norm.device();
                (Adapter::new(&model.config, &plan.shape, plan.seed, device)?, "scratch".to_owned())
            }
        };
        let fresh = Fresh { plan, adapter, started_from, base: base.into() };
        Self::with(model, data, folder, threads, None, Some(fresh))
    }

    /// The run whose checkpoint is in `folder`.
    ///
    /// # Errors
    /// When there is none, or it does not fit the model.
    pub fn resume(
        model: &'a Model,
        base: &str,
        data: &'a Encoded,
        folder: &Path,
        threads: usize,
    ) -> Result<Self, TrainingError> {
        let checkpoint = Checkpoint::load(folder, &model.config, model.weights.norm.device())?;
        if checkpoint.state.base != base {
            let why = format!("it was made on {}, and the model now is {base}", checkpoint.state.base);
            return Err(TrainingError::BadCheckpoint { path: folder.into(), why });
        }
        Self::with(model, data, folder, threads, Some(checkpoint), None)
    }

    fn with(
        model: &'a Model,
        data: &'a Encoded,
        folder: &Path,
        threads: usize,
        checkpoint: Option<Checkpoint>,
        fresh: Option<Fresh>,
    ) -> Result<Self, TrainingError> {
        let workers = Workers::new(threads).map_err(TrainingError::Threads)?;
        let folder = folder.to_path_buf();
        let arenas = (0..workers.count()).map(|_| Mutex::default()).collect();
        Ok(Self { model, data, workers, arenas, folder, checkpoint, fresh, memory: MemoryProbe::new() })
    }

    /// Runs until the plan is done, time is up, nothing improves any more, or `cancel` asks. In every case a checkpoint
    /// of the last whole step is on disk.
    ///
    /// # Errors
    /// When the loss diverges, a checkpoint cannot be written, or computation fails.
    pub fn run(&mut self, cancel: &Cancel, report: &mut dyn FnMut(&Event)) -> Result<Outcome, TrainingError> {
        let mut run = match self.checkpoint.take() {
            Some(checkpoint) => checkpoint,
            None => self.begin(report)?,
        };
        self.adopt_data(&mut run.state, report);
        self.report_start(&run, report);
        run.save(&self.folder)?;
        let mut pace = Pace::default();
        let ending = loop {
            if let Some(ending) = finished(&run.state) {
                break ending;
            }
            if cancel.is_requested() {
                run.save(&self.folder)?;
                break Ending::Stopped;
            }
            let started = Instant::now();
            let Some((loss, tokens)) = self.step(&mut run, cancel)? else { continue };
            let took = started.elapsed().as_secs_f64();
            run.state.seconds += took;
            run.state.tokens += tokens;
            pace.step(took);
            report(&Event::Step {
                step: run.state.step,
                steps: run.state.plan.steps,
                loss,
                learning_rate: run.state.plan.rate(run.state.step),
                tokens_per_s: tokens as f64 / took,
                rss_mb: self.memory.resident_mb(),
                eta_s: pace.left(&run.state),
            });
            self.after_step(&mut run, &mut pace, report)?;
        };
        Ok(Outcome {
            ending,
            parameters: run.adapter.parameters(),
            state: run.state,
            adapter: run.best_adapter,
            peak_rss_mb: self.memory.peak_mb(),
        })
    }

    /// Validates and saves where the plan says so.
    fn after_step(
        &mut self,
        run: &mut Checkpoint,
        pace: &mut Pace,
        report: &mut dyn FnMut(&Event),
    ) -> Result<(), TrainingError> {
        let (step, plan) = (run.state.step, &run.state.plan);
        let last = step == plan.steps || out_of_time(&run.state);
        let validate = last || step.is_multiple_of(plan.validate_every);
        let save = validate || step.is_multiple_of(plan.checkpoint_every);
        if validate {
            let started = Instant::now();
            let loss = self.validate(&run.adapter)?;
            let took = started.elapsed().as_secs_f64();
            run.state.seconds += took;
            pace.validation(took);
            let best = loss < run.state.best.held_out_loss;
            if best {
                run.state.best = Best { step, held_out_loss: loss };
                run.best_adapter = run.adapter.clone();
                run.state.stale = 0;
            } else {
                run.state.stale += 1;
            }
            report(&Event::Validation { step, held_out_loss: loss, best });
        }
        if save {
            run.save(&self.folder)?;
            report(&Event::Checkpoint { step });
        }
        Ok(())
    }

    fn begin(&mut self, report: &mut dyn FnMut(&Event)) -> Result<Checkpoint, TrainingError> {
        let Fresh { plan, adapter, started_from, base } = self.fresh.take().expect("a run is fresh or resumed");
        let before = self.validate(&adapter)?;
        report(&Event::Validation { step: 0, held_out_loss: before, best: true });
        let optimizer = AdamW::new(tensors(&adapter.layers).map(|(_, t)| t))?;
        let state = State::new(plan, before, &started_from, &self.data.fingerprint, &base);
        Ok(Checkpoint { state, best_adapter: adapter.clone(), adapter, optimizer })
    }

    /// A resumed run whose texts have changed goes on with the new ones, from the start of a pass, and says so.
    fn adopt_data(&self, state: &mut State, report: &mut dyn FnMut(&Event)) {
        if state.fingerprint != self.data.fingerprint {
            state.fingerprint.clone_from(&self.data.fingerprint);
            state.cursor = Cursor { pass: state.cursor.pass + 1, position: 0 };
            report(&Event::Note {
                text: "your texts changed since the checkpoint: training goes on with them as they are now".into(),
            });
        }
    }

    fn report_start(&self, run: &Checkpoint, report: &mut dyn FnMut(&Event)) {
        report(&Event::Started {
            from: run.state.started_from.clone(),
            steps: run.state.plan.steps,
            done: run.state.step,
            train_texts: self.data.train.len(),
            held_out_texts: self.data.held_out.len(),
            train_tokens: self.data.train_tokens(),
            cut: self.data.cut,
            parameters: run.adapter.parameters(),
        });
    }

    /// One optimizer step; its mean loss and its tokens. None when cancelled, with nothing changed.
    fn step(&self, run: &mut Checkpoint, cancel: &Cancel) -> Result<Option<(f64, usize)>, TrainingError> {
        let plan = &run.state.plan;
        let mut cursor = run.state.cursor;
        let batch = next_batch(&self.data.train, plan.tokens_per_step, plan.seed, &mut cursor);
        let labels: usize = batch.iter().map(|sequence| sequence.labels()).sum();
        let tokens = batch.iter().map(|sequence| sequence.ids.len()).sum();
        let mean = 1.0 / labels as f64;
        let adapter = &run.adapter;
        let shares = deal(&batch, self.workers.count()).into_iter().zip(&self.arenas).collect();
        let results = self
            .workers
            .run(shares, |(share, arena): (Vec<Sequence>, _)| self.accumulate(adapter, &share, mean, arena, cancel));

        let mut loss = 0.0;
        let mut gradients: Option<Vec<Tensor>> = None;
        for result in results {
            let Some((part, share)) = result? else { return Ok(None) };
            loss += part;
            gradients = Some(added(gradients, share)?);
        }
        let mut gradients = gradients.expect("a batch is never empty");
        let norm = clip(&mut gradients, plan.clip_norm)?;
        loss *= mean;
        if !loss.is_finite() || !norm.is_finite() {
            return Err(TrainingError::Diverged { step: run.state.step + 1 });
        }
        let rate = plan.rate(run.state.step + 1);
        run.optimizer.update(tensors_mut(&mut run.adapter.layers), &gradients, rate)?;
        run.state.step += 1;
        run.state.cursor = cursor;
        Ok(Some((loss, tokens)))
    }

    /// Loss and gradients of one worker's share, micro-batch by micro-batch.
    fn accumulate(
        &self,
        adapter: &Adapter,
        share: &[Sequence],
        factor: f64,
        arena: &Mutex<Arena>,
        cancel: &Cancel,
    ) -> Result<Option<(f64, Vec<Tensor>)>, TrainingError> {
        let pass = self.model.pass(Some(adapter))?;
        // What an arena's buffers hold does not matter, so neither does a worker that panicked with it.
        let mut arena = arena.lock().unwrap_or_else(PoisonError::into_inner);
        let mut total = 0.0;
        let mut sum = None;
        for part in micro_batches(share, ROWS_AT_ONCE) {
            if cancel.is_requested() {
                return Ok(None);
            }
            let (loss, gradients) = pass.loss_and_gradients(&mut arena, part, factor, Scope::default(), None)?;
            total += loss;
            sum = Some(added(sum, tensors(&gradients).map(|(_, t)| t.clone()).collect())?);
        }
        Ok(sum.map(|sum| (total, sum)))
    }

    /// Mean loss over the held-out texts, nats a token.
    fn validate(&self, adapter: &Adapter) -> Result<f64, TrainingError> {
        mean_loss(self.model, Some(adapter), &self.data.held_out, &self.workers)
    }
}

/// Mean cross-entropy of the reply tokens of `data`, nats a token.
///
/// # Errors
/// When computation fails.
pub fn mean_loss(
    model: &Model,
    adapter: Option<&Adapter>,
    data: &[Sequence],
    workers: &Workers,
) -> Result<f64, TrainingError> {
    let labels: usize = data.iter().map(Sequence::labels).sum();
    let shares = deal(&data.iter().collect::<Vec<_>>(), workers.count());
    let losses = workers.run(shares, |share| -> Result<f64, TrainingError> {
        let pass = model.pass(adapter)?;
        let mut arena = Arena::default();
        let mut total = 0.0;
        for part in micro_batches(&share, ROWS_AT_ONCE) {
            total += pass.loss(&mut arena, part, Scope::default())?;
        }
        Ok(total)
    });
    let mut total = 0.0;
    for loss in losses {
        total += loss?;
    }
    Ok(total / labels.max(1) as f64)
}

fn added(sum: Option<Vec<Tensor>>, more: Vec<Tensor>) -> Result<Vec<Tensor>, TrainingError> {
    let Some(sum) = sum else { return Ok(more) };
    Ok(sum.iter().zip(&more).map(|(a, b)| a + b).collect::<candle_core::Result<_>>()?)
}

fn out_of_time(state: &State) -> bool {
    state.plan.minutes.is_some_and(|minutes| state.seconds >= minutes * 60.0)
}

fn finished(state: &State) -> Option<Ending> {
    if state.step >= state.plan.steps {
        Some(Ending::Completed)
    } else if out_of_time(state) {
        Some(Ending::TimeUp)
    } else if state.plan.patience.is_some_and(|patience| state.stale >= patience) {
        Some(Ending::NoLongerImproving)
    } else {
        None
    }
}

/// How long things take, from what they took.
#[derive(Default)]
struct Pace {
    step: Option<f64>,
    steps_seen: usize,
    validation: Option<f64>,
}

impl Pace {
    /// Steps before an estimate is worth showing: the first ones warm caches up.
    const WARM_UP: usize = 3;
    /// Weight of the newest step in the running average.
    const NEWEST: f64 = 0.2;

    fn step(&mut self, seconds: f64) {
        self.steps_seen += 1;
        self.step = Some(self.step.map_or(seconds, |mean| mean + Self::NEWEST * (seconds - mean)));
    }

    fn validation(&mut self, seconds: f64) {
        self.validation = Some(seconds);
    }

    /// Seconds left, by the steps and by the clock, whichever ends the run first.
    fn left(&self, state: &State) -> Option<f64> {
        let step = self.step.filter(|_| self.steps_seen >= Self::WARM_UP)?;
        let (steps, every) = (state.plan.steps - state.step, state.plan.validate_every.max(1));
        let validations = steps.div_ceil(every) as f64 * self.validation.unwrap_or(0.0);
        let by_steps = steps as f64 * step + validations;
        let by_clock = state.plan.minutes.map_or(f64::INFINITY, |minutes| minutes * 60.0 - state.seconds);
        Some(by_steps.min(by_clock.max(0.0)))
    }
}
