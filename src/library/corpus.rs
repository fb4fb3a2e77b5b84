//! The parallel corpus in `assets/styles`: the same prompts answered in every style. Reads and checks it; knows no numbers.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::path::Path;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::error::LibraryError;

const PROMPTS: &str = "prompts.jsonl";

/// What a prompt's answers may be used for. Nothing is measured with what it was built from: axes are learned from one part,
/// the models that are measured on them are trained on the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Use {
    /// The reference's answers, and the axes.
    Axes,
    /// The models of the library, and the calibration of probabilities.
    Models,
}

#[derive(Clone, Debug, Deserialize)]
struct Prompt {
    #[serde(rename = "use")]
    purpose: Use,
    prompt: String,
}

/// A prompt and how one style answers it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Answer {
    pub prompt: String,
    pub text: String,
}

/// All styles' answers to all prompts.
#[derive(Clone, Debug)]
pub struct Corpus {
    uses: Vec<Use>,
    styles: BTreeMap<String, Vec<Answer>>,
}

impl Corpus {
    /// Reads `prompts.jsonl` and every other `STYLE.jsonl` beside it.
    ///
    /// # Errors
    /// [`LibraryError::File`], [`LibraryError::Malformed`] with the path, and the line, where a file cannot be read or a style does not answer the prompts in their order.
    pub fn read(folder: &Path) -> Result<Self, LibraryError> {
        let prompts: Vec<Prompt> = read_lines(&folder.join(PROMPTS))?;
        let mut styles = BTreeMap::new();
        for entry in fs::read_dir(folder).map_err(LibraryError::file(folder))? {
            let path = entry.map_err(LibraryError::file(folder))?.path();
            let Some(name) = path.file_stem().and_then(OsStr::to_str).map(str::to_owned) else { continue };
            if path.extension() != Some(OsStr::new("jsonl")) || path.file_name() == Some(OsStr::new(PROMPTS)) {
                continue;
            }
            let answers: Vec<Answer> = read_lines(&path)?;
            let differs = prompts.iter().zip(&answers).position(|(prompt, answer)| prompt.prompt != answer.prompt);
            if let Some(line) = differs.or((prompts.len() != answers.len()).then_some(prompts.len().min(answers.len())))
            {
                let why = format!("line {}: not the answer to this line's prompt in {PROMPTS}", line + 1);
                return Err(LibraryError::malformed(&path, why));
            }
            styles.insert(name, answers);
        }
        Ok(Self { uses: prompts.iter().map(|prompt| prompt.purpose).collect(), styles })
    }

    /// The names of the styles, in alphabetical order.
    pub fn styles(&self) -> impl Iterator<Item = &str> {
        self.styles.keys().map(String::as_str)
    }

    /// What a style answers to the prompts of one part, in the order of the prompts.
    ///
    /// # Errors
    /// [`LibraryError::NoStyle`] where there is no such style.
    pub fn answers(&self, style: &str, purpose: Use) -> Result<Vec<&Answer>, LibraryError> {
        let missing = || LibraryError::NoStyle(style.to_owned());
        let answers = self.styles.get(style).ok_or_else(missing)?;
        Ok(answers.iter().zip(&self.uses).filter(|(_, of)| **of == purpose).map(|(answer, _)| answer).collect())
    }

    /// The texts of [`answers`](Self::answers).
    ///
    /// # Errors
    /// [`LibraryError::NoStyle`] where there is no such style.
    pub fn texts(&self, style: &str, purpose: Use) -> Result<Vec<String>, LibraryError> {
        Ok(self.answers(style, purpose)?.into_iter().map(|answer| answer.text.clone()).collect())
    }
}

/// Reads a JSON-lines file; empty lines are skipped.
///
/// # Errors
/// [`LibraryError::File`], [`LibraryError::Malformed`] with the path and line.
pub fn read_lines<T: DeserializeOwned>(path: &Path) -> Result<Vec<T>, LibraryError> {
    let text = fs::read_to_string(path).map_err(LibraryError::file(path))?;
    let mut lines = Vec::new();
    for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let malformed = |error| LibraryError::malformed(path, format!("line {}: {error}", number + 1));
        lines.push(serde_json::from_str(line).map_err(malformed)?);
    }
    Ok(lines)
}
