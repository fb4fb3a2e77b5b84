//! The demo's invented person: her writing, unpacked into a separate folder, so that the whole process can be shown
//! without touching the user's texts. Every step after that is an ordinary use case.

use std::fs;
use std::path::PathBuf;

use rust_embed::RustEmbed;
use serde::Deserialize;

use super::context::Context;
use super::error::AppError;
use crate::import::{FieldMap, ImportOptions, MapError};
use crate::platform::paths::private_dir;

#[derive(RustEmbed)]
#[folder = "assets/demo"]
struct Persona;

pub const NAME: &str = "Nell Ashdown";
pub const ABOUT: &str = "is a fictional person who runs a small community bicycle workshop";
const ADDRESS: &str = "nell@example.org";
const MAPPING: &str = "text=answer,context=question,date=date";

/// Default number of steps of the demo: enough to recognise the voice, few enough to wait for.
const STEPS: usize = 40;

/// What base and personalized model are both asked.
pub const PROMPTS: [&str; 2] = [
    "Write a message to a friend who is thinking of learning to ride a bicycle at fifty.",
    "How do I stop my brakes squeaking?",
];

/// A prepared demo.
#[derive(Clone, Debug)]
pub struct Demo {
    /// As the user's, but with the person's own data folder.
    pub context: Context,
    /// Her files.
    pub writing: PathBuf,
    /// How they are to be read.
    pub options: ImportOptions,
    /// How long the start is trained for.
    pub steps: usize,
}

/// A question to the person and her answer.
#[derive(Clone, Debug, Deserialize)]
pub struct Pair {
    pub question: String,
    pub answer: String,
}

/// Her answers to questions, as they are shipped.
///
/// # Errors
/// When the shipped file is malformed.
pub fn pairs() -> Result<Vec<Pair>, AppError> {
    const FILE: &str = "answers.jsonl";
    let file = Persona::get(FILE).ok_or("it is missing from the program").map_err(AppError::malformed(FILE))?;
    let text = std::str::from_utf8(&file.data).map_err(AppError::malformed(FILE))?;
    text.lines().map(|line| serde_json::from_str(line).map_err(AppError::malformed(FILE))).collect()
}

/// As [`open`], and forgets an earlier demo.
///
/// # Errors
/// When the folder cannot be written.
pub fn prepare(context: &Context, steps: Option<usize>) -> Result<Demo, AppError> {
    let home = home(context);
    AppError::if_there(&home, fs::remove_dir_all(&home))?;
    open(context, steps)
}

fn home(context: &Context) -> PathBuf {
    context.paths.data().join("demo")
}

/// Unpacks the person's writing below the data folder, which continues an earlier demo. Trains for [`STEPS`] unless another number
/// is given.
///
/// # Errors
/// When the folder cannot be written.
pub fn open(context: &Context, steps: Option<usize>) -> Result<Demo, AppError> {
    let home = home(context);
    private_dir(&home).map_err(AppError::file(&home))?;
    let writing = home.join("writing");
    for name in Persona::iter() {
        let path = writing.join(name.as_ref());
        let folder = path.parent().unwrap_or(&writing);
        private_dir(folder).map_err(AppError::file(folder))?;
        if let Some(file) = Persona::get(&name) {
            fs::write(&path, file.data).map_err(AppError::file(&path))?;
        }
    }
    let map: Result<FieldMap, MapError> = MAPPING.parse();
    let map = Some(map.map_err(AppError::malformed("assets/demo"))?);
    let options = ImportOptions { map, me: vec![ADDRESS.to_owned(), NAME.to_owned()], ..ImportOptions::default() };
    let context = Context { paths: context.paths.clone().with_data(home), ..context.clone() };
    Ok(Demo { context, writing, options, steps: steps.unwrap_or(STEPS) })
}
