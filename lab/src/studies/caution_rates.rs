//! How often texts of one author are taken for those of two, how often two are found, and how long that takes.
//!
//! usage: `xpert-lab study caution-rates ../shared`
//!
//! Reads `reference/*.jsonl`, `eval/irc-pairs.jsonl` and `eval/emails` of that folder and `assets/styles` of this
//! project. The halves of a mixture have the same number of words and follow each other, or are shuffled text by text.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Instant;

use rand::prelude::*;
use rand::rngs::StdRng;
use xpert::library::{Corpus, Use};
use xpert::style::StyleSpace;
use xpert::style::caution::{Caution, cautions};

use super::setup::{Fallible, repository};

type Authors = BTreeMap<String, Vec<String>>;

/// Trials of each row and kind.
const TRIALS: usize = 100;
const LENGTHS: [usize; 6] = [700, 1000, 1400, 2000, 3000, 6000];

pub fn run(shared: &Path) -> Fallible<()> {
    let genres = read_all(shared)?;
    let space = StyleSpace::shipped()?;
    whole(space, &genres);
    println!("{:>6} {:>10}  one writer  one after the other  shuffled", "words", "");
    for words in LENGTHS {
        for (name, authors) in &genres {
            let authors: Vec<&Vec<String>> = authors.values().collect();
            row(space, words, name, &[&authors]);
        }
        let all: Vec<Vec<&Vec<String>>> = genres.iter().map(|(_, authors)| authors.values().collect()).collect();
        row(space, words, "two genres", &all.iter().map(Vec::as_slice).collect::<Vec<_>>());
    }
    time(space, &genres);
    Ok(())
}

fn read_all(shared: &Path) -> Fallible<Vec<(&'static str, Authors)>> {
    let mut genres = Vec::new();
    for name in ["chat", "commits", "novels"] {
        let mut authors = Authors::new();
        read(&shared.join(format!("reference/{name}.jsonl")), "text", &mut authors)?;
        genres.push((name, authors));
    }
    let (mut chat, mut mail, mut styles) = (Authors::new(), Authors::new(), Authors::new());
    read(&shared.join("eval/irc-pairs.jsonl"), "response", &mut chat)?;
    for person in ["david", "isabel", "marcus"] {
        read(&shared.join(format!("eval/emails/{person}.jsonl")), "email", &mut mail)?;
    }
    // The answers that neither the reference nor the axes were made from.
    let corpus = Corpus::read(&repository("assets/styles"))?;
    for style in corpus.styles() {
        styles.insert(style.to_owned(), corpus.texts(style, Use::Models)?);
    }
    // Their prompts are sorted by kind: explanations first.
    styles.values_mut().for_each(|texts| texts.shuffle(&mut StdRng::seed_from_u64(3)));
    genres.extend([("irc", chat), ("mail", mail), ("styles", styles)]);
    Ok(genres)
}

fn read(path: &Path, field: &str, authors: &mut Authors) -> Fallible<()> {
    for line in std::fs::read_to_string(path)?.lines() {
        let record: serde_json::Value = serde_json::from_str(line)?;
        let author = record["author"].as_str().map_or_else(|| path.display().to_string(), String::from);
        authors.entry(author).or_default().push(record[field].as_str().unwrap_or_default().to_owned());
    }
    Ok(())
}

fn words(texts: &[String]) -> usize {
    texts.iter().map(|text| text.split_whitespace().count()).sum()
}

fn several(space: &StyleSpace, texts: &[String]) -> bool {
    cautions(space, texts).iter().any(|caution| matches!(caution, Caution::MultipleAuthors { .. }))
}

fn whole(space: &StyleSpace, genres: &[(&str, Authors)]) {
    for (name, authors) in genres {
        let enough: Vec<&Vec<String>> = authors.values().filter(|texts| words(texts) >= 600).collect();
        let (mut kinds, mut pairs) = (BTreeMap::new(), 0);
        for texts in &enough {
            for caution in cautions(space, texts) {
                let json = serde_json::to_value(&caution).unwrap_or_default();
                *kinds.entry(json["kind"].as_str().unwrap_or_default().to_owned()).or_insert(0) += 1;
                pairs += usize::from(matches!(caution, Caution::MultipleAuthors { .. }));
            }
        }
        println!(
            "{name}: {pairs} of {} writers with all their texts taken for two; all cautions {kinds:?}",
            enough.len()
        );
    }
}

