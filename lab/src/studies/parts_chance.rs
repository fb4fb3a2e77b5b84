//! How often two random groups of one writer's texts are said to differ: what is marked there is chance.
//!
//! usage: `xpert-lab study parts-chance ../shared`
//!
//! Reads `eval/irc-pairs.jsonl` (four messages make one text) and `eval/emails` of that folder, and three styles of this project.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use rand::prelude::*;
use rand::rngs::StdRng;
use xpert::app::profile::{Part, differences};
use xpert::library::Library;
use xpert::style::{StyleSpace, profile};

use super::setup::{Fallible, repository};

/// Trials of each writer and number of texts.
const TRIALS: usize = 8;
const TEXTS: [usize; 5] = [8, 12, 16, 24, 40];
const CHAT_MESSAGES: usize = 4;

pub fn run(shared: &Path) -> Fallible<()> {
    let writers = writers(shared)?;
    let random = &mut StdRng::seed_from_u64(7);
    println!("texts  comparisons  axes marked  with any axis marked");
    for count in TEXTS {
        let (mut comparisons, mut axes, mut marked, mut any) = (0, 0, 0, 0);
        for texts in writers.iter().filter(|texts| texts.len() >= 2 * count) {
            for _ in 0..TRIALS {
                let mut lot: Vec<&String> = texts.iter().collect();
                lot.shuffle(random);
                let found = differences(&part(&lot[..count])?, &part(&lot[count..2 * count])?);
                let apart = found.iter().filter(|difference| difference.differs()).count();
                comparisons += usize::from(!found.is_empty());
                (axes, marked, any) = (axes + found.len(), marked + apart, any + usize::from(apart > 0));
            }
        }
        let share = |some: usize, all: usize| some as f64 / all.max(1) as f64;
        println!("{count:>5}  {comparisons:>11}  {:>11.3}  {:>20.2}", share(marked, axes), share(any, comparisons));
    }
    Ok(())
}

fn part(texts: &[&String]) -> Fallible<Part> {
    let measured = profile(StyleSpace::shipped()?, texts, &Library::shipped()?.base().measured)?;
    Ok(Part {
        label: String::new(),
        files: 1,
        texts: measured.texts,
        words: measured.words,
        missing_words: measured.missing_words,
        first: None,
        last: None,
        axes: measured.axes,
    })
}

/// The texts of each writer.
fn writers(shared: &Path) -> Fallible<Vec<Vec<String>>> {
    let mut writers = Vec::new();
    for name in ["david", "isabel", "marcus"] {
        let mails = lines(&shared.join(format!("eval/emails/{name}.jsonl")))?;
        writers.push(mails.iter().filter_map(|line| line["email"].as_str().map(str::to_owned)).collect());
    }
    for name in ["warm", "formal", "plain"] {
        let answers = lines(&repository("assets/styles").join(name).with_extension("jsonl"))?;
        writers.push(answers.iter().filter_map(|line| line["text"].as_str().map(str::to_owned)).collect());
    }
    let mut speakers: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for line in lines(&shared.join("eval/irc-pairs.jsonl"))? {
        if let (Some(author), Some(text)) = (line["author"].as_str(), line["response"].as_str()) {
            speakers.entry(author.to_owned()).or_default().push(text.to_owned());
        }
    }
    let joined = |texts: Vec<String>| texts.chunks(CHAT_MESSAGES).map(|some| some.join("\n")).collect();
    writers.extend(speakers.into_values().map(joined));
    Ok(writers)
}

fn lines(path: &Path) -> Fallible<Vec<serde_json::Value>> {
    let text = fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(text.lines().map(serde_json::from_str).collect::<Result<_, _>>()?)
}
