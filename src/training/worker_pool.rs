//! The workers of a run, each with a share of every batch. Knows no schedule and no checkpoint.

use std::sync::{Mutex, PoisonError};

use candle_core::Tensor;

use super::batches::{distribute, micro_batches};
use super::error::TrainingError;
use super::examples::Encoded;
use super::prefix::{Capacity, PrefixCache};
use super::preset::Method;
use crate::engine::adapter::tensors;
use crate::engine::fused::{AdapterGradients, Arena, Pass, Prefix};
use crate::engine::threads::Workers;
use crate::engine::{Adapter, EngineError, Model, Sequence};
use crate::platform::cancel::Cancel;

/// Workers with the state that each keeps between batches.
pub struct WorkerPool<'a> {
    model: &'a Model,
    data: &'a Encoded,
    method: Method,
    workers: Workers,
    states: Vec<Mutex<WorkerState>>,
    train: PrefixCache,
    held_out: PrefixCache,
    capacity: Capacity,
}

struct WorkerState {
    arena: Arena,
    gradients: Option<AdapterGradients>,
}

impl WorkerState {
    fn for_rows(rows: usize) -> Self {
        Self { arena: Arena::for_rows(rows), gradients: None }
    }
}

impl<'a> WorkerPool<'a> {
    /// # Errors
    /// When the system refuses a thread.
    pub fn new(model: &'a Model, data: &'a Encoded, method: &Method) -> Result<Self, TrainingError> {
        let workers = Workers::new(method.workers).map_err(TrainingError::Threads)?;
        let rows = method.rows.max(data.longest());
        let states = (0..workers.count()).map(|_| Mutex::new(WorkerState::for_rows(rows))).collect();
        let (train, held_out) = (PrefixCache::new(data.train.len()), PrefixCache::new(data.held_out.len()));
        let capacity = Capacity::new(method.cache);
        Ok(Self { model, data, method: method.clone(), workers, states, train, held_out, capacity })
    }

    /// The mean loss of the texts `batch`, nats per scored token, and its gradients with respect to the matrices that
    /// learn, in the order of [`tensors`].
    ///
    /// # Errors
    /// When computation fails or is cancelled.
    pub fn gradients(
        &self,
        adapter: &Adapter,
        batch: &[usize],
        cancel: &Cancel,
    ) -> Result<(f64, Vec<Tensor>), TrainingError> {
        let labels: usize = batch.iter().map(|index| self.data.train[*index].labels()).sum();
        let mean = 1.0 / labels as f64;
        let pass = self.model.pass(Some(adapter))?.with_cancel(cancel);
        let shares: Vec<_> =
            distribute(&self.data.train, batch, self.workers.count()).into_iter().zip(&self.states).collect();
        let used = shares.len();
        let losses = self.workers.run(shares, |(share, state)| self.accumulate(&pass, &share, mean, state));
        let mut loss = 0.0;
        for part in losses {
            loss += part?;
        }
        // Added in the order of the workers, so that a run is reproducible bit for bit.
        let mut first = lock(&self.states[0]);
        let sum = first.gradients.as_mut().expect("every share has gradients");
        for state in &self.states[1..used] {
            sum.add(lock(state).gradients.as_ref().expect("every share has gradients"));
        }
        let pairs = sum.pairs()?;
        Ok((loss * mean, tensors(&pairs).map(|(_, tensor)| tensor.clone()).collect()))
    }

    /// Total loss of one worker's share, micro-batch by micro-batch. The gradients are in its state.
    fn accumulate(
        &self,
        pass: &Pass<'_>,
        share: &[usize],
        factor: f64,
        state: &Mutex<WorkerState>,
    ) -> Result<f64, TrainingError> {
        let mut state = lock(state);
        let WorkerState { arena, gradients } = &mut *state;
        let scope = self.method.scope;
        let gradients = gradients.get_or_insert_with(|| pass.zero_gradients(scope.first_layer));
        gradients.clear();
        let texts = &self.data.train;
        self.each_part(pass, arena, texts, &self.train, share, |arena, sequences, prefix| {
            pass.accumulate(arena, sequences, factor, scope, prefix, gradients)
        })
    }

    /// Mean loss over the held-out texts, nats per scored token.
    ///
    /// # Errors
    /// When computation fails or is cancelled.
    pub fn held_out_loss(&self, adapter: &Adapter, cancel: &Cancel) -> Result<f64, TrainingError> {
        let pass = self.model.pass(Some(adapter))?.with_cancel(cancel);
        let texts = &self.data.held_out;
        let scope = self.method.scope;
        let all: Vec<usize> = (0..texts.len()).collect();
        let shares = distribute(texts, &all, self.workers.count()).into_iter().zip(&self.states).collect();
        let losses = self.workers.run(shares, |(share, state)| -> Result<f64, TrainingError> {
            let arena = &mut lock(state).arena;
            self.each_part(&pass, arena, texts, &self.held_out, &share, |arena, sequences, prefix| {
                pass.loss(arena, sequences, scope, prefix)
            })
        });
        mean(losses, texts)
    }

    /// Runs `job` on each micro-batch of a share: on its texts, and the frozen blocks' output for each, if any block is frozen.
    /// Returns the sum of the results.
    fn each_part(
        &self,
        pass: &Pass<'_>,
        arena: &mut Arena,
        texts: &[Sequence],
        cache: &PrefixCache,
        share: &[usize],
        mut job: impl FnMut(&mut Arena, &[Sequence], Option<Prefix<'_>>) -> Result<f64, EngineError>,
    ) -> Result<f64, TrainingError> {
        let first = self.method.scope.first_layer;
        let mut total = 0.0;
        for part in micro_batches(texts, share, self.method.rows) {
            let sequences: Vec<Sequence> = part.iter().map(|index| texts[*index].clone()).collect();
            let entries = part.iter().filter(|_| first > 0);
            let entries = entries.map(|index| cache.get(pass, arena, *index, &texts[*index], first, &self.capacity));
            let entries = entries.collect::<Result<Vec<_>, _>>()?;
            let prefix: Vec<&[f32]> = entries.iter().map(AsRef::as_ref).collect();
            total += job(arena, &sequences, (first > 0).then_some(prefix.as_slice()))?;
        }
        Ok(total)
    }
}

/// Mean cross-entropy of the scored tokens of `data`, nats per token.
pub fn mean_loss(
    model: &Model,
    adapter: Option<&Adapter>,
    data: &[Sequence],
    workers: &Workers,
) -> Result<f64, TrainingError> {
    let method = Method::full(workers.count());
    let all: Vec<usize> = (0..data.len()).collect();
    let losses = workers.run(distribute(data, &all, workers.count()), |share| -> Result<f64, TrainingError> {
        let pass = model.pass(adapter)?;
        let mut arena = Arena::default();
        let mut total = 0.0;
        for part in micro_batches(data, &share, method.rows) {
            let sequences: Vec<Sequence> = part.iter().map(|index| data[*index].clone()).collect();
            total += pass.loss(&mut arena, &sequences, method.scope, None)?;
        }
        Ok(total)
    });
    mean(losses, data)
}

fn mean(losses: Vec<Result<f64, TrainingError>>, data: &[Sequence]) -> Result<f64, TrainingError> {
    let labels: usize = data.iter().map(Sequence::labels).sum();
    let mut total = 0.0;
    for loss in losses {
        total += loss?;
    }
    Ok(total / labels.max(1) as f64)
}

/// Every batch starts from fresh values, so the state of a worker that panicked does not matter.
fn lock(state: &Mutex<WorkerState>) -> std::sync::MutexGuard<'_, WorkerState> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}
