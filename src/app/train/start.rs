//! Loads the start point of a training run: a new adapter, a model of the library, or several that are added up.

use candle_core::Device;

use super::options::{Options, Update};
use super::start_point::StartPoint;
use crate::app::context::Context;
use crate::app::error::AppError;
use crate::app::select;
use crate::engine::merge::{concatenate, merge};
use crate::engine::{Adapter, Model};
use crate::library::Library;
use crate::selection::{BlendPart, Choice, blend_notation};
use crate::training::{Plan, SCRATCH};

/// What is to be loaded, and whether the user named it: then what does not fit is an error, else training starts from scratch.
struct Wanted {
    parts: Vec<BlendPart>,
    insists: bool,
}

impl Wanted {
    fn of(from: &StartPoint, choice: impl FnOnce() -> Result<Choice, AppError>) -> Result<Self, AppError> {
        Ok(match from.parts() {
            Some(parts) => Self { parts, insists: true },
            None => Self { parts: choice()?.parts(), insists: false },
        })
    }

    /// An error where the user insists; otherwise it is said, and training starts from scratch.
    fn give_up(&self, error: AppError, report: &mut dyn FnMut(Update<'_>)) -> Result<(), AppError> {
        if self.insists {
            return Err(error);
        }
        report(Update::Phase(&format!("{error}. Training starts from scratch")));
        Ok(())
    }
}

/// The adapter to start from and what it is called.
pub(in crate::app) fn start(
    context: &Context,
    options: &Options,
    plan: &Plan,
    model: &Model,
    base_id: &str,
    report: &mut dyn FnMut(Update<'_>),
) -> Result<(Adapter, String), AppError> {
    let choose = || {
        let choice = select::select(context)?.choice;
        report(Update::Phase(&choice.reason));
        Ok(choice)
    };
    let wanted = Wanted::of(&options.from, choose)?;
    if let Some(found) = load(&wanted, options, model, base_id, report)? {
        return Ok(found);
    }
    Ok((Adapter::new(&model.config, &plan.shape, plan.seed, &Device::Cpu)?, SCRATCH.to_owned()))
}

fn load(
    wanted: &Wanted,
    options: &Options,
    model: &Model,
    base_id: &str,
    report: &mut dyn FnMut(Update<'_>),
) -> Result<Option<(Adapter, String)>, AppError> {
    let library = Library::shipped()?;
    let mut adapters = Vec::with_capacity(wanted.parts.len());
    for BlendPart { id, weight } in &wanted.parts {
        if let Err(error) = AppError::check_base(id, &library.card(id)?.base, base_id) {
            wanted.give_up(error, report)?;
            return Ok(None);
        }
        adapters.push((*weight, library.adapter(id, &model.config, &Device::Cpu)?));
    }
    let (adapter, name) = match &wanted.parts[..] {
        [] => return Ok(None),
        [only] if only.weight == 1.0 => (adapters.remove(0).1, only.id.clone()),
        parts => (added(&adapters, options.rank, report)?, blend_notation(parts)),
    };
    if !fits(&adapter, options) {
        let error = AppError::OtherShape { what: name, rank: adapter.rank, alpha: adapter.alpha };
        wanted.give_up(error, report)?;
        return Ok(None);
    }
    Ok(Some((adapter, name)))
}

/// The weighted sum: exactly, of the sum of the ranks, or as close as the rank that the user named allows.
fn added(
    adapters: &[(f64, Adapter)],
    rank: Option<usize>,
    report: &mut dyn FnMut(Update<'_>),
) -> Result<Adapter, AppError> {
    let parts: Vec<(f64, &Adapter)> = adapters.iter().map(|(weight, adapter)| (*weight, adapter)).collect();
    let Some(rank) = rank else { return Ok(concatenate(&parts)?) };
    let merged = merge(&parts, rank)?;
    let lost = merged.error * 100.0;
    report(Update::Phase(&format!("rank {rank} captures all but {lost:.1} % of the blend's update")));
    Ok(merged.adapter)
}

/// Whether an adapter has the shape that the user named, if any.
fn fits(adapter: &Adapter, options: &Options) -> bool {
    let mut projections = options.projections.clone();
    projections.sort_unstable();
    projections.dedup();
    options.rank.is_none_or(|rank| rank == adapter.rank)
        && options.alpha.is_none_or(|alpha| alpha == adapter.alpha)
        && (projections.is_empty() || projections == adapter.projections())
}
