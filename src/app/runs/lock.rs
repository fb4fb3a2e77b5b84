//! Held while a training is running, or the user's models change places.

use std::fs::{File, TryLockError};
use std::path::PathBuf;

use crate::app::context::Context;
use crate::app::error::AppError;
use crate::platform::lock::Lock;
use crate::platform::paths::private_dir;

const FILE: &str = "lock";

/// Where a training works until it ends.
pub(in crate::app) fn run_folder(context: &Context) -> PathBuf {
    context.paths.personal().join("run")
}

/// Takes the lock.
///
/// # Errors
/// [`AppError::Busy`] when another program holds it; when its file cannot be made.
pub(in crate::app) fn lock(context: &Context) -> Result<Lock, AppError> {
    let folder = run_folder(context);
    private_dir(&context.paths.personal()).and_then(|()| private_dir(&folder)).map_err(AppError::file(&folder))?;
    let path = folder.join(FILE);
    let file = File::create(&path).map_err(AppError::file(&path))?;
    Lock::try_acquire(file).map_err(|error| match error {
        TryLockError::WouldBlock => AppError::Busy(folder),
        TryLockError::Error(source) => AppError::File { path, source },
    })
}
