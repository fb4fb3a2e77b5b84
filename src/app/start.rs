//! Where a training starts: from nothing, from a model of the library, or from several that are added up.

use candle_core::Device;

use super::context::Context;
use super::error::AppError;
use super::select;
use super::train::{Options, Update};
use crate::engine::merge::{concatenate, merge};
use crate::engine::{Adapter, Model};
use crate::library::Library;
use crate::selection::{BlendPart, Choice, blend_notation};
use crate::training::Plan;
pub use crate::training::SCRATCH;

/// Where training starts.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum From {
    /// What selection chooses.
    #[default]
    Auto,
    Scratch,
    /// A model of the library, by id.
    Library(String),
    /// Several models of the library, each with its weight.
    Blend(Vec<BlendPart>),
}

impl std::str::FromStr for From {
    type Err = String;

    /// `auto`, `scratch`, an id, or a blend: `warm:0.7+formal:0.4`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "auto" => Ok(Self::Auto),
            SCRATCH => Ok(Self::Scratch),
            id if !id.contains([':', '+']) => Ok(Self::Library(id.to_owned())),
            blend => {
                let part = |part: &str| {
                    let (id, weight) = part.split_once(':')?;
                    let weight =
                        weight.trim().parse().ok().filter(|weight: &f64| weight.is_finite() && *weight > 0.0)?;
                    (!id.trim().is_empty()).then(|| BlendPart { id: id.trim().to_owned(), weight })
                };
                let parts: Option<Vec<BlendPart>> = blend.split('+').map(part).collect();
                let wrong = || format!("{blend:?} is no blend: write it as warm:0.7+formal:0.4, with weights above 0");
                let parts = parts.ok_or_else(wrong)?;
                let repeats = |at: usize| parts[..at].iter().any(|earlier| earlier.id == parts[at].id);
                match (0..parts.len()).find(|&at| repeats(at)) {
                    Some(at) => Err(format!("{} is named twice in the blend", parts[at].id)),
                    None => Ok(Self::Blend(parts)),
                }
            }
        }
    }
}

/// What is to be loaded, and whether the user named it: then what does not fit is an error, else training starts from scratch.
struct Wanted {
    parts: Vec<BlendPart>,
    insists: bool,
}

impl Wanted {
    fn of(from: &From, choice: impl FnOnce() -> Result<Choice, AppError>) -> Result<Self, AppError> {
        let whole = |id: String| vec![BlendPart { id, weight: 1.0 }];
        Ok(match from {
            From::Scratch => Self { parts: Vec::new(), insists: true },
            From::Library(id) => Self { parts: whole(id.clone()), insists: true },
            From::Blend(parts) => Self { parts: parts.clone(), insists: true },
            From::Auto => Self { parts: choice()?.parts(), insists: false },
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
pub(super) fn start(
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
        let made_on = &library.card(id)?.base;
        if made_on != base_id {
            let error = AppError::OtherBase { what: id.clone(), made_on: made_on.clone(), now: base_id.to_owned() };
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
    report(Update::Phase(&format!("rank {rank} has room for all but {lost:.1} % of the blend's update")));
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_blend_is_written_as_it_is_read() {
        let blend: From = "warm:0.7+formal:0.40".parse().unwrap();
        let From::Blend(parts) = &blend else { panic!("{blend:?}") };
        assert_eq!((parts[0].id.as_str(), parts[1].weight), ("warm", 0.4));
        assert_eq!(blend_notation(parts), "warm:0.70+formal:0.40");
        assert_eq!(blend_notation(&[BlendPart { id: "warm".into(), weight: 1.0 }]), "warm");
        assert_eq!(blend_notation(parts).parse::<From>().unwrap(), blend);
    }

    #[test]
    fn a_blend_that_makes_no_sense_is_refused_with_what_to_write() {
        for wrong in ["warm:", "warm:0", "warm:-1+formal:1", "warm:nan", ":1", "warm+formal", "warm:1+", "warm:1e999"] {
            let error = wrong.parse::<From>().unwrap_err();
            assert!(error.contains("warm:0.7+formal:0.4"), "{wrong}: {error}");
        }
        assert!("warm:1+warm:2".parse::<From>().unwrap_err().contains("twice"));
        assert_eq!("warm".parse::<From>().unwrap(), From::Library("warm".into()));
    }
}
