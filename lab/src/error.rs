//! Everything the laboratory can fail with, and its exit code.

use std::path::PathBuf;

use xpert::app::AppError;
use xpert::library::LibraryError;

use crate::evaluation::error::EvaluationError;
use crate::learning::error::LearningError;

#[derive(Debug, thiserror::Error)]
pub enum LabError {
    #[error(transparent)]
    App(#[from] AppError),
    #[error(transparent)]
    Evaluation(#[from] EvaluationError),
    #[error(transparent)]
    Learning(#[from] LearningError),
    #[error("{0}")]
    Study(#[from] Box<dyn std::error::Error>),
    #[error("this suite reads one --data PATH")]
    OneFile,
    #[error("{path}: {source}", path = path.display())]
    File { path: PathBuf, source: std::io::Error },
}

impl LabError {
    /// As [`AppError::exit_code`].
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::App(error) => error.exit_code(),
            Self::Evaluation(EvaluationError::Library(LibraryError::Cancelled(_))) => 130,
            _ => 1,
        }
    }
}
