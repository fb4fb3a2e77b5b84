//! What the files of a run hold, all of one model, also while models change places.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use same_file::Handle;

use super::record::FILE as RECORD;
use super::run::{Run, show};
use crate::app::context::Context;
use crate::app::error::AppError;
use crate::engine::adapter::{CONFIG_FILE, WEIGHTS_FILE};

/// Of which a run consists; the contents of one come in this order.
pub const FILES: [&str; 3] = [CONFIG_FILE, WEIGHTS_FILE, RECORD];

/// A run with its files' contents, all of the same model: a training that ends in between puts another in its place.
pub fn at_one_moment(context: &Context, number: u32) -> Result<(Run, [Vec<u8>; 3]), AppError> {
    let mut run = show(context, number)?;
    loop {
        let files = FILES.map(|name| run.folder.join(name));
        let [config, weights, record] = files.each_ref().map(|file| read(file));
        let opened = config.and_then(|config| Ok([config, weights?, record?]));
        let now = show(context, number)?;
        let is_still =
            |(file, opened): (&PathBuf, &(Handle, _))| Handle::from_path(file).is_ok_and(|now| now == opened.0);
        if now != run || opened.as_ref().is_ok_and(|opened| !files.iter().zip(opened).all(is_still)) {
            run = now;
            continue;
        }
        return Ok((run, opened?.map(|(_, contents)| contents)));
    }
}

/// A file's contents, with which file it is: another by the same name is another file.
fn read(file: &Path) -> Result<(Handle, Vec<u8>), AppError> {
    let mut contents = Vec::new();
    let handle = File::open(file).and_then(|mut opened| {
        opened.read_to_end(&mut contents)?;
        Handle::from_file(opened)
    });
    Ok((handle.map_err(AppError::file(file))?, contents))
}
