//! Studies: the measurements behind limits and defaults, how the screens do during a training run, and pictures of them. Each prints
//! what it found.

mod axis_evidence;
mod caution_rates;
mod parts_chance;
mod screens_answer;
mod screens_while_training;
mod screenshots;
mod selection_benchmark;
mod setup;
mod time_to_loss;

use setup::{Fallible, Settings, shared};

use crate::arguments::Study;

/// Runs a study with its arguments.
///
/// # Errors
/// Whatever the study fails with, and where it lacks an argument.
pub fn run(study: Study, arguments: &[String]) -> Fallible<()> {
    match study {
        Study::AxisEvidence => axis_evidence::run(arguments),
        Study::CautionRates => caution_rates::run(&shared(arguments)),
        Study::PartsChance => parts_chance::run(&shared(arguments)),
        Study::SelectionBenchmark => selection_benchmark::run(arguments),
        Study::TimeToLoss => time_to_loss::run(arguments),
        Study::ScreensAnswer => screens_answer::run(&Settings::of(arguments)),
        Study::ScreensWhileTraining => screens_while_training::run(&Settings::of(arguments)),
        Study::Screenshots => screenshots::run(arguments),
    }
}
