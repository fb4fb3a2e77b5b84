//! The workers of a run, each taking a share of a batch through the model. Knows no schedule and no checkpoint.

use std::sync::{Mutex, PoisonError};

use candle_core::Tensor;

use super::batches::{deal, micro_batches};
use super::error::TrainingError;
use super::examples::Encoded;
use super::prefix::{Entry, PrefixCache, Room};
use super::preset::Method;
use crate::engine::adapter::tensors;
use crate::engine::fused::{AdapterGradients, Arena, Pass};
use crate::engine::threads::Workers;
use crate::engine::{Adapter, Model, Sequence};
use crate::platform::cancel::Cancel;

/// Workers with what each keeps from one batch to the next.
pub struct Team<'a> {
    model: &'a Model,
    data: &'a Encoded,
    method: Method,
    workers: Workers,
    desks: Vec<Mutex<Desk>>,
    train: PrefixCache,
    held_out: PrefixCache,
    room: Room,
}

/// What one worker keeps.
struct Desk {
    arena: Arena,
    sums: Option<AdapterGradients>,
}

impl Desk {
    fn for_rows(rows: usize) -> Self {
        Self { arena: Arena::for_rows(rows), sums: None }
    }
}

impl<'a> Team<'a> {
    /// # Errors
    /// When the system refuses a thread.
    pub fn new(model: &'a Model, data: &'a Encoded, method: &Method) -> Result<Self, TrainingError> {
        let workers = Workers::new(method.workers).map_err(TrainingError::Threads)?;
        let rows = method.rows.max(data.longest());
        let desks = (0..workers.count()).map(|_| Mutex::new(Desk::for_rows(rows))).collect();
        let (train, held_out) = (PrefixCache::new(data.train.len()), PrefixCache::new(data.held_out.len()));
        let room = Room::new(method.cache);
        Ok(Self { model, data, method: method.clone(), workers, desks, train, held_out, room })
    }

    /// The mean loss of the texts `batch`, nats a scored token, and its gradients by the matrices that learn, in the order
    /// of [`tensors`].
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
        let pass = self.model.pass(Some(adapter))?.heeding(cancel);
        let shares: Vec<_> = deal(&self.data.train, batch, self.workers.count()).into_iter().zip(&self.desks).collect();
        let used = shares.len();
        let losses = self.workers.run(shares, |(share, desk)| self.accumulate(&pass, &share, mean, desk));
        let mut loss = 0.0;
        for part in losses {
            loss += part?;
        }
        // Added up in the order of the workers, so that the same run gives the same bits.
        let mut first = hold(&self.desks[0]);
        let sums = first.sums.as_mut().expect("every share makes gradients");
        for desk in &self.desks[1..used] {
            sums.add(hold(desk).sums.as_ref().expect("every share makes gradients"));
        }
        let pairs = sums.pairs()?;
        Ok((loss * mean, tensors(&pairs).map(|(_, tensor)| tensor.clone()).collect()))
    }

    /// Total loss of one worker's share, micro-batch by micro-batch; the gradients are at its desk.
    fn accumulate(
        &self,
        pass: &Pass<'_>,
        share: &[usize],
        factor: f64,
        desk: &Mutex<Desk>,
    ) -> Result<f64, TrainingError> {
        let mut desk = hold(desk);
        let Desk { arena, sums } = &mut *desk;
        let scope = self.method.scope;
        let sums = sums.get_or_insert_with(|| pass.no_gradients(scope.first_layer));
        sums.clear();
        let texts = &self.data.train;
        let mut total = 0.0;
        for part in micro_batches(texts, share, self.method.rows) {
            let (sequences, entries) = self.prepare(pass, arena, texts, &self.train, part)?;
            let prefix: Vec<&[f32]> = entries.iter().map(Entry::values).collect();
            let prefix = (scope.first_layer > 0).then_some(prefix.as_slice());
            total += pass.accumulate(arena, &sequences, factor, scope, prefix, sums)?;
        }
        Ok(total)
    }

    /// Mean loss over the held-out texts, nats a scored token.
    ///
    /// # Errors
    /// When computation fails or is cancelled.
    pub fn held_out_loss(&self, adapter: &Adapter, cancel: &Cancel) -> Result<f64, TrainingError> {
        let pass = self.model.pass(Some(adapter))?.heeding(cancel);
        let texts = &self.data.held_out;
        let scope = self.method.scope;
        let all: Vec<usize> = (0..texts.len()).collect();
        let shares = deal(texts, &all, self.workers.count()).into_iter().zip(&self.desks).collect();
        let losses = self.workers.run(shares, |(share, desk)| -> Result<f64, TrainingError> {
            let mut desk = hold(desk);
            let mut total = 0.0;
            for part in micro_batches(texts, &share, self.method.rows) {
                let (sequences, entries) = self.prepare(&pass, &mut desk.arena, texts, &self.held_out, part)?;
                let prefix: Vec<&[f32]> = entries.iter().map(Entry::values).collect();
                let prefix = (scope.first_layer > 0).then_some(prefix.as_slice());
                total += pass.loss(&mut desk.arena, &sequences, scope, prefix)?;
            }
            Ok(total)
        });
        mean(losses, texts)
    }

    /// The texts of a micro-batch, and what the frozen blocks make of each, if there are any.
    fn prepare<'b>(
        &self,
        pass: &Pass<'_>,
        arena: &mut Arena,
        texts: &[Sequence],
        cache: &'b PrefixCache,
        part: &[usize],
    ) -> Result<(Vec<Sequence>, Vec<Entry<'b>>), TrainingError> {
        let sequences = part.iter().map(|index| texts[*index].clone()).collect();
        let first = self.method.scope.first_layer;
        let entries = part.iter().filter(|_| first > 0);
        let entries = entries.map(|index| cache.get(pass, arena, (*index, &texts[*index]), first, &self.room));
        Ok((sequences, entries.collect::<Result<_, _>>()?))
    }
}

/// Mean cross-entropy of the scored tokens of `data`, nats a token.
///
/// # Errors
/// When computation fails.
pub fn mean_loss(
    model: &Model,
    adapter: Option<&Adapter>,
    data: &[Sequence],
    workers: &Workers,
) -> Result<f64, TrainingError> {
    let method = Method::full(workers.count());
    let all: Vec<usize> = (0..data.len()).collect();
    let losses = workers.run(deal(data, &all, workers.count()), |share| -> Result<f64, TrainingError> {
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

/// What is at a desk is made anew for every batch, so a worker that panicked there leaves nothing that matters.
fn hold(desk: &Mutex<Desk>) -> std::sync::MutexGuard<'_, Desk> {
    desk.lock().unwrap_or_else(PoisonError::into_inner)
}
