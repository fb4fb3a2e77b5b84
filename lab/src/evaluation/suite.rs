//! Measuring the style space and selection on data of one's own: a suite, its data, a report.

use std::path::{Path, PathBuf};

use xpert::app::{Context, base};
use xpert::engine::Precision;
use xpert::library::AdapterBuilder;
use xpert::platform::cancel::Cancel;
use xpert::platform::paths::write_atomically;
use xpert::style::StyleSpace;

use super::authors::authors;
use super::axes::axes;
use super::communication::communication;
use super::cost::cost;
use super::error::EvaluationError;
use super::levels::levels;
use super::model_builder::ModelBuilder;
use super::noise::noise;
use super::report::Report;
use super::shared::Instrument;
use super::simulated::simulated;
use super::trained::trained;
use crate::error::LabError;

/// What is measured.
#[derive(Clone, Debug, PartialEq)]
pub enum Suite {
    /// Models simulated from the texts of a folder, found again by users from it or from another.
    Simulated {
        data: PathBuf,
        users: Option<PathBuf>,
        /// Whether the base model embeds the texts, too.
        neural: bool,
    },
    /// The same with models that are really trained, and kept in a folder.
    Trained {
        data: PathBuf,
        similarities: Vec<f64>,
        models: ModelOptions,
    },
    /// What it costs to be as good as from scratch, from a selected model and from a blend.
    Cost {
        data: PathBuf,
        similarities: Vec<f64>,
        /// Of how many styles the users' texts are.
        mixtures: Vec<usize>,
        users: usize,
        models: ModelOptions,
    },
    Authors {
        data: PathBuf,
        neural: bool,
    },
    Axes {
        data: Vec<PathBuf>,
        group: usize,
    },
    Levels {
        data: PathBuf,
    },
    Communication {
        data: PathBuf,
    },
    Noise {
        data: PathBuf,
    },
}

/// How models are made for a suite, and where they are kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelOptions {
    /// In the data folder where none is named.
    pub work: Option<PathBuf>,
    /// Steps that a model is trained for.
    pub steps: usize,
}

/// Runs a suite with the style space as shipped.
///
/// # Errors
/// When the data is missing or malformed, the base model is needed and not here, or the run is cancelled.
pub fn evaluate(
    context: &Context,
    suite: &Suite,
    cancel: &Cancel,
    progress: &mut dyn FnMut(&str),
) -> Result<Report, LabError> {
    let space = StyleSpace::shipped().map_err(EvaluationError::from)?;
    Ok(match suite {
        Suite::Simulated { data, users, neural } => with_instrument(context, *neural, &mut |instrument| {
            Ok(simulated(instrument, data, users.as_deref(), progress)?)
        })?,
        Suite::Trained { data, similarities, models } => with_builder(context, models, cancel, &mut |builder| {
            Ok(trained(space, data, builder, similarities, progress)?)
        })?,
        Suite::Cost { data, similarities, mixtures, users, models } => {
            with_builder(context, models, cancel, &mut |builder| {
                let tried = (&similarities[..], &mixtures[..], *users);
                Ok(cost(space, data, builder, tried, progress)?)
            })?
        }
        Suite::Authors { data, neural } => {
            with_instrument(context, *neural, &mut |instrument| Ok(authors(instrument, data)?))?
        }
        Suite::Axes { data, group } => axes(space, data, *group)?,
        Suite::Levels { data } => levels(space, data)?,
        Suite::Communication { data } => communication(space, data, progress)?,
        Suite::Noise { data } => noise(space, data, progress)?,
    })
}

/// Hands over the style space, with the base model as text encoder where that is asked for.
fn with_instrument<T>(
    context: &Context,
    neural: bool,
    job: &mut dyn FnMut(Instrument<'_>) -> Result<T, LabError>,
) -> Result<T, LabError> {
    if !neural {
        return job(Instrument { space: StyleSpace::shipped().map_err(EvaluationError::from)?, encoder: None });
    }
    let (model, base) = base::load(context, Precision::Dense)?;
    let encoder = xpert::neural::encoder(&model, &base, context.threads);
    job(Instrument {
        space: StyleSpace::shipped_with_embeddings().map_err(EvaluationError::from)?,
        encoder: Some(&encoder),
    })
}

/// Loads the base model in both precisions and hands over a builder of models.
fn with_builder<T>(
    context: &Context,
    models: &ModelOptions,
    cancel: &Cancel,
    job: &mut dyn FnMut(&ModelBuilder<'_>) -> Result<T, LabError>,
) -> Result<T, LabError> {
    let (stored, base) = base::load(context, Precision::Stored)?;
    let (dense, _) = base::load(context, Precision::Dense)?;
    let with = |model| AdapterBuilder { model, base: &base, threads: context.threads, cancel };
    let work = models.work.clone().unwrap_or_else(|| context.paths.data().join("evaluation"));
    job(&ModelBuilder { training: with(&stored), answering: with(&dense), steps: models.steps, work })
}

/// Adds a dated table of the report to a Markdown file.
///
/// # Errors
/// When the file cannot be read or written.
pub fn record(report: &Report, path: &Path) -> Result<(), LabError> {
    let unusable = |source| LabError::File { path: path.into(), source };
    let mut text = std::fs::read_to_string(path).map_err(unusable)?;
    let date = jiff::Zoned::now().date();
    text += &format!(
        "\n### Evaluation: {} ({date}, style space {})\n\n{}\n\n{}",
        report.suite,
        report.space,
        report.about,
        report.table()
    );
    write_atomically(path, text.as_bytes()).map_err(unusable)
}
