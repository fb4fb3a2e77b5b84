//! Measuring the style space and selection on data of one's own: a suite, its data, a report.

use std::path::{Path, PathBuf};

use xpert::app::{Context, base};
use xpert::engine::Precision;
use xpert::making::Making;
use xpert::platform::cancel::Cancel;
use xpert::platform::paths::write_atomically;
use xpert::style::StyleSpace;

use super::laboratory::Laboratory;
use super::report::Report;
use super::shared::Instrument;
use super::{EvaluationError, authors, axes, communication, cost, levels, noise, simulated, trained};
use crate::LabError;

/// What is measured.
#[derive(Clone, Debug, PartialEq)]
pub enum Suite {
    /// Models simulated from the texts of a folder, found again by users from it or from another.
    Simulated {
        data: PathBuf,
        users: Option<PathBuf>,
        /// Whether the base model reads the texts, too.
        neural: bool,
    },
    /// The same with models that are really trained, and kept in a folder.
    Trained {
        data: PathBuf,
        similarities: Vec<f64>,
        bench: Bench,
    },
    /// What it costs to be as good as from scratch, from a selected model and from a blend.
    Cost {
        data: PathBuf,
        similarities: Vec<f64>,
        /// Of how many styles the users' texts are.
        mixtures: Vec<usize>,
        users: usize,
        bench: Bench,
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
pub struct Bench {
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
        Suite::Trained { data, similarities, bench } => with_laboratory(context, bench, cancel, &mut |laboratory| {
            Ok(trained(space, data, laboratory, similarities, progress)?)
        })?,
        Suite::Cost { data, similarities, mixtures, users, bench } => {
            with_laboratory(context, bench, cancel, &mut |laboratory| {
                let tried = (&similarities[..], &mixtures[..], *users);
                Ok(cost(space, data, laboratory, tried, progress)?)
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

/// Hands over the style space, with the base model as a reader where that is asked for.
fn with_instrument<T>(
    context: &Context,
    neural: bool,
    job: &mut dyn FnMut(Instrument<'_>) -> Result<T, LabError>,
) -> Result<T, LabError> {
    if !neural {
        return job(Instrument { space: StyleSpace::shipped().map_err(EvaluationError::from)?, reader: None });
    }
    let (model, base) = base::load(context, Precision::Dense)?;
    let reader = xpert::neural::reader(&model, &base, context.threads);
    job(Instrument { space: StyleSpace::shipped_with_part().map_err(EvaluationError::from)?, reader: Some(&reader) })
}

/// Loads the base model in both precisions and hands over a place to make models in.
fn with_laboratory<T>(
    context: &Context,
    bench: &Bench,
    cancel: &Cancel,
    job: &mut dyn FnMut(&Laboratory<'_>) -> Result<T, LabError>,
) -> Result<T, LabError> {
    let (stored, base) = base::load(context, Precision::Stored)?;
    let (dense, _) = base::load(context, Precision::Dense)?;
    let making = |model| Making { model, base: &base, threads: context.threads, cancel };
    let work = bench.work.clone().unwrap_or_else(|| context.paths.data().join("evaluation"));
    job(&Laboratory { adapting: making(&stored), answering: making(&dense), steps: bench.steps, work })
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
