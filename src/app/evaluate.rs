//! Measuring the style space and selection on data of one's own: a suite, its data, a report.

use std::path::{Path, PathBuf};

use super::error::AppError;
use crate::evaluation::{self, Report};
use crate::style::StyleSpace;

/// What is measured.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Suite {
    /// Models simulated from the texts of a folder, found again by users from it or from another.
    Selection {
        data: PathBuf,
        users: Option<PathBuf>,
    },
    Authors {
        data: PathBuf,
    },
    Axes {
        data: Vec<PathBuf>,
        group: usize,
    },
    Levels {
        data: PathBuf,
    },
}

/// Runs a suite with the style space as shipped.
///
/// # Errors
/// When the data is missing or malformed.
pub fn evaluate(suite: &Suite, progress: &mut dyn FnMut(&str)) -> Result<Report, AppError> {
    let space = StyleSpace::shipped()?;
    Ok(match suite {
        Suite::Selection { data, users } => evaluation::selection(space, data, users.as_deref(), progress)?,
        Suite::Authors { data } => evaluation::authors(space, data)?,
        Suite::Axes { data, group } => evaluation::axes(space, data, *group)?,
        Suite::Levels { data } => evaluation::levels(space, data)?,
    })
}

/// Adds a dated table of the report to a Markdown file.
///
/// # Errors
/// When the file cannot be read or written.
pub fn record(report: &Report, path: &Path) -> Result<(), AppError> {
    let mut text = std::fs::read_to_string(path).map_err(AppError::file(path))?;
    let date = jiff::Zoned::now().date();
    text += &format!(
        "\n### Evaluation: {} ({date}, style space {})\n\n{}\n\n{}",
        report.suite,
        report.space,
        report.about,
        report.table()
    );
    crate::paths::write_atomically(path, text.as_bytes()).map_err(AppError::file(path))
}
