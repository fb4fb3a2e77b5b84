//! The training loop: steps, validations, checkpoints, and when to stop. Reports events; draws nothing.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::batches::{Cursor, next_batch};
use super::checkpoint::{Best, Checkpoint, State};
use super::error::TrainingError;
use super::event::{Ending, Event, Outcome};
use super::examples::Encoded;
use super::governor::Governor;
use super::optimizer::{AdamW, clip};
use super::pace::Pace;
use super::plan::Plan;
use super::sample::Sampler;
use super::team::Team;
use crate::engine::adapter::{tensors, tensors_mut};
use crate::engine::{Adapter, Model};
use crate::platform::cancel::{Cancel, Cancelled};
use crate::platform::system::MemoryProbe;

/// A held-out loss this far above the best one, in nats a token, is no bad luck: the run is running away.
const RUN_AWAY: f64 = 1.0;
/// After so many returns to the best adapter, a run is given up.
const MOST_ROLLBACKS: usize = 4;
/// Factor of the learning rate after a return.
const MORE_CAREFUL: f64 = 0.5;

/// A run.
pub struct Trainer<'a> {
    model: &'a Model,
    data: &'a Encoded,
    team: Team<'a>,
    folder: PathBuf,
    begin: Begin,
    memory: MemoryProbe,
    governor: Governor,
    sampler: Option<Sampler>,
}

/// What a run begins with.
enum Begin {
    Fresh { plan: Box<Plan>, adapter: Adapter, started_from: String, base: String },
    Resumed(Box<Checkpoint>),
    Begun,
}

impl<'a> Trainer<'a> {
    /// A new run in `folder`, from `start`, an adapter and its name. Nothing is computed yet.
    ///
    /// # Errors
    /// When threads are refused.
    pub fn start(
        model: &'a Model,
        base: &str,
        data: &'a Encoded,
        mut plan: Plan,
        (adapter, started_from): (Adapter, String),
        folder: &Path,
    ) -> Result<Self, TrainingError> {
        plan.shape.rank = adapter.rank;
        plan.shape.alpha = adapter.alpha;
        plan.shape.projections = adapter.projections();
        let team = Team::new(model, data, &plan.method)?;
        let begin = Begin::Fresh { plan: Box::new(plan), adapter, started_from, base: base.into() };
        Ok(Self::new(model, data, team, folder, begin))
    }

    /// The run whose checkpoint is in `folder`.
    ///
    /// # Errors
    /// When there is none, or it does not fit the model.
    pub fn resume(model: &'a Model, base: &str, data: &'a Encoded, folder: &Path) -> Result<Self, TrainingError> {
        let checkpoint = Checkpoint::load(folder, &model.config, model.weights.norm.device())?;
        if checkpoint.state.base != base {
            let why = format!("it was made on {}, and the model now is {base}", checkpoint.state.base);
            return Err(TrainingError::BadCheckpoint { path: folder.into(), why });
        }
        let team = Team::new(model, data, &checkpoint.state.plan.method)?;
        Ok(Self::new(model, data, team, folder, Begin::Resumed(Box::new(checkpoint))))
    }

    fn new(model: &'a Model, data: &'a Encoded, team: Team<'a>, folder: &Path, begin: Begin) -> Self {
        let (memory, governor) = (MemoryProbe::new(), Governor::of_this_machine());
        Self { model, data, team, folder: folder.into(), begin, memory, governor, sampler: None }
    }

    /// Lets the model answer this prompt whenever it is better than before, so that one can hear how it changes; the base
    /// answers it first.
    #[must_use]
    pub fn sampling(mut self, prompt: Option<String>) -> Self {
        self.sampler = prompt.map(|prompt| Sampler { prompt });
        self
    }

