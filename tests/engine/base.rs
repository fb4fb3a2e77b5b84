//! The base model in memory, up to 540 MB of it. Eleven tests load it, and two at once are too much for a small board, so they take
//! turns.

use std::ops::Deref;
use std::sync::{Mutex, MutexGuard, PoisonError};

use xpert::engine::{Model, ModelPath, Precision};

use crate::base_model;

pub struct Base {
    model: Model,
    _turn: MutexGuard<'static, ()>,
}

impl Deref for Base {
    type Target = Model;

    fn deref(&self) -> &Model {
        &self.model
    }
}

/// The base model, after every other test is done with it.
pub fn load(precision: Precision) -> Base {
    static TURN: Mutex<()> = Mutex::new(());
    let turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let model = Model::load(&ModelPath::Gguf(base_model::path()), precision).expect("the base model loads");
    Base { model, _turn: turn }
}
