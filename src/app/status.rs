//! What there is to work with in the data folder: texts, base model, runs. Looks and changes nothing.

use super::context::Context;
use super::error::AppError;
use super::runs::{self, Record};
use super::{base, train};
use crate::store::{Import, Summary};

/// What there is to work with.
#[derive(Clone, Debug, Default)]
pub struct Status {
    pub texts: Summary,
    /// The import that can be undone.
    pub last_import: Option<Import>,
    /// Name and place of the base model, if it is on this machine.
    pub base: Option<(String, String)>,
    /// The base model that would be fetched: name, licence and bytes.
    pub wanted: (String, String, u64),
    /// The run in use, which is the personal model, and how it came to be, if there is one.
    pub in_use: Option<(u32, Record)>,
    /// The numbers of all runs.
    pub runs: Vec<u32>,
    /// A stopped training: start, step, steps.
    pub unfinished: Option<(String, usize, usize)>,
    /// What could not be looked at, and why.
    pub problems: Vec<String>,
}

/// Everything there is; what cannot be seen is put into words by `explain` and does not hide the rest.
pub fn look(context: &Context, explain: fn(&AppError) -> String) -> Status {
    let mut status = Status::default();
    let wanted = context.model.as_deref().and_then(|named| context.catalog.find(named));
    let wanted = wanted.unwrap_or_else(|| context.catalog.default_model());
    status.wanted = (wanted.name.clone(), wanted.licence.clone(), wanted.file.bytes);
    let mut failed = |error: AppError| status.problems.push(explain(&error));
    // Merely looking makes no database.
    if context.paths.database().exists() {
        let seen = context.store().and_then(|store| Ok((store.summary()?, store.last_import()?)));
        (status.texts, status.last_import) = seen_or(&mut failed, seen);
    }
    let base = seen_or(&mut failed, base::locate(context));
    status.base = base.map(|files| (files.name, files.source));
    status.in_use = seen_or(&mut failed, runs::in_use(context));
    status.runs = seen_or(&mut failed, runs::numbers(context));
    status.unfinished = train::unfinished(context);
    status
}

fn seen_or<T: Default>(failed: &mut impl FnMut(AppError), seen: Result<T, AppError>) -> T {
    seen.unwrap_or_else(|error| {
        failed(error);
        T::default()
    })
}
