//! A model's responses to the probe prompts, kept in a file: cards are measured on what models actually write.

use std::fs;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::adapter::AdapterBuilder;
use super::corpus::read_lines;
use super::error::LibraryError;
use crate::engine::threads::Workers;
use crate::engine::{Adapter, SamplingParams, StopReason, generate_many};
use crate::platform::paths::write_atomically;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct ProbeAnswer {
    prompt: String,
    text: String,
}

/// Probes that a worker answers side by side: more read the weights more rarely, and keep more caches (18 MB each for 400 tokens
/// of SmolLM2-135M).
const BATCH: usize = 24;

/// How probe prompts are answered: long enough for answers to end by themselves, or the length axis would lie. Every prompt has a
/// seed of its own.
fn sampling(seed: u64) -> SamplingParams {
    SamplingParams { max_tokens: 400, seed, ..SamplingParams::default() }
}

impl AdapterBuilder<'_> {
    /// The answers to `probes`: read from the file where they are kept, generated where there is none.
    ///
    /// # Errors
    /// When generation fails or the file cannot be written; [`LibraryError::Cancelled`].
    pub fn answer(
        &self,
        adapter: Option<&Adapter>,
        probes: &[String],
        path: &Path,
        report: &mut dyn FnMut(&str),
    ) -> Result<Vec<String>, LibraryError> {
        if path.is_file() {
            return read_answers(path);
        }
        let requests: Vec<(&str, SamplingParams)> =
            probes.iter().map(String::as_str).zip((1..).map(sampling)).collect();
        let workers = Workers::new(self.threads).map_err(LibraryError::file(Path::new("threads")))?;
        // Every worker has a batch of its own, and rounds of batches keep no more caches than these.
        let mut answers = Vec::with_capacity(probes.len());
        for round in requests.chunks(BATCH * workers.count()) {
            let shares = round.chunks(round.len().div_ceil(workers.count())).collect();
            for answered in workers.run(shares, |share| generate_many(self.model, adapter, share, self.cancel)) {
                answers.extend(answered?);
            }
            self.cancel.check()?;
        }
        let mut lines = String::new();
        for (prompt, answer) in probes.iter().zip(&answers) {
            let answer = ProbeAnswer { prompt: prompt.clone(), text: answer.text.clone() };
            lines += &serde_json::to_string(&answer).map_err(|error| LibraryError::malformed(path, error))?;
            lines.push('\n');
        }
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(LibraryError::file(folder))?;
        }
        write_atomically(path, lines.as_bytes()).map_err(LibraryError::file(path))?;
        let words: usize = answers.iter().map(|answer| answer.text.split_whitespace().count()).sum();
        let ended = answers.iter().filter(|answer| answer.stop == StopReason::End).count();
        report(&format!("{words} words for {} probes, {ended} ended by themselves", probes.len()));
        Ok(answers.into_iter().map(|answer| answer.text).collect())
    }
}

/// The answers kept in a file.
///
/// # Errors
/// When it cannot be read or is malformed.
pub fn read_answers(path: &Path) -> Result<Vec<String>, LibraryError> {
    Ok(read_lines::<ProbeAnswer>(path)?.into_iter().map(|answer| answer.text).collect())
}
