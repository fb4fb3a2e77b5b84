//! What a model writes to the probe prompts, kept in a file: cards are measured on what models really write.

use std::fs;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::{Making, MakingError, io, malformed};
use crate::engine::threads::Workers;
use crate::engine::{Adapter, Drawing, Stop, generate};
use crate::paths::write_atomically;

/// One answer to a probe prompt.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct ProbeAnswer {
    prompt: String,
    text: String,
}

/// How probe prompts are answered: long enough for answers to end by themselves, or the length axis would lie. Every prompt has a
/// seed of its own.
fn drawing(seed: u64) -> Drawing {
    Drawing { max_tokens: 400, seed, ..Drawing::default() }
}

/// The answers to `probes`, from the file where they are kept or written now.
///
/// # Errors
/// When generation fails or the file cannot be written; [`MakingError::Cancelled`].
pub fn answer(
    making: &Making<'_>,
    adapter: Option<&Adapter>,
    probes: &[String],
    path: &Path,
    report: &mut dyn FnMut(&str),
) -> Result<Vec<String>, MakingError> {
    if path.is_file() {
        return read_answers(path);
    }
    let numbered: Vec<(u64, &String)> = (1..).zip(probes).collect();
    let workers = Workers::new(making.threads).map_err(io(Path::new("threads")))?;
    let shares: Vec<Vec<(u64, &String)>> = (0..workers.count().min(numbered.len()))
        .map(|worker| numbered.iter().skip(worker).step_by(workers.count()).copied().collect())
        .collect();
    let answered = workers.run(shares, |share| -> Result<Vec<_>, MakingError> {
        let mut answers = Vec::with_capacity(share.len());
        for (seed, prompt) in share {
            let answer = generate(making.model, adapter, prompt, &drawing(seed), making.cancel, &mut |_| {})?;
            if making.cancel.is_requested() {
                return Err(MakingError::Cancelled);
            }
            answers.push((seed, answer.stop, ProbeAnswer { prompt: prompt.clone(), text: answer.text }));
        }
        Ok(answers)
    });
    let mut answers = Vec::with_capacity(probes.len());
    for part in answered {
        answers.extend(part?);
    }
    answers.sort_by_key(|(seed, ..)| *seed);
    let mut lines = String::new();
    for (_, _, answer) in &answers {
        lines += &serde_json::to_string(answer).map_err(|error| malformed(path, error))?;
        lines.push('\n');
    }
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(io(folder))?;
    }
    write_atomically(path, lines.as_bytes()).map_err(io(path))?;
    let words: usize = answers.iter().map(|(.., answer)| answer.text.split_whitespace().count()).sum();
    let ended = answers.iter().filter(|(_, stop, _)| *stop == Stop::End).count();
    report(&format!("{words} words for {} probes, {ended} ended by themselves", probes.len()));
    Ok(answers.into_iter().map(|(.., answer)| answer.text).collect())
}

/// The answers kept in a file.
///
/// # Errors
/// When it cannot be read or is malformed.
pub fn read_answers(path: &Path) -> Result<Vec<String>, MakingError> {
    let answers = fs::read_to_string(path).map_err(io(path))?;
    let lines = answers.lines().map(serde_json::from_str::<ProbeAnswer>);
    lines.map(|line| line.map(|answer| answer.text).map_err(|error| malformed(path, error))).collect()
}