    /// Runs until the plan is done, time is up, nothing improves any more, or `cancel` asks. In every case a checkpoint
    /// of the last whole step is on disk.
    ///
    /// # Errors
    /// When the loss keeps running away, a checkpoint cannot be written, computation fails, or a stop is asked for before
    /// the first step.
    pub fn run(&mut self, cancel: &Cancel, report: &mut dyn FnMut(&Event)) -> Result<Outcome, TrainingError> {
        let mut run = match std::mem::replace(&mut self.begin, Begin::Begun) {
            Begin::Resumed(checkpoint) => *checkpoint,
            Begin::Fresh { plan, adapter, started_from, base } => {
                let before = self.team.held_out_loss(&adapter, cancel)?;
                report(&Event::Validation { step: 0, held_out_loss: before, best: true });
                let learned = &adapter.layers[plan.method.scope.first_layer..];
                let optimizer = AdamW::new(tensors(learned).map(|(_, tensor)| tensor))?;
                let state = State::new(*plan, before, &started_from, &self.data.fingerprint, &base);
                Checkpoint { state, best_adapter: adapter.clone(), adapter, optimizer }
            }
            Begin::Begun => unreachable!("a trainer runs once"),
        };
        self.adopt_data(&mut run.state, report);
        self.report_start(&run, report);
        run.save(&self.folder)?;
        self.sample(None, None, cancel, report);
        let ending = match self.go_on(&mut run, cancel, report) {
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

    /// Steps and validations until there is a reason to end. Whatever is interrupted leaves the run as it was before it.
    fn go_on(
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
            if !cancel.proceed() {
                return Err(Cancelled.into());
            }
            let worked = self.step(run, &mut pace, cancel, report)?;
            self.governor.rest(worked, cancel, report);
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
        let (loss, measured) = working(cancel, || self.team.held_out_loss(&run.adapter, cancel))?;
        run.state.seconds += measured;
        run.state.validated = step;
        pace.validation(measured);
        let ran_away = loss.is_nan() || loss > run.state.best.held_out_loss + RUN_AWAY;
        let best = loss < run.state.best.held_out_loss;
        report(&Event::Validation { step, held_out_loss: loss, best });
        if ran_away {
            return roll_back(run, report);
        }
        if best {
            run.state.best = Best { step, held_out_loss: loss };
            run.best_adapter = run.adapter.clone();
            run.state.stale = 0;
            let ((), took) = working(cancel, || {
                self.sample(Some(step), Some(&run.adapter), cancel, report);
                Ok(())
            })?;
            // It is no training, but it takes time: the time left knows it, the work that the plan is about does not.
            pace.validation(measured + took);
        } else {
            run.state.stale += 1;
        }
        Ok(())
    }

    /// Lets the model write its sample. What goes wrong with that is said, and is no reason to end a run.
    fn sample(&self, step: Option<usize>, adapter: Option<&Adapter>, cancel: &Cancel, report: &mut dyn FnMut(&Event)) {
        let Some(sampler) = &self.sampler else { return };
        match sampler.draw(self.model, adapter, cancel) {
            Ok(Some(text)) => report(&Event::Sample { step, prompt: sampler.prompt.clone(), text }),
            Ok(None) => {}
            Err(error) => report(&Event::Note { text: format!("no sample was written: {error}") }),
        }
    }

    /// One optimizer step; or, where its loss or gradient is not a number, the return to the best adapter. The seconds it took.
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
        let ((loss, mut gradients), took) = working(cancel, || self.team.gradients(&run.adapter, &batch, cancel))?;
        let updating = Instant::now();
        let norm = clip(&mut gradients, plan.clip_norm)?;
        run.state.cursor = cursor;
        if !loss.is_finite() || !norm.is_finite() {
            roll_back(run, report)?;
            return Ok(took);
        }
        let rate = plan.rate(run.state.step + 1);
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
            eta_s: pace.left(&run.state),
            temperature_c: self.governor.temperature(),
        });
        Ok(took)
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

/// Back to the best adapter, with moments that have seen nothing and half the learning rate. The texts of the failed step
/// are passed over.
fn roll_back(run: &mut Checkpoint, report: &mut dyn FnMut(&Event)) -> Result<(), TrainingError> {
    let state = &mut run.state;
    state.rollbacks += 1;
    if state.rollbacks > MOST_ROLLBACKS {
        return Err(TrainingError::Diverged { step: state.step, learning_rate: state.plan.learning_rate });
    }
    state.plan.learning_rate *= MORE_CAREFUL;
    run.adapter = run.best_adapter.clone();
    run.optimizer = AdamW::new(tensors(&run.adapter.layers[state.plan.method.scope.first_layer..]).map(|(_, t)| t))?;
    report(&Event::RolledBack { step: state.step, to: state.best.step, learning_rate: state.plan.learning_rate });
    Ok(())
}

/// The result of a job, and the seconds it worked, pauses left out.
fn working<R>(cancel: &Cancel, job: impl FnOnce() -> Result<R, TrainingError>) -> Result<(R, f64), TrainingError> {
    let (started, paused) = (Instant::now(), cancel.paused_for());
    let result = job()?;
    let idle = cancel.paused_for().saturating_sub(paused);
    Ok((result, started.elapsed().saturating_sub(idle).max(Duration::from_micros(1)).as_secs_f64()))
}