/// Consecutive texts of about `wanted` words, from anywhere.
fn stretch(texts: &[String], wanted: usize, random: &mut StdRng) -> Vec<String> {
    let skipped = random.random_range(0..=words(texts).saturating_sub(wanted));
    let (mut passed, mut taken, mut stretch) = (0, 0, Vec::new());
    for text in texts {
        let tokens: Vec<&str> = text.split_inclusive(char::is_whitespace).collect();
        let count = text.split_whitespace().count();
        passed += count;
        if passed <= skipped {
            continue;
        }
        if taken >= wanted {
            break;
        }
        // A long text is cut, so that lengths are what they are called.
        let room = if count > wanted - taken + 50 { wanted - taken } else { tokens.len() };
        stretch.push(tokens[..room.min(tokens.len())].concat());
        taken += count;
    }
    stretch
}

/// Those of each group with at least `least` words.
fn enough<'a>(groups: &[&[&'a Vec<String>]], least: usize) -> Vec<Vec<&'a Vec<String>>> {
    let group = |group: &&[&'a Vec<String>]| group.iter().copied().filter(|texts| words(texts) >= least).collect();
    groups.iter().map(group).filter(|group: &Vec<_>| !group.is_empty()).collect()
}

/// Rates of one writer and of two; the two come from one group where there is one, else from different ones.
fn row(space: &StyleSpace, length: usize, name: &str, groups: &[&[&Vec<String>]]) {
    let mut random = StdRng::seed_from_u64(length as u64);
    let single = enough(groups, length).concat();
    let rate =
        |found: usize, of: usize| if of == 0 { "-".to_owned() } else { format!("{:.2}", found as f64 / of as f64) };
    let alone = if groups.len() == 1 && single.len() >= 3 { TRIALS } else { 0 };
    let alarms =
        (0..alone).filter(|at| several(space, &stretch(single[at % single.len()], length, &mut random))).count();
    let half = enough(groups, length / 2);
    let pairs = if half.len() > 1 || half.first().is_some_and(|group| group.len() >= 3) { TRIALS } else { 0 };
    let (mut in_order, mut shuffled) = (0, 0);
    for _ in 0..pairs {
        let pair: Vec<&Vec<String>> = match &half[..] {
            [group] => group.choose_multiple(&mut random, 2).copied().collect(),
            groups => {
                let two: Vec<_> = groups.choose_multiple(&mut random, 2).collect();
                two.iter().filter_map(|group| group.choose(&mut random).copied()).collect()
            }
        };
        let mut texts: Vec<String> = pair.iter().flat_map(|texts| stretch(texts, length / 2, &mut random)).collect();
        in_order += usize::from(several(space, &texts));
        texts.shuffle(&mut random);
        shuffled += usize::from(several(space, &texts));
    }
    println!(
        "{length:>6} {name:>10}  {:>10}  {:>19}  {:>8}",
        rate(alarms, alone),
        rate(in_order, pairs),
        rate(shuffled, pairs)
    );
}

fn time(space: &StyleSpace, genres: &[(&str, Authors)]) {
    let texts: Vec<&String> = genres.iter().rev().flat_map(|(_, authors)| authors.values().flatten()).collect();
    for count in [50, 500, 5000] {
        let some: Vec<&String> =
            texts.iter().copied().step_by((texts.len() / count).max(1)).cycle().take(count).collect();
        let begun = Instant::now();
        let found = cautions(space, &some).len();
        let words: usize = some.iter().map(|text| text.split_whitespace().count()).sum();
        println!("{count} texts, {words} words: {:.1} ms, {found} cautions", begun.elapsed().as_secs_f64() * 1e3);
    }
}
