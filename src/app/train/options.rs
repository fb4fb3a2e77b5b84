//! The options of a training run, its progress reports, and the plan that its options result in.

use super::start_point::StartPoint;
use crate::app::context::{Budget, Context};
use crate::app::runs::Run;
use crate::engine::projection::Projection;
use crate::platform::system;
use crate::training::{Event, Limits, Plan, Preset};

/// What a model is asked for on the way where nobody chose something else.
pub const SAMPLE_PROMPT: &str = "Thank Sam for the lift on Friday.";

/// What the user may decide; everything else is [`Plan`]'s default.
#[derive(Clone, Debug, Default)]
pub struct Options {
    pub from: StartPoint,
    /// How long to train where no steps are named.
    pub effort: Effort,
    pub steps: Option<usize>,
    pub minutes: Option<f64>,
    pub learning_rate: Option<f64>,
    /// Tokens whose gradients are added up for a step.
    pub tokens_per_step: Option<usize>,
    /// Resident memory of the whole program, MiB; what the machine has to spare where absent.
    pub memory_mb: Option<u64>,
    /// A way to train instead of the best that fits.
    pub preset: Option<Preset>,
    /// Shape of a new adapter. A start from the library brings its own.
    pub rank: Option<usize>,
    pub alpha: Option<f64>,
    /// Which linear maps a new adapter changes; all where empty.
    pub projections: Vec<Projection>,
    /// Train to the last step even when the held-out loss no longer falls.
    pub no_early_stop: bool,
    /// Continue from the checkpoint.
    pub resume: bool,
    /// Discard a stopped run and start over.
    pub restart: bool,
    /// Let the model answer this whenever it is better than before, to show how it changes.
    pub sample: Option<String>,
}

/// How long to train, as a share of the usual number of steps for the texts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, strum::Display, strum::EnumString, strum::VariantArray)]
#[strum(serialize_all = "kebab-case", parse_err_ty = String, parse_err_fn = unknown)]
pub enum Effort {
    /// A third of the steps: to try it out.
    Quick,
    #[default]
    Normal,
    /// Twice the steps.
    Thorough,
}

fn unknown(_: &str) -> String {
    "the effort must be quick, normal or thorough".to_owned()
}

impl Effort {
    /// The number of steps where so many are usual.
    pub fn steps(self, usual: usize) -> usize {
        match self {
            Self::Quick => usual.div_ceil(3),
            Self::Normal => usual,
            Self::Thorough => 2 * usual,
        }
    }
}

impl Options {
    /// The same, with the limits that the user has set for all trainings where these name none.
    pub fn within(&self, budget: Budget) -> Self {
        let (memory_mb, minutes) = (self.memory_mb.or(budget.memory_mb), self.minutes.or(budget.minutes));
        Self { memory_mb, minutes, ..self.clone() }
    }
}

/// What a run reports.
pub enum Update<'a> {
    /// What it is doing before the first step.
    Phase(&'a str),
    Event(&'a Event),
    /// An earlier run from scratch on the same texts, to compare with.
    Reference(&'a Run),
}

/// Share of the memory that is free which a run takes unasked.
const SPARE: f64 = 0.8;

pub(in crate::app) fn allowed(context: &Context, options: &Options) -> Limits {
    let spare = || system::memory_mb().map_or(u64::MAX, |(available, _)| available);
    let held = system::MemoryProbe::new().resident_mb();
    Limits {
        memory_mb: options.memory_mb.unwrap_or_else(|| held + (spare() as f64 * SPARE) as u64),
        memory_given: options.memory_mb.is_some(),
        minutes: options.minutes,
        threads: context.threads,
        preset: options.preset,
    }
}

pub(in crate::app) fn adjust(plan: &mut Plan, options: &Options, tokens: usize) {
    plan.tokens_per_step = options.tokens_per_step.unwrap_or(plan.tokens_per_step);
    let usual = Plan::default_steps(tokens, plan.tokens_per_step);
    plan.steps = options.steps.unwrap_or_else(|| options.effort.steps(usual));
    plan.minutes = options.minutes;
    plan.learning_rate = options.learning_rate.unwrap_or(plan.learning_rate);
    if let Some(rank) = options.rank {
        // The same size of update whatever the rank, as the default has it.
        plan.shape.alpha *= rank as f64 / plan.shape.rank as f64;
        plan.shape.rank = rank;
    }
    plan.shape.alpha = options.alpha.unwrap_or(plan.shape.alpha);
    if !options.projections.is_empty() {
        plan.shape.projections.clone_from(&options.projections);
    }
    if options.no_early_stop {
        plan.patience = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_effort_sets_the_steps_where_none_are_named() {
        let steps = |effort, steps| {
            let mut plan = Plan::default();
            adjust(&mut plan, &Options { effort, steps, ..Options::default() }, 30_000);
            plan.steps
        };
        let usual = Plan::default_steps(30_000, Plan::default().tokens_per_step);
        assert_eq!((steps(Effort::Normal, None), steps(Effort::Thorough, None)), (usual, 2 * usual));
        assert_eq!((steps(Effort::Quick, None), steps(Effort::Quick, Some(7))), (usual.div_ceil(3), 7));
        assert_eq!("thorough".parse(), Ok(Effort::Thorough));
        assert!("hard".parse::<Effort>().unwrap_err().contains("quick"));
    }
}
